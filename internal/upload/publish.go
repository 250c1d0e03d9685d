package upload

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// transitions is the one table of the states an action starts from. What is
// not here is a conflict, but for repeating what is done (see done) and for
// publishing what is left publishing, which no page offers: it goes on by itself.
var transitions = map[account.Action][]State{
	account.Submit:  {Draft},
	account.Publish: {Submitted}, // and Draft while review is off
	account.Reject:  {Submitted},
	account.Revert:  {Published},
}

// done is the state in which repeating an action is answered with the upload as
// it is: a button pressed twice is no fault.
var done = map[account.Action]State{
	account.Submit:  Submitted,
	account.Publish: Published,
	account.Revert:  Reverted,
}

func (s *Service) startsFrom(state State, action account.Action) bool {
	return slices.Contains(transitions[action], state) ||
		action == account.Publish && state == Draft && !s.Review
}

// Allows reports whether the actor may take the action on the upload as it
// stands: whether a page shows the button.
func (s *Service) Allows(actor account.User, u Upload, action account.Action) bool {
	stopped := u.Faulty && (action == account.Submit || action == account.Publish)
	return !stopped && s.startsFrom(u.State, action) && s.rules().May(actor, action, matter(u))
}

// begin loads an upload for an action, as the ledger itself has it now; repeated
// tells that there is nothing to do.
func (s *Service) begin(ctx context.Context, actor account.User, id string, action account.Action) (u Upload, repeated bool, err error) {
	if u, err = s.load(ctx, id); err != nil {
		return u, false, err
	}
	if _, err = s.forActor(actor, u); err != nil {
		return Upload{}, false, err
	}
	repeated, err = s.admit(actor, u, action)
	return u, repeated, err
}

func (s *Service) load(ctx context.Context, id string) (Upload, error) {
	record, err := s.stored(ctx, id)
	if err != nil {
		return Upload{}, err
	}
	k, err := s.readLedger(ctx)
	if err != nil {
		return Upload{}, err
	}
	if err = s.settleRecord(ctx, record, k); err != nil {
		return Upload{}, err
	}
	return s.settled(ctx, id, record, k)
}

func (s *Service) admit(actor account.User, u Upload, action account.Action) (repeated bool, err error) {
	switch rules := s.rules(); {
	case !rules.May(actor, action, matter(u)):
		return false, forbidden(actor, action, rules, u)
	case done[action] == u.State:
		return true, nil
	case action == account.Publish && u.State == Publishing: // it is taken up where it stands
	case !s.startsFrom(u.State, action):
		return false, wrongState(u, action)
	}
	return false, nil
}

// step moves the record of a draft that was seen and checked, if it still allows
// the action: in between somebody else may have been faster, have become a
// co-author, or have put another file into the draft.
func (s *Service) step(ctx context.Context, actor account.User, seen Upload, action account.Action, e Event, to State) (Upload, bool, error) {
	return s.change(ctx, actor, seen, action, e, func(u *Upload) error {
		u.State = to
		return nil
	})
}

// change is step with whatever else the action does to the record.
func (s *Service) change(ctx context.Context, actor account.User, seen Upload, action account.Action, e Event, do func(*Upload) error) (Upload, bool, error) {
	e.At, e.Who = moment(s.Now()), actor.Name
	repeated := false
	after, err := s.Drafts.UpdateUpload(ctx, seen.ID, func(u *Upload) error {
		var err error
		if repeated, err = s.admit(actor, *u, action); repeated || err != nil {
			return err
		}
		if u.Faulty != seen.Faulty || !u.saysSameAs(seen) {
			return changedMeanwhile()
		}
		if err = do(u); err == nil {
			u.note(e)
		}
		return err
	})
	return after, repeated, err
}

