package snapshot

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

var comparePeriods = cmp.Comparer(func(a, b indicator.Period) bool { return a == b })

func TestColumn(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	mark := reading("gdp", "350000", 2023, 0)
	mark.Status = indicator.NotCollected
	l.publish(t, "first", reading("gdp", "350000", 2021, 1), reading("gdp", "350000", 2023, 3), reading("gdp", "440000", 1952, 4))
	l.publish(t, "second", mark, reading("gdp", "350000", 2024, 5), reading("rd_spend", "350000", 1900, 9))
	c := column(t, at(t, cacheOf(l), time.Time{}, 0), "gdp")

	want := indicator.Series{Indicator: "gdp", Region: "350000", Freq: indicator.Annual, Points: []indicator.Point{
		{Period: indicator.Year(2021), Value: 1, Status: indicator.Normal, Upload: "first"},
		{Period: indicator.Year(2023), Status: indicator.NotCollected, Upload: "second"},
		{Period: indicator.Year(2024), Value: 5, Status: indicator.Normal, Upload: "second"},
	}}
	if diff := cmp.Diff(want, c.Series("350000"), comparePeriods); diff != "" {
		t.Errorf("Series (-want +got):\n%s", diff)
	}
	if got := c.Series("000000"); got.Region != "000000" || got.Indicator != "gdp" || len(got.Points) != 0 {
		t.Errorf("Series of a region without readings: %+v", got)
	}
	if got := c.Regions(); !slices.Equal(got, []string{"350000", "440000"}) {
		t.Errorf("Regions %v", got)
	}
	if first, last := c.Periods(); first != indicator.Year(1952) || last != indicator.Year(2024) {
		t.Errorf("Periods %s to %s", first, last)
	}
	if c.Len() != 4 {
		t.Errorf("%d readings, want 4", c.Len())
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	s := at(t, cacheOf(newSpy(t)), time.Time{}, 0)
	c := column(t, s, "gdp")
	first, last := c.Periods()
	if s.Version() != 0 || len(s.Publications()) != 0 || c.Len() != 0 || len(c.Regions()) != 0 || !first.IsZero() || !last.IsZero() {
		t.Errorf("an empty ledger gives version %d, %v, %+v", s.Version(), s.Publications(), c)
	}
}

func TestPublications(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.publish(t, "a", reading("gdp", "350000", 2021, 1))
	l.publish(t, "b", reading("gdp", "350000", 2022, 1))
	l.publishReleased(t, "old", l.clock.Now().AddDate(-3, 0, 0), reading("gdp", "350000", 2019, 1))
	l.revert(t, "b")
	s := at(t, cacheOf(l), time.Time{}, 0)
	var ids []string
	for _, p := range s.Publications() {
		ids = append(ids, p.ID)
	}
	if !slices.Equal(ids, []string{"old", "a"}) {
		t.Errorf("Publications %v, want the last published first and none reverted", ids)
	}
	if p, ok := s.Publication("old"); !ok || p.ID != "old" {
		t.Errorf("Publication: %+v, %v", p, ok)
	}
	if _, ok := s.Publication("b"); ok {
		t.Error("a reverted publication is visible")
	}
}

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

func TestColumnIsLoadedOnce(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.gate = make(chan struct{})
	r := reading("gdp", "350000", 2023, 1)
	l.publish(t, "a", r)
	s := at(t, cacheOf(l), time.Time{}, 0)

	impatient, cancel := context.WithCancel(t.Context())
	var group errgroup.Group
	group.Go(func() error {
		if _, err := s.Column(impatient, "gdp", indicator.Annual); !errors.Is(err, context.Canceled) {
			return fmt.Errorf("the first who asked and went: %w", err)
		}
		return nil
	})
	for l.streams.Load() == 0 { // its load has begun
		runtime.Gosched()
	}
	cancel()
	for range 20 {
		group.Go(func() error {
			c, err := s.Column(t.Context(), "gdp", indicator.Annual)
			if err == nil && c.Len() != 1 {
				err = fmt.Errorf("%d readings", c.Len())
			}
			return err
		})
	}
	close(l.gate)
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	column(t, s, "gdp")
	if got := l.streams.Load(); got != 1 {
		t.Errorf("loaded %d times, want once", got)
	}
}

// TestDamage makes the ledger lie: the column is refused with the upload's
// name, others are not, and a ledger that is mended is believed again.
func TestDamage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		tamper func(ledger.Vintage) []ledger.Vintage
		want   []string
	}{
		{"a reading is lost", func(v ledger.Vintage) []ledger.Vintage {
			if v.Value == 2 {
				return nil
			}
			return []ledger.Vintage{v}
		}, []string{"upload good", "should have 2 readings of gdp (A), but 1 came", "报送批次 good", "应有 2 条数据，实有 1 条"}},
		{"a value is another", func(v ledger.Vintage) []ledger.Vintage {
			v.Value += 1e-9
			return []ledger.Vintage{v}
		}, []string{"upload good", "2 readings of gdp (A), but their checksum differs", "校验和不符"}},
		{"a reading comes twice", func(v ledger.Vintage) []ledger.Vintage {
			return []ledger.Vintage{v, v}
		}, []string{"upload good", "but 4 came", "实有 4 条"}},
		{"all is lost", func(ledger.Vintage) []ledger.Vintage { return nil },
			[]string{"upload good", "but 0 came", "实有 0 条"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newSpy(t)
			l.publish(t, "reverted", reading("gdp", "350000", 2020, 7))
			l.revert(t, "reverted")
			l.publish(t, "good", reading("gdp", "350000", 2022, 1), reading("gdp", "350000", 2023, 2))
			l.publish(t, "other", reading("rd_spend", "350000", 2023, 5))
			cache := cacheOf(l)
			s := at(t, cache, time.Time{}, 0)
			column(t, s, "rd_spend")
			l.tamper.Store(&c.tamper)

			_, err := s.Column(t.Context(), "gdp", indicator.Annual)
			var damage *DamageError
			if !errors.As(err, &damage) {
				t.Fatalf("error %v, want a DamageError", err)
			}
			text := damage.Text().EN + damage.Text().ZH
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("%s\nlacks %q", text, want)
				}
			}
			column(t, s, "rd_spend") // loaded before, still good

			l.revert(t, "good")
			cache.Refresh()
			if got := column(t, at(t, cache, time.Time{}, 0), "gdp").Len(); got != 0 {
				t.Errorf("after the revert of the damaged upload: %d readings", got)
			}
			l.tamper.Store(nil)
			if got := column(t, s, "gdp").Len(); got != 2 {
				t.Errorf("after the ledger was mended: %d readings, want 2", got)
			}
		})
	}
}

