package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// rankingPanel orders the provinces by their latest common readings.
func (b *builder) rankingPanel(p *Panel) {
	i := b.indicator
	period := b.commonYear(i.Code)
	list := b.ranking(i, period)
	if len(list) == 0 {
		p.Empty = b.nothing(say("有%s数据的省份不足半数，暂不排序。", "Less than half of the provinces have a published reading of %s, so they are not ranked yet.", i.Name), i.Code)
		return
	}
	c := b.credits()
	chart := &Chart{
		ID: "chart-" + p.ID, Form: FormBars, Unit: i.Unit, Decimals: i.Decimals, FromZero: true,
		Title: say("%s，%s", "%s, %s", i.Name, periodOf(period)),
	}
	table := Table{ID: "table-" + p.ID, Caption: chart.Title, Columns: []Column{
		{Key: "rank", Title: indicator.T("位次", "Rank"), Numeric: true},
		{Key: "region", Title: indicator.T("地区", "Region")},
		{Key: "value", Title: periodOf(period), Unit: i.Unit, Numeric: true},
		{Key: "growth", Title: indicator.T("比上年", "On the year"), Numeric: true},
		{Key: "rank_change", Title: indicator.T("位次变化", "Change of rank"), Sub: indicator.T("正数为上升", "plus: up"), Numeric: true},
		{Key: "share", Title: indicator.T("占全国", "Share of nation"), Unit: "%", Numeric: true},
	}}
	addBar := func(r *indicator.Region, point indicator.Point, role Role) []Mark {
		marks := c.point(r.Code, point)
		chart.Generated = chart.Generated || slices.Contains(marks, MarkGenerated)
		chart.Bars = append(chart.Bars, Bar{Region: r.Code, Name: r.Short, Role: role, Value: point.Value, Period: period, Marks: marks})
		return marks
	}
	nation, hasNation := b.series(i.Code, indicator.Nation).At(period)
	hasNation = hasNation && !additive(i) // a total beside its parts would dwarf them
	placed := !hasNation
	for _, s := range list {
		if !placed && (i.Direction == indicator.Down) == (nation.Value < s.point.Value) && nation.Value != s.point.Value {
			addBar(b.catalog.Region(indicator.Nation), nation, RoleNation)
			placed = true
		}
		marks := addBar(s.region, s.point, RoleNamed)
		table.Rows = append(table.Rows, Row{ID: s.region.Code, Cells: b.rankingCells(i, s, marks, c)})
	}
	if !placed {
		addBar(b.catalog.Region(indicator.Nation), nation, RoleNation)
	}
	b.rankingNotes(i, list, period, c)
	if !additive(i) {
		table.keep(func(col Column) bool { return col.Key != "share" })
	}
	best, worst := list[0], list[len(list)-1]
	chart.Description = say("条形图：%s。%s居首，为%s；%s居末，为%s。", "Bar chart: %s. %s is first with %s, %s last with %s.", chart.Title,
		best.region.Short, valueOf(i, best.point.Value), worst.region.Short, valueOf(i, worst.point.Value))
	p.Figure = &Figure{ID: chart.ID, Chart: chart, Table: table, Foot: c.foot()}
}

func (b *builder) rankingCells(i *indicator.Indicator, s standing, marks []Mark, c *credits) []Cell {
	rank, value := float64(s.rank), s.point.Value
	cells := []Cell{
		{Number: &rank},
		{Text: s.region.Short, Link: &Link{Page: "region", ID: s.region.Code}},
		{Number: &value, Decimals: i.Decimals, Marks: marks, Link: historyLink(i.Code, s.region.Code, s.point.Period)},
		growthCell(i, b.series(i.Code, s.region.Code), s.point),
		{}, {},
	}
	if before, ok := b.ranking(i, s.point.Period.Add(-1)).of(s.region.Code); ok {
		up := float64(before.rank - s.rank)
		cells[4] = Cell{Number: &up, Signed: true}
	}
	if percent, summed, ok := b.share(i, s.point); ok {
		cells[5] = Cell{Number: &percent, Decimals: 1}
		if summed {
			cells[5].Marks = []Mark{MarkSummed}
			c.mark(MarkSummed)
		} else {
			c.national = true
		}
	}
	return cells
}

// rankingNotes say what the order means and who is missing from it.
func (b *builder) rankingNotes(i *indicator.Indicator, list ranking, period indicator.Period, c *credits) {
	switch i.Direction {
	case indicator.Down:
		c.note(indicator.T("数值越低位次越前。", "Lower is better: the lowest value is first."))
	case "":
		c.note(sizeNotMerit())
	}
	var missing []Text
	for _, r := range b.catalog.Provinces() {
		if _, ok := list.of(r.Code); !ok {
			missing = append(missing, r.Short)
		}
	}
	if len(missing) > 0 {
		c.note(say("%s无%s数据，未排序。", "Not ranked, no reading for %[2]s: %[1]s.", enumerate(missing...), periodOf(period)))
	}
}

