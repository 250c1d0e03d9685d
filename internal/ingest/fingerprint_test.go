package ingest

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func printOfText(tb testing.TB, content string) Fingerprint {
	tb.Helper()
	f, err := FingerprintOf(tb.Context(), []byte(content), "table.csv", Options{Catalog: testCatalog(tb)})
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

const wideExport = "数据库：分省年度数据,,\n指标：研究与试验发展经费内部支出(亿元),,\n时间：最近10年,,\n地区,2023年,2022年\n北京市,2947.1,2843.3\n天津市,599.2,568.7\n数据来源：国家统计局,,\n"

func TestShapeStaysTheSame(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{
		"next year":               {wideExport, strings.NewReplacer("2023年", "2024年", "2022年", "2023年", "2947.1", "3100", "最近10年", "最近5年").Replace(wideExport)},
		"a year column more":      {wideExport, strings.NewReplacer("2023年,2022年", "2024年,2023年,2022年", "市,", "市,1.5,").Replace(wideExport)},
		"fewer rows":              {wideExport, strings.Replace(wideExport, "天津市,599.2,568.7\n", "", 1)},
		"other blanks and widths": {wideExport, strings.NewReplacer("地区,", "地  区,", "2023年", "２０２３年", "(亿元)", "（亿元）").Replace(wideExport)},
		"years in a free title":   {"表20-3 各地区R&D经费(2023年)\n单位：亿元\n地区,经费甲\n北京,1\n", "表 19-11 各地区R&D经费(2024年)\n单位：亿元\n地区,经费甲\n天津,1\n上海,2\n"},
		"region of the title":     {"福建省2023年研发投入情况\n地市,经费甲,人员乙\n福州,1,2\n", "江西省2024年研发投入情况\n地市,经费甲,人员乙\n南昌,1,2\n"},
		"dates":                   {"制表日期：2026-10-12\n二〇二三年研发投入\n地区,2023\n北京,1\n", "制表日期：2026年11月3日\n二〇二四年研发投入\n地区,2024\n北京,1\n"},
		"regions across":          {"年份,北京,天津\n2023,1,2\n2024,1,2\n", "年份,北京,天津,河北\n2024,1,2,3\n"},
		"no header known":         {"研发投入表\n单位名称,经费甲\n一厂,1\n", "研发投入表\n单位名称,经费甲\n二厂,7\n三厂,9\n"},
		"months":                  {"地区,2024年1月,2024年2月\n北京,1,2\n", "地区,2025年7月\n北京,1\n"},
	} {
		if a, b := printOfText(t, pair[0]), printOfText(t, pair[1]); a.Shape == "" || a.Shape != b.Shape {
			t.Errorf("%s: the shape is another one: %v %v", name, a, b)
		}
	}
}

func TestShapeChanges(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]string{
		"indicator":     strings.Replace(wideExport, "研究与试验发展经费内部支出", "地区生产总值", 1),
		"unit":          strings.Replace(wideExport, "(亿元)", "(万元)", 1),
		"a unit line":   strings.Replace(wideExport, "时间：最近10年,,", "单位：亿元,,", 1),
		"header word":   strings.Replace(wideExport, "地区,", "城市,", 1),
		"a column more": strings.NewReplacer("地区,", "代码,地区,", "北京市", "110000,北京市", "天津市", "120000,天津市").Replace(wideExport),
		"a title more":  "规模以上工业\n" + wideExport,
	} {
		if a, b := printOfText(t, wideExport), printOfText(t, other); a.Shape == b.Shape {
			t.Errorf("%s: the shape stays", name)
		}
	}
	if a, b := printOfText(t, "Unit: 100 million yuan\nregion,a,b\n"), printOfText(t, "Unit: 10 million yuan\nregion,a,b\n"); a.Shape == b.Shape {
		t.Error("the number that belongs to a unit is left out")
	}
}

// TestAnonymousTablesAreKnownByTheirFiles: 地区,年份,数值 may be about anything, and
// what was said of one such file must not be said of every other.
func TestAnonymousTablesAreKnownByTheirFiles(t *testing.T) {
	t.Parallel()
	of := func(name, header string) string {
		f, err := FingerprintOf(t.Context(), []byte(header+"\n福建,2023,1\n"), name, Options{Catalog: testCatalog(t)})
		if err != nil {
			t.Fatal(err)
		}
		return f.Shape
	}
	const bare = "地区,年份,数值"
	if of("dir/研发2023.csv", bare) != of("研发2024.xlsx", bare) || of("研发2023.csv", bare) == of("工业2023.csv", bare) {
		t.Error("an anonymous table is not told by its file")
	}
	if of("a.csv", "地区,年份,研发投入") != of("b.csv", "地区,年份,研发投入") {
		t.Error("a table that names its subject is told by its file")
	}
}

