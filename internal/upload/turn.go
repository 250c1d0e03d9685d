package upload

import (
	"context"
	"errors"
	"time"

	"github.com/dabiao/dabiao/internal/account"
)

const (
	// turnPatience is how long one waits at most while others publish.
	turnPatience = 45 * time.Second
	// workPatience is for the largest upload on a slow ledger.
	workPatience = 10 * time.Minute
)

// work is what is left to do once a step has begun: the ledger's part.
type work func(ctx context.Context) (Upload, error)

// errUnconfirmed marks the error beside an upload whose fate the ledger has not
// told, or not yet.
var errUnconfirmed = errors.New("not confirmed by the ledger")

// inTurn begins an action twice: at once, so that a refusal need not wait, and
// when nobody else publishes or reverts on this data directory any more, since
// whoever did may have dealt with this very upload. What prepare leaves to be
// done keeps the turn until it is done; a caller who has to answer before that
// gets the upload as it was prepared, and errUnconfirmed.
func (s *Service) inTurn(ctx context.Context, actor account.User, id string, action account.Action,
	prepare func(context.Context, Upload) (Upload, work, error)) (Upload, error) {
	ctx, stop := withAnswerTime(ctx)
	defer stop()
	u, repeated, err := s.begin(ctx, actor, id, action)
	if err != nil || repeated {
		return u, err
	}
	unlock, err := s.turn(ctx)
	switch {
	case KindOf(err) == Unavailable && u.State == Publishing: // most likely it is this one that others are at
		return u, unknownOutcome(err)
	case err != nil:
		return Upload{}, err
	}
	var rest work
	if u, repeated, err = s.begin(ctx, actor, id, action); err == nil && !repeated {
		u, rest, err = prepare(ctx, u)
	}
	if rest == nil || err != nil {
		unlock()
		return u, err
	}
	return goOn(ctx, u, func(ctx context.Context) (Upload, error) {
		defer unlock()
		return rest(ctx)
	})
}

// withAnswerTime ends a context with a deadline a little before it, so that its
// owner has time to say what became of it.
func withAnswerTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-time.Until(deadline)/6))
}

// turn waits until nobody else publishes or reverts on this data directory.
func (s *Service) turn(ctx context.Context) (unlock func(), err error) {
	waiting, stop := context.WithTimeout(ctx, turnPatience)
	defer stop()
	unlock, err = s.Drafts.LockPublishing(waiting)
	if errors.Is(waiting.Err(), context.DeadlineExceeded) && err != nil {
		return nil, notOurTurn(err)
	}
	return unlock, err
}

// goOn does the work to its end, whoever leaves, and waits for it until the time
// of ctx is over.
func goOn(ctx context.Context, u Upload, rest work) (Upload, error) {
	working, cancel := context.WithTimeout(context.WithoutCancel(ctx), workPatience)
	type outcome struct {
		Upload
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		defer cancel()
		after, err := rest(working)
		done <- outcome{after, err}
	}()
	var over <-chan time.Time // never, where the caller just left
	if deadline, ok := ctx.Deadline(); ok {
		timer := time.NewTimer(time.Until(deadline))
		defer timer.Stop()
		over = timer.C
	}
	select {
	case o := <-done:
		return o.Upload, o.err
	case <-over:
		return u, unknownOutcome(context.DeadlineExceeded)
	}
}
