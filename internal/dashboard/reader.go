package dashboard

import (
	"context"
	"errors"
	"fmt"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// reader gives yearly series of one snapshot, cut at the as-of period, and the
// comparisons between regions made from them. It serves one Build or Assess.
type reader struct {
	snap     *snapshot.Snapshot
	catalog  *indicator.Catalog
	limit    indicator.Period
	columns  map[string]*snapshot.Column
	damages  map[string]*snapshot.DamageError // instead of the column
	rankings map[rankingKey]ranking
	levels   map[levelKey][]indicator.Series
}

// levelKey is an indicator in all regions of a level.
type levelKey struct {
	indicator string
	level     indicator.Level
}

func newReader(snap *snapshot.Snapshot, catalog *indicator.Catalog, limit indicator.Period) *reader {
	return &reader{
		snap: snap, catalog: catalog, limit: limit,
		columns:  map[string]*snapshot.Column{},
		damages:  map[string]*snapshot.DamageError{},
		rankings: map[rankingKey]ranking{},
		levels:   map[levelKey][]indicator.Series{},
	}
}

// load fetches the yearly columns of the indicators, so that series cannot fail.
// One that does not add up is kept as damage and has no readings.
func (r *reader) load(ctx context.Context, codes ...string) error {
	for _, code := range codes {
		if r.columns[code] != nil || r.damages[code] != nil || code == "" {
			continue
		}
		column, err := r.snap.Column(ctx, code, indicator.Annual)
		var damage *snapshot.DamageError
		switch {
		case errors.As(err, &damage):
			r.damages[code] = damage
		case err != nil:
			return fmt.Errorf("readings of %s: %w", code, err)
		default:
			r.columns[code] = column
		}
	}
	return nil
}

// series is the yearly readings of a loaded indicator in a region; without any
// it has no points.
func (r *reader) series(code, region string) indicator.Series {
	column := r.columns[code]
	if column == nil {
		return indicator.Series{Indicator: code, Region: region, Freq: indicator.Annual}
	}
	return column.Series(region).Until(r.limit)
}

// level is the series of a loaded indicator in all collected regions of a level
// that have readings.
func (r *reader) level(code string, level indicator.Level) []indicator.Series {
	key := levelKey{code, level}
	if list, ok := r.levels[key]; ok {
		return list
	}
	var list []indicator.Series
	for n := range r.catalog.Regions {
		region := &r.catalog.Regions[n]
		if region.Level != level || !region.Collected {
			continue
		}
		if s := r.series(code, region.Code); len(s.Points) > 0 {
			list = append(list, s)
		}
	}
	r.levels[key] = list
	return list
}

// hasAny reports whether any region has a reading of the indicator.
func (r *reader) hasAny(code string) bool {
	column := r.columns[code]
	if column == nil {
		return false
	}
	for _, region := range column.Regions() {
		if _, ok := r.series(code, region).Latest(indicator.Period{}); ok {
			return true
		}
	}
	return false
}

// commonYear is the latest period for which at least half of the provinces have
// a reading, so that one early province does not make a ranking of one; without
// such a period the latest of any.
func (r *reader) commonYear(code string) indicator.Period {
	counts := map[indicator.Period]int{}
	provinces := r.catalog.Provinces()
	for _, p := range provinces {
		for _, point := range r.series(code, p.Code).Points {
			if point.Status.HasValue() {
				counts[point.Period]++
			}
		}
	}
	var common, latest indicator.Period
	for period, n := range counts {
		if latest.IsZero() || period.Compare(latest) > 0 {
			latest = period
		}
		if 2*n >= len(provinces) && (common.IsZero() || period.Compare(common) > 0) {
			common = period
		}
	}
	if common.IsZero() {
		return latest
	}
	return common
}
