package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// closingView is the last step of a draft: whose figures these are, and why.
type closingView struct {
	Source, Released, Reason, Explanation string
	Stages                                []choiceView
	AskReason, AskExplanation             bool
	Faults                                map[string][]string // by field
	Other                                 []string
	Ready                                 bool // no question or fault is open but for these fields
	Publishes                             bool // the author publishes
}

// closingFields are the fields of the last step that settle a problem, by its code.
var closingFields = map[string]string{
	"missing_reason": "reason", "bad_reason": "reason", "bad_source": "source", "bad_stage": "stage",
	"released_in_future": "released", "released_before_period": "released", "missing_explanation": "explanation", "bad_explanation": "explanation",
}

// closing is the last step, and the problems that are not settled in it.
func (f fields) closing(u upload.Upload, problems []indicator.Problem) (*closingView, []indicator.Problem) {
	v := &closingView{Source: u.Source, Reason: u.Reason, Explanation: u.Explanation, Released: date(u.Released),
		AskReason: u.Reason != "", AskExplanation: u.Explanation != "", Faults: map[string][]string{}}
	for _, stage := range indicator.Stages {
		v.Stages = append(v.Stages, choiceView{Value: stage.ZH, Name: stage.In(f.Lang), Chosen: stage.ZH == u.Stage})
	}
	if u.Stage != "" && !slices.ContainsFunc(v.Stages, func(c choiceView) bool { return c.Chosen }) {
		v.Stages = append(v.Stages, choiceView{Value: u.Stage, Name: u.Stage, Chosen: true})
	}
	var others []indicator.Problem
	for _, p := range problems {
		field := closingFields[p.Code]
		switch {
		case field == "stage":
			v.Other = append(v.Other, onPage(p.Message, f.Lang))
		case field != "":
			v.Faults[field] = append(v.Faults[field], onPage(p.Message, f.Lang))
		default:
			others = append(others, p)
			v.AskExplanation = v.AskExplanation || p.Severity == indicator.SeverityQuery
		}
	}
	v.AskReason = v.AskReason || len(v.Faults["reason"]) > 0
	v.AskExplanation = v.AskExplanation || len(v.Faults["explanation"]) > 0
	return v, others
}

// sum counts the changes of each kind.
func (v *diffView) sum(lang indicator.Lang) string {
	var parts []string
	for _, k := range v.Kinds[1:] { // after all of them
		n := indicator.FormatNumber(float64(k.N), 0)
		parts = append(parts, indicator.T(k.Name+" "+n, n+" "+k.Name).In(lang))
	}
	return strings.Join(parts, indicator.T("，", ", ").In(lang))
}

// The classes of a step.
const (
	stepDone = "done"
	stepOpen = "open"
	stepNext = "next" // nothing to do yet
)

// stepLinks says how each step of the draft stands.
func (b *uploadBody) stepLinks(contents upload.Contents) []stepLink {
	lang := b.Page.Lang
	say := func(zh, en string) string { return indicator.T(zh, en).In(lang) }
	counted := func(n int, zh, en string) string { return fmt.Sprintf(indicator.T(zh, en).In(lang), n) }
	step := func(n int, name, class, says string) stepLink {
		sign := map[string]string{stepDone: "✓", stepOpen: "!"}[class]
		return stepLink{fmt.Sprintf("step-%d", n), name, class, sign, says}
	}
	links := []stepLink{step(1, say("1 识别结果", "1 Understood"), stepDone, layoutWord(contents.Understood.Layout, lang))}
	if contents.Understood.Layout == "" {
		links[0] = step(1, links[0].Name, stepOpen, say("没有找到表头", "no header found"))
	}
	asked := step(2, say("2 需要说明的问题", "2 Asked"), stepDone, say("没有", "nothing"))
	if n := len(b.Questions); n > 0 {
		asked = step(2, asked.Name, stepOpen, counted(n, "%d 个待回答", "%d to answer"))
	}
	cells := step(3, say("3 单元格核对", "3 Cells"), stepDone, say("没有错误", "no faults"))
	switch r := b.Report; {
	case r.Faults > 0:
		cells = step(3, cells.Name, stepOpen, counted(r.Faults, "%d 处错误", "%d to mend"))
	case r.Queries > 0 && b.Explanation != "":
		cells = step(3, cells.Name, stepDone, counted(r.Queries, "%d 处已说明", "%d explained"))
	case r.Queries > 0:
		cells = step(3, cells.Name, stepOpen, counted(r.Queries, "%d 处需说明", "%d to explain"))
	}
	changes := step(4, say("4 变动", "4 Changes"), stepNext, say("待比较", "not compared yet"))
	if b.Diff != nil {
		changes = step(4, changes.Name, stepDone, b.Diff.sum(lang))
	}
	flips := step(5, say("5 目标状态变化", "5 Statuses"), stepNext, say("待比较", "not compared yet"))
	switch {
	case len(b.Flips) > 0:
		flips = step(5, flips.Name, stepDone, counted(len(b.Flips), "%d 项目标改变状态", "%d would turn"))
	case b.Diff != nil:
		flips = step(5, flips.Name, stepDone, say("没有变化", "none would turn"))
	}
	closing := step(6, say("6 来源与提交", "6 Submit"), stepNext, say("待前面完成", "after the others"))
	if c := b.Closing; c != nil && c.Ready {
		closing = step(6, closing.Name, stepDone, say("可以提交", "ready"))
		if len(c.Faults)+len(c.Other) > 0 {
			closing = step(6, closing.Name, stepOpen, say("还有必填项", "something is missing"))
		}
	}
	return append(links, asked, cells, changes, flips, closing)
}
