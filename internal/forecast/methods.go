package forecast

import (
	"math"
	"slices"
)

// grid holds forecasts of one method: row t those made from x[0..t], for the
// steps 1 to h after it.
type grid struct {
	h int
	f []float64
}

func newGrid(n, h int) grid { return grid{h, make([]float64, n*h)} }

func (g grid) at(t int) []float64 { return g.f[t*g.h : (t+1)*g.h] }

// method fills a grid from values; bent ones see the series on the log or logit
// scale that its range calls for.
type method struct {
	name string
	bent bool
	run  func(x []float64, out grid)
}

// methods are the candidates. Their order is that of the prior weights.
var methods = []method{
	{"naive", false, naive},
	{"smoothing", false, smoothing},
	{"drift", false, drift},
	{"drift5", false, drift5},
	{"median change", false, medianChange},
	{"Theta", false, theta},
	{"damped Holt", false, dampedHolt},
	{"growth", false, revertingGrowth},
	{"log drift", true, drift},
	{"log drift5", true, drift5},
	{"log median change", true, medianChange},
	{"log Theta", true, theta},
	{"log damped Holt", true, dampedHolt},
	{"log growth", true, revertingGrowth},
}

// line writes x + g, x + 2g, … into a row.
func line(row []float64, x, g float64) {
	for k := range row {
		row[k] = x + g*float64(k+1)
	}
}

func naive(x []float64, out grid) {
	for t, v := range x {
		line(out.at(t), v, 0)
	}
}

func drift(x []float64, out grid) {
	line(out.at(0), x[0], 0)
	for t := 1; t < len(x); t++ {
		line(out.at(t), x[t], (x[t]-x[0])/float64(t))
	}
}

// drift5 is the average change of the last five periods.
func drift5(x []float64, out grid) {
	line(out.at(0), x[0], 0)
	for t := 1; t < len(x); t++ {
		k := min(t, 5)
		line(out.at(t), x[t], (x[t]-x[t-k])/float64(k))
	}
}

// medianChange goes on by the median of all changes so far.
func medianChange(x []float64, out grid) {
	line(out.at(0), x[0], 0)
	var sorted []float64
	for t := 1; t < len(x); t++ {
		d := x[t] - x[t-1]
		i, _ := slices.BinarySearch(sorted, d)
		sorted = slices.Insert(sorted, i, d)
		line(out.at(t), x[t], middle(sorted))
	}
}

// middle is the median of sorted values.
func middle(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// bank runs many variants of one method beside each other and averages their
// forecasts: a variant weighs by the power -n/2 of its mean absolute error over
// the n origins so far (the likelihood of Laplace errors, halved because errors
// of overlapping steps are not independent).
func bank(x []float64, out grid, variants int, run func(variant int, x []float64, out grid)) {
	grids := make([]grid, variants)
	for v := range grids {
		grids[v] = newGrid(len(x), out.h)
		run(v, x, grids[v])
	}
	sums, weights := make([]float64, variants), make([]float64, variants)
	for t := range x {
		for v, g := range grids { // what x[t] says of forecasts made before
			for k := 0; k < out.h && k < t; k++ {
				sums[v] += math.Abs(x[t]-g.at(t - 1 - k)[k]) / math.Sqrt(float64(k+1))
			}
		}
		bankWeights(sums, weights, float64(t)/2)
		row := out.at(t)
		for k := range row {
			row[k] = 0
			for v, g := range grids {
				row[k] += weights[v] * g.at(t)[k]
			}
		}
	}
}

func bankWeights(sums, weights []float64, power float64) {
	best, total := slices.Min(sums), 0.0
	for v, s := range sums {
		weights[v] = 1
		if s > best {
			weights[v] = math.Pow((best+1e-300)/s, power)
		}
		total += weights[v]
	}
	for v := range weights {
		weights[v] /= total
	}
}

var alphas = []float64{0.2, 0.4, 0.6, 0.8, 1}

// smoothing is simple exponential smoothing.
func smoothing(x []float64, out grid) {
	bank(x, out, len(alphas), func(v int, x []float64, out grid) {
		level := 0.0
		for t, value := range x {
			level += max(alphas[v], 1/float64(t+1)) * (value - level)
			line(out.at(t), level, 0)
		}
	})
}

// theta is simple exponential smoothing with half the slope of the straight line
// through all values, as Hyndman and Billah restated the method of
// Assimakopoulos and Nikolopoulos.
func theta(x []float64, out grid) {
	slopes := slopes(x)
	bank(x, out, len(alphas), func(v int, x []float64, out grid) {
		level, a := 0.0, alphas[v]
		for t, value := range x {
			level += max(a, 1/float64(t+1)) * (value - level)
			lag := (1 - math.Pow(1-a, float64(t+1))) / a // by which a smoothed line trails
			line(out.at(t), level+slopes[t]/2*(lag-1), slopes[t]/2)
		}
	})
}

// slopes are those of the least-squares lines through x[0..t].
func slopes(x []float64) []float64 {
	out := make([]float64, len(x))
	var sy, sty float64
	for t, v := range x {
		sy += v - x[0]
		sty += float64(t) * (v - x[0])
		n := float64(t + 1)
		if t > 0 {
			out[t] = 12 * (sty - sy*(n-1)/2) / (n * (n*n - 1))
		}
	}
	return out
}

// dampedHolt is the damped trend of Gardner and McKenzie: level and trend are
// smoothed, and the trend fades by the factor phi with every step.
func dampedHolt(x []float64, out grid) {
	type set struct{ alpha, beta, phi float64 }
	var sets []set
	for _, a := range []float64{0.3, 0.6, 1} {
		for _, b := range []float64{0.05, 0.2, 0.5} {
			for _, phi := range []float64{0.8, 0.9, 0.97} {
				sets = append(sets, set{a, b, phi})
			}
		}
	}
	bank(x, out, len(sets), func(v int, x []float64, out grid) {
		s := sets[v]
		level, trend := x[0], 0.0
		line(out.at(0), level, 0)
		for t := 1; t < len(x); t++ {
			e := x[t] - level - s.phi*trend
			alpha := max(s.alpha, 1/float64(t+1))
			level += s.phi*trend + alpha*e
			trend = s.phi*trend + alpha*max(s.beta, 1/float64(t+1))*e
			fade(out.at(t), level, 0, trend, s.phi)
		}
	})
}

// revertingGrowth takes the last change to be on its way back to the average
// change: of the distance between both, the share phi is left after each step.
func revertingGrowth(x []float64, out grid) {
	phis := []float64{0.2, 0.4, 0.6, 0.8, 0.9}
	bank(x, out, len(phis), func(v int, x []float64, out grid) {
		line(out.at(0), x[0], 0)
		for t := 1; t < len(x); t++ {
			mean := (x[t] - x[0]) / float64(t+1) // one change of nothing is taken to stand before
			fade(out.at(t), x[t], mean, x[t]-x[t-1]-mean, phis[v])
		}
	})
}

// fade writes x + Σ (g + d·phi^i) into a row.
func fade(row []float64, x, g, d, phi float64) {
	for k := range row {
		d *= phi
		x += g + d
		row[k] = x
	}
}
