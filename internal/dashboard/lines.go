package dashboard

import (
	"math"
	"slices"
	"strconv"

	"github.com/dabiao/dabiao/internal/indicator"
)

// line is one region's readings as a chart draws them, from year from on (0: all).
// Years without a figure between two others are gaps.
func (b *builder) line(i *indicator.Indicator, region *indicator.Region, role Role, from int, c *credits) (Line, bool) {
	l := Line{Region: region.Code, Name: region.Short, Role: role, Label: role != RoleOther}
	var last indicator.Period
	for _, p := range b.series(i.Code, region.Code).Points {
		if !p.Status.HasValue() || p.Period.Year() < from {
			continue
		}
		for !last.IsZero() && last.Add(1).Compare(p.Period) < 0 {
			last = last.Add(1)
			l.Points = append(l.Points, Reading{Period: last, Note: indicator.T("无数据", "no reading")})
		}
		last = p.Period
		value := p.Value
		reading := Reading{Period: p.Period, Value: &value, Marks: c.point(region.Code, p)}
		if p.Status == indicator.Break {
			reading.Note = MarkName(MarkBreak)
		}
		l.Points = append(l.Points, reading)
	}
	return l, len(l.Points) > 0
}

// peers are the regions drawn behind a region: the other provinces behind a
// province, the provinces behind the nation where values are comparable, the
// other regions of the same parent below.
func (b *builder) peers(i *indicator.Indicator, region *indicator.Region) []*indicator.Region {
	var candidates []*indicator.Region
	switch {
	case region.Level == indicator.Province || region.Level == indicator.Country && !additive(i):
		candidates = b.catalog.Provinces()
	case region.Level != indicator.Country:
		candidates = b.catalog.Children(region.Parent)
	}
	return slices.DeleteFunc(slices.Clone(candidates), func(r *indicator.Region) bool { return r.Code == region.Code })
}

// trackChart draws a region's readings against its target, to the last year to.
// It is nil where the region has no reading: an empty drawing proves nothing.
func (b *builder) trackChart(a Assessed, id string, to int, c *credits) *Chart {
	i, region := a.Input.Indicator, b.catalog.Region(a.Region)
	if i == nil || region == nil {
		return nil
	}
	first := 0
	if points := a.Input.Series.Points; len(points) > 0 {
		first = points[0].Period.Year()
	}
	chart := &Chart{
		ID: id, Form: FormLine, Indicator: i.Code, Unit: i.Unit, Decimals: i.Decimals, FromZero: additive(i), To: to,
		Title: join("：", ": ", join(" ", ", ", region.Short, i.Name), Headline(a.Input.Target, i)),
	}
	own, ok := b.line(i, region, RoleOwn, first, c)
	if !ok {
		return nil
	}
	for _, peer := range b.peers(i, region) {
		if l, ok := b.line(i, peer, RoleOther, first, c); ok {
			chart.Series = append(chart.Series, l)
		}
	}
	if len(chart.Series) > 0 {
		c.note(indicator.T("灰线为其他地区，超出坐标范围的部分不显示。", "Grey lines are other regions, cut off where they leave the scale."))
	}
	if region.Code != indicator.Nation && !additive(i) {
		if l, ok := b.line(i, b.catalog.Region(indicator.Nation), RoleNation, first, c); ok {
			chart.Series = append(chart.Series, l)
		}
	}
	chart.Series = append(chart.Series, own)
	if chart.Fan = fan(a, to, b.target == nil); chart.Fan != nil {
		c.note(fanNote())
	}
	goals, notes := b.goals(a, to)
	chart.Goals = goals
	for _, n := range notes {
		c.note(n)
	}
	chart.finish()
	if chart.Fan == nil && len(chart.Goals) == 0 { // nothing lies ahead
		chart.endWithReadings()
	}
	return chart
}

// finish derives what follows from the lines: the first year, and whether any
// figure is a generated example.
func (c *Chart) finish() {
	for _, l := range c.Series {
		for _, p := range l.Points {
			if year := p.Period.Year(); c.From == 0 || year < c.From {
				c.From = year
			}
			c.Generated = c.Generated || slices.Contains(p.Marks, MarkGenerated)
		}
	}
	c.To = max(c.To, c.From)
}

