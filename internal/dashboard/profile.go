package dashboard

import (
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// profile is a line per indicator of the page's region.
func (b *builder) profile(d *PanelDefinition, p *Panel) {
	c := b.credits()
	table := &Table{ID: p.ID, Caption: p.Title, Columns: []Column{
		{Key: "status", Title: indicator.T("目标", "Target")},
		{Key: "indicator", Title: indicator.T("指标", "Indicator")},
		{Key: "value", Title: indicator.T("最新值", "Latest"), Numeric: true},
		{Key: "period", Title: indicator.T("报告期", "Period")},
		{Key: "growth", Title: indicator.T("比上年", "On the year"), Sub: indicator.T("价值量按现价", "money at current prices"), Numeric: true},
		{Key: "rank", Title: indicator.T("位次", "Rank"), Sub: indicator.T("31个省份中", "of 31 provinces"), Numeric: true},
		{Key: "rank_change", Title: indicator.T("位次变化", "Change of rank"), Sub: indicator.T("正数为上升", "plus: up"), Numeric: true},
		{Key: "share", Title: indicator.T("占全国", "Share of nation"), Unit: "%", Numeric: true},
		{Key: "distance", Title: indicator.T("与全国相差", "Distance to nation"), Numeric: true},
		{Key: "ahead", Title: indicator.T("标兵", "Just ahead"), Sub: indicator.T("与本地区之差", "less the region's own")},
		{Key: "behind", Title: indicator.T("追兵", "Just behind"), Sub: indicator.T("与本地区之差", "less the region's own")},
	}}
	for _, code := range b.panelIndicators(d) {
		i := b.catalog.Indicator(code)
		if point, ok := b.series(code, b.region.Code).Latest(indicator.Period{}); ok {
			table.Rows = append(table.Rows, Row{ID: code, Cells: b.profileCells(i, point, c)})
		}
	}
	if len(table.Rows) == 0 {
		p.Empty = b.nothing(say("%s暂无已发布的数据。请由填报人上传并经审核发布后查看。",
			"No readings of %s are published yet. They appear once a statistician has uploaded them and a reviewer has published them.",
			b.region.Short), b.panelIndicators(d)...)
		return
	}
	if b.region.Level != indicator.Province {
		table.keep(func(c Column) bool {
			return !slices.Contains([]string{"rank", "rank_change", "ahead", "behind"}, c.Key)
		})
	}
	if b.region.Code == indicator.Nation {
		table.keep(func(c Column) bool { return c.Key != "share" && c.Key != "distance" })
	}
	p.Table = table
	foot := c.foot()
	p.Foot = &foot
}

// keep drops the columns that do not pass.
func (t *Table) keep(pass func(Column) bool) {
	for n := len(t.Columns) - 1; n >= 0; n-- {
		if pass(t.Columns[n]) {
			continue
		}
		t.Columns = slices.Delete(t.Columns, n, n+1)
		for r := range t.Rows {
			t.Rows[r].Cells = slices.Delete(t.Rows[r].Cells, n, n+1)
		}
	}
}

// profileCells are in the order of the columns of profile.
func (b *builder) profileCells(i *indicator.Indicator, point indicator.Point, c *credits) []Cell {
	value := point.Value
	cells := []Cell{
		b.profileStatus(i, c),
		{Text: i.Name, Link: &Link{Page: "indicator", ID: i.Code}},
		{Number: &value, Decimals: i.Decimals, Unit: i.Unit, Marks: c.point(b.region.Code, point), Link: historyLink(i.Code, b.region.Code, point.Period)},
		{Period: point.Period},
		growthCell(i, b.series(i.Code, b.region.Code), point),
	}
	list := b.ranking(i, point.Period)
	return append(cells, b.rankCell(i, list), b.rankChangeCell(i, point, list), b.shareCell(i, point, c),
		b.distanceCell(i, point, c), b.neighbourCell(i, point, list.ahead), b.neighbourCell(i, point, list.behind))
}

func (b *builder) profileStatus(i *indicator.Indicator, c *credits) Cell {
	cell := statusCell(b.byRegion(i.Code)[b.region.Code], c)
	if cell.Link != nil {
		cell.Link.Page, cell.Link.ID = b.def.Page, b.region.Code
	}
	return cell
}

func growthCell(i *indicator.Indicator, s indicator.Series, point indicator.Point) Cell {
	g, ok := growth(i, s, point)
	if !ok {
		if point.Status == indicator.Break {
			return Cell{Note: MarkName(MarkBreak)}
		}
		return Cell{}
	}
	return Cell{Number: &g.value, Decimals: g.decimals, Unit: g.unit, Signed: true}
}

func (b *builder) rankCell(i *indicator.Indicator, l ranking) Cell {
	own, ok := l.of(b.region.Code)
	if !ok {
		return Cell{}
	}
	rank := float64(own.rank)
	cell := Cell{Number: &rank}
	if all := len(b.catalog.Provinces()); len(l) < all {
		cell.Note = say("%d个省份有数据", "%d provinces have a reading", len(l))
	}
	if i.Direction == "" {
		cell.Note = join("；", "; ", cell.Note, sizeNotMerit())
	}
	return cell
}

// rankChangeCell is how many places the region moved up since the year before.
func (b *builder) rankChangeCell(i *indicator.Indicator, point indicator.Point, now ranking) Cell {
	own, ok := now.of(b.region.Code)
	before, okBefore := b.ranking(i, point.Period.Add(-1)).of(b.region.Code)
	if !ok || !okBefore {
		return Cell{}
	}
	up := float64(before.rank - own.rank)
	return Cell{Number: &up, Signed: true}
}

func (b *builder) shareCell(i *indicator.Indicator, point indicator.Point, c *credits) Cell {
	percent, summed, ok := b.share(i, point)
	if !ok || b.region.Code == indicator.Nation {
		return Cell{}
	}
	cell := Cell{Number: &percent, Decimals: 1}
	if summed {
		cell.Marks = []Mark{MarkSummed}
		c.mark(MarkSummed)
	} else {
		c.national = true
	}
	return cell
}

// distanceCell is the region's value less the nation's, where the two are of
// one kind: shares, rates and averages, not amounts.
func (b *builder) distanceCell(i *indicator.Indicator, point indicator.Point, c *credits) Cell {
	nation, ok := b.series(i.Code, indicator.Nation).At(point.Period)
	if !ok || additive(i) {
		return Cell{}
	}
	c.national = true
	distance := point.Value - nation.Value
	unit := i.Unit
	if inPoints(i) {
		unit = pointUnit
	}
	return Cell{Number: &distance, Decimals: i.Decimals, Unit: unit, Signed: true,
		Note: say("全国%s", "nation %s", valueOf(i, nation.Value))}
}

// neighbourCell names the province just ahead or behind and its value less the
// region's own.
func (b *builder) neighbourCell(i *indicator.Indicator, point indicator.Point, find func(string) (standing, bool)) Cell {
	other, ok := find(b.region.Code)
	if !ok {
		return Cell{}
	}
	return Cell{
		Text: say("%s（%s）", "%s (%s)", other.region.Short, difference(other.point.Value-point.Value, i)),
		Note: say("%s第%d位，%s", "%s, rank %d: %s", other.region.Short, other.rank, valueOf(i, other.point.Value)),
		Link: &Link{Page: "region", ID: other.region.Code},
	}
}

// difference is a change without its unit, which is that of the value beside it.
func difference(v float64, i *indicator.Indicator) Text {
	signed := func(v float64, decimals int) string {
		if v > 0 {
			return "+" + indicator.FormatNumber(v, decimals)
		}
		return indicator.FormatNumber(v, decimals)
	}
	text := signed(v, i.Decimals)
	if i.Unit == "亿元" { // English counts it in billions
		return indicator.T(text, signed(v/10, i.Decimals+1))
	}
	return indicator.T(text, text)
}
