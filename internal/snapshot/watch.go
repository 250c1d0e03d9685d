package snapshot

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// warmUpTo is how many readings are loaded before anybody asks for them.
const warmUpTo = 20_000_000

// Watch keeps the cache up to the ledger, whether or not anybody asks, and all
// columns in memory, so that pages outlast a ledger that goes away. It ends with
// its context.
func (c *Cache) Watch(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { every(ctx, c.follow) })
	both.Go(func() { every(ctx, func(ctx context.Context) { c.warm(ctx, warmUpTo) }) })
	both.Wait()
}

func every(ctx context.Context, do func(context.Context)) {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		do(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// follow is a poll, if one is due.
func (c *Cache) follow(ctx context.Context) {
	c.mu.Lock()
	if c.due(0) {
		c.begin()
	}
	p := c.poll
	c.mu.Unlock()
	select {
	case <-p.done:
	case <-ctx.Done():
	}
}

// warm loads the columns of the current snapshot, small ones first, until there
// are enough readings in memory. What fails is kept by the snapshot.
func (c *Cache) warm(ctx context.Context, most int) {
	c.mu.Lock()
	s := c.current
	c.mu.Unlock()
	if s == nil {
		return
	}
	rows := 0
	for _, key := range s.bySize() {
		if rows += s.held[key]; rows > most || ctx.Err() != nil {
			return
		}
		_, _ = s.column(ctx, key)
	}
}

// bySize is the columns that hold anything, small ones first.
func (s *Snapshot) bySize() []columnKey {
	return slices.SortedFunc(maps.Keys(s.held), func(a, b columnKey) int {
		return cmp.Or(cmp.Compare(s.held[a], s.held[b]), cmp.Compare(a.String(), b.String()))
	})
}
