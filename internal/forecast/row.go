package forecast

import "math"

// row is one origin of one series: what every method said there, what came
// then, and what was known there of the series and of the methods' errors.
type row struct {
	series int
	n      int       // values up to the origin
	last   float64   // the value at the origin
	f      []float64 // forecasts, method by method, horizon steps each
	y      []float64 // what came, as far as it is known
	cost   []float64 // of an absolute error of one unit, for each of y
	own    []float64 // log of each method's cost so far over the mean of all, see ownErrors
	dev    float64   // the usual deviation of a change, on the view
	recent float64   // the same of the last five changes, over dev
	smooth float64   // see smoothness
	past   float64   // mean absolute error of the prior mixture so far, over dev
	weight float64   // of its errors, see weigh
	late   float64   // of its say in which methods to use, see weigh
}

// Typical errors of the naive forecast of yearly economic series, six years ahead
// on average: 17 % of the value and three times the usual change, as published
// for the yearly series of the M3 competition. They make both measures count
// about the same.
const (
	typicalRelative = 0.17
	typicalScaled   = 3.0
)

// fewest is the length of the shortest history whose future is learned from.
const fewest = 3

// fullSay is the length of the shortest history that has a full say, see weigh.
const fullSay = 12

// rowsOf gives a row for every stride-th origin, each series beginning with
// another, and for the last one, whose future is not known.
func rowsOf(series int, h history, horizon int, usual usual, stride int) []row {
	grids := candidates(h, horizon, usual)
	n := len(h.x)
	costs := make([]float64, len(methods)) // so far
	p := pace{history: h}
	var rows []row
	for t := range h.x {
		p.step(t)
		for k := 0; k < horizon && k < t; k++ {
			origin := t - 1 - k
			cost, mean := p.cost(origin, t)/rootOf[k], 0.0
			for m, g := range grids {
				f := g.at(origin)[k]
				costs[m] += cost * math.Abs(f-h.x[t])
				mean += alone[m] * f
			}
			p.erred(mean, origin, t)
		}
		if t < n-1 && (t+1 < fewest || (n-2-t+series)%stride != 0) {
			continue
		}
		r := row{series: series, n: t + 1, last: h.x[t], f: make([]float64, len(methods)*horizon),
			y: h.x[t+1 : min(n, t+1+horizon)], own: ownErrors(costs)}
		r.dev, r.recent, r.past = p.measures(t)
		r.smooth = p.smoothness()
		for m, g := range grids {
			copy(r.f[m*horizon:], g.at(t))
		}
		for k := range r.y {
			r.cost = append(r.cost, p.cost(t, t+1+k))
		}
		rows = append(rows, r)
	}
	weigh(rows[:len(rows)-1], n, horizon, stride)
	return rows
}

// weigh lets origins with many known steps and with a history as long as the
// present one weigh more than others: a little more for errors in general, far
// more for the choice of methods, since what suits ten values does not suit
// twenty. On generated series and on the sample the sixth power did best.
// The weights of all origins of a series add up to one, those of the rows that
// stand for them nearly so; but the say of a series of fewer than fullSay values
// is less, so that the prior has more: from four values nobody learns how to go
// on from eight. On the sample that is better, elsewhere it makes no difference.
func weigh(rows []row, n, horizon, stride int) {
	of := func(known int) (weight, late float64) {
		age, steps := float64(known)/float64(n), float64(min(horizon, n-known))
		return age * age * steps, math.Pow(age, 6) * steps
	}
	var sum, sumLate float64
	for known := fewest; known < n; known++ {
		weight, late := of(known)
		sum, sumLate = sum+weight, sumLate+late
	}
	trust := min(1, math.Pow(float64(n)/fullSay, 4))
	for i := range rows {
		weight, late := of(rows[i].n)
		rows[i].weight, rows[i].late = weight/sum*float64(stride), trust*late/sumLate*float64(stride)
	}
}

// ownErrors are the logs of costs over their prior mean; nothing where no method
// has erred yet.
func ownErrors(costs []float64) []float64 {
	mean := 0.0
	for k, c := range costs {
		mean += alone[k] * c
	}
	own := make([]float64, len(costs))
	if mean > 0 {
		for k, c := range costs {
			own[k] = math.Log(max(c/mean, 0.01))
		}
	}
	return own
}

// pace is how a history has moved up to a point, followed value by value.
type pace struct {
	history
	changes, sorted []float64 // on the view
	change          float64   // mean absolute change of the whole history
	errors, count   float64   // of the prior mixture, on the view
}

func (p *pace) step(t int) {
	if t == 0 {
		for i := 1; i < len(p.x); i++ {
			p.change += math.Abs(p.x[i]-p.x[i-1]) / float64(len(p.x)-1)
		}
		return
	}
	d := p.view.to(p.x[t]) - p.view.to(p.x[t-1])
	p.changes, p.sorted = append(p.changes, d), insert(p.sorted, d)
}

// cost is what an error of one unit counts for the value at t, forecast at origin.
func (p *pace) cost(origin, t int) float64 {
	c := 0.0
	if size := max(math.Abs(p.x[t])+math.Abs(p.x[origin]), p.change); size > 0 {
		c += 2 / size / typicalRelative
	}
	if p.change > 0 {
		c += 1 / p.change / typicalScaled
	}
	return c
}

// erred notes that f was forecast at origin for t.
func (p *pace) erred(f float64, origin, t int) {
	if origin == 0 {
		return
	}
	p.errors += math.Abs(p.view.to(p.x[t])-p.view.to(p.view.inside(f, p.x[origin]))) / rootOf[t-origin-1]
	p.count++
}

const (
	leastMove = 0.002 // of its level: the least that every series is taken to move by
	firstMove = 0.04  // what a single value is taken to move by
	leastPart = 0.1   // recent and past are never less
)

// measures are dev, recent and past of a row.
func (p *pace) measures(t int) (dev, recent, past float64) {
	unit := p.view.unit(p.x[t])
	if t == 0 {
		return firstMove * unit, 1, 1
	}
	m := middle(p.sorted)
	if t == 1 {
		m = 0
	}
	count := min(t, 5)
	for i, d := range p.changes {
		dev += math.Abs(d-m) / float64(max(t-1, 1)) // the median has used one of them up
		if i >= t-count {
			recent += math.Abs(d-m) / float64(count)
		}
	}
	dev = max(dev, leastMove*unit)
	recent, past = max(recent/dev, leastPart), 1
	if p.count > 0 {
		past = max(p.errors/p.count/dev, leastPart)
	}
	return dev, recent, past
}

// smoothness is between 0 for changes that alternate and 1 for changes that
// resemble the ones before: a half and their autocorrelation, less where there
// are few.
func (p *pace) smoothness() float64 {
	if len(p.changes) < 3 {
		return 0.5
	}
	m := middle(p.sorted)
	var product, square float64
	for i, d := range p.changes {
		square += (d - m) * (d - m)
		if i > 0 {
			product += (d - m) * (p.changes[i-1] - m)
		}
	}
	if square == 0 {
		return 0.5
	}
	n := float64(len(p.changes))
	return min(max(0.5+product/square*n/(n+halfTrust), 0), 1)
}