func TestErrorsAreNotKept(t *testing.T) {
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
	c.Refresh()
	if _, err := c.At(t.Context(), time.Time{}, 0); err == nil {
		t.Error("a closed ledger gave a snapshot")
	}
}

// TestReadsLikeHistory publishes and reverts at random and holds every series
// against the plain reading of history and vintages.
func TestReadsLikeHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := newSpy(t)
		defer l.Close() //nolint:errcheck // only sooner than the test's own
		cache := cacheOf(l)
		moments := []ledger.Version{0}
		for i := range rapid.IntRange(1, 8).Draw(rt, "events") {
			if i > 0 && rapid.IntRange(0, 3).Draw(rt, "kind") == 0 {
				id := fmt.Sprint(rapid.IntRange(0, i-1).Draw(rt, "reverted"))
				if p, err := l.Revert(t.Context(), id, "", ""); err == nil {
					moments = append(moments, p.RevertedAt)
				}
				continue
			}
			l.clock.Advance(time.Hour)
			u := ledger.Upload{ID: fmt.Sprint(i)}
			if rapid.Bool().Draw(rt, "old") {
				u.Released = l.clock.Now().AddDate(0, 0, -rapid.IntRange(0, 3).Draw(rt, "days"))
			}
			var readings []indicator.Reading
			for _, year := range rapid.SliceOfNDistinct(rapid.IntRange(2020, 2024), 1, 4, rapid.ID).Draw(rt, "years") {
				readings = append(readings, reading("gdp", []string{"350000", "440000"}[year%2], year, float64(i)))
			}
			p, err := l.Publish(t.Context(), u, readings)
			if err != nil {
				rt.Fatal(err)
			}
			moments = append(moments, p.At)
			column(t, at(t, cache, time.Time{}, 0), "gdp") // so that there is something to inherit
		}
		cache.Refresh()
		version := rapid.SampledFrom(moments).Draw(rt, "version")
		var asOf time.Time
		if m := rapid.SampledFrom(moments).Draw(rt, "as of"); m != 0 {
			asOf = m.Time().AddDate(0, 0, -rapid.IntRange(0, 1).Draw(rt, "day before"))
		}
		h, err := l.History(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		got := column(t, at(t, cache, asOf, version), "gdp")
		for _, region := range []string{"350000", "440000"} {
			want := plainSeries(t, l, h.Visible(asOf, version), region)
			if diff := cmp.Diff(want, got.Series(region).Points, comparePeriods); diff != "" {
				rt.Fatalf("as of %s, version %d (-history +column):\n%s", asOf, version, diff)
			}
		}
	})
}

// plainSeries looks for every year through the publications, best first.
func plainSeries(t *testing.T, l ledger.Ledger, visible []ledger.Publication, region string) (points []indicator.Point) {
	t.Helper()
	byKey := map[[2]int64]indicator.Reading{}
	for v, err := range l.Vintages(t.Context(), ledger.Query{Indicator: "gdp", Freq: indicator.Annual, Region: region}) {
		if err != nil {
			t.Fatal(err)
		}
		byKey[[2]int64{int64(v.Period.Year()), v.Seq}] = v.Reading
	}
	for year := int64(2020); year <= 2024; year++ {
		for _, p := range visible {
			if r, ok := byKey[[2]int64{year, p.Seq}]; ok {
				points = append(points, indicator.Point{Period: r.Period, Value: r.Value, Status: r.Status, Upload: p.ID})
				break
			}
		}
	}
	return points
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
