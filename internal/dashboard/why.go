package dashboard

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Earlier is the moment that a page of one target is asked to compare with.
type Earlier struct {
	Moment
	Asked string // as the address names it
}

// Why says what changed the verdict of a track since an earlier moment. Without
// one it only offers to choose it.
type Why struct {
	Regions []Choice  // that the target is shown to
	Date    time.Time // the earlier moment; where none was asked for, a year before the page's
	Asked   string    // the earlier moment as the address names it; empty: none
	Target  string
	Region  string
	Method  string // empty: the default
	// From and To are the two moments in words, set where they are compared.
	From, To Text
	// Text is the cause in one sentence, or why there is nothing to compare.
	Text          Text
	Before, After *Cell // the two verdicts, nil where there is none
	Steps         []WhyStep
	Readings      *Table // the readings that changed; nil where none did
}

// WhyStep is one step of the replay.
type WhyStep struct {
	Kind         string
	Name, Text   Text
	Status       Cell // after the step
	Moved, Flips bool
	Cause        bool
}

// explain compares the verdict on the page's target with that of the earlier moment
// which the page is asked for. A statement has no verdict that could change.
func (b *builder) explain(ctx context.Context) error {
	i := slices.IndexFunc(b.assessed, func(a Assessed) bool { return a.Region == b.proved })
	if b.target == nil || i < 0 || b.assessed[i].Input.Indicator == nil || b.target.Kind == indicator.StatedOnly {
		return nil
	}
	a, t := b.assessed[i], b.target
	b.why = &Why{Target: t.ID, Region: a.Region, Method: b.params.Method, Date: b.asOfDate().AddDate(-1, 0, 0)}
	for _, code := range append([]string{t.Region}, t.ReferenceFor...) {
		b.why.Regions = append(b.why.Regions, Choice{code, b.regionName(code), code == a.Region})
	}
	earlier := b.params.Compare
	if earlier == nil {
		return nil
	}
	b.why.Asked, b.why.Date = earlier.Asked, earlier.Snap.AsOf()
	b.why.From, b.why.To = dateOf(b.why.Date), dateOf(b.asOfDate())
	q := b.query()
	q.Regions = []string{a.Region}
	changes, err := Compare(ctx, earlier.Moment, Moment{b.snap, b.catalog}, q)
	var damage *snapshot.DamageError
	switch {
	case errors.As(err, &damage):
		b.why.Text = say("账本中%s的数据与登记的不符，修复前无法比较。", "The ledger's readings of %s do not add up; nothing can be compared before they are repaired.", b.subject(t))
	case err != nil:
		return err
	default:
		b.tellWhy(b.why, a, changes[0])
	}
	return nil
}

func (b *builder) tellWhy(why *Why, a Assessed, c assess.Change) {
	why.Text = c.Explain()
	why.After = badgeCell(c.After, !a.Counted())
	if c.From.Target == nil {
		return
	}
	why.Before = badgeCell(c.Before, !c.From.Target.Counts(a.Region))
	if c.From.Target.ID != c.To.Target.ID {
		why.Text = sentences(why.Text, say("当时的目标编号为%s，后由本目标取代。", "The target was then %s, which this one supersedes.", c.From.Target.ID))
	}
	for _, s := range c.Steps {
		why.Steps = append(why.Steps, WhyStep{Kind: string(s.Kind), Name: assess.StepName(s.Kind), Text: c.ExplainStep(s),
			Status: *badgeCell(s.Verdict, !a.Counted()), Moved: s.Moved, Flips: s.Flips, Cause: s.Kind == c.Cause})
	}
	why.Readings = b.changedReadings(a, c)
}

func badgeCell(a assess.Assessment, hollow bool) *Cell {
	return &Cell{Status: a.Status, Reason: a.Reason, Hollow: hollow}
}

