package upload

import (
	"context"
	"fmt"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// checked is what only history can say about an upload, such as that a revision
// needs a reason.
type checked struct {
	problems []indicator.Problem
	counts   map[ChangeKind]int // nil: not compared
	against  *snapshot.Snapshot // what the counts are of; nil: not compared
}

// checkNewest holds an upload against the newest version of the ledger. It is
// asked again at every step, because history moves.
func (s *Service) checkNewest(ctx context.Context, u Upload, c Contents) (checked, error) {
	snap, err := s.Snapshots.Newest(ctx, u.Released)
	if err != nil {
		return checked{}, ledgerTrouble(err)
	}
	return s.check(ctx, snap, u, c)
}

// preview is checkNewest for those who only look: with what was last read of the
// ledger, or with nothing, and a note that says so. Its error is that of the context.
func (s *Service) preview(ctx context.Context, u Upload, c Contents) (checked, error) {
	snap, troubles, err := s.Snapshots.Served(ctx, u.Released, u.before())
	var found checked
	if err == nil {
		found, err = s.check(ctx, snap, u, c)
	}
	switch {
	case err != nil:
		return checked{problems: append(s.checkDates(u, c.Cells), notCompared(err))}, ctx.Err()
	case len(troubles) > 0:
		found.problems = append(found.problems, comparedEarlier(troubles[0]))
	}
	return found, nil
}

func (s *Service) check(ctx context.Context, snap *snapshot.Snapshot, u Upload, c Contents) (checked, error) {
	var first Change
	revised, counts := 0, map[ChangeKind]int{}
	err := compare(ctx, snap, c.Cells, func(c Change) {
		counts[c.Kind]++
		if c.Revises() {
			if revised == 0 {
				first = c
			}
			revised++
		}
	})
	if err != nil {
		return checked{}, err
	}
	problems := s.checkDates(u, c.Cells)
	if revised > 0 && u.Reason == "" {
		problems = append(problems, s.missingReason(first, revised))
	}
	found, err := s.examine(ctx, snap, c)
	if err != nil {
		return checked{}, err
	}
	problems = slices.Concat(problems, unfinishedPeriods(s.Catalog(), s.Now(), c.Cells), found)
	if asked := u.unexplained(c.Problems, found); len(asked) > 0 {
		problems = append(problems, missingExplanation(asked))
	}
	return checked{problems, counts, snap}, nil
}

func (s *Service) checkDates(u Upload, cells []ingest.Cell) []indicator.Problem {
	problems := futurePeriods(s.Now(), cells)
	if u.Released.After(s.Now()) {
		problems = append(problems, futureRelease(u.Released))
	} else if !u.Released.IsZero() {
		problems = append(problems, releasedTooEarly(u.Released, cells)...)
	}
	return problems
}

func (s *Service) missingReason(first Change, revised int) indicator.Problem {
	catalog := s.Catalog()
	name, region := indicator.T(first.Indicator, first.Indicator), indicator.T(first.Region, first.Region)
	value := func(v float64, st indicator.Status) string {
		if !st.HasValue() {
			return string(st)
		}
		return fmt.Sprintf("%v", v)
	}
	if i := catalog.Indicator(first.Indicator); i != nil {
		name = i.Name
	}
	if r := catalog.Region(first.Region); r != nil {
		region = r.Name
	}
	before, after := value(first.Old.Value, first.Old.Status), value(first.Value, first.Status)
	return indicator.Problem{
		Cell: first.Cell.Cell, Code: "missing_reason", Severity: indicator.SeverityError,
		Message: indicator.T(
			fmt.Sprintf("有 %d 个数值与已发布的不同，首个为%s%s“%s”：%s → %s。请说明修订原因（--reason）。",
				revised, region.ZH, first.Period.Label(indicator.ZH), name.ZH, before, after),
			fmt.Sprintf("%s from what is published, first %s, %s, %s: %s → %s. Give the reason of the revision (--reason).",
				indicator.Plural(revised, "value differs", "values differ"), name.EN, region.EN, first.Period.Label(indicator.EN), before, after)),
	}
}
