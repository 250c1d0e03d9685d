package export

import (
	"fmt"
	"io"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Annotated is the table of a file with what is wrong in it, to download and mend.
type Annotated struct {
	Lang     indicator.Lang
	File     string // its name
	Sheet    string // of the table, empty where the file has none
	Rows     iter.Seq[AnnotatedRow]
	Headers  func(row int) bool // rows that are written whatever becomes of the others
	Problems []indicator.Problem
	MaxCells int // of the table; of a larger one only rows with problems are written. 0: 200,000
}

// AnnotatedRow is one row of the table, by ascending number. It is valid until the next one.
type AnnotatedRow struct {
	Number int // from 1
	Cells  []string
	Merged []AnnotatedArea // that begin here
}

// AnnotatedArea is a merged cell, by its columns from 0 and its rows from 1, all included.
type AnnotatedArea struct{ FromCol, ToCol, FromRow, ToRow int }

// What is written at most.
const (
	defaultAnnotatedCells = 200_000
	mostComments          = 2_000
	mostListed            = 5_000
	mostMerged            = 10_000
)

// WriteXLSX writes two sheets: the table at its own positions, the cells with
// problems coloured and commented, and the list of all problems with links to
// the cells. Texts are texts, whatever they begin with; numbers are numbers where
// their text says no more than the number. So the first sheet, mended or not, reads
// as the file does; the second has no number and is taken for no data. Rows are
// walked twice.
func (a Annotated) WriteXLSX(w io.Writer) error {
	if a.MaxCells == 0 {
		a.MaxCells = defaultAnnotatedCells
	}
	s := &annotatedSheet{Annotated: a, book: newWorkbook(a.Lang), marks: map[int]map[int]*cellMark{}, styles: map[annotatedLook]int{}}
	defer s.book.close()
	s.mark()
	s.measure()
	if err := s.writeTable(); err != nil {
		return err
	}
	if err := s.writeProblems(); err != nil {
		return err
	}
	return s.book.finish(w)
}

// cellMark is what a cell is coloured and commented for.
type cellMark struct {
	severity indicator.Severity // the worst
	noNumber bool               // the file's reader could not tell the number
	comment  strings.Builder
}

// annotatedSheet is the table being written.
type annotatedSheet struct {
	Annotated
	book     *workbook
	name     string
	stream   *excelize.StreamWriter
	marks    map[int]map[int]*cellMark // by row and column, both from 1
	styles   map[annotatedLook]int
	columns  int
	cells    int
	comments int
	merged   int
	beyond   bool // a row or column that no sheet has
}

// partial: the table is too large, only some rows are written.
func (s *annotatedSheet) partial() bool { return s.cells > s.MaxCells }

// mark brings the problems to their cells.
func (s *annotatedSheet) mark() {
	for _, p := range s.Problems {
		col, row, err := excelize.CellNameToCoordinates(p.Cell)
		if err != nil {
			continue // of the whole file, or of no table
		}
		if s.marks[row] == nil {
			s.marks[row] = map[int]*cellMark{}
		}
		m := s.marks[row][col]
		if m == nil {
			m = &cellMark{}
			s.marks[row][col] = m
		} else {
			m.comment.WriteString("\n")
		}
		if rankOf(p.Severity) > rankOf(m.severity) {
			m.severity = p.Severity
		}
		m.noNumber = m.noNumber || p.Code == "not_a_number"
		m.comment.WriteString(severityName(p.Severity).In(s.Lang) + " [" + p.Code + "] " + p.Message.In(s.Lang))
	}
}

func rankOf(s indicator.Severity) int {
	switch s {
	case indicator.SeverityError:
		return 3
	case indicator.SeverityQuery:
		return 2
	case indicator.SeverityNote:
		return 1
	}
	return 0
}

func severityName(s indicator.Severity) indicator.Text {
	switch s {
	case indicator.SeverityError:
		return indicator.T("错误", "error")
	case indicator.SeverityQuery:
		return indicator.T("核实", "query")
	case indicator.SeverityNote:
		return indicator.T("提示", "note")
	}
	return indicator.T(string(s), string(s))
}

// measure counts columns and cells.
func (s *annotatedSheet) measure() {
	for r := range s.Rows {
		s.columns = max(s.columns, len(r.Cells))
		s.cells += len(r.Cells)
	}
	for _, row := range s.marks {
		for col := range row {
			s.columns = max(s.columns, col)
		}
	}
	s.columns = min(s.columns, excelize.MaxColumns)
}

func (s *annotatedSheet) writeTable() error {
	name := s.Sheet
	if name == "" {
		name = s.book.say("数据", "Data")
	}
	var err error
	if s.name, err = s.book.addSheet(name); err != nil {
		return err
	}
	if s.stream, err = s.book.file.NewStreamWriter(s.name); err != nil {
		return err
	}
	const width = 14
	if s.columns > 0 {
		if err := s.stream.SetColWidth(1, s.columns, width); err != nil {
			return err
		}
	}
	for r := range s.Rows {
		if r.Number > excelize.TotalRows {
			s.beyond = true
			break
		}
		if s.partial() && s.marks[r.Number] == nil && !s.Headers(r.Number) {
			continue
		}
		if err := s.writeRow(r); err != nil {
			return err
		}
	}
	return s.stream.Flush()
}

func (s *annotatedSheet) writeRow(r AnnotatedRow) error {
	values := make([]any, min(len(r.Cells), excelize.MaxColumns))
	s.beyond = s.beyond || len(values) < len(r.Cells)
	for col := range s.marks[r.Number] {
		for len(values) < col { // a problem may lie in a cell behind the last
			values = append(values, nil)
		}
	}
	for i := range values {
		text := ""
		if i < len(r.Cells) {
			text = r.Cells[i]
		}
		value, err := s.cell(text, s.marks[r.Number][i+1])
		if err != nil {
			return err
		}
		values[i] = value
	}
	for _, col := range slices.Sorted(maps.Keys(s.marks[r.Number])) {
		if err := s.comment(r.Number, col, s.marks[r.Number][col]); err != nil {
			return err
		}
	}
	for _, area := range r.Merged {
		if err := s.merge(area); err != nil {
			return err
		}
	}
	at, err := excelize.CoordinatesToCellName(1, r.Number)
	if err != nil {
		return err
	}
	return s.stream.SetRow(at, values)
}

// cell is a text as a cell, in the colour of its worst problem.
func (s *annotatedSheet) cell(text string, m *cellMark) (any, error) {
	var severity indicator.Severity
	if m != nil {
		severity = m.severity
	}
	if text == "" && m == nil {
		return nil, nil
	}
	number, isNumber := plainNumber(text)
	style, err := s.style(annotatedLook{severity, !isNumber && text != ""})
	if err != nil {
		return nil, err
	}
	switch {
	case text == "":
		return excelize.Cell{StyleID: style}, nil
	case isNumber:
		return excelize.Cell{StyleID: style, Value: number}, nil
	}
	if m != nil && m.noNumber && thousands.MatchString(text) {
		text += "?"
	}
	return excelize.Cell{StyleID: style, Value: text}, nil
}

// thousands would be read as a number from a workbook, even where the file that
// it came from may mean a decimal point: it stays a question until it is mended.
var thousands = regexp.MustCompile(`^[-+]?\d{1,3}(,\d{3})+$`)

// plainNumber: the text is what the number is written as, and a spreadsheet shows
// it so. 035, 1.50 and codes of twelve digits are texts.
func plainNumber(text string) (float64, bool) {
	const most = 1e11
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v <= -most || v >= most || len(text) > 16 || strconv.FormatFloat(v, 'f', -1, 64) != text || text == "-0" {
		return 0, false
	}
	return v, true
}

type annotatedLook struct {
	severity indicator.Severity
	text     bool // stays text when it is edited
}

var severityFill = map[indicator.Severity]string{
	indicator.SeverityError: "F8C7C4", indicator.SeverityQuery: "FFE699", indicator.SeverityNote: "DCE9F5",
}

func (s *annotatedSheet) style(look annotatedLook) (int, error) {
	if id, ok := s.styles[look]; ok {
		return id, nil
	}
	style := &excelize.Style{Font: &excelize.Font{Family: "Microsoft YaHei", Size: 10}, Alignment: &excelize.Alignment{Vertical: "top"}}
	if colour := severityFill[look.severity]; colour != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	if look.text {
		const asText = 49 // @
		style.NumFmt = asText
	}
	id, err := s.book.file.NewStyle(style)
	s.styles[look] = id
	return id, err
}

// comment adds what is said about a cell. A sheet with very many is of no use to
// anybody: the rest is coloured and listed.
func (s *annotatedSheet) comment(row, col int, m *cellMark) error {
	if s.comments++; s.comments > mostComments {
		return nil
	}
	at, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	const most, width, perLine, lineHeight = 1000, 320, 24, 20
	text := clip(m.comment.String(), most)
	lines := 1 + strings.Count(text, "\n") + len([]rune(text))/perLine
	return s.book.file.AddComment(s.name, excelize.Comment{
		Cell: at, Author: "Dabiao", Paragraph: []excelize.RichTextRun{{Text: text}},
		Width: width, Height: uint(lineHeight * min(lines+1, 20)),
	})
}

func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

func (s *annotatedSheet) merge(a AnnotatedArea) error {
	if s.merged++; s.merged > mostMerged || s.partial() || a.ToCol >= excelize.MaxColumns || a.ToRow > excelize.TotalRows {
		return nil
	}
	from, err := excelize.CoordinatesToCellName(a.FromCol+1, a.FromRow)
	if err != nil {
		return err
	}
	to, err := excelize.CoordinatesToCellName(a.ToCol+1, a.ToRow)
	if err != nil {
		return fmt.Errorf("merged cell at %s: %w", from, err)
	}
	return s.stream.MergeCell(from, to)
}
