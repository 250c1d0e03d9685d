package web

import (
	"iter"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// gridView is a window on the file: the rows with problems, and a stretch of the others.
type gridView struct {
	Heads []gridHead
	Rows  []gridRow
	texts map[string]string // of cells with problems, by address
}

// gridHead is a column of the window; one without a letter stands for those left out.
type gridHead struct{ Column, Role string }

// gridRow is a row of the file, or the rows that are left out before the next.
type gridRow struct {
	Number         int
	Kind, KindName string
	Cells          []gridCell
	Gap            int // rows left out, -1: all that follow
	From           int // the first of them
}

// gridCell has an address only where it has a problem.
type gridCell struct {
	Address, Text                string
	Class                        string
	Severity, SeverityName, Sign string
	Problem                      string // of the worst, in words
}

const (
	maxGridRows  = 200
	gridStretch  = 40 // rows without problems
	maxCellRunes = 60
)

// cellProblem is the worst problem of a cell.
type cellProblem struct {
	severity indicator.Severity
	message  indicator.Text
}

// gridMarks is what is known of the rows and cells of a file.
type gridMarks struct {
	kinds    map[int]string // of rows that were read as something
	answers  ingest.Answers
	roles    map[string]string
	values   map[string]bool // cells that became readings
	problems map[string]cellProblem
	rows     map[int]bool // with problems
	columns  map[string]bool
	last     int
}

func (f fields) gridMarks(c upload.Contents) gridMarks {
	m := gridMarks{kinds: rowKinds(c), answers: c.Answers, roles: map[string]string{}, values: map[string]bool{}, problems: map[string]cellProblem{}, rows: map[int]bool{}, columns: map[string]bool{}}
	for _, col := range c.Understood.Columns {
		m.roles[col.Column] = col.Role.Name().In(f.Lang)
	}
	for _, severity := range severities {
		for _, p := range c.Problems {
			row, err := strconv.Atoi(rowOf(p.Cell))
			if p.Severity != severity || err != nil || len(m.rows) == maxGridRows-gridStretch && !m.rows[row] {
				continue
			}
			m.rows[row], m.columns[columnOf(p.Cell)] = true, true
			if _, worse := m.problems[p.Cell]; !worse {
				m.problems[p.Cell] = cellProblem{p.Severity, p.Message}
			}
		}
	}
	for row := range m.rows {
		m.last = max(m.last, row)
	}
	return m
}

// markValues marks the cells of some rows that became readings.
func (m gridMarks) markValues(cells []ingest.Cell, rows []ingest.GridRow) {
	shown := map[string]bool{}
	for _, r := range rows {
		shown[strconv.Itoa(r.Number)] = true
	}
	for _, cell := range cells {
		if shown[rowOf(cell.Cell)] {
			m.values[cell.Cell] = true
		}
	}
}

// The kinds of rows.
const (
	rowTitle    = "title"
	rowHeader   = "header"
	rowHeading  = "heading"
	rowFootnote = "footnote"
	rowSkipped  = "skipped"
)

var rowKindWords = map[string]indicator.Text{
	rowTitle: indicator.T("标题", "title"), rowHeader: indicator.T("表头", "header"), rowHeading: indicator.T("分组", "heading"),
	rowFootnote: indicator.T("脚注", "footnote"), rowSkipped: indicator.T("非数据", "no data"),
}

func rowKinds(c upload.Contents) map[int]string {
	kinds := map[int]string{}
	u := c.Understood
	mark := func(lines []ingest.Line, kind string) {
		for _, l := range lines {
			if row, err := strconv.Atoi(rowOf(l.Cell)); err == nil {
				kinds[row] = kind
			}
		}
	}
	mark(u.Titles, rowTitle)
	mark(u.Headings, rowHeading)
	mark(u.Footnotes, rowFootnote)
	header := func(first, count int) {
		for row := first; first > 0 && row < first+max(count, 1); row++ {
			kinds[row] = rowHeader
		}
	}
	header(u.HeaderRow, u.Headers)
	for _, b := range u.Blocks {
		header(b.HeaderRow, b.Headers)
	}
	return kinds
}

// grid shows the rows with problems and a stretch of the others beginning at from.
func (f fields) grid(c upload.Contents, rows iter.Seq[ingest.GridRow], from int) *gridView {
	m := f.gridMarks(c)
	v := &gridView{texts: map[string]string{}}
	to := from + gridStretch
	var kept []ingest.GridRow
	width, before, more := 0, 0, false
	for r := range rows {
		if r.Number > max(to-1, m.last) {
			more = true
			break
		}
		if !m.rows[r.Number] && (r.Number < from || r.Number >= to) && m.kinds[r.Number] != rowHeader {
			continue
		}
		if len(kept) == maxGridRows {
			more = true
			break
		}
		r.Cells = shorten(r.Cells)
		width = max(width, len(r.Cells))
		kept = append(kept, r)
	}
	m.markValues(c.Cells, kept)
	columns := m.heads(v, width)
	for _, r := range kept {
		if gap := r.Number - before - 1; gap > 0 {
			v.Rows = append(v.Rows, gridRow{Gap: gap, From: before + 1})
		}
		before = r.Number
		v.Rows = append(v.Rows, f.gridRow(m, v, r, columns))
	}
	if more {
		v.Rows = append(v.Rows, gridRow{Gap: -1, From: before + 1})
	}
	if len(kept) == 0 {
		return nil
	}
	return v
}

// shorten copies the cells of a row, without blank ones at its end.
func shorten(cells []string) []string {
	last := len(cells)
	for last > 0 && strings.TrimSpace(cells[last-1]) == "" {
		last--
	}
	list := make([]string, last)
	for i, text := range cells[:last] {
		text = strings.TrimSpace(text)
		if runes := []rune(text); len(runes) > maxCellRunes {
			text = string(runes[:maxCellRunes-1]) + "…"
		}
		list[i] = text
	}
	return list
}

// heads are the columns shown: the first ones, and those with problems. The
// answer is their numbers, -1 for a gap.
func (m gridMarks) heads(v *gridView, width int) []int {
	var columns []int
	for col := range width {
		name := columnLetters(col)
		switch {
		case len(columns) < maxColumns && (col < maxColumns-len(m.columns) || m.columns[name]):
			columns = append(columns, col)
			v.Heads = append(v.Heads, gridHead{name, m.roles[name]})
		case len(columns) > 0 && columns[len(columns)-1] >= 0:
			columns = append(columns, -1)
			v.Heads = append(v.Heads, gridHead{})
		}
	}
	return columns
}

// columnLetters writes A … Z, AA … for a column counted from 0.
func columnLetters(col int) string {
	if col < 26 {
		return string(rune('A' + col))
	}
	return columnLetters(col/26-1) + columnLetters(col%26)
}

func (f fields) gridRow(m gridMarks, v *gridView, r ingest.GridRow, columns []int) gridRow {
	kind := m.kinds[r.Number]
	if m.answers.Skips(r.Number) {
		kind = rowSkipped
	}
	row := gridRow{Number: r.Number, Kind: kind, KindName: word(rowKindWords, kind, f.Lang)}
	for _, col := range columns {
		if col < 0 {
			row.Cells = append(row.Cells, gridCell{Text: "…"})
			continue
		}
		address := columnLetters(col) + strconv.Itoa(r.Number)
		cell := gridCell{}
		if col < len(r.Cells) {
			cell.Text = r.Cells[col]
		}
		if m.values[address] {
			cell.Class = "number"
		}
		if p, ok := m.problems[address]; ok {
			v.texts[address] = cell.Text
			cell.Address, cell.Severity, cell.Sign = address, string(p.severity), signOf(p.severity)
			cell.SeverityName, cell.Problem = p.severity.Name().In(f.Lang), onPage(p.message, f.Lang)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}
