package forecast

import (
	"math"
	"slices"
)

// row is one origin of one series: what every method said there, what came
// then, and what was known there of their errors and of the series.
type row struct {
	series int
	n      int       // values up to the origin
	f      []float64 // forecasts, method by method, horizon steps each, in units of the series
	y      []float64 // what came, as far as it is known
	cost   []float64 // of an absolute error of one unit, step by step
	own    []float64 // log of each method's mean past cost over that of all
	last   float64   // the value at the origin
	dev    float64   // mean absolute deviation of the changes from their median, in the view
	recent float64   // the same of the last five changes, over dev
	past   float64   // mean absolute past error per step, over dev
	weight float64
}

// typical errors of the naive forecast of yearly economic series: they make the
// two measures of an error, relative to the value and to the usual change,
// count about the same.
const (
	typicalRelative = 0.17
	typicalScaled   = 3.0
)

// fewest is the length of the shortest history whose next value is used to
// learn from.
const fewest = 3

// candidates are the forecasts of all methods at all origins of a history.
func candidates(h history, horizon int) []grid {
	bent := make([]float64, len(h.x))
	for t, v := range h.x {
		bent[t] = h.view.to(v)
	}
	grids := make([]grid, len(methods))
	for k, m := range methods {
		g := newGrid(len(h.x), horizon)
		if m.bent {
			m.run(bent, g)
			for i, z := range g.f {
				last := bent[i/horizon]
				g.f[i] = h.view.back(last + min(max(z-last, -farthest), farthest))
			}
		} else {
			m.run(h.x, g)
			for i, z := range g.f {
				g.f[i] = h.view.ease(z, h.x[i/horizon])
			}
		}
		grids[k] = g
	}
	return grids
}

// farthest is how far a forecast may go from the last value on a bent scale: it
// only keeps the arithmetic finite.
const farthest = 20

// ease slows a straight line down on its way to an edge of the range: half of the
// distance from the last value goes undisturbed, the rest is never used up.
func (v view) ease(value, last float64) float64 {
	if half := (last - v.min) / 2; value < v.min+half {
		return v.min + half*math.Exp((value-v.min)/max(half, 1e-300)-1)
	}
	if half := (v.max - last) / 2; value > v.max-half {
		return v.max - half*math.Exp((v.max-value)/max(half, 1e-300)-1)
	}
	return value
}

// rowsOf gives a row for each origin that wanted asks for, and for the last
// one, whose future is not known.
func rowsOf(series int, h history, horizon int, wanted func(t int) bool) []row {
	grids := candidates(h, horizon)
	facts := factsOf(h, horizon)
	n := len(h.x)
	past := make([]float64, len(methods)) // sums of costs
	var rows []row
	var pastError, errors float64
	for t := range h.x {
		for k := 0; k < horizon && k < t; k++ {
			origin := t - 1 - k
			cost := facts.cost(h.x, origin, t) / math.Sqrt(float64(k+1))
			mean := 0.0
			for m, g := range grids {
				past[m] += cost * math.Abs(g.at(origin)[k]-h.x[t])
				mean += prior[m] * g.at(origin)[k]
			}
			if origin >= 1 {
				pastError += math.Abs(h.view.to(h.x[t])-h.view.to(h.view.inside(mean, h.x[origin]))) / math.Sqrt(float64(k+1))
				errors++
			}
		}
		if t < n-1 && (t+1 < fewest || !wanted(t)) {
			continue
		}
		r := row{series: series, n: t + 1, last: h.x[t], dev: facts.dev[t], recent: facts.recent[t], past: 1,
			f: make([]float64, len(methods)*horizon), y: h.x[t+1 : min(n, t+1+horizon)], own: ownErrors(past)}
		if errors > 0 {
			r.past = pastError / errors / r.dev
		}
		r.past = max(r.past, 0.05)
		for m, g := range grids {
			copy(r.f[m*horizon:], g.at(t))
		}
		for k := range r.y {
			r.cost = append(r.cost, facts.cost(h.x, t, t+1+k))
		}
		rows = append(rows, r)
	}
	return rows
}

// inside is value where the view can show it, else between instead and the edge.
func (v view) inside(value, instead float64) float64 {
	if v.kind == plain || v.holds(value) {
		return value
	}
	edge := v.min
	if value >= v.max {
		edge = v.max
	}
	return edge + (instead-edge)/100
}

// ownErrors are the logs of costs over their weighted mean; nothing where no
// method has erred yet.
func ownErrors(past []float64) []float64 {
	mean := 0.0
	for k, p := range past {
		mean += prior[k] * p
	}
	own := make([]float64, len(past))
	if mean > 0 {
		for k, p := range past {
			own[k] = math.Log(max(p/mean, 0.01))
		}
	}
	return own
}

// facts are what is known of a history at each of its points.
type facts struct {
	dev, recent []float64 // see row
	change      []float64 // mean absolute change so far
}

func factsOf(h history, _ int) facts {
	n := len(h.x)
	f := facts{make([]float64, n), make([]float64, n), make([]float64, n)}
	var changes, sorted []float64
	sum := 0.0
	for t := range h.x {
		if t > 0 {
			d := h.view.to(h.x[t]) - h.view.to(h.x[t-1])
			changes = append(changes, d)
			i, _ := slices.BinarySearch(sorted, d)
			sorted = slices.Insert(sorted, i, d)
			sum += math.Abs(h.x[t] - h.x[t-1])
			f.change[t] = sum / float64(t)
		}
		f.dev[t], f.recent[t] = deviations(changes, sorted, h, t)
	}
	return f
}

// deviations are dev and recent of a row. A history without any movement, or of
// one change, is taken to move by a small part of its level.
func deviations(changes, sorted []float64, h history, t int) (dev, recent float64) {
	least := leastMove
	if h.view.kind == plain {
		least *= max(math.Abs(h.x[t]), 1e-9)
	}
	if len(changes) == 0 {
		return least * 20, 1
	}
	m := middle(sorted)
	if len(changes) == 1 {
		m = 0
	}
	last := 0.0
	for i, d := range changes {
		dev += math.Abs(d - m)
		if i >= len(changes)-5 {
			last += math.Abs(d - m)
		}
	}
	dev = max(dev/float64(len(changes)), least)
	return dev, max(last/float64(min(len(changes), 5))/dev, 0.1)
}

// leastMove is the smallest usual change that a history is credited with, as a
// part of its level.
const leastMove = 0.002

// cost is what an error of one unit counts for the value at t, forecast at origin.
func (f facts) cost(x []float64, origin, t int) float64 {
	c := 0.0
	if size := math.Abs(x[t]) + math.Abs(x[origin]); size > 0 {
		c += 2 / size / typicalRelative
	}
	if q := f.change[origin]; q > 0 {
		c += 1 / q / typicalScaled
	}
	return c
}
