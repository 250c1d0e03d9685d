package snapshot

import (
	"context"
	"maps"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// History is what the ledger last said that it has, for those who only show it,
// with why there may be more by now. It waits as little as Served does.
func (c *Cache) History(ctx context.Context) (ledger.History, []Trouble, error) {
	p, waited := c.await(ctx, 0)
	if waited != nil {
		return ledger.History{}, nil, waited
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.newest == nil {
		return ledger.History{}, nil, c.whyNone(p)
	}
	unread := slices.DeleteFunc(c.sorted(), func(t Trouble) bool { return t.Damage != nil })
	return c.newest.history, unread, nil
}

// Readings calls yield for every reading of a publication, as the ledger gives
// them. A *DamageError afterwards says that they are not what it holds. A ledger
// that is known to be out of reach is not asked: nobody shall wait for it.
func (c *Cache) Readings(ctx context.Context, p ledger.Publication, yield func(indicator.Reading)) error {
	c.mu.Lock()
	unreachable := c.unreachable
	c.mu.Unlock()
	if unreachable != nil {
		return unreachable
	}
	for _, part := range p.Parts {
		came := ledger.Part{Indicator: part.Indicator, Freq: part.Freq}
		for v, err := range c.ledger.Vintages(ctx, ledger.Query{Indicator: part.Indicator, Freq: part.Freq}) {
			if err != nil {
				return err
			}
			if v.Seq != p.Seq {
				continue
			}
			came.Rows++
			came.Checksum += ledger.Checksum(v.Reading)
			yield(v.Reading)
		}
		if damage := p.AddsUp(came); damage != nil {
			return damage
		}
	}
	return nil
}

// Regions lists the regions that a publication has readings of, sorted. The
// ledger is asked once, since a publication never changes.
func (c *Cache) Regions(ctx context.Context, p ledger.Publication) ([]string, error) {
	if known, ok := c.regions.Load(p.ID); ok {
		return slices.Clone(known.([]string)), nil
	}
	seen := map[string]bool{}
	if err := c.Readings(ctx, p, func(r indicator.Reading) { seen[r.Region] = true }); err != nil {
		return nil, err
	}
	list := slices.Sorted(maps.Keys(seen))
	c.regions.Store(p.ID, list)
	return slices.Clone(list), nil
}
