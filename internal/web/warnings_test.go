package web_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/web"
)

// warned is a server with two warnings: R&D of Fujian fell twice, against a
// target of its own, and manufacturing's share of the nation left its band.
func warned(t testing.TB, change func(*web.Config)) *fixture {
	t.Helper()
	return warnedOver(t, func(l ledger.Ledger) ledger.Ledger { return l }, change)
}

// warnedOver is warned with something around its ledger.
func warnedOver(t testing.TB, around func(ledger.Ledger) ledger.Ledger, change func(*web.Config)) *fixture {
	t.Helper()
	own, err := loadBuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	value := 2000.0
	own.Catalog.Targets = append(own.Catalog.Targets, indicator.Target{ID: "test-1-rd_spend", Document: own.Catalog.Documents[0].ID,
		Statement: indicator.T("研发经费达到2000亿元。", "R&D of 200 billion yuan."), Region: "350000", Indicator: "rd_spend", Link: indicator.Named,
		Basis: indicator.Stated, Kind: indicator.Reach, Value: &value, Bound: indicator.AtLeast, By: 2028})
	own.Catalog.Index()
	f := newFixtureOver(t, around, func(c *web.Config) {
		c.Catalog = func() *indicator.Catalog { return own.Catalog }
		if change != nil {
			change(c)
		}
	})
	yearly := func(code, region string, values ...float64) (list []indicator.Reading) {
		for n, v := range values {
			list = append(list, indicator.Reading{Indicator: code, Region: region, Period: indicator.Year(2026 - len(values) + n), Value: v, Status: indicator.Normal})
		}
		return list
	}
	f.publish(t, ledger.Upload{ID: "rd", Uploader: "demo", Source: "公报", Released: time.Date(2026, 9, 30, 0, 0, 0, 0, indicator.Shanghai)},
		yearly("rd_spend", "350000", 700, 800, 900, 1000, 1100, 1090, 1080)...)
	f.publish(t, ledger.Upload{ID: "share", Uploader: "demo", Source: "年鉴", Released: time.Date(2026, 10, 31, 0, 0, 0, 0, indicator.Shanghai)},
		yearly("manufacturing_share", indicator.Nation, 28, 27.9, 27.7, 27.5, 26.4, 26.0, 25.5)...)
	return f
}

// rules are the warnings on a page, in their order.
func rules(page *goquery.Document) string {
	return strings.Join(page.Find("article.warning").Map(func(_ int, s *goquery.Selection) string {
		return strings.Join(strings.Fields(s.Find("header a").First().Text()+" "+s.Find("header h2").Text()+" "+s.Find(".severity").Text()), " ")
	}), "; ")
}

const (
	ofNation = "全国 连续反向变动 ▲ 严重"
	ofFujian = "福建 连续反向变动 ◆ 较重"
)

func TestWarningsPage(t *testing.T) {
	t.Parallel()
	f := warned(t, nil)
	c := f.client(t)
	page := c.page("/warnings")
	if lead := page.Find(".lead").Text(); !strings.Contains(lead, "有2条待处置的预警") || !strings.Contains(lead, "其中严重1条") {
		t.Errorf("lead: %q", lead)
	}
	fujian := page.Find("article.warning").Eq(1)
	if text := fujian.Find(".sentence").Text(); !strings.Contains(text, "连续2年下降") || !strings.Contains(text, "1,080") {
		t.Errorf("sentence: %q", text)
	}
	for _, link := range []string{"/regions/350000", "/indicators/rd_spend", "/targets/test-1-rd_spend",
		"/indicators/rd_spend/history?period=2025&region=350000"} {
		if fujian.Find(`a[href="`+link+`"]`).Length() != 1 {
			t.Errorf("no link to %s", link)
		}
	}
	if since := fujian.Find("header .soft").Text(); since != "自2026-09-30" {
		t.Errorf("since: %q", since)
	}
	if page.Find("form[method=post]").Length() != 0 {
		t.Error("somebody without a login may acknowledge")
	}
	for query, want := range map[string]string{
		"":                                      ofNation + "; " + ofFujian,
		"region=350000":                         ofFujian,
		"region=350000&rule=&severity=":         ofFujian,
		"severity=severe":                       ofNation,
		"since=2026-10-01":                      ofNation,
		"rule=best_pace":                        "",
		"state=acknowledged":                    "",
		"region=350000&state=all&since=2026-09": "400",
		"region=fujian":                         "400",
		"rule=worst":                            "400",
		"as_of=2026-10-01":                      ofFujian,
		"as_of=2026-09-01":                      "",
		"as_of_period=2022":                     "",
	} {
		w := c.get("/warnings?" + query)
		got := rules(document(t, w))
		if w.Code == http.StatusBadRequest {
			got = "400"
		}
		if got != want {
			t.Errorf("%s: %d %q, want %q", query, w.Code, got, want)
		}
		if empty := document(t, w).Find(".empty").Text(); (want == "") != (empty != "") {
			t.Errorf("%s: nothing is said of %q", query, empty)
		}
	}
	if english := c.page("/warnings?lang=en"); !strings.Contains(english.Find(".lead").Text(), "2 warnings are open, 1 of them severe, in 2 regions.") {
		t.Errorf("%q", english.Find(".lead").Text())
	}
}

