package assess

import (
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// judgement is one assessment while it is being made. A rule writes down its
// numbers with note, says with fail why there is no verdict, as often as there
// are reasons, or gives one with judge; finish picks the first reason that holds.
type judgement struct {
	in        Input
	target    *indicator.Target
	indicator *indicator.Indicator
	years     yearly // up to the as-of period and the target's last year
	asOfYear  int
	asOfDay   indicator.Date // the day on which "in force" is asked
	t         int            // year of the latest reading, valid when known
	yt        float64
	known     bool
	reasons   []Reason
	result    Assessment
}

// begin collects what every rule needs and the reasons that do not depend on it.
func begin(method string, version int, in Input) *judgement {
	j := &judgement{in: in, target: in.Target, indicator: in.Indicator}
	j.result = Assessment{Target: in.Target.ID, Region: in.Region, Method: method, Version: version}
	j.setAsOf()
	last := in.Target.LastYear()
	j.years = yearlyOf(in.Series, in.AsOfPeriod, last)
	if j.t, j.known = j.years.latest(); j.known {
		latest := j.years[j.t]
		j.yt = latest.Value
		j.result.Latest = &latest
	}
	// Closed: judged for ever by the readings up to the last year, which is how
	// years is cut; neither staleness nor the end of force matters any more.
	j.result.Closed = last != 0 && j.known && j.t == last && in.Target.Kind != indicator.StatedOnly
	if in.Target.Kind == indicator.StatedOnly {
		j.fail(NoVerdictStatement)
	}
	j.checkForce()
	if in.Indicator != nil {
		j.checkBasis()
		j.checkAge()
	}
	return j
}

// setAsOf: with an as-of period the as-of year is its year and "in force" is
// asked on its last day; without one both come from the day of the as of.
func (j *judgement) setAsOf() {
	day := j.in.AsOf.In(indicator.Shanghai)
	j.result.AsOfPeriod = indicator.Year(day.Year())
	if p := j.in.AsOfPeriod; !p.IsZero() {
		day = p.End().AddDate(0, 0, -1)
		j.result.AsOfPeriod = p
	}
	j.asOfYear = j.result.AsOfPeriod.Year()
	j.asOfDay = indicator.Date(day.Format(time.DateOnly))
}

func (j *judgement) checkForce() {
	from, until := j.target.InForceFrom, j.target.InForceUntil
	if from != "" && j.asOfDay < from || until != "" && j.asOfDay > until && !j.result.Closed {
		j.fail(NotInForce)
	}
}

// checkBasis: a target that says nothing of counting or prices means the indicator's.
func (j *judgement) checkBasis() {
	if j.target.Counted != "" && j.target.Counted != j.indicator.Counted ||
		j.target.Price != "" && j.target.Price != j.indicator.Price {
		j.fail(DifferentBasis)
	}
}

// checkAge looks at the reading the verdict would rest on, the latest at t ≤ tT.
// A pending verdict stays only as long as that reading is not stale.
func (j *judgement) checkAge() {
	switch {
	case !j.known:
		j.fail(TooFewReadings)
	case j.result.Closed:
	case j.asOfYear-j.t > 5:
		j.fail(Stale)
	default:
		j.result.Old = j.asOfYear-j.t > 1
	}
}

// over reports whether the target's last year is over: the as-of year is a later
// one, or the as-of period ends with it or after it.
func (j *judgement) over() bool {
	last := j.target.LastYear()
	if last == 0 {
		return false
	}
	if p := j.in.AsOfPeriod; !p.IsZero() {
		return !p.End().Before(indicator.Year(last).End())
	}
	return j.asOfYear > last
}

func (j *judgement) desired() float64 { return Desired(j.target, j.indicator) }

// vague: a value marked 左右 with neither bound nor tolerance has no side on
// which it is met; it is shown and not assessed.
func (j *judgement) vague() bool {
	return j.target.Approximate && j.target.Bound == "" && j.target.Tolerance == nil
}

// baseline is y0: the value the document states, which is that of the target's
// own region only, else the region's own reading of t0.
func (j *judgement) baseline() (float64, bool) {
	b := j.target.Baseline
	if b == nil {
		return 0, false
	}
	if b.Value != nil && j.in.Region == j.target.Region {
		return *b.Value, true
	}
	return j.years.at(b.Year)
}

// aim records T; gap and needed pace follow from it and the value compared with
// it, unless the two are on different bases.
func (j *judgement) aim(T float64) {
	j.note("T", T)
	if slices.Contains(j.reasons, DifferentBasis) || !finite(T) {
		return
	}
	j.result.TargetAt = &T
	if !j.known {
		return
	}
	gap := rounded9(T - j.yt) // 2.6 − 1.7 is 0.9
	if !finite(gap) {
		return
	}
	j.result.Gap = &gap
	if last := j.target.LastYear(); last > j.t {
		needed := rounded9(gap / float64(last-j.t))
		j.result.NeededPerYear = &needed
	}
}

func (j *judgement) note(name string, v float64) {
	j.result.Numbers = append(j.result.Numbers, Number{name, v})
}

func (j *judgement) noteLatest() {
	if j.known {
		j.note("t", float64(j.t))
		j.note("yt", j.yt)
	}
}

func (j *judgement) noteBaseline() {
	if y0, ok := j.baseline(); ok {
		j.note("t0", float64(j.target.Baseline.Year))
		j.note("y0", y0)
	}
}

func (j *judgement) fail(r Reason) { j.reasons = append(j.reasons, r) }

func (j *judgement) judge(s Status) { j.result.Status = s }

// finish picks the first reason in their order, else the verdict of the rule.
// Numbers too large for float64 are no arithmetic: undefined. Only miss may be
// infinite, by definition.
func (j *judgement) finish() Assessment {
	sound := slices.DeleteFunc(slices.Clone(j.result.Numbers), func(n Number) bool {
		return !finite(n.Value) && (n.Name != "miss" || n.Value != n.Value)
	})
	if len(sound) < len(j.result.Numbers) || j.result.Status == "" {
		j.fail(Undefined)
	}
	j.result.Numbers = sound
	for _, r := range Reasons {
		if slices.Contains(j.reasons, r) {
			j.result.Status, j.result.Reason, j.result.Ahead = NotAssessed, r, false
			return j.result
		}
	}
	last := j.target.LastYear()
	j.result.Early = j.result.Status == Achieved && last != 0 && j.t < last
	j.result.Pending = !j.result.Closed && j.over()
	return j.result
}
