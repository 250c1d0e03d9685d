package assess

import "github.com/dabiao/dabiao/internal/indicator"

// reached is a reach target held against the latest value: what every method
// begins with.
type reached struct {
	T, d  float64 // T is the near edge where there is a tolerance
	met   bool    // d·(yt − T) ≥ 0; a vague T is never met
	value func(year int) (float64, bool)
}

// reach notes baseline, latest value, T and d. False, with the reasons failed,
// where there is nothing to hold against each other. Without a year a target
// that is not met has failed too, but the numbers are there.
func (j *judgement) reach() (reached, bool) {
	j.noteBaseline()
	r := reached{value: j.reachValues()}
	j.noteLatest()
	T, hasT := j.reachTarget()
	if hasT {
		j.aim(T)
		r.T = j.nearEdge(T)
	}
	r.d = j.desired()
	j.judgeMilestones(r)
	r.met = hasT && r.d != 0 && j.known && !j.vague() && !less(r.d*(j.yt-r.T), 0)
	if j.target.By == 0 && !r.met {
		j.fail(NoYear)
	}
	if r.d == 0 || j.vague() {
		j.fail(Undefined)
		return r, false
	}
	if !hasT || !j.known {
		return r, false
	}
	j.note("d", r.d)
	return r, true
}

// reachClosed: at t = tT every method says achieved or missed. A B in tT itself
// is the only break that matters.
func (j *judgement) reachClosed(r reached) {
	if j.years.breaksIn(j.t-1, j.t) {
		j.fail(SeriesBreak)
	}
	j.judge(Missed)
	if r.met {
		j.judge(Achieved)
	}
}

// reachValues is how a year's value is looked up: the reading, or, for figures
// newly counted each year with a baseline year, their sum after t0, which then
// also takes the place of yt. A gap in the sum is too_few_readings, and so is a
// latest reading that is not later than t0; before t0 there is no sum.
func (j *judgement) reachValues() func(int) (float64, bool) {
	if !j.summed() {
		return j.years.at
	}
	base := j.target.Baseline.Year
	sum := func(year int) (float64, bool) { return j.years.sumAfter(base, year) }
	if j.known {
		total, ok := sum(j.t)
		if !ok || j.t == base {
			j.fail(TooFewReadings)
		}
		j.yt, j.known = total, ok && j.t > base
	}
	return sum
}

func (j *judgement) summed() bool { return j.target.Sums(j.indicator) }

// reachTarget is T: the value, or the value applied to y0.
func (j *judgement) reachTarget() (float64, bool) {
	if j.target.Value == nil {
		j.fail(Undefined)
		return 0, false
	}
	value := *j.target.Value
	if j.target.Relative == "" {
		return value, true
	}
	y0, ok := j.baseline()
	if !ok {
		j.fail(NoBaseline)
		return 0, false
	}
	if equal(y0, 0) {
		j.fail(ZeroBaseline)
		return 0, false
	}
	if j.target.Relative == indicator.Times {
		return y0 * value, true
	}
	return y0 * (1 + value/100), true
}

// nearEdge is where an approximate value counts as reached: a tolerance on a
// reach target (100 ± 5) moves T to the edge that is reached first. Gap and
// needed pace stay those of the value itself.
func (j *judgement) nearEdge(T float64) float64 {
	if j.target.Tolerance == nil {
		return T
	}
	tolerance := j.target.Tolerance.Around(T)
	edge := T - j.desired()*tolerance
	j.note("tolerance", tolerance)
	j.note("edge", edge)
	return edge
}
