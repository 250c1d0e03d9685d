package snapshot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Vintage is one vintage in the history of a reading.
type Vintage struct {
	Row
	Counts   bool // it is the value
	Reverted bool // its upload was taken back, and the snapshot knows of it
}

// Step is a moment from which on a reading stood at another vintage; none where
// all were taken back.
type Step struct {
	At      time.Time
	Vintage *Vintage
}

// History gives all vintages of one reading, from the oldest release to the
// newest, those of reverted uploads too, and how the reading stood over time as
// the snapshot knows it. Both are empty where it has none. A column that does not
// add up is a *DamageError.
func (s *Snapshot) History(ctx context.Context, key indicator.Key) ([]Vintage, []Step, error) {
	column, err := s.Column(ctx, key.Indicator, key.Period.Freq())
	if err != nil {
		return nil, nil, err
	}
	known := map[int64]*ledger.Publication{}
	for i := range s.history.Publications {
		if p := &s.history.Publications[i]; s.knows(p) {
			known[p.Seq] = p
		}
	}
	var list []Vintage
	for v, err := range s.ledger.Vintages(ctx, ledger.Query{Indicator: key.Indicator, Freq: key.Period.Freq(),
		Region: key.Region, From: key.Period, To: key.Period}) {
		if err != nil {
			return nil, nil, fmt.Errorf("history of %s %s %s: %w", key.Indicator, key.Region, key.Period, err)
		}
		if p := known[v.Seq]; p != nil {
			list = append(list, Vintage{Row: Row{v.Reading, p}, Reverted: s.hides(p.ID)})
		}
	}
	slices.SortStableFunc(list, func(a, b Vintage) int { return a.Publication.Compare(*b.Publication) })
	if !s.markValue(column, key, list) {
		return nil, nil, fmt.Errorf("%w: the ledger gave a history of %s %s %s that lacks its value", ledger.ErrUnavailable,
			key.Indicator, key.Region, key.Period)
	}
	return list, s.steps(list), nil
}

// knows reports whether a publication belongs to a history at the snapshot's as
// of: what was visible then or was taken back by then.
func (s *Snapshot) knows(p *ledger.Publication) bool {
	if !s.hides(p.ID) {
		return true
	}
	return p.RevertedAt != 0 && (s.asOf.IsZero() || !p.Released.After(s.asOf) && !p.RevertedAt.Time().After(s.asOf))
}

// hides reports that a publication does not count.
func (s *Snapshot) hides(id string) bool {
	_, visible := s.byID[id]
	return !visible
}

// markValue marks the vintage that is the value in the column, which was
// counted and summed; false where the two do not agree.
func (s *Snapshot) markValue(column *Column, key indicator.Key, list []Vintage) bool {
	for _, point := range column.Series(key.Region).Points {
		if point.Period != key.Period {
			continue
		}
		for i := range list {
			if v := &list[i]; v.Publication.ID == point.Upload {
				v.Counts = v.Value == point.Value && v.Status == point.Status
				return v.Counts
			}
		}
		return false
	}
	return true
}

// steps asks the ledger's one rule for the value at every moment at which it can
// have changed.
func (s *Snapshot) steps(list []Vintage) []Step {
	h := ledger.History{Version: s.history.Version}
	byID := map[string]*Vintage{}
	var moments []time.Time
	add := func(t time.Time) {
		if s.asOf.IsZero() || !t.After(s.asOf) {
			moments = append(moments, t)
		}
	}
	for i := range list {
		p := list[i].Publication
		h.Publications, byID[p.ID] = append(h.Publications, *p), &list[i]
		add(p.Released)
		if p.RevertedAt != 0 {
			add(p.At.Time())
			add(p.RevertedAt.Time())
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	var steps []Step
	for _, at := range slices.CompactFunc(moments, time.Time.Equal) {
		var now *Vintage
		if visible := h.Visible(at, s.history.Version); len(visible) > 0 {
			now = byID[visible[0].ID]
		}
		if len(steps) == 0 && now != nil || len(steps) > 0 && steps[len(steps)-1].Vintage != now {
			steps = append(steps, Step{at, now})
		}
	}
	return steps
}
