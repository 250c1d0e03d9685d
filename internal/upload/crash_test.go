package upload_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/store"
	"github.com/dabiao/dabiao/internal/upload"
)

var errDisk = fmt.Errorf("%w: disk full", ledger.ErrUnavailable)

// failing answers with the failure: after the commit, or instead of it.
func failing(committed bool, failure error) *func(func() (ledger.Publication, error)) (ledger.Publication, error) {
	fail := func(commit func() (ledger.Publication, error)) (ledger.Publication, error) {
		if committed {
			if _, err := commit(); err != nil {
				return ledger.Publication{}, err
			}
		}
		return ledger.Publication{}, failure
	}
	return &fail
}

func (f *fixture) failPublish(committed bool, failure error) {
	f.ledger.publish.Store(failing(committed, failure))
}

func (f *fixture) heal() {
	f.ledger.publish.Store(nil)
	f.ledger.revert.Store(nil)
	f.ledger.history.Store(nil)
	f.ledger.away.Store(nil)
	f.ledger.silent.Store(false)
	f.drafts.dieAt.Store(nil)
}

func TestLedgerFailsAfterCommit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	f.failPublish(true, errDisk)
	u := must(f.Publish(t.Context(), li, "u"))(t)
	if u.State != upload.Published || f.current("rd_spend") != "350000 2020 1 A" {
		t.Errorf("%s, visible %q", u.State, f.current("rd_spend"))
	}
}

func TestLedgerFailsBeforeCommit(t *testing.T) {
	t.Parallel()
	for failure, kind := range map[error]upload.Kind{errDisk: upload.Unavailable, ledger.ErrInvalid: upload.Conflict} {
		f := newFixture(t, true)
		f.addRecord("u", upload.Submitted, "wang", 2020)
		f.failPublish(false, failure)
		_, err := f.Publish(t.Context(), li, "u")
		wantKind(t, err, kind)
		u := must(f.Get(t.Context(), li, "u"))(t)
		if u.State != upload.Submitted || steps(u) != "wang staged, li approved, li publish_failed" {
			t.Errorf("%s after %s", u.State, steps(u))
		}
		f.heal()
		if u = must(f.Publish(t.Context(), li, "u"))(t); u.State != upload.Published {
			t.Errorf("%s in the second try", u.State)
		}
	}
}

// TestCrash kills the process at each step of a publish and starts another one.
func TestCrash(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		dieAt   upload.State
		commits bool
		seen    upload.State // before anybody repairs
		resumed upload.State
	}{
		{"before approval is kept", upload.Publishing, false, upload.Submitted, upload.Submitted},
		{"before the ledger", upload.Submitted, false, upload.Publishing, upload.Published},
		{"between ledger and record", upload.Published, true, upload.Published, upload.Published},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, true)
			f.addRecord("u", upload.Submitted, "wang", 2020)
			f.drafts.dieAt.Store(&c.dieAt)
			if !c.commits {
				f.failPublish(false, errDisk) // and the note of the failure is never written
			}
			if _, err := f.Publish(t.Context(), li, "u"); err == nil {
				t.Fatal("the crash did not happen")
			}
			f.heal()
			if u := must(f.Get(t.Context(), li, "u"))(t); u.State != c.seen {
				t.Errorf("after the crash: %s, want %s", u.State, c.seen)
			}
			for range 2 {
				if err := f.Resume(t.Context()); err != nil {
					t.Fatal(err)
				}
				stored := must(f.drafts.Upload(t.Context(), "u"))(t)
				if stored.State != c.resumed {
					t.Errorf("resumed: %s, want %s", stored.State, c.resumed)
				}
			}
			published := must(f.ledger.History(t.Context()))(t).Publications
			if want := map[upload.State]int{upload.Published: 1, upload.Submitted: 0}[c.resumed]; len(published) != want {
				t.Errorf("%d publications, want %d", len(published), want)
			}
		})
	}
}

// TestRestageAfterCrash: the record still says publishing, the ledger knows better.
func TestRestageAfterCrash(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 1")
	must(f.Submit(t.Context(), wang, u.ID))(t)
	dead := upload.Published
	f.drafts.dieAt.Store(&dead)
	if _, err := f.Publish(t.Context(), li, u.ID); err == nil {
		t.Fatal("the crash did not happen")
	}
	f.heal()
	if same := f.stage(zhao, upload.Options{}, "rd_spend 350000 2023 1"); same.ID != u.ID || same.State != upload.Published {
		t.Errorf("the same content became %s, %s", same.ID, same.State)
	}
	if u := must(f.Revert(t.Context(), li, u.ID, "误报"))(t); u.State != upload.Reverted {
		t.Errorf("got %s", u.State)
	}
	if again := f.stage(zhao, upload.Options{}, "rd_spend 350000 2023 1"); again.ID == u.ID || again.State != upload.Draft {
		t.Errorf("after a revert the same content became %s, %s, want a new upload", again.ID, again.State)
	}
}

