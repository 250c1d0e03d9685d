package upload_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
)

var errUnknown = fmt.Errorf("%w: no answer to the commit", ledger.ErrOutcomeUnknown)

// wantPublishedOnce: the upload is published, by its record too, in one piece.
func (f *fixture) wantPublishedOnce(id string) {
	f.t.Helper()
	stored := must(f.drafts.Upload(f.t.Context(), id))(f.t)
	history := must(f.ledger.Ledger.History(f.t.Context()))(f.t)
	if stored.State != upload.Published || len(history.Publications) != 1 || f.current("rd_spend") != "350000 2020 1 A" {
		f.t.Errorf("%s after %s, %d publications, visible %q", stored.State, steps(stored), len(history.Publications), f.current("rd_spend"))
	}
}

// wantOnlyLooking: of an upload that is publishing there is nothing to be done by hand.
func (f *fixture) wantOnlyLooking(id string) {
	f.t.Helper()
	u := must(f.Get(f.t.Context(), admin, id))(f.t)
	if u.State != upload.Publishing {
		f.t.Fatalf("%s is %s", id, u.State)
	}
	for _, action := range account.Actions {
		if f.Allows(admin, u, action) {
			f.t.Errorf("a button offers to %s", action)
		}
	}
	for _, action := range []account.Action{account.Submit, account.Reject, account.Revert} {
		_, err := f.act(account.User{Name: "wang", Role: account.Admin}, action, id)
		wantKind(f.t, err, upload.Conflict)
	}
	_, err := f.Stage(f.t.Context(), wang, "b.csv", strings.NewReader(csv("gdp 350000 2020 2")), upload.Options{Mend: id})
	wantKind(f.t, err, upload.Conflict)
}

// TestUnknownOutcome: the ledger cannot say whether it has the upload, and the
// same service, or one that starts later, finds out and finishes it.
func TestUnknownOutcome(t *testing.T) {
	t.Parallel()
	finish := map[string]func(f *fixture) error{
		"resumed":           func(f *fixture) error { return f.Resume(f.t.Context()) },
		"published again":   func(f *fixture) error { _, err := f.Publish(f.t.Context(), chen, "u"); return err },
		"after a new start": func(f *fixture) error { return f.service(f.drafts, true).Resume(f.t.Context()) },
	}
	for _, committed := range []bool{true, false} {
		for name, finish := range finish {
			t.Run(fmt.Sprint(name, " committed ", committed), func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, true)
				f.addRecord("u", upload.Submitted, "wang", 2020)
				gone := func(commit func() (ledger.Publication, error)) (ledger.Publication, error) {
					f.ledger.history.Store(&errDisk)
					return (*failing(committed, errUnknown))(commit)
				}
				f.ledger.publish.Store(&gone)
				u := must(f.Publish(t.Context(), li, "u"))(t)
				if u.State != upload.Publishing || steps(u) != "wang staged, li approved" {
					t.Errorf("%s after %s", u.State, steps(u))
				}
				if err := f.Resume(t.Context()); upload.KindOf(err) != upload.Unavailable {
					t.Errorf("resumed while the ledger is away: %v", err)
				}
				f.heal()
				if !committed {
					f.wantOnlyLooking("u")
				}
				if err := finish(f); err != nil {
					t.Fatal(err)
				}
				f.wantPublishedOnce("u")
				u = must(f.drafts.Upload(t.Context(), "u"))(t)
				if last := u.Events[len(u.Events)-1]; last.What != upload.StepPublished || last.Who != "li" && name != "published again" {
					t.Errorf("the last event is %+v", last)
				}
			})
		}
	}
}

// TestUnknownIsLookedUp: where the ledger can be read again, the answer waits for nothing.
func TestUnknownIsLookedUp(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	f.failPublish(true, errUnknown)
	if u := must(f.Publish(t.Context(), li, "u"))(t); u.State != upload.Published {
		t.Errorf("got %s", u.State)
	}
	f.wantPublishedOnce("u")
}

