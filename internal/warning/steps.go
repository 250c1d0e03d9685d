package warning

import (
	"math"

	"github.com/dabiao/dabiao/internal/indicator"
)

// place is a point of a series of a panel.
type place struct{ series, point int }

// tally is how many regions can be judged in a period, and which take an unusual
// step up or down.
type tally struct {
	judged   int
	up, down []place
}

// tallies are those of all periods from x.first on.
func (x *exam) tallies() []tally {
	list := make([]tally, x.periods())
	for i, s := range x.Series {
		l := &x.lines[i]
		if !x.judged(i) || !x.isPeer(s.Region) {
			continue
		}
		for k, p := range s.Points {
			if math.IsNaN(l.change[k]) {
				continue
			}
			t := &list[p.Period.Sub(x.first)]
			t.judged++
			switch {
			case !x.isFar(i, k, x.StepRegions.Z):
			case l.change[k] > l.usual.median:
				t.up = append(t.up, place{i, k})
			default:
				t.down = append(t.down, place{i, k})
			}
		}
	}
	return list
}

// manyStep reports whether so many regions take one step that it looks like a new
// definition.
func (x *exam) manyStep(side []place, judged int) bool {
	return len(side) >= x.StepRegions.Regions && float64(len(side)) >= x.StepRegions.Share*float64(judged)
}

// Steps gives the periods, ascending, in which many regions of a panel take a step at once,
// published points too, by the rule of the check step_regions.
func Steps(p Panel, c Checks) []indicator.Period {
	x := newExam(p, c)
	var list []indicator.Period
	for n, t := range x.tallies() {
		if x.manyStep(t.up, t.judged) || x.manyStep(t.down, t.judged) {
			list = append(list, x.first.Add(n))
		}
	}
	return list
}
