package upload

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// Lapse is why an upload was not published at the moment it was approved for.
type Lapse string

// The reasons.
const (
	DiffChanged    Lapse = "diff_changed"    // published figures moved: it would change something else
	NowFaulty      Lapse = "now_faulty"      // history shows errors that it did not show before
	ApproverAuthor Lapse = "approver_author" // who approved it has become an author
	ApproverGone   Lapse = "approver_gone"   // the account of who approved it may not publish it any more
)

// Text says what happened and what to do, for author and reviewer.
func (l Lapse) Text() indicator.Text {
	switch l {
	case DiffChanged:
		return indicator.T(
			"批准之后，已发布的数据有变化，这一批所改动的内容已不是审核人当时看到的。请重新查看差异，再发布或退回。",
			"Published figures have moved since the approval, so this upload no longer changes what the reviewer saw. Look at the diff again, then publish or reject it.")
	case NowFaulty:
		return indicator.T(
			"批准之后，已发布的数据有变化，这一批与其相比有错误。请查看问题，再退回修改。",
			"Published figures have moved since the approval, and held against them this upload has errors. See its problems and reject it.")
	case ApproverAuthor:
		return indicator.T(
			"批准之后，批准人上传了相同内容，成为报送人之一。须由另一位审核人发布。",
			"Whoever approved it has uploaded the same content since and is an author now. Another reviewer has to publish it.")
	case ApproverGone:
		return indicator.T(
			"批准之后，批准人的账户已停用或不再有这项权限。须由另一位审核人发布。",
			"The account of whoever approved it was disabled since, or may not publish this any more. Another reviewer has to publish it.")
	}
	return indicator.Text{}
}

// Lapsed is why the upload was not published at its moment, where nobody has done
// anything about it since.
func (u Upload) Lapsed() (Lapse, bool) {
	if n := len(u.Events); u.State == Submitted && n > 0 && u.Events[n-1].What == ScheduleLapsed {
		return Lapse(u.Events[n-1].Note), true
	}
	return "", false
}

// Words is the note as a page shows it.
func (e Event) Words() indicator.Text {
	if text := Lapse(e.Note).Text(); e.What == ScheduleLapsed && text.ZH != "" {
		return text
	}
	return indicator.T(e.Note, e.Note)
}

// dueLatest is how late an upload may be published that another process has
// approved meanwhile, or that the ledger could not take at its moment.
const dueLatest = 15 * time.Second

// KeepPublishing publishes what is due, first what became so while nobody did,
// until ctx ends. Each success, each lapse and each new trouble is a line of log.
func (s *Service) KeepPublishing(ctx context.Context, log *slog.Logger) {
	said := map[string]string{} // the last trouble of each upload
	for {
		found, err := s.publishDue(ctx)
		logDue(ctx, log, said, found, err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.untilDue(ctx)):
		}
	}
}

func (s *Service) untilDue(ctx context.Context) time.Duration {
	list, err := s.scheduled(ctx)
	if err != nil {
		return dueLatest
	}
	for _, u := range list {
		if left := u.PublishAt.Sub(s.Now()); left > 0 {
			return min(left, dueLatest)
		}
	}
	return dueLatest
}

func logDue(ctx context.Context, log *slog.Logger, said map[string]string, found []resumed, failure error) {
	found = append(found, resumed{err: failure})
	for _, r := range found {
		switch {
		case ctx.Err() != nil:
		case r.err != nil:
			if said[r.id] != r.err.Error() {
				said[r.id] = r.err.Error()
				log.Error("a scheduled upload could not be published", "upload", r.id, "error", r.err)
			}
			continue
		case r.state == Submitted:
			log.Warn("a scheduled upload lapsed", "upload", r.id, "reason", r.lapse)
		case r.id != "":
			log.Info("a scheduled upload was published", "upload", r.id, "state", r.state)
		}
		delete(said, r.id)
	}
}

// PublishDue publishes once what is due, the earliest first. An upload whose diff
// is no longer the one approved is submitted as before. While the ledger does not
// answer nothing changes: it is done when it does.
func (s *Service) PublishDue(ctx context.Context) error {
	found, err := s.publishDue(ctx)
	for _, r := range found {
		err = errors.Join(err, r.err)
	}
	return err
}

