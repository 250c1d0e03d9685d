package assess

import "math"

// CAGRRatio is the method cagr_ratio, version 1, for reach targets with a
// baseline: the average yearly growth so far as a share of the one that leads
// from y0 to T, R = CAGR(y0, yt) / CAGR(y0, T). It is of the family that Open
// SDG and Eurostat use.
func CAGRRatio(in Input) Assessment { return reachOnly("cagr_ratio", in, (*judgement).cagrRatio) }

// The lower bounds of R, included.
const (
	ratioOnTrack = 0.95
	ratioAtRisk  = 0.60
)

func (j *judgement) cagrRatio() {
	r, y0, ok := j.sinceBaseline()
	if !ok {
		return
	}
	if !oneSign(y0, j.yt, r.T) {
		j.fail(Undefined)
		return
	}
	t0 := j.target.Baseline.Year
	g, target := compoundRate(y0, j.yt, j.t-t0), compoundRate(y0, r.T, j.target.By-t0)
	R := g / target
	j.note("g", g)
	j.note("g_target", target)
	j.note("R", R)
	j.judge(byShare(R, ratioOnTrack, ratioAtRisk))
}

// oneSign: all positive or all negative, so that there is growth between them.
func oneSign(values ...float64) bool {
	sign := math.Copysign(1, values[0])
	for _, v := range values {
		if !less(0, sign*v) {
			return false
		}
	}
	return true
}
