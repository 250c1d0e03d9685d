package warning

import (
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// setRule finds regions that have stopped reporting: the collected regions under
// one parent were all there in the period before, the upload brings most of them
// now, and some have neither a value nor an explicit mark. Where the upload itself
// brings the period before, too, this is only noted.
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
		if len(set) >= least {
			x.holdSet(set, bySeries)
		}
	}
}

// holdSet looks at the regions of one set period by period.
func (x *exam) holdSet(set []string, bySeries map[string]int) {
	type presence struct{ valued, fresh int }
	periods := make([]presence, x.periods())
	for _, code := range set {
		i, ok := bySeries[code]
		if !ok {
			continue
		}
		for _, p := range x.Series[i].Points {
			at := &periods[p.Period.Sub(x.first)]
			at.valued++
			if p.isNew() {
				at.fresh++
			}
		}
	}
	for n := 1; n < len(periods); n++ {
		if periods[n-1].valued != len(set) || periods[n].valued == len(set) || periods[n].fresh == 0 ||
			float64(periods[n].fresh) < x.IncompleteSet.Most*float64(len(set)) {
			continue
		}
		period := x.first.Add(n)
		lacking := slices.DeleteFunc(slices.Clone(set), func(code string) bool {
			i, ok := bySeries[code]
			return ok && (slices.Contains(x.Series[i].Marked, period) ||
				slices.ContainsFunc(x.Series[i].Points, func(p Point) bool { return p.Period == period }))
		})
		if len(lacking) > 0 {
			x.add(Finding{Code: IncompleteSet, Severity: x.severity(IncompleteSet, periods[n-1].fresh == 0), Cell: Published,
				Message: x.setText(period, lacking, len(set))})
		}
	}
}

// parents are the regions right above those that bring new figures.
func (x *exam) parents() []string {
	var list []string
	seen := map[string]bool{}
	for i, s := range x.Series {
		r := x.Catalog.Region(s.Region)
		if x.lines[i].fresh && r != nil && r.Parent != "" && !seen[r.Parent] {
			seen[r.Parent] = true
			list = append(list, r.Parent)
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
	totals := make([]total, x.periods())
	for n := range totals {
		totals[n].nation = math.NaN()
	}
	for i, s := range x.Series {
		if s.Region != indicator.Nation && !provinces[s.Region] {
			continue
		}
		for k, p := range s.Points {
			t := &totals[p.Period.Sub(x.first)]
			t.fresh, t.spent = t.fresh || p.isNew(), t.spent || x.lines[i].spent[k]
			if s.Region == indicator.Nation {
				t.nation = p.Value
			} else {
				t.sum, t.n = t.sum+p.Value, t.n+1
			}
		}
	}
	most, worst, count := 0.0, 0, 0
	for n, t := range totals {
		if !t.fresh || t.spent || t.n != len(provinces) || math.IsNaN(t.nation) || t.nation == 0 {
			continue
		}
		if d := math.Abs(t.sum/t.nation - 1); d > x.SumMismatch.Tolerance {
			count++
			if d > most {
				most, worst = d, n
			}
		}
	}
	if count > 0 {
		t := totals[worst]
		x.add(Finding{Code: SumMismatch, Severity: x.severity(SumMismatch, true), Cell: Published,
			Message: x.sumText(x.first.Add(worst), t.sum, t.nation, count)})
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
