package upload_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/upload"
)

// outcomes is what an action does to an upload in a state, for somebody who may:
// the state after it, or conflict.
var outcomes = map[upload.State]map[account.Action]string{
	upload.Draft:          {account.Withdraw: "withdrawn", account.Submit: "submitted", account.Publish: "conflict", account.Reject: "conflict", account.Revert: "conflict"},
	upload.Submitted:      {account.Withdraw: "withdrawn", account.Submit: "submitted", account.Publish: "published", account.Reject: "rejected", account.Revert: "conflict"},
	upload.Publishing:     {account.Withdraw: "conflict", account.Submit: "conflict", account.Publish: "published", account.Reject: "conflict", account.Revert: "conflict"},
	upload.Rejected:       {account.Withdraw: "conflict", account.Submit: "conflict", account.Publish: "conflict", account.Reject: "conflict", account.Revert: "conflict"},
	upload.Published:      {account.Withdraw: "conflict", account.Submit: "conflict", account.Publish: "published", account.Reject: "conflict", account.Revert: "reverted"},
	upload.StateWithdrawn: {account.Withdraw: "withdrawn", account.Submit: "conflict", account.Publish: "conflict", account.Reject: "conflict", account.Revert: "conflict"},
	upload.Reverted:       {account.Withdraw: "conflict", account.Submit: "conflict", account.Publish: "conflict", account.Reject: "conflict", account.Revert: "reverted"},
}

// TestTransitions tries every state, action, role, own and other, with review
// and without. Who may is the table of package account, which has its own test.
func TestTransitions(t *testing.T) {
	t.Parallel()
	for _, review := range []bool{true, false} {
		f := newFixture(t, review)
		year := 1000
		for _, state := range upload.States {
			for action, want := range outcomes[state] {
				if state == upload.Draft && action == account.Publish && !review {
					want = "published"
				}
				for _, role := range account.Roles {
					for _, author := range []string{"me", "other"} {
						year++
						id := fmt.Sprintf("%s-%s-%s-%s", state, action, role, author)
						f.addRecord(id, state, author, year)
						me := account.User{Name: "me", Role: role, Regions: []string{"350000"}}
						f.tryAction(id, me, action, state, want, author)
					}
				}
			}
		}
	}
}

func (f *fixture) tryAction(id string, me account.User, action account.Action, from upload.State, want, author string) {
	f.t.Helper()
	rules := account.Rules{Catalog: f.Catalog(), Review: f.Review}
	m := account.Matter{Regions: []string{"350000"}, Authors: []string{author}}
	public := from == upload.Published || from == upload.Reverted
	switch {
	case !public && !rules.May(me, account.SeeDraft, m):
		want = "not_found"
	case !rules.May(me, action, m):
		want = "forbidden"
	}
	before := must(f.Get(f.t.Context(), admin, id))(f.t)
	allowed := f.Allows(me, before, action)
	u, err := f.act(me, action, id)
	got := string(u.State)
	if err != nil {
		got = string(upload.KindOf(err))
	}
	if got != want {
		f.t.Errorf("review %v, %s: got %s (%v), want %s", f.Review, id, got, err, want)
	}
	moved := err == nil && u.State != from
	if goesOn := from == upload.Publishing && action == account.Publish; goesOn && allowed {
		f.t.Errorf("review %v, %s: a button offers what goes on by itself", f.Review, id)
	} else if !goesOn && allowed != moved {
		f.t.Errorf("review %v, %s: the button shows %v, but pressing it moves %v", f.Review, id, allowed, moved)
	}
	after := must(f.Get(f.t.Context(), admin, id))(f.t)
	if err != nil && (after.State != from || len(after.Events) != len(before.Events)) {
		f.t.Errorf("review %v, %s: refused, yet %s became %s", f.Review, id, from, after.State)
	}
	if moved && after.Events[len(after.Events)-1].Who != "me" {
		f.t.Errorf("review %v, %s: the last event is %+v", f.Review, id, after.Events)
	}
}

func (f *fixture) act(who account.User, action account.Action, id string) (upload.Upload, error) {
	ctx := f.t.Context()
	switch action {
	case account.Submit:
		return f.Submit(ctx, who, id)
	case account.Withdraw:
		return f.Withdraw(ctx, who, id)
	case account.Publish:
		return f.Publish(ctx, who, id)
	case account.Reject:
		return f.Reject(ctx, who, id, "见批注")
	case account.Revert:
		return f.Revert(ctx, who, id, "")
	default:
		return upload.Upload{}, errors.ErrUnsupported
	}
}