// TestNoWarnings: an empty list says why.
func TestNoWarnings(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	page := f.client(t).page("/warnings")
	if text := page.Find(".empty").Text(); !strings.HasPrefix(text, "没有预警：") {
		t.Errorf("%q", text)
	}
	if page.Find(".open-count").Length() != 0 || page.Find(".to-warnings").Length() != 1 {
		t.Error("the header counts none")
	}
}

// count is what the header says.
func count(page *goquery.Document) string {
	s := page.Find(".nav .to-warnings .open-count").Clone()
	s.Find(".unseen").Remove()
	return s.Text()
}

func TestHeaderCountsOpenWarnings(t *testing.T) {
	t.Parallel()
	f := warned(t, nil)
	c := f.client(t)
	for _, path := range []string{"/", "/regions", "/regions/350000", "/indicators", "/targets", "/uploads", "/uploads/coverage", "/warnings", "/login", "/?lang=en"} {
		if got := count(c.page(path)); got != "2" {
			t.Errorf("%s: %q", path, got)
		}
	}
	if got := count(document(t, c.get("/nowhere"))); got != "2" {
		t.Errorf("a page that is not there: %q", got)
	}
	past := c.page("/?as_of=2026-10-01")
	if link, _ := past.Find(".to-warnings").Attr("href"); count(past) != "" || link != "/warnings?as_of=2026-10-01" {
		t.Errorf("a past moment: %q %q", count(past), link)
	}
	closed := warned(t, func(c *web.Config) { c.Public = false })
	if closed.client(t).page("/login").Find(".to-warnings").Length() != 0 {
		t.Error("figures that need a login are counted without one")
	}
	if got := count(closed.as(t, "viewer").page("/")); got != "2" {
		t.Errorf("after a login: %q", got)
	}
}

// TestAcknowledge: a note closes a warning, is kept and shown to people with an
// account, and more can be added.
func TestAcknowledge(t *testing.T) {
	t.Parallel()
	f := warned(t, nil)
	anna := f.as(t, "anna")
	page := anna.page("/warnings?severity=elevated")
	if forms := page.Find("article.warning form[method=post]").Length(); forms != 1 {
		t.Fatalf("%d forms", forms)
	}
	action, _ := page.Find("article.warning form").Attr("action")
	if anna.page("/warnings?region=000000").Find("article.warning form").Length() != 0 {
		t.Error("the nation's warning is offered to somebody of Fujian")
	}
	refused := anna.post(action, url.Values{"note": {" \n"}})
	if again := document(t, refused); refused.Code != http.StatusUnprocessableEntity || again.Find(".notice.fault").Length() != 1 ||
		again.Find("details.acknowledge[open] textarea[aria-invalid]").Length() != 1 {
		t.Errorf("an empty note: %d", refused.Code)
	}
	const note = "已核实：<b>企业</b>外迁\n已列入调度"
	w := anna.post(action, url.Values{"note": {note}})
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/warnings?done=") || !strings.Contains(w.Header().Get("Location"), "severity=elevated") {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	done := anna.page(w.Header().Get("Location"))
	if done.Find(".notice.done").Length() != 1 || rules(done) != "" || count(done) != "1" {
		t.Errorf("after it: %q, %q in the header", rules(done), count(done))
	}
	for range 2 { // sent twice, kept once
		if w := anna.post(action, url.Values{"note": {"补充"}}); w.Code != http.StatusSeeOther {
			t.Errorf("one more note: %d", w.Code)
		}
	}
	kept := anna.page("/warnings?state=acknowledged")
	if said := kept.Find(".said"); said.Length() != 2 || !strings.Contains(said.First().Text(), note) || said.Find("b").Length() != 0 ||
		!strings.HasPrefix(strings.TrimSpace(said.First().Text()), "anna 2026-11-23") {
		t.Errorf("kept: %q", said.Text())
	}
	open := f.client(t).page("/warnings?state=all")
	if rules(open) != ofNation+"; "+ofFujian || open.Find(".said").Length() != 0 || open.Find("article .mark").Text() != "已处置" {
		t.Errorf("without a login: %q %q", rules(open), open.Find("article").Text())
	}
	if b := f.client(t).page("/regions/350000").Find(".warnings-block"); b.Length() != 0 {
		t.Error("the region's page still shows it")
	}
}

