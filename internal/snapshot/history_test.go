package snapshot

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

var key2023 = indicator.Key{Indicator: "gdp", Region: "350000", Period: indicator.Year(2023)}

// inShort is a history in short: uploads, + the value, - reverted; then the steps.
func inShort(tb testing.TB, s *Snapshot, key indicator.Key) string {
	tb.Helper()
	vintages, steps, err := s.History(tb.Context(), key)
	if err != nil {
		tb.Fatal(err)
	}
	var words []string
	for _, v := range vintages {
		word := v.Publication.ID
		if v.Counts {
			word += "+"
		}
		if v.Reverted {
			word += "-"
		}
		words = append(words, word)
	}
	words = append(words, "|")
	for _, step := range steps {
		if step.Vintage == nil {
			words = append(words, "none")
			continue
		}
		words = append(words, step.Vintage.Publication.ID)
	}
	return strings.Join(words, " ")
}

func TestHistory(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	first := l.publish(t, "first", reading("gdp", "350000", 2023, 1), reading("gdp", "350000", 2024, 8))
	second := l.publish(t, "second", reading("gdp", "350000", 2023, 2), reading("gdp", "440000", 2023, 5))
	l.publish(t, "other", reading("gdp", "350000", 2024, 9))
	l.publishReleased(t, "older", l.clock.Now().AddDate(-1, 0, 0), reading("gdp", "350000", 2023, 3))
	reverted := l.revert(t, "second")
	cache := cacheOf(l)
	now := at(t, cache, time.Time{}, 0)
	for name, c := range map[string]struct {
		snap *Snapshot
		key  indicator.Key
		want string
	}{
		"now":                       {now, key2023, "older first+ second- | older first second first"},
		"before the revert":         {at(t, cache, time.Time{}, reverted.RevertedAt-1), key2023, "older first second+ | older first second"},
		"as of the day before":      {at(t, cache, second.At.Time().Add(-time.Millisecond), 0), key2023, "older first+ | older first"},
		"as of between":             {at(t, cache, second.At.Time(), 0), key2023, "older first second+ | older first second"},
		"as of before all but one":  {at(t, cache, first.At.Time().Add(-time.Minute), 0), key2023, "older+ | older"},
		"all reverted":              {now, indicator.Key{Indicator: "gdp", Region: "440000", Period: indicator.Year(2023)}, "second- | second none"},
		"no such reading":           {now, indicator.Key{Indicator: "gdp", Region: "110000", Period: indicator.Year(2023)}, "|"},
		"no such indicator":         {now, indicator.Key{Indicator: "none", Region: "110000", Period: indicator.Year(2023)}, "|"},
		"another year has its own":  {now, indicator.Key{Indicator: "gdp", Region: "350000", Period: indicator.Year(2024)}, "first other+ | first other"},
		"before anything was there": {at(t, cache, time.Time{}, first.At-1), key2023, "|"},
	} {
		if got := strings.TrimSpace(inShort(t, c.snap, c.key)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestHistoryWithoutItsValueIsRefused: an answer that lacks what the counted and
// summed column has is not shown as the whole story.
func TestHistoryWithoutItsValueIsRefused(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.publish(t, "first", reading("gdp", "350000", 2023, 1))
	s := at(t, cacheOf(l), time.Time{}, 0)
	column(t, s, "gdp")
	l.lose("gdp", 2023)
	if _, _, err := s.History(t.Context(), key2023); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

// TestHistoryAgreesWithEveryMoment: the step at any moment is what a snapshot as
// of that moment has, whatever was published and reverted.
func TestHistoryAgreesWithEveryMoment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := newSpy(t)
		defer l.Close()
		for i := range rapid.IntRange(1, 8).Draw(rt, "events") {
			l.clock.Advance(time.Hour)
			if i > 0 && rapid.IntRange(0, 2).Draw(rt, "kind") == 0 {
				_, _ = l.Revert(t.Context(), fmt.Sprint(rapid.IntRange(0, i-1).Draw(rt, "reverted")), "", "")
				continue
			}
			u := ledger.Upload{ID: fmt.Sprint(i)}
			if rapid.Bool().Draw(rt, "old") {
				u.Released = l.clock.Now().Add(-time.Duration(rapid.IntRange(0, 9).Draw(rt, "hours")) * time.Hour)
			}
			if _, err := l.Publish(t.Context(), u, []indicator.Reading{reading("gdp", "350000", 2023, float64(i))}); err != nil {
				rt.Fatal(err)
			}
		}
		cache := cacheOf(l)
		now := at(t, cache, time.Time{}, 0)
		vintages, steps, err := now.History(t.Context(), key2023)
		if err != nil {
			rt.Fatal(err)
		}
		for _, step := range steps {
			want := ""
			if step.Vintage != nil {
				want = step.Vintage.Publication.ID
			}
			if _, got := value(t, at(t, cache, step.At, 0), reading("gdp", "350000", 2023, 0)); got != want {
				rt.Fatalf("at %s the step is %q, the value of %q", step.At, want, got)
			}
		}
		_, current := value(t, now, reading("gdp", "350000", 2023, 0))
		last, counted := "", ""
		if n := len(steps); n > 0 && steps[n-1].Vintage != nil {
			last = steps[n-1].Vintage.Publication.ID
		}
		for _, v := range vintages {
			if v.Counts {
				counted += v.Publication.ID
			}
		}
		if last != current || counted != current {
			rt.Fatalf("the last step is %q, counted %q, the value of %q", last, counted, current)
		}
	})
}
