package warning

import (
	"math"

	"github.com/dabiao/dabiao/internal/indicator"
)

// unitRule finds values that are about a power of ten away from what is known of
// the region, or, for first figures, beyond those of all other regions: most
// likely another unit. With v the value and w the nearest published one,
//
//	|log₁₀(v/w) − n| ≤ tolerance, n ≠ 0
//
// Hundredfold and more is believed at once; of numbers of things, which do grow
// like that, only what is ten thousandfold or so. Tenfold needs a long series of
// which it is an outlier too. Growth, which passes through zero, has no size.
func unitRule(x *exam) {
	if x.Indicator.Measure == indicator.Growth {
		return
	}
	var list []shift
	extremes := x.extremes()
	for i, s := range x.Series {
		if !x.lines[i].fresh {
			continue
		}
		nearest := nearestPublished(s.Points)
		inside := !x.sameSizes(s.Points)
		others := extremes[x.levelOf(i)]
		for k := range s.Points {
			p := &s.Points[k]
			if !p.isNew() || p.Value <= 0 {
				continue
			}
			m, ok := shift{}, false
			switch {
			case p.Revised:
				if !fits(s.Points, k) {
					m, ok = x.shiftFrom(i, k, Point{Period: p.Period, Value: p.Was})
				}
			case nearest != nil:
				m, ok = x.shiftFrom(i, k, s.Points[nearest[k]])
			default:
				if inside {
					m, ok = x.shiftInside(i, k)
				}
				if !ok {
					m, ok = x.shiftAmong(i, k, others)
				}
			}
			if ok {
				m.series, m.point, m.unit = i, k, x.shiftedUnit(p.Cell, m.n)
				list = append(list, m)
			}
		}
	}
	for _, m := range list {
		x.lines[m.series].spent[m.point] = true
	}
	x.tellUnits(list)
}

// nearestPublished gives for each point the published one next to it, of two as
// far the earlier; nil where none is published.
func nearestPublished(points []Point) []int32 {
	var list []int32
	last := int32(-1)
	for k := range points {
		p := &points[k]
		if p.isNew() {
			continue
		}
		if list == nil {
			list = make([]int32, len(points))
		}
		for j := last + 1; j <= int32(k); j++ {
			list[j] = int32(k)
			if last >= 0 && points[j].Period.Sub(points[last].Period) <= p.Period.Sub(points[j].Period) {
				list[j] = last
			}
		}
		last = int32(k)
	}
	for j := int(last) + 1; last >= 0 && j < len(points); j++ {
		list[j] = last
	}
	return list
}

// sameSizes is a cheap look: no two neighbours are far apart, as in most series.
func (x *exam) sameSizes(points []Point) bool {
	for k := 1; k < len(points); k++ {
		if a, b := points[k-1].Value, points[k].Value; a > 0 && (b > 5*a || b < a/5) {
			return false
		}
	}
	return true
}

// shift is a value that is about 10ⁿ times another.
type shift struct {
	series, point int
	n             int
	unit          string // in which it would fit; empty: none is known
	other         Point  // that it is compared with
	peers         bool   // which is the largest or the smallest of the other regions
}

// shiftFrom tells whether a point is about 10ⁿ times another, not too long ago.
func (x *exam) shiftFrom(series, k int, other Point) (shift, bool) {
	const near, far = 2, 10 // years
	p := x.Series[series].Points[k]
	n, ok := x.powerOfTen(p.Value, other.Value)
	years := abs(p.Period.Sub(other.Period)) / x.scale.lag
	switch {
	case !ok || years > far:
		return shift{}, false
	case abs(n) == 1:
		if years > near || !x.judged(series) || len(x.Series[series].Points) <= x.UnitSuspect.Points {
			return shift{}, false
		}
		z, ok := x.scale.z(x.lines[series].usual, other, p)
		return shift{n: n, other: other}, ok && math.Abs(z) >= x.OutlierHistory.Z
	case x.scale.counted && abs(n) < 3:
		return shift{}, false
	}
	return shift{n: n, other: other}, true
}

func (x *exam) powerOfTen(value, other float64) (int, bool) {
	if other <= 0 {
		return 0, false
	}
	power := math.Log10(value / other)
	n, tolerance := math.Round(power), x.UnitSuspect.Tolerance
	if math.Abs(n) == 1 {
		tolerance /= 3
	}
	return int(n), n != 0 && math.Abs(power-n) <= tolerance
}

