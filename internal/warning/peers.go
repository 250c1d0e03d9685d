package warning

import (
	"cmp"
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// regionsRule finds values that moved unlike those of the other regions of the
// same level, after Hidiroglou and Berthelot, “Statistical editing and imputation
// for periodic business surveys”, Survey Methodology 12 (1986). With r the ratio of
// a region's value x to the one before, and m the median of all r,
//
//	s = r/m − 1 where r ≥ m, else 1 − m/r
//	E = s · max(x, before)^U
//	d₁ = max(E½ − E¼, |A·E½|), d₃ = max(E¾ − E½, |A·E½|)
//
// and an outlier has E < E½ − C·d₁ or E > E½ + C·d₃. It is for stocks and flows
// only, needs a least number of regions, and is silent about a change that is too
// small to matter (Least) or usual for the region itself (Usual).
func regionsRule(x *exam) {
	if !x.scale.log {
		return
	}
	type key struct {
		period indicator.Period
		level  indicator.Level
	}
	groups := map[key][]move{}
	for i, s := range x.Series {
		if !x.isPeer(s.Region) {
			continue
		}
		level := x.Catalog.Region(s.Region).Level
		odd := x.odd(i)
		for k, p := range s.Points {
			from, ok := x.scale.before(s.Points, k)
			if !ok || p.Status == indicator.Break || odd[from] || p.Value <= 0 || s.Points[from].Value <= 0 {
				continue
			}
			at := key{p.Period, level}
			groups[at] = append(groups[at], move{series: i, point: k, before: s.Points[from], now: p, effect: p.Value / s.Points[from].Value})
		}
	}
	keys := make([]key, 0, len(groups))
	for at, moves := range groups {
		if len(moves) >= x.OutlierRegions.Regions && slices.ContainsFunc(moves, func(m move) bool { return x.open(m.series, m.point) }) {
			keys = append(keys, at)
		}
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(a.period.Compare(b.period), cmp.Compare(a.level, b.level)) })
	for _, at := range keys {
		x.tellUnlike(groups[at])
	}
}

// move is one region's change.
type move struct {
	series, point int
	before, now   Point
	effect        float64 // first the ratio, then the effect E
}

func (x *exam) tellUnlike(moves []move) {
	middle, low, high := hidiroglouBerthelot(moves, x.OutlierRegions)
	for _, m := range moves {
		if m.effect >= low && m.effect <= high || !x.open(m.series, m.point) || x.isUsual(m, middle) {
			continue
		}
		x.spent[m.series][m.point] = true
		x.add(Finding{Code: OutlierRegions, Severity: indicator.SeverityQuery, Cell: m.now.Cell,
			Message: x.regionsText(x.Series[m.series].Region, m.before, m.now, middle)})
	}
}

// hidiroglouBerthelot turns the ratios of the moves into effects, and gives the
// median ratio and the band in which effects are not outliers.
func hidiroglouBerthelot(moves []move, rule RegionsRule) (middle, low, high float64) {
	list := make([]float64, len(moves))
	for i, m := range moves {
		list[i] = m.effect
	}
	middle = median(list)
	for i := range moves {
		m := &moves[i]
		s := m.effect/middle - 1
		if m.effect < middle {
			s = 1 - middle/m.effect
		}
		m.effect = s * math.Pow(max(m.now.Value, m.before.Value), rule.U)
		list[i] = m.effect
	}
	slices.Sort(list)
	centre, least := quantile(list, 0.5), math.Abs(rule.A*quantile(list, 0.5))
	return middle, centre - rule.C*max(centre-quantile(list, 0.25), least), centre + rule.C*max(quantile(list, 0.75)-centre, least)
}

// isUsual tells a move that is no matter: small, made by few things, of a series
// too short to tell, or like those that the region has made before.
func (x *exam) isUsual(m move, middle float64) bool {
	distance := math.Abs(math.Log(m.now.Value / m.before.Value / middle))
	if distance < math.Log1p(x.OutlierRegions.Least)+x.OutlierRegions.Usual*x.scale.noise(m.before.Value, m.now.Value) {
		return true
	}
	if !x.judged(m.series) {
		return true
	}
	z, ok := x.scale.z(x.usual[m.series], m.before, m.now)
	return ok && math.Abs(z) < x.OutlierRegions.Usual
}
