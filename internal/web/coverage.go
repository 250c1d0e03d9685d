package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// everyLevel is the choice of all levels of region at once.
const everyLevel = "all"

// coverageParams are the parameters by which coverage is selected.
var coverageParams = []string{"indicator", "region", "level", "freq", "period", "periods"}

// coverageQuery reads them.
func coverageQuery(q *apiQuery, m moment) upload.CoverageQuery {
	asked := upload.CoverageQuery{Snapshot: m.snap, Catalog: m.catalog,
		Indicators: q.indicators(m.catalog), Regions: q.regions("region", m.catalog),
		Freq: indicator.Freq(q.choice("freq", frequencies(m.catalog)...)), Period: q.period("period"), Periods: q.periods()}
	level := q.choice("level", everyLevel, string(indicator.Country), string(indicator.Province), string(indicator.City), string(indicator.County))
	if level != everyLevel {
		asked.Level = indicator.Level(level)
	}
	return asked
}

// periods is how many periods are wanted, 0: as many as usual.
func (q *apiQuery) periods() int {
	const most = 30
	value := q.one("periods")
	if value == "" {
		return 0
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		q.fail(badParameter("periods", indicator.T(
			"参数 periods 应为 1 至 30 的整数，收到的是“"+value+"”。",
			"The parameter periods must be a whole number from 1 to 30; got “"+value+"”."), err))
	}
	return n
}

// frequencies are those of the catalogue's indicators, the yearly one first.
func frequencies(catalog *indicator.Catalog) []string {
	list := []string{string(indicator.Annual)}
	for i := range catalog.Indicators {
		for _, f := range catalog.Indicators[i].Frequencies {
			if !slices.Contains(list, string(f)) {
				list = append(list, string(f))
			}
		}
	}
	return list
}

// coverageOf is what a page or a file of coverage is about: provinces, unless the
// address says otherwise. A form sends its empty fields too.
func (s *Server) coverageOf(c echo.Context) (upload.CoverageQuery, upload.Coverage, moment, error) {
	m, err := s.momentOf(c)
	if err != nil {
		return upload.CoverageQuery{}, upload.Coverage{}, m, err
	}
	given := url.Values{}
	for name, values := range c.QueryParams() {
		if values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" }); len(values) > 0 {
			given[name] = values
		}
	}
	q := &apiQuery{values: given}
	asked := coverageQuery(q, m)
	q.only("indicator", asked.Indicators)
	q.only("region", asked.Regions)
	if err := q.err(); err != nil {
		return asked, upload.Coverage{}, m, err
	}
	if given.Get("level") == "" && len(asked.Regions) == 0 {
		asked.Level = indicator.Province
	}
	if len(asked.Regions) > 0 {
		asked.Level = ""
	}
	found, err := s.coverage.Coverage(c.Request().Context(), userOf(c), asked)
	return asked, found, m, err
}

func (s *Server) coveragePage(c echo.Context) error {
	asked, found, m, err := s.coverageOf(c)
	if err != nil {
		return err
	}
	p := s.furniture(c, indicator.T("报送情况", "Coverage"))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("报送", "Uploads"), "/uploads")
	p.crumb(indicator.T("报送情况", "Coverage"), "")
	p.Ledger, p.Hash = int64(m.snap.Version()), m.catalog.Hash()
	p.Notices = staleNotices(m.stale, m.snap.Version(), m.catalog, p.Lang)
	for _, damage := range found.Damages {
		p.Notices = append(p.Notices, noticeView{"damage", damage.Text().In(p.Lang)})
	}
	v := coverageView{Coverage: found, asked: asked, catalog: m.catalog, address: p.address, history: m.snap.AsOf().IsZero()}
	p.Lead = v.lead().In(p.Lang)
	p.Body = v.body(c)
	p.Scripts, p.Styles = []string{"tables.js"}, []string{"coverage.css"}
	return s.render(c, http.StatusOK, "coverage", p)
}

// coverageFile is what to ask for, as a workbook.
func (s *Server) coverageFile(c echo.Context) error {
	asked, found, m, err := s.coverageOf(c)
	if err != nil {
		return err
	}
	lang := addressOf(c).Lang
	v := coverageView{Coverage: found, asked: asked, catalog: m.catalog, address: addressOf(c)}
	o := export.AskOptions{Lang: lang, Day: found.Today, Version: int64(m.snap.Version()), Selection: v.selection().In(lang)}
	var asks []export.Ask
	for _, cell := range found.ToAsk() {
		ask := export.Ask{Indicator: m.catalog.Indicator(cell.Indicator), Region: m.catalog.Region(cell.Region),
			Period: cell.Period, Due: cell.Due, Days: cell.Days}
		if last, ok := found.LastValue(cell); ok {
			ask.LastPeriod, ask.LastValue = last.Period, &last.Value
		}
		asks = append(asks, ask)
	}
	setFileName(c, "coverage-"+date(found.Today)+".xlsx")
	return s.stream(c, mimeXLSX, func(w io.Writer) error { return export.WriteAsks(w, asks, o) })
}
