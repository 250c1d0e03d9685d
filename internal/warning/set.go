package warning

import (
	"math"

	"github.com/dabiao/dabiao/internal/indicator"
)

// setRule finds regions that have stopped reporting: the collected regions under
// one parent were all there in the period before, the upload brings most of them
// now, and some have neither a value nor an explicit mark.
func setRule(x *exam) {
	const least = 5 // regions that make a set
	bySeries := map[string]int{}
	for i, s := range x.Series {
		bySeries[s.Region] = i
	}
	for _, parent := range x.parents() {
		var set []string
		for _, r := range x.Catalog.Children(parent) {
			if r.Collected {
				set = append(set, r.Code)
			}
		}
		if len(set) < least {
			continue
		}
		fresh, there := map[indicator.Period]int{}, map[indicator.Period]map[string]bool{}
		valued := map[indicator.Period]int{}
		for _, code := range set {
			i, ok := bySeries[code]
			if !ok {
				continue
			}
			say := func(p indicator.Period) {
				if there[p] == nil {
					there[p] = map[string]bool{}
				}
				there[p][code] = true
			}
			for _, p := range x.Series[i].Points {
				say(p.Period)
				valued[p.Period]++
				if p.isNew() {
					fresh[p.Period]++
				}
			}
			for _, p := range x.Series[i].Marked {
				say(p)
			}
		}
		for _, period := range sortedPeriods(fresh) {
			if valued[period.Add(-1)] != len(set) || len(there[period]) == len(set) ||
				float64(fresh[period]) < x.IncompleteSet.Most*float64(len(set)) {
				continue
			}
			var lacking []string
			for _, code := range set {
				if !there[period][code] {
					lacking = append(lacking, code)
				}
			}
			x.add(Finding{Code: IncompleteSet, Severity: indicator.SeverityQuery, Cell: Published,
				Message: x.setText(period, lacking, len(set))})
		}
	}
}

// parents are the regions right above those that bring new figures.
func (x *exam) parents() []string {
	var list []string
	seen := map[string]bool{}
	for _, s := range x.Series {
		r := x.Catalog.Region(s.Region)
		if r == nil || r.Parent == "" || seen[r.Parent] {
			continue
		}
		for _, p := range s.Points {
			if p.isNew() {
				seen[r.Parent] = true
				list = append(list, r.Parent)
				break
			}
		}
	}
	return list
}

// sumRule holds the sum of all provinces against the nation, for stocks and flows
// in units that add up. Definitions differ (until 2019 the provinces' own GDP
// together was well above the nation's), so only a distance beyond the tolerance
// is a doubt. It speaks once of an indicator, of the worst period.
func sumRule(x *exam) {
	if !x.isAdditive() {
		return
	}
	provinces := map[string]bool{}
	for _, r := range x.Catalog.Provinces() {
		provinces[r.Code] = true
	}
	type total struct {
		sum, nation float64
		n           int
		fresh       bool
		spent       bool // a rule has spoken of one of its values
	}
	totals := map[indicator.Period]*total{}
	for i, s := range x.Series {
		if s.Region != indicator.Nation && !provinces[s.Region] {
			continue
		}
		for k, p := range s.Points {
			t := totals[p.Period]
			if t == nil {
				t = &total{nation: math.NaN()}
				totals[p.Period] = t
			}
			t.fresh, t.spent = t.fresh || p.isNew(), t.spent || x.spent[i][k]
			if s.Region == indicator.Nation {
				t.nation = p.Value
			} else {
				t.sum, t.n = t.sum+p.Value, t.n+1
			}
		}
	}
	var worst indicator.Period
	most, count := 0.0, 0
	for _, period := range sortedPeriods(totals) {
		t := totals[period]
		if !t.fresh || t.spent || t.n != len(provinces) || math.IsNaN(t.nation) || t.nation == 0 {
			continue
		}
		if d := math.Abs(t.sum/t.nation - 1); d > x.SumMismatch.Tolerance {
			count++
			if d > most {
				most, worst = d, period
			}
		}
	}
	if count > 0 {
		t := totals[worst]
		x.add(Finding{Code: SumMismatch, Severity: indicator.SeverityQuery, Cell: Published,
			Message: x.sumText(worst, t.sum, t.nation, count)})
	}
}

func (x *exam) isAdditive() bool {
	if m := x.Indicator.Measure; m != indicator.Stock && m != indicator.Flow {
		return false
	}
	u, ok := indicator.FindUnit(x.Indicator.Unit)
	if !ok {
		return false
	}
	switch u.Dimension {
	case "money", "count", "people", "labour", "energy", "mass":
		return true
	}
	return false
}
