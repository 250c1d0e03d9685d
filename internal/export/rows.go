package export

import (
	"iter"

	"github.com/dabiao/dabiao/internal/snapshot"
)

// Rows gives the rows of a snapshot in the form that WriteCSV takes.
func Rows(rows iter.Seq2[snapshot.Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range rows {
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(Row{row.Reading, row.Publication.ID, row.Publication.Released}, nil) {
				return
			}
		}
	}
}
