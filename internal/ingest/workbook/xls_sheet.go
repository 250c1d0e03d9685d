package workbook

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
)

// sheetIndex is where the cells of a sheet stand in the stream, by row and
// column: writers other than Excel put them in any order.
type sheetIndex struct {
	cells      []cellRecord
	merges     map[[2]int]span
	calculated bool // some formula has a result
	hiddenRows map[int]bool
	hiddenCols map[int]bool
	told       int // of how many columns it was said whether they are hidden
}

// cellRecord is one record with a cell, or with several of one row.
type cellRecord struct {
	row, col uint16
	at       int32
}

// Rows implements Book.
func (x *xls) Rows(ctx context.Context, sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := x.indexSheet(ctx, sheet); err != nil {
			if ctx.Err() == nil {
				yield(Row{}, err)
			}
			return
		}
		row, size := Row{}, 0
		for i, c := range x.index.cells {
			if number := int(c.row) + 1; number != row.Number {
				if len(row.Cells) > 0 && !yield(row, nil) || i%1024 == 0 && ctx.Err() != nil {
					return
				}
				row, size = Row{Number: number, Cells: row.Cells[:0], Hidden: x.index.hiddenRows[int(c.row)]}, 0
			}
			before := len(row.Cells)
			row.End = i + 1
			var err error
			row.Cells, err = x.appendCells(row.Cells, c)
			for _, cell := range row.Cells[min(before, len(row.Cells)):] {
				if size += len(cell.Text); size > x.limits.Token {
					err = tooMuchText(x.limits.Token)
				}
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
		}
		if len(row.Cells) > 0 {
			yield(row, nil)
		}
	}
}

// Size implements Book.
func (x *xls) Size(sheet int) int {
	if x.indexed != sheet {
		return 0
	}
	return len(x.index.cells)
}

// indexSheet goes once over the records of a sheet.
func (x *xls) indexSheet(ctx context.Context, sheet int) error {
	if x.indexed == sheet {
		return nil
	}
	x.indexed, x.index = -1, sheetIndex{merges: map[[2]int]span{}, hiddenRows: map[int]bool{}, hiddenCols: map[int]bool{}}
	r, ok := recordAt(x.stream, x.starts[sheet])
	if !ok || r.kind != recBOF {
		return damaged("BIFF: sheet " + x.sheets[sheet].Name)
	}
	sorted := true
	for depth, n := 1, 0; depth > 0; n++ {
		if r, ok = recordAt(x.stream, r.next); !ok {
			return damaged("BIFF: end of the sheet " + x.sheets[sheet].Name)
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch r.kind {
		case recBOF: // a chart in the sheet
			if depth++; depth > 3 {
				return damaged("BIFF: parts in parts")
			}
		case recEOF:
			depth--
		case recMergeCells:
			if depth == 1 {
				x.index.addMerges(r.body)
			}
		case recRow, recColInfo:
			if depth == 1 {
				x.index.hide(r)
			}
		case recFormula, recFormula | 0x200, recFormula4, recMulRK, recRString, recLabelSST, recNumber, recLabel, recBoolErr, recRK:
			if depth > 1 {
				continue
			}
			if len(r.body) < 6 {
				return damaged("BIFF: cell")
			}
			if isFormula(r.kind) && !hasNoResult(r.body) {
				x.index.calculated = true
			}
			c := cellRecord{uint16(le16(r.body)), uint16(le16(r.body[2:])), int32(r.at)}
			if n := len(x.index.cells); n > 0 && compareCells(x.index.cells[n-1], c) > 0 {
				sorted = false
			}
			x.index.cells = append(x.index.cells, c)
		}
	}
	if !sorted {
		slices.SortStableFunc(x.index.cells, compareCells)
	}
	x.indexed = sheet
	return nil
}

func compareCells(a, b cellRecord) int {
	return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col))
}

func (s *sheetIndex) addMerges(b []byte) {
	if len(b) < 2 {
		return
	}
	for b = b[2:]; len(b) >= 8 && len(s.merges) < mostMerges; b = b[8:] {
		first, last, left, right := le16(b), le16(b[2:]), le16(b[4:]), le16(b[6:])
		if last >= first && right >= left && right < mostCols {
			s.merges[[2]int{first + 1, left}] = span{last - first + 1, right - left + 1}
		}
	}
}

