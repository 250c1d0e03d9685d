package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

func workbook(t *testing.T, o export.XLSXOptions, rows ...export.Row) ([]byte, *excelize.File) {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteXLSX(&b, catalog(), given(rows...), o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), opened(t, b.Bytes())
}

func opened(t *testing.T, content []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func sheetRows(t *testing.T, f *excelize.File, sheet string, raw bool) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: raw})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func sample(t *testing.T) []export.Row {
	rows := []export.Row{
		row("industry_growth", "350000", period(t, "2024-01/P9M"), -3.25, indicator.Provisional),
		row("rd_spend", "000000", indicator.Year(2023), 33357.1, indicator.Normal),
		row("rd_spend", "350000", indicator.Year(2022), 0, indicator.Missing),
		row("rd_spend", "350000", indicator.Year(2023), 1171.75, indicator.Normal),
		row("tfp", "350000", indicator.Year(2023), 1, indicator.Estimated),
	}
	for n := range rows {
		rows[n].Upload, rows[n].Source, rows[n].Stage = "u1", "统计公报", "年报"
		rows[n].Released = time.Date(2024, 9, 29, 16, 0, 0, 0, time.UTC)
	}
	rows[4].Upload, rows[4].Source, rows[4].Generated = "u2", "=HYPERLINK(0)", true
	return rows
}

func TestWriteXLSX(t *testing.T) {
	t.Parallel()
	_, f := workbook(t, export.XLSXOptions{Version: 1795400000000, AsOf: time.Date(2024, 12, 31, 15, 59, 59, 999e6, time.UTC)}, sample(t)...)
	if got, want := f.GetSheetList(), []string{"工业增速", "R&D经费", "全要素生产率", "说明"}; !slices.Equal(got, want) {
		t.Fatalf("sheets %v, want %v", got, want)
	}
	rows := sheetRows(t, f, "R&D经费", false)
	for n, want := range []string{
		"指标：R&D经费",
		"地区代码|地区|报告期|数值（亿元）|数据状态|备注",
		"000000|全国|2023|33,357.1|A",
		"350000|福建|2022||M",
		"350000|福建|2023|1,171.8|A",
	} {
		if got := strings.Join(rows[n], "|"); got != want {
			t.Errorf("row %d: %s, want %s", n+1, got, want)
		}
	}
	if raw := sheetRows(t, f, "R&D经费", true)[4][3]; raw != "1171.75" {
		t.Errorf("the value behind the shown one is %s", raw)
	}
	panes, err := f.GetPanes("R&D经费")
	if err != nil || !panes.Freeze || panes.YSplit != 2 {
		t.Errorf("the head does not stand still: %+v %v", panes, err)
	}
	if got := sheetRows(t, f, "全要素生产率", false)[2]; strings.Join(got, "|") != "350000|福建|2023|1|E|示例数据" {
		t.Errorf("a generated figure is not marked: %v", got)
	}
	var notes strings.Builder
	for _, line := range sheetRows(t, f, "说明", false) {
		notes.WriteString(strings.Join(line, "|") + "\n")
	}
	for _, want := range []string{"1795400000000", "版本时点|2024-12-31T23:59:59.999+08:00", catalog().Hash(), "P|初步数\n", "M|缺失（没有数值）\n",
		"u1|统计公报|年报|2024-09-30T00:00:00+08:00\n", "'=HYPERLINK(0)", "示例数据|备注为", "台湾省"} {
		if !strings.Contains(notes.String(), want) {
			t.Errorf("the notes lack %q:\n%s", want, notes.String())
		}
	}
}

