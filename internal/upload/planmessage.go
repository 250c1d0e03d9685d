package upload

import (
	"fmt"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

func day(t time.Time) string { return t.In(indicator.Shanghai).Format(time.DateOnly) }

// planUsed says which plan answered what.
func planUsed(p Plan, said []Said) indicator.Problem {
	words := saidInWords(said)
	return note("plan_used",
		"按导入方案“"+p.Name+"”读取："+words.ZH+"。如不适用，请直接说明，或不使用方案（--plan none）。",
		"Read by the import plan “"+p.Name+"”: "+words.EN+". If that does not fit, say otherwise, or use no plan (--plan none).")
}

// planUnfit says why a plan was not used.
func planUnfit(p Plan, first indicator.Problem) indicator.Problem {
	return note("plan_not_used",
		"导入方案“"+p.Name+"”不适用于这份文件，未使用："+first.Message.ZH+" 提交时会按这次的说明更新方案。",
		"The import plan “"+p.Name+"” does not fit this file and was not used: "+first.Message.EN+" When the file is submitted, the plan takes what is said now.")
}

// planMoved is planUnfit for answers that name places.
func planMoved(p Plan) indicator.Problem {
	return note("plan_not_used",
		"导入方案“"+p.Name+"”说明的是某些列或行，而这份文件的列或表头位置不同，未使用。请重新说明；提交时方案会随之更新。",
		"The import plan “"+p.Name+"” speaks of columns or rows, and this file has its columns or its header elsewhere, so it was not used. Say it anew; when the file is submitted, the plan takes it.")
}

// unknownPlan is the problem of a name that no plan has.
func unknownPlan(plans []Plan, name string) indicator.Problem {
	names := make([]string, len(plans))
	for i, p := range plans {
		names[i] = p.Name
	}
	p := problem("unknown_plan",
		"没有名为“"+name+"”的导入方案。dabiao plans 或“导入方案”页列出全部；不使用方案则写 none。",
		"There is no import plan “"+name+"”. dabiao plans, or the page of import plans, lists them all; write none to use none.")
	if near := indicator.NearestWord(name, names); near != "" {
		p.Message = indicator.T(
			"没有名为“"+name+"”的导入方案。最接近的是“"+near+"”。",
			"There is no import plan “"+name+"”. The nearest is “"+near+"”.")
		p.Suggestions = []indicator.Suggestion{{Option: "plan", Value: near}}
	}
	return p
}

func noPlan() *Error {
	return &Error{Kind: NotFound, Message: indicator.T(
		"没有这个导入方案，或者它属于别的单位。", "There is no such import plan, or it belongs to another office.")}
}

func planTaken() *Error {
	return &Error{Kind: Conflict, Message: indicator.T(
		"已有同名或适用于同样文件的导入方案。请改用别的名称，或先删除那一个。",
		"There is another import plan of this name, or for the same files. Use another name, or delete that one first.")}
}

func badPlanName() *Error {
	message := indicator.T(
		fmt.Sprintf("请写一个名称，至多 %d 字，不能是 %s。", maxPlanName, NoPlan),
		fmt.Sprintf("Give a name of at most %d characters; it cannot be %s.", maxPlanName, NoPlan))
	return &Error{Kind: Invalid, Message: message, Problems: []indicator.Problem{{
		Code: "bad_name", Severity: indicator.SeverityError, Message: message}}}
}
