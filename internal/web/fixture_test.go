package web_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/crypto/argon2"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/settings"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/store"
	"github.com/dabiao/dabiao/internal/upload"
	"github.com/dabiao/dabiao/internal/web"
)

// today is when the tests take place.
var today = time.Date(2026, 11, 23, 10, 0, 0, 0, indicator.Shanghai)

// fixture is a whole server over files of its own, without a network.
type fixture struct {
	server  *web.Server
	service *upload.Service
	ledger  ledger.Ledger
	store   *store.Store
	catalog *indicator.Catalog
	now     *atomic.Int64 // Unix nanoseconds
}

// password of every account of the fixture.
const password = "a long enough password"

// accountsOfFixture: one account per role; anna and reviewer work for Fujian.
var accountsOfFixture = []account.User{
	{Name: "viewer", Role: account.Viewer},
	{Name: "anna", Role: account.Statistician, Regions: []string{"350000"}},
	{Name: "reviewer", Role: account.Reviewer, Regions: []string{"350000"}},
	{Name: "admin", Role: account.Admin},
	{Name: "auditor", Role: account.Auditor},
}

// fakeDist stands for the fetched files: tests of pages do not need the library.
var fakeDist = fstest.MapFS{"echarts.min.js": {Data: []byte("var echarts = {};")}}

// newFixture starts with an empty ledger. change may alter the configuration;
// without a catalogue and pages of its own the built-in ones are used.
func newFixture(t testing.TB, change func(*web.Config)) *fixture {
	t.Helper()
	return newFixtureOver(t, func(l ledger.Ledger) ledger.Ledger { return l }, change)
}

