package assess

import "math"

// paceHold: a band where the target has a tolerance, else a bound. It has the
// same rule in its last year as before.
func (j *judgement) paceHold() {
	switch {
	case j.target.Tolerance != nil:
		j.holdBand()
	case j.target.Bound != "" && j.target.Value != nil:
		j.holdBound()
	default: // about a value, or "stable", without saying how far it may move
		j.noteBaseline()
		j.noteLatest()
		if j.target.Value != nil {
			j.aim(*j.target.Value)
		}
		j.fail(Undefined)
	}
}

func (j *judgement) holdBound() {
	j.noteLatest()
	j.aim(*j.target.Value)
	if !j.known {
		return
	}
	d := j.desired()
	j.note("d", d)
	a, ok := j.change5(j.years.at)
	if !ok {
		return
	}
	met := !less(d*(j.yt-*j.target.Value), 0)
	j.judge(heldStatus(met, less(0, d*a), less(d*a, 0)))
}

// holdBand: e = |y − middle| against the tolerance, and against e(t−5). The
// middle is the value where the target has one, else y0. T exists only in the
// first case: a band around a baseline has no target value.
func (j *judgement) holdBand() {
	j.noteBaseline()
	j.noteLatest()
	middle, ok := j.bandMiddle()
	if !ok {
		return
	}
	tolerance := j.target.Tolerance.Around(middle)
	j.note("tolerance", tolerance)
	j.note("low", middle-tolerance)
	j.note("high", middle+tolerance)
	if !j.known {
		return
	}
	if j.years.breaksIn(j.bandSince(), j.t) {
		j.fail(SeriesBreak)
	}
	e := math.Abs(j.yt - middle)
	j.note("e", e)
	if tolerance != 0 {
		j.note("tolerance_share", e/tolerance)
	}
	y5, ok := j.years.at(j.t - 5)
	if !ok { // met needs to know whether it is worsening, not met whether improving
		j.fail(TooFewReadings)
		return
	}
	e5 := math.Abs(y5 - middle)
	j.note("y5", y5)
	j.note("e5", e5)
	moved := !less(math.Abs(e-e5), tolerance/5)
	j.judge(heldStatus(!less(tolerance, e), moved && less(e, e5), moved && less(e5, e)))
}

// bandMiddle: a percentage around a baseline of zero is no band.
func (j *judgement) bandMiddle() (float64, bool) {
	if v := j.target.Value; v != nil {
		j.aim(*v)
		if j.target.Tolerance.Percent && equal(*v, 0) {
			j.fail(Undefined)
			return 0, false
		}
		return *v, true
	}
	y0, ok := j.baseline()
	switch {
	case !ok:
		j.fail(NoBaseline)
	case j.target.Tolerance.Percent && equal(y0, 0):
		j.fail(ZeroBaseline)
		return 0, false
	}
	return y0, ok
}

// bandSince is where the window of breaks begins: at t0, or, for a band around a
// value without a baseline year, at t−5, the only other year that is compared.
func (j *judgement) bandSince() int {
	if b := j.target.Baseline; b != nil {
		return b.Year
	}
	return j.t - 5
}

func heldStatus(met, improving, worsening bool) Status {
	switch {
	case met && worsening:
		return AtRisk
	case met:
		return OnTrack
	case improving:
		return OffTrack
	}
	return Reversing
}
