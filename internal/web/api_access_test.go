package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/web"
)

// apiAccess is what an account gets from a route of the API while a draft of
// anna's is there. None of the refused steps may change it: the rows that
// succeed stand last.
var apiAccess = []struct {
	method, path, body string
	// want is the status for nobody, viewer, anna, reviewer, admin, auditor.
	want [6]int
}{
	{"GET", "/api/v1/openapi.yaml", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/session", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/indicators", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/indicators/:code", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/regions", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/regions/:code", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/documents", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/documents/:id", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/targets", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/targets/:id", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/targets/:id/changes", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/readings", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/assessments", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/targets/:id/assessment", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/forecasts", "", [6]int{200, 200, 200, 200, 200, 200}},
	// The ledger is empty: there is nothing to draw for those who may look.
	{"GET", "/api/v1/charts/:dashboard/:file", "", [6]int{404, 404, 404, 404, 404, 404}},
	{"GET", "/api/v1/bundle.zip", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/warnings", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"POST", "/api/v1/warnings/:key/acknowledge", `{"note":"x"}`, [6]int{401, 403, 404, 404, 404, 403}},
	{"GET", "/api/v1/coverage", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/uploads", "", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/api/v1/uploads/:id", "", [6]int{404, 404, 200, 200, 200, 404}},
	{"GET", "/api/v1/uploads/:id/problems", "", [6]int{401, 404, 200, 200, 200, 404}},
	{"GET", "/api/v1/uploads/:id/diff", "", [6]int{404, 404, 200, 200, 200, 404}},
	{"GET", "/api/v1/uploads/:id/flips", "", [6]int{404, 404, 200, 200, 200, 404}},
	{"GET", "/api/v1/uploads/:id/file", "", [6]int{401, 404, 200, 200, 200, 404}},
	{"GET", "/api/v1/uploads/:id/annotated.xlsx", "", [6]int{401, 404, 200, 200, 200, 404}},
	// 415 is the answer to those who may upload, but sent no form.
	{"POST", "/api/v1/uploads", "", [6]int{401, 403, 415, 415, 415, 403}},
	{"POST", "/api/v1/uploads/:id/publish", "", [6]int{401, 403, 403, 409, 409, 403}},
	{"POST", "/api/v1/uploads/:id/unschedule", "", [6]int{401, 403, 403, 409, 409, 403}},
	{"POST", "/api/v1/uploads/:id/revert", `{"reason":"wrong"}`, [6]int{401, 403, 403, 409, 409, 403}},
	{"POST", "/api/v1/uploads/:id/submit", "", [6]int{401, 403, 200, 403, 403, 403}},
	{"POST", "/api/v1/uploads/:id/reject", `{"comment":"no"}`, [6]int{401, 403, 403, 200, 409, 403}},
	{"POST", "/api/v1/uploads/:id/withdraw", "", [6]int{401, 403, 409, 403, 403, 403}},
	{"GET", "/api/v1/plans", "", [6]int{401, 403, 200, 200, 200, 403}},
	{"PATCH", "/api/v1/plans/:id", `{"name":"x"}`, [6]int{401, 403, 404, 404, 404, 403}},
	{"DELETE", "/api/v1/plans/:id", "", [6]int{401, 403, 404, 404, 404, 403}},
	{"POST", "/api/v1/session", `{"name":"nobody","password":"wrong"}`, [6]int{401, 401, 401, 401, 401, 401}},
	{"DELETE", "/api/v1/session", "", [6]int{204, 204, 204, 204, 204, 204}},
}

func TestAPIRouteByRole(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	var clients [6]*held
	for i, role := range roles {
		clients[i] = newHeld(t, f)
		if role != "nobody" {
			clients[i].logIn(t, role)
		}
	}
	var draft answer
	decode(t, clients[2].upload(t, "fujian.csv", fujianCSV, nil), &draft)
	for _, row := range apiAccess {
		path := strings.NewReplacer("/changes", "/changes?compare=2025-01-01", "/regions/:code", "/regions/350000", "/indicators/:code", "/indicators/rd_spend",
			"/targets/:id", "/targets/"+f.catalog.Targets[0].ID, ":dashboard/:file", "indicator/ranking.svg?indicator=rd_spend", "/documents/:id", "/documents/"+f.catalog.Documents[0].ID,
			"/uploads/:id", "/uploads/"+draft.Upload.ID).Replace(row.path)
		kind := ""
		if row.body != "" {
			kind = "application/json"
		}
		for i, role := range roles {
			f.wait(2 * time.Second) // failed logins make the next one wait
			if w := clients[i].send(t, row.method, path, kind, []byte(row.body)); w.Code != row.want[i] {
				t.Errorf("%s %s as %s: %d, want %d: %s", row.method, row.path, role, w.Code, row.want[i], w.Body)
			}
		}
	}
}

// TestEveryAPIRouteIsInTheTable: a new route without a row of its own fails here.
func TestEveryAPIRouteIsInTheTable(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, row := range apiAccess {
		known[row.method+" "+row.path] = true
	}
	for _, r := range newFixture(t, nil).server.Routes() {
		if r.Method != http.MethodHead && strings.HasPrefix(r.Path, "/api/") && !known[r.Method+" "+r.Path] {
			t.Errorf("%s %s is not in the table of routes and roles", r.Method, r.Path)
		}
	}
}

func TestPrivateFiguresAre401(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *web.Config) { c.Public = false })
	f.fill(t, "rd_spend")
	nobody, viewer := newHeld(t, f), newHeld(t, f)
	viewer.logIn(t, "viewer")
	for _, path := range []string{"indicators", "indicators/rd_spend", "regions", "documents", "targets", "targets/none/changes?compare=2025-01-01", "readings",
		"readings?format=csv", "assessments", "targets/none/assessment", "forecasts", "bundle.zip", "charts/indicator/ranking.svg?indicator=rd_spend", "warnings", "uploads", "uploads/fill-00", "uploads/fill-00/diff", "indicators/none"} {
		w := nobody.send(t, "GET", "/api/v1/"+path, "", nil)
		if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s without login: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
		if w := viewer.send(t, "GET", "/api/v1/"+path, "", nil); w.Code == http.StatusUnauthorized {
			t.Errorf("%s as viewer: %d", path, w.Code)
		}
	}
}

