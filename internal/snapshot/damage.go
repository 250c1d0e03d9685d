package snapshot

import (
	"fmt"

	"github.com/dabiao/dabiao/internal/indicator"
)

// DamageError says that the ledger did not give what an upload holds by its own
// count: readings are missing, too many or changed. Nothing of the column is
// shown, because nobody could tell which figures are right.
type DamageError struct {
	Upload     string
	Indicator  string
	Freq       indicator.Freq
	Said, Came int // rows by the upload's own count, and rows that came
}

func (e *DamageError) Error() string { return e.Text().EN }

// Text says what is wrong and what helps.
func (e *DamageError) Text() indicator.Text {
	code := fmt.Sprintf("%s (%s)", e.Indicator, e.Freq)
	return e.Naming(indicator.T(fmt.Sprintf(" %s（%s）", e.Indicator, e.Freq), code))
}

// Naming is Text with the indicator called by its name.
func (e *DamageError) Naming(name indicator.Text) indicator.Text {
	if e.Said == e.Came {
		return indicator.T(
			fmt.Sprintf("账本数据不符。报送批次 %s 的%s有 %d 条数据，条数相符，校验和不符。请撤销该批次后重新发布。", e.Upload, name.ZH, e.Came),
			fmt.Sprintf("The ledger does not add up: upload %s has its %d readings of %s, but their checksum differs. Revert the upload and publish it again.",
				e.Upload, e.Came, name.EN))
	}
	return indicator.T(
		fmt.Sprintf("账本数据不符。报送批次 %s 的%s应有 %d 条数据，实有 %d 条。请撤销该批次后重新发布。", e.Upload, name.ZH, e.Said, e.Came),
		fmt.Sprintf("The ledger does not add up: upload %s should have %d readings of %s, but %d came. Revert the upload and publish it again.",
			e.Upload, e.Said, name.EN, e.Came))
}
