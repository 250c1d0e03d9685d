package assess

import (
	"reflect"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Moment is one of two assessments to be compared: what it was made from, by
// which method (a name or a name with its version, see Run).
type Moment struct {
	Input
	Method string
	// Uploads are the uploads that were visible at the moment, by id: those that
	// Series names and those of the other moment that were there already.
	Uploads map[string]Origin
	// First, of the later moment, are the vintages in which readings first came out
	// that the earlier one did not have, where they were revised since.
	First map[indicator.Period]indicator.Point
}

// Origin is an upload as far as an explanation names it.
type Origin struct {
	Uploader, Source, Stage, Reason string
	Released                        time.Time
	Generated                       bool // made-up example data
	// RevertedAt is when the upload was taken back, zero: it was not.
	RevertedAt             time.Time
	RevertedBy, RevertNote string
}

// StepKind is one step of the replay.
type StepKind string

// The steps in the order of the replay. The first four are those of
// design/1-domain.md, with what was taken back beside the revisions; what is left
// is the calendar, which can end a target or make a reading stale by itself.
const (
	StepNew       StepKind = "new_readings" // readings where there was no value before, as they first came out
	StepRevised   StepKind = "revisions"    // values that a later upload changed
	StepTakenBack StepKind = "taken_back"   // values lost, or fallen back, because their upload was reverted
	StepTarget    StepKind = "target"       // the target, or the definition of its indicator
	StepMethod    StepKind = "method"       // the method or its version
	StepTime      StepKind = "time"         // the as-of year and day
)

// Steps lists all steps in their order.
var Steps = []StepKind{StepNew, StepRevised, StepTakenBack, StepTarget, StepMethod, StepTime}

// Step is the verdict after what the steps before it and this one changed.
type Step struct {
	Kind     StepKind
	Verdict  Assessment
	Flips    bool            // another status, or another reason for none, than before the step
	Moved    bool            // what the step is about is not the same at both moments
	Readings []ReadingChange // of the three steps of readings, by period
	Fields   []FieldChange   // of StepTarget
}

// ReadingChange is one period whose reading is another at the second moment.
type ReadingChange struct {
	Period        indicator.Period
	Before, After *indicator.Point // nil: none was there
	Used          bool             // the arithmetic after the step depends on it
	Alone         bool             // it alone gives the verdict that the step flips to
}

// Change is the comparison of two assessments of one target in one region.
type Change struct {
	From, To      Moment
	Before, After Assessment
	Steps         []Step // one for each kind, in the order of the replay
	// Cause is the first step that flips the status, StepTarget where the target is
	// there at one of the moments only; empty where both verdicts are the same.
	Cause StepKind
}

// SameVerdict reports whether two assessments say the same: status, and reason
// where there is none.
func SameVerdict(a, b Assessment) bool { return a.Status == b.Status && a.Reason == b.Reason }

// Changed reports whether the verdicts of the two moments differ.
func (c Change) Changed() bool { return !SameVerdict(c.Before, c.After) }

// Step finds the step of a kind.
func (c Change) Step(kind StepKind) Step {
	for _, s := range c.Steps {
		if s.Kind == kind {
			return s
		}
	}
	return Step{Kind: kind, Verdict: c.After}
}

// Origin is what is known of an upload that one of the changed readings is from.
func (c Change) Origin(upload string) Origin {
	if o, ok := c.From.Uploads[upload]; ok {
		return o
	}
	return c.To.Uploads[upload]
}

// Compare replays what lies between two assessments in the order of Steps. Both
// moments must be of one region, and their targets one target or its successor;
// where one of them has no target, the change has one assessment and no steps.
// The error is that of Run.
func Compare(from, to Moment) (Change, error) { return compare(from, to, Run) }

type runner func(method string, in Input) (Assessment, error)

func compare(from, to Moment, run runner) (Change, error) {
	c := Change{From: from, To: to}
	var err error
	if from.Target != nil {
		if c.Before, err = run(from.Method, from.Input); err != nil {
			return Change{}, err
		}
	}
	if to.Target != nil {
		if c.After, err = run(to.Method, to.Input); err != nil {
			return Change{}, err
		}
	}
	if from.Target == nil || to.Target == nil {
		c.Cause = StepTarget
		return c, nil
	}
	r := replay{run: run, state: from, verdict: c.Before}
	var changes map[StepKind][]ReadingChange
	if from.Series.Indicator == to.Series.Indicator { // readings of two indicators cannot be compared
		changes = readingChanges(from, to)
	}
	for _, kind := range Steps {
		step := Step{Kind: kind, Readings: changes[kind]}
		switch kind {
		case StepNew, StepRevised, StepTakenBack:
			r.read(&step)
		case StepTarget:
			step.Fields = fieldChanges(from.Input, to.Input)
			step.Moved = len(step.Fields) > 0
			r.state.Target, r.state.Indicator = to.Target, to.Indicator
			if from.Series.Indicator != to.Series.Indicator {
				r.state.Series = to.Series
			}
		case StepMethod:
			r.state.Method = to.Method
			step.Moved = c.Before.Method != c.After.Method || c.Before.Version != c.After.Version
		case StepTime:
			r.state = to
			step.Moved = !from.AsOf.Equal(to.AsOf) || from.AsOfPeriod != to.AsOfPeriod
		}
		r.settle(&step)
		c.Steps = append(c.Steps, step)
		if step.Flips && c.Cause == "" && c.Changed() {
			c.Cause = kind
		}
	}
	return c, nil
}

// replay carries the state between two steps. The first run of each method at
// both moments has shown that it is known, so later runs do not fail.
type replay struct {
	run     runner
	state   Moment
	verdict Assessment
}

func (r *replay) assess(s indicator.Series) Assessment {
	in := r.state.Input
	in.Series = s
	a, _ := r.run(r.state.Method, in)
	return a
}

// settle gives the step its verdict.
func (r *replay) settle(step *Step) {
	step.Verdict = r.assess(r.state.Series)
	step.Flips = !SameVerdict(step.Verdict, r.verdict)
	r.verdict = step.Verdict
}

// read applies the readings of a step, and tries each without the others and the
// others without it.
func (r *replay) read(step *Step) {
	step.Moved = len(step.Readings) > 0
	before := r.state.Series
	after := with(before, step.Readings)
	whole := r.assess(after)
	for i := range step.Readings {
		others := slices.Delete(slices.Clone(step.Readings), i, i+1)
		step.Readings[i].Used = !sameArithmetic(r.assess(with(before, others)), whole)
		step.Readings[i].Alone = !SameVerdict(whole, r.verdict) &&
			SameVerdict(r.assess(with(before, step.Readings[i:i+1])), whole)
	}
	r.state.Series = after
}

func sameArithmetic(a, b Assessment) bool {
	return SameVerdict(a, b) && reflect.DeepEqual(a.Numbers, b.Numbers)
}

// with is the series with some readings as they are at the second moment.
func with(s indicator.Series, changes []ReadingChange) indicator.Series {
	points := slices.Clone(s.Points)
	for _, c := range changes {
		at, found := slices.BinarySearchFunc(points, c.Period, func(p indicator.Point, period indicator.Period) int {
			return p.Period.Compare(period)
		})
		switch {
		case found && c.After == nil:
			points = slices.Delete(points, at, at+1)
		case found:
			points[at] = *c.After
		case c.After != nil:
			points = slices.Insert(points, at, *c.After)
		}
	}
	s.Points = points
	return s
}

// readingChanges sorts the periods whose reading differs into their steps. A later
// upload that repeats value and status changes nothing.
func readingChanges(from, to Moment) map[StepKind][]ReadingChange {
	before, after := byPeriod(from.Series), byPeriod(to.Series)
	var periods []indicator.Period
	for p := range before {
		periods = append(periods, p)
	}
	for p := range after {
		if before[p] == nil {
			periods = append(periods, p)
		}
	}
	slices.SortFunc(periods, indicator.Period.Compare)
	changes := map[StepKind][]ReadingChange{}
	for _, p := range periods {
		c := ReadingChange{Period: p, Before: before[p], After: after[p]}
		kind := c.kind(from, to)
		if first, ok := to.First[p]; ok && kind == StepNew {
			changes[StepNew] = append(changes[StepNew], ReadingChange{Period: p, Before: c.Before, After: &first})
			c.Before = &first
			kind = c.kind(from, to)
		}
		if kind != "" {
			changes[kind] = append(changes[kind], c)
		}
	}
	return changes
}

func byPeriod(s indicator.Series) map[indicator.Period]*indicator.Point {
	points := map[indicator.Period]*indicator.Point{}
	for i := range s.Points {
		points[s.Points[i].Period] = &s.Points[i]
	}
	return points
}

func (c ReadingChange) kind(from, to Moment) StepKind {
	switch {
	case !hasValue(c.Before) && !hasValue(c.After):
		return ""
	case !hasValue(c.Before):
		return StepNew
	case c.After == nil:
		return StepTakenBack
	case c.Before.Value == c.After.Value && c.Before.Status == c.After.Status:
		return ""
	case c.fellBack(from, to):
		return StepTakenBack
	}
	return StepRevised
}

// fellBack: the upload of the first moment is gone, and what gives the value now
// was there beside it.
func (c ReadingChange) fellBack(from, to Moment) bool {
	_, stands := to.Uploads[c.Before.Upload]
	_, older := from.Uploads[c.After.Upload]
	return !stands && older
}

func hasValue(p *indicator.Point) bool { return p != nil && p.Status.HasValue() }
