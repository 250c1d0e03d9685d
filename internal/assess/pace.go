package assess

import "github.com/dabiao/dabiao/internal/indicator"

// Pace is the method pace, version 1: the average yearly change of the last
// five years, a = (yt − y(t−5)) / 5, is carried on and held against the target.
// It is the rule behind the German sustainability strategy's official
// assessments, with a rule of its own for each kind of target.
func Pace(in Input) Assessment {
	j := begin("pace", 1, in)
	switch {
	case in.Target.Kind == indicator.StatedOnly:
	case in.Indicator == nil: // nothing to compare: the catalogue should not allow it
		j.fail(Undefined)
	case in.Target.Kind == indicator.Reach:
		j.paceReach()
	case in.Target.Kind == indicator.Hold:
		j.paceHold()
	case in.Target.Kind == indicator.Directed:
		j.paceDirection()
	case in.Target.Kind == indicator.Grow:
		j.paceGrow()
	default:
		j.fail(MethodNotApplicable)
	}
	return j.finish()
}

// atRiskFrom and offTrackAbove bound the miss that is still slightly behind,
// both included.
const (
	atRiskFrom    = 0.05
	offTrackAbove = 0.20
)

// byMiss is the status of a miss; progress is d·a, or d·g for grow.
func byMiss(miss, progress float64) Status {
	switch {
	case less(miss, atRiskFrom):
		return OnTrack
	case !less(offTrackAbove, miss):
		return AtRisk
	case less(0, progress):
		return OffTrack
	}
	return Reversing
}

// change5 is a, the average yearly change of the last five years, with y5 =
// y(t−5) looked up by value. It fails too_few_readings where y(t−5) is missing,
// and series_break for a B in (t−5, t]; both only when called, that is where a
// rule uses it.
func (j *judgement) change5(value func(year int) (float64, bool)) (a float64, ok bool) {
	if j.years.breaksIn(j.t-5, j.t) {
		j.fail(SeriesBreak)
	}
	y5, ok := value(j.t - 5)
	if !ok {
		j.fail(TooFewReadings)
		return 0, false
	}
	a = (j.yt - y5) / 5
	j.note("y5", y5)
	j.note("a", a)
	return a, true
}
