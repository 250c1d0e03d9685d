package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// coverageBody is what the page of coverage prints: its three lists, or one matrix.
type coverageBody struct {
	Filters    []filterView
	Kept       []pair
	Clear      string
	Indicators []coverageRow
	Regions    []coverageRow
	Alike      string        // that the regions do not differ, instead of a table of them
	Undated    []coverageRow // indicators without a calendar
	Asks       []askView
	File       string // of all that is to be asked for; empty: nothing is
	Matrix     *coverageMatrix
	Legend     []coverView
	Drafts     bool // the reader sees open uploads
	Empty      bool // nothing selected is to be collected
	Dated      bool // the calendar has a day for something that is selected
}

// coverageRow is an indicator or a region with its counts.
type coverageRow struct {
	Rank                            int
	Name, Link, Period, Due         string
	Latest                          string // the last period that any region has published
	Cells, Published                int    // of the last period, for indicators
	Rate, RateSort                  string
	Late, Overdue, InReview, OnTime int
	Calendar                        bool
	rate                            float64
	dated                           bool // something was due
}

// askView is what is overdue of an indicator for a period.
type askView struct {
	Indicator, IndicatorLink, Period, Due string
	Days                                  int
	Regions                               string
	N                                     int
}

// coverageMatrix is regions or indicators down, periods or indicators across.
type coverageMatrix struct {
	Title   string
	Head    string
	Columns []coverageColumn
	Rows    []coverageLine
}

type coverageColumn struct{ Name, Sub, Link string }

type coverageLine struct {
	Name, Link     string
	Cells          []coverView
	Rate, RateSort string
}

// coverView is how one reading stands: sign, word and colour.
type coverView struct {
	State, Symbol, Word, Note, Link, Title string
	Sort                                   int
	None                                   bool // nothing to collect there
}

var coverageSymbols = map[upload.CoverageState]string{
	upload.OnTime: "●", upload.Late: "◐", upload.Undated: "●", upload.InReview: "▷", upload.InDraft: "▹",
	upload.NotDue: "◦", upload.Overdue: "!", upload.Uncollected: "—", upload.NoCalendar: "·",
}

// coverageView turns coverage into what the page prints.
type coverageView struct {
	upload.Coverage
	asked   upload.CoverageQuery
	catalog *indicator.Catalog
	address address
	history bool // open uploads may be linked to
}

func (v coverageView) say(t indicator.Text) string { return t.In(v.address.Lang) }

// here is the page with other choices; the level goes along.
func (v coverageView) here(extra ...string) string {
	level := string(v.asked.Level)
	if level == string(indicator.Province) || len(v.asked.Regions) > 0 {
		level = ""
	} else if level == "" {
		level = everyLevel
	}
	freq := string(v.asked.Freq)
	return v.address.link("/uploads/coverage", append([]string{"level", level, "freq", freq}, extra...)...)
}

func (v coverageView) body(c echo.Context) *coverageBody {
	b := &coverageBody{Filters: v.filters(), Kept: keptFields(c.QueryParams(), coverageParams...),
		Clear: v.address.link("/uploads/coverage"), Empty: len(v.Cells) == 0}
	all := v.Tally(nil)
	b.Drafts = all.States[upload.InReview]+all.States[upload.InDraft] > 0
	for _, cell := range v.Cells {
		b.Dated = b.Dated || !cell.Due.IsZero()
	}
	present := map[upload.CoverageState]bool{}
	for state := range all.States {
		present[state] = true
	}
	for _, state := range upload.CoverageStates {
		if present[state] {
			b.Legend = append(b.Legend, coverView{State: string(state), Symbol: coverageSymbols[state], Word: v.say(state.Name())})
		}
	}
	asks := v.ToAsk()
	if len(asks) > 0 {
		b.File = (&url.URL{Path: "/uploads/coverage.xlsx", RawQuery: c.QueryParams().Encode()}).String()
	}
	if b.Empty {
		return b
	}
	if len(v.asked.Indicators) > 0 || len(v.asked.Regions) > 0 || !v.asked.Period.IsZero() {
		b.Matrix = v.matrix()
		return b
	}
	b.Indicators, b.Regions = v.indicatorRows(), v.regionRows()
	b.Alike = v.alike(b.Regions)
	dated := slices.IndexFunc(b.Indicators, func(r coverageRow) bool { return !r.Calendar })
	if dated >= 0 {
		b.Indicators, b.Undated = b.Indicators[:dated], b.Indicators[dated:]
	}
	b.Asks = v.asks(asks)
	return b
}

func (v coverageView) rate(t upload.CoverageTally) (text, sort string) {
	rate, ok := t.Rate()
	if !ok {
		return "—", ""
	}
	return indicator.FormatNumber(rate, 1) + "%", fmt.Sprintf("%.3f", rate)
}

