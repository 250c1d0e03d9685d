package ingest

import (
	"context"
	"iter"
)

// GridRow is one row of the table in a file, its cells as the file has them. Of a
// merged cell only the first has the text.
type GridRow struct {
	Number int // from 1
	Cells  []string
}

// Grid gives the rows of the table that Parse reads with the same options, blank
// ones included. It ends early where the file cannot be read further, which Parse
// reports. A row is valid until the next one.
func Grid(ctx context.Context, content []byte, name string, o Options) (iter.Seq[GridRow], error) {
	o.Limits = o.withDefaults()
	p := newParser(ctx, o)
	if isReadings(content) {
		return p.readingsGrid(content), nil
	}
	opened, err := p.open(content, name)
	if err != nil || opened.table == nil {
		return func(func(GridRow) bool) {}, err
	}
	return func(yield func(GridRow) bool) {
		for r, f := range opened.table.rows(ctx) {
			if f != nil || !yield(GridRow{r.number, r.cells}) {
				return
			}
		}
	}, nil
}

// readingsGrid shows readings in JSON below a row with the names of their fields.
func (p *parser) readingsGrid(content []byte) iter.Seq[GridRow] {
	return func(yield func(GridRow) bool) {
		if !yield(GridRow{1, fields}) {
			return
		}
		for r := range p.readingsOf(content) {
			if r.number == 0 || !yield(GridRow{r.number + 1, r.cells}) {
				return
			}
		}
	}
}
