package warning

import (
	"math"

	"github.com/dabiao/dabiao/internal/indicator"
)

// shape is what a run of values looks like.
type shape string

const (
	constant  shape = "constant"
	linear    shape = "linear"
	geometric shape = "geometric"
)

// syntheticRule finds runs that were calculated and not counted: values that are
// all the same, equal steps (a straight line, an interpolation between surveys),
// equal rates (a line of logarithms).
//
// What is equal only because it is rounded proves nothing, so a run is held
// against chance. With r the last place that the values are written to, a second
// difference of rounded values is within ±2r of that of the true ones. Taking the
// steps of counted figures to vary by a tenth of the step d to either side, it falls
// there by chance with q = 20r/d, a run of m values by q^(m−2); for a constant run
// of values v, varying by a hundredth, with q = 50r/v, by q^(m−1). Whole
// numbers that are small, and percentages with one place, never prove anything.
func syntheticRule(x *exam) {
	for i, s := range x.Series {
		if len(s.Points) < x.Synthetic.Points || !x.lines[i].fresh {
			continue
		}
		run, ok := x.longestRun(s.Points)
		if !ok {
			continue
		}
		f, first := Finding{Code: Synthetic, Severity: indicator.SeverityNote, Cell: Published}, 0
		for k := run.from; k <= run.to; k++ {
			p := s.Points[k]
			if !x.open(i, k) {
				continue
			}
			if f.Cell == Published {
				f.Cell, first = p.Cell, k
			}
			if run.shape != constant && p.Status != indicator.Estimated { // what is said to be estimated may look so
				f.Severity = x.severity(Synthetic, true)
			}
		}
		if f.Cell == Published {
			continue
		}
		x.lines[i].spent[first] = true
		f.Message = x.syntheticText(s, run)
		x.add(f)
	}
}

// run is the points from … to, both included.
type run struct {
	from, to int
	shape
}

func (r run) points() int { return r.to - r.from + 1 }

// longestRun is the longest run that is no chance.
func (x *exam) longestRun(points []Point) (run, bool) {
	best, place := run{}, 0.0
	for _, form := range []shape{constant, linear, geometric} {
		for from := 0; from+1 < len(points); {
			if place == 0 && !startsRun(points, from, form) {
				from++
				continue
			}
			if place == 0 {
				place = lastPlace(points)
			}
			to := extend(points, from, form, place)
			r := run{from, to, form}
			if r.points() >= x.Synthetic.Points && r.points() > best.points() && chance(points, r, place) <= x.Synthetic.Chance {
				best = r
			}
			from = max(from+1, to-1)
		}
	}
	return best, best.shape != ""
}

// startsRun is a cheap look at three points: most figures need no other.
func startsRun(points []Point, k int, form shape) bool {
	if form == constant {
		return points[k].Value == points[k+1].Value
	}
	if k+2 >= len(points) {
		return false
	}
	a, b, c := points[k].Value, points[k+1].Value, points[k+2].Value
	d := math.Abs(b - a)
	if form == linear {
		return math.Abs(a-2*b+c) <= d/20
	}
	return a > 0 && b > 0 && c > 0 && math.Abs(a*c/(b*b)-1) <= d/a/20
}

// extend is the last point of the run that begins at from.
func extend(points []Point, from int, form shape, place float64) int {
	to := from
	for k := from + 1; k < len(points) && points[k].Period == points[k-1].Period.Add(1); k++ {
		if form == constant {
			if points[k].Value != points[from].Value {
				break
			}
		} else if k >= from+2 && !goesOn(points[from].Value, points[k-2].Value, points[k-1].Value, points[k].Value, form, place) {
			break
		}
		to = k
	}
	return to
}

// goesOn tells that the step to c is that from a to b, but for rounding.
func goesOn(first, a, b, c float64, form shape, place float64) bool {
	const slack = 1e-9 // of what binary fractions leave
	if form == linear {
		return b != a && math.Abs(a-2*b+c) <= 2*place+slack*math.Abs(b)
	}
	least := min(first, a, b, c)
	return least > 0 && a != b && math.Abs(a*c/(b*b)-1) <= 2*place/least+slack
}

// chance is how likely a run is in figures that were counted.
func chance(points []Point, r run, place float64) float64 {
	first := points[r.from].Value
	if r.shape == constant {
		return power(50*place/math.Abs(first), r.points()-1)
	}
	// The smallest step proves least; of a geometric run that is its first or last.
	d := min(math.Abs(points[r.from+1].Value-first), math.Abs(points[r.to].Value-points[r.to-1].Value))
	return power(20*place/d, r.points()-2)
}

// power of a probability; what is not one, or no number, is certain.
func power(q float64, n int) float64 {
	if !(q < 1) {
		return 1
	}
	return math.Pow(q, float64(n))
}

// lastPlace is the last decimal place that any of the values is written to: 0.01,
// or 100 where all are whole hundreds.
func lastPlace(points []Point) float64 {
	least := math.Inf(1)
	for _, p := range points {
		if p.Value != 0 {
			least = min(least, placeOf(p.Value))
		}
	}
	return least
}

func placeOf(v float64) float64 {
	const most, slack = 9, 1e-9
	v = math.Abs(v)
	if whole := math.Trunc(v); v == whole && v < 1e15 {
		place := 1.0
		for math.Mod(whole, place*10) == 0 {
			place *= 10
		}
		return place
	}
	place := 1.0
	for range most {
		place *= 10
		if scaled := v * place; math.Abs(scaled-math.Round(scaled)) <= slack*scaled {
			break
		}
	}
	return 1 / place
}
