package ledger

import (
	"fmt"

	"github.com/dabiao/dabiao/internal/indicator"
)

// DamageError says that a ledger did not give what an upload holds by its own
// count: readings of one indicator at one frequency are missing, too many or
// changed. Nobody could tell which of them are right.
type DamageError struct {
	Upload    string         `json:"upload"`
	Indicator string         `json:"indicator"`
	Freq      indicator.Freq `json:"freq"`
	Said      int            `json:"said"` // rows by the upload's own count
	Came      int            `json:"came"` // rows that the ledger gave
}

// AddsUp holds what came of one part of the publication against what it says of
// it; nil where it adds up. A part it does not have is one without rows.
func (p Publication) AddsUp(came Part) *DamageError {
	said := Part{Indicator: came.Indicator, Freq: came.Freq}
	for _, part := range p.Parts {
		if part.Indicator == came.Indicator && part.Freq == came.Freq {
			said = part
		}
	}
	if came == said {
		return nil
	}
	return &DamageError{Upload: p.ID, Indicator: came.Indicator, Freq: came.Freq, Said: said.Rows, Came: came.Rows}
}

func (e *DamageError) Error() string { return e.Text().EN }

// Text says what is wrong and what helps.
func (e *DamageError) Text() indicator.Text { return e.Naming(e.code()) }

// Naming is Text with the indicator called by its name.
func (e *DamageError) Naming(name indicator.Text) indicator.Text {
	what := e.what(name)
	return indicator.T(
		"账本数据不符。"+what.ZH+"。请运行 dabiao check --repair 补回，或撤回该批次后重新发布。",
		"The ledger does not add up: "+what.EN+". Run dabiao check --repair to give them back, or revert the upload and publish it again.")
}

// What says what is wrong, without full stop.
func (e *DamageError) What() indicator.Text { return e.what(e.code()) }

func (e *DamageError) code() indicator.Text {
	return indicator.T(fmt.Sprintf(" %s（%s）", e.Indicator, e.Freq), fmt.Sprintf("%s (%s)", e.Indicator, e.Freq))
}

func (e *DamageError) what(name indicator.Text) indicator.Text {
	if e.Said == e.Came {
		return indicator.T(
			fmt.Sprintf("报送批次 %s 的%s有 %d 条数据，条数相符，校验和不符", e.Upload, name.ZH, e.Came),
			fmt.Sprintf("upload %s has its %d readings of %s, but their checksum differs", e.Upload, e.Came, name.EN))
	}
	return indicator.T(
		fmt.Sprintf("报送批次 %s 的%s应有 %d 条数据，实有 %d 条", e.Upload, name.ZH, e.Said, e.Came),
		fmt.Sprintf("upload %s should have %d readings of %s, but %d came", e.Upload, e.Said, name.EN, e.Came))
}
