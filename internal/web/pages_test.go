package web_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/web"
)

func TestOverview(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_intensity", "rd_spend")
	d := f.client(t).page("/?indicator=rd_spend")
	if got := d.Find(".tiles a.tile").Length(); got != 31 {
		t.Errorf("%d tiles lead to a province, want 31", got)
	}
	if got := d.Find(".tiles .tile.out").Length(); got != 3 {
		t.Errorf("%d tiles are outside the statistics, want 3", got)
	}
	fujian := d.Find(`.tiles a[href^="/regions/350000"]`)
	text := fujian.Text()
	if !strings.Contains(text, "福建") || fujian.Find(".symbol").Length() != 1 || strings.TrimSpace(fujian.Find(".word").Text()) == "" {
		t.Errorf("Fujian's tile says %q: a status is a shape, a word and a colour", text)
	}
	if got := d.Find(".choices [aria-current]").Text(); got != f.catalog.Indicator("rd_spend").Name.ZH {
		t.Errorf("chosen is %q", got)
	}
	if d.Find("table.sortable thead th").Length() == 0 || d.Find("#uploads").Length() == 0 {
		t.Error("no scoreboard, or no uploads")
	}
	if d.Find(".notice.generated").Length() != 1 || !strings.Contains(d.Find(".notice.generated").Text(), "示例数据") {
		t.Error("generated data is not said to be so")
	}
}

func TestEveryChartHasItsOptionAndTable(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend", "manufacturing_share", "specialised_smes")
	c := f.client(t)
	for _, path := range []string{"/regions/350000", "/indicators/rd_spend", "/targets/" + f.targetOf("350000", "specialised_smes")} {
		d := c.page(path)
		charts := d.Find(".chart")
		if charts.Length() == 0 {
			t.Errorf("%s has no chart", path)
		}
		charts.Each(func(_ int, chart *goquery.Selection) {
			figure := chart.Closest("figure")
			var option map[string]any
			if err := json.Unmarshal([]byte(figure.Find("script[type='application/json']").Text()), &option); err != nil {
				t.Errorf("%s: the option is not JSON: %v", path, err)
			}
			if option["series"] == nil {
				t.Errorf("%s: an option without series", path)
			}
			if figure.Find("table tbody tr").Length() == 0 {
				t.Errorf("%s: a chart without table", path)
			}
			if label, _ := chart.Attr("aria-label"); len(label) < 10 {
				t.Errorf("%s: a chart without description", path)
			}
			if height, _ := chart.Attr("data-height"); height == "" || height == "0" {
				t.Errorf("%s: a chart without height", path)
			}
		})
		if d.Find("script#dark-colours").Length() != 1 || d.Find("script[src*=echarts]").Length() != 1 {
			t.Errorf("%s lacks what draws its charts", path)
		}
	}
	if c.page("/uploads").Find("script[src*=echarts]").Length() != 0 {
		t.Error("a page without charts loads the chart library")
	}
}

func (f *fixture) targetOf(region, code string) string {
	i := slices.IndexFunc(f.catalog.Targets, func(t indicator.Target) bool { return t.Region == region && t.Indicator == code })
	return f.catalog.Targets[i].ID
}

func TestTargetsFilters(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	c := f.client(t)
	all, filtered := c.page("/targets"), c.page("/targets?region=350000&lang=en")
	if a, b := all.Find("tbody tr").Length(), filtered.Find("tbody tr").Length(); b == 0 || b >= a {
		t.Errorf("%d targets, %d of Fujian", a, b)
	}
	if v, _ := filtered.Find("form.filters select[name=region] option[selected]").Attr("value"); v != "350000" {
		t.Errorf("the filter shows %q", v)
	}
	if to, _ := filtered.Find("form.filters a").Attr("href"); to != "/targets?lang=en" {
		t.Errorf("without filters leads to %q", to)
	}
}

func TestPastMoment(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	at := func(day string) time.Time {
		released, err := indicator.ParseReleased(day)
		if err != nil {
			t.Fatal(err)
		}
		return released
	}
	f.publish(t, ledger.Upload{ID: "first", Uploader: "demo", Released: at("2024-09-30")}, reading("rd_spend", "350000", 2023, 1000))
	f.publish(t, ledger.Upload{ID: "second", Uploader: "demo", Released: at("2025-09-30"), Reason: "修订"}, reading("rd_spend", "350000", 2023, 1234))
	c := f.client(t)
	past := c.page("/regions/350000?as_of=2024-12-31")
	if text := past.Find("main").Text(); !strings.Contains(text, "1,000.0") || strings.Contains(text, "1,234.0") {
		t.Error("as of the end of 2024 the page does not show the first value")
	}
	if text := past.Find(".notice.as_of").Text(); !strings.Contains(text, "2024年12月31日") {
		t.Errorf("the past moment is said as %q", text)
	}
	if v, _ := past.Find("#as-of").Attr("value"); v != "2024-12-31" {
		t.Errorf("the field shows %q", v)
	}
	if text := c.page("/regions/350000").Find("main").Text(); !strings.Contains(text, "1,234.0") {
		t.Error("today's page does not show the second value")
	}
}

