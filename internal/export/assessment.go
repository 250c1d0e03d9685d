package export

import (
	"encoding/json"
	"math"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// Assessment is a verdict as API and command line give it to programs.
type Assessment struct {
	Target        string        `json:"target"`
	Region        string        `json:"region"`
	Method        string        `json:"method"`
	MethodVersion int           `json:"method_version"`
	Status        assess.Status `json:"status"`
	Reason        assess.Reason `json:"reason"` // empty where there is a verdict
	AsOfPeriod    string        `json:"as_of_period"`
	Latest        *Latest       `json:"latest"`          // null without a reading
	Gap           *float64      `json:"gap"`             // T − latest in the indicator's unit, null without T
	NeededPerYear *float64      `json:"needed_per_year"` // units a year, null without T or year and in the target year
	Numbers       Numbers       `json:"numbers"`
	Milestones    []Milestone   `json:"milestones"` // never null
	TargetAt      *float64      `json:"target_at"`  // T in the indicator's unit, null without one
	Closed        bool          `json:"closed"`     // the reading of the last year is out: judged for ever
	Early         bool          `json:"early"`      // achieved before its last year
	Pending       bool          `json:"pending"`    // the last year is over and its reading not out
	// Sentence is the verdict in words, where it is asked for.
	Sentence *indicator.Text `json:"sentence,omitempty"`
}

// Milestone is a value on the way and whether it was reached in its own year.
type Milestone struct {
	Year  int                   `json:"year"`
	Value float64               `json:"value"`
	State assess.MilestoneState `json:"state"`
}

// Latest is the newest reading that a verdict used.
type Latest struct {
	Period string  `json:"period"`
	Value  float64 `json:"value"`
	Upload string  `json:"upload"`
}

// Numbers is the arithmetic of a verdict; in JSON a flat object in the order the
// numbers arose, with null where a number is infinite.
type Numbers []assess.Number

// MarshalJSON writes {"y0": 1, "a": 2, …}.
func (n Numbers) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, number := range n {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(number.Name)
		if err != nil {
			return nil, err
		}
		value := []byte("null")
		if !math.IsInf(number.Value, 0) && !math.IsNaN(number.Value) {
			if value, err = json.Marshal(number.Value); err != nil {
				return nil, err
			}
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}

// NewAssessment gives the verdict in the form for programs.
func NewAssessment(a assess.Assessment) Assessment {
	return Assessment{
		Target: a.Target, Region: a.Region, Method: a.Method, MethodVersion: a.Version, Status: a.Status, Reason: a.Reason,
		AsOfPeriod: a.AsOfPeriod.String(), Latest: newLatest(a.Latest),
		Gap: a.Gap, NeededPerYear: a.NeededPerYear, Numbers: a.Numbers,
		Milestones: newMilestones(a.Milestones),
		TargetAt:   a.TargetAt, Closed: a.Closed, Early: a.Early, Pending: a.Pending,
	}
}

func newMilestones(verdicts []assess.MilestoneVerdict) []Milestone {
	list := make([]Milestone, len(verdicts))
	for i, v := range verdicts {
		list[i] = Milestone(v)
	}
	return list
}

func newLatest(p *indicator.Point) *Latest {
	if p == nil {
		return nil
	}
	return &Latest{Period: p.Period.String(), Value: p.Value, Upload: p.Upload}
}
