package web_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// coverageFixture: R&D spending of 2024 came in time from all but Beijing, which
// was late; of 2025, due on 2026-09-30, only Fujian's is there.
func coverageFixture(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t, nil)
	var rows []indicator.Reading
	for _, r := range f.catalog.Provinces() {
		if r.Code != "110000" {
			rows = append(rows, reading("rd_spend", r.Code, 2024, 100))
		}
	}
	when := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 9, 0, 0, 0, indicator.Shanghai) }
	f.publish(t, ledger.Upload{ID: "in-time", Uploader: "demo", Released: when(2025, 9, 29)}, rows...)
	f.publish(t, ledger.Upload{ID: "late", Uploader: "demo", Released: when(2025, 10, 2)}, reading("rd_spend", "110000", 2024, 200))
	f.publish(t, ledger.Upload{ID: "fujian", Uploader: "demo", Released: when(2026, 9, 30)}, reading("rd_spend", "350000", 2025, 110))
	return f
}

// line is a row of a table with a blank between its cells.
func line(row *goquery.Selection) string {
	return strings.Join(row.Children().Map(func(_ int, cell *goquery.Selection) string { return words(cell.Text()) }), " ")
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestCoverageOverview(t *testing.T) {
	t.Parallel()
	f := coverageFixture(t)
	d := f.client(t).page("/uploads/coverage")
	lead := words(d.Find(".lead").Text())
	if !strings.HasPrefix(lead, "省级，2021年至2025年：截至 2026-11-23 到期应报 ") || !strings.Contains(lead, "按时发布 31 项，按时率 ") {
		t.Errorf("the lead says %q", lead)
	}
	if row := words(d.Find("#indicators tbody tr:contains('研究与试验发展（R&D）经费')").Last().Text()); !strings.Contains(row, "1 / 31") {
		t.Errorf("the row of R&D spending: %q", row)
	}
	if first := line(d.Find("#regions tbody tr").First()); !strings.HasPrefix(first, "福建 1 8.0% !") {
		t.Errorf("the first region is %q", first)
	}
	if asks := d.Find("#asks tbody tr"); line(asks.First()) != "研究与试验发展（R&D）经费 2025年 2026-09-30 54 30 除福建外" ||
		!strings.HasSuffix(line(asks.Last()), "全部 31 个地区") {
		t.Errorf("to ask for: %s … %s", line(asks.First()), line(asks.Last()))
	}
	if n := d.Find("#undated tbody tr").Length(); n != len(f.catalog.Indicators)-5 {
		t.Errorf("%d indicators without a calendar", n)
	}
	if en := f.client(t).page("/uploads/coverage?lang=en").Find("main").Text(); strings.ContainsAny(en, "省年项逾期") {
		t.Errorf("Chinese on the English page: %s", words(en))
	}
}

func TestCoverageMatrix(t *testing.T) {
	t.Parallel()
	f := coverageFixture(t)
	row := func(path, name string) string {
		t.Helper()
		return line(f.client(t).page(path).Find("#matrix tbody tr:contains('" + name + "')").First())
	}
	for path, want := range map[string][2]string{
		"/uploads/coverage?indicator=rd_spend&periods=2":                    {"福建", "福建 100.0% ● 按时发布 2026-09-30 ● 按时发布 2025-09-29"},
		"/uploads/coverage?indicator=rd_spend&periods=2&region=":            {"北京", "北京 0.0% ! 逾期 54 天 ◐ 迟 2 天 2025-10-02"},
		"/uploads/coverage?region=110000&periods=2&lang=en":                 {"R&D expenditure", "R&D expenditure 0.0% ! overdue 54 days ◐ late 2 days 2025-10-02"},
		"/uploads/coverage?region=110000&periods=2":                         {"高新技术企业数", "高新技术企业数 — · 未发布 · 未发布"},
		"/uploads/coverage?period=2024&lang=en":                             {"Beijing", "Beijing 0.0% ◐ late 2 days 2025-10-02 ! overdue 419 days"},
		"/uploads/coverage?indicator=rd_spend&period=2024&region=110000":    {"北京", "北京 0.0% ◐ 迟 2 天 2025-10-02"},
		"/uploads/coverage?indicator=rd_spend&periods=1&as_of=2026-09-29":   {"福建", "福建 — ◦ 未到期 2026-09-30"},
		"/uploads/coverage?indicator=rd_spend&level=city&periods=1&lang=en": {"Fuzhou", "Fuzhou 0.0% ! overdue 54 days"},
	} {
		if got := row(path, want[0]); !strings.HasPrefix(got, want[1]) {
			t.Errorf("%s: %q, want %q", path, got, want[1])
		}
	}
	d := f.client(t).page("/uploads/coverage?indicator=rd_spend&lang=en")
	if link := d.Find("#matrix td.late a").First().AttrOr("href", ""); link != "/indicators/rd_spend/history?lang=en&period=2024&region=110000" {
		t.Errorf("a late figure leads to %q", link)
	}
	for path, status := range map[string]int{
		"/uploads/coverage?indicator=nonsense": http.StatusBadRequest, "/uploads/coverage?region=1": http.StatusBadRequest,
		"/uploads/coverage?period=x": http.StatusBadRequest, "/uploads/coverage?periods=99": http.StatusBadRequest,
		"/uploads/coverage?level=x": http.StatusBadRequest, "/uploads/coverage.xlsx?freq=x": http.StatusBadRequest,
		"/uploads/coverage?indicator=gdp,rd_spend": http.StatusBadRequest,
	} {
		if got := f.client(t).get(path).Code; got != status {
			t.Errorf("%s: %d, want %d", path, got, status)
		}
	}
	empty := f.client(t).page("/uploads/coverage?level=county&indicator=rd_personnel")
	if text := words(empty.Find("main").Text()); !strings.Contains(text, "没有需要采集的数据") || empty.Find("table").Length() != 0 {
		t.Errorf("nothing to collect: %s", text)
	}
}

// TestCoverageOnlyAfterLogin: open uploads show to author and reviewer, with a way there.
func TestCoverageOnlyAfterLogin(t *testing.T) {
	t.Parallel()
	f := coverageFixture(t)
	anna := f.as(t, "anna")
	id := anna.stage("fujian.csv", "indicator,region,period,value,unit\nrd_intensity,350000,2025,2.7,%\n")
	anna.post("/uploads/"+id+"/submit", nil)
	reviewer := f.as(t, "reviewer")
	reviewer.post("/uploads/"+id+"/publish", url.Values{"publish_at": {"2026-12-01"}})
	const path = "/uploads/coverage?indicator=rd_intensity&periods=1"
	for _, who := range []*client{anna, reviewer} {
		cell := who.page(path).Find("#matrix td.submitted")
		if words(cell.Text()) != "▷ 待审核" || cell.Find("a").AttrOr("href", "") != "/uploads/"+id {
			t.Errorf("an author or reviewer reads %q", words(cell.Text()))
		}
	}
	for _, who := range []*client{f.client(t), f.as(t, "viewer"), f.as(t, "auditor")} {
		for _, path := range []string{path, "/uploads/coverage", "/api/v1/coverage?indicator=rd_intensity"} {
			body := who.get(path).Body.String()
			if strings.Contains(body, id) || strings.Contains(body, "▷") || strings.Contains(body, `"state":"submitted"`) {
				t.Errorf("%s tells of an open upload", path)
			}
		}
	}
}

func TestCoverageFile(t *testing.T) {
	t.Parallel()
	f := coverageFixture(t)
	d := f.client(t).page("/uploads/coverage?indicator=rd_spend&periods=1&lang=en")
	w := f.client(t).get(d.Find("a[download]").AttrOr("href", ""))
	if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Disposition"), "coverage-2026-11-23.xlsx") {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetList()[0])
	if err != nil || len(rows) != 3+30 || !strings.HasPrefix(strings.Join(rows[3], "|"), "110000|Beijing|R&D expenditure|2025|2026-09-30|54|2024|200.0|") {
		t.Errorf("%d rows (%v): %q", len(rows), err, rows)
	}
}

// TestCoverageByAPI holds the answers against the description.
func TestCoverageByAPI(t *testing.T) {
	t.Parallel()
	h := newHeld(t, coverageFixture(t))
	var got struct {
		Counts struct {
			Cells, Due int
			OnTime     int `json:"on_time"`
			Rate       *float64
			States     map[string]int
		}
		Today string
		Items []struct {
			Region, State, Due string
			Days               int
		}
	}
	decode(t, h.send(t, "GET", "/api/v1/coverage?indicator=rd_spend&level=province&period=2024&state=late", "", nil), &got)
	if got.Counts.Cells != 31 || got.Counts.Due != 31 || got.Counts.OnTime != 30 || got.Counts.States["late"] != 1 || got.Today != "2026-11-23" ||
		got.Counts.Rate == nil || len(got.Items) != 1 || got.Items[0].Region != "110000" || got.Items[0].Due != "2025-09-30" || got.Items[0].Days != 2 {
		t.Errorf("got %+v", got)
	}
	got.Counts.Rate, got.Items = nil, nil
	decode(t, h.send(t, "GET", "/api/v1/coverage?indicator=gdp&freq=P9M&periods=1&limit=3", "", nil), &got)
	if got.Counts.Rate != nil || len(got.Items) > 3 {
		t.Errorf("without a calendar: %+v", got)
	}
	h.send(t, "GET", "/api/v1/coverage", "", nil)
}
