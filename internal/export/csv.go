// Package export writes what the system knows for other programs and for
// spreadsheets: readings as CSV, SDMX-CSV and xlsx, templates to fill in, verdicts
// as JSON.
package export

import (
	"encoding/csv"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Options of a CSV file.
type Options struct {
	BOM      bool // a byte order mark, by which Excel knows UTF-8
	Vintages bool // columns upload and released, and several rows a reading
}

const (
	byteOrderMark  = "\ufeff"
	releasedLayout = "2006-01-02T15:04:05.999Z07:00"
)

// WriteCSV writes readings as long CSV, which ingest reads back without a
// question: indicator,region,period,value,unit,status (and upload,released).
// Rows are written as they come, so that millions pass in little memory; they
// must come by indicator, region and period, as snapshots give them, the
// vintages of one reading in the order in which they should stand. Rows out of
// order are an error: two exports of one state must be the same bytes.
//
// A value has the fewest digits that give the same number back; a reading
// without a value has an empty one. The unit is the indicator's own, empty
// where the catalogue no longer knows the indicator. A text that a spreadsheet
// would take for a formula has an apostrophe before it.
func WriteCSV(w io.Writer, c *indicator.Catalog, rows iter.Seq2[Row, error], o Options) error {
	if err := writeMark(w, o.BOM); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	record := []string{"indicator", "region", "period", "value", "unit", "status"}
	if o.Vintages {
		record = append(record, "upload", "released")
	}
	if err := table.Write(record); err != nil {
		return err
	}
	for row, err := range inOrder(rows, o.Vintages) {
		if err != nil {
			return err
		}
		if err := table.Write(recordOf(record[:0], row, c, o)); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

func writeMark(w io.Writer, wanted bool) error {
	if !wanted {
		return nil
	}
	_, err := io.WriteString(w, byteOrderMark)
	return err
}

func recordOf(record []string, row Row, c *indicator.Catalog, o Options) []string {
	value, unit := "", ""
	if row.Status.HasValue() {
		value = Number(row.Value)
	}
	if ind := c.Indicator(row.Indicator); ind != nil {
		unit = ind.Unit
	}
	record = append(record, Text(row.Indicator), Text(row.Region), row.Period.String(), value, Text(unit), Text(string(row.Status)))
	if o.Vintages {
		record = append(record, Text(row.Upload), moment(row.Released))
	}
	return record
}

// moment is a time to the millisecond in Shanghai.
func moment(t time.Time) string { return t.In(indicator.Shanghai).Format(releasedLayout) }

// Number writes v with the fewest digits that give the same float64 back,
// without an exponent where it can be read without one.
func Number(v float64) string {
	size, format := math.Abs(v), byte('f')
	switch {
	case size == 0:
		return "0" // also for −0
	case size < 1e-6 || size >= 1e21:
		format = 'e'
	}
	return strconv.FormatFloat(v, format, -1, 64)
}

// Text keeps a spreadsheet from running a text cell as a formula: what begins
// with = + - @, a tab or a carriage return gets an apostrophe before it, which
// spreadsheets show as plain text. It is not for numbers.
func Text(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + s
	}
	return s
}
