package snapshot

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// TestNoticesPublishes: own ones at once, those of others within a second, and
// no more than one question a second.
func TestNoticesPublishes(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	r := reading("gdp", "350000", 2023, 1)
	a := l.publish(t, "a", r)
	c := cacheOf(l)
	polled := time.Now()
	c.now = func() time.Time { return polled }
	for range 5 {
		at(t, c, time.Time{}, 0)
		at(t, c, l.clock.Now(), 0)
	}
	if got := l.versions.Load(); got != 1 {
		t.Errorf("asked for the version %d times, want once", got)
	}
	r.Value = 2
	b := l.publish(t, "b", r)
	if got := at(t, c, time.Time{}, 0).Version(); got != a.At {
		t.Errorf("version %d within the second, want %d still", got, a.At)
	}
	polled = polled.Add(pollEvery)
	if v, upload := value(t, at(t, c, time.Time{}, 0), r); v != 2 || upload != "b" {
		t.Errorf("after a second: %v of %s, want 2 of b", v, upload)
	}
	r.Value = 3
	l.publish(t, "c", r)
	c.Refresh()
	if v, upload := value(t, at(t, c, time.Time{}, 0), r); v != 3 || upload != "c" {
		t.Errorf("after Refresh: %v of %s, want 3 of c", v, upload)
	}
	r.Value = 4
	d := l.publish(t, "d", r)
	if v, _ := value(t, at(t, c, time.Time{}, d.At), r); v != 4 {
		t.Errorf("a version that is not known yet: %v, want 4", v)
	}
	if _, err := c.At(t.Context(), time.Time{}, d.At+1); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a version that is not there: %v", err)
	}
	if v, _ := value(t, at(t, c, time.Time{}, b.At), r); v != 2 {
		t.Errorf("an earlier version: %v, want 2", v)
	}
}

func TestOnlyTouchedColumnsAreDropped(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	month := indicator.Reading{Indicator: "gdp", Region: "350000", Period: indicator.Year(2023), Value: 1, Status: "A"}
	month.Period, _ = indicator.ParsePeriod("2023-05")
	l.publish(t, "a", reading("gdp", "350000", 2023, 1), reading("rd_spend", "350000", 2023, 1), month)
	c := cacheOf(l)
	columns := func() (list [3]*Column) {
		c.Refresh()
		s := at(t, c, time.Time{}, 0)
		list[0], list[1] = column(t, s, "gdp"), column(t, s, "rd_spend")
		monthly, err := s.Column(t.Context(), "gdp", indicator.Monthly)
		if err != nil {
			t.Fatal(err)
		}
		list[2] = monthly
		return list
	}
	before := columns()
	same := func(when string, want [3]bool) {
		t.Helper()
		after := columns()
		for i := range after {
			if (after[i] == before[i]) != want[i] {
				t.Errorf("%s: column %d kept: %v, want %v", when, i, !want[i], want[i])
			}
		}
		before = after
	}
	same("nothing happened", [3]bool{true, true, true})
	l.publish(t, "b", reading("gdp", "350000", 2023, 2))
	same("yearly gdp published", [3]bool{false, true, true})
	l.revert(t, "b")
	same("yearly gdp reverted", [3]bool{false, true, true})
	l.publish(t, "c", reading("gdp_per_capita", "350000", 2023, 2))
	same("something else published", [3]bool{true, true, true})
}

// TestSnapshotStands: what was handed out never changes, loaded or not.
func TestSnapshotStands(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	gdp, spend := reading("gdp", "350000", 2023, 1), reading("rd_spend", "350000", 2023, 1)
	l.publish(t, "a", gdp, spend)
	c := cacheOf(l)
	s := at(t, c, time.Time{}, 0)
	column(t, s, "gdp")
	gdp.Value, spend.Value = 2, 2
	l.publish(t, "b", gdp, spend)
	l.revert(t, "a")
	c.Refresh()
	at(t, c, time.Time{}, 0)
	for _, r := range []indicator.Reading{gdp, spend} {
		if v, upload := value(t, s, r); v != 1 || upload != "a" {
			t.Errorf("%s is %v of %s, was 1 of a", r.Indicator, v, upload)
		}
	}
}

func TestPastSnapshotsAreKept(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	a := l.publish(t, "a", reading("gdp", "350000", 2023, 1))
	l.publish(t, "b", reading("gdp", "350000", 2023, 2))
	c := cacheOf(l)
	c.now = func() time.Time { return time.Time{}.Add(time.Hour) }
	asOf := a.At.Time()
	first := at(t, c, asOf, 0)
	if !first.AsOf().Equal(asOf) || first.Version() == a.At {
		t.Errorf("as of %s at %d", first.AsOf(), first.Version())
	}
	if at(t, c, asOf.In(indicator.Shanghai), first.Version()) != first {
		t.Error("the same as of and version is another snapshot")
	}
	older := at(t, c, asOf, a.At)
	if older == first || older.Version() != a.At || at(t, c, time.Time{}, a.At) == older {
		t.Error("another version or as of is the same snapshot")
	}
	for i := range pastKept + 2 {
		at(t, c, asOf.Add(time.Duration(i+1)*time.Second), 0)
		if at(t, c, asOf, 0) != first {
			t.Fatalf("a snapshot in use was dropped after %d others", i+1)
		}
	}
	if at(t, c, asOf, a.At) == older {
		t.Error("a snapshot long unused is kept")
	}
	if len(c.past) != pastKept {
		t.Errorf("%d past snapshots kept, want %d", len(c.past), pastKept)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.publish(t, "a", reading("gdp", "350000", 2023, 1))
	c := cacheOf(l)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.At(gone, time.Time{}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("At with a cancelled context: %v", err)
	}
	s := at(t, c, time.Time{}, 0)
	if _, err := s.Column(t.Context(), "gdp", "W"); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("an unknown frequency: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Column(t.Context(), "gdp", indicator.Annual); err == nil {
		t.Error("a closed ledger gave a column")
	}
	if _, err := cacheOf(l).At(t.Context(), time.Time{}, 0); err == nil {
		t.Error("a closed ledger gave a snapshot")
	}
}

// TestConcurrentReaders reads while uploads that always set both years alike
// are published: a snapshot in which they differ would be a half of one.
func TestConcurrentReaders(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	pair := func(v float64) []indicator.Reading {
		return []indicator.Reading{reading("gdp", "350000", 2022, v), reading("rd_spend", "350000", 2023, v)}
	}
	l.publish(t, "0", pair(0)...)
	c := New(l)
	ctx, done := context.WithCancel(t.Context())
	var group errgroup.Group
	for reader := range 4 {
		group.Go(func() error {
			var last float64
			for looking := true; looking; looking = ctx.Err() == nil {
				s, err := c.At(t.Context(), time.Time{}, 0)
				if err != nil {
					return err
				}
				a, _ := value(t, s, pair(0)[0])
				b, _ := value(t, s, pair(0)[1])
				if a != b || a < last {
					return fmt.Errorf("reader %d: %v and %v after %v", reader, a, b, last)
				}
				last = a
			}
			return nil
		})
	}
	for i := range 30 {
		l.publish(t, fmt.Sprint(i+1), pair(float64(i+1))...)
		c.Refresh()
		if v, _ := value(t, at(t, c, time.Time{}, 0), pair(0)[0]); v != float64(i+1) {
			t.Errorf("the writer sees %v after writing %d", v, i+1)
		}
	}
	done()
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}
