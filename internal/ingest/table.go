package ingest

import (
	"context"
	"iter"
)

// table is what a container holds: rows of text cells, blank rows included, so
// that positions are those a spreadsheet shows.
type table interface {
	// rows starts at the top each time it is called. A fault ends it, and
	// so does ctx, without one: ask ctx afterwards. The cells of a row are valid
	// until the next one; their texts stay valid.
	rows(ctx context.Context) iter.Seq2[row, *located]
	// size is the length of the container in the measure of row.end.
	size() int
}

// row is one row of a table.
type row struct {
	number int      // from 1
	cells  []string // as they are in the file, widths and blanks untouched
	end    int      // how much of the container is read with this row
}

func (r row) at(col int) string {
	if col < 0 || col >= len(r.cells) {
		return ""
	}
	return r.cells[col]
}

// located is a finding with its place.
type located struct {
	place
	*finding
}

// isBlank reports whether a cell holds nothing that can be seen.
func isBlank(s string) bool {
	if s == "" {
		return true
	}
	if s[0] > ' ' && s[0] < 0x7f {
		return false
	}
	return squash(s) == ""
}