// hide takes from the record of a row or of columns that they are hidden.
func (s *sheetIndex) hide(r record) {
	const rowHidden, colHidden = 0x20, 1
	b := r.body
	switch {
	case r.kind == recRow && len(b) >= 14 && le16(b[12:])&rowHidden != 0:
		s.hiddenRows[le16(b)] = true
	case r.kind == recColInfo && len(b) >= 10 && le16(b[8:])&colHidden != 0:
		for ; s.told <= min(le16(b[2:]), mostCols-1); s.told++ { // each once, however often it is said
			s.hiddenCols[s.told] = s.told >= le16(b)
		}
	}
}

// appendCells decodes the cells of a record that hold something.
func (x *xls) appendCells(cells []Cell, c cellRecord) ([]Cell, error) {
	r, _ := recordAt(x.stream, int(c.at))
	if r.kind == recMulRK {
		const pair = 6
		col := int(c.col)
		for b := r.body[4:]; len(b) >= pair+2; b, col = b[pair:], col+1 {
			var err error
			cells, err = x.appendCell(cells, c.row, col, x.show(rkNumber(le32(b[2:])), le16(b)))
			if err != nil {
				return nil, err
			}
		}
		return cells, nil
	}
	text, ok := x.cellText(r)
	if !ok {
		return nil, damaged("BIFF: cell")
	}
	return x.appendCell(cells, c.row, int(c.col), text)
}

func (x *xls) appendCell(cells []Cell, row uint16, col int, text string) ([]Cell, error) {
	if text == "" {
		return cells, nil
	}
	if col >= mostCols || len(cells) > 0 && cells[len(cells)-1].Col >= col {
		return nil, damaged("BIFF: two cells in one place")
	}
	merge := x.index.merges[[2]int{int(row) + 1, col}]
	return append(cells, Cell{Col: col, Text: text, Rows: merge.rows, Cols: merge.cols, Hidden: x.index.hiddenCols[col]}), nil
}

// cellText is what a record with one cell shows.
func (x *xls) cellText(r record) (text string, ok bool) {
	b := r.body[6:]
	xf := le16(r.body[4:])
	switch r.kind {
	case recLabelSST:
		if len(b) < 4 || uint64(le32(b)) >= uint64(len(x.shared)) {
			return "", false
		}
		return x.shared[le32(b)], true
	case recLabel, recRString:
		return x.text(b, true)
	case recNumber:
		if len(b) < 8 {
			return "", false
		}
		return x.show(float(b), xf), true
	case recRK:
		if len(b) < 4 {
			return "", false
		}
		return x.show(rkNumber(le32(b)), xf), true
	case recBoolErr:
		if len(b) < 2 {
			return "", false
		}
		if b[1] != 0 {
			return errorName(b[0]), true
		}
		return boolean(b[0] != 0), true
	}
	return x.formulaText(r, b, xf)
}

func isFormula(kind int) bool { return kind&^0x600 == recFormula }

// hasNoResult reports a formula as programs write it that calculate none: with
// the empty text as its result or, to be calculated when the book is opened, with
// zero. Both may be a result too, so it says something of all formulas only.
func hasNoResult(body []byte) bool {
	const result, options, openOnly = 6, 14, 2
	if len(body) < options+2 {
		return false
	}
	value := body[result:options]
	return le16(value[6:]) == 0xffff && value[0] == 3 || float(value) == 0 && le16(body[options:]) == openOnly
}

func (x *xls) formulaText(r record, b []byte, xf int) (string, bool) {
	if len(b) < 8 {
		return "", false
	}
	if !x.engine && !x.index.calculated {
		return "=", true // as of xlsx: a formula that was never calculated
	}
	if le16(b[6:]) != 0xffff {
		return x.show(float(b), xf), true
	}
	switch b[0] {
	case 0:
		return x.formulaString(r)
	case 1:
		return boolean(b[2] != 0), true
	case 2:
		return errorName(b[2]), true
	}
	return "", true
}

// formulaString reads the record with the text that a formula gave. Records of
// shared formulas may stand between.
func (x *xls) formulaString(r record) (string, bool) {
	const between = 3
	for range between {
		next, ok := recordAt(x.stream, r.next)
		if !ok {
			return "", false
		}
		if r = next; r.kind != recString {
			continue
		}
		if !x.biff8 {
			return x.text(r.body, true)
		}
		p := parts{continued(x.stream, r)}
		return p.rich(2, x.raised)
	}
	return "", false
}

func (x *xls) show(v float64, xf int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return errorName(0x24)
	}
	if xf < len(x.formats) {
		return x.formats[xf].show(v, x.epoch1904)
	}
	return number(v)
}

func float(b []byte) float64 {
	return math.Float64frombits(uint64(le32(b)) | uint64(le32(b[4:]))<<32)
}
