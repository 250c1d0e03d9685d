package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

func decode(t *testing.T, w *httptest.ResponseRecorder, into any) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatalf("%v in %.400s", err, w.Body)
	}
}

// list is what every list of the API has.
type list struct {
	Items     []map[string]any `json:"items"`
	AsOf      *string          `json:"as_of"`
	Version   int64            `json:"version"`
	Catalogue string           `json:"catalogue"`
}

// TestEveryListAnswersAsDescribed asks for every list and many single things, in
// both languages and at past moments.
func TestEveryListAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend", "manufacturing_share")
	h := newHeld(t, f)
	for path, least := range map[string]int{
		"/api/v1/indicators": 40, "/api/v1/regions": 46, "/api/v1/documents": 13, "/api/v1/targets": 80,
		"/api/v1/readings": 800, "/api/v1/assessments": 100, "/api/v1/uploads": 2,
		"/api/v1/forecasts": 64,
		"/api/v1/forecasts?backtest=true&region=350000,000000&as_of_period=2023":                                4,
		"/api/v1/readings?vintages=all&indicator=rd_spend&region=350000":                                        14,
		"/api/v1/readings?indicator=rd_spend,manufacturing_share&region=350000&region=310000&from=2020&to=2024": 20,
		"/api/v1/assessments?region=350000&as_of_period=2020":                                                   10,
		"/api/v1/targets?lang=en&as_of=2026-01-01":                                                              80,
		"/api/v1/readings?as_of=2020-01-01":                                                                     0,
	} {
		w := h.send(t, "GET", path, "", nil)
		var got list
		decode(t, w, &got)
		if w.Code != http.StatusOK || len(got.Items) < least || got.Catalogue != f.catalog.Hash() && !strings.Contains(path, "as_of=") {
			t.Errorf("GET %s: %d with %d items, want at least %d; catalogue %q", path, w.Code, len(got.Items), least, got.Catalogue)
		}
		if strings.Contains(path, "as_of=") == (got.AsOf == nil) {
			t.Errorf("GET %s: as_of is %v", path, got.AsOf)
		}
	}
	for _, path := range []string{
		"/api/v1/indicators/rd_spend", "/api/v1/regions/350000", "/api/v1/documents/fujian-decision",
		"/api/v1/targets/fujian-decision-2-rd_spend", "/api/v1/uploads/fill-00", "/api/v1/uploads/fill-00/diff", "/api/v1/session",
	} {
		if w := h.send(t, "GET", path, "", nil); w.Code != http.StatusOK {
			t.Errorf("GET %s: %d %.300s", path, w.Code, w.Body)
		}
	}
}

func TestLimitCutsAList(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	for _, name := range []string{"indicators", "regions", "documents", "targets", "readings", "assessments", "uploads"} {
		var got list
		decode(t, h.send(t, "GET", "/api/v1/"+name+"?limit=1", "", nil), &got)
		if len(got.Items) != 1 {
			t.Errorf("%s?limit=1 has %d items", name, len(got.Items))
		}
	}
}

// TestReadingsAsCSV: the rows are those of the JSON answer, as the export writes them.
func TestReadingsAsCSV(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	w := h.send(t, "GET", "/api/v1/readings?indicator=rd_spend&region=350000&from=2024&format=csv", "", nil)
	lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
	if len(lines) != 2 || lines[0] != "indicator,region,period,value,unit,status" || !strings.HasPrefix(lines[1], "rd_spend,350000,2024,") {
		t.Errorf("%d %q", w.Code, lines)
	}
	if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") {
		t.Errorf("Content-Type %q", kind)
	}
}

// TestBadParametersAreNamed: a wrong call is an RFC 9457 problem that names what is wrong.
func TestBadParametersAreNamed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	for path, want := range map[string]struct {
		status int
		says   string
	}{
		"/api/v1/readings?indicator=rd_spent":      {http.StatusBadRequest, "rd_spend"},
		"/api/v1/readings?region=359999":           {http.StatusBadRequest, "359999"},
		"/api/v1/readings?from=yesterday":          {http.StatusBadRequest, "from"},
		"/api/v1/readings?format=xml":              {http.StatusBadRequest, "format"},
		"/api/v1/readings?colour=red":              {http.StatusBadRequest, "colour"},
		"/api/v1/readings?limit=-1":                {http.StatusBadRequest, "limit"},
		"/api/v1/assessments?method=luck":          {http.StatusBadRequest, "method"},
		"/api/v1/assessments?as_of=31.12.2024":     {http.StatusBadRequest, "as_of"},
		"/api/v1/forecasts?level=100":              {http.StatusBadRequest, "level"},
		"/api/v1/forecasts?horizon=0":              {http.StatusBadRequest, "horizon"},
		"/api/v1/forecasts?indicator=rd_spent":     {http.StatusBadRequest, "rd_spend"},
		"/api/v1/indicators/rd_spent":              {http.StatusNotFound, "rd_spend"},
		"/api/v1/targets/nothing":                  {http.StatusNotFound, "nothing"},
		"/api/v1/uploads/nothing":                  {http.StatusNotFound, ""},
		"/api/v1/readings?version=99999999999999":  {http.StatusBadRequest, ""},
		"/api/v1/indicators?catalogue=00000000abc": {http.StatusBadRequest, ""},
	} {
		w := h.send(t, "GET", path, "", nil)
		var problem struct {
			Type, Title, Detail string
			Status              int
			Message             struct{ ZH, EN string }
		}
		decode(t, w, &problem)
		if w.Code != want.status && (want.says != "" || w.Code/100 != 4) || problem.Status != w.Code {
			t.Errorf("GET %s: %d, want %d: %s", path, w.Code, want.status, w.Body)
		}
		if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") {
			t.Errorf("GET %s: Content-Type %q", path, kind)
		}
		if !strings.Contains(w.Body.String(), want.says) || problem.Message.ZH == "" || problem.Message.EN == "" {
			t.Errorf("GET %s: %s", path, w.Body)
		}
	}
	if w := f.client(t).get("/api/v1/nowhere"); w.Code != http.StatusNotFound || !strings.Contains(w.Header().Get("Content-Type"), "json") {
		t.Errorf("an unknown route: %d %s", w.Code, w.Header().Get("Content-Type"))
	}
}

