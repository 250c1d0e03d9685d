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
	texts := []Text{say("截至%s，政策文件对各地区提出并点名指标的目标共%s%s。",
		"On %s, the documents state %s for regions by a named indicator%s.",
		dateOf(b.asOfDate()), numberOf(len(own), "项", "target"), tally(own, "项"))}
	var worst []Text
	for _, a := range attention(own) {
		if len(worst) == 3 {
			break
		}
		text := say("%s%s（%s）", "%s, %s (%s)", b.regionName(a.Region), b.subject(a.Input.Target), assess.StatusName(a.Status))
		if !slices.Contains(worst, text) { // two documents may ask for one thing
			worst = append(worst, text)
		}
	}
	if len(worst) > 0 {
		texts = append(texts, say("最需关注：%s。", "Most in need of attention: %s.", join("、", "; ", worst...)))
	}
	for _, p := range panels {
		if p.Tiles != nil {
			i := b.catalog.Indicator(p.Tiles.Indicator)
			texts = append(texts, b.extremes(i))
			if len(p.Counts) > 0 {
				texts = append(texts, say("对照目标（含参考和代表指标），各省份中%s。", "Held against targets, references and proxies included, of the provinces %s.",
					countsInWords(p.Counts, "个")))
			}
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
	text := say("%s%s，%s居首，为%s；%s居末，为%s。", "%[2]s in %[1]s: %[3]s is first with %[4]s, %[5]s last with %[6]s.",
		periodOf(first.point.Period), i.Name, first.region.Short, valueOf(i, first.point.Value),
		last.region.Short, valueOf(i, last.point.Value))
	return sentences(text, b.exampleNote(first.point, last.point))
}

func (b *builder) regionLead() Text {
	own := counted(b.assessed)
	var texts []Text
	switch {
	case len(b.assessed) == 0:
		texts = append(texts, say("文件中没有%s的目标。", "No document states a target of %s.", b.region.Short))
	case len(own) == 0:
		texts = append(texts, say("文件中没有%s自有且点名指标的目标，以下目标只作参考。",
			"No document states a target of %s's own with a named indicator; the targets below are references.", b.region.Short))
	default:
		texts = append(texts, say("%s有%s自有目标%s。", "%s has %s of its own%s.",
			b.region.Short, numberOf(len(own), "项", "target"), tally(own, "项")))
	}
	list := b.inOrder()
	switch {
	case len(list) == 0 || list[0].Status == assess.NotAssessed:
		texts = append(texts, b.firstFigure())
	case !list[0].Counted():
		texts = append(texts, say("%s：", "%s:", standsFor(list[0])), b.verdict(list[0]))
	case severity(list[0].Status) <= severity(assess.AtRisk):
		texts = append(texts, indicator.T("最需关注：", "Most in need of attention:"), b.verdict(list[0]))
	default:
		texts = append(texts, b.verdict(list[0]))
	}
	return sentences(texts...)
}

// standsFor says why a verdict that does not count is shown.
func standsFor(a Assessed) Text {
	if a.Input.Target.Region != a.Region {
		return indicator.T("参考全国目标", "Held against the national target")
	}
	return indicator.T("以代表指标看", "By a proxy indicator")
}

// verdict is the sentence of an assessment, since when it has been so, and
// whether it rests on generated figures.
func (b *builder) verdict(a Assessed) Text {
	text := b.sentence(a)
	if year := since(a, b.params.Method); year != 0 && year < a.Latest.Period.Year() {
		text = sentences(text, say("自%d年数据起一直如此。", "It has been so since the readings of %d.", year))
	}
	return sentences(text, b.exampleNote(a.Input.Series.Points...))
}

// exampleNote says so where any of the figures is a generated example: a
// sentence has no room for marks.
func (b *builder) exampleNote(points ...indicator.Point) Text {
	if !slices.ContainsFunc(points, func(p indicator.Point) bool { return b.generatedUpload(p.Upload) }) {
		return Text{}
	}
	b.generated = true
	return indicator.T("（含示例数据。）", "(Generated example figures.)")
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
	return sentences(say("%s。", "%s.", join("，", ", ", parts...)), b.exampleNote(point))
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
	return b.nothing(say("%s暂无已发布的数据。", "No readings of %s are published yet.", b.indicator.Name), b.indicator.Code)
}

func (b *builder) listLead(p Panel) Text {
	if p.Table == nil {
		return p.Empty
	}
	documents := map[string]bool{}
	var own []Assessed
	for _, a := range b.assessed {
		t := a.Input.Target
		if a.Region != t.Region || !b.passes(t) {
			continue
		}
		documents[t.Document] = true
		if a.Counted() {
			own = append(own, a)
		}
	}
	return say("共%s目标，出自%s文件；其中点名指标、计入评估的%d项%s。", "%s from %s. %d of them name an indicator and count%s.",
		numberOf(len(p.Table.Rows), "项", "target"), numberOf(len(documents), "份", "document"), len(own), tally(own, "项"))
}

func (b *builder) targetLead() Text {
	var texts []Text
	var others []Assessed
	for _, a := range b.assessed {
		if a.Region == b.proved {
			texts = append(texts, say("%s：", "%s:", b.regionName(a.Region)), b.verdict(a))
		}
		if a.Region != b.target.Region {
			others = append(others, a)
		}
	}
	if len(others) > 0 {
		texts = append(texts, say("作为参考，对照%s地区%s。", "As a reference for %s%s.", numberOf(len(others), "个", "region"), tally(others, "个")))
	}
	return sentences(texts...)
}
