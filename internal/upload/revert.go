package upload

import (
	"context"
	"errors"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Revert takes a published upload back; the reason is kept with it. A caller who
// is told that the outcome is not confirmed finds it out by calling again.
func (s *Service) Revert(ctx context.Context, actor account.User, id, reason string) (Upload, error) {
	u, err := s.inTurn(ctx, actor, id, account.Revert, func(_ context.Context, u Upload) (Upload, work, error) {
		reason, problems := cleanText(reason, maxReason, "bad_reason", indicator.T("撤回的原因", "reason"))
		if len(problems) > 0 {
			return Upload{}, nil, &Error{Kind: Invalid, Message: problems[0].Message, Problems: problems}
		}
		return u, func(ctx context.Context) (Upload, error) { return s.takeBack(ctx, u, actor.Name, reason) }, nil
	})
	if errors.Is(err, errUnconfirmed) {
		return Upload{}, unknownRevert(err)
	}
	return u, err
}

func (s *Service) takeBack(ctx context.Context, u Upload, who, reason string) (Upload, error) {
	pub, err := s.Ledger.Revert(ctx, u.ID, who, reason)
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		seen, _ := s.lookUp(ctx, u.ID)
		switch {
		case seen != nil && seen.RevertedAt != 0:
			pub = *seen
		case errors.Is(err, ledger.ErrOutcomeUnknown):
			return Upload{}, unknownRevert(err)
		default:
			return Upload{}, ledgerTrouble(err)
		}
	}
	return s.reverted(ctx, u, pub)
}

func (s *Service) reverted(ctx context.Context, u Upload, pub ledger.Publication) (Upload, error) {
	s.Snapshots.Refresh()
	after, err := s.Drafts.UpdateUpload(ctx, pub.ID, func(stored *Upload) error {
		*stored = settle(*stored, &pub)
		return nil
	})
	if errors.Is(err, ErrNoUpload) {
		regions := u.Regions
		u = fromPublication(pub)
		u.Regions = regions
		return u, nil
	}
	return after, err
}
