package dashboard

import (
	"fmt"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// TrackProof is what a verdict can be checked by beside its arithmetic. A page of
// many targets has only the sentence, and leads to the page that has all.
type TrackProof struct {
	// Precedent tells the pace needed, how often regions kept it up, and until
	// when this region's best would do; empty where no pace is needed.
	Precedent Text
	Facts     []Fact // the same as lines
	Reached   *Table // the windows that reached the pace needed, best first
	Readings  *Table // the region's readings that the verdict looks at, newest first
	Agreement Text   // whether the methods come to one verdict
	Disagree  bool   // they do not
	Methods   []MethodVerdict
}

// MethodVerdict is the verdict of one method that is not the page's.
type MethodVerdict struct {
	ID         string // pace@1
	Title      Text
	Status     assess.Status
	Reason     assess.Reason
	Sentence   Text
	Arithmetic []Fact
}

// precedentOnly is the proof as a page of many targets shows it.
func (b *builder) precedentOnly(a Assessed) *TrackProof {
	p, level := b.precedent(a)
	if p == nil {
		return nil
	}
	return &TrackProof{Precedent: b.precedentSentence(a, p, level)}
}

// wholeProof is the proof on the target's own page.
func (b *builder) wholeProof(a Assessed, id string, c *credits) *TrackProof {
	p := b.prove(a, b.params.Method)
	view := &TrackProof{Readings: b.readingsTable(p, "readings-"+id, c)}
	view.Agreement, view.Disagree = agreement(p)
	if p.Precedent != nil {
		view.Precedent = b.precedentSentence(a, p.Precedent, p.Level)
		view.Facts = precedentFacts(a, p.Precedent)
		view.Reached = b.reachedTable(a, p.Precedent, "precedent-"+id)
	}
	for _, o := range p.Others {
		view.Methods = append(view.Methods, MethodVerdict{
			ID: fmt.Sprintf("%s@%d", o.Method, o.Version), Title: methodTitle(o), Status: o.Status, Reason: o.Reason,
			Sentence: b.sentence(o), Arithmetic: arithmetic(o),
		})
	}
	return view
}

// precedentFacts: a pace in units is among the facts of the verdict already.
func precedentFacts(a Assessed, p *assess.Precedent) []Fact {
	w := pacesOf(a, p)
	pace := func(v float64) Cell {
		return Cell{Number: &v, Decimals: w.decimals(v), Unit: w.unit(), Signed: !w.summed}
	}
	var facts []Fact
	add := func(zh, en string, cell Cell) { facts = append(facts, Fact{indicator.T(zh, en), cell}) }
	if p.Compound || a.NeededPerYear == nil {
		add("今后需年均增速", "Growth needed a year", pace(p.Needed))
	}
	if p.Windows > 0 {
		add("达到所需速度的五年时段", "Windows that reached it", Cell{Text: say("%d个，共%d个", "%d of %d", len(p.Reached), p.Windows)})
	}
	if p.Best == nil || ahead(a, p) {
		return facts
	}
	best := pace(p.Best.Pace)
	best.Note = windowYears(*p.Best)
	add("本地区最好五年年均", "Best five years here, a year", best)
	last := a.Input.Target.LastYear()
	if last == 0 || p.LastStart >= last {
		return facts
	}
	start := Cell{Text: indicator.T("已来不及", "too late")}
	if p.LastStart != 0 {
		start = Cell{Period: indicator.Year(p.LastStart)}
	}
	add("按此速度的最迟起步年份", "Latest year to set out at that pace", start)
	return facts
}

// reachedTable lists the windows that reached the pace needed; nil where none did.
func (b *builder) reachedTable(a Assessed, p *assess.Precedent, id string) *Table {
	if len(p.Reached) == 0 {
		return nil
	}
	w := pacesOf(a, p)
	t := &Table{ID: id, Caption: indicator.T("达到所需速度的五年时段", "Five-year windows that reached the pace needed"), Columns: []Column{
		{Key: "region", Title: indicator.T("地区", "Region")},
		{Key: "years", Title: indicator.T("年份", "Years")},
		{Key: "pace", Title: indicator.T("年均", "A year"), Unit: w.unit(), Numeric: true},
	}}
	for _, x := range p.Reached {
		pace := x.Pace
		t.Rows = append(t.Rows, Row{ID: fmt.Sprintf("%s-%d", x.Region, x.To), Own: x.Region == a.Region, Cells: []Cell{
			{Text: b.regionName(x.Region), Link: &Link{Page: "region", ID: x.Region}},
			{Text: windowYears(x)},
			{Number: &pace, Decimals: w.decimals(pace), Signed: !w.summed},
		}})
	}
	return t
}

// readingsTable lists the readings with the vintage that each is of.
func (b *builder) readingsTable(p Proof, id string, c *credits) *Table {
	i := p.Input.Indicator
	if i == nil || len(p.Readings) == 0 {
		return nil
	}
	t := &Table{ID: id, Caption: indicator.T("评估所用数据", "Readings used"), Columns: []Column{
		{Key: "period", Title: indicator.T("报告期", "Period")},
		{Key: "value", Title: indicator.T("数值", "Value"), Unit: i.Unit, Numeric: true},
		{Key: "use", Title: indicator.T("用途", "Used as")},
		{Key: "status", Title: indicator.T("数据状态", "Status")},
		{Key: "released", Title: indicator.T("公布时间", "Released")},
		{Key: "source", Title: indicator.T("报送批次", "Upload")},
	}}
	for n := len(p.Readings) - 1; n >= 0; n-- {
		t.Rows = append(t.Rows, b.readingRow(p.Region, i, p.Readings[n], c))
	}
	return t
}

func (b *builder) readingRow(region string, i *indicator.Indicator, r UsedReading, c *credits) Row {
	value := Cell{Text: indicator.T("无数值", "no value"), Link: historyLink(i.Code, region, r.Period)}
	marks := c.point(region, r.Point)
	if r.Status.HasValue() {
		value = Cell{Number: &r.Value, Decimals: i.Decimals, Marks: marks, Link: value.Link}
	}
	released, source := Cell{}, Cell{Text: indicator.T(r.Upload, r.Upload), Link: &Link{Page: "upload", ID: r.Upload}}
	if p, ok := b.snap.Publication(r.Upload); ok {
		released.Time = p.Released
		switch { // the whole source stands under the chart
		case p.Stage != "":
			source.Text = indicator.StageName(p.Stage)
		case p.Source != "":
			source.Text = indicator.T(p.Source, p.Source)
		}
	}
	var uses []Text
	for _, name := range r.Gave {
		uses = append(uses, useName(name))
	}
	return Row{ID: r.Period.String(), Cells: []Cell{
		{Period: r.Period}, value, {Text: enumerate(uses...)}, {Text: indicator.StatusName(r.Status)}, released, source,
	}}
}

func useName(number string) Text {
	if number == "sum" {
		return indicator.T("计入合计", "part of the sum")
	}
	return assess.NumberName(number)
}

// milestoneFacts are the values on the way, each with what its year's reading says.
func milestoneFacts(a Assessed) []Fact {
	i := a.Input.Indicator
	if i == nil {
		return nil
	}
	var facts []Fact
	for _, m := range a.Milestones {
		value := m.Value
		cell := Cell{Number: &value, Decimals: max(i.Decimals, min(decimalsOf(value), 2)), Unit: i.Unit, Note: milestoneState(m.State)}
		facts = append(facts, Fact{say("%d年阶段目标", "Milestone for %d", m.Year), cell})
	}
	return facts
}

func milestoneState(s assess.MilestoneState) Text {
	switch s {
	case assess.MilestoneMet:
		return indicator.T("已达到", "reached")
	case assess.MilestoneMissed:
		return indicator.T("未达到", "not reached")
	case assess.MilestoneOpen:
		return indicator.T("数据尚未公布", "its reading is not out")
	}
	return assess.StatusName(assess.NotAssessed)
}
