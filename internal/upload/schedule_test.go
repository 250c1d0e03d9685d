package upload_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// submitted is wang's upload of one reading of a year, waiting for review.
func (f *fixture) submitted(year int) upload.Upload {
	f.t.Helper()
	u := f.stage(wang, upload.Options{Reason: "核实"}, fmt.Sprint("rd_spend 350000 ", year, " 2"))
	return must(f.Submit(f.t.Context(), wang, u.ID))(f.t)
}

// inAnHour is submitted, approved by li for an hour later.
func (f *fixture) inAnHour(year int) upload.Upload {
	f.t.Helper()
	u := f.submitted(year)
	return must(f.Schedule(f.t.Context(), li, u.ID, f.clock().Add(time.Hour)))(f.t)
}

// TestScheduleTransitions: what approving for later, and taking that back, do to
// an upload in every state, and what the other actions do to a scheduled one.
func TestScheduleTransitions(t *testing.T) {
	t.Parallel()
	for _, review := range []bool{true, false} {
		f := newFixture(t, review)
		at := f.clock().Add(time.Hour)
		schedule := func(id string) (upload.Upload, error) { return f.Schedule(t.Context(), admin, id, at) }
		unschedule := func(id string) (upload.Upload, error) { return f.Unschedule(t.Context(), admin, id) }
		for i, state := range upload.States {
			for n, action := range []struct {
				do   func(string) (upload.Upload, error)
				want map[upload.State]string
			}{
				{schedule, map[upload.State]string{upload.Submitted: "submitted, scheduled"}},
				{unschedule, map[upload.State]string{upload.Submitted: "submitted"}},
			} {
				want := action.want[state]
				if want == "" {
					want = "conflict"
				}
				if state == upload.Draft && !review {
					want = []string{"submitted, scheduled", "draft"}[n]
				}
				id := fmt.Sprint(state, n)
				f.addRecord(id, state, "wang", 1500+2*i+n)
				u, err := action.do(id)
				if got := standing(u, err); got != want {
					t.Errorf("review %v, action %d on %s: got %s (%v), want %s", review, n, state, got, err, want)
				}
			}
		}
		for action, want := range map[account.Action]string{
			account.Submit: "submitted, scheduled", account.Publish: "published", account.Reject: "rejected", account.Revert: "conflict",
		} {
			u := f.inAnHour(map[account.Action]int{account.Submit: 2001, account.Publish: 2002, account.Reject: 2003, account.Revert: 2004}[action])
			who := chen
			if action == account.Submit {
				who = wang
			}
			after, err := f.act(who, action, u.ID)
			if got := standing(after, err); got != want {
				t.Errorf("review %v, %s of a scheduled upload: got %s (%v), want %s", review, action, got, err, want)
			}
		}
	}
}

func standing(u upload.Upload, err error) string {
	switch {
	case err != nil:
		return string(upload.KindOf(err))
	case !u.PublishAt.IsZero():
		return string(u.State) + ", scheduled"
	}
	return string(u.State)
}

func TestWhoSchedules(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.submitted(2020)
	at := f.clock().Add(time.Hour)
	for _, c := range []struct {
		who  account.User
		kind upload.Kind
	}{{nobody, upload.NotFound}, {zhao, upload.NotFound}, {bj, upload.NotFound}, {wang, upload.Forbidden}} {
		_, err := f.Schedule(t.Context(), c.who, u.ID, at)
		wantKind(t, err, c.kind)
		_, err = f.Unschedule(t.Context(), c.who, u.ID)
		wantKind(t, err, c.kind)
	}
	u = must(f.Schedule(t.Context(), li, u.ID, at))(t)
	if e := u.Events[len(u.Events)-1]; e.Who != "li" || e.Note != "2026-07-01 17:00" || len(e.Diff) != 64 {
		t.Errorf("the approval is kept as %+v", e)
	}
	if got := u.Standing(); got.ZH != "已批准，定于 2026-07-01 17:00 发布" || got.EN != "approved, to be published at 2026-07-01 17:00" {
		t.Errorf("it stands %q", got)
	}
	again := must(f.Schedule(t.Context(), li, u.ID, at))(t)
	if len(again.Events) != len(u.Events) {
		t.Errorf("the same approval twice: %s", steps(again))
	}
	later := must(f.Schedule(t.Context(), chen, u.ID, at.Add(time.Hour)))(t)
	if !later.PublishAt.Equal(at.Add(time.Hour)) {
		t.Errorf("a later approval: %s", later.PublishAt)
	}
	gone := must(f.Unschedule(t.Context(), li, u.ID))(t)
	if gone.State != upload.Submitted || !gone.PublishAt.IsZero() || steps(gone) !=
		"wang staged, wang submitted, li scheduled, chen scheduled, li unscheduled" {
		t.Errorf("taken back: %s %s, %s", gone.State, gone.PublishAt, steps(gone))
	}
	f.later(3 * time.Hour)
	if err := f.PublishDue(t.Context()); err != nil || f.current("rd_spend") != "" {
		t.Errorf("published although it was taken back (%v): %s", err, f.current("rd_spend"))
	}
}

func TestPublishAtLimits(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.submitted(2020)
	now := f.clock()
	for _, c := range []struct {
		at   time.Time
		code string
	}{{now, "publish_at_past"}, {now.AddDate(0, 0, -1), "publish_at_past"}, {time.Time{}, "publish_at_past"},
		{now.AddDate(1, 0, 0).Add(time.Second), "publish_at_far"}} {
		_, err := f.Schedule(t.Context(), li, u.ID, c.at)
		wantKind(t, err, upload.Invalid)
		var e *upload.Error
		if !errors.As(err, &e) || e.Problems[0].Code != c.code || e.Message.ZH == "" {
			t.Errorf("%s: %v, want %s", c.at, err, c.code)
		}
	}
	must(f.Schedule(t.Context(), li, u.ID, now.AddDate(1, 0, 0)))(t)
	must(f.Schedule(t.Context(), li, u.ID, now.Add(time.Second)))(t)
}

// TestScheduleNeedsAReason: it is checked as if it were published at once.
func TestScheduleNeedsAReason(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2020 2")
	must(f.Submit(t.Context(), wang, u.ID))(t)
	f.publish(upload.Options{}, "rd_spend 350000 2020 1")
	_, err := f.Schedule(t.Context(), li, u.ID, f.clock().Add(time.Hour))
	wantKind(t, err, upload.Invalid)
}

// TestParseMoment belongs to the form and the flag: a clock without a zone is that of Shanghai.
func TestParseMoment(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
	for _, s := range []string{"2026-12-01T09:00", "2026-12-01T09:00:00", "2026-12-01 09:00", "2026-12-01T09:00:00+08:00", "2026-12-01T01:00:00Z"} {
		if got, err := indicator.ParseMoment(s); err != nil || !got.Equal(want) {
			t.Errorf("%q: %s, %v", s, got, err)
		}
	}
	if got, err := indicator.ParseMoment("2026-12-01"); err != nil || !got.Equal(want.Add(-9*time.Hour)) {
		t.Errorf("a date alone: %s, %v", got, err)
	}
	for _, s := range []string{"", "9:00", "2026-13-01", "tomorrow", "2026-12-01T25:00"} {
		if got, err := indicator.ParseMoment(s); err == nil {
			t.Errorf("%q is taken for %s", s, got)
		}
	}
}