func (v coverageView) row(name indicator.Text, link string, t upload.CoverageTally) coverageRow {
	r := coverageRow{Name: v.say(name), Link: link, Late: t.States[upload.Late], Overdue: t.States[upload.Overdue],
		InReview: t.States[upload.InReview] + t.States[upload.InDraft], OnTime: t.States[upload.OnTime]}
	r.Rate, r.RateSort = v.rate(t)
	r.rate, r.dated = t.Rate()
	return r
}

// indicatorRows are those with a calendar first, and of these the ones most overdue.
func (v coverageView) indicatorRows() []coverageRow {
	last := v.Periods[len(v.Periods)-1]
	var rows []coverageRow
	for _, ind := range v.Indicators {
		r := v.row(ind.Name, v.here("indicator", ind.Code), v.Tally(func(c upload.CoverageCell) bool { return c.Indicator == ind.Code }))
		newest := v.Tally(func(c upload.CoverageCell) bool { return c.Indicator == ind.Code && c.Period == last })
		r.Cells, r.Published, r.Period = newest.Cells-newest.States[upload.Uncollected], newest.Published(), last.Label(v.address.Lang)
		if due, ok := ind.Release.Due(last); ok {
			r.Due, r.Calendar = date(due), true
		}
		r.Latest = v.latest(ind)
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b coverageRow) int {
		return cmp.Or(compareBool(b.Calendar, a.Calendar), cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(a.rate, b.rate), cmp.Compare(b.Published, a.Published))
	})
	return rows
}

// latest is the last period for which any region has a value.
func (v coverageView) latest(ind *indicator.Indicator) string {
	var last indicator.Period
	for _, r := range v.Regions {
		if p := v.Last[[2]string{ind.Code, r.Code}].Period; !p.IsZero() && (last.IsZero() || p.Compare(last) > 0) {
			last = p
		}
	}
	if last.IsZero() {
		return v.say(indicator.T("从未发布", "never published"))
	}
	return last.Label(v.address.Lang)
}

// regionRows rank the regions by their on-time rate; equal ones share a rank.
func (v coverageView) regionRows() []coverageRow {
	var rows []coverageRow
	for _, region := range v.Regions {
		r := v.row(region.Short, v.here("region", region.Code), v.Tally(func(c upload.CoverageCell) bool { return c.Region == region.Code }))
		if r.dated {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b coverageRow) int {
		return cmp.Or(cmp.Compare(b.rate, a.rate), cmp.Compare(a.Overdue, b.Overdue))
	})
	for i := range rows {
		rows[i].Rank = i + 1
		if i > 0 && rows[i].rate == rows[i-1].rate && rows[i].Overdue == rows[i-1].Overdue {
			rows[i].Rank = rows[i-1].Rank
		}
	}
	return rows
}

// alike says that all regions stand the same, where they do.
func (v coverageView) alike(rows []coverageRow) string {
	if len(rows) < 2 || rows[len(rows)-1].Rank > 1 {
		return ""
	}
	one := rows[0]
	return v.say(indicator.T(
		fmt.Sprintf("%d 个地区情况相同：按时率都是 %s，各逾期 %s 项。", len(rows), one.Rate, whole(one.Overdue)),
		fmt.Sprintf("All %d regions stand the same: %s on time, %s overdue each.", len(rows), one.Rate, whole(one.Overdue))))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// asks puts together what is overdue of one indicator for one period.
func (v coverageView) asks(cells []upload.CoverageCell) []askView {
	type group struct {
		indicator string
		period    indicator.Period
	}
	overdue, all := map[group][]string{}, map[group][]string{}
	var order []upload.CoverageCell // the first of each group
	for _, c := range cells {
		g := group{c.Indicator, c.Period}
		if overdue[g] == nil {
			order = append(order, c)
		}
		overdue[g] = append(overdue[g], c.Region)
	}
	for _, c := range v.Cells {
		g := group{c.Indicator, c.Period}
		all[g] = append(all[g], c.Region)
	}
	list := make([]askView, len(order))
	for i, c := range order {
		g, ind := group{c.Indicator, c.Period}, v.catalog.Indicator(c.Indicator)
		list[i] = askView{Indicator: v.say(ind.Name), IndicatorLink: v.here("indicator", ind.Code), Period: c.Period.Label(v.address.Lang),
			Due: date(c.Due), Days: c.Days, N: len(overdue[g]), Regions: v.which(overdue[g], all[g])}
	}
	return list
}

// which names regions, or where most of all are meant those that are not.
func (v coverageView) which(some, all []string) string {
	const shown = 8
	name := func(codes []string) string {
		return firstNames(codes, shown, v.address.Lang, func(code string) indicator.Text { return v.catalog.Region(code).Short })
	}
	n := whole(len(all))
	switch rest := slices.DeleteFunc(slices.Clone(all), func(code string) bool { return slices.Contains(some, code) }); {
	case len(rest) == 0 && len(all) > 1:
		return v.say(indicator.T("全部 "+n+" 个地区", "all "+n+" regions"))
	case len(some) > shown && len(rest) <= shown:
		return v.say(indicator.T("除"+name(rest)+"外", "all but "+name(rest)))
	}
	return name(some)
}
