package workbook

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

// Rows implements Book.
func (x *xlsx) Rows(ctx context.Context, sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		merges, err := x.mergesOf(ctx, sheet)
		if err == nil {
			err = x.rows(ctx, x.parts[sheet], merges, func(r Row) bool { return yield(r, nil) })
		}
		if err != nil && ctx.Err() == nil {
			yield(Row{}, err)
		}
	}
}

// sheetReader reads the rows of one sheet.
type sheetReader struct {
	*xlsx
	xml    *xmlReader
	merges map[[2]int]span
	hidden [mostCols]bool // columns
	told   int            // of how many it was said whether they are
	row    Row
}

func (x *xlsx) rows(ctx context.Context, part string, merges map[[2]int]span, yield func(Row) bool) error {
	r, err := x.archive.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	s := &sheetReader{xlsx: x, xml: newXMLReader(ctx, r, part, x.limits.Token), merges: merges}
	for {
		token, err := s.xml.next()
		if err != nil {
			return s.xml.cut(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "col" && isTrue(attribute(e, "hidden")) {
				s.hideColumns(e)
			}
			if e.Name.Local != "row" {
				continue
			}
			if err := s.readRow(e); err != nil {
				return err
			}
			if len(s.row.Cells) > 0 && !yield(s.row) {
				return nil
			}
		case xml.EndElement:
			if e.Name.Local == "sheetData" || e.Name.Local == "worksheet" {
				return nil
			}
		}
	}
}

func (s *sheetReader) hideColumns(e xml.StartElement) {
	first, _ := strconv.Atoi(attribute(e, "min"))
	last, _ := strconv.Atoi(attribute(e, "max"))
	for ; s.told < min(last, mostCols); s.told++ { // each once, however often it is said
		s.hidden[s.told] = s.told+1 >= first
	}
}

// readRow reads the cells of a row that was just begun.
func (s *sheetReader) readRow(e xml.StartElement) error {
	number := s.row.Number + 1
	if text := attribute(e, "r"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < number {
			return damaged(s.xml.name + ": row " + strconv.Quote(clip(text)))
		}
		number = n
	}
	if number > mostRows {
		return beyondSheet(number, 0)
	}
	s.row = Row{Number: number, Cells: s.row.Cells[:0], Hidden: isTrue(attribute(e, "hidden"))}
	size := 0
	for next := 0; ; {
		token, err := s.xml.next()
		if err != nil {
			return s.xml.cut(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			cell, err := s.readCell(e, next)
			if err != nil {
				return err
			}
			next = cell.Col + 1
			if size += len(cell.Text); size > s.limits.Token {
				return tooMuchText(s.limits.Token)
			}
			if cell.Text != "" {
				s.row.Cells = append(s.row.Cells, cell)
			}
		case xml.EndElement:
			if e.Name.Local == "row" {
				s.row.End = int(s.xml.InputOffset())
				return nil
			}
		}
	}
}

// readCell reads a cell that was just begun; next is its column where it does
// not say one.
func (s *sheetReader) readCell(e xml.StartElement, next int) (Cell, error) {
	cell := Cell{Col: next}
	if ref := attribute(e, "r"); ref != "" {
		row, col, ok := parseRef(ref)
		if !ok || row != s.row.Number || col < next {
			return cell, damaged(s.xml.name + ": cell " + strconv.Quote(clip(ref)))
		}
		cell.Col = col
	}
	if cell.Col >= mostCols {
		return cell, beyondSheet(s.row.Number, cell.Col)
	}
	kind, style := attribute(e, "t"), attribute(e, "s")
	cell.Hidden = s.hidden[cell.Col]
	parts, err := s.cellParts()
	if err != nil {
		return cell, err
	}
	cell.Text, err = s.shown(kind, style, parts)
	if at, ok := s.merges[[2]int{s.row.Number, cell.Col}]; ok {
		cell.Rows, cell.Cols = at.rows, at.cols
	}
	return cell, err
}

// cellParts is what stands in a cell.
type cellParts struct {
	value, formula, inline string
	hasValue, hasFormula   bool
}

// cellParts reads a cell up to its end.
func (s *sheetReader) cellParts() (cellParts, error) {
	var parts cellParts
	for {
		token, err := s.xml.next()
		if err != nil {
			return parts, s.xml.cut(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			in := ""
			if e.Name.Local == "is" {
				in = "t"
			}
			text, err := s.xml.richText(in)
			if err != nil {
				return parts, err
			}
			switch e.Name.Local {
			case "v":
				parts.value, parts.hasValue = text, true
			case "f":
				parts.formula, parts.hasFormula = strings.TrimPrefix(text, "="), true
			case "is":
				parts.inline = unescape(text)
			}
		case xml.EndElement:
			if e.Name.Local == "c" {
				return parts, nil
			}
		}
	}
}

// shown is the text of a cell by its type.
func (s *sheetReader) shown(kind, style string, parts cellParts) (string, error) {
	value := parts.value
	noResult := value == "" && (kind != "str" || !parts.hasValue) // a result may be the empty text
	if parts.hasFormula && (noResult || s.stale && strings.TrimSpace(value) == "0") {
		return "=" + parts.formula, nil // never calculated
	}
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(s.shared) {
			return "", damaged(s.xml.name + ": text " + strconv.Quote(clip(value)))
		}
		return s.shared[n], nil
	case "inlineStr":
		return parts.inline, nil
	case "str":
		return unescape(value), nil
	case "b":
		if value != "" {
			return boolean(strings.TrimSpace(value) != "0"), nil
		}
	case "e":
		return value, nil
	case "d":
		return showDateTime(value, s.format(style)), nil
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", nil
	}
	if v, err := strconv.ParseFloat(value, 64); err == nil {
		return s.format(style).show(v, s.epoch1904), nil
	}
	return value, nil // of a type that is not known
}

// format is that of a style, no special one where the style is not known.
func (s *sheetReader) format(style string) format {
	n, err := strconv.Atoi(style)
	if err != nil || n < 0 || n >= len(s.formats) {
		return format{}
	}
	return s.formats[n]
}

func boolean(is bool) string {
	if is {
		return "TRUE"
	}
	return "FALSE"
}

// parseRef reads B17 as row 17 and column 1.
func parseRef(ref string) (row, col int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return row, col - 1, err == nil && col > 0 && row > 0 && row <= mostRows
}

// clip shortens a text of the file for a message.
func clip(s string) string {
	const most = 20
	if len(s) > most {
		return s[:most]
	}
	return s
}

// mostMerges are kept of one sheet; a sheet with more is not read.
const mostMerges = 100_000

// mergesOf finds the merged cells, which stand behind the rows. It looks for
// their tags in the bytes: a second pass through the decoder would double the time.
func (x *xlsx) mergesOf(ctx context.Context, sheet int) (map[[2]int]span, error) {
	if x.merged == sheet {
		return x.merges, nil
	}
	r, err := x.archive.open(x.parts[sheet])
	if err != nil {
		return nil, err
	}
	defer r.Close()
	merges := map[[2]int]span{}
	tag := []byte("mergeCell ")
	const longest = 200 // bytes of a tag
	buffer, kept := make([]byte, 64<<10), 0
	for {
		n, err := io.ReadFull(r, buffer[kept:])
		atEnd := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !atEnd {
			return nil, damagedBy(x.parts[sheet], err)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		stretch := buffer[:kept+n]
		whole := len(stretch) - longest
		if atEnd {
			whole = len(stretch)
		}
		from := 0
		for {
			at := bytes.Index(stretch[from:], tag)
			if at < 0 || from+at >= whole {
				break
			}
			from += at + len(tag)
			addMerge(merges, stretch[from:min(from+longest, len(stretch))])
			if len(merges) > mostMerges {
				return nil, refuse(CodeTooBig,
					"工作表中合并的单元格超过 %[1]d 处的上限。取消合并后重新上传。",
					"The sheet has more merged cells than the limit of %[1]d. Unmerge them and upload the file again.", mostMerges)
			}
		}
		if atEnd {
			x.merges, x.merged = merges, sheet
			return merges, nil
		}
		kept = copy(buffer, stretch[max(from, whole):])
	}
}

func damagedBy(part string, err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	return damaged(part + ": " + err.Error())
}

// addMerge reads ref="A1:B2" of a tag whose name was just passed.
func addMerge(merges map[[2]int]span, tag []byte) {
	if end := bytes.IndexByte(tag, '>'); end >= 0 {
		tag = tag[:end]
	}
	_, ref, ok := bytes.Cut(tag, []byte("ref="))
	if !ok || len(ref) == 0 {
		return
	}
	quote := ref[:1]
	ref, _, _ = bytes.Cut(ref[1:], quote)
	first, last, ok := strings.Cut(string(ref), ":")
	row, col, okFirst := parseRef(first)
	lastRow, lastCol, okLast := parseRef(last)
	if ok && okFirst && okLast && lastRow >= row && lastCol >= col && lastCol < mostCols {
		merges[[2]int{row, col}] = span{lastRow - row + 1, lastCol - col + 1}
	}
}
