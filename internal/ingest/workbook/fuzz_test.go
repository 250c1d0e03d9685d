package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// fuzzBook reads a file as far as it goes: whatever it holds, no panic, rows
// and columns upwards and inside a sheet, and no more of them than their limits.
func fuzzBook(t *testing.T, content []byte) {
	limits := Limits{Unpacked: 1 << 20, Entries: 50, Text: 1 << 18, Token: 1 << 16}
	book, kind, err := Open(t.Context(), content, limits)
	if err != nil {
		if refusal := (*Refusal)(nil); !errors.As(err, &refusal) {
			t.Fatalf("%v is no refusal", err)
		}
		return
	}
	if kind == "" || len(book.Sheets()) == 0 {
		t.Fatalf("a book of kind %q with %d sheets", kind, len(book.Sheets()))
	}
	for sheet := range min(len(book.Sheets()), 3) {
		number, end, cells := 0, 0, 0
		for row, err := range book.Rows(t.Context(), sheet) {
			if err != nil {
				if refusal := (*Refusal)(nil); !errors.As(err, &refusal) {
					t.Fatalf("%v is no refusal", err)
				}
				break
			}
			if row.Number <= number || row.Number > mostRows || row.End < end || len(row.Cells) == 0 {
				t.Fatalf("row %d (%d cells) to %d after row %d to %d", row.Number, len(row.Cells), row.End, number, end)
			}
			number, end = row.Number, row.End
			col := -1
			for _, c := range row.Cells {
				if c.Col <= col || c.Col >= mostCols || c.Text == "" || c.Rows > mostRows || c.Cols > mostCols {
					t.Fatalf("row %d: %+v after column %d", row.Number, c, col)
				}
				col = c.Col
			}
			if cells += len(row.Cells); cells > 1<<16 {
				break
			}
		}
		if size := book.Size(sheet); end > size {
			t.Fatalf("%d of %d read", end, size)
		}
	}
}

// seed adds the cases of ingest whose input has one of the endings.
func seed(f *testing.F, endings ...string) {
	f.Helper()
	for _, ending := range endings {
		paths, err := filepath.Glob("../testdata/cases/*/input." + ending)
		if err != nil || len(paths) == 0 {
			f.Fatalf("no cases of %s: %v", ending, err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(content)
		}
	}
}

func FuzzXLSX(f *testing.F) {
	seed(f, "xlsx", "xlsb", "docx")
	f.Fuzz(func(t *testing.T, content []byte) { fuzzBook(t, content) })
}

// FuzzXLSXParts gives the fuzzer the parts themselves: it would not find its
// way through the compression.
func FuzzXLSXParts(f *testing.F) {
	parts := xlsxParts("")
	f.Add(parts[3], parts[5], `<worksheet><sheetData><row r="2"><c r="B2" t="s" s="1"><f>1</f><v>0</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`,
		`<sst><si><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si></sst>`,
		`<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, workbook, relations, sheet, shared, styles string) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, text := range map[string]string{
			"[Content_Types].xml": "", "xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": relations,
			"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared, "xl/styles.xml": styles,
		} {
			part, err := w.CreateHeader(&zip.FileHeader{Name: name})
			if err == nil {
				_, err = part.Write([]byte(text))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		fuzzBook(t, b.Bytes())
	})
}

func FuzzXLS(f *testing.F) {
	seed(f, "xls")
	for how := range 4 {
		f.Add(ole("Workbook", encrypted(f, stream8(), how)))
	}
	f.Fuzz(func(t *testing.T, content []byte) { fuzzBook(t, content) })
}

// FuzzBIFF fuzzes the records without the sectors around them.
func FuzzBIFF(f *testing.F) {
	f.Add(stream8(), false)
	f.Add(biff(0x0500, nil, []string{"S"}, rec(recLabel, at(0, 0, 0), u16(2), []byte("ab"))), true)
	f.Fuzz(func(t *testing.T, stream []byte, old bool) {
		name := "Workbook"
		if old {
			name = "Book"
		}
		if len(stream) == 0 || len(stream) > 1<<16 {
			return
		}
		fuzzBook(t, ole(name, stream))
	})
}

func FuzzMarkup(f *testing.F) {
	seed(f, "htm*", "xml")
	f.Add([]byte(`<table><tr><td rowspan=0 colspan=3>1<sup>2</sup><table><tr><td>3</table><td x:num="1.25">1.3</table>`))
	f.Add([]byte(`<Workbook xmlns="` + spreadsheetML + `"><Worksheet Name="1">`)) // ends where a sheet begins
	f.Fuzz(func(t *testing.T, content []byte) { fuzzBook(t, content) })
}

func FuzzPages(f *testing.F) {
	seed(f, "mht", "xls", "eml")
	f.Fuzz(func(t *testing.T, content []byte) {
		limits := Limits{Unpacked: 1 << 16, Entries: 20}
		pages, err := Pages(content, limits)
		if refusal := (*Refusal)(nil); err != nil && !errors.As(err, &refusal) {
			t.Fatalf("%v is no refusal", err)
		}
		if size := len(bytes.Join(pages, nil)); size > limits.Unpacked || len(pages) > limits.Entries || err == nil && len(pages) == 0 {
			t.Fatalf("%d pages of %d bytes", len(pages), size)
		}
	})
}

func FuzzFormat(f *testing.F) {
	for _, code := range []string{"0.00%", `yyyy"年"m"月"`, "#,##0,", `0!.0000"万"`, "[h]:mm", "General", `_ * #,##0.00_ ;`} {
		f.Add(code, 45292.5)
	}
	f.Fuzz(func(t *testing.T, code string, value float64) {
		if got := parseFormat(code).show(value, false); got == "" {
			t.Errorf("%v in %q is %q", value, code, got)
		}
	})
}
