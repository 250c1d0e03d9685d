package web_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/web"
)

// revised has one figure in two vintages, one withdrawn, and one in another region.
func revised(t *testing.T, change func(*web.Config)) *fixture {
	t.Helper()
	f := newFixture(t, change)
	day := func(month time.Month) time.Time { return time.Date(2025, month, 1, 0, 0, 0, 0, indicator.Shanghai) }
	f.publish(t, ledger.Upload{ID: "first", Uploader: "demo", Released: day(3)},
		reading("rd_spend", "350000", 2023, 1100), reading("rd_spend", "350000", 2024, 1200))
	f.wait(time.Second)
	hidden := reading("rd_spend", "350000", 2024, 0)
	hidden.Status = indicator.Missing
	f.publish(t, ledger.Upload{ID: "second", Uploader: "demo", Released: day(9), Reason: "核实"},
		reading("rd_spend", "350000", 2023, 1171.7), hidden, reading("rd_spend", "110000", 2023, 2947))
	return f
}

// cells are upload and value of every reading of an answer.
func cells(t *testing.T, h *held, query string) []string {
	t.Helper()
	var got list
	decode(t, h.send(t, "GET", "/api/v1/readings"+query, "", nil), &got)
	rows := make([]string, 0, len(got.Items))
	for _, item := range got.Items {
		rows = append(rows, fmt.Sprint(item["region"], " ", item["period"], " ", item["value"], " ", item["upload"]))
	}
	return rows
}

