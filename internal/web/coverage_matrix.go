package web

import (
	"net/url"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// matrix is, the newest period first, one indicator by region and period, else one region by indicator and
// period, else one period by region and indicator.
func (v coverageView) matrix() *coverageMatrix {
	cells := map[indicator.Key]upload.CoverageCell{}
	for _, c := range v.Cells {
		cells[c.Key] = c
	}
	switch {
	case len(v.asked.Indicators) > 0:
		return v.byRegion(cells, v.Indicators[0])
	case len(v.asked.Regions) > 0:
		return v.byIndicator(cells, v.Regions[0])
	}
	return v.byBoth(cells, v.Periods[0])
}

func (v coverageView) byRegion(cells map[indicator.Key]upload.CoverageCell, ind *indicator.Indicator) *coverageMatrix {
	m := &coverageMatrix{Title: v.say(ind.Name), Head: v.say(indicator.T("地区", "Region"))}
	for _, p := range slices.Backward(v.Periods) {
		column := coverageColumn{Name: p.Label(v.address.Lang), Link: v.here("period", p.String())}
		if due, ok := ind.Release.Due(p); ok {
			column.Sub = v.say(indicator.T("应于 ", "due ")) + date(due)
		}
		m.Columns = append(m.Columns, column)
	}
	for _, r := range v.Regions {
		line := coverageLine{Name: v.say(r.Short), Link: v.here("region", r.Code)}
		for _, p := range slices.Backward(v.Periods) {
			line.Cells = append(line.Cells, v.mark(cells, indicator.Key{Indicator: ind.Code, Region: r.Code, Period: p}))
		}
		line.Rate, line.RateSort = v.rate(v.Tally(func(c upload.CoverageCell) bool { return c.Region == r.Code && c.Indicator == ind.Code }))
		m.Rows = append(m.Rows, line)
	}
	return m
}

func (v coverageView) byIndicator(cells map[indicator.Key]upload.CoverageCell, r *indicator.Region) *coverageMatrix {
	m := &coverageMatrix{Title: v.say(r.Name), Head: v.say(indicator.T("指标", "Indicator"))}
	for _, p := range slices.Backward(v.Periods) {
		m.Columns = append(m.Columns, coverageColumn{Name: p.Label(v.address.Lang), Link: v.here("period", p.String())})
	}
	dated := slices.Clone(v.Indicators) // those first
	slices.SortStableFunc(dated, func(a, b *indicator.Indicator) int {
		return compareBool(a.Release == (indicator.Release{}), b.Release == (indicator.Release{}))
	})
	for _, ind := range dated {
		line := coverageLine{Name: v.say(ind.Name), Link: v.here("indicator", ind.Code)}
		for _, p := range slices.Backward(v.Periods) {
			line.Cells = append(line.Cells, v.mark(cells, indicator.Key{Indicator: ind.Code, Region: r.Code, Period: p}))
		}
		line.Rate, line.RateSort = v.rate(v.Tally(func(c upload.CoverageCell) bool { return c.Indicator == ind.Code }))
		m.Rows = append(m.Rows, line)
	}
	return m
}

// byBoth shows the indicators that have a calendar or anything at all for the period.
func (v coverageView) byBoth(cells map[indicator.Key]upload.CoverageCell, p indicator.Period) *coverageMatrix {
	m := &coverageMatrix{Title: p.Label(v.address.Lang), Head: v.say(indicator.T("地区", "Region"))}
	var shown []*indicator.Indicator
	for _, ind := range v.Indicators {
		t := v.Tally(func(c upload.CoverageCell) bool { return c.Indicator == ind.Code })
		if t.States[upload.NoCalendar] == t.Cells {
			continue
		}
		shown = append(shown, ind)
		column := coverageColumn{Name: v.say(ind.Name), Link: v.here("indicator", ind.Code)}
		if due, ok := ind.Release.Due(p); ok {
			column.Sub = v.say(indicator.T("应于 ", "due ")) + date(due)
		}
		m.Columns = append(m.Columns, column)
	}
	for _, r := range v.Regions {
		line := coverageLine{Name: v.say(r.Short), Link: v.here("region", r.Code)}
		for _, ind := range shown {
			line.Cells = append(line.Cells, v.mark(cells, indicator.Key{Indicator: ind.Code, Region: r.Code, Period: p}))
		}
		line.Rate, line.RateSort = v.rate(v.Tally(func(c upload.CoverageCell) bool { return c.Region == r.Code }))
		m.Rows = append(m.Rows, line)
	}
	return m
}

// mark is a cell of the matrix; what is published leads to its history, what is
// under way to its upload.
func (v coverageView) mark(cells map[indicator.Key]upload.CoverageCell, key indicator.Key) coverView {
	c, ok := cells[key]
	if !ok {
		return coverView{None: true}
	}
	days := indicator.T(" "+whole(c.Days)+" 天", " "+whole(c.Days)+" days")
	if c.Days == 1 {
		days.EN = " 1 day"
	}
	view := coverView{State: string(c.State), Symbol: coverageSymbols[c.State], Word: v.say(c.State.Name())}
	switch c.State {
	case upload.OnTime, upload.Late, upload.Undated:
		view.Link = v.address.link("/indicators/"+url.PathEscape(key.Indicator)+"/history", "region", key.Region, "period", key.Period.String())
		view.Note, view.Sort = date(c.Released), 1
		if c.State == upload.Late {
			view.Word, view.Sort = v.say(indicator.T("迟", "late"))+v.say(days), 1000+c.Days
		}
	case upload.Overdue:
		view.Word, view.Sort = view.Word+v.say(days), 1_000_000+c.Days
	case upload.InReview, upload.InDraft:
		view.Sort = 500
		if v.history {
			view.Link = v.address.link("/uploads/" + url.PathEscape(c.Upload))
		}
	case upload.NoCalendar:
		view.Word = v.say(indicator.T("未发布", "not published"))
	case upload.Uncollected:
		view.Note = v.say(indicator.StatusName(c.Mark))
	case upload.NotDue:
		view.Note, view.Sort = date(c.Due), 100
	}
	return view
}