// table lists the years of the chart, newest first: the page's own regions, the
// span of the others, and what the targets ask for.
func (c *Chart) table(id string) Table {
	t := Table{ID: id, Caption: c.Title, Columns: []Column{{Key: "period", Title: indicator.T("报告期", "Period")}}}
	var shown, others []Line
	for _, l := range c.Series {
		if l.Role == RoleOther {
			others = append(others, l)
		} else {
			shown = append(shown, l)
		}
	}
	slices.Reverse(shown) // the region itself first
	add := func(key string, title Text) {
		t.Columns = append(t.Columns, Column{Key: key, Title: title, Unit: c.Unit, Numeric: true})
	}
	for _, l := range shown {
		add(l.Region, l.Name)
	}
	if c.Fan != nil {
		add("forecast", indicator.T("预测", "Forecast"))
		for _, level := range c.Fan.levels() {
			t.Columns = append(t.Columns, Column{Key: "interval" + strconv.Itoa(level), Unit: c.Unit, Numeric: true, Title: say("%d%%区间", "%d%% interval", level)})
		}
	}
	goals := c.goalValues()
	if len(goals) > 0 {
		add("target", indicator.T("目标", "Target"))
	}
	if len(others) > 0 {
		add("lowest", indicator.T("其他地区最低", "Lowest of the others"))
		add("highest", indicator.T("其他地区最高", "Highest of the others"))
	}
	for year := c.To; year >= c.From; year-- {
		period := indicator.Year(year)
		row := Row{ID: strconv.Itoa(year), Cells: []Cell{{Period: period}}}
		for _, l := range shown {
			row.Cells = append(row.Cells, c.cellAt(l, period))
		}
		if c.Fan != nil {
			row.Cells = append(row.Cells, c.Fan.cellsAt(year, c.Decimals)...)
		}
		if len(goals) > 0 {
			row.Cells = append(row.Cells, goals[year])
		}
		if len(others) > 0 {
			low, high := c.spanAt(others, period)
			row.Cells = append(row.Cells, low, high)
		}
		if slices.ContainsFunc(row.Cells[1:], func(cell Cell) bool { return !cell.IsEmpty() }) {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// endWithReadings ends the axis as many years after them as the names of the lines need.
func (c *Chart) endWithReadings() {
	last := c.lastYear()
	c.To = last + 1 + (last-c.From)/4
}

// lastYear is the year of the latest reading.
func (c *Chart) lastYear() int {
	last := 0
	for _, l := range c.Series {
		for _, p := range l.Points {
			last = max(last, p.Period.Year())
		}
	}
	return last
}

func (c *Chart) cellAt(l Line, period indicator.Period) Cell {
	for _, p := range l.Points {
		if p.Period == period && p.Value != nil {
			cell := Cell{Number: p.Value, Decimals: c.Decimals, Marks: p.Marks, Note: p.Note}
			if c.Indicator != "" {
				cell.Link = historyLink(c.Indicator, l.Region, period)
			}
			return cell
		}
	}
	return Cell{}
}

// spanAt is the lowest and highest value of a year, each with the region's name.
func (c *Chart) spanAt(lines []Line, period indicator.Period) (low, high Cell) {
	var lowest, highest Line
	least, most := math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		v, ok := l.at(period)
		if ok && v < least {
			least, lowest = v, l
		}
		if ok && v > most {
			most, highest = v, l
		}
	}
	if least > most {
		return Cell{}, Cell{}
	}
	low, high = c.cellAt(lowest, period), c.cellAt(highest, period)
	low.Note, high.Note = lowest.Name, highest.Name
	return low, high
}

// at is the value of a line in a period.
func (l *Line) at(period indicator.Period) (float64, bool) {
	for i := range l.Points {
		if p := &l.Points[i]; p.Period == period && p.Value != nil {
			return *p.Value, true
		}
	}
	return 0, false
}

// goalValues is what the targets ask for, by year; a band and an arrow have no
// single value.
func (c *Chart) goalValues() map[int]Cell {
	values := map[int]Cell{}
	put := func(year int, v float64) {
		values[year] = Cell{Number: &v, Decimals: max(c.Decimals, min(decimalsOf(v), 2))}
	}
	for _, g := range c.Goals {
		switch g.Shape {
		case GoalPoint, GoalLine:
			put(g.Until, g.Value)
		case GoalPath:
			for _, p := range g.Path {
				put(p.Year, p.Value)
			}
		case GoalBand:
			values[g.Until] = Cell{Text: ends(max(c.Decimals, 1), g.Low, g.High)}
		}
	}
	return values
}
