package upload_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
)

func (f *fixture) publishDue() {
	f.t.Helper()
	if err := f.PublishDue(f.t.Context()); err != nil {
		f.t.Error(err)
	}
}

// wantOnce: the ledger has the upload once, and its record says so.
func (f *fixture) wantOnce(id string) {
	f.t.Helper()
	n := 0
	for _, p := range must(f.ledger.Ledger.History(f.t.Context()))(f.t).Publications {
		if p.ID == id {
			n++
		}
	}
	if u := must(f.drafts.Upload(f.t.Context(), id))(f.t); u.State != upload.Published || n != 1 || !u.PublishAt.IsZero() {
		f.t.Errorf("%s, %d publications, after %s", u.State, n, steps(u))
	}
}

// TestPublishDue: nothing before the moment; after it, once, by whoever approved,
// and never back-dated.
func TestPublishDue(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.inAnHour(2020)
	f.later(time.Hour - time.Second)
	f.publishDue()
	if got := f.current("rd_spend"); got != "" {
		t.Fatalf("a second early: %s", got)
	}
	f.later(time.Minute)
	f.publishDue()
	f.publishDue()
	f.wantOnce(u.ID)
	after := must(f.Get(t.Context(), wang, u.ID))(t)
	if steps(after) != "wang staged, wang submitted, li scheduled,  due, li published" || !after.PublishAt.IsZero() {
		t.Errorf("published as %s, %s", steps(after), after.PublishAt)
	}
	if !after.Released.Equal(f.clock()) {
		t.Errorf("released %s, published %s", after.Released, f.clock())
	}
}

// TestEmbargo: until its moment nobody but author and reviewers knows of an upload.
func TestEmbargo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.inAnHour(2020)
	viewer := account.User{Name: "viewer", Role: account.Viewer}
	for _, who := range []account.User{nobody, viewer, zhao, bj} {
		if list := must(f.List(t.Context(), who, upload.Filter{}))(t); len(list) != 0 {
			t.Errorf("%q lists %+v", who.Name, list)
		}
		_, err := f.Get(t.Context(), who, u.ID)
		wantKind(t, err, upload.NotFound)
		_, err = f.Diff(t.Context(), who, u.ID)
		wantKind(t, err, upload.NotFound)
	}
	for _, who := range []account.User{wang, li, chen, admin} {
		if got := must(f.Get(t.Context(), who, u.ID))(t); !got.Scheduled() {
			t.Errorf("%s sees %+v", who.Name, got)
		}
	}
}

// TestLapses: what is no longer what was approved goes back to review and says why.
func TestLapses(t *testing.T) {
	t.Parallel()
	for want, meanwhile := range map[upload.Lapse]func(*fixture){
		upload.DiffChanged:    func(f *fixture) { f.publish(upload.Options{}, "rd_spend 350000 2020 1", "gdp 350000 2020 1") },
		upload.ApproverAuthor: func(f *fixture) { f.stage(li, upload.Options{}, "rd_spend 350000 2020 2") },
		upload.ApproverGone: func(f *fixture) {
			if err := f.users.AddUser(f.t.Context(), account.User{Name: li.Name, Role: account.Viewer, Created: f.clock()}); err != nil {
				f.t.Fatal(err)
			}
		},
		"": func(f *fixture) { f.publish(upload.Options{}, "rd_spend 350000 2019 1", "gdp 350000 2020 1") },
	} {
		f := newFixture(t, true)
		u := f.inAnHour(2020)
		meanwhile(f)
		f.later(2 * time.Hour)
		f.publishDue()
		f.publishDue()
		after := must(f.Get(t.Context(), wang, u.ID))(t)
		if want == "" {
			if after.State != upload.Published {
				t.Errorf("other figures moved, and it is %s: %s", after.State, steps(after))
			}
			continue
		}
		got, lapsed := after.Lapsed()
		if !lapsed || got != want || after.State != upload.Submitted || !after.PublishAt.IsZero() {
			t.Errorf("want the lapse %s: %s %s, %s", want, got, after.State, steps(after))
		}
		if words := after.Events[len(after.Events)-1].Words(); words != want.Text() || words.EN == "" {
			t.Errorf("%s is told as %+v", want, words)
		}
		must(f.Publish(t.Context(), chen, u.ID))(t) // after another look
	}
}

// TestLapsesForAReason: a figure that was new when it was approved is a revision now.
func TestLapsesForAReason(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2020 2")
	must(f.Submit(t.Context(), wang, u.ID))(t)
	must(f.Schedule(t.Context(), li, u.ID, f.clock().Add(time.Hour)))(t)
	f.publish(upload.Options{}, "rd_spend 350000 2020 1")
	f.later(2 * time.Hour)
	f.publishDue()
	if lapse, _ := must(f.Get(t.Context(), li, u.ID))(t).Lapsed(); lapse != upload.NowFaulty {
		t.Errorf("the lapse is %q", lapse)
	}
}

