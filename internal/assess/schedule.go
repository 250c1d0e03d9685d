package assess

import "github.com/dabiao/dabiao/internal/indicator"

// Schedule is the method schedule 序时进度, version 1, for reach targets with a
// baseline: the share of the way that is done, c = (yt − y0)/(T − y0), held
// against the share of the time that is over, e = (t − t0)/(tT − t0), as q = c/e.
// It is what every office uses.
func Schedule(in Input) Assessment { return reachOnly("schedule", in, (*judgement).schedule) }

// The lower bounds of q, included, and from where on it is marked 快于预期.
const (
	scheduleOnTrack = 0.95
	scheduleAtRisk  = 0.75
	scheduleAhead   = 1.05
)

func (j *judgement) schedule() {
	r, y0, ok := j.sinceBaseline()
	if !ok {
		return
	}
	t0 := j.target.Baseline.Year
	c := (j.yt - y0) / (r.T - y0)
	e := float64(j.t-t0) / float64(j.target.By-t0)
	q := c / e
	j.note("c", c)
	j.note("elapsed", e) // e is the distance of a band
	j.note("q", q)
	j.judge(byShare(q, scheduleOnTrack, scheduleAtRisk))
	j.result.Ahead = !less(q, scheduleAhead)
}

// reachOnly is an assessment by a method that knows no other kind of target.
func reachOnly(method string, in Input, rule func(*judgement)) Assessment {
	j := begin(method, 1, in)
	switch {
	case in.Target.Kind == indicator.StatedOnly:
	case in.Target.Kind != indicator.Reach:
		j.fail(MethodNotApplicable)
	case in.Indicator == nil: // nothing to compare: the catalogue should not allow it
		j.fail(Undefined)
	default:
		rule(j)
	}
	return j.finish()
}

// sinceBaseline judges what needs no baseline: a closed target, and one that is
// met. For the others it gives y0, or fails why there is no way from y0 to T on
// which yt could stand. A break since t0 is no way either, met or not.
func (j *judgement) sinceBaseline() (r reached, y0 float64, ok bool) {
	r, ok = j.reach()
	if j.result.Closed {
		if ok {
			j.reachClosed(r)
		}
		return r, 0, false
	}
	b := j.target.Baseline
	if b != nil && j.known && j.years.breaksIn(b.Year, j.t) {
		j.fail(SeriesBreak)
	}
	if r.met {
		j.judge(Achieved)
		return r, 0, false
	}
	y0, has := j.start()
	if !has {
		j.fail(NoBaseline)
	}
	if !has || !ok || j.target.By == 0 {
		return r, 0, false
	}
	if !less(0, r.d*(r.T-y0)) || b.Year >= j.t {
		j.fail(Undefined)
		return r, 0, false
	}
	return r, y0, true
}

// start is y0, or, for yearly figures summed up after t0, their sum at t0: nothing.
func (j *judgement) start() (float64, bool) {
	if j.summed() {
		j.note("start", 0)
		return 0, true
	}
	return j.baseline()
}

// byShare is the status of a share of what was to be done by now; both bounds
// belong to the better status.
func byShare(share, onTrack, atRisk float64) Status {
	switch {
	case !less(share, onTrack):
		return OnTrack
	case !less(share, atRisk):
		return AtRisk
	case !less(share, 0):
		return OffTrack
	}
	return Reversing
}