func TestResumeGoesOn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("a", upload.Publishing, "wang", 2020)
	f.addRecord("b", upload.Publishing, "wang", 2021)
	first := true
	once := func(commit func() (ledger.Publication, error)) (ledger.Publication, error) {
		if first {
			first = false
			return ledger.Publication{}, errDisk
		}
		return commit()
	}
	f.ledger.publish.Store(&once)
	if err := f.Resume(t.Context()); upload.KindOf(err) != upload.Unavailable {
		t.Errorf("the trouble of one upload got lost: %v", err)
	}
	if published := must(f.List(t.Context(), admin, upload.Filter{States: []upload.State{upload.Published}}))(t); len(published) != 1 {
		t.Errorf("%d published, want the one without trouble", len(published))
	}
}

func TestPublishAtOnceByMany(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			if u, err := f.Publish(t.Context(), []account.User{li, chen}[i%2], "u"); err != nil || u.State != upload.Published {
				t.Errorf("%s: %v", u.State, err)
			}
		})
	}
	group.Wait()
	if h := must(f.ledger.History(t.Context()))(t); len(h.Publications) != 1 {
		t.Errorf("%d publications", len(h.Publications))
	}
}

func TestRejectAgainstPublish(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	for i := range 10 {
		id := fmt.Sprint("u", i)
		f.addRecord(id, upload.Submitted, "wang", 2000+i)
		var group sync.WaitGroup
		var published, rejected error
		group.Go(func() { _, published = f.Publish(t.Context(), li, id) })
		group.Go(func() { _, rejected = f.Reject(t.Context(), chen, id, "x") })
		group.Wait()
		if (published == nil) == (rejected == nil) {
			t.Errorf("publish: %v, reject: %v; want exactly one", published, rejected)
		}
		want := upload.Published
		if rejected == nil {
			want = upload.Rejected
		}
		if u := must(f.Get(t.Context(), admin, id))(t); u.State != want {
			t.Errorf("got %s, want %s", u.State, want)
		}
	}
}

// TestCallerLeaves: a browser closed during a publish does not stop it.
func TestCallerLeaves(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	ctx, leave := context.WithCancel(t.Context())
	during := func(commit func() (ledger.Publication, error)) (ledger.Publication, error) {
		leave()
		return commit()
	}
	f.ledger.publish.Store(&during)
	if u, err := f.Publish(ctx, li, "u"); err != nil || u.State != upload.Published {
		t.Errorf("%s: %v", u.State, err)
	}
}

// TestDuplicateInLedger: another data directory published the content between
// this one's staging and its publishing.
func TestDuplicateInLedger(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	mine := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 1")
	must(f.Submit(t.Context(), wang, mine.ID))(t)
	other := f.elsewhere()
	theirs := other.stage(admin, upload.Options{}, "rd_spend 350000 2023 1")
	must(other.Publish(t.Context(), admin, theirs.ID))(t)

	got := must(f.Publish(t.Context(), li, mine.ID))(t)
	if got.ID != theirs.ID || got.State != upload.Published {
		t.Errorf("got %s %s, want the earlier %s", got.ID, got.State, theirs.ID)
	}
	if u := must(f.Get(t.Context(), wang, mine.ID))(t); u.State != upload.Rejected || u.Events[len(u.Events)-1].Note != theirs.ID {
		t.Errorf("the draft is %s after %s", u.State, steps(u))
	}
}

// elsewhere is a service without review on the same ledger with a data
// directory of its own, such as that of another machine's command line.
func (f *fixture) elsewhere() *fixture {
	f.t.Helper()
	kept, err := store.Open(f.t.Context(), filepath.Join(f.t.TempDir(), "dabiao.db"))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			f.t.Error(err)
		}
	})
	other := &fixture{t: f.t, ledger: f.ledger, drafts: &faultyDrafts{Drafts: kept}}
	other.now.Store(f.now.Load())
	other.ids.Store(f.ids.Load() + 1000)
	other.Service = other.service(other.drafts, false)
	return other
}

