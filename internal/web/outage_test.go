package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/web"
)

// faulty is a real ledger that can be away, and can lose a year of an indicator.
type faulty struct {
	ledger.Ledger
	away atomic.Bool
	lost atomic.Pointer[string] // indicator whose 2024 is gone
}

var errAway = fmt.Errorf("%w: dial tcp 192.0.2.1:8086: connection refused", ledger.ErrUnavailable)

func (l *faulty) Version(ctx context.Context) (ledger.Version, error) {
	if l.away.Load() {
		return 0, errAway
	}
	return l.Ledger.Version(ctx)
}

func (l *faulty) History(ctx context.Context) (ledger.History, error) {
	if l.away.Load() {
		return ledger.History{}, errAway
	}
	return l.Ledger.History(ctx)
}

func (l *faulty) Publish(ctx context.Context, u ledger.Upload, r []indicator.Reading) (ledger.Publication, error) {
	if l.away.Load() {
		return ledger.Publication{}, errAway
	}
	return l.Ledger.Publish(ctx, u, r)
}

func (l *faulty) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	return func(yield func(ledger.Vintage, error) bool) {
		if l.away.Load() {
			yield(ledger.Vintage{}, errAway)
			return
		}
		lost := l.lost.Load()
		for v, err := range l.Ledger.Vintages(ctx, q) {
			if err == nil && lost != nil && v.Indicator == *lost && v.Period == indicator.Year(2024) {
				continue
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

func (l *faulty) lose(code string) { l.lost.Store(&code) }

// trial is a server over a faulty ledger, and what it wrote into its log.
type trial struct {
	*fixture
	faulty *faulty
	log    *bytes.Buffer
}

// inTrial runs a test in which the time of polls and pauses passes by itself.
func inTrial(t *testing.T, test func(*testing.T, *trial)) {
	t.Helper()
	t.Parallel()
	if _, err := builtIn(); err != nil { // what is shared is made outside
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		own := &trial{faulty: &faulty{}, log: &bytes.Buffer{}}
		own.fixture = newFixtureOver(t, func(l ledger.Ledger) ledger.Ledger { own.faulty.Ledger = l; return own.faulty },
			func(c *web.Config) { c.Logger = slog.New(slog.NewJSONHandler(own.log, nil)) })
		test(t, own)
		synctest.Wait()
	})
}

// pause lets the cache poll when the next page is asked for.
func pause() { time.Sleep(5 * time.Second) }

// lines are the log's lines but for those of requests.
func (tr *trial) lines(message string) int {
	synctest.Wait()
	return strings.Count(tr.log.String(), message)
}

func notices(c *client, path, class string) (texts []string) {
	c.t.Helper()
	c.page(path).Find(".notice." + class).Each(func(_ int, s *goquery.Selection) { texts = append(texts, s.Text()) })
	return texts
}

// TestOutageIsSaid: while the ledger is away every page with figures is there
// and says of when they are, in both languages; answers to programs say it in a
// header; it is over without a restart.
func TestOutageIsSaid(t *testing.T) {
	inTrial(t, func(t *testing.T, tr *trial) {
		tr.fill(t, "rd_spend", "manufacturing_share")
		c := tr.client(t)
		pages := []string{"/", "/regions/350000", "/indicators/rd_spend", "/targets", "/uploads", "/uploads/fill-00"}
		for _, path := range pages {
			if got := notices(c, path, "stale"); len(got) != 0 {
				t.Errorf("%s before: %q", path, got)
			}
		}
		tr.faulty.away.Store(true)
		pause()
		c.page("/")
		for range 3 {
			for _, path := range pages {
				for query, want := range map[string]string{
					"lang=zh": "以下为 2026-11-23 10:00 时的数据", "lang=en": "the figures of 2026-11-23 10:00"} {
					got := notices(c, path+addTo(path, query), "stale")
					if len(got) != 1 || !strings.Contains(got[0], want) || strings.Contains(got[0], "192.0.2.1") {
						t.Errorf("%s %s: %q, want %q", path, query, got, want)
					}
				}
			}
			pause()
		}
		w := c.get("/api/v1/readings?indicator=rd_spend&region=350000")
		if h := w.Header().Get("Dabiao-Notice"); w.Code != http.StatusOK || !strings.HasPrefix(h, "stale; since=20") || !strings.HasSuffix(h, "; reason=unreachable") {
			t.Errorf("the API: %d, notice %q", w.Code, h)
		}
		var answer struct{ Version int64 }
		decode(t, w, &answer)
		if h := c.get(fmt.Sprintf("/api/v1/readings?indicator=rd_spend&version=%d", answer.Version)).Header().Get("Dabiao-Notice"); h != "" {
			t.Errorf("an answer asked for by its version: notice %q", h)
		}
		if got := ready(t, c); got.code != http.StatusOK || !got.Ready || len(got.Warnings) != 1 || len(got.Faults) != 0 {
			t.Errorf("/readyz: %+v", got)
		}
		tr.faulty.away.Store(false)
		pause()
		for _, path := range pages {
			c.page(path)
			synctest.Wait()
			if got := notices(c, path, "stale"); len(got) != 0 {
				t.Errorf("%s afterwards: %q", path, got)
			}
		}
		if h := c.get("/api/v1/readings").Header().Get("Dabiao-Notice"); h != "" {
			t.Errorf("afterwards: notice %q", h)
		}
		if tr.lines("the ledger cannot be reached") != 1 || tr.lines("the ledger can be reached again") != 1 {
			t.Errorf("log:\n%s", tr.log)
		}
	})
}

// TestWritesDuringAnOutage are refused in words, and the draft waits; a file is
// taken as a draft all the same.
func TestWritesDuringAnOutage(t *testing.T) {
	inTrial(t, func(t *testing.T, tr *trial) {
		tr.fill(t, "manufacturing_share")
		anna := tr.as(t, "anna")
		id := anna.stage("fujian.csv", fujianFile)
		anna.page("/")
		tr.faulty.away.Store(true)
		pause()
		anna.page("/")
		synctest.Wait()
		w := anna.post("/uploads/"+id+"/submit", nil)
		if text := document(t, w).Find(".lead").Text(); w.Code != http.StatusServiceUnavailable || !strings.Contains(text, "草稿没有变化") {
			t.Errorf("submit: %d %q", w.Code, text)
		}
		d := anna.page("/uploads/" + id)
		if text := d.Find("#step-3").Text(); !strings.Contains(text, "提交和发布时会重新比较") || d.Find(`button[value=submit]`).Length() != 1 {
			t.Errorf("the draft's page: %q", text)
		}
		if text := d.Find("#step-4").Text(); !strings.Contains(text, "新增") || d.Find(".notice.stale").Length() != 1 {
			t.Errorf("what was last read of the ledger is not compared with: %q", text)
		}
		later := anna.stage("later.csv", strings.ReplaceAll(fujianFile, "2024", "2022"))
		tr.faulty.away.Store(false)
		pause()
		for _, id := range []string{id, later} {
			if w := anna.post("/uploads/"+id+"/submit", nil); w.Code != http.StatusSeeOther {
				t.Errorf("submit afterwards: %d %s", w.Code, w.Body)
			}
		}
	})
}

// TestStartDuringAnOutage: what is kept here can be seen and added to before
// anything was read of the ledger.
func TestStartDuringAnOutage(t *testing.T) {
	inTrial(t, func(t *testing.T, tr *trial) {
		tr.faulty.away.Store(true)
		anna := tr.as(t, "anna")
		id := anna.stage("fujian.csv", fujianFile)
		for lang, want := range map[string][]string{"zh": {"只显示保存在本服务器上的批次", "尚未与已发布的数据比较", "下面不列差异"},
			"en": {"only the uploads that are kept on this server", "was not compared", "is not listed below"}} {
			if got := notices(anna, "/uploads?lang="+lang, "stale"); len(got) != 1 || !strings.Contains(got[0], want[0]) {
				t.Errorf("the list: %q", got)
			}
			d := anna.page("/uploads/" + id + "?lang=" + lang)
			if text := d.Find("main").Text(); !strings.Contains(text, want[0]) || !strings.Contains(text, want[1]) || !strings.Contains(text, want[2]) {
				t.Errorf("the draft: %s", text)
			}
		}
		if list := anna.page("/uploads").Find("tbody tr").Text(); !strings.Contains(list, "fujian.csv") {
			t.Errorf("the list: %s", list)
		}
		h := newHeld(t, tr.fixture)
		h.logIn(t, "anna")
		var kept answer
		w := h.upload(t, "again.csv", strings.ReplaceAll(fujianFile, "2024", "2022"), nil)
		decode(t, w, &kept)
		if w.Code != http.StatusCreated || kept.Upload == nil || len(kept.Problems) != 1 || kept.Problems[0].Code != "not_compared" {
			t.Errorf("a file over the API: %d %s", w.Code, w.Body)
		}
		tr.faulty.away.Store(false)
		pause()
		if w := anna.post("/uploads/"+id+"/submit", nil); w.Code != http.StatusSeeOther {
			t.Errorf("submit afterwards: %d %s", w.Code, w.Body)
		}
		if d := anna.page("/uploads/" + id); d.Find(".notice.stale, .notice.fault, #problems").Length() != 0 {
			t.Errorf("afterwards: %s", d.Find("main").Text())
		}
	})
}

// TestDamagedPublishIsHeldBack: a publish that does not add up does not reach
// the pages, which say so until it is taken back.
func TestDamagedPublishIsHeldBack(t *testing.T) {
	inTrial(t, func(t *testing.T, tr *trial) {
		tr.fill(t, "rd_spend", "manufacturing_share")
		c := tr.client(t)
		before := c.page("/indicators/rd_spend").Find("#ranking").Text()
		tr.faulty.lose("rd_spend")
		tr.wait(time.Hour)
		tr.publish(t, ledger.Upload{ID: "half", Uploader: "demo"}, reading("rd_spend", "350000", 2023, 1), reading("rd_spend", "350000", 2024, 2))
		pause()
		for _, path := range []string{"/indicators/rd_spend", "/regions/350000", "/indicators/manufacturing_share"} {
			for query, want := range map[string]string{
				"lang=zh": "报送批次 half 的“研究与试验发展（R&D）经费”应有 2 条数据，实有 1 条",
				"lang=en": "upload half should have 2 readings of"} {
				if got := strings.Join(notices(c, path+"?"+query, "stale"), "\n"); !strings.Contains(got, want) || !strings.Contains(got, "2026-11-23 10:00") {
					t.Errorf("%s %s: %q, want %q", path, query, got, want)
				}
			}
		}
		if after := c.page("/indicators/rd_spend").Find("#ranking").Text(); after != before {
			t.Error("the page shows other figures")
		}
		w := c.get("/api/v1/readings?indicator=rd_spend")
		if h := w.Header().Get("Dabiao-Notice"); w.Code != http.StatusOK || !strings.HasSuffix(h, "; reason=damage") {
			t.Errorf("the API: %d, notice %q", w.Code, h)
		}
		if got := ready(t, c); got.code != http.StatusOK || len(got.Warnings) == 0 || !strings.Contains(got.Warnings[0].EN, "upload") {
			t.Errorf("/readyz: %+v", got)
		}
		admin := tr.as(t, "admin")
		admin.page("/uploads/half")
		if w := admin.post("/uploads/half/revert", nil); w.Code != http.StatusSeeOther {
			t.Fatalf("revert: %d %s", w.Code, w.Body)
		}
		tr.faulty.lost.Store(nil) // the fill lost its 2024 as well
		pause()
		if got := notices(c, "/indicators/rd_spend", "stale"); len(got) != 0 {
			t.Errorf("afterwards: %q", got)
		}
		if n := tr.lines(`"upload":"half"`); n != 2 || !strings.Contains(tr.log.String(), `"rows_said":2,"rows_came":1`) {
			t.Errorf("%d lines about the damaged upload, want one at its beginning and one at its end:\n%s", n, tr.log)
		}
	})
}

// TestFreshStartOnDamage: only what is about the damaged indicator says so, and
// shows none of its figures; programs get it refused by name.
func TestFreshStartOnDamage(t *testing.T) {
	inTrial(t, func(t *testing.T, tr *trial) {
		tr.fill(t, "rd_spend", "manufacturing_share")
		tr.faulty.lose("rd_spend")
		c := tr.client(t)
		for path, want := range map[string]bool{"/": true, "/regions/350000": true, "/indicators/rd_spend": true,
			"/targets": true, "/indicators/manufacturing_share": false} {
			for _, lang := range []string{"zh", "en"} {
				got := notices(c, path+"?lang="+lang, "damage")
				if said := len(got) == 1 && strings.Contains(got[0], "fill-00"); said != want {
					t.Errorf("%s in %s: %q", path, lang, got)
				}
			}
		}
		d := c.page("/indicators/rd_spend")
		if figures := d.Find(".chart, td.number").Length(); figures != 0 || d.Find("#ranking .empty").Length() != 1 {
			t.Errorf("%d figures and charts on the damaged indicator's page", figures)
		}
		if c.page("/indicators/manufacturing_share").Find("td.number").Length() == 0 {
			t.Error("the other indicator shows nothing")
		}
		h := newHeld(t, tr.fixture)
		for path, want := range map[string]int{
			"readings": 503, "readings?indicator=rd_spend": 503, "readings?indicator=manufacturing_share": 200, "readings?format=csv": 503,
			"readings?vintages=all": 503, "readings?vintages=all&indicator=manufacturing_share": 200, "assessments": 503, "indicators": 200,
			"forecasts": 503, "forecasts?format=csv&indicator=rd_spend": 503, "forecasts?indicator=manufacturing_share": 200} {
			w := h.send(t, "GET", "/api/v1/"+path, "", nil)
			if w.Code != want || want == 503 && !strings.Contains(w.Body.String(), "fill-00") {
				t.Errorf("%s: %d, want %d: %.300s", path, w.Code, want, w.Body)
			}
		}
		if got := ready(t, c); got.code != http.StatusServiceUnavailable || len(got.Faults) != 1 || !strings.Contains(got.Faults[0].ZH, "fill-00") {
			t.Errorf("/readyz: %+v", got)
		}
		tr.faulty.lost.Store(nil)
		pause()
		c.page("/")
		synctest.Wait()
		if got := notices(c, "/indicators/rd_spend", "damage"); len(got) != 0 {
			t.Errorf("mended: %q", got)
		}
		if got := ready(t, c); got.code != http.StatusOK || len(got.Warnings) != 0 {
			t.Errorf("/readyz mended: %+v", got)
		}
		if tr.lines(`the ledger does not add up"`) != 1 || tr.lines("the ledger adds up again") != 1 {
			t.Errorf("log:\n%s", tr.log)
		}
	})
}

type readyAnswer struct {
	code             int
	Ready            bool
	Faults, Warnings []indicator.Text
}

func ready(t *testing.T, c *client) (got readyAnswer) {
	t.Helper()
	w := c.get("/readyz")
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	got.code = w.Code
	return got
}
