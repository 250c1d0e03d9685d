package upload

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// first is what the vintages of a reading say about its coverage.
type first struct {
	released time.Time        // of the first vintage with a value
	status   indicator.Status // that counts now; empty: there is no reading
}

// firsts keeps them by indicator, each with what it was made from.
type firsts struct {
	mu   sync.Mutex
	kept map[string]keptFirsts
}

type keptFirsts struct {
	from     string // the publications and the periods
	readings map[indicator.Key]first
}

// of gives the readings of an indicator for some periods. The vintages of all its
// readings are gone through, so that is done once for the same publications.
func (f *firsts) of(ctx context.Context, snap *snapshot.Snapshot, code string, periods []indicator.Period) (map[indicator.Key]first, error) {
	from := madeFrom(snap, code, periods)
	f.mu.Lock()
	kept, ok := f.kept[code]
	f.mu.Unlock()
	if ok && kept.from == from {
		return kept.readings, nil
	}
	readings := map[indicator.Key]first{}
	selection := snapshot.Selection{Indicators: []string{code}, From: periods[0], To: periods[len(periods)-1]}
	for row, err := range snap.Vintages(ctx, selection) {
		if err != nil {
			return nil, err
		}
		if !slices.Contains(periods, row.Period) { // of another frequency
			continue
		}
		r := readings[row.Key()]
		if r.status = row.Status; row.Status.HasValue() && r.released.IsZero() {
			r.released = row.Publication.Released
		}
		readings[row.Key()] = r
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[string]keptFirsts{}
	}
	f.kept[code] = keptFirsts{from, readings}
	return readings, nil
}

// madeFrom names the visible publications of an indicator, whose content never
// changes, and the periods.
func madeFrom(snap *snapshot.Snapshot, code string, periods []indicator.Period) string {
	parts := []string{periods[0].String(), periods[len(periods)-1].String()}
	for _, p := range snap.Publications() {
		for _, part := range p.Parts {
			if part.Indicator == code {
				parts = append(parts, p.ID)
				break
			}
		}
	}
	return strings.Join(parts, " ")
}