// TestNobodyIsToldOfADraft: an upload that is not for one's eyes is answered
// like one that is not there, and is in no list.
func TestNobodyIsToldOfADraft(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := newHeld(t, f)
	anna.logIn(t, "anna")
	var draft answer
	decode(t, anna.upload(t, "fujian.csv", fujianCSV, nil), &draft)
	for _, who := range []string{"", "viewer", "auditor"} {
		h := newHeld(t, f)
		if who != "" {
			h.logIn(t, who)
		}
		var got list
		decode(t, h.send(t, "GET", "/api/v1/uploads", "", nil), &got)
		if len(got.Items) != 0 {
			t.Errorf("%q sees %v", who, got.Items)
		}
		for _, path := range []string{"", "/diff", "/flips"} {
			hidden := h.send(t, "GET", "/api/v1/uploads/"+draft.Upload.ID+path, "", nil)
			missing := h.send(t, "GET", "/api/v1/uploads/none"+path, "", nil)
			if told, plain := withoutNames(hidden, draft.Upload.ID), withoutNames(missing, "none"); told != plain {
				t.Errorf("%q: a hidden draft is answered %s, a missing one %s", who, told, plain)
			}
		}
	}
}

// withoutNames is an answer without what must differ: the id and the request.
func withoutNames(w *httptest.ResponseRecorder, id string) string {
	return strings.NewReplacer(id, "ID", w.Header().Get("X-Request-Id"), "REQUEST").Replace(w.Body.String())
}

