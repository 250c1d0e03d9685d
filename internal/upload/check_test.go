package upload_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
	"github.com/dabiao/dabiao/internal/warning"
)

// spending is eight years of a series that grows by about 8 % a year.
func spending(region string) []string {
	var rows []string
	for i, v := range []float64{1000, 1075, 1166, 1251, 1360, 1462, 1583, 1702} {
		rows = append(rows, fmt.Sprint("rd_spend ", region, " ", 2014+i, " ", v))
	}
	return rows
}

const threefold = "rd_spend 350000 2022 5100"

func (f *fixture) try(o upload.Options, rows ...string) upload.Staged {
	f.t.Helper()
	return must(f.Stage(f.t.Context(), wang, "table.csv", strings.NewReader(csv(rows...)), o))(f.t)
}

func severities(problems []indicator.Problem) string {
	var list []string
	for _, p := range problems {
		list = append(list, strings.TrimSpace(p.Cell+" "+p.Code+" "+string(p.Severity)))
	}
	return strings.Join(list, ", ")
}

// TestQueryNeedsExplanation: the file is a good draft, which goes no further
// before it is explained; the explanation is kept.
func TestQueryNeedsExplanation(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{}, spending("350000")...)
	staged := f.try(upload.Options{}, threefold)
	want := "D2 outlier_history query, D2 missing_explanation error"
	if got := severities(staged.Problems); got != want || staged.Upload == nil || staged.Upload.Faulty {
		t.Fatalf("staged %+v with %q, want a draft with %q", staged.Upload, got, want)
	}
	id := staged.Upload.ID
	_, err := f.Submit(t.Context(), wang, id)
	wantKind(t, err, upload.Invalid)
	var refused *upload.Error
	if !errors.As(err, &refused) || severities(refused.Problems) != want {
		t.Errorf("submitting was refused with %v", err)
	}
	if got := severities(must(f.Contents(t.Context(), wang, id))(t).Problems); got != want {
		t.Errorf("the draft shows %q", got)
	}
	again := f.try(upload.Options{Explanation: " 企业  重组 "}, threefold)
	if again.Upload.ID != id || indicator.HasErrors(again.Problems) || severities(again.Problems) != "D2 outlier_history query" {
		t.Errorf("explained: upload %s with %q", again.Upload.ID, severities(again.Problems))
	}
	must(f.Submit(t.Context(), wang, id))(t)
	if u := must(f.Publish(t.Context(), li, id))(t); u.State != upload.Published || u.Explanation != "企业 重组" {
		t.Errorf("published as %+v", u)
	}
	if got := severities(must(f.Contents(t.Context(), li, id))(t).Problems); got != "D2 outlier_history query" {
		t.Errorf("what was explained is told as %q", got)
	}
	if u := must(f.Get(t.Context(), nobody, id))(t); u.State != upload.Published || u.Explanation != "" {
		t.Errorf("everybody reads what was written for the reviewer: %q", u.Explanation)
	}
}

// TestExplainedInPlace: the draft's own file, read again.
func TestExplainedInPlace(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{}, spending("350000")...)
	id := f.try(upload.Options{}, threefold).Upload.ID
	staged := must(f.Stage(t.Context(), wang, "", nil, upload.Options{Mend: id, Explanation: "企业重组"}))(t)
	if staged.Upload == nil || staged.Upload.ID != id || indicator.HasErrors(staged.Problems) {
		t.Fatalf("mended: %+v, %q", staged.Upload, severities(staged.Problems))
	}
	must(f.Submit(t.Context(), wang, id))(t)
}

// TestHistoryMovesUnderADraft: what was no doubt when it was submitted is one
// when it is to be published.
func TestHistoryMovesUnderADraft(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.stage(wang, upload.Options{}, threefold)
	u = must(f.Submit(t.Context(), wang, u.ID))(t)
	f.publish(upload.Options{}, spending("350000")...)
	_, err := f.Publish(t.Context(), li, u.ID)
	wantKind(t, err, upload.Invalid)
	if !strings.Contains(fmt.Sprint(err), upload.MissingExplanation) {
		t.Errorf("publishing was refused with %v", err)
	}
}

func TestWithoutTheLedgerNothingIsAsked(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	away := ledger.ErrUnavailable
	f.ledger.away.Store(&away)
	staged := f.try(upload.Options{}, append(spending("350000"), threefold)...)
	if staged.Upload == nil || severities(staged.Problems) != "not_compared note" {
		t.Fatalf("staged %v with %q", staged.Upload, severities(staged.Problems))
	}
	f.ledger.away.Store(nil)
	f.Snapshots.Refresh()
	_, err := f.Submit(t.Context(), wang, staged.Upload.ID)
	wantKind(t, err, upload.Invalid)
}

func TestOnlyWhatIsNewIsChecked(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{Explanation: "企业重组"}, append(spending("350000"), threefold)...)
	staged := f.try(upload.Options{}, append(spending("350000"), threefold, "rd_spend 350000 2023 5500")...)
	if got := severities(staged.Problems); got != "" {
		t.Errorf("what is published is asked about again: %q", got)
	}
}

