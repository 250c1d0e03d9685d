package snapshot

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// TestAllVintages: with those that do not count at the as of, but none that the
// version does not know, and reverted only where it knows of it.
func TestAllVintages(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	first := l.publish(t, "first", reading("gdp", "350000", 2023, 1))
	l.publish(t, "second", reading("gdp", "350000", 2023, 2), reading("rd_spend", "440000", 2023, 5))
	third := l.publishReleased(t, "older", l.clock.Now().AddDate(-1, 0, 0), reading("gdp", "350000", 2023, 3))
	l.revert(t, "second")
	cache := cacheOf(l)
	for name, test := range map[string]struct {
		snap *Snapshot
		sel  Selection
		want []string
	}{
		"now": {at(t, cache, time.Time{}, 0), Selection{},
			[]string{"gdp older", "gdp first", "gdp second reverted", "rd_spend second reverted"}},
		"as of long ago": {at(t, cache, first.At.Time().AddDate(-10, 0, 0), 0), Selection{},
			[]string{"gdp older", "gdp first", "gdp second reverted", "rd_spend second reverted"}},
		"before the revert": {at(t, cache, time.Time{}, third.At), Selection{},
			[]string{"gdp older", "gdp first", "gdp second", "rd_spend second"}},
		"before the second": {at(t, cache, time.Time{}, first.At), Selection{}, []string{"gdp first"}},
		"of a region":       {at(t, cache, time.Time{}, 0), Selection{Regions: []string{"440000"}}, []string{"rd_spend second reverted"}},
		"of an indicator":   {at(t, cache, time.Time{}, first.At), Selection{Indicators: []string{"rd_spend"}}, nil},
	} {
		var got []string
		for row, err := range test.snap.AllVintages(t.Context(), test.sel) {
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprint(row.Indicator, " ", row.Publication.ID)
			if row.Publication.RevertedAt != 0 {
				line += " reverted"
			}
			got = append(got, line)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestAllVintagesOfADamagedUpload: one that counts is refused, one that was taken
// back does no harm.
func TestAllVintagesOfADamagedUpload(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.publish(t, "good", reading("gdp", "350000", 2022, 1))
	l.publish(t, "bad", reading("gdp", "350000", 2023, 2))
	tamper := func(v ledger.Vintage) []ledger.Vintage {
		if v.Period == indicator.Year(2023) {
			v.Value++
		}
		return []ledger.Vintage{v}
	}
	l.tamper.Store(&tamper)
	for _, reverted := range []bool{false, true} {
		if reverted {
			l.revert(t, "bad")
		}
		var failed error
		for _, err := range at(t, cacheOf(l), time.Time{}, 0).AllVintages(t.Context(), Selection{}) {
			failed = err
		}
		var damage *ledger.DamageError
		if errors.As(failed, &damage) == reverted {
			t.Errorf("reverted: %v, error %v", reverted, failed)
		}
	}
}
