package upload

import (
	"context"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// Answer is what became of one file, in the form for programs.
type Answer struct {
	File       string              `json:"file"`
	Upload     *AnswerUpload       `json:"upload"` // null: nothing was kept
	Understood ingest.Understood   `json:"understood"`
	Readings   []AnswerReading     `json:"readings"`
	Problems   []indicator.Problem `json:"problems"`
	Diff       *AnswerDiff         `json:"diff"`     // null: not compared, a problem says why
	Flips      []AnswerFlip        `json:"flips"`    // null: not known, a problem says why
	Plan       *PlanUsed           `json:"plan"`     // null: none
	Compared   *Comparison         `json:"compared"` // with the last file under the plan; null: there is none
}

// AnswerUpload names the upload that the file became, or equals.
type AnswerUpload struct {
	ID    string `json:"id"`
	State State  `json:"state"`
}

// AnswerReading is a reading in the indicator's own unit, with the cell it came
// from. Value is null where the status carries none.
type AnswerReading struct {
	Indicator string           `json:"indicator"`
	Region    string           `json:"region"`
	Period    string           `json:"period"`
	Value     *float64         `json:"value"`
	Unit      string           `json:"unit"`
	Status    indicator.Status `json:"status"`
	Cell      string           `json:"cell"`
}

// Answer gives the outcome in the form for programs; file is its name as given.
// The error is that of the diff.
func (s Staged) Answer(ctx context.Context, file string, c *indicator.Catalog) (Answer, error) {
	a := Answer{
		File: file, Understood: s.Understood, Readings: s.readings(c),
		Problems: s.Problems, Flips: AnswerFlips(s.Flips),
		Plan: s.Plan, Compared: s.Compared,
	}
	diff, err := s.Diff(ctx)
	if diff != nil {
		answer := diff.Answer(c)
		a.Diff = &answer
	}
	if s.Problems == nil {
		a.Problems = []indicator.Problem{}
	}
	if s.Upload != nil {
		a.Upload = &AnswerUpload{s.Upload.ID, s.Upload.State}
	}
	return a, err
}

func (s Staged) readings(c *indicator.Catalog) []AnswerReading {
	list := make([]AnswerReading, len(s.Cells))
	for i, cell := range s.Cells {
		reading := AnswerReading{
			Indicator: cell.Indicator, Region: cell.Region, Period: cell.Period.String(),
			Status: cell.Status, Cell: cell.Cell,
		}
		if ind := c.Indicator(cell.Indicator); ind != nil {
			reading.Unit = ind.Unit
		}
		if cell.Status.HasValue() {
			reading.Value = &s.Cells[i].Value
		}
		list[i] = reading
	}
	return list
}