func TestDryRunAsksTheSame(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{}, spending("350000")...)
	staged := must(f.DryRun(t.Context(), wang, "table.csv", strings.NewReader(csv(threefold)), upload.Options{}))(t)
	if got, want := severities(staged.Problems), "D2 outlier_history query, D2 missing_explanation error"; got != want || staged.Upload != nil {
		t.Errorf("dry run: %q, upload %v; want %q", got, staged.Upload, want)
	}
}

// TestUnitIsSuggested: as an answer to give, but not against what the file says.
func TestUnitIsSuggested(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{}, spending("350000")...)
	const silent = "indicator,region,period,value\nrd_spend,350000,2022,18400000\n"
	for _, tt := range []struct {
		content, unit string
		want          []indicator.Suggestion
	}{
		{silent, "亿元", []indicator.Suggestion{{Option: "unit", Value: "万元"}}},
		{csv("rd_spend 350000 2022 18400000"), "", nil},
	} {
		o := upload.Options{Answers: ingest.Answers{Unit: tt.unit}}
		staged := must(f.DryRun(t.Context(), wang, "table.csv", strings.NewReader(tt.content), o))(t)
		if len(staged.Problems) != 2 || staged.Problems[0].Code != "unit_suspect" || !equal(staged.Problems[0].Suggestions, tt.want) {
			t.Errorf("unit %q: %+v", tt.unit, staged.Problems)
		}
	}
}

func equal(a, b []indicator.Suggestion) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// TestPastRevisionsTell: a revision that would be small elsewhere is large for
// figures that are hardly ever revised.
func TestPastRevisionsTell(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	revision := upload.Options{Reason: "年报"}
	table := func(factor float64) (rows []string) {
		for i, region := range []string{"350000", "350100"} {
			for y := range 16 {
				v := (1000 + 77*float64(y) + 500*float64(i)) * factor
				rows = append(rows, fmt.Sprintf("rd_spend %s %d %.1f", region, 2005+y, v*(1+0.01*float64(y*y%5))))
			}
		}
		return rows
	}
	f.publish(revision, table(1)...)
	if got := severities(f.try(revision, table(1.05)...).Problems); got != "" {
		t.Errorf("without a past, 5%%: %q", got)
	}
	f.publish(revision, table(1.002)...)
	if got := severities(f.try(revision, table(1.004)...).Problems); got != "" {
		t.Errorf("as before: %q", got)
	}
	if got, want := severities(f.try(revision, table(1.051)...).Problems), "revision_large query"; got != want {
		t.Errorf("far more than before: %q, want %q", got, want)
	}
}

// TestFindingsAreCapped: a hundred of a code, and how many more there are.
func TestFindingsAreCapped(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	catalog := newCatalog()
	var rows []string
	for i := range 130 {
		code := fmt.Sprintf("3502%02d", i)
		if i > 99 {
			code = fmt.Sprintf("3503%02d", i-100)
		}
		catalog.Regions = append(catalog.Regions, indicator.Region{Code: code, Name: indicator.T("县"+code, "County "+code),
			Short: indicator.T("县"+code, "County "+code), Level: indicator.City, Parent: "350000", Collected: true})
		for y := range 9 {
			v := 1000*float64(y+10) + float64((i*7+y*y*13)%40)
			if y == 8 && i%2 == 0 {
				v *= 3
			} else if y == 8 {
				v /= 3
			}
			rows = append(rows, fmt.Sprintf("rd_spend %s %d %.1f", code, 2014+y, v))
		}
	}
	catalog.Index()
	f.Catalog = func() *indicator.Catalog { return catalog }
	checks := warning.DefaultChecks()
	checks.Off = []warning.Code{warning.StepRegions}
	f.Checks = &checks
	staged := f.try(upload.Options{Explanation: "见附件"}, rows...)
	count := 0
	for _, p := range staged.Problems {
		if p.Code == string(warning.OutlierHistory) {
			count++
		}
	}
	last := staged.Problems[len(staged.Problems)-1]
	if count != 101 || last.Cell != "" || !strings.Contains(last.Message.ZH, "30") {
		t.Errorf("%d findings, the last %+v; want 100 and one that counts 30 more", count, last)
	}
}

func TestExplanationIsALabel(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	for _, bad := range []string{strings.Repeat("长", 1001), "a\u202eb"} {
		staged := f.try(upload.Options{Explanation: bad}, "rd_spend 350000 2022 1")
		if got := severities(staged.Problems); got != "bad_explanation error" || staged.Upload != nil {
			t.Errorf("%.10q…: %q, kept %v", bad, got, staged.Upload)
		}
	}
}

// TestPeriodsThatAreNotOver: a final figure of this year is told, one that says
// that it is provisional is not.
func TestPeriodsThatAreNotOver(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	year := f.clock().Year()
	for row, want := range map[string]string{
		fmt.Sprintf("rd_spend 350000 %d 60", year):   "D2 period_not_over note",
		fmt.Sprintf("rd_spend 350000 %d 60 P", year): "",
		fmt.Sprintf("rd_spend 350000 %d 60", year-1): "",
	} {
		if got := severities(f.try(upload.Options{}, row).Problems); got != want {
			t.Errorf("%s: %q, want %q", row, got, want)
		}
	}
}