// trend draws the indicator over time in every region that has readings.
func (b *builder) trend(d *PanelDefinition, p *Panel) {
	i := b.indicator
	c := b.credits()
	chart := b.trendChart(d, p, say("%s，各地区", "%s, all regions", i.Name))
	for _, r := range b.catalog.Provinces() {
		if l, ok := b.line(i, r, RoleOther, 0, c); ok {
			chart.Series = append(chart.Series, l)
		}
	}
	nation, hasNation := b.line(i, b.catalog.Region(indicator.Nation), RoleNation, 0, c)
	if len(chart.Series) == 0 && !hasNation {
		p.Empty = b.nothing(noReadings(), i.Code)
		return
	}
	drawn := hasNation && (!additive(i) || len(chart.Series) == 0)
	if drawn {
		chart.Series = append(chart.Series, nation)
	} else if hasNation {
		c.note(indicator.T("全国总量与各省份不在同一量级，列于表中，不绘入本图。",
			"The national total is of another size than the provinces: it is in the table and not in this chart."))
	}
	nameLines(chart)
	shown := chart.Series
	if hasNation && !drawn {
		shown = append(slices.Clone(shown), nation)
	}
	p.Figure = trendFigure(chart, shown, c)
}

// nation draws the nation's total alone: beside the provinces it would flatten them.
func (b *builder) nation(d *PanelDefinition, p *Panel) {
	i := b.indicator
	c := b.credits()
	line, ok := b.line(i, b.catalog.Region(indicator.Nation), RoleNation, 0, c)
	if !ok {
		p.Empty = b.nothing(say("尚无%s的全国数据。", "There is no national figure of %s yet.", i.Name), i.Code)
		return
	}
	chart := b.trendChart(d, p, say("%s，全国", "%s, nation", i.Name))
	chart.Series = []Line{line}
	nameLines(chart)
	c.national = true
	p.Figure = trendFigure(chart, chart.Series, c)
}

func (b *builder) trendChart(d *PanelDefinition, p *Panel, title Text) *Chart {
	return &Chart{ID: "chart-" + p.ID, Form: FormLine, Indicator: b.indicator.Code, Unit: b.indicator.Unit, Decimals: b.indicator.Decimals,
		FromZero: additive(b.indicator), To: d.Until, Title: title}
}

// trendFigure finishes a chart over time; its table has the lines shown.
func trendFigure(chart *Chart, shown []Line, c *credits) *Figure {
	chart.finish()
	last := chart.lastYear()
	if chart.To < last { // no year was asked for
		chart.endWithReadings()
	}
	chart.Description = say("折线图：%s，%d年至%d年，%d个地区。", "Line chart: %s, %d to %d, %d regions.",
		chart.Title, chart.From, last, len(chart.Series))
	return &Figure{ID: chart.ID, Chart: chart, Table: trendTable(chart, shown, strings.Replace(chart.ID, "chart", "table", 1)), Foot: c.foot()}
}

// nameLines labels a few lines at their end: all where they are few, else the
// highest and the lowest of the last year, and the nation always.
func nameLines(chart *Chart) {
	const few = 6
	type end struct {
		n     int
		value float64
	}
	var ends []end
	for n, l := range chart.Series {
		if v := l.Points[len(l.Points)-1].Value; v != nil && l.Role == RoleOther {
			ends = append(ends, end{n, *v})
		}
	}
	if len(chart.Series) <= few {
		for n := range chart.Series {
			chart.Series[n].Label = true
			if chart.Series[n].Role == RoleOther {
				chart.Series[n].Role = RoleNamed
			}
		}
		return
	}
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(b.value, a.value) })
	for n, e := range ends {
		if n < 3 || n == len(ends)-1 {
			chart.Series[e.n].Label = true
		}
	}
}

// trendTable has a line per region, the nation first, and a column per year,
// newest first.
func trendTable(chart *Chart, lines []Line, id string) Table {
	t := Table{ID: id, Caption: chart.Title, Columns: []Column{{Key: "region", Title: indicator.T("地区", "Region")}}}
	years := map[int]bool{}
	for _, l := range lines {
		for _, p := range l.Points {
			if p.Value != nil {
				years[p.Period.Year()] = true
			}
		}
	}
	for year := chart.To; year >= chart.From; year-- {
		if years[year] {
			t.Columns = append(t.Columns, Column{Key: fmt.Sprint(year), Title: periodOf(indicator.Year(year)), Unit: chart.Unit, Numeric: true})
		}
	}
	ordered := slices.Clone(lines)
	slices.SortStableFunc(ordered, func(a, b Line) int { return boolLast(a.Role == RoleNation, b.Role == RoleNation) })
	for _, l := range ordered {
		row := Row{ID: l.Region, Cells: []Cell{{Text: l.Name, Link: &Link{Page: "region", ID: l.Region}}}}
		for year := chart.To; year >= chart.From; year-- {
			if years[year] {
				row.Cells = append(row.Cells, chart.cellAt(l, indicator.Year(year)))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