// passes refuses an upload with errors, its own or those that history shows now.
func (s *Service) passes(ctx context.Context, u Upload) (Contents, error) {
	c, err := s.contents(ctx, u)
	if err != nil {
		return c, err
	}
	problems := c.Problems
	if !u.Faulty {
		history, _, err := s.checkNewest(ctx, u, c)
		if err != nil {
			return c, err
		}
		problems = slices.Concat(problems, history)
	}
	if u.Faulty || indicator.HasErrors(problems) {
		return c, hasProblems(problems)
	}
	return c, nil
}

// Submit asks for review. Only an author may.
func (s *Service) Submit(ctx context.Context, actor account.User, id string) (Upload, error) {
	u, repeated, err := s.begin(ctx, actor, id, account.Submit)
	if err != nil || repeated {
		return u, err
	}
	contents, err := s.passes(ctx, u)
	if err != nil {
		return Upload{}, err
	}
	if err := s.keepPlan(ctx, actor, u, contents); err != nil {
		return Upload{}, err
	}
	u, _, err = s.step(ctx, actor, u, account.Submit, Event{What: StepSubmitted}, Submitted)
	return u, err
}

// Reject sends a submitted upload back. The comment says why and is required.
func (s *Service) Reject(ctx context.Context, actor account.User, id, comment string) (Upload, error) {
	u, _, err := s.begin(ctx, actor, id, account.Reject)
	if err != nil {
		return Upload{}, err
	}
	comment, problems := cleanText(comment, maxReason, "bad_comment", indicator.T("说明", "comment"))
	switch {
	case len(problems) > 0:
		return Upload{}, &Error{Kind: Invalid, Message: problems[0].Message, Problems: problems}
	case comment == "":
		return Upload{}, missingComment()
	}
	u, _, err = s.change(ctx, actor, u, account.Reject, Event{What: StepRejected, Note: comment}, func(u *Upload) error {
		u.State, u.PublishAt = Rejected, time.Time{}
		return nil
	})
	return u, err
}

// Publish makes an upload visible. With review on it must be submitted and the
// actor no author of it; with review off an author publishes a draft at once.
// The diff is made anew, so a revision that was none at submission still needs
// its reason. Where the ledger has the same content already, the answer is that
// earlier upload.
//
// What has begun is not stopped by the caller's leaving. Where the ledger cannot
// tell whether it has the upload, or not before the caller's deadline, the answer
// is the upload in the state publishing, without an error: nobody can change or
// reject it, and KeepResuming, or another Publish, finishes it.
func (s *Service) Publish(ctx context.Context, actor account.User, id string) (Upload, error) {
	u, err := s.inTurn(ctx, actor, id, account.Publish, func(ctx context.Context, u Upload) (Upload, work, error) {
		if u.State == Publishing {
			return u, func(ctx context.Context) (Upload, error) { return s.resume(ctx, u, actor.Name) }, nil
		}
		return s.approve(ctx, u, actor)
	})
	if errors.Is(err, errUnconfirmed) {
		return u, nil
	}
	return u, err
}

// approve holds the upload against what is published now; what is left to do is
// to tell the ledger. It being our turn, nobody on this data directory publishes
// in between. Another instance on the same ledger, with a data directory of its
// own, may: both are published whole, but nobody is asked for the reason of a
// change so made.
func (s *Service) approve(ctx context.Context, u Upload, actor account.User) (Upload, work, error) {
	contents, err := s.passes(ctx, u)
	if err != nil {
		return Upload{}, nil, err
	}
	if u.State == Draft {
		if err := s.keepPlan(ctx, actor, u, contents); err != nil {
			return Upload{}, nil, err
		}
	}
	u, repeated, err := s.step(ctx, actor, u, account.Publish, Event{What: Approved}, Publishing)
	if err != nil || repeated {
		return u, nil, err
	}
	return u, func(ctx context.Context) (Upload, error) {
		return s.finish(ctx, u, actor.Name, readings(contents.Cells), true)
	}, nil
}

// resume finishes an upload that is publishing and not in the ledger. It is not
// checked again: it was approved, and some of it may have been written.
func (s *Service) resume(ctx context.Context, u Upload, who string) (Upload, error) {
	contents, err := s.Drafts.UploadContents(ctx, u.ID)
	if err != nil {
		return u, err
	}
	return s.finish(ctx, u, cmp.Or(u.approver(), who), readings(contents.Cells), false)
}

