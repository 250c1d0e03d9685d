package dashboard

import (
	"cmp"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// targetList lists the targets of all documents with the status of the region
// that each is for.
func (b *builder) targetList(p *Panel) {
	p.Filters = b.filters()
	table := &Table{ID: p.ID, Caption: p.Title, Columns: []Column{
		{Key: "status", Title: indicator.T("状态", "Status")},
		{Key: "region", Title: indicator.T("地区", "Region")},
		{Key: "indicator", Title: indicator.T("指标", "Indicator")},
		{Key: "target", Title: indicator.T("目标", "Target")},
		{Key: "statement", Title: indicator.T("内容", "Statement")},
		{Key: "document", Title: indicator.T("文件", "Document")},
		{Key: "locator", Title: indicator.T("位置", "Place")},
		{Key: "kind", Title: indicator.T("类型", "Kind")},
		{Key: "binding", Title: indicator.T("性质", "Force")},
	}}
	c := b.credits()
	var shown []Assessed
	for _, a := range b.assessed {
		t := a.Input.Target
		if a.Region != t.Region || !b.passes(t) {
			continue
		}
		shown = append(shown, a)
		region := Cell{Text: b.regionName(t.Region)}
		if t.Region != "" {
			region.Link = &Link{Page: "region", ID: t.Region}
		}
		status := statusCell([]Assessed{a}, c)
		status.Link = &Link{Page: "target", ID: t.ID}
		table.Rows = append(table.Rows, Row{ID: t.ID, Cells: []Cell{
			status, region, {Text: b.subject(t)},
			{Text: Headline(t, a.Input.Indicator), Link: &Link{Page: "target", ID: t.ID}},
			{Text: t.Statement},
			{Text: b.documentTitle(t), Link: &Link{Page: "targets", ID: t.Document}},
			{Text: t.Locator}, {Text: KindName(t.Kind)}, {Text: BindingName(t.Binding)},
		}})
	}
	if len(table.Rows) == 0 {
		p.Empty = indicator.T("没有符合条件的目标。请放宽筛选条件。", "No target passes these filters. Choose fewer of them.")
		return
	}
	p.Table, p.Counts = table, counts(counted(shown))
	foot := c.foot()
	p.Foot = &foot
}

// passes reports whether a target is wanted. A region is passed by its own
// targets and by those it is a reference for.
func (b *builder) passes(t *indicator.Target) bool {
	f := b.params.Filters
	is := func(wanted, have string) bool { return wanted == "" || wanted == have }
	return is(f.Document, t.Document) && is(f.Topic, t.Topic) && is(f.Kind, string(t.Kind)) &&
		is(f.Binding, string(t.Binding)) && is(f.Lead, t.Lead.ZH) &&
		(is(f.Region, t.Region) || slices.Contains(t.ReferenceFor, f.Region))
}

// filters offers what occurs among the targets, in the order of the catalogue.
func (b *builder) filters() []Filter {
	chosen := b.params.Filters
	list := []Filter{
		{Name: "document", Title: indicator.T("文件", "Document")},
		{Name: "region", Title: indicator.T("地区", "Region")},
		{Name: "topic", Title: indicator.T("主题", "Topic")},
		{Name: "kind", Title: indicator.T("类型", "Kind")},
		{Name: "binding", Title: indicator.T("性质", "Force")},
		{Name: "lead", Title: indicator.T("牵头单位", "Lead")},
	}
	wanted := []string{chosen.Document, chosen.Region, chosen.Topic, chosen.Kind, chosen.Binding, chosen.Lead}
	for n := range list {
		list[n].Choices = []Choice{{"", indicator.T("全部", "All"), wanted[n] == ""}}
	}
	add := func(n int, value string, name Text) {
		known := slices.ContainsFunc(list[n].Choices, func(c Choice) bool { return c.Value == value })
		if value != "" && !known {
			list[n].Choices = append(list[n].Choices, Choice{value, name, value == wanted[n]})
		}
	}
	for n := range b.catalog.Targets {
		t := &b.catalog.Targets[n]
		if t.SupersededBy != "" {
			continue
		}
		add(0, t.Document, b.documentTitle(t))
		add(1, t.Region, b.regionName(t.Region))
		for _, code := range t.ReferenceFor {
			add(1, code, b.regionName(code))
		}
		add(2, t.Topic, b.topicName(t.Topic))
		add(3, string(t.Kind), KindName(t.Kind))
		add(4, string(t.Binding), BindingName(t.Binding))
		add(5, t.Lead.ZH, t.Lead)
	}
	slices.SortStableFunc(list[1].Choices, func(x, y Choice) int { return cmp.Compare(x.Value, y.Value) })
	return slices.DeleteFunc(list, func(f Filter) bool { return len(f.Choices) < 2 })
}

// targetCard is what the document says and the track of the region that the page
// is asked for.
func (b *builder) targetCard(p *Panel) {
	t := b.target
	card := &Card{Text: []Text{t.Statement}}
	add := func(zh, en string, cell Cell) {
		if !cell.IsEmpty() {
			card.Facts = append(card.Facts, Fact{indicator.T(zh, en), cell})
		}
	}
	words := func(zh, en string, text Text) { add(zh, en, Cell{Text: text}) }
	if d := b.catalog.Document(t.Document); d != nil {
		add("文件", "Document", Cell{Text: d.Title, Link: &Link{Page: "targets", ID: d.ID}})
		words("发文单位", "Issuer", d.Issuer)
		words("日期", "Date", indicator.T(d.Date, d.Date))
		words("来源", "Address", indicator.T(d.Address, d.Address))
		words("文本性质", "Kind of source", sourceKindName(d.SourceKind))
		words("核对情况", "How it was seen", d.Seen)
		words("说明", "Note", d.Note)
	}
	words("位置", "Place", t.Locator)
	if i := b.catalog.Indicator(t.Indicator); i != nil {
		add("指标", "Indicator", Cell{Text: i.Name, Link: &Link{Page: "indicator", ID: i.Code}})
	}
	words("类型", "Kind", KindName(t.Kind))
	if t.Indicator != "" {
		words("目标", "Target", Headline(t, b.catalog.Indicator(t.Indicator)))
	}
	words("依据", "Basis", basisName(t.Basis))
	words("主题", "Topic", b.topicName(t.Topic))
	card.Facts = append(card.Facts, b.targetFacts(t, t.Region)...)
	words("生效", "In force from", indicator.T(string(t.InForceFrom), string(t.InForceFrom)))
	words("失效", "In force until", indicator.T(string(t.InForceUntil), string(t.InForceUntil)))
	if t.SupersededBy != "" {
		add("已由新目标取代", "Superseded by", Cell{Text: indicator.T(t.SupersededBy, t.SupersededBy), Link: &Link{Page: "target", ID: t.SupersededBy}})
	}
	p.Card = card
	for _, a := range b.assessed {
		if a.Region == b.proved {
			track := b.track(a, trackAnchor(t.ID), 0)
			track.Proof, track.Whole = b.wholeProof(a, track.ID, b.credits()), true
			track.Why = b.why
			p.Tracks = append(p.Tracks, track)
		}
	}
}

func basisName(basis indicator.Basis) Text {
	switch basis {
	case indicator.Stated:
		return indicator.T("文件原文载明", "stated in the document")
	case indicator.Interpreted:
		return indicator.T("解读", "interpreted")
	}
	return Text{}
}

func sourceKindName(k indicator.SourceKind) Text {
	switch k {
	case indicator.Original:
		return indicator.T("原文", "original")
	case indicator.Translation:
		return indicator.T("译文", "translation")
	case indicator.News:
		return indicator.T("新闻报道", "news")
	}
	return Text{}
}

// standings shows how every region stands to one target: its own first, then
// those it is a reference for, the ones that need attention most on top.
func (b *builder) standings(p *Panel) {
	t, i := b.target, b.catalog.Indicator(b.target.Indicator)
	if i == nil {
		p.Empty = indicator.T("定性表述没有可对照的指标。", "A statement in words has no indicator to be held against.")
		return
	}
	c := b.credits()
	change := i.Unit
	if inPoints(i) {
		change = pointUnit
	}
	table := &Table{ID: p.ID, Caption: p.Title, Columns: []Column{
		{Key: "status", Title: indicator.T("状态", "Status")},
		{Key: "region", Title: indicator.T("地区", "Region")},
		{Key: "value", Title: indicator.T("最新值", "Latest"), Unit: i.Unit, Numeric: true},
		{Key: "period", Title: indicator.T("报告期", "Period")},
		{Key: "gap", Title: indicator.T("差距", "Gap"), Unit: change, Numeric: true},
		{Key: "needed", Title: indicator.T("今后每年需", "Needed a year"), Unit: change, Numeric: true},
		{Key: "sentence", Title: indicator.T("评估", "Assessment")},
	}}
	list := slices.Clone(b.assessed)
	slices.SortStableFunc(list, func(x, y Assessed) int {
		return cmp.Or(boolLast(x.Region == t.Region, y.Region == t.Region), cmp.Compare(severity(x.Status), severity(y.Status)))
	})
	for _, a := range list {
		status := statusCell([]Assessed{a}, c)
		status.Link = targetLink(t, a.Region)
		row := Row{ID: a.Region, Own: a.Region == b.proved, Cells: []Cell{
			status, {Text: b.regionName(a.Region), Link: &Link{Page: "region", ID: a.Region, Anchor: trackAnchor(t.ID)}},
			{}, {}, {}, {}, {Text: sentences(b.sentence(a), b.exampleNote(a.Input.Series.Points...))},
		}}
		if a.Latest != nil {
			row.Cells[2] = Cell{Number: &a.Latest.Value, Decimals: i.Decimals, Marks: c.point(a.Region, *a.Latest),
				Link: historyLink(i.Code, a.Region, a.Latest.Period)}
			row.Cells[3] = Cell{Period: a.Latest.Period}
		}
		if a.Gap != nil {
			row.Cells[4] = Cell{Number: a.Gap, Decimals: i.Decimals, Signed: true}
		}
		if a.NeededPerYear != nil {
			row.Cells[5] = Cell{Number: a.NeededPerYear, Decimals: max(i.Decimals, 1), Signed: true}
		}
		table.Rows = append(table.Rows, row)
	}
	if !slices.ContainsFunc(list, func(a Assessed) bool { return a.Gap != nil }) {
		table.keep(func(col Column) bool { return col.Key != "gap" && col.Key != "needed" })
	}
	p.Table, p.Counts = table, counts(list)
	foot := c.foot()
	p.Foot = &foot
}
