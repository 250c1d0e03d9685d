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
	Merged []Area // that begin in this row
}

// Area is a merged cell, by its columns from 0 and its rows from 1, all included.
type Area struct{ FromCol, ToCol, FromRow, ToRow int }

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
			if f != nil || !yield(GridRow{r.number, r.cells, r.beginning()}) {
				return
			}
		}
	}, nil
}

// beginning are the merged cells that begin in the row.
func (r row) beginning() []Area {
	var list []Area
	for _, s := range r.merged {
		if s.first == r.number {
			list = append(list, Area{s.from, s.to, s.first, s.last})
		}
	}
	return list
}

// readingsGrid shows readings in JSON below a row with the names of their fields.
func (p *parser) readingsGrid(content []byte) iter.Seq[GridRow] {
	return func(yield func(GridRow) bool) {
		if !yield(GridRow{Number: 1, Cells: fields}) {
			return
		}
		for r := range p.readingsOf(content) {
			if r.number == 0 || !yield(GridRow{Number: r.number + 1, Cells: r.cells}) {
				return
			}
		}
	}
}
