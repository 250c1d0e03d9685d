package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
)

func newSQLite(t *testing.T, now func() time.Time) *sqlite.Ledger {
	t.Helper()
	l, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// faulty is a ledger that fails, forgets or is written to just when a test says.
type faulty struct {
	ledger.Ledger
	restore  func(p ledger.Publication, readings []indicator.Reading) error // before a restore
	vintages func(v ledger.Vintage) (ledger.Vintage, bool)                  // false: the row is lost
	version  func()                                                         // before the version is told
	streams  atomic.Int64
}

func (f *faulty) Restore(ctx context.Context, p ledger.Publication, readings []indicator.Reading) error {
	if f.restore != nil {
		if err := f.restore(p, readings); err != nil {
			return err
		}
	}
	return f.Ledger.Restore(ctx, p, readings)
}

func (f *faulty) Version(ctx context.Context) (ledger.Version, error) {
	if f.version != nil {
		f.version()
	}
	return f.Ledger.Version(ctx)
}

func (f *faulty) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	f.streams.Add(1)
	return func(yield func(ledger.Vintage, error) bool) {
		for v, err := range f.Ledger.Vintages(ctx, q) {
			kept := true
			if f.vintages != nil && err == nil {
				v, kept = f.vintages(v)
			}
			if kept && !yield(v, err) {
				return
			}
		}
	}
}

func wantCopied(t fatal, copied ledger.Copied, err error) {
	t.Helper()
	if err != nil || copied.From.Hash != copied.To.Hash || copied.From.Hash == "" {
		t.Fatalf("copied %+v: %v", copied, err)
	}
}

func historyOf(t fatal, l ledger.Ledger) ledger.History {
	t.Helper()
	h, err := l.History(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

var samePublications = cmp.Options{cmpopts.EquateApproxTime(0), cmpopts.EquateEmpty()}

// TestCopyIsInterrupted interrupts copies of random ledgers at random places.
// Wherever one ends, the target is the source as it once stood; the next one
// goes on from there.
func TestCopyIsInterrupted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		source, target := drawShelf(rt), &shelf{}
		for range rapid.IntRange(0, 3).Draw(rt, "interruptions") {
			interrupt(rt, source, target, rapid.IntRange(0, 4).Draw(rt, "restores before it"), rapid.IntRange(1, 50).Draw(rt, "window"))
		}
		copied, err := ledger.CopyInWindows(t.Context(), source, target, nil, rapid.IntRange(1, 50).Draw(rt, "window"))
		wantCopied(rt, copied, err)
		if diff := cmp.Diff(source.history, target.history, samePublications); diff != "" {
			rt.Fatalf("-source +target:\n%s", diff)
		}
	})
}

type fatal interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func interrupt(t fatal, source, target ledger.Ledger, restores, window int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	breaking := &faulty{Ledger: target, restore: func(ledger.Publication, []indicator.Reading) error {
		if restores--; restores < 0 {
			cancel()
		}
		return nil
	}}
	_, err := ledger.CopyInWindows(ctx, source, breaking, nil, window)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	there := historyOf(t, target)
	if there.Version == 0 { // At(0) would be all of it
		return
	}
	if diff := cmp.Diff(historyOf(t, source).At(there.Version), there, samePublications); diff != "" {
		t.Fatalf("interrupted at version %d (-source then +target):\n%s", there.Version, diff)
	}
	if d := digest(t, target); len(d.Damage) != 0 {
		t.Fatalf("interrupted: %+v", d)
	}
}

// TestCopyThereAndBack takes random ledgers into files, from file to file, and
// out of them: they stay what they are.
func TestCopyThereAndBack(t *testing.T) {
	t.Parallel()
	ledgers := rapid.Custom(drawShelf)
	for seed := range 8 {
		source := ledgers.Example(seed)
		want := digest(t, source)
		file, other, back := newSQLite(t, time.Now), newSQLite(t, time.Now), &shelf{}
		interrupt(t, source, file, seed%4, 10)
		for _, c := range []struct{ from, to ledger.Ledger }{{source, file}, {file, other}, {other, back}} {
			copied, err := ledger.Copy(t.Context(), c.from, c.to, nil)
			wantCopied(t, copied, err)
			if diff := cmp.Diff(want, copied.To); diff != "" {
				t.Fatalf("seed %d (-source +copy):\n%s", seed, diff)
			}
		}
		if diff := cmp.Diff(source.history, back.history, samePublications); diff != "" {
			t.Fatalf("seed %d (-source +back):\n%s", seed, diff)
		}
	}
}

