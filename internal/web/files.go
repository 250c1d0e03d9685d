package web

import (
	"io"
	"net/url"
	"slices"

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
func (p presenter) fileGroups(page string, params dashboard.Params, view *dashboard.View) []fileGroup {
	switch page {
	case "indicator":
		return []fileGroup{p.readingFiles("indicator", params.Indicator), p.forecastFiles("indicator", params.Indicator), p.templateFiles(params.Indicator)}
	case "region":
		return []fileGroup{p.readingFiles("region", params.Region), p.verdictFiles("/assessments", "region", params.Region),
			p.forecastFiles("region", params.Region), p.bundleFile()}
	case "target":
		return p.targetFiles(view)
	}
	return nil
}

// targetFiles are those of the one track on the page of a target.
func (p presenter) targetFiles(view *dashboard.View) []fileGroup {
	var groups []fileGroup
	for _, panel := range view.Panels {
		for _, t := range panel.Tracks {
			verdict := p.verdictFiles("/targets/"+url.PathEscape(t.Target)+"/assessment", "region", t.Region)
			verdict.Note = p.say(indicator.T("本页的每一个数字都在 JSON 中；CSV 每种方法一行。",
				"Every number on this page is in the JSON; the CSV has a line for each method."))
			groups = append(groups, verdict)
			if t.Indicator != "" {
				what := []string{"indicator", t.Indicator, "region", t.Region}
				groups = append(groups, p.readingFiles(what...), p.vintageFiles(what...), p.forecastFiles(what...))
			}
			if t.Figure != nil {
				groups = append(groups, fileGroup{Title: p.say(indicator.T("图表数据", "Figures of the chart")),
					Files: []crumbView{{"CSV", p.tableFile(t.Figure.Table.ID)}}})
			}
		}
	}
	return append(groups, p.bundleFile())
}

// file is a link into the API; pairs are name, value, name, value ….
func (p presenter) file(name, path string, what []string, pairs ...string) crumbView {
	return crumbView{name, p.address.link(apiPrefix+path, slices.Concat(what, pairs)...)}
}

func (p presenter) readingFiles(what ...string) fileGroup {
	return fileGroup{
		Title: p.say(indicator.T("数据", "Figures")),
		Note: p.say(indicator.T("xlsx 附来源、版本时点和数据状态的说明；SDMX-CSV 供其他统计系统读取。",
			"The xlsx says where the figures come from, as of when, and what their statuses mean; SDMX-CSV is for other statistical systems.")),
		Files: []crumbView{p.file("xlsx", "/readings", what, "format", formatXLSX),
			p.file("CSV", "/readings", what, "format", formatCSV, "bom", "true"),
			p.file("SDMX-CSV", "/readings", what, "format", formatSDMX, "labels", string(export.LabelsName))},
	}
}

func (p presenter) vintageFiles(what ...string) fileGroup {
	what = append(what, "vintages", "all")
	return fileGroup{
		Title: p.say(indicator.T("数据版本", "Vintages")),
		Note: p.say(indicator.T("每个数据的全部版本，含报送批次和公布时间。",
			"Every vintage of each figure, with its upload and when it was released.")),
		Files: []crumbView{p.file("xlsx", "/readings", what, "format", formatXLSX),
			p.file("CSV", "/readings", what, "format", formatCSV, "bom", "true"), p.file("JSON", "/readings", what)},
	}
}

func (p presenter) verdictFiles(path string, what ...string) fileGroup {
	return fileGroup{Title: p.say(indicator.T("监测评估", "Assessment")),
		Files: []crumbView{p.file("JSON", path, what), p.file("CSV", path, what, "format", formatCSV, "bom", "true")}}
}

func (p presenter) forecastFiles(what ...string) fileGroup {
	return fileGroup{Title: p.say(indicator.T("预测", "Forecasts")),
		Files: []crumbView{p.file("JSON", "/forecasts", what), p.file("CSV", "/forecasts", what, "format", formatCSV, "bom", "true")}}
}

func (p presenter) bundleFile() fileGroup {
	return fileGroup{
		Title: p.say(indicator.T("全部数据与评估", "Everything")),
		Note: p.say(indicator.T("含各版本数据、目标、评估结果，以及可独立复算全部评估的 Python 和 R 程序。",
			"All vintages, targets and assessments, with Python and R scripts that find every verdict again.")),
		Files: []crumbView{p.file("zip", "/bundle.zip", nil)},
	}
}

func (p presenter) templateFiles(code string) fileGroup {
	base := "/indicators/" + url.PathEscape(code) + "/template"
	return fileGroup{
		Title: p.say(indicator.T("填报模板", "Template")),
		Note: p.say(indicator.T("列好地区和待报的报告期，填入数值即可报送。",
			"Regions and the periods due are in it: fill in the values and upload it.")),
		Files: []crumbView{{"xlsx", p.address.link(base + ".xlsx")}, {"CSV", p.address.link(base + ".csv")}},
	}
}
