package export_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// grid are rows from the first on.
func grid(rows ...[]string) func(func(export.AnnotatedRow) bool) {
	return func(yield func(export.AnnotatedRow) bool) {
		for i, cells := range rows {
			if !yield(export.AnnotatedRow{Number: i + 1, Cells: cells}) {
				return
			}
		}
	}
}

func annotated(t *testing.T, a export.Annotated) *excelize.File {
	t.Helper()
	var first, second bytes.Buffer
	if a.Headers == nil {
		a.Headers = func(row int) bool { return row == 1 }
	}
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := a.WriteXLSX(b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same file gives other bytes")
	}
	return opened(t, first.Bytes())
}

func fault(cell, code string, severity indicator.Severity) indicator.Problem {
	return indicator.Problem{Cell: cell, Code: code, Severity: severity, Message: indicator.T("请改正 "+cell, "mend "+cell)}
}

// TestAnnotatedCells: numbers where the text is one, texts where it says more,
// and no formula whatever it begins with.
func TestAnnotatedCells(t *testing.T) {
	t.Parallel()
	texts := []string{"1171.7", "2023", "350000", "-0.5", "0", "035", "1.50", "1e3", "350100000000", "1,171.7", "—", "+1", "=1+1", "@SUM(A1)", "-2+3",
		"=HYPERLINK(\"x\")", "福 建", "'x", "-0", "NaN", " 1", "2023年", "\t=1"}
	f := annotated(t, export.Annotated{Lang: indicator.ZH, File: "a.csv", Rows: grid(texts)})
	sheet := f.GetSheetName(0)
	for i, text := range texts {
		at, _ := excelize.CoordinatesToCellName(i+1, 1)
		if got, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true}); err != nil || got != text {
			t.Errorf("%q came back as %q (%v)", text, got, err)
		}
		if formula, err := f.GetCellFormula(sheet, at); err != nil || formula != "" {
			t.Errorf("%q is a formula: %q (%v)", text, formula, err)
		}
		kind, err := f.GetCellType(sheet, at)
		if isText := kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString; err != nil || isText != (i > 4) {
			t.Errorf("%q is of type %v (%v)", text, kind, err)
		}
	}
}

func TestAnnotatedProblems(t *testing.T) {
	t.Parallel()
	problems := []indicator.Problem{
		{Code: "missing_unit", Severity: indicator.SeverityError, Message: indicator.T("没有单位", "no unit")},
		fault("B2", "not_a_number", indicator.SeverityError), fault("B2", "outlier", indicator.SeverityQuery),
		fault("D3", "mark", indicator.SeverityNote), fault("readings[3].value", "x", indicator.SeverityError),
	}
	f := annotated(t, export.Annotated{Lang: indicator.EN, File: "1.csv", Sheet: "O'Neil [2]", Problems: problems,
		Rows: grid([]string{"region", "2023"}, []string{"福建", "many"}, []string{"北京", "1"})})
	if got := f.GetSheetList(); !slices.Equal(got, []string{"O'Neil (2)", "Problems"}) {
		t.Fatalf("sheets %q", got)
	}
	sheet := f.GetSheetName(0)
	comments, err := f.GetComments(sheet)
	if err != nil || len(comments) != 2 {
		t.Fatalf("comments %+v, %v", comments, err)
	}
	for i, want := range []string{"B2 error [not_a_number] mend B2\nquery [outlier] mend B2", "D3 note [mark] mend D3"} {
		text := comments[i].Text
		for _, run := range comments[i].Paragraph {
			text += run.Text
		}
		if got := comments[i].Cell + " " + text; got != want {
			t.Errorf("comment %q, want %q", got, want)
		}
	}
	fills := map[string]string{"B2": "F8C7C4", "D3": "DCE9F5", "A2": ""}
	for at, want := range fills {
		id, err := f.GetCellStyle(sheet, at)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil || strings.Join(style.Fill.Color, "") != want {
			t.Errorf("%s is filled %v (%v)", at, style.Fill.Color, err)
		}
	}
	var listed []string
	rows := sheetRows(t, f, "Problems", true)
	for i, row := range rows {
		if len(row) < 4 {
			continue
		}
		_, link, err := f.GetCellHyperLink("Problems", fmt.Sprintf("A%d", i+1))
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, strings.Join(row, "|")+" "+link)
	}
	want := []string{"Where|Kind|Code|What, and what to do ", "the whole file|error|missing_unit|no unit ",
		"B2|error|not_a_number|mend B2 'O''Neil (2)'!B2", "B2|query|outlier|mend B2 'O''Neil (2)'!B2",
		"D3|note|mark|mend D3 'O''Neil (2)'!D3", "readings[3].value|error|x|mend readings[3].value "}
	if !slices.Equal(listed, want) {
		t.Errorf("listed\n%s\nwant\n%s", strings.Join(listed, "\n"), strings.Join(want, "\n"))
	}
	if !strings.Contains(rows[2][0], "errors of the file itself") {
		t.Errorf("nothing is said of the whole file: %q", rows[2])
	}
}

// TestAnnotatedOfLargeTable: only what there is to mend is written, at its place.
func TestAnnotatedOfLargeTable(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"region", "2023"}}
	for i := range 99 {
		rows = append(rows, []string{"福建", fmt.Sprint(i)})
	}
	a := export.Annotated{Lang: indicator.ZH, File: "a.csv", Rows: grid(rows...), MaxCells: 200, Problems: []indicator.Problem{
		fault("B50", "x", indicator.SeverityError)}}
	if got := sheetRows(t, annotated(t, a), "数据", true); len(got) != 100 {
		t.Errorf("at the limit: %d rows", len(got))
	}
	a.MaxCells = 199
	f := annotated(t, a)
	got := sheetRows(t, f, "数据", true)
	if len(got) != 50 || len(got[0]) != 2 || len(got[1]) != 0 || got[49][1] != "48" {
		t.Errorf("beyond the limit: %d rows, %q", len(got), got)
	}
	if said := sheetRows(t, f, "问题", true)[2][0]; !strings.Contains(said, "超过 199 个单元格") {
		t.Errorf("said %q", said)
	}
}

// TestAnnotatedOfVeryManyProblems: comments have an end, colours and list go on.
func TestAnnotatedOfVeryManyProblems(t *testing.T) {
	t.Parallel()
	rows, problems := [][]string{{"region", "2023"}}, []indicator.Problem{}
	for i := range 6_000 {
		rows = append(rows, []string{"福建", "x"})
		problems = append(problems, fault(fmt.Sprintf("B%d", i+2), "not_a_number", indicator.SeverityError))
	}
	var b bytes.Buffer
	a := export.Annotated{Lang: indicator.ZH, File: "a.csv", Rows: grid(rows...), Problems: problems, Headers: func(int) bool { return false }}
	if err := a.WriteXLSX(&b); err != nil {
		t.Fatal(err)
	}
	f := opened(t, b.Bytes())
	comments, err := f.GetComments("数据")
	if err != nil || len(comments) != 2000 {
		t.Errorf("%d comments, %v", len(comments), err)
	}
	listed := sheetRows(t, f, "问题", true)
	if n := len(listed); n < 5_000 || n > 5_020 {
		t.Errorf("%d lines in the list", n)
	}
	said := fmt.Sprint(listed[:8])
	if !strings.Contains(said, "另有 1000 处") || !strings.Contains(said, "前 2000 个单元格") {
		t.Errorf("said %s", said)
	}
}