// changedReadings lists every reading that changed, by step and period, with what
// it did to the verdict and who gave it; those that decide alone are marked.
func (b *builder) changedReadings(a Assessed, c assess.Change) *Table {
	i := a.Input.Indicator
	change := i.Unit
	if inPoints(i) {
		change = pointUnit
	}
	t := &Table{ID: "why-readings", Caption: indicator.T("有变化的数据", "Readings that changed"), Columns: []Column{
		{Key: "period", Title: indicator.T("报告期", "Period")},
		{Key: "before", Title: indicator.T("原值", "Before"), Unit: i.Unit, Numeric: true},
		{Key: "after", Title: indicator.T("现值", "After"), Unit: i.Unit, Numeric: true},
		{Key: "change", Title: indicator.T("变动", "Change"), Unit: change, Numeric: true},
		{Key: "step", Title: indicator.T("变化", "What happened")},
		{Key: "effect", Title: indicator.T("对评估的作用", "Effect on the verdict")},
		{Key: "source", Title: indicator.T("来源", "Source")},
		{Key: "stage", Title: indicator.T("阶段", "Stage")},
		{Key: "uploader", Title: indicator.T("报送人", "Uploader")},
		{Key: "released", Title: indicator.T("公布时间", "Released")},
		{Key: "reason", Title: indicator.T("原因", "Reason")},
	}}
	for _, step := range c.Steps {
		for _, r := range step.Readings {
			t.Rows = append(t.Rows, Row{ID: r.Period.String(), Own: r.Alone, Cells: b.changedReading(a, c, step, r)})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

func (b *builder) changedReading(a Assessed, c assess.Change, step assess.Step, r assess.ReadingChange) []Cell {
	i := a.Input.Indicator
	decimals := i.Decimals
	for _, p := range []*indicator.Point{r.Before, r.After} {
		if p != nil {
			decimals = max(decimals, decimalsOf(p.Value))
		}
	}
	figure := func(p *indicator.Point) Cell {
		switch {
		case p == nil:
			return Cell{}
		case !p.Status.HasValue():
			return Cell{Text: indicator.StatusName(p.Status)}
		}
		return Cell{Number: &p.Value, Decimals: decimals, Marks: b.credits().point(a.Region, *p)}
	}
	before, after, difference := figure(r.Before), figure(r.After), Cell{}
	if before.Number != nil && after.Number != nil {
		by := *after.Number - *before.Number
		difference = Cell{Number: &by, Decimals: decimals, Signed: true}
	}
	told := r.After // what the row says who gave
	if step.Kind == assess.StepTakenBack {
		told = r.Before
	}
	id, origin := told.Upload, c.Origin(told.Upload)
	reason := indicator.T(origin.Reason, origin.Reason)
	if step.Kind == assess.StepTakenBack {
		reason = takenBack(origin)
	}
	source := Cell{Text: indicator.T(origin.Source, origin.Source), Link: &Link{Page: "upload", ID: id}}
	if origin.Source == "" {
		source.Text = indicator.T(id, id)
	}
	return []Cell{
		{Period: r.Period, Link: historyLink(i.Code, a.Region, r.Period)}, before, after, difference,
		{Text: assess.StepName(step.Kind)}, {Text: effectOf(step, r)}, source, {Text: indicator.StageName(origin.Stage)},
		{Text: indicator.T(origin.Uploader, origin.Uploader)}, {Time: origin.Released}, {Text: reason},
	}
}

func takenBack(o assess.Origin) Text {
	if o.RevertedAt.IsZero() {
		return indicator.T("已撤回", "taken back")
	}
	return join("：", ": ", say("%s由%s撤回", "taken back on %s by %s", dateOf(o.RevertedAt), o.RevertedBy), indicator.T(o.RevertNote, o.RevertNote))
}

// effectOf says what one reading does to the verdict after its step.
func effectOf(step assess.Step, r assess.ReadingChange) Text {
	switch {
	case r.Alone:
		return indicator.T("单独即改变状态", "changes the status alone")
	case r.Used && step.Flips:
		return indicator.T("与其他变化一起改变状态", "changes the status with others")
	case r.Used:
		return indicator.T("参与计算，状态未变", "used, the status stays")
	}
	return indicator.T("未参与计算", "not used")
}
