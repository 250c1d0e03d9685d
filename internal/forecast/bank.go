package forecast

import (
	"math"
	"slices"
)

// bank runs the variants of one method beside each other and averages their
// forecasts. A variant weighs by the power -t/2 of its mean absolute error over
// the t origins so far: the likelihood of Laplace errors, halved because errors
// of overlapping steps are not independent. An average over many settings errs
// less than the best setting does, of which a short series can say little.
func bank(m method, x []float64, usual usual, out grid) {
	if m.variants == 1 {
		m.run(0, x, usual, out)
		return
	}
	grids := make([]grid, m.variants)
	for v := range grids {
		grids[v] = newGrid(len(x), out.h)
		m.run(v, x, usual, grids[v])
	}
	sums, weights := make([]float64, m.variants), make([]float64, m.variants)
	for t := range x {
		for v, g := range grids { // what x[t] says of the forecasts made before
			for k := 0; k < out.h && k < t; k++ {
				sums[v] += math.Abs(x[t]-g.at(t - 1 - k)[k]) / rootOf[k]
			}
		}
		bankWeights(sums, weights, float64(t)/2)
		row := out.at(t)
		clear(row)
		for v, g := range grids {
			for k, f := range g.at(t) {
				row[k] += weights[v] * f
			}
		}
	}
}

// rootOf holds the square roots of the steps, by which errors of any step are
// brought to the size of those of the first.
var rootOf = func() (roots [MaxHorizon]float64) {
	for k := range roots {
		roots[k] = math.Sqrt(float64(k + 1))
	}
	return roots
}()

func bankWeights(sums, weights []float64, power float64) {
	best, total := slices.Min(sums), 0.0
	for v, s := range sums {
		weights[v] = 1
		if s > best {
			weights[v] = math.Exp(power * math.Log((best+1e-200)/s))
		}
		total += weights[v]
	}
	for v := range weights {
		weights[v] /= total
	}
}

// The settings of the banks: coarse grids over what the literature finds useful.
var (
	alphas   = []float64{0.2, 0.4, 0.6, 0.8, 1}
	parts    = []float64{0.25, 0.5, 0.75, 1}
	holtSets = settings([]float64{0.3, 0.6, 1}, []float64{0.05, 0.2, 0.5, 0.9}, []float64{0.8, 0.9, 0.98}, []float64{0})
	backSets = settings([]float64{0.4, 0.7, 1}, []float64{0.1, 0.3, 0.7}, []float64{0.5, 0.8}, []float64{0.5, 1})
)

// setting is one variant of a trend: how fast level and growth follow the
// values, what is left of the growth after a step, and which part of the average
// change it fades to.
type setting struct{ alpha, beta, phi, part float64 }

func settings(alphas, betas, phis, parts []float64) []setting {
	var list []setting
	for _, a := range alphas {
		for _, b := range betas {
			for _, phi := range phis {
				for _, part := range parts {
					list = append(list, setting{a, b, phi, part})
				}
			}
		}
	}
	return list
}

// follow smooths level and growth of x by the setting. While t is small both are
// plain averages, so that no first guess is needed. usual is the growth that ten
// changes of other series are taken to have shown before.
func (s setting) follow(x []float64, usual usual, out grid) {
	level, extra, errors := x[0], 0.0, 0.0
	fade(out.at(0), level, 0, 0, 0)
	for t := 1; t < len(x); t++ {
		before, now := 0.0, 0.0
		if s.part > 0 {
			before, now = s.part*usual.average(x[:t]), s.part*usual.average(x[:t+1])
		}
		e := x[t] - level - before - s.phi*extra
		alpha := max(s.alpha, 1/float64(t+1))
		level += before + s.phi*extra + alpha*e
		size := math.Abs(e)
		if most := largestPull * errors / float64(t-1); t > 3 && size > most {
			e = math.Copysign(most, e)
		}
		errors += size
		extra = s.phi*extra + alpha*max(s.beta, s.least(t))*e
		fade(out.at(t), level, now, extra, s.phi)
	}
}

// least is the gain that makes the growth a plain average at first; growth that
// fades to the average change has that average already.
func (s setting) least(t int) float64 {
	if s.part > 0 {
		return 0
	}
	return 1 / float64(t+1)
}

// largestPull is how many times the mean error so far an error counts for the
// growth at most. On generated series from 2 to 3 is best.
const largestPull = 3

// fade writes x + Σ (g + d·phi^i) into a row.
func fade(row []float64, x, g, d, phi float64) {
	for k := range row {
		d *= phi
		x += g + d
		row[k] = x
	}
}
