package web

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/chart"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// chartsPrefix begins the addresses of charts: a page's name and a file follow.
const chartsPrefix = apiPrefix + "/charts/"

// The parameters of pages, which charts take from the query.
var pageParams = []string{"region", "indicator", "target"}

// apiChart gives one chart of a page, as the option that browsers draw or as SVG.
func (s *Server) apiChart(c echo.Context) error {
	q, m, err := s.catalogQuery(c, append(slices.Clone(pageParams), "method", paramAsOfPeriod)...)
	if err != nil {
		return err
	}
	definition := s.definition(param(c, "dashboard"))
	if definition == nil {
		return noDashboard(param(c, "dashboard"), s.config.Dashboards())
	}
	params := readPageParams(q, m, definition)
	if err := q.err(); err != nil {
		return err
	}
	ext := path.Ext(param(c, "file"))
	id := strings.TrimSuffix(param(c, "file"), ext)
	switch ext {
	case ".json", ".svg":
	case ".png":
		return &failure{kind: kindNotImplemented, code: "no_browser", text: indicator.T(
			"这台服务器没有用于生成 PNG 的浏览器。请改用 .svg，或用 .json 自行绘制。",
			"This server has no browser to draw PNG with. Use .svg, or draw the .json yourself.")}
	default:
		return notFound(indicator.T("图表的地址以 .json、.svg 或 .png 结尾。", "The address of a chart ends in .json, .svg or .png."))
	}
	if s.unchanged(c, m, s.todayIfCurrent(m), fmt.Sprintf("%+v", *definition)) {
		return c.NoContent(http.StatusNotModified)
	}
	params.Now, params.Outlooks = s.config.Now(), s.outlooks
	view, err := dashboard.Build(c.Request().Context(), m.snap, m.catalog, definition, params)
	var elsewhere *dashboard.NotShownError
	if errors.As(err, &elsewhere) {
		return notShown(elsewhere, apiPrefix)
	}
	if err != nil {
		return err
	}
	drawn := findChart(view, id)
	if drawn == nil {
		return noChart(id, view)
	}
	return s.sendChart(c, drawn, ext)
}

func (s *Server) sendChart(c echo.Context, drawn *dashboard.Chart, ext string) error {
	lang := addressOf(c).Lang
	if ext == ".json" {
		option, err := chart.Option(drawn, lang)
		if err != nil {
			return err
		}
		return c.JSONBlob(http.StatusOK, option)
	}
	svg, err := s.config.Charts.SVG(c.Request().Context(), drawn, lang)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "image/svg+xml", svg)
}

// readPageParams reads what the page has in its path, or asks for.
func readPageParams(q *apiQuery, m moment, d *dashboard.Definition) dashboard.Params {
	p := dashboard.Params{
		Region:     q.only("region", q.regions("region", m.catalog)),
		Indicator:  q.only("indicator", q.indicators(m.catalog)),
		Target:     q.only("target", q.targets("target", m.catalog)),
		Method:     q.choice("method", assess.MethodNames()...),
		AsOfPeriod: m.period,
	}
	values := map[string]string{"region": p.Region, "indicator": p.Indicator, "target": p.Target}
	for _, name := range d.Parameters {
		if values[name] == "" {
			q.fail(badParameter(name, indicator.T(
				"页面“"+d.Page+"”的图表要写明参数 "+name+"。", "The charts of the page “"+d.Page+"” need the parameter "+name+"."), nil))
		}
	}
	return p
}

// chartID is what a chart is called in an address: a panel's id or a track's.
func chartID(drawn *dashboard.Chart) string { return strings.TrimPrefix(drawn.ID, "chart-") }

// charts are those of a View, in its order.
func charts(view *dashboard.View) []*dashboard.Chart {
	var list []*dashboard.Chart
	add := func(f *dashboard.Figure) {
		if f != nil && f.Chart != nil {
			list = append(list, f.Chart)
		}
	}
	for i := range view.Panels {
		add(view.Panels[i].Figure)
		for n := range view.Panels[i].Tracks {
			add(view.Panels[i].Tracks[n].Figure)
		}
	}
	return list
}

// findChart finds a chart by its id, or the first one of a panel; nil: there is none.
func findChart(view *dashboard.View, id string) *dashboard.Chart {
	for _, drawn := range charts(view) {
		if chartID(drawn) == id {
			return drawn
		}
	}
	for _, p := range view.Panels {
		if p.ID == id {
			if first := charts(&dashboard.View{Panels: []dashboard.Panel{p}}); len(first) > 0 {
				return first[0]
			}
		}
	}
	return nil
}

func noDashboard(name string, known []dashboard.Definition) *failure {
	var names []string
	for _, d := range known {
		names = append(names, d.Page)
	}
	return notFound(indicator.T("没有页面“"+name+"”。可用："+strings.Join(names, "、")+"。",
		"There is no page “"+name+"”. Use "+strings.Join(names, ", ")+"."))
}

// noChart names the charts that the page has.
func noChart(id string, view *dashboard.View) *failure {
	var ids []string
	for _, drawn := range charts(view) {
		ids = append(ids, chartID(drawn))
	}
	if len(ids) == 0 {
		return notFound(indicator.T("这个页面目前没有图表：没有可画的数据。", "This page has no chart at present: there is nothing to draw."))
	}
	return notFound(indicator.T("这个页面没有图表“"+id+"”。可用："+strings.Join(ids, "、")+"。",
		"This page has no chart “"+id+"”. Use "+strings.Join(ids, ", ")+"."))
}

// shown is the page that a presenter writes for; without a name its charts have no
// address of their own.
type shown struct {
	page   string
	params dashboard.Params
}

// still is the address of a chart as a picture, for browsers without scripts.
func (p presenter) still(drawn *dashboard.Chart) string {
	if p.shown.page == "" {
		return ""
	}
	return p.address.link(chartsPrefix+p.shown.page+"/"+chartID(drawn)+".svg", "region", p.shown.params.Region,
		"indicator", p.shown.params.Indicator, "target", p.shown.params.Target, "method", p.shown.params.Method)
}
