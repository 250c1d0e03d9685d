package upload_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/upload"
)

var errAway = fmt.Errorf("%w: connection refused", ledger.ErrUnavailable)

func (f *fixture) goDown() { f.ledger.away.Store(&errAway) }

// afresh is the service of a program that starts now, and has read nothing yet.
func (f *fixture) afresh() *upload.Service { return f.service(f.drafts, f.Review) }

func states(list []upload.Upload) string {
	var words []string
	for _, u := range list {
		words = append(words, u.ID+" "+string(u.State))
	}
	return strings.Join(words, ", ")
}

// TestReadersWhileTheLedgerIsDown: drafts are shown, with what was last read of
// the ledger; after a new start with nothing of it.
func TestReadersWhileTheLedgerIsDown(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	ctx := t.Context()
	mine := f.publish(upload.Options{}, "rd_spend 350000 2022 1")
	other := f.elsewhere()
	theirs := other.stage(admin, upload.Options{}, "rd_spend 350000 2021 1")
	must(other.Publish(ctx, admin, theirs.ID))(t)
	draft := f.stage(wang, upload.Options{KeepFaulty: true}, "rd_spend 350000 2022 2", "rd_spend 350000 2023 1")
	before := states(must(f.List(ctx, li, upload.Filter{}))(t))
	if !strings.Contains(before, theirs.ID+" published") {
		t.Fatalf("listed %s", before)
	}
	f.goDown()
	f.Snapshots.Refresh()
	if got := states(must(f.List(ctx, li, upload.Filter{}))(t)); got != before {
		t.Errorf("listed %s, before the outage %s", got, before)
	}
	c := must(f.Contents(ctx, wang, draft.ID))(t)
	if got := codes(c.Problems); got != "D2 missing_reason,  compared_earlier" {
		t.Errorf("problems %s", got)
	}
	if d := must(f.Diff(ctx, wang, draft.ID))(t); d.Counts[upload.Changed] != 1 || d.Counts[upload.New] != 1 {
		t.Errorf("diff %v", d.Counts)
	}

	s := f.afresh()
	list := must(s.List(ctx, li, upload.Filter{}))(t)
	if want := mine.ID + " published, " + draft.ID + " draft"; states(list) != want {
		t.Errorf("after a new start listed %s, want %s", states(list), want)
	}
	c = must(s.Contents(ctx, wang, draft.ID))(t)
	if got := codes(c.Problems); got != " not_compared" || len(c.Cells) != 2 {
		t.Errorf("after a new start: %d cells, problems %s", len(c.Cells), got)
	}
	for name, look := range map[string]func() error{
		"diff":          func() error { _, err := s.Diff(ctx, wang, draft.ID); return err },
		"theirs":        func() error { _, err := s.Get(ctx, li, theirs.ID); return err },
		"their content": func() error { _, err := s.Contents(ctx, li, theirs.ID); return err },
	} {
		if err := look(); upload.KindOf(err) != upload.Unavailable {
			t.Errorf("%s after a new start: %v", name, err)
		}
	}
	f.heal()
	s.Snapshots.Refresh()
	if got := states(must(s.List(ctx, li, upload.Filter{}))(t)); got != before {
		t.Errorf("after the outage listed %s, want %s", got, before)
	}
}

// TestRecordKnowsMore: what was published and reverted just before the ledger
// went away is not taken back by an older answer of it.
func TestRecordKnowsMore(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	f.addRecord("v", upload.Submitted, "wang", 2021)
	must(f.List(t.Context(), admin, upload.Filter{}))(t)
	must(f.Publish(t.Context(), li, "u"))(t)
	must(f.Publish(t.Context(), li, "v"))(t)
	must(f.Revert(t.Context(), li, "v", ""))(t)
	f.goDown()
	for id, want := range map[string]upload.State{"u": upload.Published, "v": upload.Reverted} {
		if u := must(f.Get(t.Context(), admin, id))(t); u.State != want {
			t.Errorf("%s is shown as %s, want %s", id, u.State, want)
		}
	}
}

