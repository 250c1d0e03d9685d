package web

import (
	"io"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

func (s *Server) templateCSV(c echo.Context) error {
	return s.sendTemplate(c, ".csv", mimeCSV, export.Template.WriteCSV)
}

func (s *Server) templateXLSX(c echo.Context) error {
	return s.sendTemplate(c, ".xlsx", mimeXLSX, export.Template.WriteXLSX)
}

// sendTemplate sends the form for the readings of an indicator that come next.
func (s *Server) sendTemplate(c echo.Context, ext, kind string, write func(export.Template, io.Writer) error) error {
	m, err := s.momentOf(c)
	if err != nil {
		return err
	}
	code := param(c, "code")
	i := m.catalog.Indicator(code)
	if i == nil {
		return s.unknown(&dashboard.UnknownError{Parameter: "indicator", Value: code}, m.catalog)
	}
	regions := s.ownRegions(userOf(c), export.TemplateRegions(m.catalog, i))
	periods, err := export.PeriodsDue(c.Request().Context(), m.snap, i, regions, s.config.Now())
	if err != nil {
		return err
	}
	setFileName(c, "template-"+i.Code+ext)
	template := export.Template{Indicator: i, Regions: regions, Periods: periods, Lang: addressOf(c).Lang}
	return s.stream(c, kind, func(w io.Writer) error { return write(template, w) })
}

// ownRegions are those of the user, or all where none of them is.
func (s *Server) ownRegions(user account.User, all []*indicator.Region) []*indicator.Region {
	var own []*indicator.Region
	for _, r := range all {
		if s.rules().Covers(user, []string{r.Code}) {
			own = append(own, r)
		}
	}
	if len(own) == 0 {
		return all
	}
	return own
}

// fileGroup is files to download, of one kind.
type fileGroup struct {
	Title, Note string
	Files       []crumbView
}

// fileGroups are the files that belong to a page.
func (p presenter) fileGroups(page string, params dashboard.Params) []fileGroup {
	var what []string
	switch page {
	case "indicator":
		what = []string{"indicator", params.Indicator}
	case "region":
		what = []string{"region", params.Region}
	default:
		return nil
	}
	data := func(name string, extra ...string) crumbView {
		return crumbView{name, p.address.link(apiPrefix+"/readings", append(append([]string{}, what...), extra...)...)}
	}
	groups := []fileGroup{{
		Title: p.say(indicator.T("数据", "Figures")),
		Note: p.say(indicator.T("xlsx 附来源、版本时点和数据状态的说明；SDMX-CSV 供其他统计系统读取。",
			"The xlsx says where the figures come from, as of when, and what their statuses mean; SDMX-CSV is for other statistical systems.")),
		Files: []crumbView{data("xlsx", "format", formatXLSX), data("CSV", "format", formatCSV, "bom", "true"),
			data("SDMX-CSV", "format", formatSDMX, "labels", string(export.LabelsName))},
	}}
	forecasts := func(name string, extra ...string) crumbView {
		return crumbView{name, p.address.link(apiPrefix+"/forecasts", append(append([]string{}, what...), extra...)...)}
	}
	groups = append(groups, fileGroup{
		Title: p.say(indicator.T("预测", "Forecasts")),
		Note:  p.say(indicator.T("逐年预测值和95%区间；JSON 附历次预测的回测。", "Year by year with 95% intervals; the JSON has the backtest, too.")),
		Files: []crumbView{forecasts("CSV", "format", formatCSV, "bom", "true"), forecasts("JSON", "backtest", "true")},
	})
	if page == "indicator" {
		base := "/indicators/" + url.PathEscape(params.Indicator) + "/template"
		groups = append(groups, fileGroup{
			Title: p.say(indicator.T("填报模板", "Template")),
			Note: p.say(indicator.T("列好地区和待报的报告期，填入数值即可报送。",
				"Regions and the periods due are in it: fill in the values and upload it.")),
			Files: []crumbView{{"xlsx", p.address.link(base + ".xlsx")}, {"CSV", p.address.link(base + ".csv")}},
		})
	}
	return groups
}
