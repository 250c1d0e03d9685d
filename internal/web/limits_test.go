package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/ingest/ingesttest"
	"github.com/dabiao/dabiao/internal/web"
)

// TestLimitsOnPagesAndInTheAPI: a file beyond a limit is answered with the one
// sentence that names it, in the language asked for, wherever it is sent to.
func TestLimitsOnPagesAndInTheAPI(t *testing.T) {
	t.Parallel()
	const most = 50 << 20
	f := newFixture(t, func(c *web.Config) { c.MaxUpload = most })
	f.service.Limits.Bytes = most
	h := newHeld(t, f)
	h.logIn(t, "anna")
	page := f.as(t, "anna")
	for _, file := range ingesttest.BeyondLimits() {
		w := h.upload(t, file.Name, string(file.Content), map[string]string{"indicator": "gdp", "unit": "亿元"})
		var a answer
		decode(t, w, &a)
		if w.Code != http.StatusUnprocessableEntity || len(a.Problems) != 1 || a.Problems[0].Code != file.Code ||
			!strings.Contains(a.Problems[0].Message.ZH, file.Limit) {
			t.Errorf("API, %s: %d %+v", file.Name, w.Code, a.Problems)
			continue
		}
		id := page.stage(file.Name, string(file.Content))
		for lang, says := range map[string]string{"zh": a.Problems[0].Message.ZH, "en": a.Problems[0].Message.EN} {
			if text := page.page("/uploads/" + id + "?lang=" + lang).Find("main").Text(); !strings.Contains(text, says) {
				t.Errorf("page in %s, %s: lacks %q", lang, file.Name, says)
			}
		}
	}
	large := string(ingesttest.Large(most + 1<<20)) // the form itself is too large
	for _, content := range []string{large, large[:most+1]} {
		if w := h.upload(t, "large.csv", content, nil); w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "50 MiB") {
			t.Errorf("API, %d bytes: %d %.300s", len(content), w.Code, w.Body)
		}
		if text := document(t, page.send("large.csv", content, nil)).Find("main").Text(); !strings.Contains(text, "超过") ||
			!strings.Contains(text, "50 MiB") || !strings.Contains(text, "拆成几个文件") {
			t.Errorf("page, %d bytes: %.500s", len(content), text)
		}
	}
	if w := h.send(t, "POST", "/api/v1/session", "application/json", []byte(`{"name":"`+strings.Repeat("x", 1<<20)+`"}`)); w.Code != http.StatusRequestEntityTooLarge ||
		!strings.Contains(w.Body.String(), "1MB") {
		t.Errorf("a long body where no file is taken: %d %.300s", w.Code, w.Body)
	}
}
