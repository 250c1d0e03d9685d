package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestTheWayToTheVintages: from a figure on the indicator's page to all its
// vintages, with who gave them, when and why, in both languages, without a script.
func TestTheWayToTheVintages(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	c := f.client(t)
	for lang, words := range map[string][]string{
		"":     {"福建", "2023年", "现为1,171.7亿元", "数值有1次修订", "+71.7", "核实", "demo", "2025-03-01", "2025-09-01"},
		"lang": {"Fujian", "2023", "117.17 billion yuan", "1 revision", "+71.7", "核实", "demo", "in force", "superseded"},
	} {
		query := map[string]string{"": "", "lang": "?lang=en"}[lang]
		page := c.page("/indicators/rd_spend" + query)
		link := page.Find(`#trend td.number a[href*="region=350000"][href*="period=2023"]`)
		to, ok := link.Attr("href")
		if !ok || link.Text() != "1,171.7" {
			t.Fatalf("%q: no way from the figure: %q", lang, link.Text())
		}
		if link.Parent().Find("abbr.revised").Length() != 1 {
			t.Errorf("%q: the revised figure has no mark", lang)
		}
		history := c.page(to)
		text := history.Find("main").Text()
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("%q: the page of the vintages lacks %q:\n%s", lang, word, text)
			}
		}
		var ids []string
		history.Find(`#vintages tbody a[href^="/uploads/"]`).Each(func(_ int, s *goquery.Selection) {
			href, _ := s.Attr("href")
			ids = append(ids, strings.TrimSuffix(strings.TrimPrefix(href, "/uploads/"), "?lang=en"))
		})
		if strings.Join(ids, " ") != "second first" {
			t.Errorf("%q: uploads %v", lang, ids)
		}
		if history.Find("#vintages .chart").Length() != 1 || history.Find("#vintages details").Length() != 0 {
			t.Errorf("%q: no chart of how the figure was revised, or the table is hidden", lang)
		}
	}
	past := c.page("/indicators/rd_spend/history?region=350000&period=2023&as_of=2025-06-30")
	if text := past.Find("main").Text(); strings.Contains(text, "1,171.7") || !strings.Contains(text, "1,100.0") || past.Find(".chart").Length() != 0 {
		t.Errorf("as of a past day:\n%s", text)
	}
}

func TestHistoryOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	c := f.client(t)
	for path, want := range map[string]int{
		"/indicators/rd_spend/history?region=350000&period=2019":   http.StatusOK,
		"/indicators/rd_spend/history?region=350000":               http.StatusBadRequest,
		"/indicators/rd_spend/history?region=350000&period=latest": http.StatusBadRequest,
		"/indicators/rd_spend/history?period=2023":                 http.StatusNotFound,
		"/indicators/rd_spent/history?region=350000&period=2023":   http.StatusNotFound,
	} {
		if w := c.get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if text := c.page("/indicators/rd_spend/history?region=350000&period=2019").Find("main .empty").Text(); text == "" {
		t.Error("a figure that was never published: the page does not say so")
	}
}
