package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/web"
)

// pagesToTry are addresses of every kind of page, good and bad.
var pagesToTry = []string{
	"/", "/?indicator=rd_spend", "/?as_of=2025-12-31", "/regions", "/regions/350000", "/regions/350000?as_of_period=2020",
	"/regions/000000", "/indicators", "/indicators/rd_spend", "/targets", "/targets?region=350000", "/uploads", "/uploads/fill-00",
	"/login", "/healthz", "/readyz", "/favicon.ico", "/regions/999999", "/indicators/rd_spent", "/targets/none", "/uploads/none",
	"/pages/none", "/nowhere", "/?as_of=yesterday", "/?version=x", "/?version=99999999999999", "/?catalogue=none", "/uploads/new",
	"/?method=none", "/regions?region=fj", "/regions?region=nowhere", "/static/none.css",
}

func TestSecurityHeadersOnEveryAnswer(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	c := f.client(t)
	for _, path := range pagesToTry {
		h := c.get(path).Header()
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy lacks %q: %q", path, want, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s: the policy is too wide: %q", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers are missing: %v", path, h)
		}
		if h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS on plain http", path)
		}
	}
}

// TestEveryRouteHasItsHeaders goes by the router's own list, so that a new route cannot be forgotten.
func TestEveryRouteHasItsHeaders(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.client(t)
	for _, r := range f.server.Routes() {
		path := regexp.MustCompile(`:\w+|\*`).ReplaceAllString(r.Path, "x")
		w := c.do(httptest.NewRequest(r.Method, path, nil))
		if !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s %s (%d) has no content security policy", r.Method, r.Path, w.Code)
		}
	}
}

var (
	inline = regexp.MustCompile(`(?i)<style|\sstyle=|\son\w+=|javascript:|<script(?:\s[^>]*)?>`)
	scheme = regexp.MustCompile(`(?i)(?:src|href|action)="(?:[a-z]+:)?//`)
)

// TestPagesNeedNoOtherHost also finds what the policy would block: inline
// scripts, styles and handlers.
func TestPagesNeedNoOtherHost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend", "manufacturing_share")
	clients := map[string]*client{"nobody": f.client(t), "admin": f.as(t, "admin")}
	for who, c := range clients {
		for _, path := range pagesToTry {
			w := c.get(path)
			if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				continue
			}
			body := w.Body.String()
			if m := scheme.FindString(body); m != "" {
				t.Errorf("%s sees %s: a link to another host: %s", who, path, m)
			}
			for _, m := range inline.FindAllString(body, -1) {
				if !strings.Contains(m, " src=") && !strings.Contains(m, `type="application/json"`) {
					t.Errorf("%s sees %s: inline code: %s", who, path, m)
				}
			}
		}
	}
}

