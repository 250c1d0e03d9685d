package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/dabiao/dabiao/internal/assets"
	"github.com/dabiao/dabiao/internal/chart"
	"github.com/dabiao/dabiao/internal/web"
)

// renderer is shared: compiling the library takes longest.
var renderer = sync.OnceValue(func() *chart.Renderer { return chart.NewRenderer(assets.Dist(), chart.Limits{}) })

func drawing(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t, func(c *web.Config) { c.Charts = renderer() })
	f.fill(t, "rd_spend", "rd_intensity")
	return f
}

// targetOf is a target that charts of an indicator carry.
func targetOf(t *testing.T, f *fixture, code, region string) string {
	t.Helper()
	for _, target := range f.catalog.Targets {
		if target.Indicator == code && target.Region == region {
			return target.ID
		}
	}
	t.Fatalf("no target for %s in %s", code, region)
	return ""
}

func TestCharts(t *testing.T) {
	t.Parallel()
	f := drawing(t)
	h := newHeld(t, f)
	target := targetOf(t, f, "rd_spend", "000000")
	for path, words := range map[string][2]string{
		"indicator/ranking.svg?indicator=rd_spend":                 {"广东", "Guangdong"},
		"indicator/trend.svg?indicator=rd_spend":                   {"2011", "2011"},
		"target/target-" + target + ".svg?target=" + target:        {"预测", "Forecast"},
		"target/target.svg?target=" + target:                       {"80%区间", "80% interval"},
		"region/focus.svg?region=000000&as_of_period=2023":         {"全国", "China"},
		"indicator/nation.svg?indicator=rd_spend&as_of=2026-12-01": {"2011", "2011"},
	} {
		for n, lang := range []string{"zh", "en"} {
			address := "/api/v1/charts/" + path + "&lang=" + lang
			w := h.send(t, "GET", address, "", nil)
			if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(w.Body.String(), words[n]) {
				t.Errorf("%s: %d %s lacks %q: %.300s", address, w.Code, w.Header().Get("Content-Type"), words[n], w.Body)
			}
			for _, bad := range []string{"<script", "<style", " style=", " class=", "foreignObject", "href"} {
				if strings.Contains(w.Body.String(), bad) {
					t.Errorf("%s has %s", address, bad)
				}
			}
			r := httptest.NewRequest(http.MethodGet, address, nil)
			r.Header.Set("If-None-Match", w.Header().Get("ETag"))
			if again := h.do(r); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("%s again: %d, %d bytes", address, again.Code, again.Body.Len())
			}
		}
		option := h.send(t, "GET", "/api/v1/charts/"+strings.Replace(path, ".svg", ".json", 1), "", nil)
		if option.Code != http.StatusOK || !json.Valid(option.Body.Bytes()) || bytes.ContainsAny(option.Body.Bytes(), "<>") {
			t.Errorf("%s as JSON: %d %.300s", path, option.Code, option.Body)
		}
	}
}

func TestChartsThatAreNot(t *testing.T) {
	t.Parallel()
	f := drawing(t)
	h := newHeld(t, f)
	target := targetOf(t, f, "rd_spend", "000000")
	for path, want := range map[string]struct {
		status int
		told   string
	}{
		"nonsense/ranking.svg":                                           {404, "overview"},
		"indicator/ranking.svg":                                          {400, "indicator"},
		"indicator/ranking.svg?indicator=nonsense":                       {400, "nonsense"},
		"indicator/ranking.svg?indicator=rd_spend,rd_intensity":          {400, "indicator"},
		"indicator/nonsense.svg?indicator=rd_spend":                      {404, "ranking, trend, nation"},
		"indicator/ranking?indicator=rd_spend":                           {404, ".svg"},
		"indicator/ranking.gif?indicator=rd_spend":                       {404, ".svg"},
		"indicator/ranking.png?indicator=rd_spend":                       {501, "browser"},
		"indicator/ranking.svg?indicator=rd_spend&method=magic":          {400, "pace"},
		"region/focus.svg?region=999999":                                 {400, "999999"},
		"target/target.svg?target=" + target + "&region=350100":          {404, "neither"},
		"indicator/ranking.svg?indicator=pilot_platforms":                {404, "nothing to draw"},
		"overview/tiles.svg":                                             {404, "nothing to draw"},
		"indicator/" + url.PathEscape("<b>") + ".svg?indicator=rd_spend": {404, "ranking"},
	} {
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		w := h.send(t, "GET", "/api/v1/charts/"+path+join+"lang=en", "", nil)
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.told) || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d %s %s", path, w.Code, w.Header().Get("ETag"), w.Body)
		}
	}
}

// TestStills: without scripts a page shows its charts as pictures of its own
// moment, each of which is there; with scripts it asks for none.
func TestStills(t *testing.T) {
	t.Parallel()
	f := drawing(t)
	c := f.client(t)
	target := targetOf(t, f, "rd_spend", "000000")
	for _, path := range []string{"/indicators/rd_spend?lang=en&as_of=2026-12-01", "/regions/350000", "/targets/" + target + "?method=schedule"} {
		page := c.page(path)
		if n := page.Find("img.still").Length(); n != 0 { // what is in <noscript> is text to a browser with scripts
			t.Errorf("%s: %d stills that scripts do not hide", path, n)
		}
		options := page.Find("script.option").Length()
		stills := document(t, withScriptsOff(c.get(path))).Find("figure img.still")
		if options == 0 || stills.Length() != options {
			t.Errorf("%s: %d charts, %d stills", path, options, stills.Length())
		}
		for n := range stills.Nodes {
			src := stills.Eq(n).AttrOr("src", "")
			w := c.get(src)
			if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "<svg") || stills.Eq(n).AttrOr("alt", "") == "" {
				t.Errorf("%s: %s: %d %.200s", path, src, w.Code, w.Body)
			}
			if strings.Contains(path, "as_of=2026-12-01") && (!strings.Contains(src, "as_of=2026-12-01") || !strings.Contains(src, "lang=en")) {
				t.Errorf("%s: another moment: %s", path, src)
			}
		}
	}
}

// withScriptsOff shows what is in <noscript>.
func withScriptsOff(w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	body := strings.NewReplacer("<noscript>", "<div>", "</noscript>", "</div>").Replace(w.Body.String())
	off := httptest.NewRecorder()
	off.Body.WriteString(body)
	return off
}
