package upload_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// investment is a table with a name that the catalogue does not have and without
// a unit: 福建 and 福州 in the years given, each value the year plus more.
func investment(more float64, regions string, years ...int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d年科研投入情况\n地区", years[0])
	for _, y := range years {
		fmt.Fprintf(&b, ",%d年", y)
	}
	for region := range strings.FieldsSeq(regions) {
		b.WriteString("\n" + region)
		for _, y := range years {
			fmt.Fprintf(&b, ",%g", float64(y)+more)
		}
	}
	return b.String()
}

var answers = ingest.Answers{Indicator: "rd_spend", Unit: "亿元"}

func (f *fixture) read(actor account.User, content string, o upload.Options) upload.Staged {
	f.t.Helper()
	return must(f.Stage(f.t.Context(), actor, "投入.csv", strings.NewReader(content), o))(f.t)
}

// submit stages a file that has no errors and submits it.
func (f *fixture) submit(actor account.User, content string, o upload.Options) upload.Upload {
	f.t.Helper()
	staged := f.read(actor, content, o)
	if staged.Upload == nil {
		f.t.Fatal(codes(staged.Problems))
	}
	return must(f.Submit(f.t.Context(), actor, staged.Upload.ID))(f.t)
}

func (f *fixture) plans(actor account.User) []upload.Plan {
	f.t.Helper()
	return must(f.ListPlans(f.t.Context(), actor))(f.t)
}

func find(problems []indicator.Problem, code string) indicator.Problem {
	for _, p := range problems {
		if p.Code == code {
			return p
		}
	}
	return indicator.Problem{}
}

// TestPlanAnswersTheNextFile is the promise: the next file of that shape needs no
// question, names the plan, and is compared with the last one under it.
func TestPlanAnswersTheNextFile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	if staged := f.read(wang, investment(0, "福建 福州", 2023, 2022), upload.Options{}); staged.Upload != nil {
		t.Fatal("nobody said what the file is about")
	}
	tried := f.read(wang, investment(0, "福建 福州", 2023, 2022), upload.Options{Answers: answers, Stage: "年报", Source: "科技处"})
	if len(f.plans(wang)) != 0 {
		t.Fatal("a plan is kept of a file that was only staged")
	}
	first := must(f.Submit(t.Context(), wang, tried.Upload.ID))(t)
	plans := f.plans(wang)
	if len(plans) != 1 || plans[0].Name != "科研投入情况" || plans[0].Author != "wang" || len(plans[0].Uses) != 1 || plans[0].Uses[0].Upload != first.ID {
		t.Fatalf("%+v", plans)
	}

	f.later(24 * time.Hour)
	next := f.read(wang, investment(0, "福建", 2024, 2023), upload.Options{})
	if next.Plan == nil || *next.Plan != (upload.PlanUsed{ID: plans[0].ID, Name: "科研投入情况"}) || next.Upload == nil ||
		next.Upload.Stage != "年报" || next.Upload.Source != "科技处" {
		t.Fatalf("%+v: %s", next.Plan, codes(next.Problems))
	}
	used := find(next.Problems, "plan_used").Message
	for _, part := range []string{"科研投入情况", "研发经费支出", "单位 亿元", "来源 科技处", "阶段 年报"} {
		if !strings.Contains(used.ZH, part) {
			t.Errorf("%s lacks %s", used.ZH, part)
		}
	}
	want := upload.Comparison{Upload: first.ID, Date: "2026-07-01", New: 1, Missing: 3, MissingRegions: []string{"350100"}}
	if fmt.Sprint(*next.Compared) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", *next.Compared, want)
	}
	compared := find(next.Problems, "compared_with_last").Message
	if compared.ZH != "与上一个文件（2026-07-01 报送）相比：变动 0 格，新增 1 格，少 3 格，少 1 个地区（福州）。" ||
		compared.EN != "Compared with the last file (submitted 2026-07-01): cells changed 0, new 1, missing 3; 1 region missing (Fuzhou)." {
		t.Errorf("%s\n%s", compared.ZH, compared.EN)
	}
	must(f.Submit(t.Context(), wang, next.Upload.ID))(t)
	changed := must(f.DryRun(t.Context(), wang, "投入.csv", strings.NewReader(investment(1, "福建", 2024, 2023)), upload.Options{}))(t)
	if changed.Compared == nil || changed.Compared.Upload != next.Upload.ID || changed.Compared.Changed != 2 || changed.Compared.Missing != 0 {
		t.Errorf("%+v", changed.Compared)
	}
	if plans := f.plans(wang); len(plans) != 1 || len(plans[0].Uses) != 2 {
		t.Errorf("%+v", plans)
	}
}

