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

// xml2003 is a workbook in the XML of Excel 2003 (SpreadsheetML), which is
// read from its start for each sheet.
type xml2003 struct {
	text    []byte
	limits  Limits
	sheets  []Sheet
	ends    [][2]int          // of the sheets in the text
	formats map[string]format // by style
}

const spreadsheetML = "urn:schemas-microsoft-com:office:spreadsheet"

func isXML2003(text []byte) bool {
	head := text[:min(len(text), 4096)]
	return bytes.Contains(head, []byte(spreadsheetML)) && bytes.Contains(head, []byte("<Workbook"))
}

func openXML2003(ctx context.Context, text []byte, limits Limits) (*xml2003, error) {
	x := &xml2003{text: text, limits: limits, formats: map[string]format{}}
	const most = 1 << 16 // styles; spreadsheet programs allow fewer
	r, style := x.reader(ctx, text), ""
	for {
		token, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if n := len(x.ends); n > 0 {
			x.ends[n-1][1] = int(r.InputOffset())
		}
		e, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "Style":
			style = attribute(e, "ID")
		case e.Name.Local == "NumberFormat" && len(x.formats) < most:
			x.formats[style] = parseFormat(attribute(e, "Format"))
		case e.Name.Local == "Worksheet" && len(x.sheets) < most:
			x.sheets = append(x.sheets, Sheet{Name: attribute(e, "Name")})
			x.ends = append(x.ends, [2]int{int(r.InputOffset()), int(r.InputOffset())})
		case e.Name.Local == "Visible" && len(x.sheets) > 0:
			state, err := r.text()
			if err != nil {
				return nil, err
			}
			x.sheets[len(x.sheets)-1].Hidden = strings.HasPrefix(state, "SheetHidden") || strings.HasPrefix(state, "SheetVeryHidden")
		}
	}
	if len(x.sheets) == 0 {
		return nil, damaged("XML: no sheet")
	}
	return x, nil
}

func (x *xml2003) reader(ctx context.Context, text []byte) *xmlReader {
	r := newXMLReader(ctx, bytes.NewReader(text), "XML", x.limits.Token)
	r.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // decoded before
	return r
}

// Sheets implements Book.
func (x *xml2003) Sheets() []Sheet { return x.sheets }

// Size implements Book.
func (x *xml2003) Size(sheet int) int { return x.ends[sheet][1] - x.ends[sheet][0] }

// Rows implements Book.
func (x *xml2003) Rows(ctx context.Context, sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		s := &sheet2003{xml2003: x, hidden: map[int]bool{}, xml: x.reader(ctx, x.text[x.ends[sheet][0]:x.ends[sheet][1]])}
		if err := s.rows(func(r Row) bool { return yield(r, nil) }); err != nil && ctx.Err() == nil {
			yield(Row{}, err)
		}
	}
}

type sheet2003 struct {
	*xml2003
	xml    *xmlReader
	hidden map[int]bool // columns, from 1
	row    Row
}

func (s *sheet2003) rows(yield func(Row) bool) error {
	for column := 0; ; {
		token, err := s.xml.next()
		if err != nil {
			return s.xml.cut(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "Column" {
				if column, err = s.readColumn(e, column+1); err != nil {
					return err
				}
			}
			if e.Name.Local != "Row" {
				continue
			}
			if err := s.readRow(e); err != nil {
				return err
			}
			if len(s.row.Cells) > 0 && !yield(s.row) {
				return nil
			}
		case xml.EndElement:
			if e.Name.Local == "Worksheet" {
				return nil
			}
		}
	}
}

// readColumn reads what is said of some columns and gives the last of them.
func (s *sheet2003) readColumn(e xml.StartElement, next int) (last int, err error) {
	first, err := s.position(e, next)
	if err != nil {
		return 0, err
	}
	more, _ := strconv.Atoi(attribute(e, "Span"))
	last = min(first+max(more, 0), mostCols)
	for col := first; isTrue(attribute(e, "Hidden")) && col <= last; col++ {
		s.hidden[col] = true
	}
	return max(first, last), nil
}

// position is an Index attribute, which counts from 1 and only upwards.
func (s *sheet2003) position(e xml.StartElement, next int) (int, error) {
	text := attribute(e, "Index")
	if text == "" {
		return next, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < next || n > mostRows {
		return 0, damaged("XML: Index " + strconv.Quote(clip(text)))
	}
	return n, nil
}

func (s *sheet2003) readRow(e xml.StartElement) error {
	number, err := s.position(e, s.row.Number+1)
	if err != nil {
		return err
	}
	if number > mostRows {
		return beyondSheet(number, 0)
	}
	row := Row{Number: number, Cells: s.row.Cells[:0], Hidden: isTrue(attribute(e, "Hidden"))}
	size := 0
	for next := 1; ; {
		token, err := s.xml.next()
		if err != nil {
			return s.xml.cut(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local != "Cell" {
				continue
			}
			cell, err := s.readCell(e, next, number)
			if err != nil {
				return err
			}
			next = cell.Col + 1 + max(cell.Cols, 1)
			if size += len(cell.Text); size > s.limits.Token {
				return tooMuchText(s.limits.Token)
			}
			if cell.Text != "" {
				row.Cells = append(row.Cells, cell)
			}
		case xml.EndElement:
			if e.Name.Local == "Row" {
				row.End = int(s.xml.InputOffset())
				s.row = row
				return nil
			}
		}
	}
}

func (s *sheet2003) readCell(e xml.StartElement, next, row int) (Cell, error) {
	position, err := s.position(e, next)
	if err != nil {
		return Cell{}, err
	}
	across, _ := strconv.Atoi(attribute(e, "MergeAcross"))
	down, _ := strconv.Atoi(attribute(e, "MergeDown"))
	cell := Cell{Col: position - 1, Hidden: s.hidden[position], Rows: 1 + min(max(down, 0), mostRows-row), Cols: 1 + min(max(across, 0), mostCols)}
	if cell.Col+cell.Cols > mostCols {
		return cell, beyondSheet(row, cell.Col)
	}
	formula, style := attribute(e, "Formula"), attribute(e, "StyleID")
	for {
		token, err := s.xml.next()
		if err != nil {
			return cell, s.xml.cut(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			text, err := s.xml.text()
			if err != nil {
				return cell, err
			}
			if e.Name.Local == "Data" {
				cell.Text = s.shown(attribute(e, "Type"), text, s.formats[style])
				formula = ""
			}
		case xml.EndElement:
			if e.Name.Local == "Cell" {
				if formula != "" {
					cell.Text = formula
				}
				return cell, nil
			}
		}
	}
}

func (s *sheet2003) shown(kind, text string, f format) string {
	switch kind {
	case "Number":
		if v, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
			return f.show(v, false)
		}
	case "Boolean":
		return boolean(strings.TrimSpace(text) != "0")
	case "DateTime":
		return showDateTime(text, f)
	}
	return text
}

// showDateTime cuts 2024-01-31T00:00:00.000 to what the format shows.
func showDateTime(text string, f format) string {
	day, clock, _ := strings.Cut(text, "T")
	switch {
	case len(day) != len("2006-01-02"):
		return text
	case f.clock && strings.Trim(clock, "0:.") != "":
		return day + " " + clock
	case f.year && !f.month:
		return day[:4]
	case f.month && !f.day:
		return day[:7]
	}
	return day
}