// finish tells the ledger about an upload that is publishing, and keeps what it
// said. first: it was not told before.
func (s *Service) finish(ctx context.Context, u Upload, who string, rows []indicator.Reading, first bool) (Upload, error) {
	pub, err := s.Ledger.Publish(ctx, u.publication(), rows)
	ctx = context.WithoutCancel(ctx) // what it said is kept, however long it took
	if err != nil {
		seen, looked := s.lookUp(ctx, u.ID)
		switch {
		case seen != nil: // the error came after the commit
			pub = *seen
		case freed(err, first, looked):
			return s.putBack(ctx, u, who, err)
		default:
			return u, unknownOutcome(err)
		}
	}
	if pub.ID != u.ID {
		return s.duplicateOf(ctx, u, pub)
	}
	return s.published(ctx, who, pub)
}

// freed tells that a failed publish has left nothing in the ledger, so that the
// upload may be changed again. A ledger that was told before may hold the
// beginning of it, whatever became of this call.
func freed(failure error, first, looked bool) bool {
	switch {
	case errors.Is(failure, ledger.ErrInvalid):
		return true
	case !first, errors.Is(failure, ledger.ErrOutcomeUnknown), isOver(failure):
		return false
	}
	return looked || errors.Is(failure, ledger.ErrUnavailable)
}

// isOver reports whether the time for a call ended, not the call itself.
func isOver(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// lookUp asks the ledger what it has of an upload, nil where nothing, and tells
// whether it answered.
func (s *Service) lookUp(ctx context.Context, id string) (*ledger.Publication, bool) {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	pub, err := s.inLedger(ctx, id)
	return pub, err == nil
}

func (s *Service) published(ctx context.Context, who string, pub ledger.Publication) (Upload, error) {
	s.Snapshots.Refresh() // writers see their own writes at once
	return s.Drafts.UpdateUpload(ctx, pub.ID, func(u *Upload) error {
		if !u.isPublic() {
			u.State = Published
			u.note(Event{At: pub.At.Time(), Who: who, What: StepPublished})
		}
		*u = settle(*u, &pub)
		return nil
	})
}

// putBack gives an upload that was not published back to those who had it. What
// was approved for a moment stays so, unless the ledger refused it for good.
func (s *Service) putBack(ctx context.Context, u Upload, who string, failure error) (Upload, error) {
	to := Draft
	if s.Review || !u.PublishAt.IsZero() || slices.ContainsFunc(u.Events, func(e Event) bool { return e.What == StepSubmitted }) {
		to = Submitted
	}
	_, err := s.Drafts.UpdateUpload(ctx, u.ID, func(u *Upload) error {
		if u.State == Publishing {
			u.State = to
			if errors.Is(failure, ledger.ErrInvalid) {
				u.PublishAt = time.Time{}
			}
			if !u.triedAgain() {
				u.note(Event{At: moment(s.Now()), Who: who, What: PublishFailed})
			}
		}
		return nil
	})
	return Upload{}, errors.Join(notPublished(to, failure), err)
}

// duplicateOf closes a draft whose content another process published first.
func (s *Service) duplicateOf(ctx context.Context, u Upload, pub ledger.Publication) (Upload, error) {
	_, err := s.Drafts.UpdateUpload(ctx, u.ID, func(u *Upload) error {
		if u.State == Publishing {
			u.State, u.PublishAt = Rejected, time.Time{}
			u.note(Event{At: moment(s.Now()), What: FoundDuplicate, Note: pub.ID})
		}
		return nil
	})
	if err != nil {
		return Upload{}, err
	}
	record, err := s.stored(ctx, pub.ID)
	if err != nil {
		return Upload{}, err
	}
	return s.settled(ctx, pub.ID, record, knownBy(ledger.History{Publications: []ledger.Publication{pub}}))
}
