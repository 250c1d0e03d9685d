package assess

import "slices"

// MilestoneState says whether a milestone was reached in its own year.
type MilestoneState string

// The states of a milestone.
const (
	MilestoneMet         MilestoneState = "met"
	MilestoneMissed      MilestoneState = "missed"
	MilestoneOpen        MilestoneState = "open"         // no reading of its year yet
	MilestoneNotAssessed MilestoneState = "not_assessed" // a break in its year, a gap in a sum, or a target that cannot be compared
)

// MilestoneVerdict is a milestone of a reach target, judged as a reach of its own
// year by the reading of that year: d·(y − value) ≥ 0, whatever the method. It
// never enters the status of the target. Value is in the indicator's unit; for
// yearly figures summed up since a base year it is a sum.
type MilestoneVerdict struct {
	Year  int
	Value float64
	State MilestoneState
}

// judgeMilestones needs the way in which r looks values up.
func (j *judgement) judgeMilestones(r reached) {
	comparable := r.d != 0 && !j.vague() && !slices.Contains(j.reasons, DifferentBasis)
	for _, m := range j.target.Milestones {
		v := MilestoneVerdict{m.Year, m.Value, MilestoneNotAssessed}
		_, out := j.years.at(m.Year)
		y, known := r.value(m.Year)
		switch {
		case !comparable:
		case !out:
			v.State = MilestoneOpen
		case !known || j.years.breaksIn(m.Year-1, m.Year):
		case less(r.d*(y-m.Value), 0):
			v.State = MilestoneMissed
		default:
			v.State = MilestoneMet
		}
		j.result.Milestones = append(j.result.Milestones, v)
	}
}
