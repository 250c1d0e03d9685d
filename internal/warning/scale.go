package warning

import (
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// scale is how the change from one value to another is measured: as the
// difference of logarithms for stocks and flows, which grow by percentages, and
// as the plain difference for ratios and growth, and where values are negative.
type scale struct {
	log     bool
	lag     int     // periods back to compare with: months and quarters with their own season
	grain   float64 // least difference of two values that are shown
	counted bool    // the number of things: it varies by its square root
	factor  float64 // of the unit, in things
	merged  bool    // monthly flows, of which February may hold January
}

func newScale(ind *indicator.Indicator, f indicator.Freq, list []Series) scale {
	s := scale{lag: season(f), grain: math.Pow(10, -float64(ind.Decimals)), factor: 1}
	amount := ind.Measure == indicator.Stock || ind.Measure == indicator.Flow
	s.log = amount && !slices.ContainsFunc(list, func(x Series) bool {
		return slices.ContainsFunc(x.Points, func(p Point) bool { return p.Value < 0 })
	})
	if unit, ok := indicator.FindUnit(ind.Unit); ok && unit.Dimension == "count" {
		s.counted, s.factor = true, unit.Factor
	}
	s.merged = f == indicator.Monthly && ind.Measure == indicator.Flow
	return s
}

// season is how many periods make a year.
func season(f indicator.Freq) int {
	switch f {
	case indicator.Quarterly:
		return 4
	case indicator.Monthly:
		return 12
	}
	return 1
}

// change is from one value to another; false where it cannot be told.
func (s scale) change(from, to float64) (float64, bool) {
	if !s.log {
		return to - from, true
	}
	if from <= 0 || to <= 0 {
		return 0, false
	}
	return math.Log(to / from), true
}

// noise is the change that means nothing between two values: what rounding
// makes of it, and for numbers of things the square root that chance leaves.
func (s scale) noise(from, to float64) float64 {
	if !s.log {
		return s.grain
	}
	least := min(from, to)
	n := s.grain / least
	if s.counted {
		n = max(n, 1/math.Sqrt(least*s.factor))
	}
	return n
}

// before is the point that the one at i is compared with: a season earlier, or
// for yearly series the one before it, however long ago.
func (s scale) before(points []Point, i int) (int, bool) {
	if s.merged && holdsJanuary(points, i) {
		return 0, false
	}
	if s.lag == 1 {
		return i - 1, i > 0
	}
	want := points[i].Period.Add(-s.lag)
	for j := i - 1; j >= 0; j-- {
		switch c := points[j].Period.Compare(want); {
		case c == 0:
			return j, !s.merged || !holdsJanuary(points, j)
		case c < 0:
			return 0, false
		}
	}
	return 0, false
}

// holdsJanuary tells a February beside which there is no January: offices often
// publish the two as one figure (1—2月).
func holdsJanuary(points []Point, i int) bool {
	if points[i].Period.Start().Month() != 2 {
		return false
	}
	return i == 0 || points[i-1].Period != points[i].Period.Add(-1)
}

// spread is the usual change of a series: the median of its yearly changes, and
// how far they lie around it.
type spread struct {
	median float64
	width  float64 // 1.4826 · MAD, at least the floor: the standard deviation of normal changes
	n      int     // changes
}

// spread takes the changes of a series; one that is no number is none. The median
// absolute deviation (MAD) of changes that are all alike is 0: floor, a share of
// the value, is the least that is believed. Hampel, “The influence curve and its
// role in robust estimation”, JASA 69 (1974); Iglewicz and Hoaglin, “How to detect
// and handle outliers” (1993). The room is for the work, and given back.
func (s scale) spread(points []Point, list []float64, floor float64, room []float64) (spread, []float64) {
	level := 0.0
	for i, d := range list {
		if !math.IsNaN(d) {
			room = append(room, d)
			level += math.Abs(points[i].Value)
		}
	}
	n := len(room)
	if n == 0 {
		return spread{}, room
	}
	if !s.log {
		floor = max(s.grain, floor*level/float64(n))
	}
	middle := median(room)
	for i, d := range room {
		room[i] = math.Abs(d - middle)
	}
	return spread{middle, max(floor, madToDeviation*median(room)), n}, room
}

// madToDeviation makes the MAD of a normal distribution its standard deviation.
const madToDeviation = 1.4826

// changes fills in what each point is compared with, and its change.
func (s scale) changes(points []Point, l *line) {
	log := math.NaN() // of the point before
	for i := range points {
		l.from[i], l.change[i] = -1, math.NaN()
		before := log
		log = math.NaN()
		if s.log && points[i].Value > 0 {
			log = math.Log(points[i].Value)
		}
		j, ok := s.before(points, i)
		if !ok {
			continue
		}
		l.from[i] = int32(j)
		if points[i].Status == indicator.Break {
			continue
		}
		if s.log && j == i-1 && points[i].Period == points[j].Period.Add(1) {
			l.change[i] = log - before
		} else if d, ok := s.between(points[j], points[i]); ok {
			l.change[i] = d
		}
	}
}

// between is the change from one point to a later one, by season.
func (s scale) between(from, to Point) (float64, bool) {
	d, ok := s.change(from.Value, to.Value)
	if seasons := abs(to.Period.Sub(from.Period)) / s.lag; seasons > 1 {
		d /= float64(seasons)
	}
	return d, ok
}

// z is how unusual a change between two points is, in widths, with its sign.
func (s scale) z(usual spread, from, to Point) (float64, bool) {
	d, ok := s.between(from, to)
	if !ok || usual.width == 0 {
		return 0, false
	}
	return s.zOf(usual, d, from, to), true
}

// zOf is z where the change is known.
func (s scale) zOf(usual spread, d float64, from, to Point) float64 {
	return (d - usual.median) / math.Hypot(usual.width, s.noise(from.Value, to.Value))
}

// expected is the value of a point that the usual change leads to from another,
// which may be the later one.
func (s scale) expected(usual spread, from, to Point) float64 {
	d := usual.median * float64(to.Period.Sub(from.Period)) / float64(s.lag)
	if s.log {
		return from.Value * math.Exp(d)
	}
	return from.Value + d
}

// median reorders the list, which is not empty.
func median(list []float64) float64 {
	slices.Sort(list)
	middle := len(list) / 2
	if len(list)%2 == 1 {
		return list[middle]
	}
	return (list[middle-1] + list[middle]) / 2
}

// quantile of a sorted list that is not empty, by linear interpolation.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
