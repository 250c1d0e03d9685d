package upload

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

func notFound(id string) *Error {
	return &Error{Kind: NotFound, Message: indicator.T(
		"没有编号为“"+id+"”的报送批次，或者您无权查看。",
		"There is no upload “"+id+"”, or you may not see it.")}
}

// actionNames are verbs, to be put after “may not”.
var actionNames = map[account.Action]indicator.Text{
	account.Stage:    indicator.T("上传数据", "upload data"),
	account.Submit:   indicator.T("提交该批次", "submit this upload"),
	account.Publish:  indicator.T("发布该批次", "publish this upload"),
	account.Reject:   indicator.T("退回该批次", "reject this upload"),
	account.Revert:   indicator.T("撤回该批次", "revert this upload"),
	account.SeeDraft: indicator.T("查看该批次的原始文件", "see the original file of this upload"),
}

// forbidden says which rule stood in the way: four eyes, the regions, or the role.
func forbidden(actor account.User, action account.Action, rules account.Rules, u Upload) *Error {
	what := actionNames[action]
	why := indicator.T("该操作不在您的角色权限内。", "Your role does not allow it.")
	switch outside := rules.Outside(actor, u.Regions); {
	case actor.Name == "":
		why = indicator.T("请先登录。", "Sign in first.")
	case len(outside) > 0:
		why = indicator.T("您的地区范围不含"+regionNames(rules.Catalog, outside, indicator.ZH)+"。",
			"Your regions do not include "+regionNames(rules.Catalog, outside, indicator.EN)+".")
	case action == account.Publish && rules.Review && slices.Contains(u.Authors, actor.Name) && rules.MayEver(actor, action):
		why = indicator.T("报送人不能发布本人上传的数据，须由另一人审核。",
			"Nobody publishes their own upload: a second person has to.")
	case action == account.Submit && rules.MayEver(actor, action):
		why = indicator.T("只有报送人可以提交。", "Only its authors may.")
	}
	return &Error{Kind: Forbidden, Message: indicator.T(
		"不能"+what.ZH+"。"+why.ZH, "You may not "+what.EN+". "+why.EN)}
}

func foreignRegions(c *indicator.Catalog, outside []string) *Error {
	return &Error{Kind: Forbidden, Message: indicator.T(
		"不能上传：您的地区范围不含"+regionNames(c, outside, indicator.ZH)+"。",
		"You may not upload this: your regions do not include "+regionNames(c, outside, indicator.EN)+".")}
}

// regionNames lists the first few names, shortNames the short ones.
func regionNames(c *indicator.Catalog, codes []string, lang indicator.Lang) string {
	return namesOf(c, codes, lang, func(r *indicator.Region) indicator.Text { return r.Name })
}

func shortNames(c *indicator.Catalog, codes []string, lang indicator.Lang) string {
	return namesOf(c, codes, lang, func(r *indicator.Region) indicator.Text { return r.Short })
}

func namesOf(c *indicator.Catalog, codes []string, lang indicator.Lang, name func(*indicator.Region) indicator.Text) string {
	const shown = 5
	var names []string
	for _, code := range codes[:min(len(codes), shown)] {
		text := code
		if r := c.Region(code); r != nil {
			text = name(r).In(lang)
		}
		names = append(names, text)
	}
	separator, more := "、", fmt.Sprintf("等 %d 个地区", len(codes))
	if lang == indicator.EN {
		separator, more = ", ", fmt.Sprintf(" and %d more", len(codes)-shown)
	}
	list := strings.Join(names, separator)
	if len(codes) > shown {
		list += more
	}
	return list
}

func wrongState(u Upload, action account.Action) *Error {
	what, state := actionNames[action], u.State.Name()
	return &Error{Kind: Conflict, Message: indicator.T(
		"该批次目前为“"+state.ZH+"”，不能"+what.ZH+"。",
		"This upload is now "+state.EN+": you cannot "+what.EN+".")}
}

func badPublishAt(code, zh, en string) *Error {
	p := problem(code, zh, en)
	return &Error{Kind: Invalid, Message: p.Message, Problems: []indicator.Problem{p}}
}

func notToSchedule(u Upload) *Error {
	state := u.State.Name()
	return &Error{Kind: Conflict, Message: indicator.T(
		"该批次目前为“"+state.ZH+"”，不能定时发布。",
		"This upload is now "+state.EN+": it cannot be approved for a later moment.")}
}

func nothingScheduled(u Upload) *Error {
	state := u.State.Name()
	return &Error{Kind: Conflict, Message: indicator.T(
		"该批次目前为“"+state.ZH+"”，没有可撤销的定时发布。",
		"This upload is now "+state.EN+": there is no approval for a later moment to take back.")}
}

func changedMeanwhile() *Error {
	return &Error{Kind: Conflict, Message: indicator.T(
		"该批次刚被修改。请重新查看后再操作。",
		"This upload was changed just now. Look at it again first.")}
}

func sameIsOpen() *Error {
	return &Error{Kind: Conflict, Message: indicator.T(
		"账本中没有该批次，另有内容相同的批次正在处理。请使用那一批。",
		"The ledger does not have this upload, and another one with the same content is under way. Use that one.")}
}

func hasProblems(problems []indicator.Problem) *Error {
	return &Error{Kind: Invalid, Problems: problems, Message: indicator.T(
		"数据有错误，不能提交或发布。请按所列问题修改后重新上传。",
		"The data have errors and cannot be submitted or published. Mend what is listed and upload again.")}
}

func missingComment() *Error {
	message := indicator.T("请说明退回的原因。", "Say why the upload is rejected.")
	return &Error{Kind: Invalid, Message: message, Problems: []indicator.Problem{{
		Code: "missing_comment", Severity: indicator.SeverityError, Message: message}}}
}

