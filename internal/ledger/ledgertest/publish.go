package ledgertest

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// sameContent publishes the content of "a" again after different things
// happened to it, and looks which publication answers.
func sameContent(t *testing.T, open Open) { //nolint:funlen // one table of cases
	past := func(f *fixture, years int) time.Time { return f.clock.Now().AddDate(-years, 0, 0) }
	content := []indicator.Reading{spend(2022, 1), spend(2023, 2)}
	for _, c := range []struct {
		name     string
		before   func(f *fixture)
		released func(f *fixture) time.Time
		want     string // id of the answer
	}{
		{name: "at once", want: "a"},
		{name: "after an upload of something else", want: "a",
			before: func(f *fixture) { f.publish("b", reading("gdp", "350000", indicator.Year(2023), 9)) }},
		{name: "after an upload of other years", want: "a",
			before: func(f *fixture) { f.publish("b", spend(2021, 9)) }},
		{name: "after an upload of other regions", want: "a",
			before: func(f *fixture) { f.publish("b", reading("rd_spend", "440000", indicator.Year(2023), 9)) }},
		{name: "after one that says the same and more", want: "a",
			before: func(f *fixture) { f.publish("b", append(slices.Clone(content), spend(2021, 9))...) }},
		{name: "after its revert", want: "again",
			before: func(f *fixture) { f.revert("a") }},
		{name: "after a later revision of one reading", want: "again",
			before: func(f *fixture) { f.publish("b", spend(2023, 9)) }},
		{name: "after a later change of status alone", want: "again",
			before: func(f *fixture) {
				r := spend(2023, 2)
				r.Status = indicator.Provisional
				f.publish("b", r)
			}},
		{name: "after a withdrawal", want: "again",
			before: func(f *fixture) {
				r := spend(2023, 0)
				r.Status = indicator.Missing
				f.publish("b", r)
			}},
		{name: "after a revision that was reverted", want: "a",
			before: func(f *fixture) { f.publish("b", spend(2023, 9)); f.revert("b") }},
		{name: "after an older figure was loaded", want: "a",
			before: func(f *fixture) {
				f.publishAs(ledger.Upload{ID: "b", Released: past(f, 9)}, spend(2023, 9))
			}},
		{name: "released before it was", want: "again",
			released: func(f *fixture) time.Time { return past(f, 4) }},
		{name: "released after it was", want: "a",
			released: func(f *fixture) time.Time { return past(f, 2) }},
		{name: "released when it still was the value", want: "a",
			before:   func(f *fixture) { f.publish("b", spend(2023, 9)) },
			released: func(f *fixture) time.Time { return past(f, 2) }},
		{name: "released when it no longer was the value", want: "again",
			before: func(f *fixture) {
				f.publishAs(ledger.Upload{ID: "b", Released: past(f, 1)}, spend(2023, 9))
			},
			released: func(f *fixture) time.Time { return f.clock.Now() }},
		{name: "released between, and reverted since", want: "again",
			before: func(f *fixture) {
				f.clock.Advance(48 * time.Hour)
				f.revert("a")
				f.clock.Advance(48 * time.Hour)
			},
			released: func(f *fixture) time.Time { return f.clock.Now().Add(-72 * time.Hour) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, open)
			f.publishAs(ledger.Upload{ID: "a", Released: past(f, 3)}, content...)
			if c.before != nil {
				c.before(f)
			}
			again := ledger.Upload{ID: "again"}
			if c.released != nil {
				again.Released = c.released(f)
			}
			before := f.history()
			answer := f.publishAs(again, content[1], content[0]) // the order does not matter
			if answer.ID != c.want {
				t.Errorf("answered with %q, want %q", answer.ID, c.want)
			}
			added := len(f.history().Publications) - len(before.Publications)
			if wantAdded := map[string]int{"a": 0, "again": 1}[c.want]; added != wantAdded {
				t.Errorf("%d publications added, want %d", added, wantAdded)
			}
		})
	}
}

