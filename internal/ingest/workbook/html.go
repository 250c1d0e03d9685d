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

// page is a web page with tables. It is read from its start for each of them,
// without a tree of it in memory.
type page struct {
	text   []byte
	limits Limits
	sheets []Sheet
}

// mostTables are told apart in one page.
const mostTables = 10_000

func openHTML(ctx context.Context, text []byte, limits Limits) (*page, error) {
	p := &page{text: text, limits: limits}
	s := p.scan(ctx, -1)
	for {
		_, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if s.tables == 0 {
		return nil, refuse(CodeUnsupported,
			"文件是网页或 XML，其中没有表格。在表格软件中打开，另存为 xlsx 或 CSV（UTF-8）后重新上传。",
			"The file is a web page or XML without a table. Open it in a spreadsheet program, save it as xlsx or CSV (UTF-8) and upload that.")
	}
	for i := range s.tables {
		p.sheets = append(p.sheets, Sheet{Name: strconv.Itoa(i + 1)})
	}
	return p, nil
}

// Sheets implements Book. Tables are named by their number.
func (p *page) Sheets() []Sheet { return p.sheets }

// Size implements Book.
func (p *page) Size(int) int { return len(p.text) }

// Rows implements Book.
func (p *page) Rows(ctx context.Context, sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		s := p.scan(ctx, sheet)
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

// pageScan goes through a page and gathers the rows of one table.
type pageScan struct {
	ctx    context.Context
	tokens *html.Tokenizer
	limits Limits
	want   int
	tables int   // begun
	open   []int // tables that are not closed, the innermost last
	read   int   // bytes
	ready  Row   // a row that is complete
	isRow  bool

	row     Row
	inRow   bool
	inCell  bool
	text    strings.Builder
	stored  string // number of the cell beside what it shows
	raised  int    // depth of superscripts
	silent  int    // depth of scripts and styles
	blocked []int  // by column: the last row that a cell from above reaches down to
}

func (p *page) scan(ctx context.Context, want int) *pageScan {
	s := &pageScan{ctx: ctx, tokens: html.NewTokenizer(bytes.NewReader(p.text)), limits: p.limits, want: want}
	s.tokens.SetMaxBuf(p.limits.Token)
	return s
}

// next is the next row of the table, io.EOF at the end of the page.
func (s *pageScan) next() (Row, error) {
	for n := 0; ; n++ {
		if n%1024 == 0 && s.ctx.Err() != nil {
			return Row{}, s.ctx.Err()
		}
		kind := s.tokens.Next()
		s.read += len(s.tokens.Raw())
		var err error
		switch kind {
		case html.ErrorToken:
			if errors.Is(s.tokens.Err(), html.ErrBufferExceeded) {
				return Row{}, tooMuchText(s.limits.Token)
			}
			if s.endRow(); s.isRow { // a table that is never closed
				s.isRow = false
				return s.ready, nil
			}
			return Row{}, io.EOF
		case html.TextToken:
			err = s.addText()
		case html.StartTagToken, html.SelfClosingTagToken:
			err = s.start(kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			s.end()
		}
		if err != nil {
			return Row{}, err
		}
		if s.isRow {
			s.isRow = false
			return s.ready, nil
		}
	}
}

// isInside reports that the innermost table is the one that is read.
func (s *pageScan) isInside() bool {
	return len(s.open) > 0 && s.open[len(s.open)-1] == s.want
}

func (s *pageScan) start(closed bool) error {
	name, more := s.tokens.TagName()
	tag := atom.Lookup(name)
	if tag == atom.Table {
		if s.tables == mostTables {
			return refuse(CodeTooBig, "网页中的表格超过 %[1]d 个的上限。只保留需要的表格后重新上传。",
				"The page holds more than the limit of %[1]d tables. Keep only what is needed and upload it again.", mostTables)
		}
		s.open = append(s.open, s.tables)
		s.tables++
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
		s.row, s.inRow = Row{Number: s.row.Number + 1}, true
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
		s.row, s.inRow = Row{Number: s.row.Number + 1}, true
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
	if tag == atom.Table && len(s.open) > 0 {
		s.open = s.open[:len(s.open)-1]
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
	if s.text.Len()+len(text) > s.limits.Token {
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
// number with fewer decimals, else what is shown: a date is stored as a number too.
func unrounded(shown, stored string) string {
	text, percent := strings.CutSuffix(strings.ReplaceAll(shown, ",", ""), "%")
	rounded, err := strconv.ParseFloat(text, 64)
	v, errStored := strconv.ParseFloat(stored, 64)
	if err != nil || errStored != nil {
		return shown
	}
	_, decimals, _ := strings.Cut(text, ".")
	factor := 1.0
	if percent {
		factor = 100
	}
	if math.Abs(v*factor-rounded) > 0.500001*math.Pow10(-len(decimals)) {
		return shown
	}
	return format{percent: percent}.show(v, false)
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
