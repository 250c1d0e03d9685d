package workbook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page is a web page with tables. Each is read from its own start, without a
// tree of it in memory.
type page struct {
	text   []byte
	limits Limits
	sheets []Sheet
	ends   [][2]int // of the tables in the text
}

// What is told apart in one page. Tables in tables in tables would be read as
// often as they are deep.
const (
	mostTables = 10_000
	deepest    = 20
)

func openHTML(ctx context.Context, text []byte, limits Limits) (*page, error) {
	p := &page{text: text, limits: limits}
	s := newPageScan(ctx, text, limits)
	s.want = -1
	for {
		_, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if len(s.ends) == 0 {
		return nil, noTable()
	}
	p.ends = s.ends
	for i := range p.ends {
		p.sheets = append(p.sheets, Sheet{Name: strconv.Itoa(i + 1)})
	}
	return p, nil
}

// Sheets implements Book. Tables are named by their number.
func (p *page) Sheets() []Sheet { return p.sheets }

// Size implements Book.
func (p *page) Size(sheet int) int { return p.ends[sheet][1] - p.ends[sheet][0] }

// Rows implements Book.
func (p *page) Rows(ctx context.Context, sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		s := newPageScan(ctx, p.text[p.ends[sheet][0]:p.ends[sheet][1]], p.limits)
		for {
			row, err := s.next()
			switch {
			case errors.Is(err, io.EOF) || ctx.Err() != nil:
				return
			case err != nil:
				yield(Row{}, err)
				return
			}
			if len(row.Cells) > 0 && !yield(row, nil) {
				return
			}
		}
	}
}

// pageScan goes through a page, or a part of it that begins with a table, and
// gathers the rows of one table.
type pageScan struct {
	ctx    context.Context
	tokens *html.Tokenizer
	limits Limits
	want   int      // number of the table, -1: none
	ends   [][2]int // of the tables that were begun
	open   []int    // tables that are not closed, the innermost last
	read   int      // bytes
	ready  Row      // a row that is complete
	isRow  bool

	row     Row
	inRow   bool
	inCell  bool
	text    strings.Builder
	size    int    // of the texts of the row
	stored  string // number of the cell beside what it shows
	raised  int    // depth of superscripts
	silent  int    // depth of scripts and styles
	blocked []int  // by column: the last row that a cell from above reaches down to
}

func newPageScan(ctx context.Context, text []byte, limits Limits) *pageScan {
	s := &pageScan{ctx: ctx, tokens: html.NewTokenizer(bytes.NewReader(text)), limits: limits}
	s.tokens.SetMaxBuf(limits.Token)
	return s
}