// shiftInside compares a point of a series that is all new with its neighbours:
// both are to say the same, in a series that is long enough.
func (x *exam) shiftInside(series, k int) (shift, bool) {
	points := x.Series[series].Points
	if len(points) <= x.UnitSuspect.Points || k == 0 {
		return shift{}, false
	}
	m, ok := x.shiftFrom(series, k, points[k-1])
	if !ok || x.lines[series].odd[k-1] {
		return shift{}, false
	}
	logs := make([]float64, 0, len(points))
	for _, p := range points {
		if p.Value > 0 {
			logs = append(logs, math.Log10(p.Value))
		}
	}
	middle := median(logs)
	return m, math.Abs(math.Log10(points[k].Value)-middle) > math.Abs(math.Log10(points[k-1].Value)-middle) &&
		(k+1 == len(points) || !sameSize(points[k].Value, points[k+1].Value))
}

// fits tells that a revised value is of the size of a neighbour: what was
// published was wrong, and is corrected.
func fits(points []Point, k int) bool {
	for _, j := range []int{k - 1, k + 1} {
		if j >= 0 && j < len(points) && !points[j].Revised && sameSize(points[k].Value, points[j].Value) {
			return true
		}
	}
	return false
}

func sameSize(a, b float64) bool { return b > 0 && math.Abs(math.Log10(a/b)) < 0.5 }

// extent is the smallest and the largest of the newest published values.
type extent struct {
	low, high Point
	regions   int
}

// extremes are those of each level.
func (x *exam) extremes() map[indicator.Level]extent {
	list := map[indicator.Level]extent{}
	for i, s := range x.Series {
		if len(s.Points) == 0 {
			continue
		}
		last := s.Points[len(s.Points)-1]
		if last.isNew() || last.Value <= 0 {
			continue
		}
		level := x.levelOf(i)
		e := list[level]
		if e.regions == 0 || last.Value < e.low.Value {
			e.low = last
		}
		if e.regions == 0 || last.Value > e.high.Value {
			e.high = last
		}
		e.regions++
		list[level] = e
	}
	return list
}

// shiftAmong compares the first figure of a region with those of the others of
// its level: it is to lie a hundredfold beyond all of them.
func (x *exam) shiftAmong(series, k int, others extent) (shift, bool) {
	const beyond, least = 100, 5
	value := x.Series[series].Points[k].Value
	other := others.high
	switch {
	case others.regions < least:
		return shift{}, false
	case value < others.low.Value/beyond:
		other = others.low
	case value <= others.high.Value*beyond:
		return shift{}, false
	}
	n := int(math.Round(math.Log10(value / math.Sqrt(others.low.Value*others.high.Value))))
	if x.scale.counted && abs(n) < 3 {
		return shift{}, false
	}
	return shift{n: n, other: other, peers: true}, true
}

func (x *exam) levelOf(series int) indicator.Level {
	if r := x.Catalog.Region(x.Series[series].Region); r != nil {
		return r.Level
	}
	return ""
}

// shiftedUnit is the unit in which the number of a cell would be 10ⁿ times less;
// empty where there is none.
func (x *exam) shiftedUnit(cell, n int) string {
	stated := x.Indicator.Unit
	if x.Unit != nil {
		stated = x.Unit(cell)
	}
	is, ok := indicator.FindUnit(stated)
	if !ok {
		return ""
	}
	for _, u := range indicator.UnitsOf(is.Dimension) {
		if math.Abs(is.Factor/math.Pow(10, float64(n))/u.Factor-1) < 1e-9 {
			return u.Code
		}
	}
	return ""
}

// tellUnits speaks of each value, of many that are alike once for the file.
func (x *exam) tellUnits(list []shift) {
	const many = 3
	type kind struct {
		n    int
		unit string
	}
	groups := map[kind][]shift{}
	var order []kind
	for _, m := range list {
		k := kind{m.n, m.unit}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], m)
	}
	for _, k := range order {
		alike := groups[k]
		if len(alike) >= many {
			x.tellUnit(alike[0], len(alike), Published)
			continue
		}
		for _, m := range alike {
			x.tellUnit(m, 1, x.Series[m.series].Points[m.point].Cell)
		}
	}
}

func (x *exam) tellUnit(m shift, count, cell int) {
	f := Finding{Code: UnitSuspect, Severity: x.severity(UnitSuspect, true), Cell: cell,
		Message: x.unitText(x.Series[m.series].Region, x.Series[m.series].Points[m.point], m, count)}
	if m.unit != "" {
		f.Suggestions = []indicator.Suggestion{{Option: "unit", Value: m.unit}}
	}
	x.add(f)
}

func abs(n int) int { return max(n, -n) }