func TestAcknowledgingNeedsTheRegion(t *testing.T) {
	t.Parallel()
	f := warned(t, nil)
	admin := f.as(t, "admin").page("/warnings?region=000000")
	action, _ := admin.Find("article.warning form").Attr("action")
	for who, want := range map[string]int{"viewer": 403, "auditor": 403, "anna": 403, "reviewer": 403, "admin": 303} {
		if w := f.as(t, who).post(action, url.Values{"note": {"已阅"}}); w.Code != want {
			t.Errorf("%s: %d, want %d", who, w.Code, want)
		}
	}
	if w := f.client(t).post(action, url.Values{"note": {"已阅"}}); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login") {
		t.Errorf("nobody: %d", w.Code)
	}
	if w := f.as(t, "admin").post("/warnings/0000000000000000/acknowledge", url.Values{"note": {"已阅"}}); w.Code != http.StatusNotFound {
		t.Errorf("a warning that is not: %d", w.Code)
	}
	if f.as(t, "admin").page("/warnings?as_of=2026-10-01&state=all").Find("article form").Length() != 0 {
		t.Error("a past moment can be acknowledged")
	}
}

// TestNewReadingsReopen: an acknowledgement silences exactly what it was about.
func TestNewReadingsReopen(t *testing.T) {
	t.Parallel()
	f := warned(t, nil)
	anna := f.as(t, "anna")
	action, _ := anna.page("/warnings?region=350000").Find("article.warning form").Attr("action")
	anna.post(action, url.Values{"note": {"已阅"}})
	again := func(id string, value float64) string {
		f.publish(t, ledger.Upload{ID: id, Uploader: "demo", Released: today}, indicator.Reading{Indicator: "rd_spend", Region: "350000",
			Period: indicator.Year(2025), Value: value, Status: indicator.Normal})
		f.service.Snapshots.Refresh()
		return rules(anna.page("/warnings?region=350000"))
	}
	if got := again("same", 1080); got != "" {
		t.Errorf("the same figure sent once more: %q", got)
	}
	if got := again("other", 1070); got != ofFujian {
		t.Errorf("a new figure: %q", got)
	}
}

func TestWarningsOnPages(t *testing.T) {
	t.Parallel()
	f := warned(t, nil)
	c := f.client(t)
	for path, want := range map[string]string{
		"/regions/350000":                     "连续2年下降",
		"/regions/000000":                     "偏离目标区间中心",
		"/regions/440000":                     "",
		"/targets/test-1-rd_spend":            "连续2年下降",
		"/targets/fujian-decision-2-rd_spend": "", // a proxy
		"/indicators/rd_spend":                "",
		"/":                                   "",
		"/regions/350000?as_of=2026-09-01":    "",
	} {
		block := c.page(path).Find("section.warnings-block")
		if text := block.Text(); (want == "") != (block.Length() == 0) || !strings.Contains(text, want) {
			t.Errorf("%s: %q, want %q", path, text, want)
		}
	}
}

