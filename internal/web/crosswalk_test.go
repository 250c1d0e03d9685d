package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// TestComparedAbroad: the page names what comes near with the Chinese term beside
// the English one, whatever its language, or says that nothing does; the API says the same.
func TestComparedAbroad(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	c := f.client(t)
	i := f.catalog.Indicator("rd_intensity")
	for _, lang := range []indicator.Lang{indicator.ZH, indicator.EN} {
		section := c.page("/indicators/rd_intensity?lang=" + string(lang)).Find("#crosswalk")
		if !strings.Contains(section.Text(), i.Crosswalk.Note.In(lang)) {
			t.Errorf("%s: the note is missing in %q", lang, section.Text())
		}
		rows := section.Find("tbody tr")
		if rows.Length() != 1+len(i.Crosswalk.Near) {
			t.Fatalf("%s: %d rows, want the indicator and %d others", lang, rows.Length(), len(i.Crosswalk.Near))
		}
		for n, want := range append([]indicator.Counterpart{{Code: i.Code, Name: i.Name}}, i.Crosswalk.Near...) {
			text := rows.Eq(n).Text()
			for _, part := range []string{string(want.System), want.Code, want.Name.ZH, want.Name.EN} {
				if !strings.Contains(text, part) {
					t.Errorf("%s: row %d lacks %q: %s", lang, n, part, text)
				}
			}
		}
	}
	if text := c.page("/indicators/little_giants?lang=en").Find("#crosswalk .card").Text(); !strings.Contains(text, "No indicator of the SDG framework") {
		t.Errorf("the little giants have no counterpart, the page says %q", text)
	}
	for code, want := range map[string]string{"rd_intensity": `"crosswalk":{"near":[{"system":"SDG","code":"9.5.1",`, "little_giants": `"crosswalk":{"near":[],"note":{"zh":"`} {
		if w := c.get("/api/v1/indicators/" + code); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s, want %s", code, w.Code, w.Body, want)
		}
	}
}