func TestReadingsAtPastMoments(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	h := newHeld(t, f)
	newest, err := f.ledger.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	earlier := fmt.Sprint("?region=350000&version=", newest-1)
	for query, want := range map[string][]string{
		"?region=350000":                             {"350000 2023 1171.7 second", "350000 2024 <nil> second"},
		"?region=350000,110000&to=2023":              {"110000 2023 2947 second", "350000 2023 1171.7 second"},
		"?as_of=2025-06-30":                          {"350000 2023 1100 first", "350000 2024 1200 first"},
		"?as_of=2025-02-28T23:59:59%2B08:00":         {},
		earlier:                                      {"350000 2023 1100 first", "350000 2024 1200 first"},
		"?region=350000&vintages=all&to=2023":        {"350000 2023 1100 first", "350000 2023 1171.7 second"},
		"?vintages=all&as_of=2025-06-30&from=2024":   {"350000 2024 1200 first"},
		"?region=350000&vintages=all&limit=1":        {"350000 2023 1100 first"},
		"?region=350000&from=2024-Q1&to=2024":        {"350000 2024 <nil> second"},
		"?region=350000&as_of_period=2023":           {"350000 2023 1171.7 second"},
		"?region=350000&as_of_period=2024&to=2023":   {"350000 2023 1171.7 second"},
		"?indicator=rd_intensity":                    {},
		"?indicator=rd_intensity,rd_spend&from=2025": {},
	} {
		if diff := cmp.Diff(want, cells(t, h, query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

// TestCSVIsTheExport: the same bytes as the command line writes.
func TestCSVIsTheExport(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	h := newHeld(t, f)
	snap, err := snapshot.New(f.ledger).At(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for query, rows := range map[string]iter.Seq2[snapshot.Row, error]{
		"":              snap.Readings(t.Context(), snapshot.Selection{}),
		"&vintages=all": snap.Vintages(t.Context(), snapshot.Selection{}),
	} {
		var want bytes.Buffer
		if err := export.WriteCSV(&want, f.catalog, export.Rows(rows), export.Options{Vintages: query != ""}); err != nil {
			t.Fatal(err)
		}
		w := h.send(t, "GET", "/api/v1/readings?format=csv"+query, "", nil)
		if diff := cmp.Diff(want.String(), w.Body.String()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
		if rows, err := csv.NewReader(w.Body).ReadAll(); err != nil || len(rows) < 4 {
			t.Errorf("%q: %d rows, %v", query, len(rows), err)
		}
	}
}

func TestAssessmentsAtPastMoments(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	const path = "/api/v1/assessments?target=fujian-decision-2-rd_spend&region=350000&method=pace@1"
	latest := func(query string) any {
		t.Helper()
		var got list
		decode(t, h.send(t, "GET", path+query, "", nil), &got)
		if len(got.Items) != 1 {
			t.Fatalf("%s: %v", query, got.Items)
		}
		if point, ok := got.Items[0]["latest"].(map[string]any); ok {
			return point["period"]
		}
		return got.Items[0]["latest"]
	}
	for query, want := range map[string]any{"": "2024", "&as_of_period=2020": "2020", "&as_of=2025-09-29": nil, "&as_of=2025-09-30": "2024"} {
		if got := latest(query); got != want {
			t.Errorf("%q: the latest reading is %v, want %v", query, got, want)
		}
	}
}

// TestAssessmentsByEveryMethod: what the document lists is answered, and nothing
// else is listed.
func TestAssessmentsByEveryMethod(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	doc, _ := description(t)
	schema := doc.Paths.Find("/api/v1/assessments").Get.Parameters.GetByInAndName("query", "method").Schema.Value
	if listed := fmt.Sprint(schema.Enum...); listed != fmt.Sprint(anyOf(assess.MethodNames())...) {
		t.Errorf("the document lists %v, the methods are %v", listed, assess.MethodNames())
	}
	for _, m := range assess.Methods() {
		for _, name := range []string{m.Name, m.ID()} {
			var got list
			decode(t, h.send(t, "GET", "/api/v1/assessments?target=fujian-decision-2-rd_spend&region=350000&method="+name, "", nil), &got)
			if len(got.Items) != 1 || got.Items[0]["method"] != m.Name || got.Items[0]["method_version"] != float64(m.Version) {
				t.Errorf("%s: %v", name, got.Items)
			}
		}
	}
}

func anyOf(names []string) []any {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return list
}

// past is a catalogue of an earlier day, as a history keeps it.
type past struct{ catalog *indicator.Catalog }

func (p past) ByHash(_ context.Context, hash string) (*indicator.Catalog, bool, error) {
	return p.catalog, hash == p.catalog.Hash(), nil
}

func (p past) At(context.Context, time.Time) (*indicator.Catalog, error) { return p.catalog, nil }

func TestPastCatalogue(t *testing.T) {
	t.Parallel()
	built, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	old := *built.Catalog
	old.Targets = slices.Clone(old.Targets[:3])
	old.Index()
	h := newHeld(t, newFixture(t, func(c *web.Config) { c.Catalogues = past{&old} }))
	for query, want := range map[string]struct {
		hash string
		all  bool
	}{
		"":                         {built.Catalog.Hash(), true},
		"?as_of=2026-01-01":        {old.Hash(), false},
		"?catalogue=" + old.Hash(): {old.Hash(), false},
		"?as_of=2026-01-01&catalogue=" + built.Catalog.Hash(): {built.Catalog.Hash(), true},
	} {
		var got list
		decode(t, h.send(t, "GET", "/api/v1/targets"+query, "", nil), &got)
		if got.Catalogue != want.hash || len(got.Items) > 3 != want.all {
			t.Errorf("%q: catalogue %s with %d targets", query, got.Catalogue, len(got.Items))
		}
	}
}

// TestETags: the same question has the same tag until something it depends on moves.
func TestETags(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	c := f.client(t)
	ask := func(path, known string) (int, string) {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, path, nil)
		if known != "" {
			r.Header.Set("If-None-Match", known)
		}
		w := c.do(r)
		if w.Code == http.StatusNotModified && w.Body.Len() > 0 {
			t.Errorf("%s: 304 with a body", path)
		}
		return w.Code, w.Header().Get("ETag")
	}
	for _, path := range []string{"/api/v1/indicators", "/api/v1/targets/fujian-decision-2-rd_spend", "/api/v1/readings?region=350000",
		"/api/v1/readings?format=csv", "/api/v1/assessments?region=350000", "/api/v1/forecasts?region=350000", "/api/v1/bundle.zip"} {
		_, tag := ask(path, "")
		if status, _ := ask(path, tag); tag == "" || status != http.StatusNotModified {
			t.Errorf("%s: tag %q, asked again %d", path, tag, status)
		}
		if status, _ := ask(path, `"other", W/`+tag); status != http.StatusNotModified {
			t.Errorf("%s: among others %d", path, status)
		}
		if status, other := ask(path, `"other"`); status != http.StatusOK || other != tag {
			t.Errorf("%s: with another tag %d %s", path, status, other)
		}
		if _, other := ask(path+addTo(path, "as_of=2025-12-31"), ""); other == tag {
			t.Errorf("%s: the tag does not depend on the as of", path)
		}
	}
	_, readings := ask("/api/v1/readings", "")
	_, verdicts := ask("/api/v1/assessments", "")
	f.wait(24 * time.Hour)
	if status, _ := ask("/api/v1/readings", readings); status != http.StatusNotModified {
		t.Errorf("readings on another day: %d", status)
	}
	if status, _ := ask("/api/v1/assessments", verdicts); status != http.StatusOK {
		t.Errorf("verdicts on another day: %d", status)
	}
	if w := c.get("/api/v1/readings?region=none"); w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a refusal may be kept: %v", w.Header())
	}
	if w := c.get("/api/v1/uploads"); w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("uploads, which depend on who asks, may be kept: %v", w.Header())
	}
}

func TestETagFollowsTheLedger(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.publish(t, ledger.Upload{ID: "a", Uploader: "demo"}, reading("rd_spend", "350000", 2023, 1))
	before := f.client(t).get("/api/v1/readings").Header().Get("ETag")
	h := newHeld(t, f)
	h.logIn(t, "admin")
	if w := h.send(t, "POST", "/api/v1/uploads/a/revert", "", nil); w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	if after := f.client(t).get("/api/v1/readings").Header().Get("ETag"); after == before {
		t.Error("the tag stayed when the readings changed")
	}
}

// TestParametersOneByOne adds to the table of bad parameters those that are bad
// by their number, and names the parameter in the member for it.
func TestParametersOneByOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	h := newHeld(t, f)
	for path, parameter := range map[string]string{
		"readings?format=csv&format=json":          "format",
		"readings?from=2024&to=2020":               "from",
		"readings?indicator=":                      "indicator",
		"readings?indicator=rd_spend,,gdp":         "indicator",
		"readings?indicator=rd_spend,none":         "indicator",
		"readings?vintages=some":                   "vintages",
		"readings?limit=0":                         "limit",
		"readings?limit=1.5":                       "limit",
		"readings?version=-1":                      "version",
		"readings?version=1&version=2":             "version",
		"readings?version=99999999999999":          "version",
		"readings?catalogue=0000000000000000":      "catalogue",
		"readings?as_of=2024-02-30":                "as_of",
		"targets?as_of_period=2024":                "as_of_period",
		"readings?lang=fr":                         "lang",
		"assessments?target=none":                  "target",
		"assessments?as_of_period=last":            "as_of_period",
		"bundle.zip?region=350000":                 "region",
		"indicators?topic=none":                    "topic",
		"regions?level=village":                    "level",
		"regions?parent=none":                      "parent",
		"targets?kind=wish":                        "kind",
		"targets?document=none":                    "document",
		"targets?indicator=none":                   "indicator",
		"documents?title=x":                        "title",
		"uploads?state=lost":                       "state",
		"uploads?region=350000,110000":             "region",
		"uploads?as_of=2024-01-01":                 "as_of",
		"session?name=x":                           "name",
		"openapi.yaml?format=json":                 "format",
		"indicators/rd_spend?limit=1":              "limit",
		"readings?indicator=%3Cscript%3E&limit=10": "indicator",
	} {
		w := h.send(t, "GET", "/api/v1/"+path, "", nil)
		var got struct{ Parameter, Code string }
		decode(t, w, &got)
		if w.Code != http.StatusBadRequest || got.Parameter != parameter || got.Code == "" {
			t.Errorf("%s: %d names %q, want %q: %s", path, w.Code, got.Parameter, parameter, w.Body)
		}
		if strings.Contains(w.Body.String(), "<script") {
			t.Errorf("%s: markup in the answer", path)
		}
	}
}

func TestLanguageOfRefusals(t *testing.T) {
	t.Parallel()
	c := newFixture(t, nil).client(t)
	const zh, en = "没有找到", "Not found"
	for _, test := range []struct{ query, accept, want string }{
		{"", "", zh}, {"", "en-GB,en;q=0.9", en}, {"", "de, zh-CN;q=0.5", zh}, {"", "nonsense;;", zh},
		{"?lang=en", "zh", en}, {"?lang=zh", "en", zh}, {"", "fr", zh},
	} {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/indicators/none"+test.query, nil)
		r.Header.Set("Accept-Language", test.accept)
		var got struct{ Title string }
		w := c.do(r)
		decode(t, w, &got)
		if got.Title != test.want {
			t.Errorf("%q with %q: %q, want %q", test.query, test.accept, got.Title, test.want)
		}
	}
}

// TestWrongAddressesSpeakJSON: under /api nothing answers with a page.
func TestWrongAddressesSpeakJSON(t *testing.T) {
	t.Parallel()
	c := newFixture(t, nil).client(t)
	for _, test := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/api", 404}, {"GET", "/api/", 404}, {"GET", "/api/v2/readings", 404}, {"GET", "/api/v1/readings/x", 404},
		{"PUT", "/api/v1/readings", 405}, {"DELETE", "/api/v1/uploads/x", 405}, {"POST", "/api/v1/indicators", 405},
	} {
		w := c.do(httptest.NewRequest(test.method, test.path, nil))
		var got struct {
			Status         int
			Type, Instance string
		}
		decode(t, w, &got)
		if w.Code != test.want || got.Status != test.want || got.Type == "" || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d %s %s", test.method, test.path, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		if test.want == http.StatusMethodNotAllowed && w.Header().Get("Allow") == "" {
			t.Errorf("%s %s: 405 without Allow", test.method, test.path)
		}
	}
}

