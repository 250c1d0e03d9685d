package upload

import (
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
func (s Staged) Answer(file string, c *indicator.Catalog) Answer {
	a := Answer{
		File: file, Understood: s.Understood,
		Readings: make([]AnswerReading, len(s.Cells)), Problems: s.Problems, Plan: s.Plan, Compared: s.Compared,
	}
	if s.Problems == nil {
		a.Problems = []indicator.Problem{}
	}
	if s.Upload != nil {
		a.Upload = &AnswerUpload{s.Upload.ID, s.Upload.State}
	}
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
		a.Readings[i] = reading
	}
	return a
}
