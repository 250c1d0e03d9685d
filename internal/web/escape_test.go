package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/web"
)

// evil is what somebody could write wherever a text is asked for. It ends what
// it may stand in: an attribute, a script element, a title.
const evil = `"'><img src=x onerror=alert(1)></script></title><script>alert(2)</script>`

// TestHTMLInEveryTextStaysText puts evil into every text field of the catalogue,
// of an upload and of the address, and looks for elements made from it.
func TestHTMLInEveryTextStaysText(t *testing.T) {
	t.Parallel()
	own, err := loadBuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	catalog, pages := own.Catalog, own.Dashboards
	poison(reflect.ValueOf(catalog).Elem())
	catalog.Index()
	poison(reflect.ValueOf(pages))
	f := newFixture(t, func(c *web.Config) {
		c.Catalog = func() *indicator.Catalog { return catalog }
		c.Dashboards = func() []dashboard.Definition { return pages }
	})
	f.fill(t, "rd_spend", "manufacturing_share", "specialised_smes")
	f.publish(t, ledger.Upload{ID: "evil", Uploader: evil, File: evil, Source: evil, Stage: evil, Reason: evil},
		reading("rd_intensity", "350000", 2024, 2))
	anna := f.as(t, "anna")
	w := anna.send(evil+".csv", "indicator,region,period,value\n"+quoted(evil)+","+quoted(evil)+",2024,"+quoted(evil)+"\n",
		map[string]string{"source": evil, "stage": evil, "reason": evil})
	draft := strings.Split(w.Header().Get("Location"), "?")[0]
	if draft == "" {
		t.Fatalf("the evil file was not kept: %d", w.Code)
	}
	q := url.QueryEscape(evil)
	paths := []string{"/", "/regions/350000", "/indicators/rd_spend", "/targets", "/targets/" + f.targetOf("350000", "specialised_smes"),
		"/regions", "/indicators", "/uploads", "/uploads/evil", draft, "/uploads/new",
		"/regions/" + url.PathEscape(evil), "/indicators/" + url.PathEscape(evil), "/targets/" + url.PathEscape(evil), "/uploads/" + url.PathEscape(evil),
		"/?indicator=" + q, "/?as_of=" + q, "/?version=" + q, "/?catalogue=" + q, "/?as_of_period=" + q, "/regions?region=" + q,
		"/targets?document=" + q + "&region=" + q + "&topic=" + q, "/login?next=" + q, "/?x=" + q,
		"/targets/" + f.targetOf("350000", "rd_intensity") + "?compare=2025-01-01", "/targets/" + f.targetOf("350000", "rd_intensity") + "?compare=" + q}
	for _, lang := range []string{"", "lang=en"} {
		for _, path := range paths {
			if lang != "" {
				path += addTo(path, lang)
			}
			harmless(t, path, document(t, anna.get(path)))
		}
	}
	bad := f.client(t).post("/login", url.Values{"name": {evil}, "password": {evil}, "next": {evil}})
	if bad.Code != http.StatusUnauthorized {
		t.Errorf("login as evil: %d", bad.Code)
	}
	harmless(t, "POST /login", document(t, bad))
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// harmless looks for what evil would have become.
func harmless(t *testing.T, path string, d *goquery.Document) {
	t.Helper()
	if n := d.Find("img, [onerror]").Length(); n > 0 {
		t.Errorf("%s: %d elements made from text", path, n)
	}
	d.Find("script").Each(func(_ int, s *goquery.Selection) {
		src, has := s.Attr("src")
		kind, _ := s.Attr("type")
		if !has && kind != "application/json" || has && !strings.HasPrefix(src, "/static/") {
			t.Errorf("%s: a script made from text: %q", path, s.Text())
		}
	})
	if d.Find("main").Length() != 1 || d.Find("footer").Length() != 1 {
		t.Errorf("%s: the page is torn", path)
	}
}

// poison appends evil to every Text below v.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Struct:
		if text, ok := v.Addr().Interface().(*indicator.Text); ok {
			if !text.IsZero() {
				*text = indicator.T(text.ZH+evil, text.EN+evil)
			}
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				poison(v.Field(i))
			}
		}
	}
}

// TestPoisonReaches makes sure that the test above is one: the words are there.
func TestPoisonReaches(t *testing.T) {
	t.Parallel()
	text := indicator.T("a", "b")
	list := []indicator.Document{{Title: text}}
	poison(reflect.ValueOf(list))
	if got := list[0].Title.EN; got != fmt.Sprintf("b%s", evil) {
		t.Errorf("poisoned to %q", got)
	}
}
