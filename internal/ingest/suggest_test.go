package ingest

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
)

// TestSuggestionsSettleTheirProblems: a problem of any case is gone when its
// first suggestion is accepted as it stands; whichever is, the answer itself is
// never refused.
func TestSuggestionsSettleTheirProblems(t *testing.T) {
	t.Parallel()
	const most = 40 // of one case
	suggesting := map[string]int{}
	for _, dir := range caseDirs(t) {
		content, name, o := readCase(t, dir)
		before, err := Parse(t.Context(), bytes.NewReader(content), name, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range before.Problems[:min(most, len(before.Problems))] {
			for i, s := range p.Suggestions {
				suggesting[s.Option]++
				accepted := o
				accepted.Answers = o.With(s)
				after, err := Parse(t.Context(), bytes.NewReader(content), name, accepted)
				if err != nil {
					t.Fatal(err)
				}
				same := func(q indicator.Problem) bool {
					return q.Code == p.Code && q.Cell == p.Cell && q.Message == p.Message && slices.Equal(q.Suggestions, p.Suggestions)
				}
				if i == 0 && slices.ContainsFunc(after.Problems, same) {
					t.Errorf("%s: %s %s stays with --%s %q: %s", filepath.Base(dir), p.Cell, p.Code, s.Option, s.Value, p.Message.EN)
				}
				for _, q := range after.Problems {
					switch q.Code {
					case codeBadColumn, codeBadMark, codeBadName, codeBadSkip, codeUnusedAnswer:
						if !slices.ContainsFunc(before.Problems, func(b indicator.Problem) bool { return b.Code == q.Code }) {
							t.Errorf("%s: %s %s: --%s %q is refused: %s", filepath.Base(dir), p.Cell, p.Code, s.Option, s.Value, q.Message.EN)
						}
					}
				}
			}
		}
	}
	for _, option := range []string{optionIndicator, optionUnit, optionRegion, optionYear, optionSheet, optionLayout,
		optionMark, optionHeader, optionColumn, optionSkip, optionName} {
		if suggesting[option] == 0 {
			t.Errorf("no case suggests --%s", option)
		}
	}
}

func TestWithReplacesTheAnswerToOneQuestion(t *testing.T) {
	t.Parallel()
	a := Answers{Unit: "元", Columns: []string{"C=value", "D=ignored"}, Marks: []string{"…=N"}, Names: []string{"福 健=350000"}, Skip: []string{"3"}}
	for _, s := range []indicator.Suggestion{
		{Option: "unit", Value: "亿元"}, {Option: "column", Value: "c=gdp"}, {Option: "mark", Value: "…=O"}, {Option: "mark", Value: "a=b=M"},
		{Option: "name", Value: "福健=350100"}, {Option: "skip", Value: "3"}, {Option: "skip", Value: "9-"}, {Option: "nothing", Value: "x"},
		{Option: "header", Value: "4-5"}, {Option: "status", Value: "P"}, {Option: "year", Value: "2023"},
		{Option: "indicator", Value: "gdp"}, {Option: "region", Value: "350000"}, {Option: "sheet", Value: "2"}, {Option: "layout", Value: "long"},
	} {
		a = a.With(s)
	}
	want := Answers{Indicator: "gdp", Unit: "亿元", Region: "350000", Year: "2023", Sheet: "2", Layout: "long", Status: "P", Header: "4-5",
		Columns: []string{"D=ignored", "c=gdp"}, Marks: []string{"…=O", "a=b=M"}, Names: []string{"福健=350100"}, Skip: []string{"3", "9-"}}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
}
