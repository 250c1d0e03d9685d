package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assets"
	"github.com/dabiao/dabiao/internal/chart"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/warning"
)

// shapes are the pages with an address of their own; all others are found under
// /pages by their name.
var shapes = map[string]string{
	"overview": "/", "region": "/regions/:code", "indicator": "/indicators/:code",
	"targets": "/targets", "target": "/targets/:id",
}

// moment is the readings and the catalogue that a request is about.
type moment struct {
	snap    *snapshot.Snapshot
	catalog *indicator.Catalog
	period  indicator.Period
	stale   []snapshot.Trouble // why the readings may not be the newest
}

// momentOf finds what was visible at the as of, version and catalogue that the
// address names.
func (s *Server) momentOf(c echo.Context) (moment, error) {
	a, ctx := addressOf(c), c.Request().Context()
	asOf, err := indicator.ParseAsOf(a.AsOf)
	if err != nil {
		return moment{}, err
	}
	version, err := ledger.ParseVersion(a.Version)
	if err != nil {
		return moment{}, err
	}
	var m moment
	if a.AsOfPeriod != "" {
		if m.period, err = indicator.ParsePeriod(a.AsOfPeriod); err != nil {
			return moment{}, err
		}
	}
	if m.snap, m.stale, err = s.config.Snapshots.Served(ctx, asOf, version); err != nil {
		return moment{}, err
	}
	markStale(c, m.stale)
	m.catalog, err = s.catalogOf(c, a)
	return m, err
}

// catalogOf is the catalogue that the address names, else that of the as of,
// else the current one.
func (s *Server) catalogOf(c echo.Context, a address) (*indicator.Catalog, error) {
	current, ctx := s.config.Catalog(), c.Request().Context()
	asOf, err := indicator.ParseAsOf(a.AsOf)
	switch {
	case err != nil:
		return nil, err
	case a.Catalogue == current.Hash(), a.Catalogue == "" && asOf.IsZero():
		return current, nil
	case s.config.Catalogues == nil && a.Catalogue == "":
		return current, nil
	case a.Catalogue == "":
		return s.config.Catalogues.At(ctx, asOf)
	}
	if s.config.Catalogues != nil {
		if kept, ok, err := s.config.Catalogues.ByHash(ctx, a.Catalogue); err != nil || ok {
			return kept, err
		}
	}
	return nil, notFound(indicator.T(
		"没有编号为“"+a.Catalogue+"”的目录版本。去掉地址中的 catalogue 可查看现行目录。",
		"There is no catalogue “"+a.Catalogue+"”. Leave catalogue out of the address to see the current one."))
}

func (s *Server) overviewPage(c echo.Context) error {
	return s.viewPage(c, "overview", dashboard.Params{Indicator: c.QueryParam("indicator")})
}

func (s *Server) regionPage(c echo.Context) error {
	return s.viewPage(c, "region", dashboard.Params{Region: param(c, "code")})
}

func (s *Server) indicatorPage(c echo.Context) error {
	return s.viewPage(c, "indicator", dashboard.Params{Indicator: param(c, "code")})
}

func (s *Server) targetsPage(c echo.Context) error {
	return s.viewPage(c, "targets", dashboard.Params{Filters: dashboard.Filters{
		Document: c.QueryParam("document"), Region: c.QueryParam("region"), Topic: c.QueryParam("topic"),
		Kind: c.QueryParam("kind"), Binding: c.QueryParam("binding"), Lead: c.QueryParam("lead"),
	}})
}

func (s *Server) targetPage(c echo.Context) error {
	return s.viewPage(c, "target", dashboard.Params{Target: param(c, "id"), Region: strings.TrimSpace(c.QueryParam("region"))})
}

// ownPage is a page that the operator defined: its parameters follow its name.
func (s *Server) ownPage(c echo.Context) error {
	name := param(c, "page")
	values := strings.Split(strings.Trim(param(c, "*"), "/"), "/")
	definition := s.definition(name)
	if _, known := shapes[name]; known || definition == nil || len(definition.Parameters) != len(values) &&
		(len(definition.Parameters) > 0 || values[0] != "") {
		return echo.ErrNotFound
	}
	params := dashboard.Params{Indicator: c.QueryParam("indicator")}
	for i, parameter := range definition.Parameters {
		switch parameter {
		case "region":
			params.Region = values[i]
		case "indicator":
			params.Indicator = values[i]
		case "target":
			params.Target = values[i]
		}
	}
	return s.viewPage(c, name, params)
}

// param is a part of the path as it was meant.
func param(c echo.Context, name string) string {
	raw := c.Param(name)
	if plain, err := url.PathUnescape(raw); err == nil {
		return plain
	}
	return raw
}

func (s *Server) definition(name string) *dashboard.Definition {
	for _, d := range s.config.Dashboards() {
		if d.Page == name {
			return &d
		}
	}
	return nil
}

// viewBody is what the template of a View prints.
type viewBody struct {
	Warnings *warningBlock // nil: none, or not a page that shows them
	Panels   []panelView
	Files    []fileGroup
}