// access is what an account gets from a route: the status without and with login.
var access = []struct {
	method, path string
	form         url.Values
	// want is the status for nobody, viewer, anna, reviewer, admin, auditor.
	want [6]int
}{
	{"GET", "/", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/regions", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/regions/:code", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/indicators", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/indicators/:code", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/indicators/:code/history", nil, [6]int{400, 400, 400, 400, 400, 400}}, // of which figure?
	{"GET", "/indicators/:code/template.csv", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/indicators/:code/template.xlsx", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/targets", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/targets/:id", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/warnings", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/warnings.csv", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"POST", "/warnings/:key/acknowledge", url.Values{"note": {"x"}}, [6]int{303, 403, 404, 404, 404, 403}},
	{"GET", "/pages/:page", nil, [6]int{404, 404, 404, 404, 404, 404}},
	{"GET", "/pages/:page/*", nil, [6]int{404, 404, 404, 404, 404, 404}},
	{"GET", "/uploads", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/uploads/coverage", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/uploads/coverage.xlsx", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/uploads/new", nil, [6]int{303, 403, 200, 200, 200, 403}},
	{"POST", "/uploads", nil, [6]int{303, 403, 422, 422, 422, 403}},
	{"GET", "/uploads/:id", nil, [6]int{404, 404, 200, 200, 200, 404}},
	{"GET", "/uploads/:id/file", nil, [6]int{303, 404, 200, 200, 200, 404}},
	{"GET", "/uploads/:id/annotated.xlsx", nil, [6]int{303, 404, 200, 200, 200, 404}},
	// What is not there, or not for these eyes, is not found; who may never, is refused.
	{"POST", "/uploads/:id/answers", nil, [6]int{303, 403, 303, 403, 403, 403}},
	{"POST", "/uploads/:id/submit", nil, [6]int{303, 403, 303, 403, 403, 403}},
	{"POST", "/uploads/:id/reject", url.Values{"comment": {"no"}}, [6]int{303, 403, 403, 303, 409, 403}},
	{"POST", "/uploads/:id/publish", nil, [6]int{303, 403, 403, 409, 409, 403}},
	{"POST", "/uploads/:id/unschedule", nil, [6]int{303, 403, 403, 409, 409, 403}},
	{"POST", "/uploads/:id/revert", url.Values{"reason": {"wrong"}}, [6]int{303, 403, 403, 409, 409, 403}},
	{"POST", "/uploads/:id/withdraw", nil, [6]int{303, 403, 409, 403, 403, 403}},
	{"GET", "/plans", nil, [6]int{303, 403, 200, 200, 200, 403}},
	{"GET", "/plans/:id", nil, [6]int{303, 403, 404, 404, 404, 403}},
	{"POST", "/plans/:id/rename", url.Values{"name": {"x"}}, [6]int{303, 403, 404, 404, 404, 403}},
	{"POST", "/plans/:id/delete", nil, [6]int{303, 403, 404, 404, 404, 403}},
	{"POST", "/plans/:id/restore", nil, [6]int{303, 403, 404, 404, 404, 403}},
	{"GET", "/login", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"POST", "/login", nil, [6]int{401, 401, 401, 401, 401, 401}},
	{"GET", "/healthz", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/readyz", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"GET", "/metrics", nil, [6]int{200, 200, 200, 200, 200, 200}}, // from the machine itself: see TestMetricsAreForTheMachine
	{"GET", "/favicon.ico", nil, [6]int{301, 301, 301, 301, 301, 301}},
	{"GET", "/static/*", nil, [6]int{404, 404, 404, 404, 404, 404}},
	{"POST", "/logout", nil, [6]int{303, 303, 303, 303, 303, 303}},
}

var roles = [6]string{"nobody", "viewer", "anna", "reviewer", "admin", "auditor"}

func TestRouteByRole(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "manufacturing_share")
	anna := f.as(t, "anna")
	id := anna.stage("fujian.csv", fujianFile)
	clients := [6]*client{0: f.client(t), 2: anna}
	for i, role := range roles {
		if clients[i] == nil {
			clients[i] = f.as(t, role)
		}
	}
	for _, row := range access {
		path := strings.NewReplacer("/regions/:code", "/regions/350000", "/indicators/:code", "/indicators/rd_spend",
			"/targets/:id", "/targets/"+f.catalog.Targets[0].ID, "/uploads/:id", "/uploads/"+id,
			":page", "none", "*", "none").Replace(row.path)
		for i, role := range roles {
			f.wait(2 * time.Second) // failed logins make the next one wait
			var w *httptest.ResponseRecorder
			if row.method == http.MethodGet {
				w = clients[i].get(path)
			} else {
				w = clients[i].post(path, row.form)
			}
			if w.Code != row.want[i] {
				t.Errorf("%s %s as %s: %d, want %d", row.method, row.path, role, w.Code, row.want[i])
			}
			if row.want[i] == http.StatusForbidden && !strings.Contains(w.Body.String(), "不能") && !strings.Contains(w.Body.String(), "权限") {
				t.Errorf("%s %s as %s: the refusal does not say why", row.method, row.path, role)
			}
		}
	}
}

// TestEveryRouteIsInTheTable: a new page without a row of its own fails here.
func TestEveryRouteIsInTheTable(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, row := range access {
		known[row.method+" "+row.path] = true
	}
	for _, r := range newFixture(t, nil).server.Routes() {
		if r.Method != http.MethodHead && !strings.HasPrefix(r.Path, "/api/") && !known[r.Method+" "+r.Path] {
			t.Errorf("%s %s is not in the table of routes and roles", r.Method, r.Path)
		}
	}
}

func TestPrivateFiguresNeedALogin(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *web.Config) { c.Public = false })
	f.fill(t, "rd_spend")
	c, viewer := f.client(t), f.as(t, "viewer")
	for _, path := range []string{"/", "/regions/350000", "/indicators/rd_spend", "/targets", "/uploads", "/uploads/fill-00", "/regions?region=fj",
		"/warnings", "/warnings.csv", "/regions/350000?table=none", "/targets/" + f.catalog.Targets[0].ID + "?compare=2025-01-01"} {
		w := c.get(path + addTo(path, "lang=en"))
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/login?") || !strings.Contains(to, "lang=en") {
			t.Errorf("%s without login: %d to %q", path, w.Code, to)
		}
		if got := viewer.get(path).Code; got >= 400 && !strings.Contains(path, "none") {
			t.Errorf("%s as viewer: %d", path, got)
		}
	}
	if body := c.get("/login").Body.String(); strings.Contains(body, "350000") {
		t.Error("the login page lists the regions to somebody who is not logged in")
	}
	if got := c.get("/healthz").Code; got != http.StatusOK {
		t.Errorf("/healthz needs a login: %d", got)
	}
}

func addTo(path, query string) string {
	if strings.Contains(path, "?") {
		return "&" + query
	}
	return "?" + query
}

func TestDraftsAreHidden(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	id := f.as(t, "anna").stage("fujian.csv", fujianFile)
	for _, who := range []string{"", "viewer", "auditor"} {
		c := f.client(t)
		if who != "" {
			c = f.as(t, who)
		}
		if strings.Contains(c.get("/uploads").Body.String(), "fujian.csv") {
			t.Errorf("%q sees a draft in the list", who)
		}
	}
	if !strings.Contains(f.as(t, "reviewer").get("/uploads").Body.String(), id) {
		t.Error("the reviewer of Fujian does not see its draft")
	}
}

func TestRequestsThatTakeTooLongOrAreTooLarge(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	// First, while nothing is in memory: every page after it has the count of warnings.
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	if w := f.client(t).do(httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)); w.Code != http.StatusServiceUnavailable {
		t.Errorf("out of time: %d, want 503", w.Code)
	}
	r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader("name="+strings.Repeat("a", 3<<20)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if w := f.client(t).do(r); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body beyond the limit: %d", w.Code)
	}
}

func TestBrokenLedgerIsSaid(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.publish(t, ledger.Upload{ID: "a", Uploader: "demo"}, reading("rd_spend", "350000", 2020, 1))
	f.ledger.Close()
	w := f.client(t).get("/")
	if w.Code < 500 || document(t, w).Find("h1").Text() == "" {
		t.Errorf("a closed ledger: %d %s", w.Code, w.Body)
	}
	if strings.Contains(w.Body.String(), "sql") {
		t.Error("the page shows the cause, which is for the log")
	}
	if w := f.client(t).get("/readyz"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("/readyz: %d", w.Code)
	}
}
