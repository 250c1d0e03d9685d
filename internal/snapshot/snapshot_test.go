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
		{Period: indicator.Year(2023), Status: indicator.NotCollected, Upload: "second", Revised: true},
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
			var damage *ledger.DamageError
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

// TestReadsLikeHistory publishes and reverts at random and holds every series
// against the plain reading of history and vintages.
func TestReadsLikeHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := newSpy(t)
		defer l.Close() // only sooner than the test's own
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
				readings = append(readings, reading("gdp", []string{"350000", "440000"}[year%2], year, float64(i%3)))
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
		var best *indicator.Point
		for _, p := range visible {
			r, ok := byKey[[2]int64{year, p.Seq}]
			if ok && best == nil {
				best = &indicator.Point{Period: r.Period, Value: r.Value, Status: r.Status, Upload: p.ID}
			} else if ok && r.Value != best.Value {
				best.Revised = true
			}
		}
		if best != nil {
			points = append(points, *best)
		}
	}
	return points
}