// TestUnavailableGivesTheDraftBack: nothing was written, and everybody may go on
// where they were.
func TestUnavailableGivesTheDraftBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		review bool
		from   upload.State
		who    account.User
	}{{true, upload.Submitted, li}, {false, upload.Draft, wang}} {
		f := newFixture(t, c.review)
		u := f.stage(wang, upload.Options{}, "rd_spend 350000 2020 1")
		if c.review {
			must(f.Submit(t.Context(), wang, u.ID))(t)
		}
		down := func(func() (ledger.Publication, error)) (ledger.Publication, error) {
			f.ledger.history.Store(&errDisk)
			return ledger.Publication{}, errDisk
		}
		f.ledger.publish.Store(&down)
		_, err := f.Publish(t.Context(), c.who, u.ID)
		wantKind(t, err, upload.Unavailable)
		if name := c.from.Name(); err == nil || !strings.Contains(err.Error(), "still "+name.EN) {
			t.Errorf("the refusal says %v", err)
		}
		f.heal()
		if u = must(f.Get(t.Context(), c.who, u.ID))(t); u.State != c.from || !strings.HasSuffix(steps(u), "approved, "+c.who.Name+" publish_failed") {
			t.Errorf("%s after %s, want %s", u.State, steps(u), c.from)
		}
		must(f.Publish(t.Context(), c.who, u.ID))(t)
		f.wantPublishedOnce(u.ID)
	}
}

// TestDraftThatWasSubmitted: with review switched off since, it goes back to where it was.
func TestDraftThatWasSubmitted(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2020 1")
	must(f.Submit(t.Context(), wang, u.ID))(t)
	f.failPublish(false, errDisk)
	_, err := f.Publish(t.Context(), wang, u.ID)
	wantKind(t, err, upload.Unavailable)
	if u = must(f.Get(t.Context(), wang, u.ID))(t); u.State != upload.Submitted {
		t.Errorf("got %s", u.State)
	}
}

// TestFailureOfAResumedPublish: the ledger may hold the beginning of it, so only
// a refusal for good gives the draft back.
func TestFailureOfAResumedPublish(t *testing.T) {
	t.Parallel()
	for failure, want := range map[error]upload.State{
		errDisk: upload.Publishing, errUnknown: upload.Publishing, errors.New("401 unauthorized"): upload.Publishing,
		ledger.ErrInvalid: upload.Submitted,
	} {
		f := newFixture(t, true)
		f.addRecord("u", upload.Publishing, "wang", 2020)
		f.failPublish(false, failure)
		if err := f.Resume(t.Context()); !errors.Is(err, failure) {
			t.Errorf("%v: the trouble is %v", failure, err)
		}
		if u := must(f.drafts.Upload(t.Context(), "u"))(t); u.State != want {
			t.Errorf("%v: %s, want %s", failure, u.State, want)
		}
		f.heal()
		must(f.Publish(t.Context(), li, "u"))(t)
		f.wantPublishedOnce("u")
	}
}

// TestPatience: a silent ledger is answered with publishing, in time.
func TestPatience(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.Patience = 200 * time.Millisecond
	f.addRecord("u", upload.Submitted, "wang", 2020)
	f.ledger.silent.Store(true)
	if u := must(f.Publish(t.Context(), li, "u"))(t); u.State != upload.Publishing {
		t.Errorf("got %s", u.State)
	}
	f.wantOnlyLooking("u")
	f.heal()
	if err := f.Resume(t.Context()); err != nil {
		t.Error(err)
	}
	f.wantPublishedOnce("u")
}

