package export

import (
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// Change is the comparison of two assessments as API and command line give it to
// programs.
type Change struct {
	Target     string          `json:"target"`
	Supersedes string          `json:"supersedes"` // the target of the earlier moment where it was another, else empty
	Region     string          `json:"region"`
	From       string          `json:"from"` // the two moments as days in Shanghai
	To         string          `json:"to"`
	Changed    bool            `json:"changed"`
	Cause      assess.StepKind `json:"cause"`  // empty where the verdict is the same
	Before     *Assessment     `json:"before"` // null where there was no such target
	After      *Assessment     `json:"after"`  // null where there is no such target any more
	Sentence   indicator.Text  `json:"sentence"`
	Steps      []ChangeStep    `json:"steps"` // empty where one of the two is null
}

// ChangeStep is the verdict after one step of the replay.
type ChangeStep struct {
	Kind     assess.StepKind `json:"kind"`
	Status   assess.Status   `json:"status"`
	Reason   assess.Reason   `json:"reason"`
	Moved    bool            `json:"moved"`
	Flips    bool            `json:"flips"`
	Sentence indicator.Text  `json:"sentence"`
	Readings []ChangeReading `json:"readings"`
	Fields   []ChangeField   `json:"fields"`
}

// ChangeReading is one period whose reading changed.
type ChangeReading struct {
	Period string       `json:"period"`
	Before *ChangeValue `json:"before"` // null where there was none
	After  *ChangeValue `json:"after"`
	Used   bool         `json:"used"`  // the verdict after the step depends on it
	Alone  bool         `json:"alone"` // it alone flips the status
}

// ChangeValue is a vintage with the upload that gave it.
type ChangeValue struct {
	Value      *float64         `json:"value"` // null where the status carries none
	Status     indicator.Status `json:"status"`
	Upload     string           `json:"upload"`
	Uploader   string           `json:"uploader"`
	Source     string           `json:"source"`
	Stage      string           `json:"stage"`
	Reason     string           `json:"reason"`
	Released   *time.Time       `json:"released"`
	Generated  bool             `json:"generated"`
	RevertedAt *time.Time       `json:"reverted_at"` // null: it was not taken back
	RevertedBy string           `json:"reverted_by"`
	RevertNote string           `json:"revert_note"`
}

// ChangeField is one field of the target or of its indicator's definition that
// changed, in words.
type ChangeField struct {
	Field  string         `json:"field"`
	Name   indicator.Text `json:"name"`
	Before indicator.Text `json:"before"`
	After  indicator.Text `json:"after"`
}

// NewChange gives a comparison in the form for programs.
func NewChange(c assess.Change) Change {
	change := Change{Region: c.To.Region, From: dayOf(c.From.AsOf), To: dayOf(c.To.AsOf), Changed: c.Changed(), Cause: c.Cause,
		Sentence: c.Explain(), Steps: []ChangeStep{}}
	if c.From.Target != nil {
		before := NewAssessment(c.Before)
		change.Target, change.Before = before.Target, &before
	}
	if c.To.Target != nil {
		after := NewAssessment(c.After)
		if change.Before != nil && change.Target != after.Target {
			change.Supersedes = change.Target
		}
		change.Target, change.After = after.Target, &after
	}
	for _, s := range c.Steps {
		step := ChangeStep{Kind: s.Kind, Status: s.Verdict.Status, Reason: s.Verdict.Reason, Moved: s.Moved, Flips: s.Flips,
			Sentence: c.ExplainStep(s), Readings: []ChangeReading{}, Fields: []ChangeField{}}
		for _, r := range s.Readings {
			step.Readings = append(step.Readings, ChangeReading{r.Period.String(), newChangeValue(r.Before, c), newChangeValue(r.After, c), r.Used, r.Alone})
		}
		for _, f := range s.Fields {
			step.Fields = append(step.Fields, ChangeField(f))
		}
		change.Steps = append(change.Steps, step)
	}
	return change
}

func newChangeValue(p *indicator.Point, c assess.Change) *ChangeValue {
	if p == nil {
		return nil
	}
	o := c.Origin(p.Upload)
	v := &ChangeValue{Status: p.Status, Upload: p.Upload, Uploader: o.Uploader, Source: o.Source, Stage: o.Stage, Reason: o.Reason,
		Released: rfc3339(o.Released), Generated: o.Generated, RevertedAt: rfc3339(o.RevertedAt), RevertedBy: o.RevertedBy, RevertNote: o.RevertNote}
	if p.Status.HasValue() {
		v.Value = &p.Value
	}
	return v
}

// rfc3339 is a moment in Shanghai, null for none.
func rfc3339(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(indicator.Shanghai)
	return &t
}

func dayOf(t time.Time) string { return t.In(indicator.Shanghai).Format(time.DateOnly) }
