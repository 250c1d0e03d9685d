package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
	"github.com/dabiao/dabiao/internal/web"
)

// failingLedger answers a publish with a failure and does not do it, or takes its time.
type failingLedger struct {
	ledger.Ledger
	failure atomic.Pointer[error]
	wait    chan struct{} // nil: not at all
}

func (l *failingLedger) Publish(ctx context.Context, u ledger.Upload, r []indicator.Reading) (ledger.Publication, error) {
	if l.wait != nil {
		<-l.wait
	}
	if err := l.failure.Load(); err != nil {
		return ledger.Publication{}, *err
	}
	return l.Ledger.Publish(ctx, u, r)
}

var (
	errUnknown = fmt.Errorf("%w: no answer to the commit", ledger.ErrOutcomeUnknown)
	errDown    = fmt.Errorf("%w: no contact", ledger.ErrUnavailable)
)

// failing is a fixture whose ledger fails to publish, with one submitted upload.
func failing(t *testing.T, failure error, change func(*web.Config)) (f *fixture, l *failingLedger, id string) {
	t.Helper()
	f = newFixture(t, change)
	l = &failingLedger{Ledger: f.ledger}
	f.service.Ledger = l
	anna := f.as(t, "anna")
	id = anna.stage("fujian.csv", fujianFile)
	if w := anna.post("/uploads/"+id+"/submit", nil); w.Code != http.StatusSeeOther {
		t.Fatalf("submit: %d", w.Code)
	}
	if failure != nil {
		l.failure.Store(&failure)
	}
	return f, l, id
}

// TestPageOfAPublishUnderWay: accepted and not done, in words, with nothing to
// press, until it is done.
func TestPageOfAPublishUnderWay(t *testing.T) {
	t.Parallel()
	f, l, id := failing(t, errUnknown, nil)
	page := "/uploads/" + id
	reviewer, anna := f.as(t, "reviewer"), f.as(t, "anna")
	for range 2 { // pressing again changes nothing
		w := reviewer.post(page+"/publish", nil)
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), page) {
			t.Fatalf("publish: %d to %q", w.Code, w.Header().Get("Location"))
		}
	}
	for _, c := range []*client{reviewer, anna} {
		for lang, want := range map[string][]string{
			"zh": {"发布中", "正在等待账本确认，无需操作"},
			"en": {"publishing", "Waiting for the ledger to confirm. There is nothing to do"},
		} {
			w := c.get(page + "?note=publishing&lang=" + lang)
			d := document(t, w)
			text := d.Find("main").Text()
			if w.Code != http.StatusAccepted || !strings.Contains(text, want[0]) || !strings.Contains(text, want[1]) {
				t.Errorf("%s: %d %s", lang, w.Code, text)
			}
			if got := buttons(d); got != "" {
				t.Errorf("%s: there are buttons: %q", lang, got)
			}
			if d.Find(".notice.done").Length() != 0 || d.Find("#mend").Length() != 0 {
				t.Errorf("%s: the page says that it is done, or offers to mend", lang)
			}
		}
	}
	if w := f.client(t).get(page); w.Code != http.StatusNotFound {
		t.Errorf("everybody sees what is not published: %d", w.Code)
	}
	if w := reviewer.post(page+"/reject", url.Values{"comment": {"no"}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "发布中") {
		t.Errorf("rejected while it is being published: %d", w.Code)
	}
	if list := reviewer.page("/uploads").Find("tbody tr").Text(); !strings.Contains(list, "发布中") {
		t.Errorf("the list: %s", list)
	}
	l.failure.Store(nil)
	if err := f.service.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := reviewer.page(page); !strings.Contains(d.Find(".lead").Text(), "已发布") || !strings.Contains(buttons(d), "撤回") {
		t.Errorf("afterwards: %s", d.Find("main").Text())
	}
}

