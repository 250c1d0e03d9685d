// Package workbook reads files that hold sheets of cells: xlsx, old xls (BIFF5
// and BIFF8, also behind Excel's built-in password), SpreadsheetML 2003 and HTML
// tables, also of web pages saved as one file. It gives what a person sees in the
// spreadsheet program: an eighth that is formatted as a percentage is "12.5%", a
// date is "2024-01-31", #N/A is "#N/A". It knows nothing of statistics.
//
// Files are hostile until read: everything is bounded by Limits, before it is
// unpacked where that can be known, and no content makes it panic.
package workbook

import (
	"context"
	"iter"
)

// Book is an opened file.
type Book interface {
	Sheets() []Sheet
	// Rows gives the rows of a sheet that hold something, from the top, each
	// time it is called. An error ends it; so does ctx, without one: ask ctx
	// afterwards. A row is valid until the next one, its texts stay valid.
	Rows(ctx context.Context, sheet int) iter.Seq2[Row, error]
	// Size is the length of a sheet in the measure of Row.End.
	Size(sheet int) int
}

// Sheet is one sheet, or one table of a web page.
type Sheet struct {
	Name   string
	Hidden bool
}

// Row is the cells of a row that hold something, from the left.
type Row struct {
	Number int // from 1
	Cells  []Cell
	End    int  // how much of the sheet is read with this row
	Hidden bool // also by a filter
}

// Cell is one cell as it is shown. Errors are their names (#DIV/0!), booleans
// TRUE and FALSE, and a formula that was never calculated is itself (=B2*2).
type Cell struct {
	Col        int // from 0
	Text       string
	Rows, Cols int  // how far it is merged; 0 or 1 where it is not
	Hidden     bool // its column is
}

// Limits bound what one file may cost. A zero field is its default.
type Limits struct {
	Unpacked int // bytes of all entries of an archive, default 1 GB
	Entries  int // of an archive, default 1,000
	Text     int // bytes of the texts a book keeps beside its cells, default 64 MiB
	Token    int // bytes of the texts of one row, or of one tag, default 1 MiB
}

func (l Limits) withDefaults() Limits {
	for _, f := range []struct {
		field *int
		value int
	}{{&l.Unpacked, 1_000_000_000}, {&l.Entries, 1000}, {&l.Text, 64 << 20}, {&l.Token, 1 << 20}} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
	return l
}

// The largest sheet a spreadsheet program shows.
const (
	mostRows = 1 << 20
	mostCols = 1 << 14
)
