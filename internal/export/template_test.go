package export_test

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/settings"
	"github.com/dabiao/dabiao/internal/snapshot"
)

var today = time.Date(2026, 11, 23, 10, 0, 0, 0, indicator.Shanghai)

// snapshotOf holds the given readings, published one after the other.
func snapshotOf(t *testing.T, readings ...indicator.Reading) *snapshot.Snapshot {
	t.Helper()
	l, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"), func() time.Time { return today })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if len(readings) > 0 {
		if _, err := l.Publish(t.Context(), ledger.Upload{ID: "u"}, readings); err != nil {
			t.Fatal(err)
		}
	}
	s, err := snapshot.New(l).At(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPeriodsDue(t *testing.T) {
	t.Parallel()
	read := func(region string, periods ...string) (list []indicator.Reading) {
		for _, p := range periods {
			list = append(list, indicator.Reading{Indicator: "x", Region: region, Period: period(t, p), Value: 1, Status: indicator.Normal})
		}
		return list
	}
	for name, test := range map[string]struct {
		frequencies []indicator.Freq
		readings    []indicator.Reading
		want        []string
	}{
		"nothing published":         {nil, nil, []string{"2025"}},
		"one year behind":           {nil, read("350000", "2023", "2024"), []string{"2025"}},
		"all published":             {nil, read("350000", "2024", "2025"), []string{"2026"}},
		"two years behind":          {nil, read("350000", "2022", "2023"), []string{"2024", "2025"}},
		"far behind":                {nil, read("350000", "2015"), []string{"2023", "2024", "2025"}},
		"one region is missing":     {nil, slices.Concat(read("110000", "2024"), read("350000", "2024", "2025")), []string{"2025"}},
		"one region is new":         {nil, slices.Concat(read("110000", "2024", "2025"), read("350000", "2025")), []string{"2026"}},
		"quarters and year to date": {[]indicator.Freq{indicator.Annual, indicator.Quarterly, "P9M"}, read("350000", "2024", "2026-Q1"), []string{"2025", "2026-Q2", "2026-Q3", "2026-01/P9M"}},
	} {
		i := &indicator.Indicator{Code: "x", Frequencies: test.frequencies}
		got, err := export.PeriodsDue(t.Context(), snapshotOf(t, test.readings...), i, export.TemplateRegions(catalog(), i), today)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range got {
			names = append(names, p.String())
		}
		slices.Sort(names)
		slices.Sort(test.want)
		if !slices.Equal(names, test.want) {
			t.Errorf("%s: %v, want %v", name, names, test.want)
		}
	}
}

func TestTemplateRegions(t *testing.T) {
	t.Parallel()
	c := catalog()
	c.Regions = append(c.Regions, indicator.Region{Code: "710000", Level: indicator.Province})
	for levels, want := range map[string]int{"": 3, "province": 2, "city": 0, "country province": 3} {
		i := &indicator.Indicator{}
		for _, l := range strings.Fields(levels) {
			i.Levels = append(i.Levels, indicator.Level(l))
		}
		if got := export.TemplateRegions(c, i); len(got) != want {
			t.Errorf("%q: %d regions, want %d", levels, len(got), want)
		}
	}
}

func TestTemplateCSV(t *testing.T) {
	t.Parallel()
	c := catalog()
	i := c.Indicator("rd_spend")
	var b bytes.Buffer
	if err := (export.Template{Indicator: i, Regions: export.TemplateRegions(c, i)[1:], Periods: []indicator.Period{indicator.Year(2025)}}).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(b.String(), "\n")
	got = slices.Delete(got, 2, 4) // how to fill in
	want := []string{"\ufeff指标：R&D经费", "指标代码：rd_spend", "地区代码,地区,报告期,数值（亿元）,数据状态,备注", "110000,北京,2025,,,", "350000,福建,2025,,,", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFilledTemplatesNeedNoQuestion: for every indicator of the built-in
// catalogue, in both languages and both forms, the filled-in template is read as
// it was meant, and an empty one holds no reading and no fault but that.
func TestFilledTemplatesNeedNoQuestion(t *testing.T) {
	t.Parallel()
	built, faults := settings.Load(settings.Dirs{DefaultConfig: config.FS, DefaultDashboards: dashboards.FS})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	c, snap := built.Catalog, snapshotOf(t)
	for n := range c.Indicators {
		i := &c.Indicators[n]
		regions := export.TemplateRegions(c, i)
		periods, err := export.PeriodsDue(t.Context(), snap, i, regions, today)
		if err != nil || len(regions) == 0 || len(periods) == 0 {
			t.Fatalf("%s: %d regions, %v, %v", i.Code, len(regions), periods, err)
		}
		for _, lang := range []indicator.Lang{indicator.ZH, indicator.EN} {
			template := export.Template{Indicator: i, Regions: regions[:min(len(regions), 40)], Periods: periods, Lang: lang}
			var text bytes.Buffer
			if err := template.WriteCSV(&text); err != nil {
				t.Fatal(err)
			}
			fill(t, c, i, string(lang)+" csv", rowsOfCSV(t, text.String()))
			if lang == indicator.EN || n%8 == 0 { // workbooks are slow
				var book bytes.Buffer
				if err := template.WriteXLSX(&book); err != nil {
					t.Fatal(err)
				}
				f := opened(t, book.Bytes())
				fill(t, c, i, string(lang)+" xlsx", sheetRows(t, f, f.GetSheetList()[0], true))
			}
		}
	}
}

func rowsOfCSV(t *testing.T, text string) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// fill writes values and statuses into a form as a person does and reads it: the
// first line has no figure and says so, the second is provisional, the third is
// left empty.
func fill(t *testing.T, c *indicator.Catalog, i *indicator.Indicator, what string, rows [][]string) {
	t.Helper()
	low := 0.0
	if i.Min != nil {
		low = *i.Min
	}
	var want []string
	for n, row := range rows {
		if len(row) < 3 || len(row[0]) != 6 {
			continue // titles and head
		}
		row = append(row, "", "", "")[:6]
		rows[n] = row
		switch len(want) + 1 {
		case 1:
			row[4] = "M"
			want = append(want, row[0]+" "+row[2]+" M 0")
		case 2:
			row[3], row[4] = strconv.FormatFloat(low+1.5, 'f', -1, 64), "P"
			want = append(want, row[0]+" "+row[2]+" P "+row[3])
		case 3:
			want = append(want, "")
		default:
			row[3] = strconv.FormatFloat(low+2.25, 'f', -1, 64)
			want = append(want, row[0]+" "+row[2]+" A "+row[3])
		}
	}
	want = slices.DeleteFunc(want, func(s string) bool { return s == "" })
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	result, err := ingest.Parse(t.Context(), &b, "template.csv", ingest.Options{Catalog: c})
	if err != nil || len(result.Problems) > 0 {
		t.Fatalf("%s %s: %v, problems %v", i.Code, what, err, result.Problems)
	}
	var got []string
	for _, cell := range result.Cells {
		if cell.Indicator != i.Code {
			t.Fatalf("%s %s is read as %s", i.Code, what, cell.Indicator)
		}
		got = append(got, cell.Region+" "+cell.Period.String()+" "+string(cell.Status)+" "+strconv.FormatFloat(cell.Value, 'f', -1, 64))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s %s (-want +got):\n%s", i.Code, what, diff)
	}
}

func TestTemplateWorkbook(t *testing.T) {
	t.Parallel()
	c := catalog()
	i := c.Indicator("rd_spend")
	least := 0.0
	i.Min = &least
	template := export.Template{Indicator: i, Regions: export.TemplateRegions(c, i), Periods: []indicator.Period{indicator.Year(2025)}}
	var first bytes.Buffer
	if err := template.WriteXLSX(&first); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		var again bytes.Buffer
		if err := template.WriteXLSX(&again); err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Fatalf("the same template gives another workbook (%v)", err)
		}
	}
	f := opened(t, first.Bytes())
	if got := f.GetSheetList(); !slices.Equal(got, []string{"填报", "说明"}) {
		t.Fatal(got)
	}
	validations, err := f.GetDataValidations("填报")
	if err != nil || len(validations) != 2 {
		t.Fatalf("%v %v", validations, err)
	}
	if v := validations[0]; v.Sqref != "D6:D8" || v.Type != "decimal" || v.Formula1 != "0" || !v.ShowErrorMessage {
		t.Errorf("the value cells take %+v", v)
	}
	if v := validations[1]; v.Sqref != "E6:E8" || v.Type != "list" || v.Formula1 != `"A,P,E,B,M,N,O"` {
		t.Errorf("the status cells take %+v", v)
	}
	style, err := f.GetCellStyle("填报", "D6")
	if err != nil {
		t.Fatal(err)
	}
	if look, err := f.GetStyle(style); err != nil || look.CustomNumFmt == nil || *look.CustomNumFmt != "#,##0.0" {
		t.Errorf("the value cells look %+v %v", look, err)
	}
	if panes, err := f.GetPanes("填报"); err != nil || panes.YSplit != 5 {
		t.Errorf("the head does not stand still: %+v %v", panes, err)
	}
	if notes, err := f.GetCellValue("说明", "A1", excelize.Options{}); err != nil || notes != "填报说明" {
		t.Errorf("%q %v", notes, err)
	}
}
