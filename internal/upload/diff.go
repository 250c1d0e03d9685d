package upload

import (
	"context"
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
