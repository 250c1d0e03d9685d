package upload

import (
	"context"
	"fmt"
	"slices"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// ChangeKind says what a reading does to the current value.
type ChangeKind string

// The kinds. Withdrawn: an explicit mark hides a published value.
const (
	New       ChangeKind = "new"
	Changed   ChangeKind = "changed"
	Unchanged ChangeKind = "unchanged"
	Withdrawn ChangeKind = "withdrawn"
)

// Name is the kind as a page shows it.
func (k ChangeKind) Name() indicator.Text {
	switch k {
	case New:
		return indicator.T("新增", "new")
	case Changed:
		return indicator.T("变动", "changed")
	case Unchanged:
		return indicator.T("未变", "unchanged")
	case Withdrawn:
		return indicator.T("撤销数值", "withdrawn")
	}
	return indicator.Text{}
}

// Change is one reading of an upload beside the current value.
type Change struct {
	Kind ChangeKind
	ingest.Cell
	Old indicator.Point // the zero Point where there was none
}

// Revises reports whether a published value would be another one, or none,
// afterwards: this needs a reason. A new observation status alone does not.
func (c Change) Revises() bool {
	return c.Old.Status.HasValue() && (!c.Status.HasValue() || c.Value != c.Old.Value)
}

// Diff is what publishing an upload changes, or changed.
type Diff struct {
	Counts  map[ChangeKind]int
	Changes []Change // every reading, in the order of the file
}

// Diff compares an upload with the values current at its released (no limit
// when none is given): for an open upload those of now, for a published one
// those just before it.
func (s *Service) Diff(ctx context.Context, actor account.User, id string) (Diff, error) {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return Diff{}, err
	}
	c, err := s.contents(ctx, u)
	if err != nil {
		return Diff{}, err
	}
	var before ledger.Version
	if u.At != 0 {
		before = u.At - 1
	}
	snap, err := s.Snapshots.At(ctx, u.Released, before)
	if err != nil {
		return Diff{}, ledgerTrouble(err)
	}
	return newDiff(ctx, snap, c.Cells)
}

func newDiff(ctx context.Context, snap *snapshot.Snapshot, cells []ingest.Cell) (Diff, error) {
	d := Diff{Counts: map[ChangeKind]int{}, Changes: make([]Change, 0, len(cells))}
	err := compare(ctx, snap, cells, func(c Change) {
		d.Counts[c.Kind]++
		d.Changes = append(d.Changes, c)
	})
	return d, err
}

// compare holds every cell against the values of the snapshot.
func compare(ctx context.Context, snap *snapshot.Snapshot, cells []ingest.Cell, yield func(Change)) error {
	current := lookup{snap: snap, series: map[seriesKey]indicator.Series{}}
	for _, cell := range cells {
		old, err := current.point(ctx, cell.Reading)
		if err != nil {
			return ledgerTrouble(err)
		}
		yield(Change{Kind: changeKind(old, cell.Reading), Cell: cell, Old: old})
	}
	return nil
}

func changeKind(old indicator.Point, r indicator.Reading) ChangeKind {
	switch {
	case old.Period.IsZero(), !old.Status.HasValue() && r.Status.HasValue():
		return New
	case old.Status.HasValue() && !r.Status.HasValue():
		return Withdrawn
	case old.Value != r.Value || old.Status != r.Status:
		return Changed
	}
	return Unchanged
}

type seriesKey struct {
	indicator, region string
	freq              indicator.Freq
}

// lookup finds current values, fetching each series once.
type lookup struct {
	snap   *snapshot.Snapshot
	series map[seriesKey]indicator.Series
}

func (l lookup) point(ctx context.Context, r indicator.Reading) (indicator.Point, error) {
	key := seriesKey{r.Indicator, r.Region, r.Period.Freq()}
	series, ok := l.series[key]
	if !ok {
		column, err := l.snap.Column(ctx, r.Indicator, r.Period.Freq())
		if err != nil {
			return indicator.Point{}, err
		}
		series = column.Series(r.Region)
		l.series[key] = series
	}
	i, ok := slices.BinarySearchFunc(series.Points, r.Period, func(p indicator.Point, at indicator.Period) int {
		return p.Period.Compare(at)
	})
	if !ok {
		return indicator.Point{}, nil
	}
	return series.Points[i], nil
}

// checkNewest is what only history can say about an upload, such as that a
// revision needs a reason, with the kinds of change counted. It is asked again at
// every step, of the newest version of the ledger, because history moves.
func (s *Service) checkNewest(ctx context.Context, u Upload, cells []ingest.Cell) ([]indicator.Problem, map[ChangeKind]int, error) {
	snap, err := s.Snapshots.Newest(ctx, u.Released)
	if err != nil {
		return nil, nil, ledgerTrouble(err)
	}
	return s.check(ctx, snap, u, cells)
}

// preview is checkNewest for those who only look: with what was last read of the
// ledger, or with nothing, and a note that says so. Its error is that of the context.
func (s *Service) preview(ctx context.Context, u Upload, cells []ingest.Cell) ([]indicator.Problem, map[ChangeKind]int, error) {
	snap, troubles, err := s.Snapshots.Served(ctx, u.Released, 0)
	var problems []indicator.Problem
	var counts map[ChangeKind]int
	if err == nil {
		problems, counts, err = s.check(ctx, snap, u, cells)
	}
	switch {
	case err != nil:
		return append(s.checkDates(u, cells), notCompared(err)), nil, ctx.Err()
	case len(troubles) > 0:
		problems = append(problems, comparedEarlier(troubles[0]))
	}
	return problems, counts, nil
}

func (s *Service) check(ctx context.Context, snap *snapshot.Snapshot, u Upload, cells []ingest.Cell) ([]indicator.Problem, map[ChangeKind]int, error) {
	var first Change
	revised, counts := 0, map[ChangeKind]int{}
	err := compare(ctx, snap, cells, func(c Change) {
		counts[c.Kind]++
		if c.Revises() {
			if revised == 0 {
				first = c
			}
			revised++
		}
	})
	if err != nil {
		return nil, nil, err
	}
	problems := s.checkDates(u, cells)
	if revised > 0 && u.Reason == "" {
		problems = append(problems, s.missingReason(first, revised))
	}
	return problems, counts, nil
}

func (s *Service) checkDates(u Upload, cells []ingest.Cell) []indicator.Problem {
	problems := futurePeriods(s.Now(), cells)
	if u.Released.After(s.Now()) {
		problems = append(problems, futureRelease(u.Released))
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
			fmt.Sprintf("%d values differ from published ones, first %s, %s, %s: %s → %s. Give the reason of the revision (--reason).",
				revised, name.EN, region.EN, first.Period.Label(indicator.EN), before, after)),
	}
}
