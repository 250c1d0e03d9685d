package assess

import (
	"math"

	"github.com/dabiao/dabiao/internal/indicator"
)

// paceGrow: the average yearly growth since the year before from, g, against
// the rate, both in per cent. A rate counts from the region's own reading of
// from−1; a target without from has no such year.
func (j *judgement) paceGrow() {
	j.noteLatest()
	if j.target.Value == nil || equal(*j.target.Value, 0) {
		j.fail(Undefined)
	}
	d := j.desired()
	if d == 0 {
		j.fail(Undefined)
	}
	if j.target.From == 0 {
		j.fail(NoBaseline)
		return
	}
	g, ok := j.growth()
	if !ok || d == 0 || j.target.Value == nil || *j.target.Value == 0 {
		return
	}
	rate := *j.target.Value
	miss := d * (rate - g) / math.Abs(rate)
	j.note("rate", rate)
	j.note("d", d)
	j.note("miss", miss)
	j.noteNeededRate(rate)
	switch {
	case j.t != j.target.Until: // before its last reading a grow target is never achieved
		j.judge(byMiss(miss, d*g))
	case less(0, miss):
		j.judge(Missed)
	default:
		j.judge(Achieved)
	}
}

// growth is g in per cent. Where the latest reading is before from−1 the year
// from−1 is missing as well, and no_baseline comes first in the order of reasons.
func (j *judgement) growth() (float64, bool) {
	if j.indicator.Measure == indicator.Growth {
		return j.meanOfRates()
	}
	from := j.target.From
	y0, ok := j.years.at(from - 1)
	if ok {
		j.note("t0", float64(from-1))
		j.note("y0", y0)
	}
	ok = ok && less(0, y0)
	if !ok {
		j.fail(NoBaseline)
	}
	if !j.begun() || !ok {
		return 0, false
	}
	if j.yt < 0 { // from plus to minus there is no yearly rate
		j.fail(Undefined)
		return 0, false
	}
	g := compoundRate(y0, j.yt, j.t-from+1)
	j.note("g", g)
	return g, true
}

// meanOfRates is the geometric mean of the published rates of from…t.
func (j *judgement) meanOfRates() (float64, bool) {
	if !j.begun() {
		return 0, false
	}
	product, perCent := 1.0, perCentOf(j.indicator.Unit)
	for year := j.target.From; year <= j.t; year++ {
		rate, ok := j.years.at(year)
		if !ok {
			j.fail(TooFewReadings)
			return 0, false
		}
		product *= 1 + rate*perCent/100
		if product <= 0 { // a fall by all there is, or more
			j.fail(Undefined)
			return 0, false
		}
	}
	g := (math.Pow(product, 1/float64(j.t-j.target.From+1)) - 1) * 100
	j.note("g", g)
	return g, true
}

// begun fails what holds for every grow target: no reading in the period of the
// target yet (考核期尚无数据), or a B in (from−1, t].
func (j *judgement) begun() bool {
	if !j.known {
		return false
	}
	if j.t < j.target.From {
		j.fail(TooFewReadings)
		return false
	}
	if j.years.breaksIn(j.target.From-1, j.t) {
		j.fail(SeriesBreak)
	}
	return true
}

// noteNeededRate is the yearly growth from now on with which from…until still
// averages the rate.
func (j *judgement) noteNeededRate(rate float64) {
	left := j.target.Until - j.t
	y0, ok := j.years.at(j.target.From - 1)
	if left <= 0 || !ok || j.indicator.Measure == indicator.Growth || j.yt <= 0 {
		return
	}
	end := y0 * math.Pow(1+rate/100, float64(j.target.Until-j.target.From+1))
	if needed := compoundRate(j.yt, end, left); finite(needed) {
		j.note("needed_rate", needed)
	}
}

// perCentOf is how many per cent one unit of a ratio is: 100 for fractions, else 1.
func perCentOf(unit string) float64 {
	if u, ok := indicator.FindUnit(unit); ok && u.Dimension == "ratio" {
		return u.Factor * 100
	}
	return 1
}
