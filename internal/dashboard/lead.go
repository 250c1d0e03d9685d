package dashboard

import (
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// lead answers the page's question from its numbers: what, where, how much,
// against which target, is it enough, since when.
func (b *builder) lead(panels []Panel) Text {
	switch {
	case b.target != nil:
		return b.targetLead()
	case b.region != nil:
		return b.regionLead()
	case b.indicator != nil:
		return b.indicatorLead()
	}
	for _, p := range panels {
		if p.Kind == KindTargets {
			return b.listLead(p)
		}
	}
	return b.overviewLead(panels)
}

func (b *builder) overviewLead(panels []Panel) Text {
	own := counted(b.assessed)
	text := say("截至%s，各地区自有且点名指标的目标共%d项", "On %s, %d targets count: a region's own, with an indicator that the document names",
		dateOf(b.asOfDate()), len(own))
	text = join("：", ": ", text, countsInWords(counts(own)))
	texts := []Text{say("%s。", "%s.", text)}
	var worst []Text
	for _, a := range attention(own) {
		if len(worst) == 3 {
			break
		}
		worst = append(worst, say("%s%s（%s）", "%s, %s (%s)", b.regionName(a.Region), b.subject(a.Input.Target), assess.StatusName(a.Status)))
	}
	if len(worst) > 0 {
		texts = append(texts, say("最需关注：%s。", "Most in need of attention: %s.", join("、", "; ", worst...)))
	}
	for _, p := range panels {
		if p.Tiles != nil {
			texts = append(texts, b.extremes(b.catalog.Indicator(p.Tiles.Indicator)))
		}
	}
	return sentences(texts...)
}

// attention is the verdicts that are not good enough, worst first.
func attention(list []Assessed) []Assessed {
	var found []Assessed
	for _, a := range list {
		if severity(a.Status) <= severity(assess.AtRisk) {
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(x, y Assessed) int { return severity(x.Status) - severity(y.Status) })
	return found
}

// extremes names the first and the last province: 2024年研发经费，广东居首，为….
func (b *builder) extremes(i *indicator.Indicator) Text {
	list := b.ranking(i, b.commonYear(i.Code))
	if len(list) < 2 {
		return Text{}
	}
	first, last := list[0], list[len(list)-1]
	return say("%s%s，%s居首，为%s；%s居末，为%s。", "%[2]s in %[1]s: %[3]s is first with %[4]s, %[5]s last with %[6]s.",
		periodOf(first.point.Period), i.Name, first.region.Short, valueOf(i, first.point.Value),
		last.region.Short, valueOf(i, last.point.Value))
}

func (b *builder) regionLead() Text {
	own := counted(b.assessed)
	if len(own) == 0 {
		return sentences(
			say("文件中没有%s自有且点名指标的目标，以下目标作参考对照。",
				"No document states a target of %s's own with a named indicator; the targets below are for reference.", b.region.Short),
			b.firstFigure())
	}
	texts := []Text{say("%s有%d项自有目标计入评估：%s。", "%s has %d targets of its own that count: %s.",
		b.region.Short, len(own), countsInWords(counts(own)))}
	list := attention(own)
	if len(list) == 0 {
		assessed := slices.DeleteFunc(slices.Clone(own), func(a Assessed) bool { return a.Status == assess.NotAssessed })
		if len(assessed) == 0 {
			return sentences(append(texts, b.firstFigure())...)
		}
		return sentences(append(texts, b.verdict(assessed[0]))...)
	}
	return sentences(append(texts, indicator.T("最需关注：", "Most in need of attention:"), b.verdict(list[0]))...)
}

// verdict is the sentence of an assessment, and since when it has been so.
func (b *builder) verdict(a Assessed) Text {
	text := assess.Sentence(a.Assessment, a.Input)
	if year := since(a, b.params.Method); year != 0 && a.Latest != nil && year < a.Latest.Period.Year() {
		text = sentences(text, say("自%d年数据起一直如此。", "It has been so since the readings of %d.", year))
	}
	return text
}

// firstFigure is the latest reading of the first indicator in the catalogue that
// the region has, with growth and rank.
func (b *builder) firstFigure() Text {
	for n := range b.catalog.Indicators {
		i := &b.catalog.Indicators[n]
		if point, ok := b.series(i.Code, b.region.Code).Latest(indicator.Period{}); ok {
			return b.figure(i, b.region, point)
		}
	}
	return Text{}
}

// figure is one reading in words: 2024年福建研发经费为1,171.7亿元，比上年增长8.2%，居第9位。
func (b *builder) figure(i *indicator.Indicator, r *indicator.Region, point indicator.Point) Text {
	parts := []Text{say("%s%s%s为%s", "%[2]s, %[3]s in %[1]s: %[4]s", periodOf(point.Period), r.Short, i.Name, valueOf(i, point.Value))}
	if g, ok := growth(i, b.series(i.Code, r.Code), point); ok {
		parts = append(parts, changeOf(g))
	}
	l := b.ranking(i, point.Period)
	if s, ok := l.of(r.Code); ok {
		parts = append(parts, say("居%[2]d个省份第%[1]d位", "rank %d of %d provinces", s.rank, len(l)))
	}
	return say("%s。", "%s.", join("，", ", ", parts...))
}

func (b *builder) indicatorLead() Text {
	var texts []Text
	if point, ok := b.series(b.indicator.Code, indicator.Nation).Latest(indicator.Period{}); ok {
		texts = append(texts, b.figure(b.indicator, b.catalog.Region(indicator.Nation), point))
		b.national = true
	}
	texts = append(texts, b.extremes(b.indicator))
	if a, ok := foremost(b.byRegion(b.indicator.Code)[indicator.Nation]); ok && a.Counted() {
		texts = append(texts, say("对照全国目标（%s）：", "Against the national target (%s):", Headline(a.Input.Target, a.Input.Indicator)), b.verdict(a))
	}
	if text := sentences(texts...); !text.IsZero() {
		return text
	}
	return say("%s暂无已发布的数据。", "No readings of %s are published yet.", b.indicator.Name)
}

func (b *builder) listLead(p Panel) Text {
	if p.Table == nil {
		return p.Empty
	}
	documents := map[string]bool{}
	n := 0
	for _, row := range p.Table.Rows {
		t := b.catalog.Target(row.ID)
		documents[t.Document] = true
		if t.Counts(t.Region) {
			n++
		}
	}
	return say("共%d项目标，出自%d份文件，其中可计入评估的%d项：%s。", "%d targets from %d documents, of which %d count: %s.",
		len(p.Table.Rows), len(documents), n, countsInWords(p.Counts))
}

func (b *builder) targetLead() Text {
	var texts []Text
	var others []Assessed
	for _, a := range b.assessed {
		if a.Region == b.target.Region {
			texts = append(texts, say("%s：", "%s:", join(" ", ", ", b.regionName(a.Region), b.subject(b.target))), b.verdict(a))
		} else {
			others = append(others, a)
		}
	}
	if len(others) > 0 {
		texts = append(texts, say("作为参考，对照%d个地区：%s。", "As a reference for %d regions: %s.", len(others), countsInWords(counts(others))))
	}
	return sentences(texts...)
}
