package chart

import (
	"math"

	"github.com/dabiao/dabiao/internal/dashboard"
)

// extent is the value axis: round ends around the region itself, the nation, the
// targets and the forecast, and around the other regions as far as they do not press these
// together; what lies further out is cut off. step parts it into three to six.
func (d *drawing) extent() (low, high, step float64) {
	low, high = math.Inf(1), math.Inf(-1)
	widen := func(v float64) {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	focused := d.focused()
	for _, l := range d.chart.Series {
		if l.Role != dashboard.RoleOther || !focused {
			widenLine(l, widen)
		}
	}
	if d.chart.FromZero {
		low = math.Min(low, 0)
	}
	for _, g := range d.chart.Goals {
		switch g.Shape {
		case dashboard.GoalBand:
			widen(g.Low)
			widen(g.High)
		case dashboard.GoalArrow:
			widen(g.Value)
			room := 0.4 * max(high-low, math.Abs(g.Value)*0.1) // for the arrow and its label
			if g.Up {
				widen(g.Value + room)
			} else {
				widen(g.Value - room)
			}
		default:
			widen(g.Value)
		}
	}
	bottom, top := low, high // before anything that may be cut off
	if focused {
		margin := 0.6 * max(high-low, math.Abs(high)*0.1)
		floor, ceiling := low-margin, high+margin
		for _, l := range d.chart.Series {
			if l.Role == dashboard.RoleOther {
				widenLine(l, func(v float64) { widen(math.Min(math.Max(v, floor), ceiling)) })
			}
		}
	}
	d.widenFan(bottom, top, widen)
	if math.IsInf(low, 0) || math.IsInf(high, 0) || math.IsNaN(low+high) {
		return 0, 1, 0.25
	}
	return roundEnds(low, high)
}

func widenLine(l dashboard.Line, widen func(float64)) {
	for _, p := range l.Points {
		if p.Value != nil {
			widen(*p.Value)
		}
	}
}

// roundEnds puts the ends on multiples of a round step of which about five fit
// in, with room above the highest mark for a label.
func roundEnds(low, high float64) (float64, float64, float64) {
	span := high - low
	if span == 0 {
		span = math.Max(math.Abs(high), 1)
		low -= span / 2
	}
	high += span * 0.12
	step := roundStep((high - low) / 4)
	floor, ceiling := math.Floor(low/step)*step, math.Ceil(high/step)*step
	return clean(floor), clean(ceiling), clean(step)
}

// roundStep is the least of 1, 2, 2.5, 3, 4, 5, 10 times a power of ten that is not below v.
func roundStep(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 2.5, 3, 4, 5} {
		if v <= m*power {
			return m * power
		}
	}
	return 10 * power
}

// clean removes the last digits that binary fractions add.
func clean(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 12-math.Ceil(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
