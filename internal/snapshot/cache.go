package snapshot

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
)

// pastKept is how many snapshots of past moments stay in memory.
const pastKept = 6

// Cache keeps the current snapshot and a few past ones. It is safe for
// concurrent use; make one for each ledger and process.
//
// The current snapshot is the last good one. When the ledger's version has
// moved, the next takes its place once every column that was shown adds up in it,
// too. Until then, and while the ledger cannot be reached, readers are served
// the one before, and Served and State say what is wrong.
type Cache struct {
	ledger ledger.Ledger
	now    func() time.Time // measures the polling only

	settling chan struct{} // has room for the one poll that makes the newest snapshot the current one

	mu          sync.Mutex
	current     *Snapshot // nil before the first
	newest      *Snapshot // what the ledger told of last; the current one unless something is wrong with it
	historyAt   time.Time // when that was asked for
	poll        *poll     // the last that was begun
	ended       int       // number of the last whose outcome is known
	refreshes   int
	failures    int   // polls in a row that could not reach the ledger
	unreachable error // of the last poll
	troubles    map[string]Trouble
	observers   []Observer
	past        []pastSnapshot // most recently used first

	regions sync.Map // of publications: id → sorted codes

	telling sync.RWMutex // held for reading while observers are told
	closed  bool
}

// pastSnapshot is kept under the version that was asked for.
type pastSnapshot struct {
	*Snapshot
	version ledger.Version
}

// New makes the cache of a ledger. Nothing is read before the first At.
func New(l ledger.Ledger) *Cache {
	// The wall clock, not the product's: a demonstration stands still on its
	// day, and would never notice what is published.
	return &Cache{ledger: l, now: time.Now, settling: make(chan struct{}, 1)}
}

// Refresh makes the next At ask the ledger, whenever it asked last. Call it
// after publishing or reverting, so that writers see their own writes at once;
// what other processes write is noticed within seconds.
func (c *Cache) Refresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refreshes++
}

// At gives the snapshot of an as of (zero: no limit) at a version (zero: the
// current one). A version between two events is that of the earlier one; one
// that the ledger has not reached is an ErrNotFound.
func (c *Cache) At(ctx context.Context, asOf time.Time, v ledger.Version) (*Snapshot, error) {
	s, _, err := c.Served(ctx, asOf, v)
	return s, err
}

// Served is At for answers to readers: with why the snapshot may not be of the
// ledger's newest version. Nothing is wrong with one that was asked for by its version.
func (c *Cache) Served(ctx context.Context, asOf time.Time, v ledger.Version) (*Snapshot, []Trouble, error) {
	p, waited := c.await(ctx, v)
	if waited != nil {
		return nil, nil, waited
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	stale := c.stale()
	switch {
	case c.current == nil:
		return nil, nil, c.whyNone(p)
	case v == 0:
		return c.kept(c.current, asOf, c.current.Version()), stale, nil
	case v <= c.current.Version():
		return c.kept(c.current, asOf, v), nil, nil
	case v <= c.newest.Version():
		return c.kept(c.newest, asOf, v), nil, nil
	case c.unreachable != nil:
		return nil, nil, c.unreachable
	}
	return nil, nil, fmt.Errorf("%w: the ledger has no version %d yet, its newest is %d", ledger.ErrNotFound, v, c.newest.Version())
}

// Newest is the snapshot of an as of (zero: no limit) at the very newest version
// of the ledger, which is asked for it: for those who check and publish. It is
// never a good one of before: a ledger that cannot be reached is its error, and
// a column that does not add up is refused by that snapshot with a *DamageError.
func (c *Cache) Newest(ctx context.Context, asOf time.Time) (*Snapshot, error) {
	c.mu.Lock()
	p := c.begin()
	c.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.asked:
	}
	if p.err != nil {
		return nil, p.err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept(p.newest, asOf, p.newest.Version()), nil
}

// kept is the snapshot of an as of at a version that the given one has passed:
// that one itself, one of those kept, or a new one. The caller holds the lock.
func (c *Cache) kept(from *Snapshot, asOf time.Time, v ledger.Version) *Snapshot {
	if asOf.IsZero() && v == from.Version() {
		return from
	}
	for i, kept := range c.past {
		if kept.asOf.Equal(asOf) && kept.version == v {
			c.past = slices.Insert(slices.Delete(c.past, i, i+1), 0, kept)
			return kept.Snapshot
		}
	}
	s := c.snapshot(from.history.At(v), asOf)
	c.past = slices.Insert(c.past, 0, pastSnapshot{s, v})
	c.past = c.past[:min(len(c.past), pastKept)]
	return s
}

func (c *Cache) snapshot(h ledger.History, asOf time.Time) *Snapshot {
	return newSnapshot(c.ledger, h, asOf, c.now, c.wasLoaded)
}
