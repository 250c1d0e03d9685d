package ingest

import (
	"context"
	"iter"
	"sort"
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
	// lines is about how many rows hold something, 0 where only reading them tells.
	lines() int
}

// row is one row of a table.
type row struct {
	number int      // from 1
	cells  []string // as they are in the file, widths and blanks untouched
	end    int      // how much of the container is read with this row
	merged []span   // merged cells that reach into this row, by column
}

func (r row) at(col int) string {
	if col < 0 || col >= len(r.cells) {
		return ""
	}
	return r.cells[col]
}

// shared is the text at col or, where that is empty, the text of the merged
// cell it is a part of.
func (r row) shared(col int) string {
	if len(r.merged) == 0 {
		return r.at(col)
	}
	return r.sharedText(col)
}

func (r row) sharedText(col int) string {
	text := r.at(col)
	if !isBlank(text) {
		return text
	}
	if s := r.mergedAt(col); s != nil {
		return s.text
	}
	return text
}

// mergedAt is the merged cell that reaches over col, nil where there is none.
func (r row) mergedAt(col int) *span {
	i := sort.Search(len(r.merged), func(i int) bool { return r.merged[i].to >= col })
	if i < len(r.merged) && r.merged[i].from <= col {
		return &r.merged[i]
	}
	return nil
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
