package forecast

import (
	"cmp"
	"math"
	"slices"
)

// The prior weights of the methods, where nothing else is known: for one series
// alone about what learn finds on average over the generated worlds of the tests,
// drawn towards equal weights; in company more of the methods that draw on the
// other series. Few series, or short ones, hardly tell how much these help, yet
// they help almost always: the short worlds and the sample gain most by it.
var (
	alone   = normalised([]float64{8, 8, 5, 4, 6, 4, 5, 6, 5, 5, 4, 8, 5, 9, 9, 12})
	company = normalised([]float64{8, 8, 5, 4, 6, 4, 5, 70, 8, 5, 4, 8, 5, 9, 90, 25})
)

// halfCompany is how many other series bring the prior half way into company.
const halfCompany = 10.0

// priorOf is the prior for each of so many series.
func priorOf(series int) []float64 {
	others := float64(series - 1)
	prior := slices.Clone(alone)
	for k := range prior {
		prior[k] += others / (others + halfCompany) * (company[k] - alone[k])
	}
	return prior
}

// The constants of learning. Results on generated series hardly depend on them: a
// factor of two either way changes errors by less than 0.5 %.
const (
	priorHold   = 2.0  // how firmly the prior is held, in series
	learnRounds = 80   // gradient steps; the second half is averaged
	learnRate   = 8.0  // of the first step; the r-th has it over the root of r
	halfTrust   = 5.0  // values after which half of a series' own errors is believed
	leastWeight = 1e-6 // no method is ever ruled out
)

// leans are the powers of its own errors that a series may weigh methods by. On
// generated series higher ones are a little better, on the sample, whose growth
// has changed, worse: who follows the last errors closely is led astray by them.
var leans = []float64{0, 1, 2, 3, 4}

// mixture says how the methods are weighed: by what works over all series, smooth
// ones and rough ones, and leaning to those that have erred less in the series
// itself.
type mixture struct {
	weights [2][]float64 // of the methods, for rough series and for smooth ones
	lean    float64
}

func normalised(w []float64) []float64 {
	sum := 0.0
	for _, v := range w {
		sum += v
	}
	out := make([]float64, len(w))
	for k, v := range w {
		out[k] = v / sum
	}
	return out
}

// weight is that of a method at a row, before it leans.
func (m mixture) weight(r *row, k int) float64 {
	return (1-r.smooth)*m.weights[0][k] + r.smooth*m.weights[1][k]
}

// combine writes the weights of the methods at a row into w, and their weighted
// mean forecasts into f.
func (m mixture) combine(r *row, w, f []float64) {
	power := m.lean * float64(r.n) / (float64(r.n) + halfTrust)
	sum := 0.0
	for k := range w {
		w[k] = m.weight(r, k) * math.Exp(-power*r.own[k])
		sum += w[k]
	}
	h := len(f)
	clear(f)
	for k := range w {
		w[k] /= sum
		for i, v := range r.f[k*h : (k+1)*h] {
			f[i] += w[k] * v
		}
	}
}

// point writes the weights of the methods at a row into w, and what is forecast
// there into f: half way from their weighted mean, which is what learn works on,
// to their weighted median, which no single method leads astray. On generated
// series that is better than either.
func (m mixture) point(r *row, w, f []float64) {
	m.combine(r, w, f)
	order := make([]int, len(w))
	for i := range f {
		at := func(k int) float64 { return r.f[k*len(f)+i] }
		for k := range order {
			order[k] = k
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(at(a), at(b)) })
		half := 0.5
		for _, k := range order {
			if half -= w[k]; half <= 0 {
				f[i] += (at(k) - f[i]) / 2
				break
			}
		}
	}
}

// loss is the cost of the mixture's errors over one part of the rows; slope
// receives, where it is not nil, how the cost grows with each weight, those for
// rough series first.
func (m mixture) loss(rows []row, horizon int, slope []float64) float64 {
	w, f := make([]float64, len(methods)), make([]float64, horizon)
	total := 0.0
	for i := range rows {
		r := &rows[i]
		m.combine(r, w, f)
		scale := r.late / float64(len(r.y))
		for j, y := range r.y {
			c := scale * r.cost[j]
			total += c * math.Abs(f[j]-y)
			if slope == nil {
				continue
			}
			c = math.Copysign(c, f[j]-y)
			for k := range w {
				g := c * (r.f[k*horizon+j] - f[j]) * w[k] / m.weight(r, k)
				slope[k] += (1 - r.smooth) * g
				slope[len(w)+k] += r.smooth * g
			}
		}
	}
	return total
}

// learn finds the mixture that would have erred least over all rows, held to the
// prior the more firmly the fewer series there are: exponentiated gradient steps
// (Kivinen and Warmuth) on mean cost + hold · divergence from the prior, of which
// the second part is taken at the end of the step, so that none overshoots.
func learn(rows []row, horizon, series int) mixture {
	prior := priorOf(series)
	m := mixture{weights: [2][]float64{slices.Clone(prior), slices.Clone(prior)}}
	if len(rows) == 0 {
		m.lean = 1
		return m
	}
	m.lean = m.bestLean(rows, horizon)
	hold := priorHold / float64(series)
	mean := [2][]float64{make([]float64, len(methods)), make([]float64, len(methods))}
	for round := range learnRounds {
		slope := m.slope(rows, horizon)
		rate := learnRate / math.Sqrt(float64(round+1))
		for q := range m.weights {
			for k, w := range m.weights[q] {
				z := math.Log(w) - rate*2*slope[q*len(methods)+k]/float64(series) + rate*hold*math.Log(prior[k])
				m.weights[q][k] = max(math.Exp(z/(1+rate*hold)), leastWeight)
			}
			m.weights[q] = normalised(m.weights[q])
			if round >= learnRounds/2 {
				for k, w := range m.weights[q] {
					mean[q][k] += w
				}
			}
		}
	}
	m.weights = [2][]float64{normalised(mean[0]), normalised(mean[1])}
	m.lean = m.bestLean(rows, horizon)
	return m
}

// slope is that of the loss over all rows.
func (m mixture) slope(rows []row, horizon int) []float64 {
	sum := make([]float64, 2*len(methods))
	for _, s := range parallel(rows, func(part []row) []float64 {
		slope := make([]float64, 2*len(methods))
		m.loss(part, horizon, slope)
		return slope
	}) {
		for k, v := range s {
			sum[k] += v
		}
	}
	return sum
}

func (m mixture) bestLean(rows []row, horizon int) float64 {
	best, at := math.Inf(1), 0.0
	for _, m.lean = range leans {
		total := 0.0
		for _, l := range parallel(rows, func(part []row) float64 { return m.loss(part, horizon, nil) }) {
			total += l
		}
		if total < best {
			best, at = total, m.lean
		}
	}
	return at
}