// TestOtherProcessJustPublished: a list read a moment ago does not hide what the
// records on this data directory already know.
func TestOtherProcessJustPublished(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	must(f.List(t.Context(), admin, upload.Filter{}))(t)
	must(f.afresh().Publish(t.Context(), li, "u"))(t)
	if got := states(must(f.List(t.Context(), admin, upload.Filter{}))(t)); got != "u published" {
		t.Errorf("listed %s", got)
	}
}

// TestUnknownRegions: where it cannot be told whom an upload is for, it is for the
// whole country.
func TestUnknownRegions(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	other := f.elsewhere()
	u := other.stage(admin, upload.Options{}, "rd_spend 350000 2021 1")
	must(other.Publish(t.Context(), admin, u.ID))(t)
	if _, _, err := f.Snapshots.History(t.Context()); err != nil { // but nobody asked for the regions
		t.Fatal(err)
	}
	f.goDown()
	for who, events := range map[*account.User]int{&li: 0, &admin: 1} {
		list := must(f.List(t.Context(), *who, upload.Filter{}))(t)
		if len(list) != 1 || len(list[0].Events) != events || list[0].Rows != 1 {
			t.Errorf("%s is shown %+v", who.Name, list)
		}
	}
	_, err := f.Contents(t.Context(), li, u.ID)
	wantKind(t, err, upload.Unavailable)
	f.heal()
	if list := must(f.List(t.Context(), li, upload.Filter{Region: "350000"}))(t); len(list) != 1 || len(list[0].Events) != 1 {
		t.Errorf("after the outage: %+v", list)
	}
}

// TestStageWhileTheLedgerIsDown: nobody's file is lost, and nothing is decided
// on what may be old.
func TestStageWhileTheLedgerIsDown(t *testing.T) {
	t.Parallel()
	for name, afresh := range map[string]bool{"with a last answer": false, "after a new start": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, true)
			ctx := t.Context()
			published := f.publish(upload.Options{}, "rd_spend 350000 2022 1")
			f.current("rd_spend")
			f.goDown()
			note := " compared_earlier"
			if afresh {
				f.Service, note = f.afresh(), " not_compared"
			}
			rows := csv("rd_spend 350000 2023 1", "rd_spend 350000 2024 2")
			staged := must(f.Stage(ctx, wang, "a.csv", strings.NewReader(rows), upload.Options{}))(t)
			if staged.Upload == nil || staged.Upload.State != upload.Draft || codes(staged.Problems) != note {
				t.Fatalf("staged %+v, problems %s", staged.Upload, codes(staged.Problems))
			}
			if known := staged.Counts[upload.New] == 2; known == afresh {
				t.Errorf("counts %v", staged.Counts)
			}
			id := staged.Upload.ID
			if again := f.stage(zhao, upload.Options{}, "rd_spend 350000 2023 1", "rd_spend 350000 2024 2"); again.ID != id || len(again.Authors) != 2 {
				t.Errorf("the same content became %+v", again)
			}
			dry := must(f.DryRun(ctx, wang, "a.csv", strings.NewReader(rows), upload.Options{}))(t)
			if codes(dry.Problems) != note {
				t.Errorf("tried: %s", codes(dry.Problems))
			}
			same := f.stage(zhao, upload.Options{}, "rd_spend 350000 2022 1")
			if known := same.ID == published.ID; known == afresh {
				t.Errorf("what is published became %s, %s", same.ID, same.State)
			}
			_, err := f.Submit(ctx, wang, id)
			wantKind(t, err, upload.Unavailable)
			f.heal()
			must(f.Submit(ctx, wang, id))(t)
			if u := must(f.Publish(ctx, li, id))(t); u.State != upload.Published {
				t.Errorf("published as %s", u.State)
			}
			if afresh { // it turns out to be a duplicate when it is published
				must(f.Submit(ctx, zhao, same.ID))(t)
				if u := must(f.Publish(ctx, li, same.ID))(t); u.ID != published.ID {
					t.Errorf("published %s, want the earlier %s", u.ID, published.ID)
				}
			}
		})
	}
}

