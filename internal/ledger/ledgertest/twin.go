package ledgertest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Twin is the model of a ledger that is broken on purpose: it knows what was
// acknowledged, and holds the ledger against it.
type Twin struct{ model model }

// Published adds an acknowledged publish.
func (w *Twin) Published(p ledger.Publication, readings []indicator.Reading) {
	f := fact{id: p.ID, at: int64(p.At), released: p.Released.UnixMilli(), readings: map[indicator.Key]indicator.Reading{}}
	for _, r := range readings {
		f.readings[r.Key()] = r
	}
	w.model.facts = append(w.model.facts, f)
}

// Reverted adds an acknowledged revert.
func (w *Twin) Reverted(p ledger.Publication) {
	for i := range w.model.facts {
		if f := &w.model.facts[i]; f.id == p.ID {
			f.reverted = int64(p.RevertedAt)
		}
	}
}

// Len is the number of publishes.
func (w *Twin) Len() int { return len(w.model.facts) }

// Check finds the first difference: an acknowledged event that is not there, an
// upload that nobody acknowledged, one that is there by halves, a row of none,
// or another value at the as ofs and versions around the newest events.
func (w *Twin) Check(ctx context.Context, l ledger.Ledger) error {
	h, err := l.History(ctx)
	if err != nil {
		return err
	}
	vintages, err := w.vintages(ctx, l, h)
	if err != nil {
		return err
	}
	if err := w.sameEvents(h, vintages); err != nil {
		return err
	}
	moments := []int64{never}
	for _, f := range w.model.facts {
		moments = append(moments, f.at, f.at-1)
		if f.reverted != 0 {
			moments = append(moments, f.reverted)
		}
	}
	const newest = 4
	slices.Sort(moments)
	moments = slices.Compact(moments)
	moments = moments[max(0, len(moments)-newest):]
	for _, asOf := range moments {
		for _, version := range moments {
			if err := w.sameAnswer(h, vintages, asOf, version); err != nil {
				return err
			}
		}
	}
	return nil
}

// vintages are all rows of the ledger, by seq.
func (w *Twin) vintages(ctx context.Context, l ledger.Ledger, h ledger.History) (map[int64][]indicator.Reading, error) {
	columns := map[ledger.Query]bool{}
	for _, p := range h.Publications {
		for _, part := range p.Parts {
			columns[ledger.Query{Indicator: part.Indicator, Freq: part.Freq}] = true
		}
	}
	bySeq := map[int64][]indicator.Reading{}
	for q := range columns {
		for v, err := range l.Vintages(ctx, q) {
			if err != nil {
				return nil, err
			}
			bySeq[v.Seq] = append(bySeq[v.Seq], v.Reading)
		}
	}
	return bySeq, nil
}

func (w *Twin) sameEvents(h ledger.History, vintages map[int64][]indicator.Reading) error {
	facts := map[string]fact{}
	for _, f := range w.model.facts {
		facts[f.id] = f
	}
	rows := maps.Clone(vintages)
	for _, p := range h.Publications {
		f, known := facts[p.ID]
		switch {
		case !known:
			return fmt.Errorf("upload %s is there and was never acknowledged", p.ID)
		case f.at != int64(p.At), f.reverted != int64(p.RevertedAt):
			return fmt.Errorf("upload %s is at %d, reverted %d; acknowledged at %d, reverted %d", p.ID, p.At, p.RevertedAt, f.at, f.reverted)
		case !slices.Equal(ledger.Parts(rows[p.Seq]), p.Parts):
			return fmt.Errorf("upload %s is there by halves: %d of %d rows", p.ID, len(rows[p.Seq]), p.Rows)
		}
		delete(facts, p.ID)
		delete(rows, p.Seq)
	}
	for id := range facts {
		return fmt.Errorf("upload %s was acknowledged and is not there", id)
	}
	for seq := range rows {
		return fmt.Errorf("%d rows with seq %d show, which no upload has", len(rows[seq]), seq)
	}
	return nil
}

func (w *Twin) sameAnswer(h ledger.History, vintages map[int64][]indicator.Reading, asOf, version int64) error {
	var moment time.Time
	if asOf != never {
		moment = time.UnixMilli(asOf)
	}
	var v ledger.Version
	if version != never {
		v = ledger.Version(version)
	}
	got := map[indicator.Key]indicator.Reading{}
	for _, p := range slices.Backward(h.Visible(moment, v)) { // the best last
		for _, r := range vintages[p.Seq] {
			got[r.Key()] = r
		}
	}
	if want := w.model.values(asOf, version); !maps.Equal(want, got) {
		return fmt.Errorf("as of %d at version %d the ledger has %d values, the model %d, and they differ", asOf, version, len(got), len(want))
	}
	return nil
}
