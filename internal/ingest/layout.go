package ingest

import (
	"context"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// plan says how the rows below a header are read. All layouts come down to one
// shape: columns that say what a row is about, and columns with values, each
// of which may add something of its own (the year of a wide table).
type plan struct {
	layout string
	header []row // its cells are copies
	heads  []string
	roles  []Role
	values []valueColumn
	found  []located // what is wrong with the header
	unread bool      // the rows below are not read: the header has an error
}

// valueColumn is a column of values and what its header says about all of them.
// What is zero the row says, or the title.
type valueColumn struct {
	at        place // of the header cell
	col       int
	period    indicator.Period
	part      string // a quarter or month of the row's year
	region    regionRead
	indicator indicatorRead
	unit      statedUnit
	status    indicator.Status
}

// first and last are the numbers of the header's rows.
func (p *plan) first() int { return p.header[0].number }
func (p *plan) last() int  { return p.header[len(p.header)-1].number }

// columns are those of a role, from the left.
func (p *plan) columns(role Role) []int {
	var cols []int
	for col, r := range p.roles {
		if r == role {
			cols = append(cols, col)
		}
	}
	return cols
}

// says reports whether every value learns of an axis from a column of its row
// or from its own header.
func (p *plan) says(a axis) bool {
	for _, role := range p.roles {
		if axisOf(role)&a != 0 && role != RoleQuarter && role != RoleMonth {
			return true
		}
	}
	for i := range p.values {
		if p.values[i].axes()&a == 0 {
			return false
		}
	}
	return len(p.values) > 0
}

func (v *valueColumn) axes() axis {
	a := axis(0)
	if !v.period.IsZero() {
		a |= axisPeriod
	}
	if v.region.region != nil {
		a |= axisRegion
	}
	if v.indicator.indicator != nil {
		a |= axisIndicator
	}
	return a
}

// nameless are the columns with a blank header that stand to the right of the
// first value. A text there is what an unquoted thousands separator leaves, so
// such a row is never read.
func (p *plan) nameless() []int {
	var cols []int
	for col, text := range p.heads {
		if len(p.values) > 0 && col > p.values[0].col && text == "" && p.roles[col] == RoleUnknown {
			cols = append(cols, col)
		}
	}
	return cols
}

// The layouts by the names that --layout takes.
const layoutLong = "long"

// layoutNames are the wide layouts by what stands across the table.
var layoutNames = map[axis]string{
	axisPeriod:                 "wide_by_years",
	axisRegion:                 "wide_by_regions",
	axisIndicator:              "wide_by_indicators",
	axisPeriod | axisIndicator: "wide_by_indicators_and_years",
	axisPeriod | axisRegion:    "wide_by_regions_and_years",
	axisRegion | axisIndicator: "wide_by_regions_and_indicators",
}

// Layouts lists the names that Options.Layout takes.
func Layouts() []string {
	names := []string{layoutLong}
	for a := axisPeriod; a < axisPeriod|axisRegion|axisIndicator; a++ {
		names = append(names, layoutNames[a])
	}
	return names
}

// headRows is how far down a header is looked for.
const headRows = 100

// recognise finds the first rows that are the header of some layout.
func (p *parser) recognise(head []row) *plan {
	for at := range head {
		if found := p.recogniseAt(head[at:]); found != nil {
			return p.answered(found, head[at:])
		}
	}
	return nil
}

// recogniseAt makes a plan of the header that begins with the first row; nil
// where there is none. The deepest header counts: what continues one is no data.
func (p *parser) recogniseAt(rows []row) *plan {
	if n := filled(rows[0]); n == 0 || n == 1 && !isBlank(rows[0].at(0)) || isTitleRow(rows[0]) {
		return nil
	} else if n == 1 {
		return p.recogniseSpan(rows)
	}
	return p.recogniseDeepest(rows)
}

// recogniseSpan looks at a row with one cell only, which is a title unless it
// makes columns readable that are not readable without it.
func (p *parser) recogniseSpan(rows []row) *plan {
	if len(rows) < 2 || filled(rows[1]) < 2 {
		return nil
	}
	without, with := p.recogniseDeepest(rows[1:]), p.recogniseDeepest(rows)
	if with == nil || len(with.header) < 2 || without != nil && len(without.values) >= len(with.values) {
		return nil
	}
	return with
}

func (p *parser) recogniseDeepest(rows []row) *plan {
	for depth := min(mostHeaderRows, len(rows)); depth > 0; depth-- {
		columns, ok := p.names.readColumns(rows[:depth], false)
		if !ok {
			continue
		}
		if found := p.planOf(columns, rows, depth, false); found != nil {
			return found
		}
	}
	return nil
}

func filled(r row) int {
	n := 0
	for _, text := range r.cells {
		if !isBlank(text) {
			n++
		}
	}
	return n
}

// isTitleRow reports a row of statements with a colon: 指标：GDP │ 单位：亿元.
func isTitleRow(r row) bool {
	for _, text := range r.cells {
		if label, _, ok := cutLabel(text); ok && headerWords[label] != "" {
			return true
		}
	}
	return false
}

// headOf copies the first rows of a table, fewer where ctx ends.
func headOf(ctx context.Context, t table, most int) ([]row, *located) {
	var head []row
	for r, f := range t.rows(ctx) {
		if f != nil {
			return head, f
		}
		head = append(head, copyOf(r))
		if len(head) == most {
			break
		}
	}
	return head, nil
}

func copyOf(r row) row {
	r.cells = slices.Clone(r.cells)
	return r
}

// headerUnit is the unit a header states, with its place.
func headerUnit(unit string, at place) statedUnit {
	if unit == "" {
		return statedUnit{}
	}
	return statedUnit{unit: strings.Clone(unit), where: inCell(at)}
}

func inCell(at place) indicator.Text {
	return indicator.T("单元格 "+at.address(), "cell "+at.address())
}