// TestPlacesTellColumnsApart: C=value means another column once one is put before it.
func TestPlacesTellColumnsApart(t *testing.T) {
	t.Parallel()
	a := printOfText(t, "地区,2023年,甲\n北京,1,2\n")
	same := printOfText(t, "地区,2024年,甲\n天津,1,2\n")
	wider := printOfText(t, "地区,2023年,2024年,甲\n北京,1,2,3\n")
	lower := printOfText(t, "\n地区,2023年,甲\n北京,1,2\n")
	if a != same || a.Shape != wider.Shape || a.Shape != lower.Shape || a.Places == wider.Places || a.Places == lower.Places {
		t.Errorf("%v\n%v\n%v\n%v", a, same, wider, lower)
	}
}

// TestFingerprintOfAWorkbookAndItsExport: also of several sheets in any order.
func TestFingerprintOfAWorkbookAndItsExport(t *testing.T) {
	t.Parallel()
	book := func(sheets ...string) []byte {
		f := excelize.NewFile()
		defer f.Close()
		for i, name := range sheets {
			if i == 0 {
				f.SetSheetName("Sheet1", name)
			} else if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
			for n, line := range strings.Split(strings.TrimSpace(wideExport), "\n") {
				row := make([]any, 0, 3)
				for _, cell := range strings.Split(line, ",") {
					row = append(row, cell)
				}
				if err := f.SetSheetRow(name, fmt.Sprint("A", n+1), &row); err != nil {
					t.Fatal(err)
				}
			}
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	of := func(content []byte) Fingerprint {
		f, err := FingerprintOf(t.Context(), content, "a.xlsx", Options{Catalog: testCatalog(t)})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	one, two, turned := of(book("表一")), of(book("2023", "2024")), of(book("2024", "2023", "2022"))
	if text := printOfText(t, wideExport); one != text || two != text || turned != text {
		t.Errorf("%v\n%v\n%v\n%v", text, one, two, turned)
	}
}

// TestFingerprintsOfCases: every case that can be read has one, whatever was
// answered, and no answer changes it.
func TestFingerprintsOfCases(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, dir := range caseDirs(t) {
		content, name, o := readCase(t, dir)
		with, err := FingerprintOf(t.Context(), content, name, o)
		if err != nil {
			t.Fatal(err)
		}
		o.Answers = Answers{}
		if without, _ := FingerprintOf(t.Context(), content, name, o); with != without {
			t.Errorf("%s: an answer changes the fingerprint", dir)
		}
		result, err := Parse(t.Context(), bytes.NewReader(content), name, o)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Cells) > 0 && with.Shape == "" && result.Understood.Container != "json" {
			t.Errorf("%s: no fingerprint", dir)
		}
		seen[filepath.Base(dir)] = with.Shape
	}
	for _, pair := range [][2]string{{"wide_nbs_utf8", "wide_nbs_gb18030"}, {"wide_unknown_title", "wide_unknown_title_by_flag"},
		{"long_missing_unit", "long_missing_unit_by_flag"}, {"xlsx_several_sheets", "xlsx_sheet_by_name"}} {
		if seen[pair[0]] == "" {
			t.Errorf("%s has none", pair[0])
		} else if seen[pair[0]] != seen[pair[1]] {
			t.Errorf("%v differ", pair)
		}
	}
}

// TestFingerprintProperty: whatever the values, the years and the number of rows.
func TestFingerprintProperty(t *testing.T) {
	t.Parallel()
	catalog := testCatalog(t)
	names := []string{"北京", "天津市", "河北", "福建", "江西省"}
	rapid.Check(t, func(t *rapid.T) {
		table := func() string {
			var b strings.Builder
			first := rapid.IntRange(1950, 2030).Draw(t, "year")
			years := rapid.IntRange(1, 6).Draw(t, "years")
			fmt.Fprintf(&b, "各地区研发投入(%d年)\n单位：亿元\n地区", first)
			for y := range years {
				fmt.Fprintf(&b, ",%d年", first-y)
			}
			for range rapid.IntRange(1, 20).Draw(t, "rows") {
				b.WriteString("\n" + rapid.SampledFrom(names).Draw(t, "region"))
				for range years {
					fmt.Fprintf(&b, ",%.1f", rapid.Float64Range(-1e3, 1e6).Draw(t, "value"))
				}
			}
			return b.String()
		}
		of := func(s string) Fingerprint {
			f, err := FingerprintOf(t.Context(), []byte(s), "a.csv", Options{Catalog: catalog})
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		a, b := table(), table()
		if of(a).Shape != of(b).Shape {
			t.Fatalf("%s\n\n%s", a, b)
		}
	})
}

func TestAnswersOver(t *testing.T) {
	t.Parallel()
	now := Answers{Unit: "万元", Year: "2024", Names: []string{"福健=350000"}}
	then := Answers{Indicator: "rd_spend", Unit: "亿元", Names: []string{"福健=360000", "江夏=420000"}, Marks: []string{"…=N"}}
	got := now.Over(then)
	want := Answers{Indicator: "rd_spend", Unit: "万元", Year: "2024", Names: []string{"福健=350000", "江夏=420000"}, Marks: []string{"…=N"}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v", got)
	}
	if kept := got.ForOthers(); kept.Year != "" || kept.Unit == "" || kept.IsZero() || !(Answers{Year: "2024", Skip: []string{"3"}}).ForOthers().IsZero() {
		t.Errorf("kept %+v", kept)
	}
}
