// Package snapshot keeps the readings that pages and assessments need in
// memory, as columns, at one state of the ledger: the current one, or a past
// one by as of and version.
package snapshot

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Snapshot is all readings as they are at one as of and one version. It never
// changes, is safe for concurrent use, and loads a column when first asked for.
type Snapshot struct {
	ledger  ledger.Ledger
	asOf    time.Time
	history ledger.History       // at the version
	visible []ledger.Publication // best first
	newest  []ledger.Publication // the same, newest first
	byID    map[string]int       // index into newest

	loading singleflight.Group
	mu      sync.Mutex
	columns map[columnKey]*Column
}

type columnKey struct {
	indicator string
	freq      indicator.Freq
}

// newSnapshot is the state at asOf (zero: no limit) of a history.
func newSnapshot(l ledger.Ledger, h ledger.History, asOf time.Time) *Snapshot {
	s := &Snapshot{ledger: l, asOf: asOf, history: h, visible: h.Visible(asOf, h.Version), columns: map[columnKey]*Column{}}
	s.newest = slices.Clone(s.visible)
	slices.SortFunc(s.newest, func(a, b ledger.Publication) int { return cmp.Compare(b.Seq, a.Seq) })
	s.byID = make(map[string]int, len(s.newest))
	for i, p := range s.newest {
		s.byID[p.ID] = i
	}
	return s
}

// Version is the state of the ledger that the snapshot is of.
func (s *Snapshot) Version() ledger.Version { return s.history.Version }

// AsOf is the moment whose knowledge the snapshot shows; zero is no limit.
func (s *Snapshot) AsOf() time.Time { return s.asOf }

// Publications lists the visible publications, the last published first.
func (s *Snapshot) Publications() []ledger.Publication { return slices.Clone(s.newest) }

// Publication finds a visible publication, such as that of a Point.Upload.
func (s *Snapshot) Publication(id string) (ledger.Publication, bool) {
	if i, ok := s.byID[id]; ok {
		return s.newest[i], true
	}
	return ledger.Publication{}, false
}

// Column is the readings of an indicator at a frequency; empty, without error,
// where there are none. It is loaded once, however many ask at a time; a load
// that failed is tried again by the next who asks. A *ledger.DamageError says
// that the ledger's answer does not add up.
func (s *Snapshot) Column(ctx context.Context, code string, f indicator.Freq) (*Column, error) {
	key := columnKey{code, f}
	if c := s.kept(key); c != nil {
		return c, nil
	}
	// The load goes on when the first who asked goes away: others wait for it.
	loadCtx := context.WithoutCancel(ctx)
	result := s.loading.DoChan(code+"/"+string(f), func() (any, error) {
		if c := s.kept(key); c != nil {
			return c, nil
		}
		vintages := s.ledger.Vintages(loadCtx, ledger.Query{Indicator: code, Freq: f})
		c, err := load(code, f, s.visible, vintages)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.columns[key] = c
		return c, nil
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*Column), nil
	}
}

func (s *Snapshot) kept(key columnKey) *Column {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.columns[key]
}

// inherit takes over the loaded columns that no event after the older
// snapshot's version touches.
func (s *Snapshot) inherit(older *Snapshot) {
	touched := map[columnKey]bool{}
	for _, p := range s.history.Publications {
		if p.At <= older.Version() && p.RevertedAt <= older.Version() {
			continue
		}
		for _, part := range p.Parts {
			touched[columnKey{part.Indicator, part.Freq}] = true
		}
	}
	older.mu.Lock()
	defer older.mu.Unlock()
	for key, column := range older.columns {
		if !touched[key] {
			s.columns[key] = column
		}
	}
}
