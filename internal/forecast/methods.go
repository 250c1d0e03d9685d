package forecast

import (
	"slices"
)

// grid holds the forecasts of one method: row t those made from x[0..t], for the
// steps 1 to h after it.
type grid struct {
	h int
	f []float64
}

func newGrid(n, h int) grid { return grid{h, make([]float64, n*h)} }

func (g grid) at(t int) []float64 { return g.f[t*g.h : (t+1)*g.h] }

// method fills a grid from values. One that is viewed sees the series on the log
// or logit scale that its range calls for; one that is straight as well carries the
// change that it expects there over as it is at the last value, without compounding.
// usual is what all series show on that scale, elsewhere no growth. A method with
// several variants is the average of its bank.
type method struct {
	name             string
	viewed, straight bool
	variants         int
	run              func(variant int, x []float64, usual usual, out grid)
}

// methods are the candidates, in the order of the prior weights.
var methods = []method{
	{"naive", false, false, 1, naive},
	{"smoothing", false, false, len(alphas), smoothing},
	{"drift", false, false, 1, drift},
	{"drift5", false, false, 1, drift5},
	{"median change", false, false, 1, medianChange},
	{"Theta", false, false, len(alphas) * len(parts), theta},
	{"damped Holt", false, false, len(holtSets), dampedHolt},
	{"shared drift", true, true, 1, sharedDrift},
	{"mean growth", true, true, len(backSets), meanGrowth},
	{"log drift", true, false, 1, drift},
	{"log drift5", true, false, 1, drift5},
	{"log median change", true, false, 1, medianChange},
	{"log Theta", true, false, len(alphas) * len(parts), theta},
	{"log damped Holt", true, false, len(holtSets), dampedHolt},
	{"log shared drift", true, false, 1, sharedDrift},
	{"log mean growth", true, false, len(backSets), meanGrowth},
}

// line writes x + g, x + 2g, … into a row.
func line(row []float64, x, g float64) {
	for k := range row {
		row[k] = x + g*float64(k+1)
	}
}

func naive(_ int, x []float64, _ usual, out grid) {
	for t, v := range x {
		line(out.at(t), v, 0)
	}
}

// drift goes on by the average change so far.
func drift(_ int, x []float64, _ usual, out grid) {
	line(out.at(0), x[0], 0)
	for t := 1; t < len(x); t++ {
		line(out.at(t), x[t], (x[t]-x[0])/float64(t))
	}
}

// sharedDrift goes on by the average change so far, drawn towards that of all
// series.
func sharedDrift(_ int, x []float64, usual usual, out grid) {
	for t := range x {
		line(out.at(t), x[t], usual.average(x[:t+1]))
	}
}

// drift5 goes on by the average change of the last five periods.
func drift5(_ int, x []float64, _ usual, out grid) {
	line(out.at(0), x[0], 0)
	for t := 1; t < len(x); t++ {
		k := min(t, 5)
		line(out.at(t), x[t], (x[t]-x[t-k])/float64(k))
	}
}

// medianChange goes on by the median of all changes so far.
func medianChange(_ int, x []float64, _ usual, out grid) {
	line(out.at(0), x[0], 0)
	sorted := make([]float64, 0, len(x))
	for t := 1; t < len(x); t++ {
		sorted = insert(sorted, x[t]-x[t-1])
		line(out.at(t), x[t], middle(sorted))
	}
}

// insert keeps sorted sorted.
func insert(sorted []float64, v float64) []float64 {
	i, _ := slices.BinarySearch(sorted, v)
	return slices.Insert(sorted, i, v)
}

// middle is the median of sorted values.
func middle(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// smoothing is simple exponential smoothing.
func smoothing(variant int, x []float64, _ usual, out grid) {
	level := 0.0
	for t, value := range x {
		level += max(alphas[variant], 1/float64(t+1)) * (value - level)
		line(out.at(t), level, 0)
	}
}

// theta is simple exponential smoothing with a part of the slope of the straight
// line through all values, and made up for the lag of the smoothing.
func theta(variant int, x []float64, _ usual, out grid) {
	a, part := alphas[variant%len(alphas)], parts[variant/len(alphas)]
	level, left := 0.0, 1.0
	for t, slope := range slopes(x) {
		level += max(a, 1/float64(t+1)) * (x[t] - level)
		left *= 1 - a
		lag := (1-left)/a - 1
		line(out.at(t), level+part*slope*lag, part*slope)
	}
}

// slopes are those of the least-squares lines through x[0..t].
func slopes(x []float64) []float64 {
	out := make([]float64, len(x))
	var sum, moment float64
	for t, v := range x {
		sum += v - x[0]
		moment += float64(t) * (v - x[0])
		if n := float64(t + 1); t > 0 {
			out[t] = 12 * (moment - sum*(n-1)/2) / (n * (n*n - 1))
		}
	}
	return out
}

// dampedHolt smooths level and growth; the growth fades to nothing.
func dampedHolt(variant int, x []float64, _ usual, out grid) {
	holtSets[variant].follow(x, usual{}, out)
}

// meanGrowth smooths level and growth; the growth fades to the average change of
// the series, drawn towards that of all series.
func meanGrowth(variant int, x []float64, usual usual, out grid) {
	backSets[variant].follow(x, usual, out)
}

// candidates are the forecasts of all methods at all origins of a history.
func candidates(h history, horizon int, shared usual) []grid {
	viewed := make([]float64, len(h.x))
	for t, v := range h.x {
		viewed[t] = h.view.to(v)
	}
	grids := make([]grid, len(methods))
	for k, m := range methods {
		g := newGrid(len(h.x), horizon)
		if !m.viewed || h.view.kind == plain {
			bank(m, h.x, usual{weight: usualWeight}, g)
			for i, z := range g.f {
				g.f[i] = h.view.ease(z, h.x[i/horizon])
			}
		} else {
			bank(m, viewed, shared, g)
			for i, z := range g.f {
				t := i / horizon
				change := min(max(z-viewed[t], -farthest), farthest)
				if m.straight {
					g.f[i] = h.view.ease(h.x[t]+change*h.view.slope(h.x[t]), h.x[t])
				} else {
					g.f[i] = h.view.back(viewed[t] + change)
				}
			}
		}
		grids[k] = g
	}
	return grids
}

// farthest is how far a forecast may go from the last value on a log or logit
// scale: it only keeps the arithmetic finite.
const farthest = 20
