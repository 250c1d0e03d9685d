package snapshot

import (
	"context"
	"iter"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// AllVintages gives every vintage that the ledger holds at the snapshot's
// version, those too that do not count at its as of: of uploads taken back, or
// released later. Whoever has them, with the moments of their publications, can
// find by himself what counts. They are sorted as Vintages sorts them; an
// indicator whose visible publications do not add up is a *DamageError.
func (s *Snapshot) AllVintages(ctx context.Context, sel Selection) iter.Seq2[Row, error] {
	bySeq, held := map[int64]*ledger.Publication{}, map[columnKey]int{}
	for i := range s.history.Publications {
		p := &s.history.Publications[i]
		bySeq[p.Seq] = p
		for _, part := range p.Parts {
			held[columnKey{part.Indicator, part.Freq}] += part.Rows
		}
	}
	return stream(ctx, held, sel, func(code string, f indicator.Freq) ([]Row, error) {
		var rows []Row
		t := newTally(code, f, s.visible)
		for v, err := range s.ledger.Vintages(ctx, ledger.Query{Indicator: code, Freq: f}) {
			if err != nil {
				return nil, err
			}
			t.count(v)
			if p := bySeq[v.Seq]; p != nil && sel.has(v.Region) && sel.covers(v.Period) {
				rows = append(rows, Row{v.Reading, p})
			}
		}
		slices.SortStableFunc(rows, func(a, b Row) int { return a.Publication.Compare(*b.Publication) })
		return rows, t.check()
	})
}