func invalidRefused(t *testing.T, open Open) {
	f := newFixture(t, open)
	f.publish("good", spend(2023, 1))
	good := spend(2022, 1)
	change := func(change func(*indicator.Reading)) []indicator.Reading {
		r := good
		change(&r)
		return []indicator.Reading{spend(2020, 1), r, spend(2021, 1)}
	}
	for name, readings := range map[string][]indicator.Reading{
		"no readings":               {},
		"the same key twice":        {good, spend(2021, 1), good},
		"a key with two values":     {good, spend(2022, 2)},
		"a value and a mark":        append(change(func(r *indicator.Reading) { r.Status, r.Value = "M", 0 }), good),
		"not a number":              change(func(r *indicator.Reading) { r.Value = math.NaN() }),
		"infinite":                  change(func(r *indicator.Reading) { r.Value = math.Inf(1) }),
		"minus infinite":            change(func(r *indicator.Reading) { r.Value = math.Inf(-1) }),
		"a mark with a value":       change(func(r *indicator.Reading) { r.Status = indicator.Missing }),
		"an unknown status":         change(func(r *indicator.Reading) { r.Status = "X" }),
		"no status":                 change(func(r *indicator.Reading) { r.Status = "" }),
		"no indicator":              change(func(r *indicator.Reading) { r.Indicator = "" }),
		"no region":                 change(func(r *indicator.Reading) { r.Region = "" }),
		"no period":                 change(func(r *indicator.Reading) { r.Period = indicator.Period{} }),
		"a line break in a code":    change(func(r *indicator.Reading) { r.Region = "35\n0000" }),
		"a comma in a code":         change(func(r *indicator.Reading) { r.Indicator = "rd,spend" }),
		"a zero byte in a code":     change(func(r *indicator.Reading) { r.Indicator = "rd\x00spend" }),
		"a name in place of a code": change(func(r *indicator.Reading) { r.Region = "福建" }),
	} {
		f.unchanged(name, func() {
			_, err := f.Publish(t.Context(), ledger.Upload{ID: "bad"}, readings)
			if wantError(t, err, ledger.ErrInvalid); t.Failed() {
				t.Log(name)
			}
		})
	}
	f.unchanged("released after the moment of publishing", func() {
		_, err := f.Publish(t.Context(), ledger.Upload{ID: "bad", Released: f.clock.Now().Add(time.Hour)}, []indicator.Reading{good})
		wantError(t, err, ledger.ErrInvalid)
	})
	f.unchanged("no id", func() {
		_, err := f.Publish(t.Context(), ledger.Upload{}, []indicator.Reading{good})
		wantError(t, err, ledger.ErrInvalid)
	})
	if got := f.vintages(rdSpend); len(got) != 1 {
		t.Errorf("vintages %v, want the good one alone", got)
	}
	f.publish("bad", good) // the id of a refused upload is still free
}

func idUsedOnce(t *testing.T, open Open) {
	f := newFixture(t, open)
	first := f.publish("a", spend(2023, 1))
	refused := func(what string, readings ...indicator.Reading) {
		t.Helper()
		f.unchanged(what, func() {
			_, err := f.Publish(t.Context(), ledger.Upload{ID: "a"}, readings)
			wantError(t, err, ledger.ErrInvalid)
		})
	}
	refused("other readings under a used id", spend(2023, 2))
	f.unchanged("the same upload sent again is answered, not refused", func() {
		again := f.publish("a", spend(2023, 1))
		if diff := cmp.Diff(first, again, samePublications); diff != "" {
			t.Errorf("-first +again:\n%s", diff)
		}
	})
	f.revert("a")
	refused("a reverted upload under its own id", spend(2023, 1))
}

func inputUntouched(t *testing.T, open Open) {
	f := newFixture(t, open)
	readings := []indicator.Reading{spend(2023, 1), spend(2021, 2), reading("gdp", "350000", indicator.Year(2022), 3), spend(2022, 4)}
	before := slices.Clone(readings)
	f.publish("a", readings...)
	if !slices.Equal(readings, before) {
		t.Errorf("readings became %v, were %v", readings, before)
	}
}

func revertIsAFact(t *testing.T, open Open) {
	f := newFixture(t, open)
	a := f.publish("a", spend(2023, 1))
	b := f.publish("b", spend(2023, 2))
	f.clock.Advance(time.Hour)
	reverted := f.revert("a")
	want := a
	want.RevertedAt, want.RevertedBy, want.RevertNote = reverted.RevertedAt, "wang", "a mistake"
	if diff := cmp.Diff(want, reverted, samePublications); diff != "" {
		t.Errorf("Revert answered (-want +got):\n%s", diff)
	}
	if reverted.RevertedAt <= b.At || f.version() != reverted.RevertedAt {
		t.Errorf("reverted at %d, version %d, after %d", reverted.RevertedAt, f.version(), b.At)
	}
	if got := f.vintages(rdSpend); len(got) != 2 {
		t.Errorf("vintages %v, want both uploads still", got)
	}
	if diff := cmp.Diff([]ledger.Publication{want, b}, f.history().Publications, samePublications); diff != "" {
		t.Errorf("History (-want +got):\n%s", diff)
	}
	f.unchanged("a second revert is answered with the first", func() {
		f.clock.Advance(time.Hour)
		second, err := f.Revert(t.Context(), "a", "zhao", "another reason")
		if diff := cmp.Diff(reverted, second, samePublications); err != nil || diff != "" {
			t.Errorf("error %v, -first +second:\n%s", err, diff)
		}
	})
	f.unchanged("a revert of an unknown id", func() {
		for _, id := range []string{"", "c", "A", fmt.Sprint(a.Seq)} {
			_, err := f.Revert(t.Context(), id, "wang", "")
			wantError(t, err, ledger.ErrNotFound)
		}
	})
}
