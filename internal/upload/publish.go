package upload

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// transitions is the one table of the states an action starts from. What is
// not here is a conflict, but for repeating what is done (see done).
var transitions = map[account.Action][]State{
	account.Submit:  {Draft},
	account.Publish: {Submitted, Publishing}, // and Draft while review is off
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

// begin loads an upload for an action; repeated tells that there is nothing to do.
func (s *Service) begin(ctx context.Context, actor account.User, id string, action account.Action) (u Upload, repeated bool, err error) {
	if err = s.settleRecord(ctx, id); err != nil {
		return u, false, err
	}
	if u, err = s.load(ctx, id); err != nil {
		return u, false, err
	}
	if _, err = s.forActor(actor, u); err != nil {
		return Upload{}, false, err
	}
	repeated, err = s.admit(actor, u, action)
	return u, repeated, err
}

func (s *Service) admit(actor account.User, u Upload, action account.Action) (repeated bool, err error) {
	switch rules := s.rules(); {
	case !rules.May(actor, action, matter(u)):
		return false, forbidden(actor, action, rules, u)
	case done[action] == u.State:
		return true, nil
	case !s.startsFrom(u.State, action):
		return false, wrongState(u, action)
	}
	return false, nil
}

// step moves the record of a draft that was seen and checked, if it still allows
// the action: in between somebody else may have been faster, have become a
// co-author, or have put another file into the draft.
func (s *Service) step(ctx context.Context, actor account.User, seen Upload, action account.Action, e Event, to State) (Upload, bool, error) {
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
		u.State = to
		u.note(e)
		return nil
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
		history, err := s.check(ctx, u, c.Cells)
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
	if _, err := s.passes(ctx, u); err != nil {
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
	u, _, err = s.step(ctx, actor, u, account.Reject, Event{What: StepRejected, Note: comment}, Rejected)
	return u, err
}

// Publish makes an upload visible. With review on it must be submitted and the
// actor no author of it; with review off an author publishes a draft at once.
// The diff is made anew, so a revision that was none at submission still needs
// its reason. Where the ledger has the same content already, the answer is that
// earlier upload. The caller's leaving does not stop what has begun.
func (s *Service) Publish(ctx context.Context, actor account.User, id string) (Upload, error) {
	u, repeated, err := s.begin(ctx, actor, id, account.Publish)
	if err != nil || repeated {
		return u, err
	}
	contents, err := s.passes(ctx, u)
	if err != nil {
		return Upload{}, err
	}
	ctx = context.WithoutCancel(ctx)
	u, repeated, err = s.step(ctx, actor, u, account.Publish, Event{What: Approved}, Publishing)
	if err != nil || repeated {
		return u, err
	}
	return s.finish(ctx, actor.Name, u, readings(contents.Cells))
}

// finish tells the ledger and records what it said.
func (s *Service) finish(ctx context.Context, who string, u Upload, rows []indicator.Reading) (Upload, error) {
	pub, err := s.Ledger.Publish(ctx, u.publication(), rows)
	if err != nil {
		return s.afterFailure(ctx, who, u, err)
	}
	if pub.ID != u.ID {
		return s.duplicateOf(ctx, u, pub)
	}
	return s.published(ctx, who, pub)
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

// afterFailure asks the ledger what really happened: an error may have come
// after the commit.
func (s *Service) afterFailure(ctx context.Context, who string, u Upload, failure error) (Upload, error) {
	const patience = 30 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	pub, err := s.inLedger(ctx, u.ID)
	switch {
	case err != nil:
		return Upload{}, unknownOutcome(errors.Join(failure, err))
	case pub != nil:
		return s.published(ctx, who, *pub)
	}
	_, err = s.Drafts.UpdateUpload(ctx, u.ID, func(u *Upload) error {
		if u.State == Publishing {
			u.State = Submitted
			u.note(Event{At: moment(s.Now()), Who: who, What: PublishFailed})
		}
		return nil
	})
	return Upload{}, errors.Join(notPublished(failure), err)
}

// duplicateOf closes a draft whose content another process published first.
func (s *Service) duplicateOf(ctx context.Context, u Upload, pub ledger.Publication) (Upload, error) {
	_, err := s.Drafts.UpdateUpload(ctx, u.ID, func(u *Upload) error {
		if u.State == Publishing {
			u.State = Rejected
			u.note(Event{At: moment(s.Now()), What: FoundDuplicate, Note: pub.ID})
		}
		return nil
	})
	if err != nil {
		return Upload{}, err
	}
	return s.load(ctx, pub.ID)
}

// Resume finishes what a crash interrupted between approval and the ledger's
// word. A server calls it once when it starts. One upload's trouble does not
// stop the others.
func (s *Service) Resume(ctx context.Context) error {
	drafts, err := s.Drafts.Uploads(ctx)
	if err != nil {
		return err
	}
	var troubles []error
	for _, u := range drafts {
		if u.State != Publishing {
			continue
		}
		if err := s.resume(ctx, u); err != nil {
			troubles = append(troubles, err)
		}
	}
	return errors.Join(troubles...)
}

func (s *Service) resume(ctx context.Context, u Upload) error {
	contents, err := s.Drafts.UploadContents(ctx, u.ID)
	if err != nil {
		return err
	}
	pub, err := s.inLedger(ctx, u.ID)
	switch {
	case err != nil:
		return err
	case pub != nil:
		_, err = s.published(ctx, u.approver(), *pub)
		return err
	}
	_, err = s.finish(ctx, u.approver(), u, readings(contents.Cells))
	return err
}

func (u Upload) approver() string {
	for _, e := range slices.Backward(u.Events) {
		if e.What == Approved {
			return e.Who
		}
	}
	return ""
}

// Revert takes a published upload back; the reason is kept with it.
func (s *Service) Revert(ctx context.Context, actor account.User, id, reason string) (Upload, error) {
	u, repeated, err := s.begin(ctx, actor, id, account.Revert)
	if err != nil || repeated {
		return u, err
	}
	reason, problems := cleanText(reason, maxReason, "bad_reason", indicator.T("撤回原因", "reason"))
	if len(problems) > 0 {
		return Upload{}, &Error{Kind: Invalid, Message: problems[0].Message, Problems: problems}
	}
	ctx = context.WithoutCancel(ctx)
	pub, err := s.Ledger.Revert(ctx, id, actor.Name, reason)
	if err != nil {
		return Upload{}, ledgerTrouble(err)
	}
	s.Snapshots.Refresh()
	after, err := s.Drafts.UpdateUpload(ctx, id, func(stored *Upload) error {
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