func TestPlanIsNotOfOneYear(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	const table = "科研投入情况\n地区,数值\n福建,1\n"
	o := upload.Options{Answers: answers, Source: "2023年公报"}
	o.Year = "2023"
	f.submit(wang, table, o)
	next := f.read(wang, strings.Replace(table, "福建,1", "福建,2", 1), upload.Options{})
	if find(next.Problems, "missing_year").Code == "" || find(next.Problems, "missing_unit").Code != "" || next.Upload != nil {
		t.Errorf("%s", codes(next.Problems))
	}
	if p := f.plans(wang)[0]; p.Answers.Year != "" || p.Source != "" {
		t.Errorf("%+v", p)
	}
}

// TestPlanKeepsTheRegionOfItsOffice, and of nobody who works for several.
func TestPlanKeepsTheRegionOfItsOffice(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	o := upload.Options{Answers: answers}
	o.Region = "福建"
	for i, actor := range []account.User{wang, admin} {
		f.submit(actor, fmt.Sprintf("科研投入情况\n年份,数值\n%d,1\n", 2020+i), o)
		if p := f.plans(actor); p[len(p)-1].Answers.Region != []string{"福建", ""}[i] {
			t.Errorf("%s: %+v", actor.Name, p)
		}
	}
}

// TestPlanMayKnowMoreNames than the next file has: nobody is told of that.
func TestPlanMayKnowMoreNames(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	o := upload.Options{Answers: answers}
	o.Names = []string{"福健=350000"}
	f.submit(wang, investment(0, "福健", 2023), o)
	if next := f.read(wang, investment(0, "福建", 2024), upload.Options{}); next.Plan == nil || find(next.Problems, ingest.UnusedAnswer).Code != "" {
		t.Errorf("%s", codes(next.Problems))
	}
	if next := f.read(wang, investment(0, "福健", 2022), upload.Options{}); next.Upload == nil {
		t.Errorf("%s", codes(next.Problems))
	}
}

func TestExplicitAnswersBeatThePlan(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.submit(wang, investment(0, "福建", 2023, 2022), upload.Options{Answers: answers})
	other := upload.Options{Answers: ingest.Answers{Unit: "万元"}}
	next := f.read(wang, investment(0, "福建", 2024), other)
	if used := find(next.Problems, "plan_used").Message.ZH; next.Upload == nil || next.Cells[0].Unit != "万元" || next.Cells[0].Indicator != "rd_spend" ||
		strings.Contains(used, "亿元") || !strings.Contains(used, "研发经费支出") {
		t.Errorf("%s %s", used, codes(next.Problems))
	}
	both := f.read(wang, investment(0, "福建", 2021), upload.Options{Answers: ingest.Answers{Indicator: "gdp", Unit: "万元"}})
	if find(both.Problems, "plan_used").Code != "" || both.Cells[0].Indicator != "gdp" {
		t.Errorf("a plan that answers nothing is said to be used: %s", codes(both.Problems))
	}
	must(f.Submit(t.Context(), wang, both.Upload.ID))(t)
	if plans := f.plans(wang); len(plans) != 1 || plans[0].Answers.Indicator != "gdp" || plans[0].Answers.Unit != "万元" {
		t.Errorf("the newest answers are not kept: %+v", plans)
	}
}