// viewPage builds the View and prints it.
func (s *Server) viewPage(c echo.Context, name string, params dashboard.Params) error {
	definition := s.definition(name)
	if definition == nil {
		return echo.ErrNotFound
	}
	m, err := s.momentOf(c)
	if err != nil {
		return err
	}
	params.AsOfPeriod, params.Now, params.Method, params.Outlooks = m.period, s.config.Now(), c.QueryParam("method"), s.outlooks
	if name == "target" {
		if params.Compare, err = s.earlier(c, m); err != nil {
			return err
		}
	}
	view, err := dashboard.Build(c.Request().Context(), m.snap, m.catalog, definition, params)
	if err != nil {
		return s.unknown(err, m.catalog)
	}
	present := s.presenter(c)
	present.shown = shown{name, params}
	return s.showView(c, m, view, present, present.fileGroups(name, params, view), s.warningsAbout(c, m, name, params))
}

// showView prints a View with the files and the warnings that belong to it, or
// sends the one table that is asked for.
func (s *Server) showView(c echo.Context, m moment, view *dashboard.View, present presenter, files []fileGroup, about []warning.Warning) error {
	if id := c.QueryParam(paramTable); id != "" {
		return s.sendTable(c, view, id)
	}
	p := s.furniture(c, view.Title)
	p.Lead, p.Crumbs, p.Ledger, p.Hash = present.say(view.Lead), present.crumbs(view.Breadcrumb), view.Version, view.Catalogue
	p.Notices = staleNotices(m.stale, m.snap.Version(), m.catalog, p.Lang)
	for _, n := range view.Notices {
		p.Notices = append(p.Notices, noticeView{string(n.Code), present.say(n.Text)})
	}
	body := viewBody{Files: files, Warnings: newWarningBlock(about, m.catalog, p)}
	p.Scripts = []string{"tables.js"}
	for _, d := range view.Panels {
		panel, err := present.panel(d)
		if err != nil {
			return err
		}
		body.Panels = append(body.Panels, panel)
		if panel.hasChart() && p.Dark == nil {
			p.Scripts, p.Dark = append(p.Scripts, assets.ECharts, "charts.js"), chart.Dark()
		}
	}
	p.Body = body
	return s.render(c, http.StatusOK, "view", p)
}

func (v panelView) hasChart() bool {
	if v.Figure != nil && v.Figure.Option != nil {
		return true
	}
	for _, t := range v.Tracks {
		if t.Figure != nil && t.Figure.Option != nil {
			return true
		}
	}
	return false
}

// unknown turns a parameter that the catalogue does not know into a page that
// names the nearest ones it does.
func (s *Server) unknown(err error, catalog *indicator.Catalog) error {
	var n *dashboard.NotShownError
	if errors.As(err, &n) {
		return notShown(n, "")
	}
	var u *dashboard.UnknownError
	if !errors.As(err, &u) {
		return err
	}
	const most = 5
	var near []suggestion
	switch u.Parameter {
	case "region":
		for _, r := range catalog.NearestRegions(u.Value, most) {
			near = append(near, suggestion{r.Name, "/regions/" + r.Code})
		}
		return notFound(indicator.T("没有地区“"+u.Value+"”。地区代码为六位数字，如福建省 350000。",
			"There is no region “"+u.Value+"”. Region codes have six digits, Fujian is 350000."), near...)
	case "indicator":
		for _, i := range catalog.NearestIndicators(u.Value, most) {
			near = append(near, suggestion{i.Name, "/indicators/" + i.Code})
		}
		return notFound(indicator.T("没有指标“"+u.Value+"”。", "There is no indicator “"+u.Value+"”."), near...)
	}
	return notFound(indicator.T("没有目标“"+u.Value+"”。全部目标见“目标”页。",
		"There is no target “"+u.Value+"”. All targets are on the targets page."),
		suggestion{indicator.T("目标", "Targets"), "/targets"})
}

// notShown leads to the target and to the region, which both exist; prefix is
// that of the API or empty.
func notShown(n *dashboard.NotShownError, prefix string) *failure {
	return notFound(indicator.T("这项目标不适用于"+n.Region.Short.ZH+"，也不作为"+n.Region.Short.ZH+"的参考。",
		"This target is neither one of "+n.Region.Short.EN+" nor a reference for it."),
		suggestion{n.Target.Statement, prefix + "/targets/" + url.PathEscape(n.Target.ID)},
		suggestion{n.Region.Short, prefix + "/regions/" + n.Region.Code})
}

// errorBody is what the error page prints.
type errorBody struct {
	Status      int
	Title, Text string
	Suggestions []crumbView
	Problems    []problemView
	Request     string
}

type problemView struct{ Cell, Severity, SeverityName, Message string }

func (s *Server) errorPage(c echo.Context, f *failure, status int) error {
	title := kinds[f.kind].title
	p := s.furniture(c, title)
	body := errorBody{Status: status, Title: title.In(p.Lang), Text: f.text.In(p.Lang), Request: requestID(c)}
	for _, near := range f.suggestions {
		body.Suggestions = append(body.Suggestions, crumbView{near.Name.In(p.Lang), p.link(near.Path)})
	}
	for _, problem := range f.problems {
		body.Problems = append(body.Problems, problemView{problem.Cell, string(problem.Severity),
			problem.Severity.Name().In(p.Lang), onPage(problem.Message, p.Lang)})
	}
	p.Body = body
	return s.render(c, status, "error", p)
}
