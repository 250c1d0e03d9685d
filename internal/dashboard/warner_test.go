package dashboard

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/warning"
)

// tallied counts how often vintages are read, and fails when told to.
type tallied struct {
	ledger.Ledger
	reads atomic.Int64
	away  atomic.Bool
}

func (l *tallied) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	l.reads.Add(1)
	if l.away.Load() {
		return func(yield func(ledger.Vintage, error) bool) { yield(ledger.Vintage{}, ledger.ErrUnavailable) }
	}
	return l.Ledger.Vintages(ctx, q)
}

// worsened is a ledger in which R&D intensity rose everywhere until 2023, and
// then fell in Fujian, whose target of 3 by 2030 was on track.
func worsened(t testing.TB) *tallied {
	t.Helper()
	l, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "ledger.db"), func() time.Time { return today })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var before, after []indicator.Reading
	for n, region := range []string{"320000", "330000", "350000", "360000", "440000", indicator.Nation} {
		base := 1.9 + float64(n%2)/10
		for year := 2013; year <= 2023; year++ {
			before = append(before, yearly("rd_intensity", region, year, base+float64(year-2013)/10)...)
		}
		after = append(after, yearly("rd_intensity", region, 2024, base+1.1)...)
		if region == "350000" {
			after[len(after)-1].Value = 2.5
		}
	}
	tally := &tallied{Ledger: l}
	put(t, tally, ledger.Upload{ID: "before", Released: day(2024, 9, 29)}, before)
	put(t, tally, ledger.Upload{ID: "after", Released: day(2025, 9, 29)}, after)
	return tally
}

func put(t testing.TB, l ledger.Ledger, u ledger.Upload, readings []indicator.Reading) {
	t.Helper()
	if _, err := l.Publish(context.Background(), u, readings); err != nil {
		t.Fatal(err)
	}
}

func warner() *Warner {
	return NewWarner(warning.DefaultThresholds(), warning.DefaultChecks(), NewOutlooks())
}

func keys(list []warning.Warning) string {
	var all []string
	for _, w := range list {
		all = append(all, string(w.Rule)+" "+w.Region+" "+strings.Join(w.Targets, "+"))
	}
	return strings.Join(all, "; ")
}

func TestWarner(t *testing.T) {
	t.Parallel()
	l, c, w := worsened(t), testCatalog(), warner()
	cache := snapshot.New(l)
	of := func(asOf time.Time, limit indicator.Period) []warning.Warning {
		snap, err := cache.At(t.Context(), asOf, 0)
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.Of(t.Context(), snap, c, limit, today)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	const fell = "status_worse 350000 plan-1-rd_intensity"
	list := of(time.Time{}, indicator.Period{})
	if got := keys(list); got != fell || list[0].Severity != warning.Severe || !list[0].Since.Equal(day(2025, 9, 29)) {
		t.Errorf("now: %q %+v", got, list)
	}
	if e := list[0].Evidence; len(e) != 1 || e[0].Upload != "after" || e[0].Value != 2.5 || e[0].Period != indicator.Year(2024) {
		t.Errorf("evidence: %+v", e)
	}
	if got := keys(of(day(2025, 9, 28), indicator.Period{})); got != "" {
		t.Errorf("as of the day before: %q", got)
	}
	if got := keys(of(time.Time{}, indicator.Year(2023))); got != "" {
		t.Errorf("with readings up to 2023: %q", got)
	}
	put(t, l, ledger.Upload{ID: "corrected", Released: day(2025, 11, 1)}, yearly("rd_intensity", "350000", 2024, 3.0))
	cache.Refresh()
	if got := keys(of(time.Time{}, indicator.Period{})); got != "" {
		t.Errorf("after a correction: %q", got)
	}
}

// TestWarningsAreFoundOnce for a version, a catalogue and a day, however many ask.
func TestWarningsAreFoundOnce(t *testing.T) {
	t.Parallel()
	l, c, w := worsened(t), testCatalog(), warner()
	snap, err := snapshot.New(l).At(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if list, err := w.Of(t.Context(), snap, c, indicator.Period{}, today); err != nil || len(list) != 1 {
				t.Errorf("%v %v", list, err)
			}
		})
	}
	all.Wait()
	const column, vintages = 1, 1
	if got := l.reads.Load(); got != column+vintages {
		t.Errorf("vintages were read %d times", got)
	}
	if _, err := w.Of(t.Context(), snap, c, indicator.Period{}, today.Add(24*time.Hour)); err != nil || l.reads.Load() != column+2*vintages {
		t.Errorf("another day: %v, %d reads", err, l.reads.Load())
	}
}

func TestWarnerWithoutALedger(t *testing.T) {
	t.Parallel()
	l, c, w := worsened(t), testCatalog(), warner()
	snap, err := snapshot.New(l).At(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := snap.Column(t.Context(), "rd_intensity", indicator.Annual); err != nil {
		t.Fatal(err)
	}
	l.away.Store(true)
	if list, err := w.Of(t.Context(), snap, c, indicator.Period{}, today); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("%v %v", list, err)
	}
	l.away.Store(false)
	if list, err := w.Of(t.Context(), snap, c, indicator.Period{}, today); err != nil || len(list) != 1 {
		t.Errorf("when it is back: %v %v", list, err)
	}
}

// TestWarnerLeavesDamageOut: figures that do not add up are no evidence.
func TestWarnerLeavesDamageOut(t *testing.T) {
	t.Parallel()
	snap, err := snapshot.New(lossy{worsened(t), []string{"rd_intensity"}}).At(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := warner().Of(t.Context(), snap, testCatalog(), indicator.Period{}, today); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

// BenchmarkWarner: what a page pays for the count, and what the first one after
// a publication does.
func BenchmarkWarner(b *testing.B) {
	l, c := worsened(b), testCatalog()
	snap, err := snapshot.New(l).At(b.Context(), time.Time{}, 0)
	if err != nil {
		b.Fatal(err)
	}
	ask := func(b *testing.B, w *Warner) {
		if list, err := w.Of(b.Context(), snap, c, indicator.Period{}, today); err != nil || len(list) != 1 {
			b.Fatal(list, err)
		}
	}
	b.Run("kept", func(b *testing.B) {
		w := warner()
		for b.Loop() {
			ask(b, w)
		}
	})
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			ask(b, warner())
		}
	})
}
