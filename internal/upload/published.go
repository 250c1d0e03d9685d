package upload

import (
	"context"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// eachPublished calls yield for every reading of a publication. What does not
// add up with the publication's own count is an error afterwards.
func (s *Service) eachPublished(ctx context.Context, pub ledger.Publication, yield func(indicator.Reading)) error {
	if _, reachable := s.Snapshots.History(); !reachable {
		return ledgerTrouble(ledger.ErrUnavailable) // known at once: nobody shall wait for it
	}
	for _, part := range pub.Parts {
		came := ledger.Part{Indicator: part.Indicator, Freq: part.Freq}
		for v, err := range s.Ledger.Vintages(ctx, ledger.Query{Indicator: part.Indicator, Freq: part.Freq}) {
			if err != nil {
				return ledgerTrouble(err)
			}
			if v.Seq == pub.Seq {
				came.Rows++
				came.Checksum += ledger.Checksum(v.Reading)
				yield(v.Reading)
			}
		}
		if came != part {
			return ledgerTrouble(&snapshot.DamageError{
				Upload: pub.ID, Indicator: part.Indicator, Freq: part.Freq, Said: part.Rows, Came: came.Rows})
		}
	}
	return nil
}

// publishedRegions are the regions of a publication. One whose readings cannot
// be read, or not all of them, is taken to concern the whole country: it can
// still be reverted, by those who may do so anywhere.
func (s *Service) publishedRegions(ctx context.Context, pub ledger.Publication) ([]string, error) {
	if known, ok := s.regions.Load(pub.ID); ok {
		return slices.Clone(known.([]string)), nil
	}
	seen := map[string]bool{}
	err := s.eachPublished(ctx, pub, func(r indicator.Reading) { seen[r.Region] = true })
	switch {
	case KindOf(err) == Unavailable:
		return []string{indicator.Nation}, nil
	case err != nil:
		return nil, err
	}
	list := sortedKeys(seen)
	s.regions.Store(pub.ID, list)
	return slices.Clone(list), nil
}
