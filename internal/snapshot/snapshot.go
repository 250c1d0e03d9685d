// Package snapshot keeps the readings that pages and assessments need in
// memory, as columns, at one state of the ledger: the current one, or a past
// one by as of and version.
package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
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
	held    map[columnKey]int    // rows that the visible publications hold

	now     func() time.Time
	loaded  func(Load) // is told of every load
	loading singleflight.Group
	mu      sync.Mutex
	columns map[columnKey]*Column
	failed  map[columnKey]failure
}

type columnKey struct {
	indicator string
	freq      indicator.Freq
}

func (k columnKey) String() string { return k.indicator + "/" + string(k.freq) }

// failure is a load that failed, and until when its error is the answer to
// everybody: a page that shows a damaged column must not read it anew each time.
type failure struct {
	err   error
	until time.Time
}

// A failed load is tried again after a while; one that did not add up the later
// the longer it took, because the ledger has to give all of it again.
const (
	retryAfter    = 3 * time.Second
	retrySlowdown = 4
)

// newSnapshot is the state at asOf (zero: no limit) of a history.
func newSnapshot(l ledger.Ledger, h ledger.History, asOf time.Time, now func() time.Time, loaded func(Load)) *Snapshot {
	s := &Snapshot{ledger: l, asOf: asOf, history: h, visible: h.Visible(asOf, h.Version), now: now, loaded: loaded,
		columns: map[columnKey]*Column{}, failed: map[columnKey]failure{}}
	s.newest = slices.Clone(s.visible)
	slices.SortFunc(s.newest, func(a, b ledger.Publication) int { return cmp.Compare(b.Seq, a.Seq) })
	s.byID = make(map[string]int, len(s.newest))
	s.held = map[columnKey]int{}
	for i, p := range s.newest {
		s.byID[p.ID] = i
		for _, part := range p.Parts {
			s.held[columnKey{part.Indicator, part.Freq}] += part.Rows
		}
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
// that failed is the answer for some seconds and then tried again. A
// *DamageError says that the ledger's answer does not add up.
func (s *Snapshot) Column(ctx context.Context, code string, f indicator.Freq) (*Column, error) {
	return s.column(ctx, columnKey{code, f})
}

func (s *Snapshot) column(ctx context.Context, key columnKey) (*Column, error) {
	if s.held[key] == 0 { // the ledger need not be asked, which may be away
		return s.empty(key)
	}
	if c, err := s.known(key); c != nil || err != nil {
		return c, err
	}
	result := s.loading.DoChan(key.String(), func() (any, error) {
		if c, err := s.known(key); c != nil || err != nil {
			return c, err
		}
		// It goes on when the first who asked goes away: others wait for it.
		return s.load(context.WithoutCancel(ctx), key)
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

func (s *Snapshot) empty(key columnKey) (*Column, error) {
	if _, err := indicator.ParseFreq(string(key.freq)); err != nil {
		return nil, fmt.Errorf("%w: %w", ledger.ErrInvalid, err)
	}
	return &Column{indicator: key.indicator, freq: key.freq, starts: []int32{0}}, nil
}

// known is the column, or the error of its last load while that stands.
func (s *Snapshot) known(key columnKey) (*Column, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.failed[key]; ok && s.now().Before(f.until) {
		return nil, f.err
	}
	return s.columns[key], nil
}

func (s *Snapshot) load(ctx context.Context, key columnKey) (*Column, error) {
	began := s.now()
	c, err := load(key.indicator, key.freq, s.visible, s.held[key],
		s.ledger.Vintages(ctx, ledger.Query{Indicator: key.indicator, Freq: key.freq}))
	told := Load{Indicator: key.indicator, Freq: key.freq, Took: s.now().Sub(began), Err: err}
	s.mu.Lock()
	if err == nil {
		s.columns[key], told.Readings = c, c.Len()
		delete(s.failed, key)
	} else if !errors.Is(err, ledger.ErrInvalid) {
		pause := retryAfter
		if isDamage(err) {
			pause += retrySlowdown * told.Took
		}
		s.failed[key] = failure{err, s.now().Add(pause)}
	}
	s.mu.Unlock()
	s.loaded(told)
	return c, err
}

// Load brings every column of a selection into memory, and fails with the first
// that cannot be: before an answer of which nothing may be missing.
func (s *Snapshot) Load(ctx context.Context, sel Selection) error {
	for _, code := range s.indicators(sel) {
		for _, f := range s.frequencies(code) {
			if _, err := s.Column(ctx, code, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// damages are the columns whose last load did not add up.
func (s *Snapshot) damages() []*DamageError {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*DamageError
	for _, f := range s.failed {
		var damage *DamageError
		if errors.As(f.err, &damage) {
			list = append(list, damage)
		}
	}
	return list
}

// failures are the columns whose last load failed.
func (s *Snapshot) failures() []columnKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.failed))
}

// all is the columns in memory.
func (s *Snapshot) all() map[columnKey]*Column {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.columns)
}

// inherit takes over the loaded columns that no event touches which the older
// snapshot does not know.
func (s *Snapshot) inherit(older *Snapshot) {
	touched, theirs := s.touchedSince(older), older.all()
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, column := range theirs {
		if !touched[key] && s.columns[key] == nil {
			s.columns[key] = column
		}
	}
}

// lacking are the columns that the older snapshot shows, if only as empty, and
// that this one has yet to load.
func (s *Snapshot) lacking(older *Snapshot) []columnKey {
	mine, theirs := s.all(), older.all()
	var list []columnKey
	for key := range s.touchedSince(older) {
		if mine[key] == nil && (theirs[key] != nil || older.held[key] == 0) {
			list = append(list, key)
		}
	}
	return list
}

// touchedSince are the columns of the publications that the older snapshot does
// not have as they are here; their moments may lie before its version.
func (s *Snapshot) touchedSince(older *Snapshot) map[columnKey]bool {
	type moments struct{ at, revertedAt ledger.Version }
	before := make(map[int64]moments, len(older.history.Publications))
	for _, p := range older.history.Publications {
		before[p.Seq] = moments{p.At, p.RevertedAt}
	}
	touched := map[columnKey]bool{}
	for _, p := range s.history.Publications {
		if before[p.Seq] == (moments{p.At, p.RevertedAt}) {
			continue
		}
		for _, part := range p.Parts {
			touched[columnKey{part.Indicator, part.Freq}] = true
		}
	}
	return touched
}