// TestPublishUnderWayOverTheAPI: 202 with the upload, until it is published.
func TestPublishUnderWayOverTheAPI(t *testing.T) {
	t.Parallel()
	f, l, id := failing(t, errUnknown, nil)
	h := newHeld(t, f)
	path := "/api/v1/uploads/" + id
	want := func(method, path string, status int, state upload.State) {
		t.Helper()
		w := h.send(t, method, path, "", nil)
		var got struct {
			Item struct {
				State   upload.State
				Allowed []string
			}
		}
		decode(t, w, &got)
		if w.Code != status || got.Item.State != state || state == upload.Publishing && len(got.Item.Allowed) != 0 {
			t.Errorf("%s %s: %d %+v, want %d %s", method, path, w.Code, got.Item, status, state)
		}
	}
	h.logIn(t, "reviewer")
	want("POST", path+"/publish", http.StatusAccepted, upload.Publishing)
	want("POST", path+"/publish", http.StatusAccepted, upload.Publishing)
	want("GET", path, http.StatusAccepted, upload.Publishing)
	var found, others list
	decode(t, h.send(t, "GET", "/api/v1/uploads?state=publishing", "", nil), &found)
	decode(t, h.send(t, "GET", "/api/v1/uploads?state=submitted,published", "", nil), &others)
	if len(found.Items) != 1 || found.Items[0]["id"] != id || len(others.Items) != 0 {
		t.Errorf("listed as publishing %v, as others %v", found.Items, others.Items)
	}
	for action, body := range map[string]string{"reject": `{"comment":"no"}`, "revert": `{}`} {
		if w := h.send(t, "POST", path+"/"+action, "application/json", []byte(body)); w.Code != http.StatusConflict {
			t.Errorf("%s: %d %s", action, w.Code, w.Body)
		}
	}
	l.failure.Store(nil)
	want("POST", path+"/publish", http.StatusOK, upload.Published)
	want("GET", path, http.StatusOK, upload.Published)
}

// TestPublishIsAnsweredInTime: before the time for a request is over, also where
// the ledger takes longer; what has begun is finished.
func TestPublishIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	f, l, id := failing(t, nil, func(c *web.Config) { c.Timeout = 9 * time.Second }) // of which logging in may take some
	l.wait = make(chan struct{})
	h := newHeld(t, f)
	h.logIn(t, "reviewer")
	path := "/api/v1/uploads/" + id
	if w := h.send(t, "POST", path+"/publish", "", nil); w.Code != http.StatusAccepted {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	close(l.wait)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		w := h.send(t, "GET", path, "", nil)
		if w.Code == http.StatusOK {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("not published: %d %s", w.Code, w.Body)
		}
	}
}

// TestPublishRefused: the ledger took nothing, and the upload is as it was.
func TestPublishRefused(t *testing.T) {
	t.Parallel()
	f, l, id := failing(t, errDown, nil)
	reviewer := f.as(t, "reviewer")
	w := reviewer.post("/uploads/"+id+"/publish", nil)
	if text := document(t, w).Find("main").Text(); w.Code != http.StatusServiceUnavailable || !strings.Contains(text, "该批次仍为“待审核”") {
		t.Errorf("%d %s", w.Code, text)
	}
	h := newHeld(t, f)
	h.logIn(t, "reviewer")
	var refused struct{ Code, Detail string }
	w = h.send(t, "POST", "/api/v1/uploads/"+id+"/publish?lang=en", "", nil)
	decode(t, w, &refused)
	if w.Code != http.StatusServiceUnavailable || refused.Code != "unavailable" || !strings.Contains(refused.Detail, "still submitted") {
		t.Errorf("%d %+v", w.Code, refused)
	}
	if d := reviewer.page("/uploads/" + id); !strings.Contains(buttons(d), "发布") || !strings.Contains(d.Find("#steps").Text(), "发布未成功") {
		t.Errorf("afterwards: %q %s", buttons(d), d.Find("#steps").Text())
	}
	l.failure.Store(nil)
	if w := reviewer.post("/uploads/"+id+"/publish", nil); w.Code != http.StatusSeeOther {
		t.Errorf("published later: %d", w.Code)
	}
}