// TestRevertWithUnknownOutcome: calling again settles it.
func TestRevertWithUnknownOutcome(t *testing.T) {
	t.Parallel()
	for _, committed := range []bool{true, false} {
		f := newFixture(t, true)
		f.addRecord("u", upload.Published, "wang", 2020)
		gone := func(commit func() (ledger.Publication, error)) (ledger.Publication, error) {
			answer, err := (*failing(committed, errUnknown))(commit)
			f.ledger.history.Store(&errDisk)
			return answer, err
		}
		f.ledger.revert.Store(&gone)
		_, err := f.Revert(t.Context(), li, "u", "误报")
		if upload.KindOf(err) != upload.Unavailable || !strings.Contains(err.Error(), "Revert it again") {
			t.Errorf("committed %v: %v", committed, err)
		}
		f.heal()
		if committed {
			f.ledger.revert.Store(failing(false, errDisk)) // not asked again
		}
		u := must(f.Revert(t.Context(), li, "u", "误报"))(t)
		if last := u.Events[len(u.Events)-1]; u.State != upload.Reverted || last.Who != "li" || last.Note != "误报" {
			t.Errorf("committed %v: %s after %s", committed, u.State, steps(u))
		}
		f.heal()
		f.ledger.revert.Store(failing(true, errUnknown)) // and where it can be looked up at once
		f.addRecord("v", upload.Published, "wang", 2021)
		if v := must(f.Revert(t.Context(), li, "v", ""))(t); v.State != upload.Reverted {
			t.Errorf("got %s", v.State)
		}
	}
}

// TestNotOurTurn: while another process publishes, nobody else does; all else goes on.
func TestNotOurTurn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.Patience = 100 * time.Millisecond
	ctx := t.Context()
	f.addRecord("s", upload.Submitted, "wang", 2021)
	f.addRecord("p", upload.Published, "wang", 2022)
	f.addRecord("left", upload.Publishing, "wang", 2023)
	unlock := must(f.drafts.LockPublishing(ctx))(t)
	for name, do := range map[string]func() error{
		"publish": func() error { _, err := f.Publish(ctx, li, "s"); return err },
		"revert":  func() error { _, err := f.Revert(ctx, li, "p", ""); return err },
	} {
		if err := do(); upload.KindOf(err) != upload.Unavailable || !strings.Contains(err.Error(), "Another upload") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := f.Resume(ctx); err != nil {
		t.Errorf("what somebody else may be finishing is trouble: %v", err)
	}
	for id, want := range map[string]upload.State{"s": upload.Submitted, "p": upload.Published, "left": upload.Publishing} {
		if u := must(f.Get(ctx, admin, id))(t); u.State != want || len(u.Events) > 2 {
			t.Errorf("%s is %s after %s", id, u.State, steps(u))
		}
	}
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2020 1")
	must(f.Submit(ctx, wang, u.ID))(t)
	must(f.Reject(ctx, li, u.ID, "x"))(t)
	unlock()
	f.Patience = 0
	must(f.Publish(ctx, li, "s"))(t)
	if err := f.Resume(ctx); err != nil {
		t.Error(err)
	}
	if u := must(f.Get(ctx, admin, "left"))(t); u.State != upload.Published {
		t.Errorf("left is %s", u.State)
	}
}

// TestCheckedInTurn: what was no revision when the button was pressed is one when
// its turn comes, and is asked for its reason.
func TestCheckedInTurn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false)
	first := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 1")
	second := f.stage(zhao, upload.Options{}, "rd_spend 350000 2023 2")
	answer := make(chan error)
	during := func(commit func() (ledger.Publication, error)) (ledger.Publication, error) {
		f.ledger.publish.Store(nil)
		go func() { _, err := f.Publish(t.Context(), zhao, second.ID); answer <- err }()
		time.Sleep(50 * time.Millisecond) // for it to begin, and to wait
		return commit()
	}
	f.ledger.publish.Store(&during)
	must(f.Publish(t.Context(), wang, first.ID))(t)
	err := <-answer
	wantKind(t, err, upload.Invalid)
	var refusal *upload.Error
	if !errors.As(err, &refusal) || codes(refusal.Problems) != "D2 missing_reason" {
		t.Errorf("refused for %v", err)
	}
	if f.current("rd_spend") != "350000 2023 1 A" {
		t.Errorf("visible %q", f.current("rd_spend"))
	}
}
