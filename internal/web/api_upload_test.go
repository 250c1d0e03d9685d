package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/web"
)

// formOf is a form of fields and files, name, content, name, content …; a name
// before a colon is that of the field instead of file.
func formOf(t *testing.T, fields map[string]string, files ...string) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for key, value := range fields {
		if err := form.WriteField(key, value); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < len(files); i += 2 {
		field, name, found := strings.Cut(files[i], ":")
		if !found {
			field, name = "file", files[i]
		}
		part, err := form.CreateFormFile(field, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return form.FormDataContentType(), b.Bytes()
}

// statesOf are the ids and states of all uploads the client sees, newest first.
func statesOf(t *testing.T, h *held) []string {
	t.Helper()
	var got list
	decode(t, h.send(t, "GET", "/api/v1/uploads", "", nil), &got)
	states := []string{}
	for _, item := range got.Items {
		states = append(states, fmt.Sprint(item["file"], " ", item["state"]))
	}
	return states
}

// TestSeveralFiles: one line a file, and all of them or none.
func TestSeveralFiles(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.logIn(t, "admin")
	other := strings.ReplaceAll(fujianCSV, "350000", "310000")
	faulty := strings.Replace(other, "1280.5", "many", 1)
	send := func(status int, files ...string) []answer {
		t.Helper()
		kind, body := formOf(t, nil, files...)
		w := h.send(t, "POST", "/api/v1/uploads", kind, body)
		if w.Code != status || w.Header().Get("Content-Type") != "application/x-ndjson" {
			t.Fatalf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		var answers []answer
		for d := json.NewDecoder(w.Body); d.More(); {
			var a answer
			if err := d.Decode(&a); err != nil {
				t.Fatal(err)
			}
			answers = append(answers, a)
		}
		return answers
	}
	answers := send(http.StatusUnprocessableEntity, "good.csv", fujianCSV, "faulty.csv", faulty)
	if len(answers) != 2 || answers[0].Upload != nil || len(answers[0].Problems) != 0 || answers[1].Upload != nil || len(answers[1].Problems) != 1 {
		t.Errorf("one of two is faulty: %+v", answers)
	}
	if got := statesOf(t, h); len(got) != 0 {
		t.Errorf("kept beside a faulty file: %v", got)
	}
	answers = send(http.StatusCreated, "good.csv", fujianCSV, "other.csv", other)
	if len(answers) != 2 || answers[0].File != "good.csv" || answers[1].File != "other.csv" ||
		answers[0].Upload == nil || answers[1].Upload == nil || answers[0].Upload.ID == answers[1].Upload.ID {
		t.Errorf("two good ones: %+v", answers)
	}
	if got := statesOf(t, h); len(got) != 2 {
		t.Errorf("two good ones: %v", got)
	}
}

func TestFormsThatAreNone(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.logIn(t, "anna")
	form := func(fields map[string]string, files ...string) func() (string, []byte) {
		return func() (string, []byte) { return formOf(t, fields, files...) }
	}
	raw := func(kind, body string) func() (string, []byte) {
		return func() (string, []byte) { return kind, []byte(body) }
	}
	for name, test := range map[string]struct {
		form      func() (string, []byte)
		status    int
		parameter string
	}{
		"CSV itself":       {raw("text/csv", fujianCSV), 415, ""},
		"no content type":  {raw("", fujianCSV), 415, ""},
		"no boundary":      {raw("multipart/form-data", fujianCSV), 400, ""},
		"cut off":          {raw("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx"), 400, ""},
		"no file":          {form(map[string]string{"source": "x"}), 400, "file"},
		"no file name":     {form(map[string]string{"file": fujianCSV}), 400, "file"},
		"another field":    {form(nil, "data:a.csv", fujianCSV), 400, "data"},
		"unknown field":    {form(map[string]string{"colour": "red"}, "a.csv", fujianCSV), 400, "colour"},
		"bad date":         {form(map[string]string{"released": "last week"}, "a.csv", fujianCSV), 400, "released"},
		"bad status":       {form(map[string]string{"status": "X"}, "a.csv", fujianCSV), 400, "status"},
		"status no value":  {form(map[string]string{"status": "M"}, "a.csv", fujianCSV), 400, "status"},
		"bad switch":       {form(map[string]string{"dry_run": "perhaps"}, "a.csv", fujianCSV), 400, "dry_run"},
		"another's region": {form(nil, "a.csv", strings.ReplaceAll(fujianCSV, "350000", "310000")), 403, ""},
	} {
		kind, body := test.form()
		w := h.send(t, "POST", "/api/v1/uploads", kind, body)
		var got struct{ Parameter string }
		decode(t, w, &got)
		if w.Code != test.status || got.Parameter != test.parameter {
			t.Errorf("%s: %d names %q: %s", name, w.Code, got.Parameter, w.Body)
		}
	}
	if got := statesOf(t, h); len(got) != 0 {
		t.Errorf("kept: %v", got)
	}
}

// noughts never end.
type noughts struct{}

func (noughts) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestSixtyMegabytes: refused, whether the length is said beforehand or not, and said how much may come.
func TestSixtyMegabytes(t *testing.T) {
	t.Parallel()
	const most, much = 50_000_000, 60_000_000
	h := newHeld(t, newFixture(t, func(c *web.Config) { c.MaxUpload = most }))
	h.logIn(t, "anna")
	const head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
	for _, length := range []int64{much, -1} {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/uploads", io.MultiReader(strings.NewReader(head), io.LimitReader(noughts{}, much)))
		r.ContentLength = length
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		r.Header.Set("X-CSRF-Token", h.token)
		w := h.do(r)
		var got struct{ Code, Detail string }
		decode(t, w, &got)
		if w.Code != http.StatusRequestEntityTooLarge || got.Code != "too_large" || !strings.Contains(got.Detail, "50 MB") {
			t.Errorf("length %d: %d %s", length, w.Code, w.Body)
		}
	}
	kind, body := formOf(t, nil, "a.csv", strings.Repeat("0", most+1))
	if w := h.send(t, "POST", "/api/v1/uploads", kind, body); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a file one byte too long: %d %.300s", w.Code, w.Body)
	}
}

// TestMarkupIsOnlyText: HTML in every field and in the file's name is kept as it
// is, a label, and is never markup in an answer.
func TestMarkupIsOnlyText(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.logIn(t, "anna")
	const markup = `"><script>alert(1)</script>`
	fields := map[string]string{"source": markup, "stage": markup, "reason": markup}
	kind, body := formOf(t, fields, `\\host\share\x<b>.csv`, fujianCSV)
	w := h.send(t, "POST", "/api/v1/uploads", kind, body)
	var kept answer
	decode(t, w, &kept)
	if w.Code != http.StatusCreated || kept.Upload == nil || kept.File != "x<b>.csv" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if to := w.Header().Get("Location"); to != "/api/v1/uploads/"+kept.Upload.ID {
		t.Errorf("Location: %q", to)
	}
	w = h.send(t, "GET", "/api/v1/uploads/"+kept.Upload.ID, "", nil)
	var got struct {
		Item struct{ File, Source, Stage, Reason string }
	}
	decode(t, w, &got)
	if got.Item.File != "x<b>.csv" || got.Item.Source != markup || got.Item.Stage != markup || got.Item.Reason != markup {
		t.Errorf("kept as %+v", got.Item)
	}
	if strings.Contains(w.Body.String(), "<") {
		t.Errorf("markup in the answer: %s", w.Body)
	}
	for _, field := range []string{"indicator", "unit", "region", "year"} {
		kind, body := formOf(t, map[string]string{field: markup}, "a.csv", fujianCSV)
		w := h.send(t, "POST", "/api/v1/uploads", kind, body)
		if w.Code != http.StatusUnprocessableEntity || strings.Contains(w.Body.String(), "<") {
			t.Errorf("%s: %d %s", field, w.Code, w.Body)
		}
	}
}

// TestRevisionOverTheAPI: a changed figure needs its reason; the diff shows old
// and new; the same content again is the upload that is there.
func TestRevisionOverTheAPI(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.publish(t, ledger.Upload{ID: "old", Uploader: "demo", Released: time.Date(2025, 3, 1, 0, 0, 0, 0, indicator.Shanghai)},
		reading("rd_spend", "350000", 2023, 1100), reading("rd_spend", "350000", 2024, 1280.5))
	h := newHeld(t, f)
	h.logIn(t, "anna")
	w := h.upload(t, "fujian.csv", fujianCSV, nil)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "missing_reason") {
		t.Fatalf("a revision without reason: %d %s", w.Code, w.Body)
	}
	var kept answer
	decode(t, h.upload(t, "fujian.csv", fujianCSV, map[string]string{"reason": "核实"}), &kept)
	path := "/api/v1/uploads/" + kept.Upload.ID
	var diff struct {
		Counts map[string]int
		Items  []map[string]any
	}
	decode(t, h.send(t, "GET", path+"/diff", "", nil), &diff)
	if want := map[string]int{"new": 0, "changed": 1, "unchanged": 1, "withdrawn": 0}; !cmp.Equal(diff.Counts, want) {
		t.Errorf("counts %v, want %v", diff.Counts, want)
	}
	want := map[string]any{"kind": "changed", "indicator": "rd_spend", "region": "350000", "period": "2023", "unit": "亿元", "cell": "D2",
		"old": map[string]any{"value": 1100.0, "status": "A"}, "new": map[string]any{"value": 1171.7, "status": "A"}}
	if len(diff.Items) != 2 || !cmp.Equal(diff.Items[0], want) {
		t.Errorf("changes %v", diff.Items)
	}
	step := func(who, name, kind, body string, status int) {
		t.Helper()
		h.logIn(t, who)
		if w := h.send(t, "POST", path+"/"+name, kind, []byte(body)); w.Code != status {
			t.Errorf("%s %s as %s: %d, want %d: %s", name, body, who, w.Code, status, w.Body)
		}
	}
	step("anna", "submit", "", "", http.StatusOK)
	step("anna", "submit", "", "", http.StatusOK) // twice is once
	step("reviewer", "reject", "", "", http.StatusUnprocessableEntity)
	step("reviewer", "reject", "text/plain", "no", http.StatusUnsupportedMediaType)
	step("reviewer", "reject", "application/json", `{"why":"no"}`, http.StatusBadRequest)
	step("reviewer", "publish", "application/json", `{}`, http.StatusOK)
	step("reviewer", "publish", "", "", http.StatusOK)
	step("reviewer", "reject", "application/json", `{"comment":"late"}`, http.StatusConflict)
	h.logIn(t, "anna")
	w = h.upload(t, "again.csv", fujianCSV, nil)
	var again answer
	decode(t, w, &again)
	if w.Code != http.StatusOK || again.Upload == nil || again.Upload.ID != kept.Upload.ID || again.Upload.State != "published" {
		t.Errorf("what is published, again: %d %+v", w.Code, again.Upload)
	}
	step("reviewer", "revert", "application/json", `{"reason":"wrong"}`, http.StatusOK)
	if got := cells(t, h, "?to=2023"); !cmp.Equal(got, []string{"350000 2023 1100 old"}) {
		t.Errorf("after the revert: %v", got)
	}
}

// submitted is the address of an upload that waits for the reviewer, who is logged in.
func (h *held) submitted(t *testing.T) string {
	t.Helper()
	h.logIn(t, "anna")
	var kept answer
	decode(t, h.upload(t, "fujian.csv", fujianCSV, nil), &kept)
	path := "/api/v1/uploads/" + kept.Upload.ID
	h.send(t, "POST", path+"/submit", "", nil)
	h.logIn(t, "reviewer")
	return path
}

func TestRejectionIsKeptWithItsComment(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	path := h.submitted(t)
	h.send(t, "POST", path+"/reject", "application/json", []byte(`{"comment":"单位有误"}`))
	h.logIn(t, "anna")
	var got struct {
		Item struct {
			State  string
			Events []struct{ Who, What, Note string }
		}
	}
	decode(t, h.send(t, "GET", path, "", nil), &got)
	last := got.Item.Events[len(got.Item.Events)-1]
	if got.Item.State != "rejected" || last.Who != "reviewer" || last.What != "rejected" || last.Note != "单位有误" {
		t.Errorf("%+v", got.Item)
	}
	if got := statesOf(t, h); !cmp.Equal(got, []string{"fujian.csv rejected"}) {
		t.Errorf("the list: %v", got)
	}
}

// TestFlipsOverTheAPI: the answer to a file tells what it turns, and so does the
// upload afterwards; its file comes back as it was sent.
func TestFlipsOverTheAPI(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	var readings []indicator.Reading
	for year := 2017; year <= 2022; year++ {
		readings = append(readings, reading("rd_spend", "350000", year, float64(500+100*(year-2017))))
	}
	f.publish(t, ledger.Upload{ID: "old", Uploader: "demo"}, readings...)
	h := newHeld(t, f)
	h.logIn(t, "anna")
	const falling = "indicator,region,period,value,unit\nrd_spend,350000,2023,400,亿元\n"
	var kept struct {
		Upload struct{ ID string }
		Diff   struct {
			Counts  map[string]int
			Changes []map[string]any
		}
		Flips []map[string]any
	}
	decode(t, h.upload(t, "fujian.csv", falling, nil), &kept)
	if kept.Diff.Counts["new"] != 1 || len(kept.Diff.Changes) != 1 || kept.Diff.Changes[0]["cell"] != "D2" {
		t.Errorf("diff %v", kept.Diff)
	}
	want := map[string]any{"target": "fujian-decision-2-rd_spend", "indicator": "rd_spend", "region": "350000", "method": "pace",
		"before": map[string]any{"status": "on_track", "reason": ""}, "after": map[string]any{"status": "reversing", "reason": ""},
		"counted": false, "revision": false}
	has := func(flips []map[string]any) bool {
		return slices.ContainsFunc(flips, func(f map[string]any) bool { return cmp.Equal(f, want) })
	}
	if !has(kept.Flips) {
		t.Errorf("flips in the answer: %v", kept.Flips)
	}
	var told list
	decode(t, h.send(t, "GET", "/api/v1/uploads/"+kept.Upload.ID+"/flips", "", nil), &told)
	if !has(told.Items) || len(told.Items) != len(kept.Flips) {
		t.Errorf("flips of the upload: %v", told.Items)
	}
	w := h.send(t, "GET", "/api/v1/uploads/"+kept.Upload.ID+"/file", "", nil)
	if w.Code != http.StatusOK || w.Body.String() != falling || !strings.Contains(w.Header().Get("Content-Disposition"), "fujian.csv") {
		t.Errorf("the file: %d %q %q", w.Code, w.Body, w.Header().Get("Content-Disposition"))
	}
}

// TestFaultyDraftOfAPage: a draft that a page keeps to be mended has problems and no diff.
func TestFaultyDraftOfAPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	id := f.as(t, "anna").stage("fujian.csv", strings.Replace(fujianFile, "1300", "many", 1))
	h := newHeld(t, f)
	h.logIn(t, "anna")
	var got list
	decode(t, h.send(t, "GET", "/api/v1/uploads/"+id+"/problems", "", nil), &got)
	if len(got.Items) != 1 || got.Items[0]["code"] != "not_a_number" || got.Items[0]["cell"] != "D3" {
		t.Errorf("problems: %v", got.Items)
	}
	if w := h.send(t, "GET", "/api/v1/uploads/"+id+"/diff", "", nil); w.Code != http.StatusConflict {
		t.Errorf("diff: %d", w.Code)
	}
	if w := h.send(t, "GET", "/api/v1/uploads/"+id+"/flips", "", nil); w.Code != http.StatusConflict {
		t.Errorf("flips: %d", w.Code)
	}
	w := h.send(t, "POST", "/api/v1/uploads/"+id+"/submit", "", nil)
	decode(t, w, &struct{ Problems []any }{})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "not_a_number") {
		t.Errorf("submitted with errors: %d %s", w.Code, w.Body)
	}
}
