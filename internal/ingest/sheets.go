package ingest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest/workbook"
)

// bookTable is one sheet of a workbook as a table.
type bookTable struct {
	book     workbook.Book
	sheet    int
	maxCells int
	hidden   hiddenParts // that were met in the last reading
}

func (t *bookTable) size() int { return t.book.Size(t.sheet) }

func (t *bookTable) lines() int { return 0 }

func (t *bookTable) rows(ctx context.Context) iter.Seq2[row, *located] {
	return func(yield func(row, *located) bool) {
		var cells []string
		var spread merges
		number, end, total := 0, 0, 0
		t.hidden = hiddenParts{cols: map[int]bool{}}
		for r, err := range t.book.Rows(ctx, t.sheet) {
			if err != nil {
				yield(row{}, &located{place{}, refusedBy(err)})
				return
			}
			for number++; number < r.Number; number++ { // a file leaves blank rows out
				if number%4096 == 0 && ctx.Err() != nil {
					return
				}
				if !yield(row{number: number, end: end, merged: spread.at(number)}, nil) {
					return
				}
			}
			end = r.End
			clear(cells)
			cells = cells[:0]
			for _, c := range r.Cells {
				for len(cells) < c.Col {
					cells = append(cells, "")
				}
				cells = append(cells, c.Text)
			}
			if total += len(cells); total > t.maxCells {
				yield(row{}, &located{place{row: number}, tooManyCells(t.maxCells)})
				return
			}
			spread.add(r)
			t.hidden.add(r)
			if !yield(row{number, cells, end, spread.at(number)}, nil) {
				return
			}
		}
	}
}

// refusedBy is the finding of a refusal.
func refusedBy(err error) *finding {
	var refusal *workbook.Refusal
	if !errors.As(err, &refusal) {
		refusal = &workbook.Refusal{Code: codeUnsupportedFile, Text: indicator.T(err.Error(), err.Error())}
	}
	return &finding{code: refusal.Code, severity: indicator.SeverityError, message: func() indicator.Text { return refusal.Text }}
}

// span is a merged cell on its way down a table.
type span struct {
	from, to    int // columns
	first, last int // rows
	text        string
}

// merges are the merged cells that reach into a row, by column.
type merges struct {
	active []span
	first  int // row in which one of them ends
}

// at gives those that reach into a row. The slice is not changed later.
func (m *merges) at(number int) []span {
	if len(m.active) > 0 && number > m.first {
		m.active = slices.DeleteFunc(slices.Clone(m.active), func(s span) bool { return s.last < number })
		m.settle()
	}
	return m.active
}

// add takes those that begin in a row. One that begins inside another is none.
func (m *merges) add(r workbook.Row) {
	var more []span
	for _, c := range r.Cells {
		if c.Rows > 1 || c.Cols > 1 {
			more = append(more, span{c.Col, c.Col + max(c.Cols, 1) - 1, r.Number, r.Number + max(c.Rows, 1) - 1, c.Text})
		}
	}
	if len(more) == 0 {
		return
	}
	all := append(slices.Clone(m.at(r.Number)), more...)
	slices.SortStableFunc(all, func(a, b span) int { return a.from - b.from })
	m.active = all[:0]
	for _, s := range all {
		if n := len(m.active); n == 0 || s.from > m.active[n-1].to {
			m.active = append(m.active, s)
		}
	}
	m.settle()
}

func (m *merges) settle() {
	m.first = 1 << 30
	for _, s := range m.active {
		m.first = min(m.first, s.last)
	}
}

// sheetPicker finds the sheet to read.
type sheetPicker struct {
	*parser
	book workbook.Book
}

// What a sheet holds.
const (
	holdsNothing = iota
	holdsText
	holdsNumbers
)

// pick is the sheet that the person named, or the only one with data; -1 where
// that was reported as a problem. A sheet of text beside one with numbers is a
// page of explanations.
func (s *sheetPicker) pick(wanted string) (int, error) {
	if wanted != "" {
		return s.named(wanted), nil
	}
	sheets := s.book.Sheets()
	content := make([]int, len(sheets))
	for i := range sheets {
		var err error
		if content[i], err = s.contentOf(i); err != nil {
			return -1, err
		}
	}
	having := func(least int, hidden bool) (list []int) {
		for i, sheet := range sheets {
			if content[i] >= least && (hidden || !sheet.Hidden) {
				list = append(list, i)
			}
		}
		return list
	}
	candidates := having(holdsNumbers, false)
	for _, others := range [][]int{having(holdsNumbers, true), having(holdsText, false), having(holdsText, true)} {
		if len(candidates) == 0 {
			candidates = others
		}
	}
	switch len(candidates) {
	case 0:
		s.problems.add(place{}, emptyFile())
		return -1, nil
	case 1:
		if others := having(holdsText, true); len(others) > 1 {
			s.problems.add(place{}, s.notRead(slices.DeleteFunc(others, func(i int) bool { return i == candidates[0] })))
		}
		return candidates[0], nil
	}
	zh, en := s.list(having(holdsNumbers, true))
	s.problems.add(place{}, fault(codeSeveralSheets,
		"文件中有几个含数据的表：%[1]s。用 --sheet 指明读取哪一个（如 --sheet %[3]s）。",
		"Several sheets of the file hold data: %[2]s. Say with --sheet which one to read (such as --sheet %[3]s).",
		zh, en, strconv.Quote(clip(sheets[candidates[0]].Name, mostLineRunes))).with(optionSheet, s.answers(candidates)...))
	return -1, nil
}

