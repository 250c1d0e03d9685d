package dashboard

import (
	"cmp"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

type rankingKey struct {
	indicator string
	period    indicator.Period
}

// standing is one province in a ranking. Equal values have equal ranks, and the
// rank after them is missing: 1, 2, 2, 4.
type standing struct {
	region *indicator.Region
	point  indicator.Point
	rank   int
}

// ranking is the collected provinces that have a reading, best first.
type ranking []standing

// ranking orders the provinces by their readings of one period: descending, and
// ascending where less is better. An indicator without a direction is ordered
// descending too; who shows it says that this is size, not merit. There is no
// ranking while less than half of the provinces have a reading.
func (r *reader) ranking(i *indicator.Indicator, period indicator.Period) ranking {
	key := rankingKey{i.Code, period}
	if known, ok := r.rankings[key]; ok {
		return known
	}
	var list ranking
	for _, province := range r.catalog.Provinces() {
		if point, ok := r.series(i.Code, province.Code).At(period); ok {
			list = append(list, standing{region: province, point: point})
		}
	}
	if 2*len(list) < len(r.catalog.Provinces()) {
		list = nil // a place among a few says nothing about a place in the country
	}
	r.rankings[key] = rank(list, i.Direction)
	return r.rankings[key]
}

// rank orders a list in place and numbers it.
func rank(list ranking, d indicator.Direction) ranking {
	better := -1.0
	if d == indicator.Down {
		better = 1
	}
	slices.SortStableFunc(list, func(a, b standing) int {
		return cmp.Compare(better*a.point.Value, better*b.point.Value)
	})
	for n := range list {
		list[n].rank = n + 1
		if n > 0 && list[n].point.Value == list[n-1].point.Value {
			list[n].rank = list[n-1].rank
		}
	}
	return list
}

// of finds a region in the ranking.
func (l ranking) of(region string) (standing, bool) {
	i := slices.IndexFunc(l, func(s standing) bool { return s.region.Code == region })
	if i < 0 {
		return standing{}, false
	}
	return l[i], true
}

// ahead is 标兵: the nearest province with a better rank.
func (l ranking) ahead(region string) (standing, bool) {
	own, ok := l.of(region)
	if !ok {
		return standing{}, false
	}
	for i := len(l) - 1; i >= 0; i-- {
		if l[i].rank < own.rank {
			return l[i], true
		}
	}
	return standing{}, false
}

// behind is 追兵: the nearest province with a worse rank.
func (l ranking) behind(region string) (standing, bool) {
	own, ok := l.of(region)
	if !ok {
		return standing{}, false
	}
	for _, s := range l {
		if s.rank > own.rank {
			return s, true
		}
	}
	return standing{}, false
}

// change is the growth over a year: per cent for amounts and counts, points for
// ratios that are in per cent.
type change struct {
	value    float64
	unit     string // % or 个百分点
	decimals int
}

// pointUnit is the unit of a change of a percentage.
const pointUnit = "个百分点"

// inPoints reports whether changes of the indicator are percentage points.
func inPoints(i *indicator.Indicator) bool { return i.Unit == "%" }

// growth is the change from the period before. There is none without a reading
// then, across a break, or from a value that is not positive.
func growth(i *indicator.Indicator, s indicator.Series, at indicator.Point) (change, bool) {
	before, ok := s.At(at.Period.Add(-1))
	if !ok || at.Status == indicator.Break {
		return change{}, false
	}
	if inPoints(i) {
		return change{at.Value - before.Value, pointUnit, i.Decimals}, true
	}
	if before.Value <= 0 {
		return change{}, false
	}
	return change{(at.Value/before.Value - 1) * 100, "%", 1}, true
}

// additive reports whether the regions' values add up to the nation's, so that a
// share means something and a difference to the nation does not.
func additive(i *indicator.Indicator) bool {
	return i.Measure == indicator.Stock || i.Measure == indicator.Flow
}

// share is the region's part of the nation in per cent. Without a national
// reading of the period the denominator is the sum of the collected provinces,
// if all of them have one, and summed says so.
func (r *reader) share(i *indicator.Indicator, at indicator.Point) (percent float64, summed, ok bool) {
	if !additive(i) {
		return 0, false, false
	}
	if nation, found := r.series(i.Code, indicator.Nation).At(at.Period); found && nation.Value > 0 {
		return at.Value / nation.Value * 100, false, true
	}
	list := r.ranking(i, at.Period)
	if len(list) == 0 || len(list) < len(r.catalog.Provinces()) {
		return 0, false, false
	}
	var sum float64
	for _, s := range list {
		sum += s.point.Value
	}
	if sum <= 0 {
		return 0, false, false
	}
	return at.Value / sum * 100, true, true
}
