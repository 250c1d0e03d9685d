package upload

import (
	"context"
	"slices"

	"github.com/dabiao/dabiao/internal/ledger"
)

// known is what is known of the ledger's publications.
type known struct {
	ledger.History
	byID  map[string]*ledger.Publication
	stale bool  // there may be more by now
	none  error // why nothing is known
}

// readLedger asks the ledger itself: for whatever decides.
func (s *Service) readLedger(ctx context.Context) (known, error) {
	history, err := s.Ledger.History(ctx)
	if err != nil {
		return known{}, ledgerTrouble(err)
	}
	return knownBy(history), nil
}

// lastKnown is for whatever only shows: a ledger that does not answer is no
// reason to hide a draft. What another process did a moment ago may be missing,
// unless the records that are to be shown know of it. Its error is that of the context.
func (s *Service) lastKnown(ctx context.Context, records ...Upload) (known, error) {
	k, err := s.lastTold(ctx)
	if err == nil && !k.stale && slices.ContainsFunc(records, k.contradicts) {
		s.Snapshots.Refresh()
		return s.lastTold(ctx)
	}
	return k, err
}

func (s *Service) lastTold(ctx context.Context) (known, error) {
	history, troubles, err := s.Snapshots.History(ctx)
	if err != nil {
		return known{none: ledgerTrouble(err)}, ctx.Err()
	}
	k := knownBy(history)
	k.stale = len(troubles) > 0
	return k, nil
}

func (k known) contradicts(record Upload) bool { return k.settle(record).State != record.State }

func knownBy(history ledger.History) known {
	k := known{History: history, byID: make(map[string]*ledger.Publication, len(history.Publications))}
	for i := range history.Publications {
		k.byID[history.Publications[i].ID] = &history.Publications[i]
	}
	return k
}

// settle is the upload in the state that the ledger gives it, as far as is known:
// the record may have seen what the last answer of the ledger did not have yet.
func (k known) settle(u Upload) Upload {
	if k.none != nil || k.stale && max(u.At, u.RevertedAt) > k.Version {
		return u
	}
	return settle(u, k.byID[u.ID])
}

// inLedger is the publication that the ledger has of an upload, nil where none.
func (s *Service) inLedger(ctx context.Context, id string) (*ledger.Publication, error) {
	k, err := s.readLedger(ctx)
	return k.byID[id], err
}