const fujianCSV = "indicator,region,period,value,unit\nrd_spend,350000,2023,11717000,万元\nrd_spend,350000,2024,1280.5,亿元\n"

type answer struct {
	File   string
	Upload *struct{ ID, State string }
	// Understood has more members; these are promised.
	Understood struct{ Encoding, Container, Layout string }
	Readings   []struct {
		Indicator, Region, Period, Unit, Status, Cell string
		Value                                         *float64
	}
	Problems []struct {
		Cell, Code, Severity string
		Message              struct{ ZH, EN string }
		Suggestions          []indicator.Suggestion
	}
}

// TestTheWayOfAFileOverTheAPI: draft, submitted, published by another, seen, reverted.
func TestTheWayOfAFileOverTheAPI(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	h := newHeld(t, f)
	if w := h.upload(t, "fujian.csv", fujianCSV, nil); w.Code != http.StatusUnauthorized && w.Code != http.StatusForbidden {
		t.Errorf("without login: %d", w.Code)
	}
	h.logIn(t, "anna")
	var dry, kept, again answer
	decode(t, h.upload(t, "fujian.csv", fujianCSV, map[string]string{"dry_run": "true"}), &dry)
	if dry.Upload != nil || len(dry.Readings) != 2 {
		t.Errorf("a dry run: %+v", dry)
	}
	decode(t, h.upload(t, "fujian.csv", fujianCSV, map[string]string{"source": "统计局"}), &kept)
	if kept.Upload == nil || kept.Upload.State != "draft" || kept.Understood.Encoding != "utf-8" || kept.Understood.Layout != "long" {
		t.Fatalf("the draft: %+v", kept)
	}
	if r := kept.Readings[0]; r.Value == nil || *r.Value != 1171.7 || r.Unit != "亿元" || r.Cell != "D2" || r.Period != "2023" {
		t.Errorf("the reading in its own unit: %+v", r)
	}
	decode(t, h.upload(t, "fujian.csv", fujianCSV, map[string]string{"source": "统计局"}), &again)
	if again.Upload == nil || again.Upload.ID != kept.Upload.ID {
		t.Errorf("the same file again is another upload: %+v", again.Upload)
	}
	step := func(name string, status int) {
		t.Helper()
		if w := h.send(t, "POST", "/api/v1/uploads/"+kept.Upload.ID+"/"+name, "", nil); w.Code != status {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, status, w.Body)
		}
	}
	step("submit", http.StatusOK)
	step("publish", http.StatusForbidden) // one's own
	values := func() []any {
		var got list
		decode(t, h.send(t, "GET", "/api/v1/readings", "", nil), &got)
		var values []any
		for _, item := range got.Items {
			values = append(values, item["value"])
		}
		return values
	}
	if got := values(); len(got) != 0 {
		t.Errorf("seen before it is published: %v", got)
	}
	h.logIn(t, "reviewer")
	step("publish", http.StatusOK)
	if got := values(); !slices.Equal(got, []any{1171.7, 1280.5}) {
		t.Errorf("published: %v", got)
	}
	step("revert", http.StatusOK)
	if got := values(); len(got) != 0 {
		t.Errorf("reverted: %v", got)
	}
	h.send(t, "GET", "/api/v1/uploads/"+kept.Upload.ID+"/problems", "", nil)
}

// TestWritesNeedTheToken: a cookie alone, as a foreign page could send it, is not enough.
func TestWritesNeedTheToken(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.logIn(t, "anna")
	h.token = ""
	if w := h.upload(t, "fujian.csv", fujianCSV, nil); w.Code != http.StatusForbidden {
		t.Errorf("without token: %d %s", w.Code, w.Body)
	}
}

// TestFaultyFilesAreRefusedWhole: 422 with all problems, nothing kept, nothing executed.
func TestFaultyFilesAreRefusedWhole(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	h := newHeld(t, f)
	h.logIn(t, "admin")
	const markup = `<img src=x onerror=alert(1)>`
	for name, c := range map[string]struct{ file, content, code string }{
		"text in a number cell": {"a.csv", strings.Replace(fujianCSV, "1280.5", "many", 1), "not_a_number"},
		"unknown province":      {"a.csv", strings.Replace(fujianCSV, "350000,2024", "福健,2024", 1), "unknown_region"},
		"out of range":          {"a.csv", strings.Replace(fujianCSV, "1280.5", "-5", 1), "out_of_range"},
		"twice":                 {"a.csv", fujianCSV + "rd_spend,350000,2024,1,亿元\n", "conflict"},
		"empty":                 {"a.csv", "", ""},
		"a path and markup":     {"../../etc/" + markup + ".csv", strings.Replace(fujianCSV, "1280.5", markup, 1), "not_a_number"},
	} {
		w := h.upload(t, c.file, c.content, map[string]string{"source": markup, "reason": markup})
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), c.code) {
			t.Errorf("%s: %d %.400s", name, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "etc/") {
			t.Errorf("%s: the answer repeats the path: %.300s", name, w.Body)
		}
	}
	var uploads list
	decode(t, h.send(t, "GET", "/api/v1/uploads", "", nil), &uploads)
	if len(uploads.Items) != 0 {
		t.Errorf("kept: %v", uploads.Items)
	}
}
