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
	header row // its cells are copies
	roles  []Role
	values []valueColumn
}

// valueColumn is a column of values and what its header says about all of them.
type valueColumn struct {
	col    int
	period indicator.Period // zero: the row says it
	unit   statedUnit
}

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

// nameless are the columns with a blank header that stand to the right of the
// first value. A text there is what an unquoted thousands separator leaves, so
// such a row is never read.
func (p *plan) nameless() []int {
	var cols []int
	for col, text := range p.header.cells {
		if col > p.values[0].col && isBlank(text) && p.roles[col] == RoleUnknown {
			cols = append(cols, col)
		}
	}
	return cols
}

// layout recognises a header at head[at] and makes a plan of it; nil where the
// row is no header of this layout.
type layout func(n *names, head []row, at int) *plan

// layouts in the order in which they are tried on each row.
var layouts = []layout{longLayout, wideByYears}

// headRows is how far down a header is looked for.
const headRows = 100

// recognise finds the first row that is the header of some layout.
func recognise(n *names, head []row) *plan {
	for at := range head {
		for _, try := range layouts {
			if p := try(n, head, at); p != nil {
				return p
			}
		}
	}
	return nil
}

// headOf copies the first rows of a table, fewer where ctx ends.
func headOf(ctx context.Context, t table) ([]row, *located) {
	var head []row
	for r, f := range t.rows(ctx) {
		if f != nil {
			return head, f
		}
		r.cells = slices.Clone(r.cells)
		head = append(head, r)
		if len(head) == headRows {
			break
		}
	}
	return head, nil
}

// headerUnit is the unit a header states in brackets, with its place.
func headerUnit(unit string, at place) statedUnit {
	if unit == "" {
		return statedUnit{}
	}
	return statedUnit{strings.Clone(unit), inCell(at)}
}

func inCell(at place) indicator.Text {
	return indicator.T("单元格 "+at.address(), "cell "+at.address())
}

// longLayout is one row a reading: a column with values and at least one that
// says what they are, in any order.
func longLayout(_ *names, head []row, at int) *plan {
	header := head[at]
	p := &plan{layout: "long", header: header, roles: make([]Role, len(header.cells))}
	said := false
	for col, text := range header.cells {
		role, unit := headerRole(text)
		p.roles[col] = role
		switch role {
		case RoleValue:
			p.values = append(p.values, valueColumn{col: col, unit: headerUnit(unit, place{header.number, col})})
		case RoleRegion, RolePeriod, RoleIndicator:
			said = true
		default: // adds to a reading, but says nothing of what it is about
		}
	}
	if len(p.values) == 0 || !said {
		return nil
	}
	return p
}

// wideByYears is the export of the national statistics site: one row a region
// (or an indicator), one column a period.
func wideByYears(n *names, head []row, at int) *plan {
	header := head[at]
	p := &plan{layout: "wide_by_years", header: header, roles: make([]Role, len(header.cells))}
	said := false
	for col, text := range header.cells {
		label, unit := text, ""
		if before, inside, ok := cutUnit(text); ok {
			label, unit = before, inside
		}
		if period, ok := readPeriod(label); ok {
			p.roles[col] = RoleValue
			p.values = append(p.values, valueColumn{col, period, headerUnit(unit, place{header.number, col})})
			continue
		}
		p.roles[col], _ = headerRole(text)
		switch p.roles[col] {
		case RoleRegion, RoleIndicator:
			said = true
		case RoleValue, RolePeriod, RoleQuarter, RoleMonth:
			return nil
		default: // adds to a reading, but says nothing of what it is about
		}
	}
	if len(p.values) == 0 {
		return nil
	}
	if !said {
		said = p.readCorner(n, head[at+1:])
	}
	if !said {
		return nil
	}
	return p
}

// readCorner gives the first column of a wide table without a name there the
// role of what the first row below it holds.
func (p *plan) readCorner(n *names, below []row) bool {
	if p.values[0].col == 0 || !isBlank(p.header.at(0)) || len(p.values) < 2 {
		return false
	}
	for _, r := range below {
		if isBlank(r.at(0)) {
			continue
		}
		if n.region(r.at(0)).region != nil {
			p.roles[0] = RoleRegion
			return true
		}
		if n.indicator(r.at(0)).indicator != nil {
			p.roles[0] = RoleIndicator
			return true
		}
		return false
	}
	return false
}