func TestErrorsHelp(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.client(t)
	cases := []struct {
		path   string
		status int
		says   string
		link   string
	}{
		{"/indicators/rd_spent", 404, "rd_spent", "/indicators/rd_spend"},
		{"/regions/福建", 404, "福建", "/regions/350000"},
		{"/targets/none", 404, "none", "/targets"},
		{"/nowhere", 404, "没有对应的页面", "/regions"},
		{"/regions/350000?as_of=31.12.2024", 400, "2024-12-31", "/regions"},
		{"/regions/350000?as_of_period=24", 400, "评估报告期", "/regions"},
		{"/regions/350000?version=-1", 400, "账本版本", "/regions"},
		{"/regions/350000?catalogue=none", 404, "catalogue", "/regions"},
		{"/uploads/none", 404, "none", "/uploads"},
	}
	for _, test := range cases {
		w := c.get(test.path)
		d := document(t, w)
		if w.Code != test.status || !strings.Contains(d.Find("main").Text(), test.says) {
			t.Errorf("%s: %d, want %d saying %q: %s", test.path, w.Code, test.status, test.says, d.Find(".lead").Text())
		}
		if d.Find(`main a[href^="`+test.link+`"]`).Length() == 0 {
			t.Errorf("%s does not lead to %s", test.path, test.link)
		}
		if d.Find("code").Text() == "" {
			t.Errorf("%s shows no request number", test.path)
		}
	}
}

func TestEmptyLedgerSaysHowToFillIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	for _, path := range []string{"/", "/indicators/rd_spend"} {
		if got := f.client(t).page(path).Find(".empty").Text(); !strings.Contains(got, "上传") {
			t.Errorf("%s with an empty ledger says %q, not how to fill it", path, got)
		}
	}
}

func TestPageOfOnesOwn(t *testing.T) {
	t.Parallel()
	own := []dashboard.Definition{
		{Page: "compare", Title: indicator.T("省际比较", "Comparison"), Panels: []dashboard.PanelDefinition{
			{Kind: dashboard.KindUploads, Title: indicator.T("数据", "Figures")}}},
		{Page: "brief", Parameters: []string{"region", "indicator"}, Title: indicator.T("{region}{indicator}", "{region} {indicator}"),
			Panels: []dashboard.PanelDefinition{{Kind: dashboard.KindDefinition, Title: indicator.T("说明", "Definition")}}},
	}
	f := newFixture(t, func(c *web.Config) { c.Dashboards = func() []dashboard.Definition { return own } })
	c := f.client(t)
	if got := c.page("/pages/compare").Find("nav.nav a[aria-current]").Text(); got != "省际比较" {
		t.Errorf("a page of one's own is in the navigation as %q", got)
	}
	if got := c.page("/pages/brief/350000/rd_spend?lang=en").Find("h1").Text(); got != "Fujian R&D expenditure" {
		t.Errorf("its parameters make the title %q", got)
	}
	for _, path := range []string{"/pages/brief", "/pages/brief/350000", "/pages/compare/350000", "/pages/brief/999999/rd_spend", "/"} {
		if got := c.get(path).Code; got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
}

func TestHeadIsAnsweredWithoutBody(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.client(t)
	r, err := http.NewRequest(http.MethodHead, "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if w := c.do(r); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD /: %d, %d bytes", w.Code, w.Body.Len())
	}
}

// TestStatusColours holds the style sheet against the one table of looks, and
// every colour against its background.
func TestStatusColours(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("static/base.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(content), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("the style sheet has no dark colours")
	}
	for _, status := range assess.Statuses {
		look := assess.StatusLook(status)
		for _, mode := range []struct{ name, css, want string }{{"light", light, look.Light}, {"dark", dark, look.Dark}} {
			got := colour(mode.css, string(status))
			if got != mode.want {
				t.Errorf("%s, %s: %s in the style sheet, %s in assess", status, mode.name, got, mode.want)
			}
			if c := contrast(got, colour(mode.css, "paper")); c < 4.5 {
				t.Errorf("%s, %s: contrast %.2f on the page", status, mode.name, c)
			}
			if c := contrast(got, colour(mode.css, "on-status")); c < 4.5 {
				t.Errorf("%s, %s: contrast %.2f of words on it", status, mode.name, c)
			}
		}
	}
	for _, name := range []string{"ink", "soft", "accent"} {
		for mode, css := range map[string]string{"light": light, "dark": dark} {
			for _, ground := range []string{"paper", "wash", "notice"} {
				if c := contrast(colour(css, name), colour(css, ground)); c < 4.5 {
					t.Errorf("%s on %s, %s: contrast %.2f", name, ground, mode, c)
				}
			}
		}
	}
}

func colour(css, name string) string {
	m := regexp.MustCompile(`--` + name + `: (#[0-9a-f]+);`).FindStringSubmatch(css)
	if m == nil {
		return ""
	}
	if len(m[1]) == 4 { // #abc is #aabbcc
		return fmt.Sprintf("#%[1]c%[1]c%[2]c%[2]c%[3]c%[3]c", m[1][1], m[1][2], m[1][3])
	}
	return m[1]
}

// contrast is that of WCAG 2.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	if len(hex) != 7 {
		return math.NaN()
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return math.NaN()
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

// BenchmarkPage is the region page through the whole handler, as a reader without login gets it.
func BenchmarkPage(b *testing.B) {
	f := newFixture(b, nil)
	f.fill(b, "rd_intensity", "rd_spend", "manufacturing_share", "green_factories_national", "digital_smes", "gdp",
		"secondary_share", "hightech_mfg_revenue", "hightech_firms_recognised", "specialised_smes")
	c := f.client(b)
	c.page("/regions/350000") // loads the columns
	b.ReportAllocs()
	took := make([]time.Duration, 0, 1024)
	for b.Loop() {
		start := time.Now()
		if w := c.get("/regions/350000"); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}
