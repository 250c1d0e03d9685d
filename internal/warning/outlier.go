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
		odd := x.odd(i)
		for k, p := range s.Points {
			if !odd[k] || !x.open(i, k) {
				continue
			}
			from := s.Points[x.other(i, k, odd)]
			z, _ := x.scale.z(x.usual[i], from, p)
			x.spent[i][k] = true
			x.add(Finding{Code: OutlierHistory, Severity: indicator.SeverityQuery, Cell: p.Cell,
				Message: x.historyText(s.Region, from, p, x.scale.expected(x.usual[i], from, p), math.Abs(z))})
		}
	}
}

// judged tells that a series has history enough for its changes to mean something.
func (x *exam) judged(series int) bool { return x.usual[series].n > x.OutlierHistory.Changes }

// odd are the points of a series, published ones too, that do not fit it.
func (x *exam) odd(series int) []bool {
	points, usual := x.Series[series].Points, x.usual[series]
	odd := make([]bool, len(points))
	if !x.judged(series) {
		return odd
	}
	far := func(from, to int) bool {
		z, ok := x.scale.z(usual, points[from], points[to])
		return ok && math.Abs(z) >= x.OutlierHistory.Z
	}
	fitting := 0 // the last that fitted
	for k := range points {
		from, ok := x.scale.before(points, k)
		switch {
		case !ok || points[k].Status == indicator.Break || !far(from, k):
			fitting = k
		case x.scale.lag > 1:
			odd[k] = !odd[from]
		case odd[from] && from > fitting && !far(fitting, k):
			fitting = k
		case k == 1 && len(points) > 2 && !far(1, 2): // the first is the one that does not fit
			odd[0], fitting = true, k
		default:
			odd[k] = true
		}
	}
	return odd
}

// other is the point that an odd one is compared with.
func (x *exam) other(series, k int, odd []bool) int {
	if k == 0 {
		return 1
	}
	from, _ := x.scale.before(x.Series[series].Points, k)
	for x.scale.lag == 1 && from > 0 && odd[from] {
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
	type tally struct {
		judged, fresh int
		up, down      [][2]int // series and point
	}
	periods := map[indicator.Period]*tally{}
	for i, s := range x.Series {
		if !x.judged(i) || !x.isPeer(s.Region) {
			continue
		}
		for k, p := range s.Points {
			z, ok := x.pointZ(i, k)
			if !ok {
				continue
			}
			t := periods[p.Period]
			if t == nil {
				t = &tally{}
				periods[p.Period] = t
			}
			t.judged++
			switch {
			case z >= x.StepRegions.Z:
				t.up = append(t.up, [2]int{i, k})
			case z <= -x.StepRegions.Z:
				t.down = append(t.down, [2]int{i, k})
			}
		}
	}
	for _, period := range sortedPeriods(periods) {
		t := periods[period]
		for _, side := range [][][2]int{t.up, t.down} {
			if len(side) < x.StepRegions.Regions || float64(len(side)) < x.StepRegions.Share*float64(t.judged) {
				continue
			}
			x.tellStep(period, side, t.judged)
		}
	}
}

func (x *exam) tellStep(period indicator.Period, side [][2]int, judged int) {
	var changes []float64
	fresh := 0
	for _, at := range side {
		points := x.Series[at[0]].Points
		if x.open(at[0], at[1]) {
			fresh++
			x.spent[at[0]][at[1]] = true
		}
		if d, ok := x.scale.step(points, at[1]); ok {
			changes = append(changes, d-x.usual[at[0]].median)
		}
	}
	if fresh >= x.StepRegions.Regions {
		x.add(Finding{Code: StepRegions, Severity: indicator.SeverityQuery, Cell: Published,
			Message: x.stepText(period, len(side), judged, median(changes))})
	}
}

// pointZ is how unusual the change to a point is for its own region.
func (x *exam) pointZ(series, k int) (float64, bool) {
	points := x.Series[series].Points
	from, ok := x.scale.before(points, k)
	if !ok || points[k].Status == indicator.Break {
		return 0, false
	}
	return x.scale.z(x.usual[series], points[from], points[k])
}

// isPeer tells a region whose figures are collected, so that it is held against
// others; all of a panel that are not the nation's are peers of their own level.
func (x *exam) isPeer(code string) bool {
	r := x.Catalog.Region(code)
	return r != nil && r.Collected && r.Level != indicator.Country
}