// TestDraftReadAgainSaysItAll: what was taken back does not come back by the plan,
// which is still named for what it said, and compared with.
func TestDraftReadAgainSaysItAll(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	first := upload.Options{Answers: answers, Stage: "年报"}
	f.submit(wang, investment(0, "福建", 2023), first)
	draft := f.read(wang, investment(0, "福建", 2024), upload.Options{})
	for _, plan := range []string{"", upload.NoPlan} {
		o := upload.Options{Answers: answers, Plan: plan, KeepFaulty: true, Mend: draft.Upload.ID}
		again := must(f.Stage(t.Context(), wang, "", nil, o))(t)
		used := find(again.Problems, "plan_used").Message.ZH
		if again.Upload.Stage != "" || again.Compared == nil || again.Plan == nil || !strings.Contains(used, "亿元") || strings.Contains(used, "年报") {
			t.Errorf("plan %q: stage %q, %v %v, %s", plan, again.Upload.Stage, again.Plan, again.Compared, used)
		}
		o.Unit = ""
		if again = must(f.Stage(t.Context(), wang, "", nil, o))(t); find(again.Problems, "missing_unit").Code == "" {
			t.Errorf("plan %q: an answer that was taken back is back: %s", plan, codes(again.Problems))
		}
	}
}

func TestPlanByName(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.submit(wang, investment(0, "福建", 2023, 2022), upload.Options{Answers: answers})
	try := func(content, plan string) upload.Staged {
		t.Helper()
		return must(f.DryRun(t.Context(), wang, "投入.csv", strings.NewReader(content), upload.Options{Plan: plan}))(t)
	}
	if none := try(investment(0, "福建", 2024), "none"); none.Plan != nil || find(none.Problems, "missing_unit").Code == "" && find(none.Problems, "missing_indicator").Code == "" {
		t.Errorf("%s", codes(none.Problems))
	}
	if other := try("别的表\n地区,2024年\n福建,3\n", "科研投入情况"); other.Plan == nil || len(other.Cells) != 1 {
		t.Errorf("%s", codes(other.Problems))
	}
	unknown := find(try(investment(0, "福建", 2024), "科研投入情兄").Problems, "unknown_plan")
	if unknown.Severity != indicator.SeverityError || !strings.Contains(unknown.Message.ZH, "科研投入情况") ||
		len(unknown.Suggestions) != 1 || unknown.Suggestions[0] != (indicator.Suggestion{Option: "plan", Value: "科研投入情况"}) {
		t.Errorf("%+v", unknown)
	}
}

// TestPlanThatDoesNotFit is no worse than no plan.
func TestPlanThatDoesNotFit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	table := func(rows string) string { return "科研投入情况\n地区,年份,指标,单位,数值\n" + rows }
	f.submit(wang, table("福建,2022,rd_spend,,1\n"), upload.Options{Answers: ingest.Answers{Unit: "亿元"}})
	next := f.read(wang, table("福建,2023,rd_spend,万元,1\n"), upload.Options{})
	if p := find(next.Problems, "plan_not_used"); next.Upload == nil || next.Plan != nil || !strings.Contains(p.Message.ZH, "科研投入情况") {
		t.Errorf("%+v %s", next.Plan, codes(next.Problems))
	}

	columns := upload.Options{Answers: answers}
	columns.Header = "2"
	f.submit(wang, investment(0, "福建", 2019), columns)
	if same := f.read(wang, investment(0, "福建", 2018), upload.Options{}); same.Plan == nil {
		t.Errorf("%s", codes(same.Problems))
	}
	moved := f.read(wang, "\n"+investment(0, "福建", 2017), upload.Options{Answers: answers})
	if find(moved.Problems, "plan_not_used").Code == "" || moved.Plan != nil || moved.Upload == nil {
		t.Errorf("what was said of one place is said of another: %s", codes(moved.Problems))
	}
}

