package export

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// workbook is an xlsx file in the making, in one language.
type workbook struct {
	file   *excelize.File
	lang   indicator.Lang
	sheets map[string]bool // names taken, in lower case
	styles map[string]int
}

func newWorkbook(lang indicator.Lang) *workbook {
	f := excelize.NewFile()
	f.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return &steadyZip{out: w} })
	return &workbook{file: f, lang: lang, sheets: map[string]bool{}, styles: map[string]int{}}
}

func (b *workbook) say(zh, en string) string { return indicator.T(zh, en).In(b.lang) }

// addSheet makes a sheet with a name like the given one and tells its name.
func (b *workbook) addSheet(like string) (string, error) {
	name := sheetName(like, "")
	for n := 2; b.sheets[strings.ToLower(name)]; n++ {
		name = sheetName(like, fmt.Sprintf(" (%d)", n))
	}
	first := len(b.sheets) == 0
	b.sheets[strings.ToLower(name)] = true
	if first {
		return name, b.file.SetSheetName("Sheet1", name)
	}
	_, err := b.file.NewSheet(name)
	return name, err
}

// sheetName is a text as the name of a sheet: 31 UTF-16 units at most, without
// the signs that Excel forbids, the suffix whole.
func sheetName(s, suffix string) string {
	const most = 31
	s = strings.Trim(strings.NewReplacer(":", " ", "\\", " ", "/", " ", "?", " ", "*", " ", "[", "(", "]", ")").Replace(s), " '")
	units, left := 0, most-len(suffix)
	for i, r := range s {
		if units += utf16.RuneLen(r); units > left {
			s = strings.TrimRight(s[:i], " '")
			break
		}
	}
	if s == "" {
		s = "-"
	}
	return s + suffix
}

// The looks of cells.
const (
	lookTitle = "title"
	lookHead  = "head"
	lookText  = "text"
	lookWrap  = "wrap"
	lookEntry = "entry" // a cell to fill in
	lookLine  = "line"  // a line of a list that is printed; numbers keep off the text behind them
)

// style is the look of a cell, with the places of a number (−1: no number).
func (b *workbook) style(look string, decimals int) (int, error) {
	key := fmt.Sprint(look, decimals)
	if id, ok := b.styles[key]; ok {
		return id, nil
	}
	s := &excelize.Style{Font: &excelize.Font{Family: "Microsoft YaHei", Size: 10}, Alignment: &excelize.Alignment{Vertical: "top"}}
	switch look {
	case lookTitle:
		s.Font.Bold = true
	case lookHead:
		s.Font.Bold = true
		s.Alignment.WrapText = true
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EDF2"}}
		s.Border = []excelize.Border{{Type: "bottom", Style: 1, Color: "1F4E79"}}
	case lookWrap:
		s.Alignment.WrapText = true
	case lookLine:
		s.Alignment.WrapText = true
		s.Border = []excelize.Border{{Type: "bottom", Style: 1, Color: "D6DCE2"}}
		if decimals >= 0 {
			s.Alignment.Horizontal, s.Alignment.Indent = "right", 1
		}
	case lookEntry:
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF9E5"}}
		s.Border = []excelize.Border{{Type: "bottom", Style: 4, Color: "C4CCD4"}}
	}
	if decimals >= 0 {
		format := "#,##0"
		if decimals > 0 {
			format += "." + strings.Repeat("0", decimals)
		}
		s.CustomNumFmt = &format
	}
	id, err := b.file.NewStyle(s)
	b.styles[key] = id
	return id, err
}

// finish writes the file and removes what it kept on the disk meanwhile.
func (b *workbook) finish(w io.Writer) error {
	b.file.SetActiveSheet(0)
	return b.file.Write(w)
}

func (b *workbook) close() { _ = b.file.Close() }

// unitInHead is a head with the unit behind it: 数值（亿元）.
func (b *workbook) unitInHead(head, unit string) string { return unitInHead(head, unit, b.lang) }

func unitInHead(head, unit string, lang indicator.Lang) string {
	if unit == "" {
		return head
	}
	name := indicator.UnitName(unit, lang)
	return head + indicator.T("（"+name+"）", " ("+name+")").In(lang)
}
