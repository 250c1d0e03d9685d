package upload_test

import (
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/upload"
)

// TestWithdrawnIsNotPublished: also where it was approved for a moment.
func TestWithdrawnIsNotPublished(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.inAnHour(2020)
	u = must(f.Withdraw(t.Context(), wang, u.ID))(t)
	if e := u.Events[len(u.Events)-1]; u.State != upload.StateWithdrawn || !u.PublishAt.IsZero() || e.What != upload.StepWithdrawn || e.Who != "wang" {
		t.Fatalf("got %s for %v, %+v", u.State, u.PublishAt, e)
	}
	f.later(2 * time.Hour)
	f.publishDue()
	if got := must(f.Get(t.Context(), li, u.ID))(t); got.State != upload.StateWithdrawn || got.State.Open() {
		t.Errorf("after its moment it is %s", got.State)
	}
}

// TestWithdrawnIsADraftAgain: with file, answers and history as they were; a
// second author may do either.
func TestWithdrawnIsADraftAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	ctx := t.Context()
	u := f.submitted(2020)
	must(f.Withdraw(ctx, wang, u.ID))(t)
	_, err := f.Stage(ctx, li, "", nil, upload.Options{Mend: u.ID})
	wantKind(t, err, upload.Forbidden)
	staged := must(f.Stage(ctx, wang, "", nil, upload.Options{Mend: u.ID, Reason: u.Reason}))(t)
	again := *staged.Upload
	if again.ID != u.ID || again.State != upload.Draft || again.FileSHA != u.FileSHA || again.ContentSHA != u.ContentSHA ||
		again.Events[len(again.Events)-1].What != upload.Restored || len(again.Events) != len(u.Events)+2 {
		t.Fatalf("got %+v", again)
	}
	must(f.Submit(ctx, wang, u.ID))(t)
	if got := must(f.Publish(ctx, li, u.ID))(t); got.State != upload.Published {
		t.Errorf("got %s", got.State)
	}
	_, err = f.Withdraw(ctx, wang, u.ID)
	wantKind(t, err, upload.Conflict)
}

// TestWithdrawnStandsInNobodysWay: the same content is a draft of its own, and one
// that is open then is what reading the withdrawn file again leads to.
func TestWithdrawnStandsInNobodysWay(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	ctx := t.Context()
	u := f.submitted(2020)
	must(f.Withdraw(ctx, wang, u.ID))(t)
	other := f.stage(chen, upload.Options{Reason: "核实"}, "rd_spend 350000 2020 2")
	if other.ID == u.ID || other.State != upload.Draft {
		t.Fatalf("the same content became %s, %s", other.ID, other.State)
	}
	staged := must(f.Stage(ctx, wang, "", nil, upload.Options{Mend: u.ID, Reason: u.Reason}))(t)
	if staged.Upload.ID != other.ID || len(staged.Upload.Authors) != 2 {
		t.Errorf("read again it is %+v", staged.Upload)
	}
	if got := must(f.Get(ctx, wang, u.ID))(t); got.State != upload.StateWithdrawn {
		t.Errorf("the withdrawn one is %s", got.State)
	}
}