// pair is a source of three uploads, one of them reverted, and an empty target.
func pair(t *testing.T) (source, target *faulty) {
	t.Helper()
	source = &faulty{Ledger: newSQLite(t, ledgertest.NewClock().Now)}
	target = &faulty{Ledger: newSQLite(t, time.Now)}
	publishOne(t, source, "a", 1)
	publishOne(t, source, "b", 2)
	publishOne(t, source, "c", 3)
	if _, err := source.Revert(t.Context(), "b", "wang", "why"); err != nil {
		t.Fatal(err)
	}
	return source, target
}

func publishOne(t *testing.T, l ledger.Ledger, id string, value float64) {
	t.Helper()
	readings := []indicator.Reading{reading("gdp", "350000", "2023", value), reading("rd_spend", "350000", "2023", value)}
	if _, err := l.Publish(t.Context(), ledger.Upload{ID: id}, readings); err != nil {
		t.Fatal(err)
	}
}

func TestCopyRefusesForeignTarget(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		foreign func(t *testing.T, source, target ledger.Ledger)
		want    string
	}{
		"an upload of its own": {func(t *testing.T, _, target ledger.Ledger) { publishOne(t, target, "strange", 9) },
			"upload strange, which the source does not have"},
		"another upload of the same name": {func(t *testing.T, _, target ledger.Ledger) { publishOne(t, target, "a", 9) },
			"Upload a is not the same"},
		"a revert of its own": {func(t *testing.T, source, target ledger.Ledger) {
			if _, err := ledger.Copy(t.Context(), source, target, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := target.Revert(t.Context(), "c", "li", ""); err != nil {
				t.Fatal(err)
			}
		}, "Upload c is not the same"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			c.foreign(t, source, target)
			before := digest(t, target)
			publishOne(t, source, "new", 5) // there is something to copy
			_, err := ledger.Copy(t.Context(), source, target, nil)
			var refusal *ledger.CopyError
			if !errors.As(err, &refusal) || !errors.Is(err, ledger.ErrInvalid) || !strings.Contains(err.Error(), c.want) ||
				!strings.Contains(refusal.Message.EN, "Nothing was written") || !strings.Contains(refusal.Message.ZH, "未写入任何内容") {
				t.Errorf("%v\nwant %q", err, c.want)
			}
			if after := digest(t, target); after.Hash != before.Hash {
				t.Error("something was written")
			}
		})
	}
}

// TestCopyRefusesDamagedSource: nothing of the damaged upload comes over, what
// was before it does, and once mended the copy goes on.
func TestCopyRefusesDamagedSource(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(ledger.Vintage) (ledger.Vintage, bool){
		"a row is lost":      func(v ledger.Vintage) (ledger.Vintage, bool) { return v, v.Value != 3 || v.Indicator != "gdp" },
		"a value is another": func(v ledger.Vintage) (ledger.Vintage, bool) { v.Value += 1e-9; return v, true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			ofC := func(v ledger.Vintage) (ledger.Vintage, bool) {
				if v.Value != 3 {
					return v, true
				}
				return harm(v)
			}
			source.vintages = ofC
			_, err := ledger.CopyInWindows(t.Context(), source, target, nil, 1)
			var damage *ledger.DamageError
			if !errors.As(err, &damage) || damage.Upload != "c" || damage.Indicator != "gdp" || !strings.Contains(err.Error(), "--repair") {
				t.Fatalf("error %v, want damage of c", err)
			}
			if h := historyOf(t, target); len(h.Publications) != 2 {
				t.Errorf("the target holds %+v", h)
			}
			source.vintages = nil
			copied, err := ledger.Copy(t.Context(), source, target, nil)
			wantCopied(t, copied, err)
			source.vintages = ofC // what was copied already is looked at too
			if _, err = ledger.Copy(t.Context(), source, target, nil); !errors.As(err, &damage) || damage.Upload != "c" {
				t.Errorf("error %v, want damage of c", err)
			}
		})
	}
}

// TestCopyGivesBack: rows that the target has lost are restored, of uploads
// that are reverted there too.
func TestCopyGivesBack(t *testing.T) {
	t.Parallel()
	source, target := pair(t)
	copied, err := ledger.Copy(t.Context(), source, target, nil)
	wantCopied(t, copied, err)
	given := map[string]bool{}
	target.vintages = func(v ledger.Vintage) (ledger.Vintage, bool) {
		return v, v.Value == 1 || v.Indicator != "gdp" || given["done"]
	}
	target.restore = func(p ledger.Publication, readings []indicator.Reading) error {
		given[p.ID] = len(readings) == 2
		given["done"] = given["b"] && given["c"]
		return nil
	}
	again, err := ledger.Copy(t.Context(), source, target, nil)
	wantCopied(t, again, err)
	if diff := cmp.Diff(map[string]bool{"b": true, "c": true, "done": true}, given); diff != "" || again.To.Hash != copied.To.Hash {
		t.Errorf("restored (-want +got):\n%s", diff)
	}
}

