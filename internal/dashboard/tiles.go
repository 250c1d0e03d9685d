package dashboard

import (
	"cmp"
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// tiles shows the provinces as a grid for one indicator of the panel's list.
func (b *builder) tiles(d *PanelDefinition, p *Panel) {
	codes := slices.DeleteFunc(b.panelIndicators(d), func(code string) bool { return !b.hasAny(code) })
	if len(codes) == 0 {
		p.Empty = b.nothing(noReadings(), b.panelIndicators(d)...)
		return
	}
	chosen := codes[0]
	if slices.Contains(codes, b.params.Indicator) {
		chosen = b.params.Indicator
	}
	for _, code := range codes {
		p.Choices = append(p.Choices, Choice{code, b.catalog.Indicator(code).Name, code == chosen})
	}
	i := b.catalog.Indicator(chosen)
	c := b.credits()
	if i.Direction == "" {
		c.note(sizeNotMerit())
	}
	grid := &TileGrid{Indicator: i.Code, Unit: i.Unit, Decimals: i.Decimals}
	byRegion := b.byRegion(i.Code)
	period := b.commonYear(i.Code)
	var verdicts []Assessed
	for n := range b.catalog.Regions {
		r := &b.catalog.Regions[n]
		if r.Level != indicator.Province || r.Tile == [2]int{} {
			continue
		}
		tile := b.tile(r, i, period, byRegion[r.Code], c)
		if a, ok := foremost(byRegion[r.Code]); ok {
			verdicts = append(verdicts, a)
		}
		grid.Columns, grid.Rows = max(grid.Columns, tile.Column), max(grid.Rows, tile.Row)
		grid.Tiles = append(grid.Tiles, tile)
	}
	slices.SortStableFunc(grid.Tiles, func(a, b Tile) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	p.Tiles, p.Counts = grid, counts(verdicts)
	foot := c.foot()
	p.Foot = &foot
}

func (b *builder) tile(r *indicator.Region, i *indicator.Indicator, period indicator.Period, verdicts []Assessed, c *credits) Tile {
	tile := Tile{
		Region: r.Code, Name: r.Short, Column: r.Tile[0], Row: r.Tile[1], Collected: r.Collected,
		Link: &Link{Page: "region", ID: r.Code},
	}
	if !r.Collected {
		tile.Sentence = say("%s：不在统计范围内。", "%s: not collected.", r.Short)
		return tile
	}
	words := []Text{indicator.T("无数据", "no reading")}
	if point, ok := b.series(i.Code, r.Code).Latest(indicator.Period{}); ok {
		value := point.Value
		tile.Value, tile.Period, tile.Marks = &value, point.Period, c.point(r.Code, point)
		words = []Text{join("", ": ", periodOf(point.Period), valueOf(i, point.Value))}
		if point.Period.Compare(period) < 0 {
			tile.Marks = append(tile.Marks, MarkEarlier)
			c.mark(MarkEarlier)
		}
		list := b.ranking(i, period)
		if s, ok := list.of(r.Code); ok && point.Period == period {
			tile.Rank, tile.RankOf = s.rank, len(list)
			words = append(words, say("居第%[1]d位", "rank %d of %d", s.rank, len(list)))
		}
		for _, m := range tile.Marks {
			words = append(words, MarkName(m))
		}
	}
	if a, ok := foremost(verdicts); ok {
		tile.Status, tile.Reason, tile.Hollow = a.Status, a.Reason, !a.Counted()
		words = append(words, verdictInWords(a))
	}
	tile.Sentence = join("", ": ", say("%s：", "%s", r.Short), join("，", ", ", words...))
	return tile
}

// verdictInWords is a verdict with what qualifies it: 符合预期（参考）.
func verdictInWords(a Assessed) Text {
	text := assess.StatusName(a.Status)
	if a.Status == assess.NotAssessed {
		text = join("：", ": ", text, assess.ReasonName(a.Reason))
	}
	switch {
	case a.Input.Target.Region != a.Region:
		return say("%s（参考）", "%s (reference)", text)
	case a.Input.Target.Link == indicator.Proxy:
		return say("%s（代表指标）", "%s (proxy)", text)
	}
	return text
}

// panelIndicators is the panel's list, or every indicator of the catalogue.
func (b *builder) panelIndicators(d *PanelDefinition) []string {
	if len(d.Indicators) > 0 {
		return slices.Clone(d.Indicators)
	}
	var codes []string
	for n := range b.catalog.Indicators {
		codes = append(codes, b.catalog.Indicators[n].Code)
	}
	return codes
}

// byRegion gathers the page's verdicts on one indicator.
func (b *builder) byRegion(code string) map[string][]Assessed {
	groups := map[string][]Assessed{}
	for _, a := range b.assessed {
		if a.Input.Target.Indicator == code {
			groups[a.Region] = append(groups[a.Region], a)
		}
	}
	return groups
}

func noReadings() Text {
	return indicator.T("暂无已发布的数据。请由填报人上传并经审核发布后查看。",
		"No readings are published yet. They appear once a statistician has uploaded them and a reviewer has published them.")
}

func sizeNotMerit() Text {
	return indicator.T("该指标没有优劣方向，位次只表示数值大小。", "The indicator has no better or worse: rank is by size only.")
}