// TestMissedInOrder: what became due while nobody was there is published in the
// order of its moments, a later one over an earlier.
func TestMissedInOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	second := f.stage(wang, upload.Options{}, "rd_spend 350000 2021 2")
	first := f.stage(wang, upload.Options{}, "rd_spend 350000 2020 1")
	for u, wait := range map[string]time.Duration{second.ID: 2 * time.Hour, first.ID: time.Hour} {
		must(f.Submit(t.Context(), wang, u))(t)
		must(f.Schedule(t.Context(), li, u, f.clock().Add(wait)))(t)
	}
	f.later(24 * time.Hour)
	f.publishDue()
	var order []string
	for _, p := range must(f.ledger.History(t.Context()))(t).Publications {
		order = append(order, p.ID)
	}
	if len(order) != 2 || must(f.Get(t.Context(), li, first.ID))(t).At >= must(f.Get(t.Context(), li, second.ID))(t).At {
		t.Errorf("published %v, want %s before %s", order, first.ID, second.ID)
	}
}

// TestTwoServers: two services on one data directory and one that schedules anew
// at that very moment; it is published once.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.inAnHour(2020)
	f.later(2 * time.Hour)
	other := f.service(f.drafts, true)
	var both sync.WaitGroup
	for _, s := range []*upload.Service{f.Service, other, f.Service, other} {
		both.Go(func() {
			if err := s.PublishDue(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Go(func() { _, _ = other.Schedule(t.Context(), chen, u.ID, f.clock().Add(time.Hour)) })
	both.Wait()
	f.later(2 * time.Hour)
	f.publishDue()
	f.wantOnce(u.ID)
}

// TestDueCrashes: killed before and after the ledger was told; whoever comes next
// finishes it, once.
func TestDueCrashes(t *testing.T) {
	t.Parallel()
	for _, at := range []upload.State{upload.Publishing, upload.Published} {
		f := newFixture(t, true)
		u := f.inAnHour(2020)
		f.later(2 * time.Hour)
		f.drafts.dieAt.Store(&at)
		if err := f.PublishDue(t.Context()); err == nil {
			t.Errorf("died at %s without a word", at)
		}
		f.drafts.dieAt.Store(nil)
		if err := f.Resume(t.Context()); err != nil {
			t.Errorf("%s: %v", at, err)
		}
		f.publishDue()
		f.wantOnce(u.ID)
	}
}

// TestDueWithoutLedger: nothing changes while it does not answer, and its refusal
// is tried again without filling the list of events.
func TestDueWithoutLedger(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.inAnHour(2020)
	f.later(2 * time.Hour)
	away := ledger.ErrUnavailable
	f.ledger.away.Store(&away)
	if err := f.PublishDue(t.Context()); upload.KindOf(err) != upload.Unavailable {
		t.Errorf("without a ledger: %v", err)
	}
	f.ledger.away.Store(nil)
	f.failPublish(false, ledger.ErrUnavailable)
	for range 5 {
		if err := f.PublishDue(t.Context()); upload.KindOf(err) != upload.Unavailable {
			t.Errorf("refused: %v", err)
		}
	}
	after := must(f.Get(t.Context(), li, u.ID))(t)
	if !after.Scheduled() || steps(after) != "wang staged, wang submitted, li scheduled,  due, li publish_failed" {
		t.Errorf("refused for now: %s, %s", after.State, steps(after))
	}
	f.heal()
	f.publishDue()
	f.wantOnce(u.ID)

	v := f.inAnHour(2021)
	f.later(2 * time.Hour)
	f.failPublish(false, ledger.ErrInvalid)
	if err := f.PublishDue(t.Context()); upload.KindOf(err) != upload.Conflict {
		t.Errorf("refused for good: %v", err)
	}
	f.heal()
	f.publishDue()
	if after := must(f.Get(t.Context(), li, v.ID))(t); after.State != upload.Submitted || after.Scheduled() {
		t.Errorf("refused for good: %s", after.Standing().EN)
	}
}

// safeLog is a log that is read while it is written.
type safeLog struct {
	mu      sync.Mutex
	written bytes.Buffer
}

func (l *safeLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.Write(b)
}

// take is what was written since it was last taken.
func (l *safeLog) take() *bytes.Buffer {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := bytes.NewBuffer(bytes.Clone(l.written.Bytes()))
	l.written.Reset()
	return taken
}

// TestKeepPublishing wakes at the moment itself, and says one line for each thing that happens.
func TestKeepPublishing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, true)
		f.Now = time.Now
		moment := time.Now().Add(2*time.Minute + 7*time.Second)
		u := f.submitted(1990)
		must(f.Schedule(t.Context(), li, u.ID, moment))(t)
		var log safeLog
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			f.KeepPublishing(ctx, slog.New(slog.NewJSONHandler(&log, nil)))
			close(ended)
		}()
		time.Sleep(time.Until(moment) - time.Second)
		synctest.Wait()
		if lines := logged(t, log.take()); len(lines) != 0 {
			t.Errorf("before the moment: %q", lines)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if lines := strings.Join(logged(t, log.take()), "\n"); lines != "a scheduled upload was published "+u.ID+" published" {
			t.Errorf("at the moment: %q", lines)
		}
		v := f.submitted(1991)
		must(f.Schedule(t.Context(), li, v.ID, time.Now().Add(time.Second)))(t) // by another process
		f.ledger.history.Store(&errDisk)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if lines := logged(t, log.take()); len(lines) != 1 || !strings.Contains(lines[0], v.ID) || !strings.Contains(lines[0], "disk full") {
			t.Errorf("without a ledger: %q", lines)
		}
		f.heal()
		time.Sleep(20 * time.Second)
		synctest.Wait()
		f.wantOnce(v.ID)
		stop()
		<-ended
	})
}
