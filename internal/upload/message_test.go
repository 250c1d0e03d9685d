package upload

import (
	"errors"
	"testing"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// TestForbidden: a refusal names the rule that stood in the way.
func TestForbidden(t *testing.T) {
	t.Parallel()
	c := &indicator.Catalog{Regions: []indicator.Region{
		{Code: "350000", Name: indicator.T("福建省", "Fujian")}, {Code: "110000", Name: indicator.T("北京市", "Beijing")}}}
	c.Index()
	rules := account.Rules{Catalog: c, Review: true}
	u := Upload{Authors: []string{"wang"}, Regions: []string{"110000"}}
	for _, x := range []struct {
		actor  account.User
		action account.Action
		want   indicator.Text
	}{
		{account.User{}, account.Publish, indicator.T("不能发布该批次。请先登录。", "You may not publish this upload. Sign in first.")},
		{account.User{Name: "wang", Role: account.Admin}, account.Publish,
			indicator.T("不能发布该批次。报送人不能发布本人上传的数据，须由另一人审核。", "You may not publish this upload. Nobody publishes their own upload: a second person has to.")},
		{account.User{Name: "wang", Role: account.Statistician}, account.Publish,
			indicator.T("不能发布该批次。该操作不在您的角色权限内。", "You may not publish this upload. Your role does not allow it.")},
		{account.User{Name: "li", Role: account.Admin, Regions: []string{"350000"}}, account.Revert,
			indicator.T("不能撤回该批次。您的地区范围不含北京市。", "You may not revert this upload. Your regions do not include Beijing.")},
		{account.User{Name: "li", Role: account.Admin}, account.Submit,
			indicator.T("不能提交该批次。只有报送人可以提交。", "You may not submit this upload. Only its authors may.")},
	} {
		if got := forbidden(x.actor, x.action, rules, u); got.Message != x.want || got.Kind != Forbidden {
			t.Errorf("%s to %s: %+v", x.actor.Name, x.action, got)
		}
	}
}

func TestRegionNames(t *testing.T) {
	t.Parallel()
	c := &indicator.Catalog{Regions: []indicator.Region{{Code: "350000", Name: indicator.T("福建省", "Fujian")}}}
	c.Index()
	codes := []string{"350000", "a", "b", "c", "d", "e", "f"}
	if got := regionNames(c, codes, indicator.ZH); got != "福建省、a、b、c、d等 7 个地区" {
		t.Error(got)
	}
	if got := regionNames(c, codes, indicator.EN); got != "Fujian, a, b, c, d and 2 more" {
		t.Error(got)
	}
}

func TestEveryNameIsThere(t *testing.T) {
	t.Parallel()
	names := map[string]indicator.Text{}
	for _, s := range States {
		names["state "+string(s)] = s.Name()
	}
	for _, s := range []Step{StepStaged, Joined, Amended, StepSubmitted, Approved, StepPublished, StepRejected, StepWithdrawn, Restored, StepReverted, PublishFailed, FoundDuplicate} {
		names["step "+string(s)] = s.Name()
	}
	for _, k := range []ChangeKind{New, Changed, Unchanged, Withdrawn} {
		names["change "+string(k)] = k.Name()
	}
	for _, a := range account.Actions {
		if a != account.ManageUsers { // not an action on uploads
			names["action "+string(a)] = actionNames[a]
		}
	}
	for what, name := range names {
		if name.ZH == "" || name.EN == "" {
			t.Errorf("%s has the name %+v", what, name)
		}
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	err := error(&Error{Kind: Invalid, Message: indicator.T("错", "wrong"), Err: ledger.ErrInvalid, Problems: []indicator.Problem{
		{Cell: "B2", Code: "x", Severity: indicator.SeverityError, Message: indicator.T("坏", "bad")},
		{Cell: "B3", Code: "y", Severity: indicator.SeverityNote, Message: indicator.T("注", "note")}}})
	if got := err.Error(); got != "wrong: B2 x: bad: invalid" {
		t.Error(got)
	}
	if !errors.Is(err, ledger.ErrInvalid) || KindOf(errors.Join(errors.New("x"), err)) != Invalid || KindOf(ledger.ErrInvalid) != "" {
		t.Error("the cause or the kind got lost")
	}
}
