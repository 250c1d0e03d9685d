package upload

import (
	"context"
	"time"

	"github.com/dabiao/dabiao/internal/account"
)

// Withdraw closes a draft or a submitted upload that is not to be published after
// all; only an author may. An approval for a later moment is gone with it. Nothing
// else is: the file and what was said of it stay, and an author who reads it again
// (Options.Mend) has a draft as before. Repeated it changes nothing.
func (s *Service) Withdraw(ctx context.Context, actor account.User, id string) (Upload, error) {
	u, repeated, err := s.begin(ctx, actor, id, account.Withdraw)
	if err != nil || repeated {
		return u, err
	}
	u, _, err = s.change(ctx, actor, u, account.Withdraw, Event{What: StepWithdrawn}, func(u *Upload) error {
		u.State, u.PublishAt = StateWithdrawn, time.Time{}
		return nil
	})
	return u, err
}

// mendable reports whether the author may read the file again with other answers.
func (s State) mendable() bool { return s == Draft || s == StateWithdrawn }
