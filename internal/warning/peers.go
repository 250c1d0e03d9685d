package warning

import (
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
	doubtful := x.doubtful()
	byPeriod := map[indicator.Level]map[indicator.Period][]move{}
	for i, s := range x.Series {
		if len(doubtful) == 0 || !x.isPeer(s.Region) {
			continue
		}
		level, l := x.levelOf(i), &x.lines[i]
		if byPeriod[level] == nil {
			byPeriod[level] = map[indicator.Period][]move{}
		}
		for k := range s.Points {
			p, from := &s.Points[k], l.from[k]
			if math.IsNaN(l.change[k]) || l.odd[from] || !slices.Contains(doubtful, p.Period) {
				continue
			}
			before := s.Points[from].Value
			byPeriod[level][p.Period] = append(byPeriod[level][p.Period], move{i, k, before, p.Value, p.Value / before})
		}
	}
	for _, level := range []indicator.Level{indicator.Province, indicator.City, indicator.County} {
		for _, period := range doubtful {
			if moves := byPeriod[level][period]; len(moves) >= x.OutlierRegions.Regions {
				x.tellUnlike(moves)
			}
		}
	}
}

// doubtful are the periods in which some new value is unusual for its own region,
// which few are: the others need not be looked at.
func (x *exam) doubtful() []indicator.Period {
	var list []indicator.Period
	for i, s := range x.Series {
		if !x.lines[i].fresh || !x.judged(i) {
			continue
		}
		for k := range s.Points {
			if x.isFar(i, k, x.OutlierRegions.Usual) && x.open(i, k) && !slices.Contains(list, s.Points[k].Period) {
				list = append(list, s.Points[k].Period)
			}
		}
	}
	slices.SortFunc(list, indicator.Period.Compare)
	return list
}

// move is one region's change.
type move struct {
	series, point int
	before, now   float64
	effect        float64 // first the ratio, then the effect E
}

func (x *exam) tellUnlike(moves []move) {
	list := make([]float64, len(moves))
	for i, m := range moves {
		list[i] = m.effect
	}
	middle := median(list)
	low, high := hidiroglouBerthelot(moves, middle, x.OutlierRegions)
	for _, m := range moves {
		if m.effect >= low && m.effect <= high || !x.open(m.series, m.point) || x.isUsual(m, middle) {
			continue
		}
		x.lines[m.series].spent[m.point] = true
		points := x.Series[m.series].Points
		x.add(Finding{Code: OutlierRegions, Severity: x.severity(OutlierRegions, x.isFarOff(m.now, m.before*middle)), Cell: points[m.point].Cell,
			Message: x.regionsText(x.Series[m.series].Region, points[x.lines[m.series].from[m.point]], points[m.point], middle)})
	}
}

// hidiroglouBerthelot turns the ratios of the moves into effects, and gives the
// band in which effects are not outliers.
func hidiroglouBerthelot(moves []move, middle float64, rule RegionsRule) (low, high float64) {
	list := make([]float64, len(moves))
	for i := range moves {
		m := &moves[i]
		s := m.effect/middle - 1
		if m.effect < middle {
			s = 1 - middle/m.effect
		}
		m.effect = s * math.Pow(max(m.now, m.before), rule.U)
		list[i] = m.effect
	}
	slices.Sort(list)
	centre, least := quantile(list, 0.5), math.Abs(rule.A*quantile(list, 0.5))
	return centre - rule.C*max(centre-quantile(list, 0.25), least), centre + rule.C*max(quantile(list, 0.75)-centre, least)
}

// isUsual tells a move that is no matter: small, made by few things, of a series
// too short to tell, or like those that the region has made before.
func (x *exam) isUsual(m move, middle float64) bool {
	distance := math.Abs(math.Log(m.now / m.before / middle))
	return distance < math.Log1p(x.OutlierRegions.Least)+x.OutlierRegions.Usual*x.scale.noise(m.before, m.now) ||
		!x.judged(m.series) || !x.isFar(m.series, m.point, x.OutlierRegions.Usual)
}
