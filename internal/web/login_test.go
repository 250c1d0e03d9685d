package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/dabiao/dabiao/internal/web"
)

func credentials(name, password string) url.Values {
	return url.Values{"name": {name}, "password": {password}}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.client(t)
	form := c.page("/login?lang=en&next=%2Fregions%2F350000%3Flang%3Den").Find("form.form")
	if action, _ := form.Attr("action"); action != "/login?lang=en" {
		t.Errorf("the form goes to %q", action)
	}
	login := credentials("Anna", password) // names do not distinguish case
	login.Set("next", "/regions/350000?lang=en")
	w := c.post("/login?lang=en", login)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/regions/350000?lang=en" {
		t.Fatalf("login: %d to %q", w.Code, w.Header().Get("Location"))
	}
	cookie := w.Result().Cookies()[0]
	if cookie.Name != "dabiao" || !cookie.HttpOnly || cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
		t.Errorf("the cookie on the machine itself: %+v", cookie)
	}
	if got := c.page("/").Find("header").Text(); !strings.Contains(got, "anna") || !strings.Contains(got, "填报人") {
		t.Errorf("the page does not say who is logged in: %q", got)
	}
	if w := c.post("/logout", nil); w.Code != http.StatusSeeOther {
		t.Errorf("logout: %d", w.Code)
	}
	if strings.Contains(c.page("/").Find("header").Text(), "anna") {
		t.Error("still logged in after logging out")
	}
}

func TestSessionTokenIsNewAtLogin(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.client(t)
	first := c.post("/login", credentials("anna", password)).Result().Cookies()[0].Value
	second := c.post("/login", credentials("admin", password)).Result().Cookies()[0].Value
	if first == second {
		t.Error("the second login kept the token of the first")
	}
	old := f.client(t)
	u, _ := url.Parse(old.base)
	old.jar.SetCookies(u, []*http.Cookie{{Name: "dabiao", Value: first}})
	if strings.Contains(old.page("/").Find("header").Text(), "填报人") {
		t.Error("the token from before still opens the session")
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	loggedIn := func(c *client) bool { return strings.Contains(c.get("/login").Body.String(), "填报人") }
	idle := f.as(t, "anna")
	f.wait(59 * time.Minute)
	if !loggedIn(idle) {
		t.Fatal("logged out after 59 minutes")
	}
	f.wait(61 * time.Minute)
	if loggedIn(idle) {
		t.Error("still logged in after an hour without use")
	}
	busy := f.as(t, "anna")
	for range 14 {
		f.wait(50 * time.Minute)
		busy.get("/login")
	}
	f.wait(50 * time.Minute)
	if loggedIn(busy) {
		t.Error("still logged in after twelve hours")
	}
}

func TestDisabledAccountIsOutAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.as(t, "anna")
	user, err := f.store.User(context.Background(), "anna")
	if err != nil {
		t.Fatal(err)
	}
	user.Disabled = true
	if err := f.store.UpdateUser(context.Background(), user); err != nil {
		t.Fatal(err)
	}
	if w := c.get("/uploads/new"); w.Code != http.StatusSeeOther {
		t.Errorf("a disabled account still gets the form: %d", w.Code)
	}
}

func TestLockOut(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	for _, name := range []string{"anna", "nobody-of-that-name"} {
		c := f.client(t)
		var last *httptest.ResponseRecorder
		for range 6 {
			last = c.post("/login", credentials(name, "wrong password"))
			if last.Code == http.StatusTooManyRequests {
				break
			}
			if body := document(t, last).Find("[role=alert]").Text(); !strings.Contains(body, "用户名或密码不正确") {
				t.Fatalf("%s: %d %q", name, last.Code, body)
			}
		}
		if last.Code != http.StatusTooManyRequests {
			t.Errorf("%s: no lock-out after six failures", name)
		}
	}
	if w := f.client(t).post("/login", credentials("anna", password)); w.Code != http.StatusTooManyRequests {
		t.Errorf("the right password passes the lock-out: %d", w.Code)
	}
	f.wait(time.Hour)
	if w := f.client(t).post("/login", credentials("anna", password)); w.Code != http.StatusSeeOther {
		t.Errorf("locked out for ever: %d", w.Code)
	}
}

func TestPlainHTTPFromElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.client(t)
	c.base = "http://dabiao.example:8080"
	w := c.get("/login")
	if body := w.Body.String(); w.Code != http.StatusForbidden || strings.Contains(body, `type="password"`) ||
		!strings.Contains(body, "TLS") || !strings.Contains(body, "127.0.0.1") {
		t.Errorf("the login page over plain http: %d %s", w.Code, body)
	}
	if w := c.post("/login", credentials("anna", password)); w.Code != http.StatusForbidden || len(w.Result().Cookies()) != 0 {
		t.Errorf("a login over plain http: %d %v", w.Code, w.Result().Cookies())
	}
}