// ledgerTrouble keeps the caller's own cancellation apart from a ledger that
// does not answer, not in time, or not with what it should hold.
func ledgerTrouble(err error) error {
	var damage *snapshot.DamageError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &damage):
		return &Error{Kind: Unavailable, Err: err, Message: damage.Text()}
	case errors.Is(err, context.Canceled),
		!errors.Is(err, ledger.ErrUnavailable) && !errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("ledger: %w", err)
	}
	return &Error{Kind: Unavailable, Err: err, Message: indicator.T(
		"账本暂时无法访问。草稿没有变化，请稍后重试。",
		"The ledger cannot be reached just now. Drafts are unchanged; try again later.")}
}

func notOurTurn(err error) *Error {
	return &Error{Kind: Unavailable, Err: err, Message: indicator.T(
		"另一批数据正在发布或撤回，还没有轮到该批次，该批次没有变化。请稍后重试。",
		"Another upload is being published or reverted; this one was not reached and is unchanged. Try again later.")}
}

func notPublished(state State, err error) *Error {
	kind, name := Unavailable, state.Name()
	if errors.Is(err, ledger.ErrInvalid) {
		kind = Conflict
	}
	return &Error{Kind: kind, Err: err, Message: indicator.T(
		"发布未成功，账本没有变化，该批次仍为“"+name.ZH+"”。请稍后重试。",
		"Publishing did not succeed; the ledger is unchanged and the upload is still "+name.EN+". Try again later.")}
}

func unknownOutcome(err error) *Error {
	return &Error{Kind: Unavailable, Err: fmt.Errorf("%w: %w", errUnconfirmed, err), Message: indicator.T(
		"账本尚未确认发布结果，该批次仍为“发布中”。账本恢复后会继续完成，不会重复发布。",
		"The ledger has not confirmed whether the upload was published; it stays publishing. It is finished when the ledger answers, and never published twice.")}
}

func unknownRevert(err error) *Error {
	return &Error{Kind: Unavailable, Err: err, Message: indicator.T(
		"账本尚未确认撤回结果。账本恢复后再次撤回即可确认，不会重复。",
		"The ledger has not confirmed whether the upload was reverted. Revert it again when the ledger answers: it will not be reverted twice.")}
}

func problem(code, zh, en string) indicator.Problem {
	return indicator.Problem{Code: code, Severity: indicator.SeverityError, Message: indicator.T(zh, en)}
}

// notCompared, flipsUnknown and comparedEarlier are notes: nobody has to do anything about them.
func notCompared(err error) indicator.Problem {
	why := unread(err)
	return note(NotCompared,
		why.ZH+"这份文件尚未与已发布的数据比较，提交和发布时会进行比较。",
		why.EN+" This file was not compared with the published figures yet; that is done when it is submitted and published.")
}

func noLedger() indicator.Problem {
	return note(NoLedger,
		"没有找到数据目录，因此只检查了文件本身：没有与已发布的数据比较，也没有列出会改变的目标状态。已有数据时请用 --data-dir 指明目录。",
		"There is no data directory, so only the file itself was checked: it was not compared with published figures, and no status that would change is listed. If there is data, name its directory with --data-dir.")
}

func flipsUnknown(err error) indicator.Problem {
	why := unread(err)
	return note(FlipsUnknown,
		why.ZH+"因此暂时无法说明哪些目标状态会改变。",
		why.EN+" So it cannot be told yet which statuses would change.")
}

func unread(err error) indicator.Text {
	var damage *snapshot.DamageError
	if errors.As(err, &damage) {
		return damage.Text()
	}
	return indicator.T("账本暂时无法访问。", "The ledger cannot be reached just now.")
}

func comparedEarlier(t snapshot.Trouble) indicator.Problem {
	why := t.Text()
	return note("compared_earlier",
		why.ZH+"这份文件是与最近一次读到的已发布数据比较的，提交和发布时会重新比较。",
		why.EN+" This file was compared with the published figures as they were read last; that is done anew when it is submitted and published.")
}

func note(code, zh, en string) indicator.Problem {
	return indicator.Problem{Code: code, Severity: indicator.SeverityNote, Message: indicator.T(zh, en)}
}

func noReadings() indicator.Problem {
	return problem("no_readings", "文件中没有数据。", "The file holds no reading.")
}

func futureRelease(released time.Time) indicator.Problem {
	day := released.In(indicator.Shanghai).Format(time.DateOnly)
	return problem("released_in_future",
		"公布时间 "+day+" 晚于现在。请改正，或留空表示发布之时（--released）。",
		"The release date "+day+" is later than now. Correct it, or leave it out to mean the moment of publishing (--released).")
}

// futurePeriods refuses readings of periods that have not begun: no figure of
// them can be known, and a verdict would take them for the latest.
func futurePeriods(now time.Time, cells []ingest.Cell) []indicator.Problem {
	var problems []indicator.Problem
	for _, c := range cells {
		if c.Period.Start().After(now) {
			p := problem("future_period",
				c.Period.Label(indicator.ZH)+"尚未开始，不会有数据。请改正报告期。",
				c.Period.Label(indicator.EN)+" has not begun, so there can be no reading of it. Correct the period.")
			p.Cell = c.Cell
			problems = append(problems, p)
		}
	}
	return problems
}

func badText(code string, name indicator.Text) indicator.Problem {
	return problem(code,
		name.ZH+"含有不可显示的字符。请删去后重试。",
		"The "+name.EN+" holds characters that cannot be shown. Remove them and try again.")
}

func longText(code string, name indicator.Text, most int) indicator.Problem {
	return problem(code,
		fmt.Sprintf("%s过长，至多 %d 字。", name.ZH, most),
		fmt.Sprintf("The %s is too long: at most %d characters.", name.EN, most))
}
