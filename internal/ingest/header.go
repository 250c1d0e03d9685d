package ingest

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// mostHeaderRows is how many rows a header may have, spans and units among them.
const mostHeaderRows = 4

// headColumn is what all header rows say about one column.
type headColumn struct {
	headCell
	at     place // of the lowest cell that is not blank
	unread bool  // some of it was not understood
	said   bool  // the person says what the column is
}

// readColumns reads the header rows of a table column by column. A cell of an
// upper row spans the blank ones to its right that have something below them.
// ok is false where the lower rows cannot belong to a header and the person does
// not say that they do.
func (n *names) readColumns(rows []row, said bool) (columns []headColumn, ok bool) {
	width := 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	cells := make([][]headCell, len(rows))
	labels := make([]bool, width) // columns that a word such as 地区 names
	for i, r := range rows {
		cells[i] = make([]headCell, width)
		for col := range r.cells {
			cells[i][col] = n.readHead(r.cells[col])
			labels[col] = labels[col] || axisOf(cells[i][col].role) != 0 || cells[i][col].corner != nil
		}
	}
	for i := 1; i < len(rows); i++ {
		if !isColumnNumbers(rows[i]) && !continues(cells[:i], rows[i], cells[i], labels) && !said {
			return nil, false
		}
	}
	columns = make([]headColumn, width)
	for i := range rows {
		if i > 0 && isColumnNumbers(rows[i]) {
			continue
		}
		span, merged := headCell{}, rows[i].hasWideMerge()
		for col := range width {
			c := cells[i][col]
			switch {
			case merged && c.isBlank(): // the file itself says how far a cell spans
				span = n.readHead(rows[i].shared(col))
			case !c.isBlank():
				span = c
				columns[col].at = place{rows[i].number, col}
			case labels[col] || !anyHead(cells[i+1:], col) || anyHead(cells[:i], col):
				span = headCell{}
			}
			if c.isBlank() {
				c = span
			}
			n.stack(&columns[col], c)
		}
	}
	return columns, true
}

// hasWideMerge reports a cell that is merged over several columns of this row.
func (r row) hasWideMerge() bool {
	for _, s := range r.merged {
		if s.from < s.to {
			return true
		}
	}
	return false
}

func anyHead(rows [][]headCell, col int) bool {
	for _, cells := range rows {
		if !cells[col].isBlank() {
			return true
		}
	}
	return false
}

// continues reports whether a row can be a lower row of a header: it names
// things or units, holds no numbers but years, and leaves the columns with the
// labels of the rows alone.
func continues(above [][]headCell, r row, cells []headCell, labels []bool) bool {
	known, named := 0, slices.Contains(labels, true)
	for col, c := range cells {
		if c.isBlank() {
			continue
		}
		if c.unknown {
			if _, _, k := readNumber(r.at(col)); k != isText || labels[col] && !translates(above, col, c.text) {
				return false
			}
			if named { // text beside a blank label is no data
				known++
			}
			continue
		}
		if labels[col] && c.role == "" && c.corner == nil {
			return false
		}
		if labels[col] && c.role == RoleUnit { // 单位 │ │ 亿元 │ %: the row of units
			cells[col] = headCell{}
		}
		known++
	}
	return known > 0
}

// translates reports an English text below a Chinese one.
func translates(above [][]headCell, col int, text string) bool {
	chinese := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	for _, cells := range above {
		if strings.ContainsFunc(cells[col].text, chinese) {
			return isLatin(text)
		}
	}
	return false
}

// isColumnNumbers reports the row 甲 1 2 3 of an official form.
func isColumnNumbers(r row) bool {
	next, seen := 1, false
	for _, text := range r.cells {
		key := squash(text)
		switch {
		case key == "":
		case strings.Contains("甲乙丙丁", key):
			seen = true
		case key == strconv.Itoa(next) || key == "("+strconv.Itoa(next)+")":
			next++
		default:
			return false
		}
	}
	return seen
}

func isLatin(text string) bool {
	for _, r := range text {
		if r > 0x2fff {
			return false
		}
	}
	return strings.ContainsFunc(text, func(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' })
}

// stack adds a cell below what a column says so far. Two cells that say
// different things about one axis leave the column unread.
func (n *names) stack(col *headColumn, c headCell) {
	if c.isBlank() {
		return
	}
	above := col.text
	if above == c.text {
		return
	}
	col.text = strings.TrimSpace(above + " " + c.text)
	if joined := (headCell{}); above != "" && (c.growth || c.unknown || col.unknown) {
		if n.readLabel(&joined, strings.ReplaceAll(col.text, " ", "")) || n.indicatorOf(&joined, col.text) {
			if joined.indicator.indicator != nil {
				col.indicator, col.unread, col.unknown, col.growth = joined.indicator, false, false, false
				return
			}
		}
	}
	if c.unknown && above != "" && !col.unknown && isLatin(c.text) {
		return // the English of what stands above
	}
	col.unknown = col.unknown || c.unknown
	col.unread = col.unread || c.unknown || n.clash(col, c)
	if col.role == "" {
		col.role = c.role
	}
	merge(&col.headCell, c)
}

// indicatorOf reads 规模以上工业增加值 over 同比增长(%) as one name.
func (n *names) indicatorOf(h *headCell, text string) bool {
	label := text
	if before, unit, ok := n.cutUnit(label); ok {
		label, h.unit = before, strings.Clone(unit)
	}
	ids := n.indicatorIDs(strings.ReplaceAll(label, " ", ""))
	if len(ids) != 1 {
		return false
	}
	h.indicator = indicatorRead{id: ids[0], indicator: &n.catalog.Indicators[ids[0]]}
	return true
}

// clash reports that a cell contradicts what stands above it.
func (n *names) clash(col *headColumn, c headCell) bool {
	switch {
	case col.role != "" && c.role != "" && col.role != c.role:
		return true
	case axisOf(col.role) != 0 && c.axes() != 0 || axisOf(c.role) != 0 && col.axes() != 0:
		return true
	case !col.period.IsZero() && !c.period.IsZero() && col.period != c.period && !liesIn(col.period, c.period):
		return true
	case col.part != "" && c.part != "" && col.part != c.part:
		return true
	case col.indicator.indicator != nil && c.indicator.indicator != nil && col.indicator.id != c.indicator.id:
		return true
	case col.unit != "" && c.unit != "" && !sameUnit(col.unit, c.unit):
		return true
	case col.region.region != nil && c.region.region != nil && col.region.id != c.region.id:
		return !n.catalog.Contains(col.region.region.Code, c.region.region.Code)
	}
	return false
}

// merge adds what a cell says to what stands above it.
func merge(h *headCell, c headCell) {
	if !c.period.IsZero() {
		h.period = c.period
	}
	if c.part != "" {
		h.part = c.part
	}
	if c.region.region != nil || c.region.fault != nil {
		h.region = c.region
	}
	if c.indicator.indicator != nil || c.indicator.fault != nil {
		h.indicator = c.indicator
	}
	if c.unit != "" {
		h.unit = c.unit
	}
	if c.status != "" {
		h.status = c.status
	}
	if c.corner != nil {
		h.corner = c.corner
	}
	h.growth, h.toDate = h.growth || c.growth, h.toDate || c.toDate
}
