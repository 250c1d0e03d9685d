package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/dabiao/dabiao/internal/ledger"
)

const (
	// pollEvery is how long the version that the ledger gave is believed.
	pollEvery = time.Second
	// pastKept is how many snapshots of past moments stay in memory.
	pastKept = 6
)

// Cache keeps the current snapshot and a few past ones. It is safe for
// concurrent use; make one for each ledger and process.
type Cache struct {
	ledger ledger.Ledger
	now    func() time.Time // measures the polling only

	following singleflight.Group

	mu        sync.Mutex
	current   *Snapshot // nil before the first At
	polled    time.Time // zero: ask the ledger at the next occasion
	refreshes int
	past      []pastSnapshot // most recently used first
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
	return &Cache{ledger: l, now: time.Now}
}

// Refresh makes the next At ask the ledger, whenever it asked last. Call it
// after publishing or reverting, so that writers see their own writes at once;
// what other processes write is noticed within a second.
func (c *Cache) Refresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.polled = time.Time{}
	c.refreshes++
}

// At gives the snapshot of an as of (zero: no limit) at a version (zero: the
// current one). A version between two events is that of the earlier one; one
// that the ledger has not reached is an ErrNotFound.
func (c *Cache) At(ctx context.Context, asOf time.Time, v ledger.Version) (*Snapshot, error) {
	current, err := c.latest(ctx, v)
	switch {
	case err != nil:
		return nil, err
	case v > current.Version():
		return nil, fmt.Errorf("%w: the ledger has no version %d yet, its newest is %d", ledger.ErrNotFound, v, current.Version())
	case v == 0:
		v = current.Version()
	}
	if asOf.IsZero() && v == current.Version() {
		return current, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, kept := range c.past {
		if kept.asOf.Equal(asOf) && kept.version == v {
			c.past = slices.Insert(slices.Delete(c.past, i, i+1), 0, kept)
			return kept.Snapshot, nil
		}
	}
	s := newSnapshot(c.ledger, current.history.At(v), asOf)
	c.past = slices.Insert(c.past, 0, pastSnapshot{s, v})
	c.past = c.past[:min(len(c.past), pastKept)]
	return s, nil
}

// latest is the current snapshot, brought up to the ledger first when it is
// time to ask or a version is wanted that it does not have. However many wait,
// the ledger is asked once.
func (c *Cache) latest(ctx context.Context, wanted ledger.Version) (*Snapshot, error) {
	c.mu.Lock()
	current, refreshes := c.current, c.refreshes
	fresh := current != nil && wanted <= current.Version() && c.now().Sub(c.polled) < pollEvery
	c.mu.Unlock()
	if fresh {
		return current, nil
	}
	// An answer given before a Refresh is of no use after it: hence the key.
	result := c.following.DoChan(strconv.Itoa(refreshes), func() (any, error) {
		return c.follow(context.WithoutCancel(ctx), current, refreshes)
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*Snapshot), nil
	}
}

// follow asks the ledger for its version, and for its history if it has moved.
func (c *Cache) follow(ctx context.Context, current *Snapshot, refreshes int) (*Snapshot, error) {
	asked := c.now()
	version, err := c.ledger.Version(ctx)
	if err != nil {
		return nil, err
	}
	next := current
	if current == nil || version != current.Version() {
		history, err := c.ledger.History(ctx)
		if err != nil {
			return nil, err
		}
		next = newSnapshot(c.ledger, history, time.Time{})
		if current != nil {
			next.inherit(current)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.current.Version() >= next.Version() { // another was quicker
		next = c.current
	}
	c.current = next
	if c.refreshes == refreshes {
		c.polled = asked
	}
	return next, nil
}
