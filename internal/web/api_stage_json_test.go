package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/web"
)

// readingsJSON are the readings of fujianCSV.
const readingsJSON = `{"readings": [{"indicator": "rd_spend", "region": "350000", "period": "2023", "value": 1171.7, "unit": "亿元"},
	{"indicator": "rd_spend", "region": "福建", "period": "2024年", "value": 1280.5, "unit": "亿元", "status": "A"}]`

func (h *held) sendReadings(t *testing.T, body string) (int, answer) {
	t.Helper()
	w := h.send(t, "POST", "/api/v1/uploads", "application/json; charset=utf-8", []byte(body))
	var a answer
	decode(t, w, &a)
	return w.Code, a
}

// TestReadingsAsJSON: they are staged as a file would be, and the same content as
// a file is the same upload.
func TestReadingsAsJSON(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.logIn(t, "anna")
	code, tried := h.sendReadings(t, readingsJSON+`, "dry_run": true}`)
	if code != http.StatusOK || tried.Upload != nil || len(tried.Readings) != 2 {
		t.Fatalf("dry run: %d %+v", code, tried)
	}
	if got := statesOf(t, h); len(got) != 0 {
		t.Errorf("kept of a dry run: %v", got)
	}
	const said = `, "source": "2024年公报", "stage": "年报", "released": "2025-09-29", "reason": null, "explanation": "核对无误"}`
	code, kept := h.sendReadings(t, readingsJSON+said)
	if code != http.StatusCreated || kept.File != "readings.json" || kept.Upload == nil || kept.Understood.Container != "json" ||
		kept.Readings[1].Cell != "readings[1].value" || kept.Readings[1].Region != "350000" || kept.Readings[1].Period != "2024" {
		t.Fatalf("%d %+v", code, kept)
	}
	path := "/api/v1/uploads/" + kept.Upload.ID
	var got struct {
		Item struct{ File, Source, Stage, Released string }
	}
	decode(t, h.send(t, "GET", path, "", nil), &got)
	if got.Item.Source != "2024年公报" || got.Item.Stage != "年报" || got.Item.Released != "2025-09-29T00:00:00+08:00" || got.Item.File != "readings.json" {
		t.Errorf("kept as %+v", got.Item)
	}
	if w := h.send(t, "GET", path+"/file", "", nil); w.Body.String() != readingsJSON+"}" {
		t.Errorf("the file: %s", w.Body)
	}
	if code, again := h.sendReadings(t, readingsJSON+said); code != http.StatusCreated || again.Upload.ID != kept.Upload.ID {
		t.Errorf("again: %d %+v", code, again.Upload)
	}
	var file answer
	decode(t, h.upload(t, "fujian.csv", fujianCSV, map[string]string{"source": "2024年公报"}), &file)
	if file.Upload == nil || file.Upload.ID != kept.Upload.ID {
		t.Errorf("the same as a file: %+v", file.Upload)
	}
}

// TestReadingsTwiceAtOnce is one upload, with whoever sent it as its authors.
func TestReadingsTwiceAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		h := newHeld(t, f)
		h.logIn(t, []string{"anna", "admin"}[i%2])
		all.Go(func() {
			if _, a := h.sendReadings(t, readingsJSON+"}"); a.Upload != nil {
				ids[i] = a.Upload.ID
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Fatalf("several uploads: %v", ids)
		}
	}
}

func TestFaultyReadings(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.logIn(t, "anna")
	code, a := h.sendReadings(t, `{"readings": [{"indicator": "rd_spend", "region": "350000", "period": "2023", "value": "1171.7"},
		{"indicator": "rd_spend", "region": "福健", "period": "2023", "value": 1, "unit": "亿元", "colour": "red"},
		{"indicator": "rd_spend", "region": "350000", "period": "2022", "value": null},
		{"indicator": "rd_spend", "region": "350000", "period": "2021", "value": null, "status": "M"},
		{"indicator": "rd_spend", "region": "福健", "period": "2020", "value": 1, "unit": "亿元"}]}`)
	var got []string
	for _, p := range a.Problems {
		got = append(got, p.Cell+" "+p.Code)
	}
	want := []string{"readings[0].value not_a_number", "readings[1] unknown_field", "readings[2].value missing_value", "readings[4].region unknown_region"}
	if code != http.StatusUnprocessableEntity || !cmp.Equal(got, want) {
		t.Errorf("%d %v", code, got)
	}
	if got := statesOf(t, h); len(got) != 0 {
		t.Errorf("kept: %v", got)
	}
}

func TestBodiesThatAreNone(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.logIn(t, "anna")
	for body, parameter := range map[string]string{
		``: "readings", `[]`: "readings", `{}`: "readings", `{"readings": [}`: "readings", `{"readings": []`: "readings",
		readingsJSON + `} x`:                         "readings",
		readingsJSON + `, "colour": "red"}`:          "colour",
		readingsJSON + `, "indicator": "gdp"}`:       "indicator",
		readingsJSON + `, "source": 1}`:              "source",
		readingsJSON + `, "dry_run": "true"}`:        "dry_run",
		readingsJSON + `, "released": "soon"}`:       "released",
		readingsJSON + `, "source":"", "source":""}`: "source",
		readingsJSON + `, "readings": []}`:           "readings",
	} {
		w := h.send(t, "POST", "/api/v1/uploads", "application/json", []byte(body))
		var got struct{ Parameter string }
		decode(t, w, &got)
		if w.Code != http.StatusBadRequest || got.Parameter != parameter {
			t.Errorf("%s: %d names %q: %s", body, w.Code, got.Parameter, w.Body)
		}
	}
	code, a := h.sendReadings(t, `{"readings": []}`)
	if code != http.StatusUnprocessableEntity || len(a.Problems) != 1 || a.Problems[0].Code != "no_data" {
		t.Errorf("no readings: %d %+v", code, a)
	}
	if w := h.send(t, "POST", "/api/v1/uploads", "text/json", []byte(readingsJSON+"}")); w.Code != http.StatusUnsupportedMediaType ||
		!strings.Contains(w.Body.String(), "multipart/form-data or application/json") {
		t.Errorf("another type: %d %s", w.Code, w.Body)
	}
	if code, _ := h.sendReadings(t, strings.ReplaceAll(readingsJSON, "350000", "310000")+"}"); code != http.StatusForbidden {
		t.Errorf("another's region: %d", code)
	}
}

func TestReadingsThatAreTooLarge(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	h := newHeld(t, newFixture(t, func(c *web.Config) { c.MaxUpload = most }))
	h.logIn(t, "anna")
	for _, size := range []int{most + 1, 3 * most} {
		body := fmt.Sprintf(`{"readings": [{"indicator": "%s"}]}`, strings.Repeat("x", size))
		if w := h.send(t, "POST", "/api/v1/uploads", "application/json", []byte(body)); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%d bytes: %d %.300s", size, w.Code, w.Body)
		}
	}
}