// TestPublishedElsewhere: the ledger alone decides what is published.
func TestPublishedElsewhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	other := f.elsewhere()
	u := other.stage(admin, upload.Options{Source: "年鉴"}, "rd_spend 350000 2023 1", "gdp 350100 2023 2", "gdp 350100 2022 — M")
	must(other.Publish(t.Context(), admin, u.ID))(t)

	list := must(f.List(t.Context(), nobody, upload.Filter{Region: "350100", Indicator: "gdp", Author: "admin"}))(t)
	if len(list) != 1 || list[0].ID != u.ID || list[0].Rows != 3 || list[0].Source != "年鉴" {
		t.Fatalf("listed %+v", list)
	}
	if none := must(f.List(t.Context(), nobody, upload.Filter{Region: "110000"}))(t); none != nil {
		t.Errorf("listed %+v for another region", none)
	}
	contents := must(f.Contents(t.Context(), nobody, u.ID))(t)
	diff := must(f.Diff(t.Context(), nobody, u.ID))(t)
	if len(contents.Cells) != 3 || contents.Cells[0].Unit != "亿元" || diff.Counts[upload.New] != 3 {
		t.Errorf("contents %+v, diff %+v", contents, diff)
	}
	_, _, err := f.File(t.Context(), admin, u.ID)
	wantKind(t, err, upload.NotFound)
	_, err = f.Revert(t.Context(), bj, u.ID, "x")
	wantKind(t, err, upload.Forbidden)
	reverted := must(f.Revert(t.Context(), li, u.ID, "重复"))(t)
	if reverted.State != upload.Reverted || f.current("gdp") != "" {
		t.Errorf("%s, visible %q", reverted.State, f.current("gdp"))
	}
	if got := must(other.Get(t.Context(), admin, u.ID))(t); got.State != upload.Reverted || got.Events[len(got.Events)-1].Who != "li" {
		t.Errorf("the other side sees %s, %+v", got.State, got.Events)
	}
}

// TestLedgerRestored: a ledger brought back to an earlier day does not hold
// what the record says was published.
func TestLedgerRestored(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	must(f.drafts.UpdateUpload(t.Context(), "u", func(u *upload.Upload) error { u.State, u.At = upload.Published, 7; return nil }))(t)
	if u := must(f.Get(t.Context(), li, "u"))(t); u.State != upload.Submitted || u.At != 0 {
		t.Errorf("got %s at %d", u.State, u.At)
	}
	if u := must(f.Publish(t.Context(), li, "u"))(t); u.State != upload.Published || f.current("rd_spend") == "" {
		t.Errorf("got %s", u.State)
	}
}

// TestLedgerRestoredTooLate: meanwhile somebody sent the lost content again.
func TestLedgerRestoredTooLate(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	must(f.drafts.UpdateUpload(t.Context(), "u", func(u *upload.Upload) error { u.State = upload.Published; return nil }))(t)
	f.addRecord("again", upload.Submitted, "wang", 2020)
	_, err := f.Publish(t.Context(), li, "u")
	wantKind(t, err, upload.Conflict)
	must(f.Publish(t.Context(), li, "again"))(t)
}

// TestAmendDuringPublish: what is published is what was checked.
func TestAmendDuringPublish(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 1")
	amend := func() { f.stage(wang, upload.Options{Mend: u.ID}, "rd_spend 350000 2023 2") }
	f.drafts.between.Store(&amend)
	_, err := f.Publish(t.Context(), wang, u.ID)
	wantKind(t, err, upload.Conflict)
	if got := must(f.Publish(t.Context(), wang, u.ID))(t); got.State != upload.Published || f.current("rd_spend") != "350000 2023 2 A" {
		t.Errorf("%s, visible %q", got.State, f.current("rd_spend"))
	}
}

// TestLedgerDown: whatever decides is refused, and the drafts stay as they were.
func TestLedgerDown(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	f.addRecord("d", upload.Draft, "wang", 2021)
	f.ledger.history.Store(&errDisk)
	for name, do := range map[string]func() error{
		"submit":  func() error { _, err := f.Submit(t.Context(), wang, "d"); return err },
		"reject":  func() error { _, err := f.Reject(t.Context(), li, "u", "x"); return err },
		"publish": func() error { _, err := f.Publish(t.Context(), li, "u"); return err },
		"revert":  func() error { _, err := f.Revert(t.Context(), li, "u", ""); return err },
		"resume":  func() error { return f.resumeOne("u") },
	} {
		if err := do(); upload.KindOf(err) != upload.Unavailable || !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.heal()
	f.later(time.Minute)
	must(f.Publish(t.Context(), li, "u"))(t)
}

// resumeOne resumes with the upload in the state that needs it.
func (f *fixture) resumeOne(id string) error {
	set := func(s upload.State) func(*upload.Upload) error {
		return func(u *upload.Upload) error { u.State = s; return nil }
	}
	must(f.drafts.UpdateUpload(f.t.Context(), id, set(upload.Publishing)))(f.t)
	defer func() { must(f.drafts.UpdateUpload(f.t.Context(), id, set(upload.Submitted)))(f.t) }()
	return f.Resume(f.t.Context())
}
