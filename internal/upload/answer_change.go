package upload

import (
	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// AnswerDiff is a Diff in the form for programs: every kind is counted, and every
// reading is in the list, in the order of the file.
type AnswerDiff struct {
	Counts  map[ChangeKind]int `json:"counts"`
	Changes []AnswerChange     `json:"changes"`
}

// AnswerChange is one reading of an upload beside the value that stood, or
// stands, before it. Values are in the indicator's own unit.
type AnswerChange struct {
	Kind      ChangeKind       `json:"kind"`
	Indicator string           `json:"indicator"`
	Region    string           `json:"region"`
	Period    indicator.Period `json:"period"`
	Unit      string           `json:"unit"`
	Old       *AnswerValue     `json:"old"` // null where there was no reading
	New       AnswerValue      `json:"new"`
	Cell      string           `json:"cell"`
}

// AnswerValue is null where the status carries none.
type AnswerValue struct {
	Value  *float64         `json:"value"`
	Status indicator.Status `json:"status"`
}

func newAnswerValue(v float64, status indicator.Status) AnswerValue {
	if !status.HasValue() {
		return AnswerValue{Status: status}
	}
	return AnswerValue{&v, status}
}

// Answer gives the diff in the form for programs.
func (d Diff) Answer(c *indicator.Catalog) AnswerDiff {
	a := AnswerDiff{
		Counts:  map[ChangeKind]int{New: 0, Changed: 0, Unchanged: 0, Withdrawn: 0},
		Changes: make([]AnswerChange, len(d.Changes)),
	}
	for kind, n := range d.Counts {
		a.Counts[kind] = n
	}
	for i, change := range d.Changes {
		item := AnswerChange{Kind: change.Kind, Indicator: change.Indicator, Region: change.Region, Period: change.Period,
			New: newAnswerValue(change.Value, change.Status), Cell: change.Cell.Cell}
		if !change.Old.Period.IsZero() {
			old := newAnswerValue(change.Old.Value, change.Old.Status)
			item.Old = &old
		}
		if ind := c.Indicator(change.Indicator); ind != nil {
			item.Unit = ind.Unit
		}
		a.Changes[i] = item
	}
	return a
}

// AnswerFlip is a Flip in the form for programs.
type AnswerFlip struct {
	Target    string        `json:"target"`
	Indicator string        `json:"indicator"`
	Region    string        `json:"region"`
	Method    string        `json:"method"`
	Before    AnswerVerdict `json:"before"`
	After     AnswerVerdict `json:"after"`
	Counted   bool          `json:"counted"`
	Revision  bool          `json:"revision"`
}

// AnswerVerdict is a status; the reason is empty where there is a verdict.
type AnswerVerdict struct {
	Status assess.Status `json:"status"`
	Reason assess.Reason `json:"reason"`
}

// AnswerFlips gives flips in the form for programs; nil stays nil.
func AnswerFlips(flips []Flip) []AnswerFlip {
	if flips == nil {
		return nil
	}
	list := make([]AnswerFlip, len(flips))
	for i, f := range flips {
		list[i] = AnswerFlip{
			Target: f.Target.ID, Indicator: f.Target.Indicator, Region: f.Region, Method: f.After.Method,
			Before: AnswerVerdict{f.Before.Status, f.Before.Reason}, After: AnswerVerdict{f.After.Status, f.After.Reason},
			Counted: f.Counted(), Revision: f.Revision,
		}
	}
	return list
}