func TestPublishedUploadsKeepTheirHistoryToThemselves(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	viewer := newHeld(t, f)
	viewer.logIn(t, "viewer")
	if w := viewer.send(t, "GET", "/api/v1/uploads/fill-00/problems", "", nil); w.Code != http.StatusForbidden {
		t.Errorf("the problems of a published upload: %d", w.Code)
	}
	var got struct {
		Item struct{ Events, Allowed []any }
	}
	decode(t, viewer.send(t, "GET", "/api/v1/uploads/fill-00", "", nil), &got)
	if len(got.Item.Events) != 0 || len(got.Item.Allowed) != 0 {
		t.Errorf("a viewer is told %+v", got.Item)
	}
	reviewer := newHeld(t, f)
	reviewer.logIn(t, "admin")
	decode(t, reviewer.send(t, "GET", "/api/v1/uploads/fill-00", "", nil), &got)
	if len(got.Item.Events) == 0 || len(got.Item.Allowed) != 1 || got.Item.Allowed[0] != "revert" {
		t.Errorf("an administrator is told %+v", got.Item)
	}
}

func TestSessionOverTheAPI(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	h := newHeld(t, f)
	who := func() (name string) {
		t.Helper()
		var got struct{ User *struct{ Name string } }
		decode(t, h.send(t, "GET", "/api/v1/session", "", nil), &got)
		if got.User != nil {
			name = got.User.Name
		}
		return name
	}
	if got := who(); got != "" {
		t.Errorf("before the login: %q", got)
	}
	h.logIn(t, "anna")
	if got := who(); got != "anna" {
		t.Errorf("after the login: %q", got)
	}
	token := h.token
	h.token = "wrong"
	if w := h.send(t, "DELETE", "/api/v1/session", "", nil); w.Code != http.StatusForbidden {
		t.Errorf("logged out with a wrong token: %d", w.Code)
	}
	h.token = token
	if w := h.send(t, "DELETE", "/api/v1/session", "", nil); w.Code != http.StatusNoContent || who() != "" {
		t.Errorf("logging out: %d", w.Code)
	}
	h.token = ""
	for name, bad := range map[string]struct {
		kind, body string
		want       int
	}{
		"wrong password": {"application/json", `{"name":"anna","password":"x"}`, 401},
		"a form":         {"application/x-www-form-urlencoded", "name=anna&password=x", 415},
		"no JSON":        {"application/json", "{", 400},
		"two values":     {"application/json", `{"name":"a","password":"b"} {}`, 400},
		"unknown member": {"application/json", `{"name":"anna","pass":"x"}`, 400},
		"nothing":        {"application/json", "", 400},
		"too long":       {"application/json", `{"name":"` + strings.Repeat("a", 100_000) + `"}`, 400},
	} {
		if w := h.send(t, "POST", "/api/v1/session", bad.kind, []byte(bad.body)); w.Code != bad.want {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, bad.want, w.Body)
		}
	}
}

func TestFailedLoginsHaveToWait(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	for range 20 {
		w := h.send(t, "POST", "/api/v1/session", "application/json", []byte(`{"name":"anna","password":"x"}`))
		if w.Code == http.StatusTooManyRequests {
			if w.Header().Get("Retry-After") == "" || w.Header().Get("Retry-After") == "0" {
				t.Errorf("Retry-After: %q", w.Header().Get("Retry-After"))
			}
			return
		}
	}
	t.Error("twenty wrong passwords at one moment were all looked at")
}

// TestLoginOverPlainHTTPIsRefused: a password must not cross a network in the clear.
func TestLoginOverPlainHTTPIsRefused(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.base = "http://statistics.example"
	w := h.send(t, "POST", "/api/v1/session", "application/json", []byte(`{"name":"anna","password":"`+password+`"}`))
	if w.Code != http.StatusForbidden || len(w.Result().Cookies()) != 0 {
		t.Errorf("%d %v", w.Code, w.Result().Cookies())
	}
}
