package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestScheduledOnThePages: approved for later by the reviewer's form, unknown to
// everybody else until then, published by the clock.
func TestScheduledOnThePages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "gdp")
	anna, reviewer, public := f.as(t, "anna"), f.as(t, "reviewer"), f.as(t, "viewer")
	page := "/uploads/" + anna.stage("embargoed.csv", strings.ReplaceAll(fujianFile, "1300", "1300.7"))
	anna.post(page+"/submit", nil)
	w := reviewer.post(page+"/publish", url.Values{"publish_at": {"2026-12-01T09:00"}})
	if w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "note=scheduled") {
		t.Fatalf("approve for later: %d to %s", w.Code, w.Header().Get("Location"))
	}
	for _, who := range []*client{anna, reviewer} {
		if text := who.page(page).Find("main").Text(); !strings.Contains(text, "已批准，定于 2026-12-01 09:00 发布") {
			t.Errorf("who may see it reads %s", text)
		}
	}
	knows := func(path string) bool {
		t.Helper()
		body := public.get(path).Body.String()
		return strings.Contains(body, "embargoed") || strings.Contains(body, "1,300.7") || strings.Contains(body, "1300.7")
	}
	paths := []string{"/", "/regions/350000", "/indicators/rd_spend", "/indicators/rd_spend/history?region=350000&period=2024", "/uploads",
		"/uploads?lang=en", page, page + "/file", "/api/v1/uploads", "/api/v1" + page, "/api/v1" + page + "/diff", "/api/v1/readings",
		"/api/v1/readings?format=csv", "/api/v1/readings?format=csv&vintages=true", "/targets"}
	for _, path := range paths {
		if knows(path) {
			t.Errorf("before its moment %s knows of it", path)
		}
	}
	f.now.Store(time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC).UnixNano())
	if err := f.service.PublishDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	public = f.client(t)
	for _, path := range []string{"/regions/350000", "/uploads", page, "/api/v1/readings?indicator=rd_spend"} {
		if !knows(path) {
			t.Errorf("after its moment %s does not know of it", path)
		}
	}
}

func TestUnscheduledOnThePages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna, reviewer := f.as(t, "anna"), f.as(t, "reviewer")
	page := "/uploads/" + anna.stage("fujian.csv", fujianFile)
	anna.post(page+"/submit", nil)
	for at, status := range map[string]int{"tomorrow": http.StatusBadRequest, "2026-11-01T09:00": http.StatusUnprocessableEntity,
		"2028-01-01": http.StatusUnprocessableEntity, "2026-11-24": http.StatusSeeOther} {
		if got := reviewer.post(page+"/publish", url.Values{"publish_at": {at}}).Code; got != status {
			t.Errorf("publish at %s: %d, want %d", at, got, status)
		}
	}
	if got := anna.post(page+"/unschedule", nil).Code; got != http.StatusForbidden {
		t.Errorf("the author unschedules: %d", got)
	}
	w := reviewer.post(page+"/unschedule", nil)
	if !strings.HasSuffix(w.Header().Get("Location"), "note=unscheduled") {
		t.Errorf("unschedule: %d to %s", w.Code, w.Header().Get("Location"))
	}
	if text := reviewer.page(page + "?note=unscheduled").Find("main").Text(); !strings.Contains(text, "已撤销定时发布") || !strings.Contains(text, "待审核") {
		t.Errorf("afterwards: %s", text)
	}
}

// TestLapseIsTold: to author and reviewer, above everything else.
func TestLapseIsTold(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna, reviewer := f.as(t, "anna"), f.as(t, "reviewer")
	w := anna.send("fujian.csv", fujianFile, map[string]string{"reason": "核实"})
	page, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	anna.post(page+"/submit", nil)
	reviewer.post(page+"/publish", url.Values{"publish_at": {"2026-12-01"}})
	f.fill(t, "rd_spend")
	f.now.Store(time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC).UnixNano())
	if err := f.service.PublishDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	anna, reviewer = f.as(t, "anna"), f.as(t, "reviewer") // the sessions are over
	for who, path := range map[*client]string{anna: page, reviewer: page + "?lang=en"} {
		d := who.page(path)
		if text := d.Find(".notice.fault").Text(); !strings.Contains(text, "批准之后，已发布的数据有变化") && !strings.Contains(text, "since the approval") {
			t.Errorf("the notices are %q", text)
		}
		if text := d.Find("#steps").Text(); strings.Contains(text, "diff_changed") {
			t.Errorf("the page speaks in codes: %s", text)
		}
	}
}

// TestScheduleByAPI holds every answer against the description.
func TestScheduleByAPI(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	path := h.submitted(t)
	var got struct {
		Item struct {
			State     string
			PublishAt *string `json:"publish_at"`
			Events    []struct{ What, Note, Diff string }
		}
	}
	step := func(name, body string, status int) {
		t.Helper()
		w := h.send(t, "POST", path+"/"+name, "application/json", []byte(body))
		if w.Code != status {
			t.Errorf("%s %s: %d, want %d: %s", name, body, w.Code, status, w.Body)
		}
		if status == http.StatusOK {
			got.Item.PublishAt = nil
			decode(t, w, &got)
		}
	}
	step("publish", `{"publish_at":"morgen"}`, http.StatusBadRequest)
	step("publish", `{"publish_at":" "}`, http.StatusBadRequest)
	step("publish", `{"publish_at":"2020-01-01"}`, http.StatusUnprocessableEntity)
	step("publish", `{"publish_at":"2026-12-01T09:00"}`, http.StatusOK)
	if last := got.Item.Events[len(got.Item.Events)-1]; got.Item.State != "submitted" || got.Item.PublishAt == nil ||
		*got.Item.PublishAt != "2026-12-01T09:00:00+08:00" || last.What != "scheduled" || last.Note != "2026-12-01 09:00" || last.Diff == "" {
		t.Errorf("approved for later: %+v", got.Item)
	}
	step("unschedule", `{}`, http.StatusOK)
	if got.Item.State != "submitted" || got.Item.PublishAt != nil {
		t.Errorf("taken back: %+v", got.Item)
	}
	step("unschedule", `{}`, http.StatusOK) // twice is once
	step("publish", `{}`, http.StatusOK)
	step("unschedule", `{}`, http.StatusConflict)
	step("publish", `{"publish_at":"2026-12-01T09:00"}`, http.StatusConflict)
}
