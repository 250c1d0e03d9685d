package ledgertest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// sourceAndTarget are two ledgers. The clock of the target stands years before
// the source's: nothing of a restored upload may depend on it.
func sourceAndTarget(t *testing.T, open Open) (source, target *fixture) {
	source, target = newFixture(t, open), newFixture(t, open)
	target.clock.Advance(-3 * 365 * 24 * time.Hour)
	return source, target
}

// lived publishes and reverts: older figures loaded later, a mark, frequencies, texts.
func (f *fixture) lived() {
	f.t.Helper()
	f.publish("first", spend(2022, 1), spend(2023, 2), reading("gdp", "000000", period("2024-Q1"), 296299))
	f.clock.Advance(48 * time.Hour)
	f.publishAs(ledger.Upload{
		ID: "older", Uploader: "li", File: "2023 年鉴.csv", Source: "福建省统计局", Stage: "最终核实", Reason: "\"经济普查\"\n, a=b",
		Generated: true, Released: time.Date(2024, 9, 30, 0, 0, 0, 0, indicator.Shanghai),
	}, spend(1969, 4), spend(2023, 3), reading("gdp", "350000", period("2024-01/P9M"), 0.1))
	f.clock.Advance(48 * time.Hour)
	mark := spend(2023, 0)
	mark.Status = indicator.Missing
	f.publish("mark", mark)
	f.clock.Advance(48 * time.Hour)
	f.revert("first")
	f.revert("mark")
	f.publish("last", spend(2023, 5))
}

// readingsOf gives what the ledger holds of a publication.
func (f *fixture) readingsOf(p ledger.Publication) []indicator.Reading {
	f.t.Helper()
	var list []indicator.Reading
	for _, part := range p.Parts {
		for _, v := range f.vintages(ledger.Query{Indicator: part.Indicator, Freq: part.Freq}) {
			if v.Seq == p.Seq {
				list = append(list, v.Reading)
			}
		}
	}
	return list
}

func (f *fixture) restore(p ledger.Publication, readings []indicator.Reading) {
	f.t.Helper()
	if err := f.Restore(f.t.Context(), p, readings); err != nil {
		f.t.Fatalf("Restore %s: %v", p.ID, err)
	}
}

func (f *fixture) restoreAll(source *fixture) {
	f.t.Helper()
	for _, p := range source.history().Publications {
		f.restore(p, source.readingsOf(p))
	}
}

// wantSame fails unless both ledgers hold the same and answer the same, at all
// moments.
func (f *fixture) wantSame(source *fixture) {
	f.t.Helper()
	want, got := source.history(), f.history()
	if diff := cmp.Diff(want, got, samePublications); diff != "" {
		f.t.Errorf("History (-source +target):\n%s", diff)
	}
	if f.version() != source.version() {
		f.t.Errorf("version %d, the source is at %d", f.version(), source.version())
	}
	for _, q := range []ledger.Query{rdSpend, {Indicator: "gdp", Freq: indicator.Quarterly}, {Indicator: "gdp", Freq: "P9M"}} {
		if diff := cmp.Diff(source.vintages(q), f.vintages(q), comparePeriods); diff != "" {
			f.t.Errorf("%s %s (-source +target):\n%s", q.Indicator, q.Freq, diff)
		}
	}
	for _, p := range want.Publications {
		for _, v := range []ledger.Version{0, p.At - 1, p.At, p.RevertedAt} {
			for _, asOf := range []time.Time{{}, p.Released, p.At.Time(), p.RevertedAt.Time()} {
				if want, got := source.value(asOf, v), f.value(asOf, v); got != want {
					f.t.Errorf("as of %s, version %d: %s, the source says %s", asOf, v, got, want)
				}
			}
		}
	}
}

func restoredIsTheSame(t *testing.T, open Open) {
	source, target := sourceAndTarget(t, open)
	source.lived()
	target.restoreAll(source)
	target.wantSame(source)
	target.unchanged("restored once more", func() { target.restoreAll(source) })
	target.wantSame(source)
}

func revertComesLater(t *testing.T, open Open) {
	source, target := sourceAndTarget(t, open)
	p := source.publish("a", spend(2023, 1))
	source.publish("b", spend(2022, 2))
	target.restoreAll(source)
	source.clock.Advance(time.Hour)
	reverted := source.revert("a")
	target.restore(reverted, source.readingsOf(p))
	target.wantSame(source)
	target.unchanged("the publication without its revert", func() {
		wantError(t, target.Restore(t.Context(), p, source.readingsOf(p)), ledger.ErrInvalid)
	})
	target.unchanged("another revert than the one it has", func() {
		other := reverted
		other.RevertNote = "another reason"
		wantError(t, target.Restore(t.Context(), other, source.readingsOf(p)), ledger.ErrInvalid)
	})
}

// lifeGoesOn: a target is a ledger like any other, on its own clock.
func lifeGoesOn(t *testing.T, open Open) {
	source, target := sourceAndTarget(t, open)
	source.lived()
	target.restoreAll(source)
	newest := target.version()
	target.unchanged("content that was restored is answered with its upload", func() {
		if p := target.publish("again", spend(2023, 5)); p.ID != "last" {
			t.Errorf("answered with %s, want last", p.ID)
		}
	})
	p := target.publish("next", spend(2023, 6))
	if history := target.history().Publications; p.At <= newest || history[len(history)-1].ID != "next" {
		t.Errorf("published at %d with seq %d, the restored version is %d", p.At, p.Seq, newest)
	}
	if r := target.revert("older"); r.RevertedAt <= p.At {
		t.Errorf("reverted at %d, after %d", r.RevertedAt, p.At)
	}
	if got := target.value(time.Time{}, 0); got != "6" {
		t.Errorf("value %s, want 6", got)
	}
}