// TestCopyTellsAStoreThatForgets: what does not stay is never called equal.
func TestCopyTellsAStoreThatForgets(t *testing.T) {
	t.Parallel()
	source, target := pair(t)
	target.vintages = func(v ledger.Vintage) (ledger.Vintage, bool) { return v, v.Value != 3 }
	copied, err := ledger.Copy(t.Context(), source, target, nil)
	var refusal *ledger.CopyError
	if !errors.As(err, &refusal) || !strings.Contains(err.Error(), "does not keep") || !strings.Contains(err.Error(), "upload c should have 1") {
		t.Errorf("error %v", err)
	}
	if copied.From.Hash == copied.To.Hash || len(copied.To.Damage) != 2 {
		t.Errorf("%+v", copied)
	}
}

// TestCopyFollowsTheSource: what is published during the copy comes too, what
// is published during the comparison is told.
func TestCopyFollowsTheSource(t *testing.T) {
	t.Parallel()
	source, target := pair(t)
	published := false
	target.restore = func(p ledger.Publication, _ []indicator.Reading) error {
		if p.ID == "c" && !published {
			published = true
			publishOne(t, source, "meanwhile", 4)
		}
		return nil
	}
	asked := 0
	source.version = func() {
		if asked++; asked == 3 { // after two rounds of copying, when all was compared
			publishOne(t, source, "late", 5)
		}
	}
	copied, err := ledger.Copy(t.Context(), source, target, nil)
	if !errors.Is(err, ledger.ErrMoved) || !strings.Contains(err.Error(), fmt.Sprint(copied.To.Version)) {
		t.Fatalf("error %v, want that the source moved on", err)
	}
	if h := historyOf(t, target); len(h.Publications) != 4 || h.Publications[3].ID != "meanwhile" || copied.From.Hash != copied.To.Hash {
		t.Errorf("the target holds %+v; %+v", h, copied)
	}
	copied, err = ledger.Copy(t.Context(), source, target, nil)
	wantCopied(t, copied, err)
}

// TestCopyTellsAWrittenTarget: somebody publishes in the target during the copy.
func TestCopyTellsAWrittenTarget(t *testing.T) {
	t.Parallel()
	source, target := pair(t)
	target.restore = func(p ledger.Publication, _ []indicator.Reading) error {
		if p.RevertedAt != 0 {
			publishOne(t, target.Ledger, "intruder", 7)
		}
		return nil
	}
	_, err := ledger.Copy(t.Context(), source, target, nil)
	if !errors.Is(err, ledger.ErrInvalid) || !strings.Contains(err.Error(), "upload intruder") || strings.Contains(err.Error(), "Nothing was written") {
		t.Errorf("error %v", err)
	}
}

// TestCopyIsStreamed: a window never holds more rows than it may, and reads
// each column that it touches once.
func TestCopyIsStreamed(t *testing.T) {
	t.Parallel()
	source := &faulty{Ledger: newSQLite(t, ledgertest.NewClock().Now)}
	target := &faulty{Ledger: newSQLite(t, time.Now)}
	for i := range 9 {
		publishOne(t, source, fmt.Sprint(i), float64(i)) // two columns, two rows
	}
	if _, err := source.Revert(t.Context(), "8", "wang", ""); err != nil { // in the window of its upload
		t.Fatal(err)
	}
	var steps []string
	copied, err := ledger.CopyInWindows(t.Context(), source, target, func(phase ledger.Phase, done, total int) {
		steps = append(steps, fmt.Sprintf("%s %d/%d", phase, done, total))
	}, 8)
	wantCopied(t, copied, err)
	if got := source.streams.Load(); got != 3*2+2 { // windows of four, four and two events, and the hash
		t.Errorf("%d streams of the source, want 8", got)
	}
	want := []string{"copying 0/20", "copying 20/20", "reading source 0/18", "reading source 18/18", "reading target 0/18", "reading target 18/18"}
	if !slices.Equal(steps, want) {
		t.Errorf("progress %q\nwant %q", steps, want)
	}
	steps = nil
	copied, err = ledger.CopyInWindows(t.Context(), source, target, func(phase ledger.Phase, _, _ int) { steps = append(steps, string(phase)) }, 8)
	wantCopied(t, copied, err)
	if slices.Contains(steps, "copying") {
		t.Errorf("a second copy says %q: there was nothing to copy", steps)
	}
}
