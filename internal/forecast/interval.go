package forecast

import (
	"cmp"
	"math"
	"slices"
)

// errorModel says how large errors are and how they spread. On the view, the
// mean absolute error of a step is dev · exp(b · features), a gamma regression
// with a log link over all rows; errors over that size follow the spread of the
// step, which is the rows' own (conformal) with a prior mixed in.
type errorModel struct {
	b       [features]float64
	center  float64 // mean log dev of the series seen on a log or logit scale
	spreads []*spread
}

const features = 7

// priorSize is what the regression finds on average over the generated worlds of
// the tests: for the constant, log step, log recent, log past, log distance
// between the methods, log dev against other series, and log length.
var priorSize = [features]float64{0.52, 0.45, 0.1, 0.25, 0.25, -0.1, -0.1}

// caution is how much larger than past errors those to come are taken to be: the
// future is less like the past than the past is like itself. Without it the 95 %
// intervals cover 93.2 % of the sample, with it 94.7 %.
const caution = 1.1

const (
	sizeHold   = 3.0 // how firmly priorSize is held, in series
	sizeRounds = 15  // of the regression
	spreadHold = 2.0 // weight of the prior spread, in series that know the step
)

// measure gives the features of step k at a row.
func (e *errorModel) measure(r *row, v view, w, f []float64, k int) (x [features]float64) {
	h, apart := len(f), 0.0
	center := v.to(v.inside(f[k], r.last))
	for m, weight := range w {
		apart += weight * math.Abs(v.to(v.inside(r.f[m*h+k], r.last))-center)
	}
	x = [features]float64{1, math.Log(float64(k + 1)), math.Log(r.recent), math.Log(r.past), math.Log(apart/r.dev + leastPart)}
	if v.kind != plain {
		x[5] = math.Log(r.dev) - e.center
	}
	x[6] = math.Log(float64(r.n) / 20)
	return x
}

func (e *errorModel) size(x [features]float64) float64 {
	sum := 0.0
	for i, b := range e.b {
		sum += b * x[i]
	}
	return math.Exp(min(max(sum, -20), 20))
}

func (e *errorModel) scale(r *row, v view, w, f []float64, k int) float64 {
	return caution * r.dev * e.size(e.measure(r, v, w, f, k))
}

// residual is one error of the mixture, over dev and then over its usual size.
type residual struct {
	x             [features]float64
	step          int
	error, weight float64
}

func learnErrors(p *pool) *errorModel {
	e := &errorModel{b: priorSize}
	var sum, count float64
	for i := range p.last {
		if p.histories[i].view.kind != plain {
			sum += math.Log(p.last[i].dev)
			count++
		}
	}
	if count > 0 {
		e.center = sum / count
	}
	list := slices.Concat(parallel(p.rows, func(part []row) []residual { return e.residuals(p, part) })...)
	e.fit(list)
	byStep := make([][]residual, p.options.Horizon)
	for _, r := range list {
		r.error /= e.size(r.x)
		byStep[r.step] = append(byStep[r.step], r)
	}
	for k := range byStep {
		e.spreads = append(e.spreads, newSpread(byStep, k))
	}
	return e
}

func (e *errorModel) residuals(p *pool, rows []row) []residual {
	w, f := make([]float64, len(methods)), make([]float64, p.options.Horizon)
	var list []residual
	for i := range rows {
		r := &rows[i]
		v := p.histories[r.series].view
		p.mix.point(r, w, f)
		for k, y := range r.y {
			error := v.apart(y, v.inside(f[k], r.last)) / r.dev
			list = append(list, residual{e.measure(r, v, w, f, k), k, error, r.weight / float64(len(r.y))})
		}
	}
	return list
}

// fit is iteratively reweighted least squares with a ridge towards priorSize.
func (e *errorModel) fit(list []residual) {
	for range sizeRounds {
		var a [features][features + 1]float64
		for i := range a {
			a[i][i], a[i][features] = sizeHold, sizeHold*priorSize[i]
		}
		for _, r := range list {
			mu := e.size(r.x)
			z := math.Log(mu) + min(math.Abs(r.error)/mu-1, 5) // one error in many moves nothing far
			for i := range a {
				for j := range features {
					a[i][j] += r.weight * r.x[i] * r.x[j]
				}
				a[i][features] += r.weight * r.x[i] * z
			}
		}
		e.b = solve(a)
	}
}

// solve is Gauss's elimination of a positive definite system, whose right side is
// the last column.
func solve(a [features][features + 1]float64) (b [features]float64) {
	for i := range a {
		for j := i + 1; j < features; j++ {
			q := a[j][i] / a[i][i]
			for k := i; k <= features; k++ {
				a[j][k] -= q * a[i][k]
			}
		}
	}
	for i := features - 1; i >= 0; i-- {
		b[i] = a[i][features]
		for k := i + 1; k < features; k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b
}

// spread is a distribution of errors over their usual size: values in order, and
// the share of weight up to the middle of each.
type spread struct{ values, upTo []float64 }

// newSpread gathers the errors of step k, and those of the steps around it with
// less weight, and mixes the prior in: the t distribution with four degrees of
// freedom, whose mean absolute value is one. The further the step, the fewer
// origins know it and the more its neighbours are like it.
func newSpread(byStep [][]residual, k int) *spread {
	type item struct{ value, weight float64 }
	var items []item
	near, all := make([]float64, len(byStep)), 0.0
	for step := range byStep {
		apart := float64(step-k) / (1 + float64(k)/4)
		near[step] = 1 / (1 + apart*apart)
		all += near[step]
	}
	for step, list := range byStep {
		for _, r := range list {
			items = append(items, item{r.error, r.weight * near[step] / all * float64(len(byStep))})
		}
	}
	const points = 400
	for i := range points {
		items = append(items, item{studentT4((float64(i) + 0.5) / points), spreadHold / points})
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Compare(a.value, b.value) })
	s, sum := &spread{}, 0.0
	for _, i := range items {
		s.values, s.upTo = append(s.values, i.value), append(s.upTo, sum+i.weight/2)
		sum += i.weight
	}
	for i := range s.upTo {
		s.upTo[i] /= sum
	}
	return s
}

// studentT4 is the quantile of the t distribution with four degrees of freedom,
// in W. T. Shaw's closed form.
func studentT4(p float64) float64 {
	a := 4 * p * (1 - p)
	q := math.Cos(math.Acos(math.Sqrt(a))/3) / math.Sqrt(a)
	return math.Copysign(2*math.Sqrt(max(q-1, 0)), p-0.5)
}

func (s *spread) quantile(p float64) float64 { return between(s.upTo, s.values, p) }

func (s *spread) atMost(v float64) float64 { return between(s.values, s.upTo, v) }

// between reads the line through the points (xs, ys) at x; beyond its ends it is level.
func between(xs, ys []float64, x float64) float64 {
	i, _ := slices.BinarySearch(xs, x)
	if i == 0 {
		return ys[0]
	}
	if i == len(xs) {
		return ys[i-1]
	}
	return ys[i-1] + (x-xs[i-1])/(xs[i]-xs[i-1])*(ys[i]-ys[i-1])
}