// TestReasonIsAskedForAfterAnOutage: a revision that nobody could see when the
// file came is seen when it is submitted.
func TestReasonIsAskedForAfterAnOutage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{}, "rd_spend 350000 2022 1")
	f.goDown()
	f.Service = f.afresh()
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2022 2")
	f.heal()
	f.Snapshots.Refresh()
	_, err := f.Submit(t.Context(), wang, u.ID)
	wantKind(t, err, upload.Invalid)
	if c := must(f.Contents(t.Context(), wang, u.ID))(t); codes(c.Problems) != "D2 missing_reason" {
		t.Errorf("problems %s", codes(c.Problems))
	}
	if mended := f.stage(wang, upload.Options{Reason: "核实"}, "rd_spend 350000 2022 2"); mended.ID != u.ID || !f.Allows(wang, mended, account.Submit) {
		t.Errorf("mended as %+v", mended)
	}
}

// look fills the cache, as pages do.
func (f *fixture) look(s *upload.Service) {
	f.t.Helper()
	snap := must(s.Snapshots.At(f.t.Context(), time.Time{}, 0))(f.t)
	for _, code := range []string{"rd_spend", "gdp"} {
		_, _ = snap.Column(f.t.Context(), code, indicator.Annual)
	}
}

// TestDamagedUploads: what does not add up is never compared with; other
// indicators go on; and taking the damaged upload back always works.
func TestDamagedUploads(t *testing.T) {
	t.Parallel()
	for name, lookedBefore := range map[string]bool{"without a good snapshot": false, "with a good snapshot": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, true)
			f.publish(upload.Options{}, "rd_spend 350000 2021 1", "gdp 350000 2021 1")
			if lookedBefore {
				f.look(f.Service)
			}
			f.ledger.lost.Store(&lost{"rd_spend", 2022})
			bad := f.publish(upload.Options{}, "rd_spend 350000 2022 1", "rd_spend 350000 2023 1")
			f.look(f.Service)

			draft := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 9")
			_, err := f.Submit(t.Context(), wang, draft.ID)
			var damage *snapshot.DamageError
			if !errors.As(err, &damage) || damage.Upload != bad.ID || upload.KindOf(err) != upload.Unavailable {
				t.Errorf("a file with the damaged indicator: %v", err)
			}
			if c := must(f.Contents(t.Context(), wang, draft.ID))(t); codes(c.Problems) != " compared_earlier" {
				t.Errorf("problems %s", codes(c.Problems))
			}
			other := f.publish(upload.Options{Reason: "census"}, "gdp 350000 2021 2", "gdp 350000 2022 3")
			if d := must(f.Diff(t.Context(), li, other.ID))(t); d.Counts[upload.Changed] != 1 || d.Counts[upload.New] != 1 {
				t.Errorf("the diff of another indicator: %v", d.Counts)
			}
			if d := must(f.Diff(t.Context(), li, bad.ID))(t); d.Counts[upload.New] != 2 {
				t.Errorf("the diff of the damaged upload: %v", d.Counts)
			}
			must(f.Revert(t.Context(), li, bad.ID, "lost"))(t)
			f.publish(upload.Options{}, "rd_spend 350000 2024 1")
			if got := f.current("rd_spend"); got != "350000 2021 1 A\n350000 2024 1 A" {
				t.Errorf("visible %q", got)
			}
		})
	}
}

// TestDamagedUploadFromElsewhere has no draft here: what is left of it is not
// shown, and since nobody knows its regions, only those for all may take it back.
func TestDamagedUploadFromElsewhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	bad := f.publish(upload.Options{}, "rd_spend 350000 2022 1", "rd_spend 350100 2023 1")
	f.ledger.lost.Store(&lost{"rd_spend", 2023})
	elsewhere := f.elsewhere()
	c, err := elsewhere.Contents(t.Context(), admin, bad.ID)
	var damage *snapshot.DamageError
	if !errors.As(err, &damage) || len(c.Cells) != 0 {
		t.Errorf("%d cells, %v", len(c.Cells), err)
	}
	_, err = elsewhere.Revert(t.Context(), li, bad.ID, "")
	wantKind(t, err, upload.Forbidden)
	must(elsewhere.Revert(t.Context(), admin, bad.ID, ""))(t)
}
