package upload

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

const (
	resumeSoonest = 5 * time.Second
	resumeLatest  = 30 * time.Second
)

// KeepResuming finishes what is left publishing, by this process or by one that
// was killed, until ctx ends: now, and every few seconds, less often while the
// ledger does not answer. Each new trouble and each success is one line of log.
func (s *Service) KeepResuming(ctx context.Context, log *slog.Logger) {
	said := map[string]string{} // the last trouble of each upload
	for wait := resumeSoonest; ; wait = min(2*wait, resumeLatest) {
		if !s.resumeAndLog(ctx, log, said) {
			wait = resumeSoonest
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// resumeAndLog reports whether something is still left.
func (s *Service) resumeAndLog(ctx context.Context, log *slog.Logger, said map[string]string) (left bool) {
	complain := func(id string, err error) {
		if ctx.Err() == nil && said[id] != err.Error() {
			said[id] = err.Error()
			log.Error("an upload could not be finished", "upload", id, "error", err)
		}
	}
	found, err := s.resumeAll(ctx)
	if err != nil {
		complain("", err)
		return true
	}
	delete(said, "")
	for _, r := range found {
		switch {
		case r.err != nil:
			complain(r.id, r.err)
		case r.state != Publishing:
			log.Info("an upload was finished", "upload", r.id, "state", r.state)
			delete(said, r.id)
		}
		left = left || r.err != nil || r.state == Publishing
	}
	return left
}

// Resume finishes once what is left publishing. One upload's trouble does not
// stop the others.
func (s *Service) Resume(ctx context.Context) error {
	found, err := s.resumeAll(ctx)
	for _, r := range found {
		err = errors.Join(err, r.err)
	}
	return err
}

// resumed is what became of an upload that was publishing, or that was due.
type resumed struct {
	id    string
	state State
	lapse Lapse // of one that was due
	err   error
}

func (s *Service) resumeAll(ctx context.Context) ([]resumed, error) {
	left, err := s.Drafts.Uploads(ctx, Publishing)
	if err != nil {
		return nil, err
	}
	found := make([]resumed, len(left))
	for i, u := range left {
		after, err := s.resumeLeft(ctx, u)
		found[i] = resumed{id: u.ID, state: after.State, err: err}
	}
	return found, nil
}

// resumeLeft leaves an upload alone while somebody else publishes: most likely it
// is this one.
func (s *Service) resumeLeft(ctx context.Context, u Upload) (Upload, error) {
	waiting, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	unlock, err := s.Drafts.LockPublishing(waiting)
	if err != nil {
		if waiting.Err() != nil {
			err = ctx.Err()
		}
		return u, err
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(ctx, workPatience)
	defer cancel()
	u, err = s.Drafts.Upload(ctx, u.ID)
	if err != nil || u.State != Publishing {
		return u, err
	}
	pub, err := s.inLedger(ctx, u.ID)
	switch {
	case err != nil:
		return u, err
	case pub != nil:
		return s.published(ctx, u.approver(), *pub)
	}
	return s.resume(ctx, u, "")
}

// approver is who published the upload, empty where nobody here did.
func (u Upload) approver() string {
	for _, e := range slices.Backward(u.Events) {
		if e.What == Approved || e.What == StepScheduled {
			return e.Who
		}
	}
	return ""
}