func TestRejectWantsAComment(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("u", upload.Submitted, "wang", 2020)
	for _, comment := range []string{"", " \n\t ", "a\x1bb"} {
		_, err := f.Reject(t.Context(), li, "u", comment)
		wantKind(t, err, upload.Invalid)
	}
	u := must(f.Reject(t.Context(), li, "u", " 口径\n有误 "))(t)
	if e := u.Events[len(u.Events)-1]; e.Note != "口径 有误" || e.Who != "li" || u.State != upload.Rejected {
		t.Errorf("got %s %+v", u.State, e)
	}
}

// TestCoAuthorCannotPublish: whoever sent the same content is an author too,
// even if it happens after the page with the button was drawn.
func TestCoAuthorCannotPublish(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 1")
	u = must(f.Submit(t.Context(), wang, u.ID))(t)
	if !f.Allows(li, u, account.Publish) {
		t.Fatal("li may not publish")
	}
	if same := f.stage(li, upload.Options{}, "rd_spend 350000 2023 1"); same.ID != u.ID {
		t.Fatalf("the same content became %s", same.ID)
	}
	_, err := f.Publish(t.Context(), li, u.ID)
	wantKind(t, err, upload.Forbidden)
	if got := must(f.Publish(t.Context(), chen, u.ID))(t); got.State != upload.Published {
		t.Errorf("got %s", got.State)
	}
}

// TestLocalActor: the command line acts as an admin, but nobody is two persons.
func TestLocalActor(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	me := must(account.Local("root"))(t)
	other := must(account.Local("other"))(t)
	u := f.stage(me, upload.Options{}, "rd_spend 110000 2023 1")
	must(f.Submit(t.Context(), me, u.ID))(t)
	_, err := f.Publish(t.Context(), me, u.ID)
	wantKind(t, err, upload.Forbidden)
	must(f.Publish(t.Context(), other, u.ID))(t)
}

func TestVisibility(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	ctx := t.Context()
	viewer := account.User{Name: "viewer", Role: account.Viewer}
	f.addRecord("hidden", upload.Submitted, "wang", 2020)
	f.addRecord("public", upload.Published, "wang", 2021)
	for _, c := range []struct {
		who         account.User
		sees, files bool
	}{{nobody, false, false}, {viewer, false, false}, {zhao, false, false}, {bj, false, false},
		{wang, true, true}, {li, true, true}, {admin, true, true}} {
		list := must(f.List(ctx, c.who, upload.Filter{}))(t)
		if want := map[bool]int{true: 2, false: 1}[c.sees]; len(list) != want {
			t.Errorf("%s sees %d uploads, want %d", c.who.Name, len(list), want)
		}
		for _, look := range []func() error{
			func() error { _, err := f.Get(ctx, c.who, "hidden"); return err },
			func() error { _, err := f.Contents(ctx, c.who, "hidden"); return err },
			func() error { _, err := f.Diff(ctx, c.who, "hidden"); return err },
			func() error { _, _, err := f.File(ctx, c.who, "hidden"); return err },
		} {
			if err := look(); c.sees != (err == nil) || err != nil && upload.KindOf(err) != upload.NotFound {
				t.Errorf("%s looks at a draft: %v", c.who.Name, err)
			}
		}
		u := must(f.Get(ctx, c.who, "public"))(t)
		if (u.Events != nil) != c.files {
			t.Errorf("%s sees the events %+v of a published upload", c.who.Name, u.Events)
		}
		if _, _, err := f.File(ctx, c.who, "public"); c.files != (err == nil) || err != nil && upload.KindOf(err) != upload.Forbidden {
			t.Errorf("%s asks for the file of a published upload: %v", c.who.Name, err)
		}
	}
}

func TestUnknownUpload(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	for _, action := range []account.Action{account.Submit, account.Withdraw, account.Publish, account.Reject, account.Revert} {
		_, err := f.act(admin, action, "none")
		wantKind(t, err, upload.NotFound)
	}
	_, err := f.Get(context.Background(), admin, "../../etc/passwd")
	wantKind(t, err, upload.NotFound)
}
