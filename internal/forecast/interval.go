package forecast

import (
	"math"
	"slices"
)

// features of an error: what its size depends on, besides dev.
const features = 6

// errorModel says how large errors are: E|e| = dev · exp(b·features), a gamma
// regression with log link over all rows, and how they spread around that.
type errorModel struct {
	b       []float64
	center  float64 // mean log dev over the rows, bent views only
	spreads []*spread
}

var priorB = []float64{0, 0.6, 0.1, 0.3, 0.1, 0}

const (
	errorHold    = 30  // how firmly priorB is held, in errors of independent series
	spreadHold   = 20  // weight of the prior's t distribution, in series
	spreadDegree = 4.0 // its degrees of freedom: E|t| = 1
)

func (e *errorModel) features(r *row, v view, w, f []float64, k int, out []float64) {
	h := len(f)
	apart := 0.0
	for m, weight := range w {
		apart += weight * math.Abs(v.to(v.inside(r.f[m*h+k], r.last))-v.to(v.inside(f[k], r.last)))
	}
	out[0] = 1
	out[1] = math.Log(float64(k + 1))
	out[2] = math.Log(r.recent)
	out[3] = math.Log(r.past)
	out[4] = math.Log(apart/r.dev + 0.1)
	out[5] = 0
	if v.kind != plain {
		out[5] = math.Log(r.dev) - e.center
	}
}

func (e *errorModel) scale(r *row, v view, w, f []float64, k int) float64 {
	x := make([]float64, features)
	e.features(r, v, w, f, k, x)
	return r.dev * math.Exp(dot(e.b, x))
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func (e *errorModel) spread(k int) *spread { return e.spreads[k] }

type residual struct {
	x          []float64
	step       int
	error      float64 // over dev
	weight     float64
	normalised float64
}

func learnErrors(p *pool, mix mixture) *errorModel {
	e := &errorModel{b: slices.Clone(priorB)}
	var sum, weight float64
	for i := range p.rows {
		if r := &p.rows[i]; p.histories[r.series].view.kind != plain {
			sum += r.weight * math.Log(r.dev)
			weight += r.weight
		}
	}
	if weight > 0 {
		e.center = sum / weight
	}
	list := e.residuals(p, mix)
	e.fit(list)
	for i := range list {
		list[i].normalised = list[i].error / math.Exp(dot(e.b, list[i].x))
	}
	for k := range p.options.Horizon {
		e.spreads = append(e.spreads, newSpread(list, k))
	}
	return e
}

func (e *errorModel) residuals(p *pool, mix mixture) []residual {
	h := p.options.Horizon
	w, f := make([]float64, len(methods)), make([]float64, h)
	var list []residual
	for i := range p.rows {
		r := &p.rows[i]
		v := p.histories[r.series].view
		mix.of(r, w)
		combine(r, w, f)
		for k, y := range r.y {
			x := make([]float64, features)
			e.features(r, v, w, f, k, x)
			list = append(list, residual{x, k, (v.to(y) - v.to(v.inside(f[k], r.last))) / r.dev, r.weight / float64(len(r.y)), 0})
		}
	}
	return list
}

// fit is a ridge towards priorB, by iteratively reweighted least squares.
func (e *errorModel) fit(list []residual) {
	var total float64
	for range 20 {
		a := make([][]float64, features)
		for i := range a {
			a[i] = make([]float64, features+1)
		}
		total = 0
		for _, r := range list {
			total += r.weight
			eta := dot(e.b, r.x)
			mu := math.Exp(eta)
			z := eta + min((math.Abs(r.error)-mu)/mu, 5)
			for i := range a {
				for j := range features {
					a[i][j] += r.weight * r.x[i] * r.x[j]
				}
				a[i][features] += r.weight * r.x[i] * z
			}
		}
		for i := range a {
			hold := float64(errorHold) / 10
			a[i][i] += hold
			a[i][features] += hold * priorB[i]
		}
		e.b = solve(a)
	}
}

// solve is Gauss's elimination with the right side in the last column.
func solve(a [][]float64) []float64 {
	n := len(a)
	for i := range n {
		p := i
		for j := i + 1; j < n; j++ {
			if math.Abs(a[j][i]) > math.Abs(a[p][i]) {
				p = j
			}
		}
		a[i], a[p] = a[p], a[i]
		for j := i + 1; j < n; j++ {
			q := a[j][i] / a[i][i]
			for k := i; k <= n; k++ {
				a[j][k] -= q * a[i][k]
			}
		}
	}
	b := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		b[i] = a[i][n]
		for k := i + 1; k < n; k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b
}

// spread is a distribution of errors over their usual size, as weighted values
// in order.
type spread struct {
	values, upTo []float64 // upTo: share of the weight up to the middle of the value's own
}

func newSpread(list []residual, k int) *spread {
	type item struct{ v, w float64 }
	var items []item
	var sum float64
	for _, r := range list {
		if r.step == k {
			items = append(items, item{r.normalised, r.weight})
		}
	}
	const points = 400
	for i := range points {
		items = append(items, item{studentT4((float64(i) + 0.5) / points), float64(spreadHold) / points / 6})
	}
	slices.SortFunc(items, func(a, b item) int {
		if a.v < b.v {
			return -1
		}
		if a.v > b.v {
			return 1
		}
		return 0
	})
	for _, i := range items {
		sum += i.w
	}
	s := &spread{}
	below := 0.0
	for _, i := range items {
		s.values = append(s.values, i.v)
		s.upTo = append(s.upTo, (below+i.w/2)/sum)
		below += i.w
	}
	return s
}

// studentT4 is the quantile of the t distribution with four degrees of freedom
// (W. T. Shaw's closed form).
func studentT4(p float64) float64 {
	a := 4 * p * (1 - p)
	q := math.Cos(math.Acos(math.Sqrt(a))/3) / math.Sqrt(a)
	return math.Copysign(2*math.Sqrt(max(q-1, 0)), p-0.5)
}

func (s *spread) quantile(p float64) float64 {
	i, _ := slices.BinarySearch(s.upTo, p)
	if i == 0 {
		return s.values[0]
	}
	if i == len(s.values) {
		return s.values[i-1]
	}
	part := (p - s.upTo[i-1]) / (s.upTo[i] - s.upTo[i-1])
	return s.values[i-1] + part*(s.values[i]-s.values[i-1])
}

func (s *spread) atMost(v float64) float64 {
	i, _ := slices.BinarySearch(s.values, v)
	if i == 0 {
		return 0
	}
	if i == len(s.values) {
		return 1
	}
	part := (v - s.values[i-1]) / (s.values[i] - s.values[i-1])
	return s.upTo[i-1] + part*(s.upTo[i]-s.upTo[i-1])
}
