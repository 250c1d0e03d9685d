package forecast

import "math"

// longestBridge is how many missing periods in a row are filled: a longer gap
// cuts the history.
const longestBridge = 2

// history is the part of a series that a forecast rests on: values of
// consecutive periods, without a break inside.
type history struct {
	x       []float64
	view    view // the natural scale of the series
	from    int
	unused  int
	breaks  []int
	bridged []int
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
	h.unused, h.from = first, s.Points[first].Time
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
	return h
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
		for _, v := range x {
			if v < 0 {
				r.Min = math.Inf(-1)
			}
		}
	}
	v := view{min: r.Min, max: r.Max}
	switch {
	case math.IsInf(r.Min, 0):
		return v
	case math.IsInf(r.Max, 0):
		v.kind = logarithm
	default:
		v.kind = logit
	}
	for _, value := range x {
		if !v.holds(value) {
			v.kind = plain
		}
	}
	return v
}

// holds tells whether value lies strictly inside the range.
func (v view) holds(value float64) bool { return value > v.min && value < v.max }

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
	return v.clip(z)
}

func (v view) clip(value float64) float64 { return min(max(value, v.min), v.max) }
