package upload_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/store"
	"github.com/dabiao/dabiao/internal/upload"
)

// harm loses or spoils rows of the ledger behind everybody's back.
func (f *fixture) harm(statement string, args ...any) {
	f.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(f.dir, "ledger.db"))
	if err != nil {
		f.t.Fatal(err)
	}
	defer db.Close()
	result, err := db.Exec(statement, args...)
	if err != nil {
		f.t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		f.t.Fatalf("no harm was done: %v", err)
	}
}

const loseUpload = `DELETE FROM reading_log WHERE upload = (SELECT seq FROM upload WHERE id = ?)`

func became(r upload.Repair) string {
	var list []string
	for _, u := range r.Uploads {
		list = append(list, fmt.Sprint(u.ID, " ", len(u.Damage), " ", u.GaveBack, " ", !u.WhyNot.IsZero()))
	}
	return strings.Join(list, ", ")
}

func TestRepairGivesBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	whole := f.publish(upload.Options{}, "gdp 350000 2023 9")
	lost := f.publish(upload.Options{}, "rd_spend 350000 2023 1171.7", "rd_spend 350000 2024 1280.5", "gdp 350000 2024 5")
	reverted := f.publish(upload.Options{}, "rd_spend 350000 2022 1082.1")
	must(f.Revert(t.Context(), li, reverted.ID, "wrong"))(t)
	before, good := f.current("rd_spend"), must(ledger.Hash(t.Context(), f.ledger, nil))(t)

	if r := must(f.Repair(t.Context(), nil))(t); len(r.Uploads) != 0 || r.After.Hash != good.Hash {
		t.Errorf("repaired what is whole: %+v", r)
	}
	f.harm(loseUpload, lost.ID)
	f.harm(loseUpload, reverted.ID)
	f.harm(`UPDATE reading_log SET value = value + 1 WHERE upload = (SELECT seq FROM upload WHERE id = ?)`, whole.ID)
	f.Snapshots.Refresh()
	snap := must(f.Snapshots.At(t.Context(), good.Version.Time(), 0))(t)
	if _, err := snap.Column(t.Context(), "rd_spend", indicator.Annual); err == nil {
		t.Fatal("the damage does not show")
	}
	var phases []ledger.Phase
	r := must(f.Repair(t.Context(), func(phase ledger.Phase, _, _ int) { phases = append(phases, phase) }))(t)
	want := fmt.Sprintf("%s 1 true false, %s 2 true false, %s 1 true false", whole.ID, lost.ID, reverted.ID)
	if got := became(r); got != want || len(r.Before.Damage) != 4 || len(phases) == 0 {
		t.Errorf("%s\nwant %s\n%+v", got, want, r.Before.Damage)
	}
	if diff := cmp.Diff(good, r.After); diff != "" {
		t.Errorf("the ledger (-before the damage +after the repair):\n%s", diff)
	}
	if got := f.current("rd_spend"); got != before {
		t.Errorf("visible now\n%s\nbefore\n%s", got, before)
	}
}

// TestRepairWithoutDraft: what is not kept here is left alone, and the ways out
// are named; the others are repaired all the same.
func TestRepairWithoutDraft(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	drafts := must(store.Open(t.Context(), filepath.Join(t.TempDir(), "dabiao.db")))(t)
	t.Cleanup(func() { drafts.Close() })
	there := f.service(drafts, false)
	there.NewID = func() string { return "elsewhere" }
	staged := must(there.Stage(t.Context(), admin, "table.csv", strings.NewReader(csv("rd_spend 110000 2023 2947")), upload.Options{}))(t)
	elsewhere := must(there.Publish(t.Context(), admin, staged.Upload.ID))(t)
	here := f.publish(upload.Options{}, "rd_spend 350000 2023 1171.7")
	f.harm(loseUpload, elsewhere.ID)
	f.harm(loseUpload, here.ID)
	r := must(f.Repair(t.Context(), nil))(t)
	if got, want := became(r), "elsewhere 1 false true, "+here.ID+" 1 true false"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for _, want := range []string{"admin published it on instance 0", "check --repair", "dabiao copy", "dabiao revert elsewhere"} {
		if !strings.Contains(r.Uploads[0].WhyNot.EN, want) {
			t.Errorf("%q\nlacks %q", r.Uploads[0].WhyNot.EN, want)
		}
	}
	if !slices.Equal(r.After.Damage, r.Uploads[0].Damage) {
		t.Errorf("damage that is left: %+v", r.After.Damage)
	}

	// The directory where its draft is mends it.
	if r := must(there.Repair(t.Context(), nil))(t); became(r) != "elsewhere 1 true false" || len(r.After.Damage) != 0 {
		t.Errorf("%s, damage left: %+v", became(r), r.After.Damage)
	}
}

// TestRepairTellsWhatStays: rows that are not the upload's cannot be taken away.
func TestRepairTellsWhatStays(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.publish(upload.Options{}, "rd_spend 350000 2023 1171.7")
	f.harm(`INSERT INTO reading_log SELECT series, period + 1, upload, value, status FROM reading_log WHERE upload = (SELECT seq FROM upload WHERE id = ?)`, u.ID)
	r := must(f.Repair(t.Context(), nil))(t)
	if became(r) != u.ID+" 1 true true" || len(r.After.Damage) != 1 || !strings.Contains(r.Uploads[0].WhyNot.EN, "should have 1 readings of rd_spend (A), but 2 came") {
		t.Errorf("%s: %+v", became(r), r.Uploads)
	}
}

func TestRepairNeedsTheLedger(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.publish(upload.Options{}, "rd_spend 350000 2023 1171.7")
	f.harm(loseUpload, u.ID)
	for _, trouble := range []error{ledger.ErrUnavailable, context.Canceled} {
		f.ledger.restore.Store(&trouble)
		r, err := f.Repair(t.Context(), nil)
		if !errors.Is(err, trouble) || len(r.Uploads) != 0 {
			t.Errorf("%v: error %v, %+v", trouble, err, r.Uploads)
		}
	}
	f.ledger.restore.Store(nil)
	invalid := fmt.Errorf("%w: no", ledger.ErrInvalid)
	f.ledger.restore.Store(&invalid)
	if r := must(f.Repair(t.Context(), nil))(t); became(r) != u.ID+" 1 false true" {
		t.Errorf("%s", became(r))
	}
	f.ledger.history.Store(&ledger.ErrUnavailable)
	_, err := f.Repair(t.Context(), nil)
	wantKind(t, err, upload.Unavailable)
}

// TestRepairFromATwin: any upload kept here with the same content will do.
func TestRepairFromATwin(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("twin", upload.Rejected, "wang", 2019)
	rows := must(f.drafts.UploadContents(t.Context(), "twin"))(t).Cells
	must(f.ledger.Publish(t.Context(), ledger.Upload{ID: "elsewhere"}, []indicator.Reading{rows[0].Reading}))(t)
	f.harm(loseUpload, "elsewhere")
	if r := must(f.Repair(t.Context(), nil))(t); became(r) != "elsewhere 1 true false" || len(r.After.Damage) != 0 {
		t.Errorf("%s, damage left: %+v", became(r), r.After.Damage)
	}
}