func TestWriteXLSXInEnglish(t *testing.T) {
	t.Parallel()
	_, f := workbook(t, export.XLSXOptions{Lang: indicator.EN, Vintages: true}, sample(t)...)
	rows := sheetRows(t, f, "R&D expenditure", false)
	if got := strings.Join(rows[1], "|"); got != "Region code|Region|Period|Value (100 million yuan)|Status|Remark|Upload|Released|Stage|Source|Uploader|Reason" {
		t.Error(got)
	}
	if got := strings.Join(rows[2][6:], "|"); got != "u1|2024-09-30T00:00:00+08:00|annual report|统计公报" {
		t.Error(got)
	}
	for _, line := range append(rows, sheetRows(t, f, "Notes", false)...) {
		for _, word := range []string{"地区", "数值", "说明", "示例", "缺失"} {
			if strings.Contains(strings.Join(line, ""), word) {
				t.Errorf("the English workbook says %q", line)
			}
		}
	}
}

// TestXLSXIsReadBack: every sheet says all that ingest needs, in both languages.
func TestXLSXIsReadBack(t *testing.T) {
	t.Parallel()
	for _, lang := range []indicator.Lang{indicator.ZH, indicator.EN} {
		_, f := workbook(t, export.XLSXOptions{Lang: lang}, sample(t)...)
		var got, want []indicator.Reading
		for _, sheet := range f.GetSheetList()[:3] {
			result := parsed(t, sheetRows(t, f, sheet, true))
			for _, cell := range result.Cells {
				got = append(got, cell.Reading)
			}
		}
		for _, row := range sample(t) {
			want = append(want, row.Reading)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", lang, got, want)
		}
	}
}

// parsed reads a sheet as CSV, which must leave nothing to ask.
func parsed(t *testing.T, rows [][]string) ingest.Result {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	result, err := ingest.Parse(t.Context(), &b, "sheet.csv", ingest.Options{Catalog: catalog()})
	if err != nil || len(result.Problems) > 0 {
		t.Fatalf("%v, problems %v", err, result.Problems)
	}
	return result
}

func TestXLSXIsSteady(t *testing.T) {
	t.Parallel()
	once, _ := workbook(t, export.XLSXOptions{}, sample(t)...)
	for range 20 { // excelize keeps its sheets in a map
		again, _ := workbook(t, export.XLSXOptions{}, sample(t)...)
		if !bytes.Equal(once, again) {
			t.Fatal("two workbooks of the same readings differ")
		}
	}
}

func TestSheetNames(t *testing.T) {
	t.Parallel()
	c := catalog()
	c.Indicators[0].Name.ZH = strings.Repeat("很长的名称", 9)
	c.Indicators[1].Name.ZH = strings.Repeat("很长的名称", 9)
	c.Indicators[2].Name.ZH = "a/b:c[d]*?"
	c.Indicators[3].Name.ZH = "说明"
	c.Index()
	var rows []export.Row
	for _, i := range c.Indicators {
		rows = append(rows, row(i.Code, "350000", indicator.Year(2023), 1, "A"))
	}
	var b bytes.Buffer
	if err := export.WriteXLSX(&b, c, given(rows...), export.XLSXOptions{}); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("很长的名称", 9)
	want := []string{string([]rune(long)[:31]), string([]rune(long)[:27]) + " (2)", "a b c(d)", "说明", "说明 (2)"}
	if got := opened(t, b.Bytes()).GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWriteXLSXFails(t *testing.T) {
	t.Parallel()
	a, b := row("rd_spend", "110000", indicator.Year(2023), 1, "A"), row("rd_spend", "110000", indicator.Year(2022), 1, "A")
	if err := export.WriteXLSX(&bytes.Buffer{}, catalog(), given(a, b), export.XLSXOptions{}); err == nil {
		t.Error("out of order: no error")
	}
	if err := export.WriteXLSX(fullDisk{}, catalog(), given(a), export.XLSXOptions{}); !errors.Is(err, errFull) {
		t.Errorf("sink: %v", err)
	}
	if _, f := workbook(t, export.XLSXOptions{}); len(f.GetSheetList()) != 1 {
		t.Error("without readings only the notes are there")
	}
}
