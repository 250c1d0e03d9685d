package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Trouble is one thing that is wrong with the ledger.
type Trouble struct {
	Damage *DamageError // nil: the ledger cannot be reached or read
	Err    error
	Since  time.Time // when it was first seen
}

// Text says what is wrong, in words for readers.
func (t Trouble) Text() indicator.Text {
	if t.Damage != nil {
		return t.Damage.Text()
	}
	since := t.Since.In(indicator.Shanghai).Format("2006-01-02 15:04")
	return indicator.T(
		"数据账本暂时无法访问（自 "+since+" 起）。系统会自动重试，无需操作。",
		"The ledger of readings cannot be reached (since "+since+"). It is tried again by itself; there is nothing to do.")
}

// Load is one reading of a column from the ledger.
type Load struct {
	Indicator string
	Freq      indicator.Freq
	Readings  int // in the column; 0 where it failed
	Took      time.Duration
	Err       error
}

// Observer is told what happens to a cache, while it happens: its functions
// return soon. One that is nil is not called.
type Observer struct {
	Began  func(Trouble) // once for each trouble, whoever runs into it
	Over   func(Trouble)
	Loaded func(Load)
}

// Observe adds an observer.
func (c *Cache) Observe(o Observer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.observers = append(c.observers, o)
}

// State is what a cache knows, for those who watch over it.
type State struct {
	Serving bool           // there is a current snapshot
	Current ledger.Version // of it
	Newest  ledger.Version // that the ledger told of
	Up      bool           // the ledger gave its last answer
	Stale   []Trouble      // why pages may not show the newest version; empty: they do
	Damages []*DamageError // parts that do not add up, in the current or the newest snapshot
	// Whole: the current snapshot has no part that is known not to add up.
	Whole    bool
	Readings int   // in memory
	Bytes    int64 // that they take
}

// State tells how things are, without asking the ledger.
func (c *Cache) State() State {
	c.mu.Lock()
	s := State{Serving: c.current != nil, Up: c.current != nil && c.unreachable == nil, Stale: c.stale()}
	var kept []*Snapshot
	if s.Serving {
		s.Current, s.Newest = c.current.Version(), c.newest.Version()
		s.Whole = len(c.current.damages()) == 0
		kept = append(kept, c.current, c.newest)
	}
	for _, t := range c.sorted() {
		if t.Damage != nil {
			s.Damages = append(s.Damages, t.Damage)
		}
	}
	for _, p := range c.past {
		kept = append(kept, p.Snapshot)
	}
	c.mu.Unlock()
	s.Readings, s.Bytes = inMemory(kept)
	return s
}

// inMemory counts the readings of the snapshots' columns, which they may share.
func inMemory(kept []*Snapshot) (readings int, bytes int64) {
	seen := map[*Column]bool{}
	for _, s := range kept {
		for _, column := range s.all() {
			if !seen[column] {
				seen[column] = true
				readings, bytes = readings+column.Len(), bytes+column.bytes()
			}
		}
	}
	return readings, bytes
}

// stale is why pages may not show the newest version. The caller holds the lock.
func (c *Cache) stale() []Trouble {
	return slices.DeleteFunc(c.sorted(), func(t Trouble) bool { return t.Damage != nil && c.current == c.newest })
}

// sorted is the troubles, an unreachable ledger first. The caller holds the lock.
func (c *Cache) sorted() []Trouble {
	var list []Trouble
	for _, t := range c.troubles {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b Trouble) int { return cmp.Compare(a.key(), b.key()) })
	return list
}

// key is empty for a ledger that cannot be reached.
func (t Trouble) key() string {
	if t.Damage == nil {
		return ""
	}
	d := t.Damage
	return fmt.Sprint(d.Indicator, "/", d.Freq, "/", d.Upload, "/", d.Said, "/", d.Came)
}

// review finds what is wrong now, and tells the observers what has changed.
func (c *Cache) review() {
	c.mu.Lock()
	now := map[string]Trouble{}
	note := func(t Trouble) {
		if known, ok := c.troubles[t.key()]; ok {
			t.Since = known.Since
		}
		now[t.key()] = t
	}
	if c.unreachable != nil {
		note(Trouble{Err: c.unreachable, Since: c.now()})
	}
	if c.current != nil {
		for _, damage := range slices.Concat(c.current.damages(), c.newest.damages()) {
			note(Trouble{Damage: damage, Err: damage, Since: c.now()})
		}
	}
	before, observers := c.troubles, slices.Clone(c.observers)
	c.troubles = now
	c.mu.Unlock()
	c.inform(observers, func(o Observer) {
		tell(o.Over, before, now)
		tell(o.Began, now, before)
	})
}

// inform calls f for each observer, until the cache is closed.
func (c *Cache) inform(observers []Observer, f func(Observer)) {
	c.telling.RLock()
	defer c.telling.RUnlock()
	if c.closed {
		return
	}
	for _, o := range observers {
		f(o)
	}
}

// Close ends all that observers are told. Call it before the ledger is closed:
// what still asks it then runs into that, which is no trouble.
func (c *Cache) Close() {
	c.telling.Lock()
	defer c.telling.Unlock()
	c.closed = true
}

// tell calls f for those in one that are not in the other.
func tell(f func(Trouble), in, notIn map[string]Trouble) {
	for key, t := range in {
		if _, ok := notIn[key]; !ok && f != nil {
			f(t)
		}
	}
}

// wasLoaded is told of every load of a snapshot.
func (c *Cache) wasLoaded(l Load) {
	var damage *DamageError
	c.mu.Lock()
	observers, review := slices.Clone(c.observers), errors.As(l.Err, &damage) || len(c.troubles) > 0
	c.mu.Unlock()
	c.inform(observers, func(o Observer) {
		if o.Loaded != nil {
			o.Loaded(l)
		}
	})
	if review {
		c.review()
	}
}
