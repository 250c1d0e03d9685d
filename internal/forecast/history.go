package forecast

import (
	"math"
	"slices"
)

// longestBridge is how many missing periods in a row a straight line fills: a
// longer gap cuts the history.
const longestBridge = 2

// history is the part of a series that a forecast rests on: values of
// consecutive periods, without a break among them.
type history struct {
	x         []float64
	view      view // the natural scale of the series
	from      int  // time of x[0]
	unused    int
	breaks    []int
	suspected []int
	bridged   []int
}

func newHistory(s Series) history {
	h := history{}
	first := 0
	for i, p := range s.Points {
		if p.Break && i > 0 {
			first, h.breaks = i, append(h.breaks, p.Time)
		}
		if i > 0 && p.Time-s.Points[i-1].Time > longestBridge+1 {
			first = i
		}
	}
	h.fill(s, first)
	if t := suspectedBreak(h.view, h.x); t > 0 {
		h.suspected = []int{h.from + t}
		h.fill(s, slices.IndexFunc(s.Points, func(p Point) bool { return p.Time >= h.from+t }))
	}
	return h
}

// fill takes the points from first on and bridges what is missing among them.
func (h *history) fill(s Series, first int) {
	h.unused, h.from, h.x, h.bridged = first, s.Points[first].Time, nil, nil
	for i, p := range s.Points[first:] {
		if i > 0 {
			last := s.Points[first+i-1]
			for t := last.Time + 1; t < p.Time; t++ {
				part := float64(t-last.Time) / float64(p.Time-last.Time)
				h.x = append(h.x, last.Value+part*(p.Value-last.Value))
				h.bridged = append(h.bridged, t)
			}
		}
		h.x = append(h.x, p.Value)
	}
	h.view = viewOf(s.Range, h.x)
}

// A step is suspected to be a break when it is stepSize times the usual
// deviation of the other changes, and the stepSides values on both sides of it
// keep apart by more than half of it. One in a thousand changes of a series with
// heavy tails is as large.
const (
	stepSize  = 12
	stepSides = 5
)

// suspectedBreak is the index of the first value after such a step, or 0.
func suspectedBreak(v view, x []float64) int {
	if len(x) < 2*stepSides {
		return 0
	}
	changes := make([]float64, len(x)-1)
	for t := range changes {
		changes[t] = v.to(x[t+1]) - v.to(x[t])
	}
	m := middle(slices.Sorted(slices.Values(changes)))
	total, at := 0.0, 0
	for t, d := range changes {
		total += math.Abs(d - m)
		if math.Abs(d-m) > math.Abs(changes[at]-m) {
			at = t
		}
	}
	step := changes[at] - m
	usual := (total - math.Abs(step)) / float64(len(changes)-1)
	if at+1 < stepSides || len(x)-at-1 < stepSides || math.Abs(step) < stepSize*max(usual, leastMove*v.unit(x[at])) {
		return 0
	}
	before := slices.Sorted(slices.Values(x[at+1-stepSides : at+1]))
	after := slices.Sorted(slices.Values(x[at+1 : at+1+stepSides]))
	if (v.to(middle(after))-v.to(middle(before)))/step < 0.5 {
		return 0
	}
	return at + 1
}

// view is a scale on which a series is looked at: as it is, the logarithm of its
// distance from the lower end of its range, or the logit of its place between both.
type view struct {
	kind     viewKind
	min, max float64
}

type viewKind int

const (
	plain viewKind = iota
	logarithm
	logit
)

// viewOf is the scale that the range of the series calls for. A value at the
// very end of the range has no logarithm: then the series is seen as it is.
func viewOf(r Range, x []float64) view {
	if r == (Range{}) {
		r = Range{0, math.Inf(1)}
		if slices.Min(x) < 0 {
			r.Min = math.Inf(-1)
		}
	}
	v := view{min: r.Min, max: r.Max}
	kind := logit
	switch {
	case math.IsInf(r.Min, 0):
		return v
	case math.IsInf(r.Max, 0):
		kind = logarithm
	}
	for _, value := range x {
		if !v.holds(value) {
			return v
		}
	}
	v.kind = kind
	return v
}

// holds tells whether value lies strictly inside the range.
func (v view) holds(value float64) bool { return value > v.min && value < v.max }

// unit is what a relative change of a level of x is multiplied with to be a
// change on the view.
func (v view) unit(x float64) float64 {
	if v.kind == plain {
		return max(math.Abs(x), 1e-9)
	}
	return 1
}

func (v view) to(value float64) float64 {
	switch v.kind {
	case logarithm:
		return math.Log(value - v.min)
	case logit:
		return math.Log((value - v.min) / (v.max - value))
	}
	return value
}

func (v view) back(z float64) float64 {
	switch v.kind {
	case logarithm:
		return v.min + math.Exp(z)
	case logit:
		return v.min + (v.max-v.min)/(1+math.Exp(-z))
	}
	return min(max(z, v.min), v.max)
}

// slope is how much a value of x grows when its place on the view does.
func (v view) slope(x float64) float64 {
	switch v.kind {
	case logarithm:
		return x - v.min
	case logit:
		return (x - v.min) * (v.max - x) / (v.max - v.min)
	}
	return 1
}

// apart is the error of a forecast on the view. On the log scale it grows with the
// logarithm of the ratio only up to e times the forecast, and with the ratio itself
// beyond: else the upper end of the interval of a series that once collapsed would
// be out of all proportion. On the logit scale so do the odds, up and down.
func (v view) apart(value, forecast float64) float64 {
	d := v.to(value) - v.to(forecast)
	switch {
	case v.kind != plain && d > 1:
		return math.Exp(min(d, 300) - 1)
	case v.kind == logit && d < -1:
		return -math.Exp(min(-d, 300) - 1)
	}
	return d
}

// off is the value that lies apart from the forecast by d.
func (v view) off(forecast, d float64) float64 {
	switch {
	case v.kind != plain && d > 1:
		d = 1 + math.Log(d)
	case v.kind == logit && d < -1:
		d = -1 - math.Log(-d)
	}
	return v.back(v.to(forecast) + d)
}

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

// inside is value where the view can show it, else a place near that edge.
func (v view) inside(value, last float64) float64 {
	if v.kind == plain || v.holds(value) {
		return value
	}
	edge := v.min
	if value >= v.max {
		edge = v.max
	}
	return edge + (last-edge)/100
}
