package upload

import (
	"context"
	"errors"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Revert takes a published upload back; the reason is kept with it. A caller who
// is told that the outcome is unknown finds it out by calling again.
func (s *Service) Revert(ctx context.Context, actor account.User, id, reason string) (Upload, error) {
	return s.inTurn(ctx, actor, id, account.Revert, func(ctx context.Context, u Upload) (Upload, error) {
		reason, problems := cleanText(reason, maxReason, "bad_reason", indicator.T("撤回原因", "reason"))
		if len(problems) > 0 {
			return Upload{}, &Error{Kind: Invalid, Message: problems[0].Message, Problems: problems}
		}
		pub, err := s.Ledger.Revert(ctx, id, actor.Name, reason)
		ctx = context.WithoutCancel(ctx)
		if err != nil {
			seen, _ := s.lookUp(ctx, id)
			if seen == nil || seen.RevertedAt == 0 {
				return Upload{}, notReverted(err)
			}
			pub = *seen
		}
		return s.reverted(ctx, u, pub)
	})
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