// newFixtureOver is newFixture with something around its ledger.
func newFixtureOver(t testing.TB, around func(ledger.Ledger) ledger.Ledger, change func(*web.Config)) *fixture {
	t.Helper()
	f := &fixture{now: &atomic.Int64{}}
	f.now.Store(today.UnixNano())
	ctx, dir := context.Background(), t.TempDir()
	built, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	if f.ledger, err = sqlite.Open(ctx, filepath.Join(dir, "ledger.db"), f.clock); err != nil {
		t.Fatal(err)
	}
	if f.store, err = store.Open(ctx, filepath.Join(dir, "dabiao.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.ledger.Close(); f.store.Close() })
	f.ledger = around(f.ledger)
	conf := web.Config{
		Catalog:    func() *indicator.Catalog { return built.Catalog },
		Dashboards: func() []dashboard.Definition { return built.Dashboards },
		Snapshots:  snapshot.New(f.ledger), Users: f.store, Sessions: f.store, Acknowledgements: f.store,
		Public: true, Review: true, Now: f.clock, Version: "test", Dist: fakeDist,
		Logger: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	}
	if change != nil {
		change(&conf)
	}
	f.catalog = conf.Catalog()
	var ids atomic.Int64
	f.service = &upload.Service{Catalog: conf.Catalog, Ledger: f.ledger, Snapshots: conf.Snapshots, Drafts: f.store, Plans: f.store, Users: f.store,
		Review: conf.Review, Now: f.clock, NewID: func() string { return fmt.Sprintf("u%03d", ids.Add(1)) }}
	conf.Uploads = f.service
	for _, u := range accountsOfFixture {
		u.PasswordHash, u.Created = cheapHash(), today
		if err := f.store.AddUser(ctx, u); err != nil {
			t.Fatal(err)
		}
	}
	if f.server, err = web.New(conf); err != nil {
		t.Fatal(err)
	}
	return f
}

// builtIn is the product's own configuration, read once and shared: not to be changed.
var builtIn = sync.OnceValues(loadBuiltIn)

// loadBuiltIn reads a copy of the product's own configuration.
func loadBuiltIn() (*settings.Settings, error) {
	built, faults := settings.Load(settings.Dirs{DefaultConfig: config.FS, DefaultDashboards: dashboards.FS})
	if len(faults) > 0 {
		return nil, faults[0]
	}
	return built, nil
}

// cheapHash is of the one password, and costs next to nothing: a hash as slow as
// those of real accounts is nothing that these tests are about, and they log in
// hundreds of times.
func cheapHash() string {
	const memory, salt = 8, "of the fixture"
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=1,p=1$%s$%s", argon2.Version, memory, encode([]byte(salt)),
		encode(argon2.IDKey([]byte(password), []byte(salt), 1, memory, 1, 32)))
}

func (f *fixture) clock() time.Time { return time.Unix(0, f.now.Load()).In(indicator.Shanghai) }

func (f *fixture) wait(d time.Duration) { f.now.Add(int64(d)) }

// publish puts readings into the ledger as they would come from an upload.
func (f *fixture) publish(t testing.TB, u ledger.Upload, readings ...indicator.Reading) {
	t.Helper()
	if _, err := f.ledger.Publish(context.Background(), u, readings); err != nil {
		t.Fatal(err)
	}
}

// fill publishes made-up readings of the given indicators for the nation and
// all provinces, 2011–2024, growing at a pace of their own.
func (f *fixture) fill(t testing.TB, codes ...string) {
	t.Helper()
	for n, code := range codes {
		ind := f.catalog.Indicator(code)
		if ind == nil {
			t.Fatalf("no indicator %q", code)
		}
		var readings []indicator.Reading
		regions := append([]*indicator.Region{f.catalog.Region(indicator.Nation)}, f.catalog.Provinces()...)
		for i, region := range regions {
			for year := 2011; year <= 2024; year++ {
				readings = append(readings, indicator.Reading{Indicator: code, Region: region.Code,
					Period: indicator.Year(year), Status: indicator.Normal, Value: madeUp(ind, i, year-2011)})
			}
		}
		f.publish(t, ledger.Upload{ID: fmt.Sprintf("fill-%02d", n), Uploader: "demo", File: code + ".csv",
			Source: "测试数据", Stage: "年报", Generated: n%2 == 1,
			Released: time.Date(2025, 9, 30, 0, 0, 0, 0, indicator.Shanghai)}, readings...)
	}
}

func madeUp(ind *indicator.Indicator, region, year int) float64 {
	wave := math.Sin(float64(region*7+year*3)) * 0.02
	switch ind.Measure {
	case indicator.Ratio, indicator.Growth:
		return math.Round((8+float64(region%9)*2.5+float64(year)*(0.15*float64(region%5)-0.2)+wave*5)*100) / 100
	default:
		return math.Round(100 * (1 + float64(region)/3) * math.Pow(1.03+float64(region%6)/60, float64(year)) * (1 + wave))
	}
}

// client keeps cookies like a browser on the server's own machine.
type client struct {
	t      testing.TB
	server http.Handler
	jar    http.CookieJar
	base   string
}

func (f *fixture) client(t testing.TB) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, f.server, jar, "http://127.0.0.1:8080"}
}

// as is a client that is logged in.
func (f *fixture) as(t testing.TB, name string) *client {
	t.Helper()
	c := f.client(t)
	if got := c.post("/login", url.Values{"name": {name}, "password": {password}}); got.Code != http.StatusSeeOther {
		t.Fatalf("login as %s: %d %s", name, got.Code, got.Body)
	}
	return c
}

// do sends a request with the client's cookies and keeps those of the answer.
func (c *client) do(r *http.Request) *httptest.ResponseRecorder {
	c.t.Helper()
	u, err := url.Parse(c.base)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Host, r.RemoteAddr = u.Host, "127.0.0.1:40000"
	for _, cookie := range c.jar.Cookies(u) {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	c.jar.SetCookies(u, w.Result().Cookies())
	return w
}

func (c *client) get(path string) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form the way a browser on one of our pages does.
func (c *client) post(path string, form url.Values) *httptest.ResponseRecorder {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.do(r)
}

// page gets a page that must be there.
func (c *client) page(path string) *goquery.Document {
	c.t.Helper()
	w := c.get(path)
	if w.Code != http.StatusOK {
		c.t.Fatalf("GET %s: %d\n%s", path, w.Code, w.Body)
	}
	return document(c.t, w)
}

func document(t testing.TB, w *httptest.ResponseRecorder) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
