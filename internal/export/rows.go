package export

import (
	"fmt"
	"iter"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Row is a reading with what is known of its vintage.
type Row struct {
	indicator.Reading
	Upload    string    // id of the publication
	Sequence  int64     // of the publication: the later has the higher
	Released  time.Time // when the figure became public
	Published time.Time // when the upload was published here
	Reverted  time.Time // when it was taken back, zero: never
	Source    string    // as the uploader wrote it
	Stage     string
	Uploader  string
	Reason    string // of a revision
	Generated bool   // made up for demonstration
}

// Rows gives the rows of a snapshot in the form that the writers take.
func Rows(rows iter.Seq2[snapshot.Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range rows {
			if err != nil {
				yield(Row{}, err)
				return
			}
			p := row.Publication
			r := Row{row.Reading, p.ID, p.Seq, p.Released, p.At.Time(), time.Time{}, p.Source, p.Stage, p.Uploader, p.Reason, p.Generated}
			if p.RevertedAt != 0 {
				r.Reverted = p.RevertedAt.Time()
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// inOrder passes rows on that come by indicator, region and period, each key
// once, or with vintages as often as it has them. One out of order is an error:
// two exports of one state must be the same bytes.
func inOrder(rows iter.Seq2[Row, error], vintages bool) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var last indicator.Reading
		for row, err := range rows {
			order := indicator.CompareReadings(last, row.Reading)
			if err == nil && (order > 0 || order == 0 && !vintages) {
				err = fmt.Errorf("export: %s %s %s does not come after %s %s %s",
					row.Indicator, row.Region, row.Period, last.Indicator, last.Region, last.Period)
			}
			if !yield(row, err) || err != nil {
				return
			}
			last = row.Reading
		}
	}
}
