package upload

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/warning"
)

// examine asks the rules of warning about the cells, each indicator with what is
// published of it. Cells that change nothing are history like any other.
func (s *Service) examine(ctx context.Context, snap *snapshot.Snapshot, c Contents) ([]indicator.Problem, error) {
	catalog, checks := s.Catalog(), s.Checks
	if checks == nil {
		defaults := warning.DefaultChecks()
		checks = &defaults
	}
	var problems []indicator.Problem
	for _, group := range byColumn(c.Cells) {
		ind := catalog.Indicator(group.indicator)
		if ind == nil {
			continue
		}
		column, err := snap.Column(ctx, group.indicator, group.freq)
		if err != nil {
			return nil, ledgerTrouble(err)
		}
		panel := warning.Panel{
			Catalog: catalog, Indicator: ind, Freq: group.freq, Series: layOver(column, c.Cells, group.cells),
			Unit: func(cell int) string { return c.Cells[cell].Unit },
			Past: func() []float64 { return pastRevisions(ctx, snap, column, ind) },
		}
		for _, f := range warning.Check(panel, *checks) {
			problems = append(problems, problemOf(f, c))
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return capped(problems), nil
}

// problemOf is a finding at its cell. A unit is only suggested where a person, or
// nobody, said it: an option cannot contradict the file.
func problemOf(f warning.Finding, c Contents) indicator.Problem {
	p := indicator.Problem{Code: string(f.Code), Severity: f.Severity, Message: f.Message}
	if f.Cell != warning.Published {
		p.Cell = c.Cells[f.Cell].Cell
	}
	if c.Answers.Unit != "" || slices.ContainsFunc(c.Understood.Defaults, func(d ingest.Default) bool { return d.Name == "unit" }) {
		p.Suggestions = f.Suggestions
	}
	return p
}

// mostFindings are kept of one code; one more problem counts the rest.
const mostFindings = 100

// capped is the problems by code, at most so many of each.
func capped(problems []indicator.Problem) []indicator.Problem {
	slices.SortStableFunc(problems, func(a, b indicator.Problem) int {
		return cmp.Compare(slices.Index(warning.Codes, warning.Code(a.Code)), slices.Index(warning.Codes, warning.Code(b.Code)))
	})
	var kept []indicator.Problem
	for len(problems) > 0 {
		code := problems[0].Code
		n := slices.IndexFunc(problems, func(p indicator.Problem) bool { return p.Code != code })
		if n < 0 {
			n = len(problems)
		}
		kept = append(kept, problems[:min(n, mostFindings)]...)
		if more := n - mostFindings; more > 0 {
			kept = append(kept, indicator.Problem{Code: code, Severity: problems[0].Severity, Message: indicator.T(
				fmt.Sprintf("另有 %d 处同类提示，未逐一列出。", more),
				fmt.Sprintf("There are %d more of this kind, not listed one by one.", more))})
		}
		problems = problems[n:]
	}
	return kept
}

// MissingExplanation is the code of the error that what the checks ask about is
// not explained. A file with no other error is kept as a draft all the same.
const MissingExplanation = "missing_explanation"

// unexplained are the queries to which nothing was written. The reason of a
// revision explains what is asked about revisions.
func (u Upload) unexplained(lists ...[]indicator.Problem) []indicator.Problem {
	var asked []indicator.Problem
	if u.Explanation != "" {
		return nil
	}
	for _, p := range slices.Concat(lists...) {
		ofRevision := p.Code == string(warning.RevisionLarge) || p.Code == string(warning.RevisionPartial)
		if p.Severity == indicator.SeverityQuery && (!ofRevision || u.Reason == "") {
			asked = append(asked, p)
		}
	}
	return asked
}

func missingExplanation(asked []indicator.Problem) indicator.Problem {
	var places []string
	const shown = 5
	for _, p := range asked[:min(shown, len(asked))] {
		places = append(places, strings.TrimSpace(p.Cell+" "+p.Code))
	}
	more := indicator.Text{}
	if len(asked) > shown {
		more = indicator.T(" 等", " and more")
	}
	list, counted := strings.Join(places, ", "), fmt.Sprint(len(asked), " findings need")
	if len(asked) == 1 {
		counted = "1 finding needs"
	}
	return indicator.Problem{Cell: asked[0].Cell, Code: MissingExplanation, Severity: indicator.SeverityError, Message: indicator.T(
		fmt.Sprintf("有 %d 处需要核实并说明（%s%s）。数据无误的，请写明说明后提交（--explanation）；有误的，请改正后重新上传。", len(asked), list, more.ZH),
		fmt.Sprintf("%s an explanation (%s%s). Where the data are right, explain them (--explanation); where they are wrong, mend them and upload again.", counted, list, more.EN))}
}
