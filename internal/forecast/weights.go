package forecast

import "math"

// prior is the weight of each method where nothing else is known.
var prior = normalised([]float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})

const (
	priorStrength = 2.0 // how firmly the prior is held, in series
	learnRounds   = 150
	evidence      = 5.0 // origins after which half of a series' own errors is believed
)

var bents = []float64{0, 1, 2, 3, 4, 6}

// mixture says how the methods are weighed: by weights that fit all series, bent
// towards those that have erred less in the series itself.
type mixture struct {
	weights []float64
	bend    float64
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

// of writes the weights for one row into out, and gives their sum before they
// were normalised.
func (m mixture) of(r *row, out []float64) float64 {
	power := m.bend * float64(r.n) / (float64(r.n) + evidence)
	sum := 0.0
	for k, w := range m.weights {
		out[k] = w * math.Exp(-power*r.own[k])
		sum += out[k]
	}
	for k := range out {
		out[k] /= sum
	}
	return sum
}

// combine writes the weighted means of the methods' forecasts.
func combine(r *row, weights, out []float64) {
	h := len(out)
	clear(out)
	for k, w := range weights {
		for i, f := range r.f[k*h : (k+1)*h] {
			out[i] += w * f
		}
	}
}

// loss is the mean cost of the mixture's errors over rows, and its slope in the
// direction of each weight, where slope is not nil.
func (m mixture) loss(rows []row, horizon int, slope []float64) float64 {
	w, f := make([]float64, len(methods)), make([]float64, horizon)
	clear(slope)
	var total, weight float64
	for i := range rows {
		r := &rows[i]
		if len(r.y) == 0 {
			continue
		}
		sum := m.of(r, w)
		combine(r, w, f)
		scale := r.weight / float64(len(r.y))
		for j, y := range r.y {
			total += scale * r.cost[j] * math.Abs(f[j]-y)
			if slope == nil {
				continue
			}
			c := math.Copysign(scale*r.cost[j], f[j]-y)
			for k := range w {
				if m.weights[k] > 0 {
					slope[k] += c * (r.f[k*horizon+j] - f[j]) * w[k] / m.weights[k]
				}
			}
		}
		_ = sum
		weight += r.weight
	}
	if weight == 0 {
		return 0
	}
	for k := range slope {
		slope[k] /= weight
	}
	return total / weight
}

// learn finds the mixture that would have erred least over all rows, held to the
// prior the more firmly the fewer series there are: exponentiated gradient steps
// on mean cost + strength / series · divergence from the prior.
func learn(rows []row, horizon, series int) mixture {
	m := mixture{weights: append([]float64(nil), prior...)}
	m.bend = m.bestBend(rows, horizon)
	hold := priorStrength / float64(max(series, 1))
	slope, mean := make([]float64, len(methods)), make([]float64, len(methods))
	for round := range learnRounds {
		m.loss(rows, horizon, slope)
		rate := 2 / math.Sqrt(float64(round+1))
		for k, w := range m.weights {
			g := slope[k] + hold*math.Log(w/prior[k])
			m.weights[k] = max(w*math.Exp(-rate*g), 1e-6)
		}
		m.weights = normalised(m.weights)
		if round >= learnRounds/2 {
			for k, w := range m.weights {
				mean[k] += w
			}
		}
	}
	m.weights = normalised(mean)
	m.bend = m.bestBend(rows, horizon)
	return m
}

func (m mixture) bestBend(rows []row, horizon int) float64 {
	best, at := math.Inf(1), 1.0
	for _, b := range bents {
		if l := (mixture{m.weights, b}).loss(rows, horizon, nil); l < best {
			best, at = l, b
		}
	}
	return at
}
