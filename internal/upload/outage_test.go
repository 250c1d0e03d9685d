package upload_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/upload"
)

var errAway = fmt.Errorf("%w: connection refused", ledger.ErrUnavailable)

// look fills the cache, as pages do.
func (f *fixture) look(s *upload.Service) {
	f.t.Helper()
	snap := must(s.Snapshots.At(f.t.Context(), time.Time{}, 0))(f.t)
	for _, code := range []string{"rd_spend", "gdp"} {
		_, _ = snap.Column(f.t.Context(), code, indicator.Annual)
	}
}

// TestNothingIsCheckedAgainstThePast: while the ledger is away pages have the
// last good snapshot, but every step that compares or writes is refused, drafts
// stay as they are, and what there is can be looked at.
func TestNothingIsCheckedAgainstThePast(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	elsewhere := f.elsewhere()
	published := f.publish(upload.Options{}, "rd_spend 350000 2022 1")
	draft := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 1")
	submitted := f.stage(wang, upload.Options{}, "rd_spend 350000 2024 1")
	must(f.Submit(t.Context(), wang, submitted.ID))(t)
	f.look(f.Service)
	f.look(elsewhere.Service)

	f.ledger.away.Store(&errAway)
	for name, do := range map[string]func() error{
		"stage": func() error {
			_, err := f.Stage(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 350000 2021 1")), upload.Options{})
			return err
		},
		"submit":   func() error { _, err := f.Submit(t.Context(), wang, draft.ID); return err },
		"publish":  func() error { _, err := f.Publish(t.Context(), li, submitted.ID); return err },
		"revert":   func() error { _, err := f.Revert(t.Context(), li, published.ID, ""); return err },
		"diff":     func() error { _, err := f.Diff(t.Context(), wang, draft.ID); return err },
		"contents": func() error { _, err := f.Contents(t.Context(), wang, draft.ID); return err },
	} {
		if err := do(); upload.KindOf(err) != upload.Unavailable || !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if u := must(f.Get(t.Context(), wang, draft.ID))(t); u.State != upload.Draft {
		t.Errorf("the draft is %s", u.State)
	}
	if c, _ := f.Contents(t.Context(), wang, draft.ID); len(c.Cells) != 1 {
		t.Errorf("the draft has %d cells", len(c.Cells))
	}
	if u := must(f.Get(t.Context(), nobody, published.ID))(t); u.State != upload.Published {
		t.Errorf("the published upload is %s", u.State)
	}
	if list := must(f.List(t.Context(), li, upload.Filter{}))(t); len(list) != 3 {
		t.Errorf("%d uploads in the list, want 3", len(list))
	}
	if list := must(elsewhere.List(t.Context(), nobody, upload.Filter{}))(t); len(list) != 1 || list[0].ID != published.ID {
		t.Errorf("elsewhere the list is %v", list)
	}

	f.ledger.away.Store(nil)
	must(f.Submit(t.Context(), wang, draft.ID))(t)
	must(f.Publish(t.Context(), li, submitted.ID))(t)
	must(f.Publish(t.Context(), li, draft.ID))(t)
	must(f.Revert(t.Context(), li, published.ID, ""))(t)
	if got := f.current("rd_spend"); got != "350000 2023 1 A\n350000 2024 1 A" {
		t.Errorf("visible %q", got)
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

			_, err := f.Stage(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 350000 2024 1")), upload.Options{})
			var damage *snapshot.DamageError
			if !errors.As(err, &damage) || damage.Upload != bad.ID || upload.KindOf(err) != upload.Unavailable {
				t.Errorf("a file with the damaged indicator: %v", err)
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
