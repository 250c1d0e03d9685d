package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/web"
)

// rising is Fujian's direction target for R&D spending.
const rising = "fujian-decision-2-rd_spend"

func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, indicator.Shanghai)
}

// flipped holds a series that rises and a revision after which its last change is
// a fall: the verdict on rising goes from on track to slightly behind.
func flipped(t *testing.T, change func(*web.Config)) *fixture {
	t.Helper()
	f := newFixture(t, change)
	var readings []indicator.Reading
	for n, v := range []float64{753.7, 842.4, 968.7, 1082.1, 1171.7, 1271.6} {
		readings = append(readings, reading("rd_spend", "350000", 2019+n, v))
	}
	f.publish(t, ledger.Upload{ID: "first", Uploader: "wang", Source: "统计公报", Stage: "年报", Released: on(2025, 3, 1)}, readings...)
	f.wait(time.Second)
	f.publish(t, ledger.Upload{ID: "second", Uploader: "zhao", Source: "修订公告", Stage: "最终核实", Reason: "核实重复填报", Released: on(2025, 9, 1)},
		reading("rd_spend", "350000", 2019, 754), reading("rd_spend", "350000", 2022, 1082.3), reading("rd_spend", "350000", 2024, 1150.5))
	return f
}

func plainText(s *goquery.Selection) string { return words(s.Text()) }

// TestARevisionThatFlipsIsSaidAsExactlyThat: which reading, from what to what, by
// whom, when, in which stage and why; and the day before it still has its verdict.
func TestARevisionThatFlipsIsSaidAsExactlyThat(t *testing.T) {
	t.Parallel()
	c := flipped(t, nil).client(t)
	for lang, want := range map[string][]string{
		"": {"状态由“符合预期”变为“略滞后于预期”，原因是数据修订：2024年研究与试验发展（R&D）经费由1,271.6亿元修订为1,150.5亿元（最终核实，zhao报送，2025年9月1日公布，修订原因：核实重复填报）。",
			"2025年6月30日 ▲ 符合预期 → 2026年11月23日 ◆ 略滞后于预期", "数据修订 原因 ◆ 略滞后于预期", "没有新公布的数据"},
		"&lang=en": {"The status went from “on track” to “slightly behind” because of revisions: R&D expenditure in 2024 was revised from 127.16 billion yuan to 115.05 billion yuan (final verification, uploaded by zhao, released on 1 September 2025, reason: 核实重复填报).",
			"30 June 2025 ▲ on track → 23 November 2026 ◆ slightly behind", "revisions the cause ◆ slightly behind", "no new readings"},
	} {
		page := c.page("/targets/" + rising + "?compare=2025-06-30" + lang)
		why := page.Find("#why")
		got := []string{plainText(why.Find(".sentence")), plainText(why.Find(".verdicts")), plainText(why.Find(".replay li.cause p").First()), plainText(why.Find(".replay li.new_readings .told"))}
		if !slices.Equal(got, want) {
			t.Errorf("%q:\n got %q\nwant %q", lang, got, want)
		}
		if why.Find(".replay li").Length() != 6 || why.Find(".replay li.cause").Length() != 1 || !why.Find(".replay li.cause").Is(".revisions.flips") {
			t.Errorf("%q: the steps are %q", lang, plainText(why.Find(".replay")))
		}
		own := why.Find("tr.own")
		if why.Find("tbody tr").Length() != 3 || own.Length() != 1 {
			t.Fatalf("%q: %d readings, %d of them decide", lang, why.Find("tbody tr").Length(), own.Length())
		}
		for _, cell := range []string{"2024", "1,271.6", "1,150.5", "−121.1", "修订公告", "zhao", "2025-09-01", "核实重复填报"} {
			if !strings.Contains(plainText(own), cell) {
				t.Errorf("%q: the row of the reading lacks %q: %q", lang, cell, plainText(own))
			}
		}
		history, _ := own.Find(`a[href*="/history?"]`).Attr("href")
		if text := c.page(history).Find("#vintages").Text(); !strings.Contains(text, "1,150.5") {
			t.Errorf("%q: %s does not lead to the vintages", lang, history)
		}
		then, _ := why.Find(`a[href*="as_of=2025-06-30"]`).Attr("href")
		if past := c.page(then); past.Find("article.track > header .status.on_track").Length() != 1 || past.Find("article.track > header .status.at_risk").Length() != 0 {
			t.Errorf("%q: %s does not give the former verdict", lang, then)
		}
	}
}