// strangersRefused restores into a ledger of one upload what cannot be beside it.
func strangersRefused(t *testing.T, open Open) {
	f := newFixture(t, open)
	f.publish("here", spend(2023, 1))
	here := f.revert("here")
	readings := []indicator.Reading{spend(2022, 7)}
	day := ledger.Version(24 * time.Hour / time.Millisecond)
	foreign := ledger.Publication{
		Upload: ledger.Upload{ID: "foreign", Released: here.At.Time()},
		SHA:    ledger.ContentHash(readings), Parts: ledger.Parts(readings), Rows: 1,
		At: here.At + day, Seq: ledger.Seq(here.At+day, 1),
	}
	for name, change := range map[string]func(*ledger.Publication){
		"the id of another":             func(p *ledger.Publication) { p.ID = "here" },
		"the seq of another":            func(p *ledger.Publication) { p.Seq = here.Seq },
		"the moment of another":         func(p *ledger.Publication) { p.At = here.At },
		"published at another's revert": func(p *ledger.Publication) { p.At = here.RevertedAt },
		"reverted at another's revert":  func(p *ledger.Publication) { p.RevertedAt = here.RevertedAt },
		"reverted at another's moment":  func(p *ledger.Publication) { p.RevertedAt = here.At },
	} {
		f.unchanged(name, func() {
			p := foreign
			change(&p)
			if err := f.Restore(t.Context(), p, readings); err == nil {
				t.Errorf("%s: restored", name)
			} else {
				wantError(t, err, ledger.ErrInvalid)
			}
		})
	}
	for name, change := range map[string]func(*ledger.Publication){
		"another source": func(p *ledger.Publication) { p.Source = "elsewhere" },
		"released":       func(p *ledger.Publication) { p.Released = p.Released.Add(-time.Millisecond) },
		"another moment": func(p *ledger.Publication) { p.At++ },
		"generated":      func(p *ledger.Publication) { p.Generated = true },
	} {
		f.unchanged(name, func() {
			p := here
			change(&p)
			wantError(t, f.Restore(t.Context(), p, []indicator.Reading{spend(2023, 1)}), ledger.ErrInvalid)
		})
	}
	if got := f.vintages(rdSpend); len(got) != 1 || got[0].Value != 1 {
		t.Errorf("vintages %v, want the one that was here", got)
	}
	f.restore(foreign, readings) // as it is, it can be beside it
	if got := f.vintages(rdSpend); len(got) != 2 {
		t.Errorf("vintages %v, want two", got)
	}
}

func wrongReadingsRefused(t *testing.T, open Open) {
	source, target := sourceAndTarget(t, open)
	p := source.publish("a", spend(2022, 1), spend(2023, 2))
	right := source.readingsOf(p)
	provisional := slices.Clone(right)
	provisional[0].Status = indicator.Provisional
	wrong := map[string][]indicator.Reading{
		"none":           nil,
		"one lacks":      right[:1],
		"one too many":   append(slices.Clone(right), spend(2021, 3)),
		"another value":  {right[0], spend(2023, 2.5)},
		"another status": provisional,
		"one twice":      append(slices.Clone(right), right[0]),
	}
	for _, state := range []string{"not there yet", "there already"} {
		for name, readings := range wrong {
			target.unchanged(name+", "+state, func() {
				wantError(t, target.Restore(t.Context(), p, readings), ledger.ErrInvalid)
			})
		}
		slices.Reverse(right) // their order does not matter
		target.restore(p, right)
	}
	target.wantSame(source)
}

func restoreCancelled(t *testing.T, open Open) {
	source, target := sourceAndTarget(t, open)
	p := source.publish("a", spend(2022, 1), spend(2023, 2))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	target.unchanged("a cancelled restore", func() {
		wantError(t, target.Restore(gone, p, source.readingsOf(p)), context.Canceled)
	})
	target.restore(p, source.readingsOf(p))
	target.wantSame(source)
}

// GivesBack tests that Restore gives back what a store has lost or spoiled. The
// ledger is opened with a function that does such harm to the rows of an upload.
func GivesBack(t *testing.T, open func(t *testing.T, now func() time.Time) (l ledger.Ledger, harm func(ledger.Publication))) {
	clock := NewClock()
	l, harm := open(t, clock.Now)
	f := &fixture{t, l, clock}
	f.lived()
	before, err := ledger.Hash(t.Context(), l, nil)
	if err != nil || len(before.Damage) != 0 {
		t.Fatalf("damage %v before any harm, %v", before.Damage, err)
	}
	kept := map[string][]indicator.Reading{}
	for _, p := range f.history().Publications {
		kept[p.ID] = f.readingsOf(p)
	}
	for _, p := range f.history().Publications {
		f.unchanged("rows of "+p.ID+" are lost and given back", func() {
			harm(p)
			harmed, err := ledger.Hash(t.Context(), l, nil)
			if err != nil {
				t.Fatal(err)
			}
			if harmed.Hash == before.Hash || len(harmed.Damage) == 0 || harmed.Damage[0].Upload != p.ID {
				t.Errorf("%s: hash %s, damage %v", p.ID, harmed.Hash, harmed.Damage)
			}
			f.restore(p, kept[p.ID])
			after, err := ledger.Hash(t.Context(), l, nil)
			if diff := cmp.Diff(before, after); err != nil || diff != "" {
				t.Errorf("%s given back: %v (-before +after)\n%s", p.ID, err, diff)
			}
		})
	}
}
