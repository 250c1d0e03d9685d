package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

func concurrentPublishers(t *testing.T, open Open) {
	f := newFixture(t, open)
	const publishers, each = 6, 8
	var group errgroup.Group
	for p := range publishers {
		group.Go(func() error {
			for i := range each {
				id := fmt.Sprintf("%d-%d", p, i)
				if _, err := f.Publish(t.Context(), ledger.Upload{ID: id}, []indicator.Reading{spend(1980+p, float64(i))}); err != nil {
					return err
				}
				if i%4 == 3 {
					if _, err := f.Revert(t.Context(), id, "wang", ""); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	h := f.history()
	if len(h.Publications) != publishers*each {
		t.Fatalf("%d publications, want %d", len(h.Publications), publishers*each)
	}
	seen := map[ledger.Version]bool{}
	for i, p := range h.Publications {
		if i > 0 && (p.Seq <= h.Publications[i-1].Seq || p.At <= h.Publications[i-1].At) {
			t.Errorf("seq %d at %d follows seq %d at %d", p.Seq, p.At, h.Publications[i-1].Seq, h.Publications[i-1].At)
		}
		for _, v := range []ledger.Version{p.At, p.RevertedAt} {
			if v != 0 && seen[v] {
				t.Errorf("two events at %d", v)
			}
			seen[v] = true
		}
	}
	if got := f.vintages(rdSpend); len(got) != publishers*each {
		t.Errorf("%d vintages, want %d", len(got), publishers*each)
	}
}

func concurrentSame(t *testing.T, open Open) {
	f := newFixture(t, open)
	var group errgroup.Group
	var answers sync.Map
	for i := range 8 {
		group.Go(func() error {
			p, err := f.Publish(t.Context(), ledger.Upload{ID: fmt.Sprint(i)}, []indicator.Reading{spend(2023, 1), spend(2022, 1)})
			answers.Store(p.ID, true)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	h := f.history()
	if len(h.Publications) != 1 {
		t.Fatalf("%d publications, want 1", len(h.Publications))
	}
	answers.Range(func(id, _ any) bool {
		if id != h.Publications[0].ID {
			t.Errorf("one was answered with %v, the publication is %s", id, h.Publications[0].ID)
		}
		return true
	})
}

// allOrNone lets readers look while uploads of two indicators are published:
// whatever the history names must be there in full.
func allOrNone(t *testing.T, open Open) {
	f := newFixture(t, open)
	const uploads, rows = 15, 150
	ctx, done := context.WithCancel(t.Context())
	var group errgroup.Group
	for range 3 {
		group.Go(func() error {
			var last ledger.Version
			for looking := true; looking; looking = ctx.Err() == nil {
				version, err := lookOnce(t.Context(), f)
				if err != nil {
					return err
				}
				if version < last {
					return fmt.Errorf("version went from %d back to %d", last, version)
				}
				last = version
			}
			return nil
		})
	}
	for i := range uploads {
		var readings []indicator.Reading
		for r := range rows {
			region := fmt.Sprintf("35%04d", r)
			readings = append(readings, reading("rd_spend", region, indicator.Year(2023), float64(i)),
				reading("gdp", region, indicator.Year(2023), float64(i)))
		}
		f.publish(fmt.Sprint(i), readings...)
	}
	done()
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// lookOnce counts the vintages of every publication that the history names.
func lookOnce(ctx context.Context, l ledger.Ledger) (ledger.Version, error) {
	version, err := l.Version(ctx)
	if err != nil {
		return 0, err
	}
	h, err := l.History(ctx)
	if err != nil {
		return 0, err
	}
	if h.Version < version {
		return 0, fmt.Errorf("the history is of version %d, older than %d", h.Version, version)
	}
	bySeq := map[int64][]indicator.Reading{}
	for _, code := range []string{"rd_spend", "gdp"} {
		for v, err := range l.Vintages(ctx, ledger.Query{Indicator: code, Freq: indicator.Annual}) {
			if err != nil {
				return 0, err
			}
			bySeq[v.Seq] = append(bySeq[v.Seq], v.Reading)
		}
	}
	for _, p := range h.Publications {
		came := bySeq[p.Seq]
		if parts := ledger.Parts(came); len(came) != p.Rows || !slices.Equal(parts, p.Parts) {
			return 0, fmt.Errorf("upload %s: %d of %d readings are visible: %+v, want %+v", p.ID, len(came), p.Rows, parts, p.Parts)
		}
	}
	return h.Version, nil
}

// stopEarly leaves streams at their first vintage, more of them than a store
// would have connections to lose, some inside others.
func stopEarly(t *testing.T, open Open) {
	f := newFixture(t, open)
	var readings []indicator.Reading
	for i := range 2000 {
		readings = append(readings, reading("rd_spend", fmt.Sprintf("35%04d", i), indicator.Year(2023), float64(i)))
	}
	f.publish("many", readings...)
	for range 150 {
		for v, err := range f.Vintages(t.Context(), rdSpend) {
			if err != nil || v.Value != 0 {
				t.Fatalf("first vintage %+v, %v", v, err)
			}
			for _, err := range f.Vintages(t.Context(), rdSpend) {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			break
		}
	}
	f.publish("after", spend(2022, 1))
	if got := f.vintages(rdSpend); len(got) != 2001 {
		t.Errorf("%d vintages after all the stopped streams, want 2001", len(got))
	}
	stream := f.Vintages(t.Context(), rdSpend) // a stream can be walked twice
	for range 2 {
		if got, err := collect(stream); err != nil || len(got) != 2001 {
			t.Errorf("%d vintages, %v", len(got), err)
		}
	}
}

func cancelled(t *testing.T, open Open) {
	f := newFixture(t, open)
	var readings []indicator.Reading
	for i := range 5000 {
		readings = append(readings, reading("rd_spend", fmt.Sprintf("35%04d", i), indicator.Year(2023), float64(i)))
	}
	f.publish("many", readings...)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	f.unchanged("a cancelled context", func() {
		_, err := f.Publish(gone, ledger.Upload{ID: "late"}, []indicator.Reading{spend(2023, 1)})
		wantError(t, err, context.Canceled)
		_, err = f.Revert(gone, "many", "wang", "")
		wantError(t, err, context.Canceled)
		_, err = f.Version(gone)
		wantError(t, err, context.Canceled)
		_, err = f.History(gone)
		wantError(t, err, context.Canceled)
		_, err = collect(f.Vintages(gone, rdSpend))
		wantError(t, err, context.Canceled)
	})
	half, stop := context.WithCancel(t.Context())
	defer stop()
	came, failures := 0, 0
	for _, err := range f.Vintages(half, rdSpend) {
		switch {
		case err == nil:
			came++
		case errors.Is(err, context.Canceled):
			failures++
		default:
			t.Errorf("error %v", err)
		}
		stop()
	}
	if came == len(readings) || failures != 1 {
		t.Errorf("%d vintages and %d errors, want a stream that ends with one error", came, failures)
	}
	// A deadline in the middle of a publish: all of it or none.
	for i := range 5 {
		short, end := context.WithTimeout(t.Context(), time.Duration(i)*2*time.Millisecond)
		id := fmt.Sprint("short ", i)
		changed := slices.Clone(readings)
		for r := range changed {
			changed[r].Value += float64(i + 1)
		}
		_, err := f.Publish(short, ledger.Upload{ID: id}, changed)
		end()
		published := slices.ContainsFunc(f.history().Publications, func(p ledger.Publication) bool { return p.ID == id })
		if err == nil && !published || err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: published %v, error %v", id, published, err)
		}
	}
	if _, err := lookOnce(t.Context(), f); err != nil {
		t.Error(err)
	}
}

func large(t *testing.T, open Open) {
	f := newFixture(t, open)
	readings := Readings(100_000)
	p := f.publish("large", readings...)
	if p.Rows != len(readings) {
		t.Errorf("%d rows, want %d", p.Rows, len(readings))
	}
	rows := 0
	for _, part := range p.Parts {
		var sum uint64
		for v, err := range f.Vintages(t.Context(), ledger.Query{Indicator: part.Indicator, Freq: part.Freq}) {
			if err != nil {
				t.Fatal(err)
			}
			rows++
			sum += ledger.Checksum(v.Reading)
		}
		if sum != part.Checksum {
			t.Errorf("%s %s: checksum differs", part.Indicator, part.Freq)
		}
	}
	if rows != len(readings) {
		t.Errorf("%d vintages, want %d", rows, len(readings))
	}
	f.unchanged("the same hundred thousand in another order", func() {
		slices.Reverse(readings)
		f.publish("again", readings...)
	})
}
