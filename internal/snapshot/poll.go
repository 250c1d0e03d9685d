package snapshot

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
)

const (
	// pollEvery is how long the version that the ledger gave is believed.
	pollEvery = time.Second
	// pollAtMost parts two polls of a ledger that cannot be reached, so that it
	// is noticed within five seconds when it comes back.
	pollAtMost = 4 * time.Second
	// How long the ledger may take to tell its version, and its history.
	versionWithin = 3 * time.Second
	historyWithin = 8 * time.Second
	// historyEvery is how long a history is believed while the version stays: an
	// event whose writer died may have come in behind a newer one.
	historyEvery = 30 * time.Second
	// glance is how long readers wait for a poll while nothing is known to be wrong.
	glance = 2 * time.Second
	// patience is how long those wait who would otherwise miss what they have
	// just written, and everybody while there is nothing to show at all.
	patience = 10 * time.Second
)

// poll is one question to the ledger and what follows from it.
type poll struct {
	number    int
	began     time.Time
	refreshes int           // at its beginning
	urgent    bool          // readers would miss what they know to be there: after a Refresh, or by its version
	asked     chan struct{} // closed when the ledger has told its newest state, or failed to
	newest    *Snapshot     // after asked, unless err
	err       error         // after asked
	done      chan struct{} // closed when the newest snapshot is the current one, or cannot be
}

func (p *poll) isOver() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// await begins a poll when one is due, and waits for it as long as a reader
// should. Its error is that of the context.
func (c *Cache) await(ctx context.Context, wanted ledger.Version) (*poll, error) {
	c.mu.Lock()
	if c.due(wanted) {
		p := c.begin()
		p.urgent = p.urgent || wanted != 0 && c.unreachable == nil
	}
	p, limit := c.poll, c.limit(wanted)
	c.mu.Unlock()
	if limit <= 0 {
		return p, nil
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return p, nil
}

// due tells whether the ledger must be asked again. The caller holds the lock.
func (c *Cache) due(wanted ledger.Version) bool {
	p := c.poll
	switch {
	case p == nil, p.refreshes != c.refreshes: // an answer given before a Refresh is of no use after it
		return true
	case !p.isOver():
		return false
	case c.newest != nil && wanted > c.newest.Version() && c.unreachable == nil:
		return true
	}
	return c.now().Sub(p.began) >= c.interval()
}

// interval is 1, 1, 2, 4, 4 … seconds after as many failures.
func (c *Cache) interval() time.Duration {
	if c.failures == 0 {
		return pollEvery
	}
	return min(pollEvery<<min(c.failures-1, 8), pollAtMost)
}

// limit is how long a reader waits for the last poll. The caller holds the lock.
func (c *Cache) limit(wanted ledger.Version) time.Duration {
	p := c.poll
	elapsed := c.now().Sub(p.began)
	switch {
	case p.isOver(), c.newest != nil && 0 < wanted && wanted <= c.newest.Version():
		return 0
	case c.current == nil, p.urgent:
		return patience - elapsed
	case len(c.stale()) > 0:
		return 0
	}
	return glance - elapsed
}

// begin starts a poll, which goes on when those who wait for it go away. The
// caller holds the lock.
func (c *Cache) begin() *poll {
	p := &poll{began: c.now(), refreshes: c.refreshes, asked: make(chan struct{}), done: make(chan struct{})}
	if last := c.poll; last != nil {
		p.number, p.urgent = last.number+1, p.refreshes != last.refreshes
	}
	c.poll = p
	go c.run(p)
	return p
}

func (c *Cache) run(p *poll) {
	p.newest, p.err = c.ask()
	close(p.asked)
	err := p.err
	if err == nil {
		err = c.settle()
	}
	c.mu.Lock()
	if p.number >= c.ended { // else one that began later knows better
		c.ended, c.unreachable = p.number, err
		if c.failures++; err == nil {
			c.failures = 0
		}
	}
	c.mu.Unlock()
	c.review()
	close(p.done)
}

// ask gets the ledger's version, and its history if that has moved or is old.
func (c *Cache) ask() (*Snapshot, error) {
	version, err := within(versionWithin, c.ledger.Version)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	known, isOld := c.newest, c.now().Sub(c.historyAt) >= historyEvery
	c.mu.Unlock()
	if known != nil && version <= known.Version() && !isOld {
		return known, nil
	}
	began := c.now()
	history, err := within(historyWithin, c.ledger.History)
	if err != nil {
		return nil, err
	}
	next := c.snapshot(history, time.Time{})
	if known != nil {
		next.inherit(known)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	late := known != nil && !reflect.DeepEqual(history.At(known.Version()), known.history)
	if late {
		c.past = nil
	}
	switch { // another poll may have been quicker
	case c.newest == nil, c.newest.Version() < next.Version(), late && c.newest == known && known.Version() == next.Version():
		c.newest, c.historyAt = next, began
	case c.newest == known:
		c.historyAt = began
	}
	if c.current == nil {
		c.current = c.newest
	}
	return c.newest, nil
}

// within asks the ledger something that it has to answer in time.
func within[V any](limit time.Duration, ask func(context.Context) (V, error)) (V, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	v, err := ask(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w: the ledger did not answer within %s", ledger.ErrUnavailable, limit)
	}
	return v, err
}

// settle makes the newest snapshot the current one if every column that is shown
// now can be loaded in it and adds up. Its error is that of a ledger that cannot
// be read; damage is kept by the snapshot. Columns that failed before are tried again.
func (c *Cache) settle() error {
	c.settling <- struct{}{}
	defer func() { <-c.settling }()
	c.mu.Lock()
	current, newest := c.current, c.newest
	c.mu.Unlock()
	newest.inherit(current)
	holds := true
	for _, key := range newest.lacking(current) {
		if _, err := newest.column(context.Background(), key); err != nil {
			holds = false
			if !isDamage(err) {
				return err
			}
		}
	}
	if holds {
		c.mu.Lock()
		c.current = newest
		c.mu.Unlock()
	}
	for _, key := range newest.failures() {
		if _, err := newest.column(context.Background(), key); err != nil && !isDamage(err) {
			return err
		}
	}
	return nil
}

func isDamage(err error) bool {
	var damage *DamageError
	return errors.As(err, &damage)
}

// whyNone is why there is nothing to show. The caller holds the lock.
func (c *Cache) whyNone(p *poll) error {
	if p.isOver() {
		return p.err
	}
	return fmt.Errorf("%w: the ledger has not answered yet", ledger.ErrUnavailable)
}