// publishDue stops where the ledger does, so that the order is kept.
func (s *Service) publishDue(ctx context.Context) ([]resumed, error) {
	list, err := s.scheduled(ctx)
	if err != nil {
		return nil, err
	}
	var found []resumed
	for _, u := range list {
		if u.PublishAt.After(s.Now()) {
			break
		}
		r := s.publishOnTime(ctx, u.ID)
		if r != (resumed{}) {
			found = append(found, r)
		}
		if KindOf(r.err) == Unavailable || ctx.Err() != nil {
			break
		}
	}
	return found, ctx.Err()
}

// errMovedOn: somebody dealt with an upload just as its moment came.
var errMovedOn = errors.New("no longer approved for this moment")

// publishOnTime deals with one upload in its turn; without a state in the answer
// somebody else has.
func (s *Service) publishOnTime(ctx context.Context, id string) resumed {
	r, err := s.publishInTurn(ctx, id)
	if errors.Is(err, errMovedOn) || err == nil && r.state == "" {
		return resumed{}
	}
	r.id, r.err = id, err
	return r
}

func (s *Service) publishInTurn(ctx context.Context, id string) (resumed, error) {
	unlock, err := s.turn(ctx)
	if err != nil {
		return resumed{}, err
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(ctx, workPatience)
	defer cancel()
	u, err := s.load(ctx, id)
	if err != nil || !u.Scheduled() || u.PublishAt.After(s.Now()) {
		return resumed{}, err
	}
	cells, lapse, err := s.stillApproved(ctx, u)
	if err != nil {
		return resumed{}, err
	}
	if lapse != "" {
		u, err = s.atMoment(ctx, u, func(u *Upload) {
			u.PublishAt = time.Time{}
			u.note(Event{At: moment(s.Now()), What: ScheduleLapsed, Note: string(lapse)})
		})
		return resumed{state: u.State, lapse: lapse}, err
	}
	u, err = s.atMoment(ctx, u, func(u *Upload) {
		u.State = Publishing
		if !u.triedAgain() {
			u.note(Event{At: moment(s.Now()), What: Due})
		}
	})
	if err != nil {
		return resumed{}, err
	}
	u, err = s.finish(ctx, u, u.approver(), readings(cells), true)
	return resumed{state: u.State}, err
}

// triedAgain keeps the list of events short while the ledger does not take what
// is due: the first failure is kept, until something else is done.
func (u Upload) triedAgain() bool {
	n := len(u.Events)
	return n > 1 && u.Events[n-1].What == PublishFailed && u.Events[n-2].What == Due
}

// stillApproved holds an upload whose moment has come against what was approved.
func (s *Service) stillApproved(ctx context.Context, u Upload) ([]ingest.Cell, Lapse, error) {
	approved := u.approval()
	if s.Review && slices.Contains(u.Authors, approved.Who) {
		return nil, ApproverAuthor, nil
	}
	if gone, err := s.mayNoMore(ctx, approved.Who, u); gone || err != nil {
		return nil, ApproverGone, err
	}
	contents, err := s.passes(ctx, u)
	if KindOf(err) == Invalid {
		return nil, NowFaulty, nil
	} else if err != nil {
		return nil, "", err
	}
	diff, err := s.diffHash(ctx, u, contents.Cells)
	if err == nil && diff != approved.Diff {
		return nil, DiffChanged, nil
	}
	return contents.Cells, "", err
}

// mayNoMore reports whether somebody with an account may not publish the upload.
// Who approves on the command line has none.
func (s *Service) mayNoMore(ctx context.Context, name string, u Upload) (bool, error) {
	user, err := s.Users.User(ctx, name)
	if errors.Is(err, account.ErrNoUser) {
		return false, nil
	}
	return err == nil && !s.rules().May(user, account.Publish, matter(u)), err
}

// atMoment changes an upload whose approval is still the one that was looked at.
func (s *Service) atMoment(ctx context.Context, seen Upload, do func(*Upload)) (Upload, error) {
	return s.Drafts.UpdateUpload(ctx, seen.ID, func(u *Upload) error {
		if !u.Scheduled() || !u.PublishAt.Equal(seen.PublishAt) || len(u.Authors) != len(seen.Authors) {
			return errMovedOn
		}
		do(u)
		return nil
	})
}