func TestWarningsAsCSV(t *testing.T) {
	t.Parallel()
	f := warned(t, nil)
	anna := f.as(t, "anna")
	action, _ := anna.page("/warnings?region=350000").Find("article.warning form").Attr("action")
	anna.post(action, url.Values{"note": {"=1+1"}})
	for who, want := range map[*client]string{anna: "anna =1+1", f.client(t): ""} {
		body := who.get("/warnings.csv?region=350000&state=all").Body.String()
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%v %q", err, body)
		}
		got := map[string]string{}
		for i, name := range rows[0] {
			got[name] = rows[1][i]
		}
		if got["region_name"] != "福建" || got["open"] != "false" || got["evidence"] != "2023=1100 2024=1090 2025=1080" || !strings.HasSuffix(got["notes"], want) {
			t.Errorf("%q", got)
		}
	}
	if link, _ := anna.page("/warnings?region=350000&state=all").Find(".filters a.file").Attr("href"); link != "/warnings.csv?region=350000&state=all" {
		t.Errorf("the page's file: %q", link)
	}
}

func TestWarningsOverTheAPI(t *testing.T) {
	t.Parallel()
	f := warned(t, nil)
	h := newHeld(t, f)
	type list struct{ Items []export.Warning }
	get := func(query string) []export.Warning {
		var l list
		decode(t, h.send(t, "GET", "/api/v1/warnings?"+query, "", nil), &l)
		return l.Items
	}
	all := get("state=all")
	if len(all) != 2 || all[0].Region != indicator.Nation || all[1].Rule != "wrong_moves" || len(all[1].Evidence) != 3 || !all[1].Open {
		t.Fatalf("%+v", all)
	}
	for query, want := range map[string]int{"": 2, "limit=1": 1, "region=350000,000000": 2, "severity=minor": 0, "rule=wrong_moves&since=2026-10-31": 1,
		"state=acknowledged": 0, "as_of=2026-09-01": 0, "as_of_period=2022": 0} {
		if got := len(get(query)); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	path := "/api/v1/warnings/" + all[1].Key + "/acknowledge"
	h.logIn(t, "anna")
	for body, want := range map[string]int{`{"note":""}`: 422, `{"note":"` + strings.Repeat("字", 1001) + `"}`: 422, `{}`: 422, `{"remark":"x"}`: 400} {
		if w := h.send(t, "POST", path, "application/json", []byte(body)); w.Code != want {
			t.Errorf("%.40s: %d, want %d", body, w.Code, want)
		}
	}
	var told struct{ Item export.Warning }
	w := h.send(t, "POST", path+"?lang=en", "application/json", []byte(`{"note":"已阅"}`))
	if err := json.Unmarshal(w.Body.Bytes(), &told); err != nil || w.Code != http.StatusOK || told.Item.Open || len(told.Item.Notes) != 1 ||
		told.Item.Notes[0].Author != "anna" || !strings.Contains(told.Item.Message, "has fallen") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if got := get("state=acknowledged"); len(got) != 1 || len(got[0].Notes) != 1 {
		t.Errorf("%+v", got)
	}
	h.client, h.token = f.client(t), ""
	if got := get("state=acknowledged"); len(got) != 1 || len(got[0].Notes) != 0 {
		t.Errorf("without an account: %+v", got)
	}
}

// TestReaderShowsWarnings, and nobody can acknowledge there.
func TestReaderShowsWarnings(t *testing.T) {
	t.Parallel()
	var conf web.Config
	f := warned(t, func(c *web.Config) { conf = *c })
	c := f.client(t)
	c.server = f.reading(t, conf)
	if page := c.page("/warnings"); rules(page) != ofNation+"; "+ofFujian || page.Find("form[method=post]").Length() != 0 || count(page) != "2" {
		t.Errorf("%q %q", rules(page), count(page))
	}
}

// TestHeaderOutlastsTheLedger: without the ledger pages keep the last count, and
// are shown all the same before there is any.
func TestHeaderOutlastsTheLedger(t *testing.T) {
	t.Parallel()
	for _, counted := range []bool{true, false} {
		var l *faulty
		f := warnedOver(t, func(inner ledger.Ledger) ledger.Ledger { l = &faulty{Ledger: inner}; return l }, nil)
		c, want := f.client(t), ""
		if counted {
			want = "2"
			c.page("/")
		} else if _, err := f.service.Snapshots.At(t.Context(), time.Time{}, 0); err != nil {
			t.Fatal(err)
		}
		l.away.Store(true)
		f.wait(24 * time.Hour) // another day: they are looked for anew
		if got := count(c.page("/uploads")); got != want {
			t.Errorf("counted before %v: %q, want %q", counted, got, want)
		}
	}
}