// TestPlansAreOfAnOffice: those with other regions neither use, see nor change them.
func TestPlansAreOfAnOffice(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	ctx := t.Context()
	f.submit(wang, investment(0, "福建", 2023), upload.Options{Answers: answers})
	id := f.plans(wang)[0].ID
	if zhaos := f.plans(zhao); len(zhaos) != 1 || len(zhaos[0].Uses) != 0 {
		t.Errorf("a colleague sees %+v, want the plan without the file that waits for review", zhaos)
	}
	if staged := f.read(zhao, investment(0, "福建", 2024), upload.Options{}); staged.Plan == nil || staged.Compared != nil {
		t.Errorf("plan %v, compared with a file that the colleague may not see: %v", staged.Plan, staged.Compared)
	}
	if len(f.plans(admin)) != 1 || len(f.plans(bj)) != 0 {
		t.Error("the plan is seen by the wrong people")
	}
	if staged := must(f.DryRun(ctx, admin, "投入.csv", strings.NewReader(investment(0, "福建", 2024)), upload.Options{}))(t); staged.Plan != nil {
		t.Error("a plan of another office is used without being asked for")
	}
	_, err := f.RenamePlan(ctx, bj, id, "x")
	wantKind(t, err, upload.NotFound)
	_, err = f.DeletePlan(ctx, bj, id)
	wantKind(t, err, upload.NotFound)
	_, err = f.ListPlans(ctx, account.User{Name: "viewer", Role: account.Viewer})
	wantKind(t, err, upload.Forbidden)
	_, err = f.DeletePlan(ctx, account.User{Name: "viewer", Role: account.Viewer}, id)
	wantKind(t, err, upload.Forbidden)
}

func TestPlanRenamedDeletedRestored(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	ctx := t.Context()
	f.submit(wang, investment(0, "福建", 2023), upload.Options{Answers: answers})
	id := f.plans(wang)[0].ID
	if p := must(f.RenamePlan(ctx, zhao, id, "  科技处  月报 "))(t); p.Name != "科技处 月报" {
		t.Errorf("%q", p.Name)
	}
	for _, bad := range []string{"", " ", "None", strings.Repeat("长", 61), "a\u202eb"} {
		_, err := f.RenamePlan(ctx, wang, id, bad)
		wantKind(t, err, upload.Invalid)
	}
	if p := must(f.FindPlan(ctx, wang, "科技处 月报"))(t); p.ID != id {
		t.Errorf("%+v", p)
	}
	_, err := f.FindPlan(ctx, wang, "科技处")
	wantKind(t, err, upload.NotFound)
	must(f.DeletePlan(ctx, wang, id))(t)
	if staged := f.read(wang, investment(0, "福建", 2024), upload.Options{}); staged.Plan != nil || len(f.plans(wang)) != 0 {
		t.Error("a deleted plan is used")
	}
	must(f.RestorePlan(ctx, wang, id))(t)
	if staged := f.read(wang, investment(0, "福建", 2024), upload.Options{}); staged.Plan == nil {
		t.Error("a restored plan is not used")
	}
	must(f.DeletePlan(ctx, wang, id))(t)
	f.submit(wang, investment(0, "福建", 2021), upload.Options{Answers: answers})
	_, err = f.RestorePlan(ctx, wang, id)
	wantKind(t, err, upload.Conflict)
}

// TestPlanIsKeptWhereNobodyReviews: with review off a draft is published at once.
func TestPlanIsKeptWhereNobodyReviews(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false)
	staged := f.read(wang, investment(0, "福建", 2023), upload.Options{Answers: answers})
	must(f.Publish(t.Context(), wang, staged.Upload.ID))(t)
	if plans := f.plans(zhao); len(plans) != 1 || len(plans[0].Uses) != 1 {
		t.Errorf("%+v", plans)
	}
	if next := f.read(zhao, investment(1, "福建", 2023, 2022), upload.Options{Reason: "核实"}); next.Compared == nil || next.Compared.Changed != 1 {
		t.Errorf("a published file is not compared with: %+v", next.Compared)
	}
}

func TestNoPlanOfAFileThatSaysItAll(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{Stage: "年报"}, "rd_spend 350000 2023 1")
	if plans := f.plans(wang); len(plans) != 0 {
		t.Errorf("%+v", plans)
	}
}

func TestTwoSubmitOneShapeAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	var both sync.WaitGroup
	for i, actor := range []account.User{wang, zhao} {
		staged := f.read(actor, investment(float64(i), "福建", 2020+i), upload.Options{Answers: answers})
		both.Go(func() {
			if _, err := f.Submit(t.Context(), actor, staged.Upload.ID); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if plans := f.plans(li); len(plans) != 1 || len(plans[0].Uses) != 2 {
		t.Errorf("%+v", plans)
	}
}
