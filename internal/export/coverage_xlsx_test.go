package export_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

func asksOf(t *testing.T, lang indicator.Lang, asks ...export.Ask) ([]byte, *excelize.File) {
	t.Helper()
	var b bytes.Buffer
	o := export.AskOptions{Lang: lang, Day: time.Date(2026, 11, 25, 16, 30, 0, 0, time.UTC), Selection: "=省级，2025年", Version: 1795400000000}
	if err := export.WriteAsks(&b, asks, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), opened(t, b.Bytes())
}

func someAsks() []export.Ask {
	c, value := catalog(), 1171.75
	due := time.Date(2026, 9, 30, 0, 0, 0, 0, indicator.Shanghai)
	return []export.Ask{
		{Indicator: c.Indicator("rd_spend"), Region: c.Region("350000"), Period: indicator.Year(2025), Due: due, Days: 57,
			LastPeriod: indicator.Year(2024), LastValue: &value},
		{Indicator: c.Indicator("rd_spend"), Region: c.Region("000000"), Period: indicator.Year(2025), Due: due, Days: 57},
	}
}

func TestWriteAsks(t *testing.T) {
	t.Parallel()
	content, f := asksOf(t, indicator.ZH, someAsks()...)
	again, _ := asksOf(t, indicator.ZH, someAsks()...)
	if !bytes.Equal(content, again) {
		t.Error("the same list gives other bytes")
	}
	const sheet = "催报清单"
	rows := sheetRows(t, f, sheet, false)
	for n, want := range []string{
		"催报清单（截至 2026-11-26）",
		"范围：=省级，2025年。截至 2026-11-26，逾期未报 2 项。账本版本 1795400000000。",
		"地区代码|地区|指标|报告期|应报日|逾期天数|最近已发布的报告期|最近已发布的数值|单位",
		"350000|福建|R&D经费|2025年|2026-09-30|57|2024年|1,171.8|亿元",
		"000000|全国|R&D经费|2025年|2026-09-30|57|从未发布||亿元",
	} {
		if got := strings.Join(rows[n], "|"); got != want {
			t.Errorf("row %d: %s, want %s", n+1, got, want)
		}
	}
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 3 || panes.XSplit != 2 {
		t.Errorf("the head does not stand still: %+v (%v)", panes, err)
	}
	layout, err := f.GetPageLayout(sheet)
	if err != nil || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 || *layout.Size != 9 {
		t.Errorf("printed as %+v (%v)", layout, err)
	}
	titles := ""
	for _, name := range f.GetDefinedName() {
		titles += name.Name + " " + name.RefersTo + "\n"
	}
	if !strings.Contains(titles, "_xlnm.Print_Titles '催报清单'!$3:$3") || !strings.Contains(titles, "$A$3:$I$5") {
		t.Errorf("head on every page, filter: %s", titles)
	}
}

func TestWriteAsksInEnglish(t *testing.T) {
	t.Parallel()
	_, f := asksOf(t, indicator.EN, someAsks()...)
	rows := sheetRows(t, f, "What to ask for", false)
	for n, want := range map[int]string{
		0: "What to ask for, as of 2026-11-26",
		2: "Region code|Region|Indicator|Period|Due|Days overdue|Last period published|Last value|Unit",
		3: "350000|Fujian|R&D expenditure|2025|2026-09-30|57|2024|1,171.8|" + indicator.UnitName("亿元", indicator.EN),
	} {
		if got := strings.Join(rows[n], "|"); got != want {
			t.Errorf("row %d: %s, want %s", n+1, got, want)
		}
	}
}

func TestWriteNoAsks(t *testing.T) {
	t.Parallel()
	_, f := asksOf(t, indicator.ZH)
	if rows := sheetRows(t, f, "催报清单", false); len(rows) != 3 || !strings.Contains(rows[1][0], "逾期未报 0 项") {
		t.Errorf("nothing to ask for: %q", rows)
	}
}
