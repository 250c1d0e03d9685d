package assess

import "math"

// paceReach: at t = tT achieved or missed, whatever the pace. Before: met and
// not worsening is achieved early; else the projection p = yt + a·(tT − t) is
// held against T, and the miss m = d·(T − p) / |T − yt| decides.
func (j *judgement) paceReach() {
	r, ok := j.reach()
	switch {
	case !ok:
	case j.result.Closed:
		j.reachClosed(r)
	case j.target.By == 0: // the rule for no year asks only whether it is met
		j.judge(Achieved)
	default:
		j.paceReachOpen(r)
	}
}

func (j *judgement) paceReachOpen(r reached) {
	a, ok := j.change5(r.value)
	if !ok {
		return
	}
	progress := r.d * a
	projection := j.yt + a*float64(j.target.By-j.t)
	j.note("projection", projection)
	if r.met && !less(progress, 0) {
		j.judge(Achieved)
		return
	}
	miss := math.Inf(1) // yt = T and moving away
	if !equal(j.yt-r.T, 0) {
		miss = r.d * (r.T - projection) / math.Abs(r.T-j.yt)
	}
	j.note("miss", miss)
	j.judge(byMiss(miss, progress))
}