// TestBrokenLedgerIsAProblem: no cause is shown, and no half list.
func TestBrokenLedgerIsAProblem(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	h := newHeld(t, f)
	if err := f.ledger.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"readings", "readings?format=csv", "readings?vintages=all", "assessments", "forecasts", "forecasts?format=csv", "bundle.zip", "uploads", "targets"} {
		w := h.send(t, "GET", "/api/v1/"+path, "", nil)
		if w.Code < 500 || strings.Contains(w.Body.String(), "sql") || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: %d %v %s", path, w.Code, w.Header(), w.Body)
		}
	}
}

// FuzzQuery: whatever is asked, the answer is the readings or a problem of the asker's.
func FuzzQuery(f *testing.F) {
	for _, query := range []string{"", "from=2024&to=2023-Q4", "limit=1", "as_of=2024-12-31T00:00:00Z&version=0", "lang=en&region=%FF",
		"indicator=rd_spend,gdp&format=csv", "from=0000&to=9999-01/P12M", "%zz", ";"} {
		f.Add(query)
	}
	server := newFixture(f, nil)
	server.publish(f, ledger.Upload{ID: "a", Uploader: "demo"}, reading("rd_spend", "350000", 2023, 1))
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/readings", nil)
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		server.server.ServeHTTP(w, r)
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Errorf("%q: %d %s", query, w.Code, w.Body)
		}
	})
}
