package upload

import (
	"errors"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/warning"
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
		if a != account.ManageUsers && a != account.Acknowledge { // not actions on uploads
			names["action "+string(a)] = actionNames[a]
		}
	}
	for _, c := range warning.Codes {
		names["rule "+string(c)] = c.Name()
	}
	for what, name := range names {
		if name.ZH == "" || name.EN == "" {
			t.Errorf("%s has the name %+v", what, name)
		}
	}
}

// TestWhatIsToBeExplained says in words, for each rule, in which cells.
func TestWhatIsToBeExplained(t *testing.T) {
	t.Parallel()
	ask := func(codes ...string) []indicator.Problem {
		var asked []indicator.Problem
		for _, code := range codes {
			cell, code, _ := strings.Cut(code, " ")
			asked = append(asked, indicator.Problem{Cell: cell, Code: code, Severity: indicator.SeverityQuery})
		}
		return asked
	}
	for _, c := range []struct {
		asked  []indicator.Problem
		zh, en string
	}{
		{ask("D2 outlier_history"), "有 1 处需要核实并说明：D2 与本地区历史相差过大。", "1 finding needs an explanation: D2: unlike the region's own history. "},
		{ask("D2 outlier_history", "B7 revision_large", "D9 outlier_history"), "有 3 处需要核实并说明：D2、D9 与本地区历史相差过大；B7 修订幅度大于以往。",
			"3 findings need an explanation: D2, D9: unlike the region's own history; B7: a revision larger than usual. "},
		{ask(" sum_mismatch", "A6 unknown_unit", "A7 odd"), "：各省之和与全国不符；A6 单位未识别；A7 odd。", ": the provinces do not add up to the nation; A6: a unit that is not known; A7: odd. "},
		{ask("B1 synthetic_series", "B2 synthetic_series", "B3 synthetic_series", "B4 synthetic_series", "B5 synthetic_series", "B6 synthetic_series"),
			"有 6 处需要核实并说明：B1、B2、B3、B4、B5 数列像是推算的；等等。", "B4, B5: values that look computed; and more. "},
	} {
		got := missingExplanation(c.asked).Message
		if !strings.Contains(got.ZH, c.zh) || !strings.Contains(got.EN, c.en) {
			t.Errorf("got %s\n%s", got.ZH, got.EN)
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
