package web_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/web"
)

// reading is a server that only reads, over what the fixture's own server writes.
func (f *fixture) reading(t *testing.T, conf web.Config) http.Handler {
	t.Helper()
	conf.Uploads, conf.Reader = f.service, true
	server, err := web.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// TestReaderHasNoLoginAndNoWrites: whoever holds a session of the primary, whose
// cookie the browser sends to another port of the host too, is nobody here.
func TestReaderHasNoLoginAndNoWrites(t *testing.T) {
	t.Parallel()
	var conf web.Config
	f := newFixture(t, func(c *web.Config) { conf = *c })
	f.fill(t, "rd_spend")
	c := f.as(t, "admin")
	id := c.stage("fujian.csv", fujianFile)
	c.server = f.reading(t, conf)
	needLogin := []string{"/login", "/uploads/new", "/uploads/:id/file", "/uploads/:id/annotated.xlsx", "/plans", "/plans/:id", "/api/v1/plans",
		"/api/v1/uploads/:id/problems", "/api/v1/uploads/:id/file", "/api/v1/uploads/:id/annotated.xlsx"}
	try := func(method, pattern string, asNobody int) {
		path := strings.NewReplacer("/changes", "/changes?compare=2025-01-01", "/regions/:code", "/regions/350000", "/indicators/:code", "/indicators/rd_spend",
			"/targets/:id", "/targets/"+f.catalog.Targets[0].ID, "/documents/:id", "/documents/"+f.catalog.Documents[0].ID,
			"/uploads/:id", "/uploads/"+id, ":page", "none", "*", "none").Replace(pattern)
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := c.do(r)
		if method == http.MethodGet && !slices.Contains(needLogin, pattern) {
			if w.Code != asNobody {
				t.Errorf("%s %s: %d, want %d as for nobody", method, pattern, w.Code, asNobody)
			}
			return
		}
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "主服务器") {
			t.Errorf("%s %s: %d, want 403 and the way to the primary server:\n%s", method, pattern, w.Code, w.Body)
		}
	}
	for _, row := range access {
		try(row.method, row.path, row.want[0])
	}
	for _, row := range apiAccess {
		try(row.method, row.path, row.want[0])
	}
}

// TestReaderSaysWhereTheLoginIs where other servers have the link to it.
func TestReaderSaysWhereTheLoginIs(t *testing.T) {
	t.Parallel()
	var conf web.Config
	f := newFixture(t, func(c *web.Config) { conf = *c })
	c := f.client(t)
	c.server = f.reading(t, conf)
	for _, path := range []string{"/", "/uploads", "/regions/350000", "/nowhere", "/login"} {
		for lang, want := range map[indicator.Lang]string{indicator.ZH: "登录和报送请到主服务器", indicator.EN: "on the primary server"} {
			page := document(t, c.get(path+"?lang="+string(lang)))
			if links := page.Find(`a[href^="/login"]:not([hreflang]), a[href^="/uploads/new"]`).Length(); links != 0 {
				t.Errorf("%s links to what is not there", path)
			}
			if head := page.Find(".head .end").Text(); !strings.Contains(head, want) {
				t.Errorf("%s in %s does not say where to log in: %q", path, lang, head)
			}
		}
	}
	if empty := document(t, c.get("/uploads")).Find(".empty").Text(); !strings.Contains(empty, "主服务器") {
		t.Errorf("the list of uploads says %q", empty)
	}
}
