package dashboard

import (
	"context"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// pageHistory is the name of the page of one reading's vintages. It has no
// definition file: what it shows is given by the reading.
const pageHistory = "history"

// historyLink leads from a figure to its vintages.
func historyLink(code, region string, period indicator.Period) *Link {
	return &Link{Page: pageHistory, Reading: indicator.Key{Indicator: code, Region: region, Period: period}}
}

// History makes the page of one reading: every vintage with who gave it, when and
// why, and how the figure stood over time. A code that the catalogue does not
// know is an UnknownError; other errors are the ledger's.
func History(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog, key indicator.Key, now time.Time) (*View, error) {
	b := &builder{reader: newReader(snap, catalog, indicator.Period{}), def: &Definition{Page: pageHistory}, params: Params{Now: now}}
	if b.indicator = catalog.Indicator(key.Indicator); b.indicator == nil {
		return nil, &UnknownError{"indicator", key.Indicator}
	}
	if b.region = catalog.Region(key.Region); b.region == nil {
		return nil, &UnknownError{"region", key.Region}
	}
	vintages, steps, err := snap.History(ctx, key)
	if err != nil {
		return nil, err
	}
	h := &history{builder: b, credits: b.credits(), period: key.Period, vintages: vintages, decimals: b.indicator.Decimals}
	for _, v := range vintages {
		h.decimals = max(h.decimals, decimalsOf(v.Value))
	}
	title := join("，", ", ", join(" ", ", ", b.region.Short, b.indicator.Name), periodOf(key.Period))
	view := &View{
		Page: pageHistory, Title: title, Lead: h.lead(),
		Breadcrumb: []Crumb{{b.region.Short, &Link{Page: "region", ID: key.Region}},
			{b.indicator.Name, &Link{Page: "indicator", ID: key.Indicator}}, {say("%s的数据版本", "Vintages for %s", periodOf(key.Period)), nil}},
		AsOf: snap.AsOf(), Version: int64(snap.Version()), Catalogue: catalog.Hash(),
		Panels: []Panel{h.panel(title, steps)},
	}
	view.Notices = b.notices()
	return view, nil
}

// history is the page of one reading in the making.
type history struct {
	*builder
	credits  *credits
	period   indicator.Period
	vintages []snapshot.Vintage
	decimals int // the places of the vintage that has most: rounding would hide revisions
}

// standing are the vintages that were not taken back, oldest first.
func (h *history) standing() []snapshot.Vintage {
	return slices.DeleteFunc(slices.Clone(h.vintages), func(v snapshot.Vintage) bool { return v.Reverted })
}

func (h *history) amount(v snapshot.Vintage) Text {
	if !v.Status.HasValue() {
		return say("无数值（%s）", "no value (%s)", indicator.StatusName(v.Status))
	}
	return amount(v.Value, h.decimals, h.indicator.Unit)
}

// lead says what the figure is, since when, and how far it was revised.
func (h *history) lead() Text {
	standing := h.standing()
	switch {
	case len(h.vintages) == 0:
		return indicator.T("这一数据还没有公布过。", "This figure has not been published.")
	case len(standing) == 0:
		return say("公布过%s，均已撤回，现无数值。", "It had %s, all taken back: there is no value now.", numberOf(len(h.vintages), "个版本", "vintage"))
	}
	last := standing[len(standing)-1]
	text := say("现为%s，%s公布。", "The figure is %s, released on %s.", h.amount(last), dateOf(last.Publication.Released))
	changes := 0
	for n := 1; n < len(standing); n++ {
		if differs(standing[n-1], standing[n]) {
			changes++
		}
	}
	if changes == 0 {
		return sentences(text, say("共%s，数值未作修订。", "It has %s and was never revised.", numberOf(len(standing), "个版本", "vintage")))
	}
	first := standing[0]
	return sentences(text, say("共%s，数值有%s；最初公布为%s（%s）。", "It has %s, with %s; the first was %s (%s).",
		numberOf(len(standing), "个版本", "vintage"), numberOf(changes, "次修订", "revision"), h.amount(first), dateOf(first.Publication.Released)))
}

// differs reports whether two vintages are two figures.
func differs(a, b snapshot.Vintage) bool {
	return a.Value != b.Value || a.Status.HasValue() != b.Status.HasValue()
}

func (h *history) panel(title Text, steps []snapshot.Step) Panel {
	p := Panel{ID: "vintages", Title: indicator.T("数据版本", "Vintages")}
	if len(h.vintages) == 0 {
		p.Empty = indicator.T("没有这一数据的任何版本。核对地址中的地区和报告期，或等填报人报送并经审核发布。",
			"There is no vintage of this figure. Check region and period in the address, or wait until a statistician has uploaded it and a reviewer published it.")
		return p
	}
	table := h.table(p.Title)
	p.Table = &table
	if chart := h.chart(title, steps); chart != nil {
		p.Figure = &Figure{ID: chart.ID, Chart: chart} // its table is the panel's
	}
	foot := h.credits.foot()
	foot.Sources = nil // the table has them
	p.Foot = &foot
	return p
}

func (h *history) table(title Text) Table {
	change := h.indicator.Unit
	if inPoints(h.indicator) {
		change = pointUnit
	}
	t := Table{ID: "table-vintages", Caption: title, Columns: []Column{
		{Key: "released", Title: indicator.T("公布时间", "Released")},
		{Key: "value", Title: indicator.T("数值", "Value"), Unit: h.indicator.Unit, Numeric: true},
		{Key: "change", Title: indicator.T("修订", "Revision"), Sub: indicator.T("比上一版本", "on the vintage before"), Unit: change, Numeric: true},
		{Key: "state", Title: indicator.T("现状", "State")},
		{Key: "stage", Title: indicator.T("阶段", "Stage")},
		{Key: "source", Title: indicator.T("来源", "Source")},
		{Key: "uploader", Title: indicator.T("报送人", "Uploader")},
		{Key: "reason", Title: indicator.T("修订原因", "Reason")},
		{Key: "published", Title: indicator.T("发布时间", "Published")},
	}}
	var before *snapshot.Vintage
	for n := range h.vintages {
		v := &h.vintages[n]
		t.Rows = append(t.Rows, Row{ID: v.Publication.ID, Own: v.Counts, Cells: h.cells(*v, before)})
		if !v.Reverted {
			before = v
		}
	}
	slices.Reverse(t.Rows) // newest first
	return t
}

func (h *history) cells(v snapshot.Vintage, before *snapshot.Vintage) []Cell {
	p := v.Publication
	same := func(s string) Cell { return Cell{Text: indicator.T(s, s)} }
	value := Cell{Text: h.amount(v)}
	marks := h.credits.point(v.Region, indicator.Point{Period: v.Period, Value: v.Value, Status: v.Status, Upload: p.ID})
	if v.Status.HasValue() {
		number := v.Value
		value = Cell{Number: &number, Decimals: h.decimals, Marks: marks}
	}
	revision := Cell{}
	if before != nil && !v.Reverted && v.Status.HasValue() && before.Status.HasValue() {
		difference := v.Value - before.Value
		revision = Cell{Number: &difference, Decimals: h.decimals, Signed: true}
	}
	source := same(p.Source)
	if p.Source == "" {
		source = same(p.ID)
	}
	source.Link = &Link{Page: "upload", ID: p.ID}
	return []Cell{{Time: p.Released}, value, revision, {Text: stateOf(v)}, {Text: indicator.StageName(p.Stage)},
		source, same(p.Uploader), same(p.Reason), {Time: p.At.Time()}}
}

// stateOf says what became of a vintage.
func stateOf(v snapshot.Vintage) Text {
	p := v.Publication
	switch {
	case v.Counts:
		return indicator.T("现行", "in force")
	case !v.Reverted:
		return indicator.T("已被取代", "superseded")
	}
	text := say("%s撤回", "taken back on %s", dateOf(p.RevertedAt.Time()))
	if p.RevertedBy != "" {
		text = say("%s由%s撤回", "taken back on %s by %s", dateOf(p.RevertedAt.Time()), p.RevertedBy)
	}
	return join("：", ": ", text, indicator.T(p.RevertNote, p.RevertNote))
}

// chart draws how the figure stood over time; nil where it never changed.
func (h *history) chart(title Text, steps []snapshot.Step) *Chart {
	chart := &Chart{ID: "chart-vintages", Form: FormSteps, Title: title, Unit: h.indicator.Unit, Decimals: h.decimals, Until: h.asOfDate()}
	figures := 0
	for _, s := range steps {
		step := Step{At: s.At}
		if s.Vintage != nil && s.Vintage.Status.HasValue() {
			value := s.Vintage.Value
			step.Value, step.Note = &value, indicator.StageName(s.Vintage.Publication.Stage)
			chart.Generated = chart.Generated || s.Vintage.Publication.Generated
			figures++
		}
		chart.Steps = append(chart.Steps, step)
	}
	if figures == 0 || len(steps) < 2 {
		return nil
	}
	chart.Description = say("阶梯图：%s，自%s起，%s。", "Step chart: %s, from %s on, %s.", title, dateOf(steps[0].At), numberOf(len(steps), "段", "step"))
	return chart
}