// answers are the names of sheets, or their numbers where another has the name.
func (s *sheetPicker) answers(sheets []int) []string {
	var list []string
	for _, i := range sheets[:min(len(sheets), mostListed)] {
		name := s.book.Sheets()[i].Name
		if s.find(name) != i {
			name = strconv.Itoa(i + 1)
		}
		list = append(list, name)
	}
	return list
}

// named is the sheet of a name or, where none has it, of a number from 1; -1
// where that was reported as a problem.
func (s *sheetPicker) named(wanted string) int {
	if i := s.find(wanted); i >= 0 {
		return i
	}
	sheets := s.book.Sheets()
	all := make([]int, len(sheets))
	titles := make([]string, len(sheets))
	for i := range all {
		all[i], titles[i] = i, sheets[i].Name
	}
	zh, en := s.list(all)
	s.problems.add(place{}, fault(codeUnknownSheet,
		"没有名为“%[1]s”的表。文件中有：%[2]s。", "No sheet is named “%[1]s”. The file has: %[3]s.", quote(wanted), zh, en).
		with(optionSheet, nearWord(wanted, titles)...).with(optionSheet, s.answers(all)...))
	return -1
}

// find is the sheet of a name or of a number; -1 where there is none.
func (s *sheetPicker) find(wanted string) int {
	sheets := s.book.Sheets()
	if i := slices.IndexFunc(sheets, func(sheet workbook.Sheet) bool { return nameKey(sheet.Name) == nameKey(wanted) }); i >= 0 {
		return i
	}
	if n, err := strconv.Atoi(squash(wanted)); err == nil && n >= 1 && n <= len(sheets) {
		return n - 1
	}
	return -1
}

func (s *sheetPicker) contentOf(sheet int) (int, error) {
	content := holdsNothing
	for r, err := range s.book.Rows(s.ctx, sheet) {
		if err != nil {
			return holdsNumbers, nil // whoever reads it will say what is wrong
		}
		if content == holdsNothing && isProblemList(r) {
			return holdsNothing, nil
		}
		for _, c := range r.Cells {
			if isBlank(c.Text) {
				continue
			}
			if _, suffix, k := readNumber(c.Text); k == isNumber && (suffix == "" || s.names.readUnit(suffix).unit != "") {
				return holdsNumbers, nil
			}
			content = holdsText
		}
	}
	return content, s.ctx.Err()
}

// isProblemList reports the first line of the list of problems in a workbook that
// export.Annotated wrote: it is about the data and holds none.
func isProblemList(r workbook.Row) bool {
	return r.Number == 1 && len(r.Cells) == 1 &&
		(strings.HasPrefix(r.Cells[0].Text, "核对结果：“") || strings.HasPrefix(r.Cells[0].Text, "What was found in “"))
}

func (s *sheetPicker) notRead(sheets []int) *finding {
	zh, en := s.list(sheets)
	return note(codeSheetNotRead, "未读取的表：%[1]s。如需读取，用 --sheet 指明。",
		"Sheets that were not read: %[2]s. To have one read, name it with --sheet.", zh, en)
}

func (s *sheetPicker) list(sheets []int) (zh, en string) {
	const most = 20
	var listZH, listEN []string
	for n, i := range sheets {
		if n == most {
			listZH, listEN = append(listZH, "…"), append(listEN, "…")
			break
		}
		sheet := s.book.Sheets()[i]
		name := clip(sheet.Name, mostLineRunes)
		if !sheet.Hidden {
			listZH, listEN = append(listZH, name), append(listEN, name)
			continue
		}
		listZH, listEN = append(listZH, name+"（隐藏）"), append(listEN, name+" (hidden)")
	}
	return strings.Join(listZH, "、"), strings.Join(listEN, ", ")
}

// previewOf is the first rows of a sheet that hold something.
func previewOf(ctx context.Context, t table) []string {
	var list []string
	for r, f := range t.rows(ctx) {
		if f != nil || len(list) == previewLines {
			break
		}
		if line := strings.Join(r.cells, "\t"); !isBlank(line) {
			list = append(list, clip(line, previewRunes))
		}
	}
	return list
}
