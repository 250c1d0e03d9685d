package upload

import (
	"cmp"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// CoverageTally counts cells.
type CoverageTally struct {
	Cells  int
	States map[CoverageState]int
	// Due are those whose due day is over, without what is not collected; OnTime
	// of them were published by then.
	Due    int
	OnTime int
}

// Rate is the on-time rate in per cent, false where nothing was due yet.
func (t CoverageTally) Rate() (float64, bool) {
	if t.Due == 0 {
		return 0, false
	}
	return 100 * float64(t.OnTime) / float64(t.Due), true
}

// Published counts what has a value, whenever it came.
func (t CoverageTally) Published() int { return t.States[OnTime] + t.States[Late] + t.States[Undated] }

// Tally counts the cells that keep keeps, nil: all.
func (v Coverage) Tally(keep func(CoverageCell) bool) CoverageTally {
	t := CoverageTally{States: map[CoverageState]int{}}
	for _, c := range v.Cells {
		if keep != nil && !keep(c) {
			continue
		}
		t.Cells++
		t.States[c.State]++
		if c.Due.IsZero() || c.State == Uncollected || daysBetween(c.Due, v.Today) <= 0 {
			continue
		}
		t.Due++
		if c.State == OnTime {
			t.OnTime++
		}
	}
	return t
}

// ToAsk lists what is overdue, what became due last first, then in the order of the cells.
func (v Coverage) ToAsk() []CoverageCell {
	var list []CoverageCell
	for _, c := range v.Cells {
		if c.State == Overdue {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b CoverageCell) int { return cmp.Compare(a.Days, b.Days) })
	return list
}

// LastValue is the last value of the indicator in the region, of any period.
func (v Coverage) LastValue(c CoverageCell) (indicator.Point, bool) {
	p, ok := v.Last[[2]string{c.Indicator, c.Region}]
	return p, ok
}
