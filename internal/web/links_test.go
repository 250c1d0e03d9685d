package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestEveryLinkLeadsSomewhere walks from the start page over every internal
// link, in both languages and at a past moment, without and with a login. Every
// link must answer and keep what the address keeps.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend", "manufacturing_share")
	draft := f.as(t, "anna").stage("fujian.csv", fujianFile)
	for _, start := range []struct{ who, query string }{
		{"", ""}, {"", "lang=en"}, {"admin", "lang=en&as_of=2026-06-30&as_of_period=2023"},
	} {
		c := f.client(t)
		if start.who != "" {
			c = f.as(t, start.who)
		}
		walk := walker{t: t, client: c, query: start.query, seen: map[string]bool{}, shapes: map[string]int{}}
		walk.from("/?" + start.query)
		for _, shape := range []string{"/", "/regions/", "/indicators/", "/targets/", "/uploads/", "/login", "/regions", "/indicators", "/targets", "/uploads"} {
			if walk.shapes[shape] == 0 && (shape != "/login" || start.who == "") {
				t.Errorf("%+v: no link leads to %s", start, shape)
			}
		}
		reached := false
		for link := range walk.seen {
			reached = reached || strings.HasPrefix(link, "/uploads/"+draft)
		}
		if reached != (start.who != "") {
			t.Errorf("%+v: the draft was reached: %v", start, reached)
		}
	}
}

// perShape is how many pages of one shape the walk opens; links on pages of a
// shape are alike, and there are hundreds of targets.
const perShape = 6

type walker struct {
	t      *testing.T
	client *client
	query  string
	seen   map[string]bool
	shapes map[string]int
}

func (w *walker) from(start string) {
	queue := []string{start}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		answer := w.client.get(next)
		if answer.Code >= 400 {
			w.t.Errorf("%s: %d", next, answer.Code)
			continue
		}
		if !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") || answer.Code != http.StatusOK {
			continue
		}
		d := document(w.t, answer)
		w.furniture(next, d)
		d.Find("a[href], form[action]").Each(func(_ int, s *goquery.Selection) {
			to, isLink := s.Attr("href")
			if !isLink {
				to, _ = s.Attr("action")
			}
			if link := w.check(next, to, s); isLink && link != "" && !w.seen[link] {
				w.seen[link] = true
				u, _ := url.Parse(link)
				shape := u.Path[:strings.LastIndex(u.Path, "/")+1]
				if strings.Count(u.Path, "/") == 1 {
					shape = u.Path
				}
				if w.shapes[shape]++; w.shapes[shape] <= perShape {
					queue = append(queue, link)
				}
			}
		})
	}
}

// check gives the link to follow, without its anchor; empty where it is not to be followed.
func (w *walker) check(page, to string, s *goquery.Selection) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" {
		w.t.Errorf("%s links to %q", page, to)
		return ""
	}
	if strings.HasPrefix(to, "#") || strings.HasPrefix(u.Path, "/static/") {
		return ""
	}
	if _, otherLanguage := s.Attr("hreflang"); otherLanguage {
		return ""
	}
	if s.Text() == "回到当前" || s.Text() == "Back to now" {
		return ""
	}
	want, _ := url.ParseQuery(w.query)
	for name := range want {
		isForm := s.Is("form") && s.Find("input[name="+name+"]").Length() > 0
		if u.Query().Get(name) != want.Get(name) && !isForm {
			w.t.Errorf("%s: the link %q (%s) loses %s", page, to, strings.TrimSpace(s.Text()), name)
		}
	}
	u.Fragment = ""
	return u.String()
}

// furniture checks what every page has: its language, the way to the other one,
// and forms that keep the address.
func (w *walker) furniture(page string, d *goquery.Document) {
	want, other := "zh-CN", "lang=en"
	if strings.Contains(w.query, "lang=en") {
		want, other = "en", ""
	}
	if lang, _ := d.Find("html").Attr("lang"); lang != want {
		w.t.Errorf("%s is marked as %q", page, lang)
	}
	to, _ := d.Find("header a[hreflang]").Attr("href")
	if strings.Contains(to, "lang=en") != (other != "") {
		w.t.Errorf("%s: the other language is at %q", page, to)
	}
	if d.Find("h1").Length() != 1 || strings.TrimSpace(d.Find("h1").Text()) == "" {
		w.t.Errorf("%s has %d headings of the first level", page, d.Find("h1").Length())
	}
	query, _ := url.ParseQuery(w.query)
	d.Find("form").Each(func(_ int, form *goquery.Selection) {
		action, _ := form.Attr("action")
		for name := range query {
			if name != "as_of" && !strings.Contains(action, name+"=") && form.Find("[name="+name+"]").Length() == 0 {
				w.t.Errorf("%s: the form to %q loses %s", page, action, name)
			}
		}
	})
	d.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id, _ := s.Attr("id")
		if d.Find(`[id="`+id+`"]`).Length() > 1 {
			w.t.Errorf("%s: the id %q occurs twice", page, id)
		}
	})
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	c := f.client(t)
	zh, en := c.page("/regions/350000"), c.page("/regions/350000?lang=en")
	if zh.Find("h1").Text() != "福建" || en.Find("h1").Text() != "Fujian" {
		t.Errorf("titles %q and %q", zh.Find("h1").Text(), en.Find("h1").Text())
	}
	if got := c.page("/regions/350000?lang=fr").Find("h1").Text(); got != "福建" {
		t.Errorf("an unknown language shows %q", got)
	}
	for _, word := range []string{"目标", "地区", "报送", "登录", "版本时点"} {
		if strings.Contains(en.Find("header, footer").Text(), word) {
			t.Errorf("the English page says %q in its furniture", word)
		}
	}
}

func TestRegionPickerTakesEveryName(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.client(t)
	for asked, want := range map[string]string{"350000": "/regions/350000", "福建": "/regions/350000", "福建省": "/regions/350000",
		"fujian": "/regions/350000", "FJ": "/regions/350000", "cq": "/regions/500000", "Chongqing": "/regions/500000"} {
		w := c.get("/regions?" + url.Values{"region": {asked}, "lang": {"en"}}.Encode())
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != want+"?lang=en" {
			t.Errorf("%q leads to %d %q", asked, w.Code, to)
		}
	}
	w := c.get("/regions?region=" + url.QueryEscape("福健省"))
	if w.Code != http.StatusNotFound || document(t, w).Find(`main a[href="/regions/350000"]`).Length() == 0 {
		t.Errorf("a name with a slip: %d without the right suggestion", w.Code)
	}
}

// TestLinksStayHere: a path that begins like another host's address makes no link there.
func TestLinksStayHere(t *testing.T) {
	t.Parallel()
	c := newFixture(t, nil).client(t)
	for _, path := range []string{"//example.org/x", "///example.org", `/\example.org`} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path = path
		body := c.do(r).Body.String()
		for _, link := range []string{`"//example`, `"/\example`, `"/%5Cexample`} {
			if strings.Contains(body, link) {
				t.Errorf("%s: the page links to %s", path, link)
			}
		}
	}
}