func TestCookieBehindTLS(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	login := func(from, proto string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(credentials("anna", password).Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("X-Forwarded-Proto", proto)
		r.Host, r.RemoteAddr = "dabiao.example", from+":1234"
		w := httptest.NewRecorder()
		f.server.ServeHTTP(w, r)
		return w
	}
	w := login("127.0.0.1", "https")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("login through a proxy on the machine: %d", w.Code)
	}
	cookie := w.Result().Cookies()[0]
	if cookie.Name != "__Host-dabiao" || !cookie.Secure || cookie.Domain != "" || cookie.Path != "/" {
		t.Errorf("the cookie over TLS: %+v", cookie)
	}
	if w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over TLS")
	}
	if w := login("203.0.113.9", "https"); w.Code != http.StatusForbidden {
		t.Errorf("anybody's word about TLS is believed: %d", w.Code)
	}
}

func TestForeignRequestsAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.as(t, "anna")
	token, _ := c.page("/uploads/new").Find("form.form input[name=csrf]").Attr("value")
	if token == "" {
		t.Fatal("the form has no token")
	}
	cases := []struct {
		name    string
		headers map[string]string
		token   string
		refused bool
	}{
		{"from one of our pages", map[string]string{"Sec-Fetch-Site": "same-origin"}, "", false},
		{"from another site", map[string]string{"Sec-Fetch-Site": "cross-site"}, token, true},
		{"from another host of the site", map[string]string{"Sec-Fetch-Site": "same-site"}, token, true},
		{"an old browser, another origin", map[string]string{"Origin": "https://evil.example"}, token, true},
		{"an origin that is hidden", map[string]string{"Origin": "null"}, token, true},
		{"an old browser, our origin, no token", map[string]string{"Origin": "http://127.0.0.1:8080"}, "", true},
		{"an old browser, our origin, wrong token", map[string]string{"Origin": "http://127.0.0.1:8080"}, "wrong", true},
		{"an old browser with the token", map[string]string{"Origin": "http://127.0.0.1:8080"}, token, false},
		{"a script with the header", map[string]string{"X-CSRF-Token": token}, "", false},
		{"nothing at all", nil, "", true},
	}
	for _, test := range cases {
		r := httptest.NewRequest(http.MethodPost, "/uploads/none/submit", strings.NewReader(url.Values{"csrf": {test.token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for name, value := range test.headers {
			r.Header.Set(name, value)
		}
		want := http.StatusNotFound // the upload is not there: the request got through
		if test.refused {
			want = http.StatusForbidden
		}
		if w := c.do(r); w.Code != want {
			t.Errorf("%s: %d, want %d", test.name, w.Code, want)
		}
	}
}

func TestNextStaysHere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "javascript:alert(1)", "regions", "/\t/evil.example"} {
		form := credentials("anna", password)
		form.Set("next", next)
		if to := f.client(t).post("/login", form).Header().Get("Location"); to != "/" {
			t.Errorf("after the login %q leads to %q", next, to)
		}
	}
}

func TestUserOfEveryRoleCanLogIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	for _, u := range accountsOfFixture {
		header := f.as(t, u.Name).page("/?lang=en").Find("header").Text()
		if !strings.Contains(header, u.Name) || !strings.Contains(header, u.Role.Name().EN) {
			t.Errorf("%s: %q", u.Name, header)
		}
	}
}

// faultySessions fails where it is told to.
type faultySessions struct {
	scs.Store
	find, commit error
}

func (s *faultySessions) Find(token string) ([]byte, bool, error) {
	if s.find != nil {
		return nil, false, s.find
	}
	return s.Store.Find(token)
}

func (s *faultySessions) Commit(token string, data []byte, expiry time.Time) error {
	if s.commit != nil {
		return s.commit
	}
	return s.Store.Commit(token, data, expiry)
}

func withFaultySessions(t *testing.T) (*fixture, *faultySessions) {
	t.Helper()
	sessions := &faultySessions{}
	return newFixture(t, func(c *web.Config) {
		sessions.Store = c.Sessions
		c.Sessions = sessions
	}), sessions
}

func TestLoginThatCannotBeKeptFails(t *testing.T) {
	t.Parallel()
	f, sessions := withFaultySessions(t)
	sessions.commit = errors.New("the disk is full")
	h := newHeld(t, f)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"the page": h.post("/login", credentials("anna", password)),
		"the API":  h.send(t, "POST", "/api/v1/session", "application/json", []byte(`{"name":"anna","password":"`+password+`"}`)),
	} {
		if w.Code != http.StatusServiceUnavailable || len(w.Result().Cookies()) != 0 || strings.Contains(w.Body.String(), "disk") {
			t.Errorf("%s: %d, cookies %v: %.300s", name, w.Code, w.Result().Cookies(), w.Body)
		}
	}
}

// TestCancelledWorkIsAnswered: only who went away gets no answer.
func TestCancelledWorkIsAnswered(t *testing.T) {
	t.Parallel()
	f, sessions := withFaultySessions(t)
	c := f.as(t, "anna")
	sessions.find = context.Canceled
	if w := c.get("/"); w.Code != http.StatusServiceUnavailable || w.Body.Len() == 0 {
		t.Errorf("work cancelled for another reason: %d with %d bytes", w.Code, w.Body.Len())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if w := c.do(httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)); w.Body.Len() != 0 {
		t.Errorf("the reader is gone and gets %d bytes", w.Body.Len())
	}
}