// TestWhyWithoutAScript: the form alone leads to the comparison and keeps what the
// address keeps.
func TestWhyWithoutAScript(t *testing.T) {
	t.Parallel()
	f := flipped(t, nil)
	c := f.client(t)
	target := f.national(t, indicator.Grow)
	d := c.page("/targets/" + target.ID + "?region=350000&lang=en&as_of=2026-06-30")
	form := d.Find("#why form")
	if method, action := form.AttrOr("method", ""), form.AttrOr("action", ""); method != "get" || action != "/targets/"+target.ID+"#why" {
		t.Errorf("the form: %s %s", method, action)
	}
	if day := form.Find(`input[type="date"][name="compare"]`).AttrOr("value", ""); day != "2025-06-30" {
		t.Errorf("the day offered is %q, want a year before the as of", day)
	}
	for name, value := range map[string]string{"lang": "en", "as_of": "2026-06-30"} {
		if got := form.Find(`input[name="`+name+`"]`).AttrOr("value", ""); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if got := form.Find(`select[name="region"] option[selected]`).AttrOr("value", ""); got != "350000" {
		t.Errorf("the region chosen is %q", got)
	}
	if d.Find("#why .replay").Length() != 0 || d.Find("#why .sentence").Length() != 0 {
		t.Error("something is compared that nobody asked for")
	}
	statement := c.page("/targets/fujian-decision-1-statement?compare=2025-06-30")
	if statement.Find("#why").Length() != 0 {
		t.Error("a statement has a verdict that could change")
	}
}

func TestWhyNothingChanged(t *testing.T) {
	t.Parallel()
	c := flipped(t, nil).client(t)
	for query, want := range map[string]string{
		"?compare=2025-10-01&as_of=2025-12-01":         "状态未变，仍为“略滞后于预期”。两个时点之间，数据、目标和方法都没有变化。",
		"?compare=2025-10-01&as_of=2025-12-01&lang=en": "The status stayed “slightly behind”. Between the two moments neither readings nor target nor method changed.",
		"?compare=2025-01-01&as_of=2025-02-01":         "状态未变，仍为“暂不评估”（数据不足）。两个时点之间，数据、目标和方法都没有变化。",
		"?compare=2025-02-01&as_of=2025-06-30":         "状态由“暂不评估”（数据不足）变为“符合预期”，原因是新公布数据：2019年研究与试验发展（R&D）经费753.7亿元；2023年研究与试验发展（R&D）经费1,171.7亿元；2024年研究与试验发展（R&D）经费1,271.6亿元（以上均为年报，wang报送，2025年3月1日公布）（共同所致，任何一个单独都得不出这一状态）。",
	} {
		if got := plainText(c.page("/targets/" + rising + query).Find("#why .sentence")); got != want {
			t.Errorf("%s:\n got %s\nwant %s", query, got, want)
		}
	}
	for query, says := range map[string]string{
		"?compare=yesterday":                   "2024-06-01",
		"?compare=2030-01-01":                  "应早于",
		"?compare=2025-06-30&as_of=2025-06-30": "应早于",
		"?compare=yesterday&lang=en":           "must be a date",
	} {
		w := c.get("/targets/" + rising + query)
		if w.Code != http.StatusBadRequest || !strings.Contains(plainText(document(t, w).Find("main")), says) {
			t.Errorf("%s: %d\n%s", query, w.Code, plainText(document(t, w).Find("main")))
		}
	}
}

// TestWhyAReadingTakenBack: a revert is no revision.
func TestWhyAReadingTakenBack(t *testing.T) {
	t.Parallel()
	f := flipped(t, nil)
	before := f.clock().Format(time.RFC3339Nano)
	f.wait(24 * time.Hour)
	if _, err := f.ledger.Revert(context.Background(), "second", "li", "填错地区"); err != nil {
		t.Fatal(err)
	}
	f.wait(time.Hour)
	why := f.client(t).page("/targets/" + rising + "?compare=" + strings.ReplaceAll(before, "+", "%2B")).Find("#why")
	want := "状态由“略滞后于预期”变为“符合预期”，原因是数据撤回：2024年研究与试验发展（R&D）经费原为1,150.5亿元，已于2026年11月24日由li撤回（填错地区），恢复为1,271.6亿元。"
	if got := plainText(why.Find(".sentence")); got != want || !why.Find("li.cause").Is(".taken_back") {
		t.Errorf("got %s, %s", got, plainText(why.Find("li.cause")))
	}
	if row := plainText(why.Find("tr.own")); !strings.Contains(row, "2026年11月24日由li撤回：填错地区") {
		t.Errorf("the row of the reading: %s", row)
	}
}

// changedTargets is the built-in catalogue and one of an earlier day, in which the
// target has another id, or is not there at all.
func changedTargets(t *testing.T, former string) func(*web.Config) {
	t.Helper()
	built, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	old, now := *built.Catalog, *built.Catalog
	old.Targets, now.Targets = slices.Clone(old.Targets), slices.Clone(now.Targets)
	i := slices.IndexFunc(now.Targets, func(t indicator.Target) bool { return t.ID == rising })
	if former == "" {
		old.Targets = slices.Delete(old.Targets, i, i+1)
	} else {
		record := now.Targets[i]
		record.ID, record.Direction = former, indicator.Down
		old.Targets[i] = record
		record.SupersededBy = rising
		now.Targets = append(now.Targets, record)
	}
	old.Index()
	now.Index()
	return func(c *web.Config) {
		c.Catalog = func() *indicator.Catalog { return &now }
		c.Catalogues = past{&old}
	}
}

func TestWhyATargetWasRecordedAnew(t *testing.T) {
	t.Parallel()
	c := flipped(t, changedTargets(t, "former-rd_spend")).client(t)
	why := c.page("/targets/" + rising + "?compare=2025-10-01").Find("#why")
	want := "状态由“滞后于预期”变为“略滞后于预期”，原因是目标调整：期望方向由下降改为上升。当时的目标编号为former-rd_spend，后由本目标取代。"
	if got := plainText(why.Find(".sentence")); got != want {
		t.Errorf("got %s", got)
	}
}

func TestWhyATargetThatWasNotThere(t *testing.T) {
	t.Parallel()
	c := flipped(t, changedTargets(t, "")).client(t)
	why := c.page("/targets/" + rising + "?compare=2025-10-01").Find("#why")
	if got := plainText(why.Find(".sentence")); got != "2025年10月1日时还没有这项目标，无从比较；目前状态为“略滞后于预期”。" || why.Find(".replay").Length() != 0 {
		t.Errorf("got %s", plainText(why))
	}
}

// TestChangesOfTheAPI: the same comparison, held to its description.
func TestChangesOfTheAPI(t *testing.T) {
	t.Parallel()
	f := flipped(t, nil)
	h := newHeld(t, f)
	path := "/api/v1/targets/" + rising + "/changes"
	var got struct {
		Compare string
		Items   []struct {
			Cause  string
			Before struct{ Status string }
			After  struct{ Status string }
			Steps  []struct {
				Kind     string
				Flips    bool
				Readings []struct {
					Period      string
					Before      struct{ Value float64 }
					After       struct{ Reason, Uploader string }
					Used, Alone bool
				}
			}
		}
	}
	w := h.send(t, "GET", path+"?compare=2025-06-30&region=350000", "", nil)
	decode(t, w, &got)
	if len(got.Items) != 1 || got.Items[0].Cause != "revisions" || got.Items[0].Before.Status != "on_track" || got.Items[0].After.Status != "at_risk" {
		t.Fatalf("%+v", got)
	}
	revisions := got.Items[0].Steps[1]
	last := revisions.Readings[2]
	if revisions.Kind != "revisions" || !revisions.Flips || len(revisions.Readings) != 3 || last.Period != "2024" || !last.Alone || !last.Used ||
		last.Before.Value != 1271.6 || last.After.Uploader != "zhao" || last.After.Reason != "核实重复填报" {
		t.Errorf("%+v", revisions)
	}
	if revisions.Readings[0].Alone || !revisions.Readings[0].Used || revisions.Readings[1].Used {
		t.Errorf("2019 is used and 2022 is not: %+v", revisions.Readings)
	}
	r, tag := h.get(path+"?compare=2025-06-30&region=350000"), w.Header().Get("ETag")
	if r.Header().Get("ETag") != tag || h.get(path+"?compare=2025-10-01&region=350000").Code != http.StatusOK {
		t.Errorf("tag %s, then %s", tag, r.Header().Get("ETag"))
	}
	for query, code := range map[string]int{"": 400, "?compare=": 400, "?compare=soon": 400, "?compare=2030-01-01": 400,
		"?compare=2025-06-30&region=999999": 400, "?compare=2025-06-30&method=luck": 400, "?compare=2025-06-30&method=schedule": 200,
		"?compare=2025-06-30&as_of=2025-06-01": 400, "?compare=2025-06-30&as_of=2025-12-01&as_of_period=2023": 200} {
		if w := h.send(t, "GET", path+query, "", nil); w.Code != code {
			t.Errorf("%s: %d, want %d: %s", query, w.Code, code, w.Body)
		}
	}
	if w := h.send(t, "GET", "/api/v1/targets/nothing/changes?compare=2025-06-30", "", nil); w.Code != http.StatusNotFound {
		t.Errorf("an unknown target: %d", w.Code)
	}
	newer := newHeld(t, flipped(t, changedTargets(t, "")))
	if w := newer.send(t, "GET", path+"?compare=2025-06-30", "", nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"before":null`) {
		t.Errorf("a target that was not there: %d %s", w.Code, w.Body)
	}
}