// next is the next row of the table, io.EOF at the end of the page.
func (s *pageScan) next() (Row, error) {
	for n := 0; ; n++ {
		if n%1024 == 0 && s.ctx.Err() != nil {
			return Row{}, s.ctx.Err()
		}
		kind := s.tokens.Next()
		start := s.read
		s.read += len(s.tokens.Raw())
		var err error
		switch kind {
		case html.ErrorToken:
			err = s.finish()
		case html.TextToken:
			err = s.addText()
		case html.StartTagToken, html.SelfClosingTagToken:
			err = s.start(start, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			s.end()
		}
		if s.isRow {
			s.isRow = false
			return s.ready, nil
		}
		if err != nil {
			return Row{}, err
		}
	}
}

// finish ends the page, with a last row where a table is never closed.
func (s *pageScan) finish() error {
	if errors.Is(s.tokens.Err(), html.ErrBufferExceeded) {
		return tooMuchText(s.limits.Token)
	}
	s.endRow()
	for _, table := range s.open {
		s.ends[table][1] = s.read
	}
	s.open = nil
	return io.EOF
}

// isInside reports that the innermost table is the one that is read.
func (s *pageScan) isInside() bool {
	return len(s.open) > 0 && s.open[len(s.open)-1] == s.want
}

func (s *pageScan) start(from int, closed bool) error {
	name, more := s.tokens.TagName()
	tag := atom.Lookup(name)
	if tag == atom.Table {
		if len(s.ends) == mostTables || len(s.open) == deepest {
			return refuse(CodeTooBig, "网页中的表格超过 %[1]d 个、嵌套超过 %[2]d 层的上限。只保留需要的表格后重新上传。",
				"The page holds more tables than the limit of %[1]d, or more than %[2]d in each other. Keep only what is needed and upload it again.", mostTables, deepest)
		}
		s.open = append(s.open, len(s.ends))
		s.ends = append(s.ends, [2]int{from, from})
	}
	if isSilent(string(name)) && !closed {
		s.silent++
	}
	if !s.isInside() {
		return nil
	}
	switch tag {
	case atom.Tr:
		s.endRow()
		s.row, s.inRow, s.size = Row{Number: s.row.Number + 1}, true, 0
		if s.row.Number > mostRows {
			return beyondSheet(s.row.Number, 0)
		}
	case atom.Td, atom.Th:
		return s.startCell(more)
	case atom.Br, atom.P, atom.Div, atom.Li:
		s.text.WriteByte(' ')
	case atom.Sup:
		s.raised++
	}
	return nil
}

// startCell puts a cell into the first column that no cell from above covers.
func (s *pageScan) startCell(more bool) error {
	s.endCell()
	if !s.inRow { // a row without its tag
		s.row, s.inRow, s.size = Row{Number: s.row.Number + 1}, true, 0
	}
	col := 0
	if n := len(s.row.Cells); n > 0 {
		last := s.row.Cells[n-1]
		col = last.Col + last.Cols
	}
	for col < len(s.blocked) && s.blocked[col] >= s.row.Number {
		col++
	}
	cell := Cell{Col: col, Rows: 1, Cols: 1}
	for more {
		var key, value []byte
		key, value, more = s.tokens.TagAttr()
		n, err := strconv.Atoi(strings.TrimSpace(string(value)))
		switch {
		case string(key) == "x:num" || string(key) == "sdval": // the number that is shown rounded
			s.stored = string(value)
		case err != nil || n < 0:
		case string(key) == "colspan":
			cell.Cols = min(max(n, 1), 1000)
		case string(key) == "rowspan" && n == 0: // to the end of the table
			cell.Rows = mostRows - s.row.Number
		case string(key) == "rowspan":
			cell.Rows = min(n, mostRows-s.row.Number+1)
		}
	}
	if col+cell.Cols > mostCols {
		return beyondSheet(s.row.Number, col)
	}
	for len(s.blocked) < col+cell.Cols {
		s.blocked = append(s.blocked, 0)
	}
	for i := col; i < col+cell.Cols; i++ {
		s.blocked[i] = s.row.Number + cell.Rows - 1
	}
	s.row.Cells, s.inCell = append(s.row.Cells, cell), true
	return nil
}

// isSilent reports elements whose text is not shown. Spreadsheet programs write
// remarks on cells as comment.
func isSilent(name string) bool { return name == "script" || name == "style" || name == "comment" }

func (s *pageScan) end() {
	name, _ := s.tokens.TagName()
	tag := atom.Lookup(name)
	if isSilent(string(name)) {
		s.silent = max(s.silent-1, 0)
	}
	if s.isInside() {
		switch tag {
		case atom.Td, atom.Th:
			s.endCell()
		case atom.Tr, atom.Table:
			s.endRow()
		case atom.Sup:
			s.raised = max(s.raised-1, 0)
		}
	}
	if n := len(s.open); tag == atom.Table && n > 0 {
		s.ends[s.open[n-1]][1] = s.read
		s.open = s.open[:n-1]
	}
}

func (s *pageScan) addText() error {
	if !s.inCell || !s.isInside() || s.silent > 0 {
		return nil
	}
	text := string(s.tokens.Text())
	if s.raised > 0 {
		text = superscript(text)
	}
	if s.size += len(text); s.size > s.limits.Token {
		return tooMuchText(s.limits.Token)
	}
	s.text.WriteString(text)
	return nil
}

func (s *pageScan) endCell() {
	if s.inCell {
		text := strings.Join(strings.Fields(s.text.String()), " ")
		if s.stored != "" {
			text = unrounded(text, s.stored)
		}
		s.row.Cells[len(s.row.Cells)-1].Text = text
	}
	s.inCell, s.raised, s.stored = false, 0, ""
	s.text.Reset()
}

// unrounded is the number that is stored where the one that is shown is that
// number with fewer digits, else what is shown: a date is stored as a number too.
// Where the two are different numbers (thousands were left out), both are said.
func unrounded(shown, stored string) string {
	text, percent := strings.CutSuffix(strings.ReplaceAll(shown, ",", ""), "%")
	if inner, negative := strings.CutPrefix(text, "("); negative && strings.HasPrefix(stored, "-") {
		text = "-" + strings.TrimSuffix(inner, ")")
	}
	rounded, err := strconv.ParseFloat(text, 64)
	v, errStored := strconv.ParseFloat(stored, 64)
	if err != nil || errStored != nil || math.IsNaN(v) {
		return shown
	}
	factor := 1.0
	if percent {
		factor = 100
	}
	switch {
	case math.Abs(v*factor-rounded) <= 0.500001*lastDigit(text):
		return format{percent: percent}.show(v, false)
	case isYearOf(rounded, v):
		return shown
	}
	return number(v) + ScaledMark + clip(shown) + ")"
}

// lastDigit is what one more in the last digit of a number adds to it: 100 for 1.23E+04.
func lastDigit(text string) float64 {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	power, _ := strconv.Atoi(exponent)
	_, decimals, _ := strings.Cut(mantissa, ".")
	return math.Pow10(power - len(decimals))
}

// isYearOf reports that a number is the year of a date.
func isYearOf(shown, date float64) bool {
	return format{year: true}.showDate(date, "", false) == number(shown)
}

// endRow completes the row. Cells without a text are dropped, as in all books.
func (s *pageScan) endRow() {
	s.endCell()
	if !s.inRow {
		return
	}
	s.inRow = false
	s.ready = Row{Number: s.row.Number, End: s.read}
	for _, c := range s.row.Cells {
		if c.Text != "" {
			s.ready.Cells = append(s.ready.Cells, c)
		}
	}
	s.isRow = true
}

// superscript raises digits, so that a footnote's sign does not become a part
// of the number before it.
func superscript(text string) string {
	return strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(text)
}
