package upload

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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
				fmt.Sprintf("%d more of this kind, not listed one by one.", more))})
		}
		problems = problems[n:]
	}
	return kept
}
