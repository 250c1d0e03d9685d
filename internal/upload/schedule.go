package upload

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// An upload that is approved for a later moment stays submitted and has a
// PublishAt: until then it may be rejected, published at once, approved for
// another moment or no longer approved, each by whoever may publish it.

// Scheduled reports whether the upload waits for its moment.
func (u Upload) Scheduled() bool { return u.State == Submitted && !u.PublishAt.IsZero() }

// Standing is where the upload stands, as a page shows it: its state, and that it
// is approved for a later moment.
func (u Upload) Standing() indicator.Text {
	if !u.Scheduled() {
		return u.State.Name()
	}
	at := shanghaiClock(u.PublishAt)
	return indicator.T("已批准，定于 "+at+" 发布", "approved, to be published at "+at)
}

// shanghaiClock is a moment to the minute, or to the second where it has some.
func shanghaiClock(t time.Time) string {
	t = t.In(indicator.Shanghai)
	if t.Second() != 0 {
		return t.Format(time.DateTime)
	}
	return t.Format("2006-01-02 15:04")
}

// approval is the newest approval for a later moment.
func (u Upload) approval() Event {
	for _, e := range slices.Backward(u.Events) {
		if e.What == StepScheduled {
			return e
		}
	}
	return Event{}
}

// Schedule approves a submitted upload, or with review off a draft, for
// publication at a moment, at most a year ahead; KeepPublishing does the rest.
// Who may is who may publish it at once, and the upload is checked as if it were.
// A later approval takes the place of an earlier one.
func (s *Service) Schedule(ctx context.Context, actor account.User, id string, at time.Time) (Upload, error) {
	u, done, err := s.begin(ctx, actor, id, account.Publish)
	switch {
	case KindOf(err) == Conflict, done, err == nil && u.State == Publishing:
		return Upload{}, notToSchedule(u)
	case err != nil:
		return Upload{}, err
	}
	at = moment(at)
	if err := s.checkPublishAt(at); err != nil {
		return Upload{}, err
	}
	contents, err := s.passes(ctx, u)
	if err != nil {
		return Upload{}, err
	}
	diff, err := s.diffHash(ctx, u, contents.Cells)
	if err != nil {
		return Upload{}, err
	}
	if last := u.approval(); u.Scheduled() && u.PublishAt.Equal(at) && last.Who == actor.Name && last.Diff == diff {
		return u, nil
	}
	e := Event{What: StepScheduled, Note: shanghaiClock(at), Diff: diff}
	after, done, err := s.change(ctx, actor, u, account.Publish, e, func(u *Upload) error {
		if u.State == Publishing {
			return notToSchedule(*u)
		}
		u.State, u.PublishAt = Submitted, at
		return nil
	})
	if err == nil && done {
		err = notToSchedule(after)
	}
	return after, err
}

func (s *Service) checkPublishAt(at time.Time) error {
	now := s.Now()
	switch {
	case !at.After(now):
		return badPublishAt("publish_at_past",
			"定时发布的时间 "+shanghaiClock(at)+" 已过。请改为以后的时间，或立即发布。",
			"The moment to publish at, "+shanghaiClock(at)+", has passed. Name a later one, or publish at once.")
	case at.After(now.AddDate(1, 0, 0)):
		return badPublishAt("publish_at_far",
			"定时发布的时间 "+shanghaiClock(at)+" 在一年以后。请改为一年以内的时间。",
			"The moment to publish at, "+shanghaiClock(at)+", is more than a year ahead. Name one within a year.")
	}
	return nil
}

// Unschedule takes the approval for a later moment back; the upload is submitted
// as before. Where there is none, nothing changes.
func (s *Service) Unschedule(ctx context.Context, actor account.User, id string) (Upload, error) {
	u, done, err := s.begin(ctx, actor, id, account.Publish)
	switch {
	case KindOf(err) == Conflict, done, err == nil && u.State == Publishing:
		return Upload{}, nothingScheduled(u)
	case err != nil:
		return Upload{}, err
	case !u.Scheduled():
		return u, nil
	}
	after, done, err := s.change(ctx, actor, u, account.Publish, Event{What: Unscheduled}, func(u *Upload) error {
		if u.State != Submitted {
			return nothingScheduled(*u)
		}
		u.PublishAt = time.Time{}
		return nil
	})
	if err == nil && done {
		err = nothingScheduled(after)
	}
	return after, err
}

// diffHash names what publishing the upload changes now: every reading and the
// value that it takes the place of.
func (s *Service) diffHash(ctx context.Context, u Upload, cells []ingest.Cell) (string, error) {
	snap, err := s.Snapshots.Newest(ctx, u.Released)
	if err != nil {
		return "", ledgerTrouble(err)
	}
	sum := sha256.New()
	err = compare(ctx, snap, cells, func(c Change) {
		fmt.Fprintf(sum, "%s|%s|%s|%v|%s|%v|%s\n", c.Indicator, c.Region, c.Period, c.Value, c.Status, c.Old.Value, c.Old.Status)
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

// scheduled lists the uploads that wait for their moment, the earliest first.
func (s *Service) scheduled(ctx context.Context) ([]Upload, error) {
	list, err := s.Drafts.Uploads(ctx, Submitted)
	list = slices.DeleteFunc(list, func(u Upload) bool { return !u.Scheduled() })
	slices.SortFunc(list, func(a, b Upload) int {
		return cmp.Or(a.PublishAt.Compare(b.PublishAt), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}
