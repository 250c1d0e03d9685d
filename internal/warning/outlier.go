package warning

import (
	"math"

	"github.com/dabiao/dabiao/internal/indicator"
)

// historyRule finds values that do not fit the region's own history: the change
// from the value before lies Z widths or more from the median change (see spread),
//
//	z = (change − median) / √(max(1.4826·MAD, floor)² + noise²)
//
// A value beside an outlier is not one for being far from it: it is held against
// the last value that fitted.
func historyRule(x *exam) {
	for i, s := range x.Series {
		for k, p := range s.Points {
			if !x.lines[i].odd[k] || !x.open(i, k) {
				continue
			}
			from := s.Points[x.other(i, k)]
			expected := x.scale.expected(x.lines[i].usual, from, p)
			z, _ := x.scale.z(x.lines[i].usual, from, p)
			x.lines[i].spent[k] = true
			x.add(Finding{Code: OutlierHistory, Severity: x.severity(OutlierHistory, x.isFarOff(p.Value, expected)), Cell: p.Cell,
				Message: x.historyText(s.Region, from, p, expected, math.Abs(z))})
		}
	}
}

// isFarOff tells a value so far from what was expected that it is to be
// explained; anything less is noted: official figures do make such steps.
func (x *exam) isFarOff(value, expected float64) bool {
	if x.scale.log {
		return math.Abs(math.Log(value/expected)) >= math.Log1p(x.OutlierHistory.Ask)
	}
	return math.Abs(value-expected) >= x.OutlierHistory.Ask*math.Abs(expected)
}

// judged tells that a series has history enough for its changes to mean something.
func (x *exam) judged(series int) bool { return x.lines[series].usual.n > x.OutlierHistory.Changes }

// isFar tells that the change to a point, that of its line, is z widths or more
// from the usual one.
func (x *exam) isFar(series, k int, z float64) bool {
	l := &x.lines[series]
	d := l.change[k]
	if !(math.Abs(d-l.usual.median) >= z*l.usual.width) { // noise only makes z smaller
		return false
	}
	points := x.Series[series].Points
	return math.Abs(x.scale.zOf(l.usual, d, points[l.from[k]], points[k])) >= z
}

// markOdd finds the points of a series, published ones too, that do not fit it.
func (x *exam) markOdd(series int) {
	if !x.judged(series) {
		return
	}
	points, l := x.Series[series].Points, &x.lines[series]
	far := func(from, to int) bool {
		z, ok := x.scale.z(l.usual, points[from], points[to])
		return ok && math.Abs(z) >= x.OutlierHistory.Z
	}
	fitting := 0 // the last that fitted
	for k := range points {
		from := int(l.from[k])
		switch {
		case !x.isFar(series, k, x.OutlierHistory.Z):
			fitting = k
		case x.scale.lag > 1:
			l.odd[k] = !l.odd[from]
		case l.odd[from] && from > fitting && !far(fitting, k):
			fitting = k
		case k == 1 && len(points) > 2 && !far(1, 2): // the first is the one that does not fit
			l.odd[0], fitting = true, k
		default:
			l.odd[k] = true
		}
	}
}

// other is the point that an odd one is compared with.
func (x *exam) other(series, k int) int {
	if k == 0 {
		return 1
	}
	l := &x.lines[series]
	from := int(l.from[k])
	for x.scale.lag == 1 && from > 0 && l.odd[from] {
		from--
	}
	return from
}

// stepRule finds a step that many regions take at once, which is more likely a
// new definition than many events: of the regions that can be judged, a share has
// changes of one sign that are unusual for it. It speaks once of a period, and of
// none of the regions by itself; a region that follows a step which the others
// have taken already is no outlier either.
func stepRule(x *exam) {
	for n, t := range x.tallies() {
		for _, side := range [][]place{t.up, t.down} {
			if !x.manyStep(side, t.judged) {
				continue
			}
			var steps []float64
			fresh := 0
			for _, at := range side {
				l := &x.lines[at.series]
				if x.open(at.series, at.point) {
					fresh++
					l.spent[at.point] = true
				}
				steps = append(steps, l.change[at.point]-l.usual.median)
			}
			if fresh >= x.StepRegions.Regions {
				x.add(Finding{Code: StepRegions, Severity: x.severity(StepRegions, true), Cell: Published,
					Message: x.stepText(x.first.Add(n), len(side), t.judged, median(steps))})
			}
		}
	}
}

// isPeer tells a region whose figures are collected, so that it is held against
// others; all of a panel that are not the nation's are peers of their own level.
func (x *exam) isPeer(code string) bool {
	r := x.Catalog.Region(code)
	return r != nil && r.Collected && r.Level != indicator.Country
}
