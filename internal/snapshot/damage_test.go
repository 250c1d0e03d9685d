package snapshot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dabiao/dabiao/internal/indicator"
)

// told writes down what an observer hears.
type told struct {
	mu   sync.Mutex
	list []string
}

func (h *told) observer() Observer {
	note := func(what string) func(Trouble) {
		return func(t Trouble) {
			h.mu.Lock()
			defer h.mu.Unlock()
			name := "unreachable"
			if d := t.Damage; d != nil {
				name = fmt.Sprint(d.Upload, " ", d.Indicator, " ", d.Came, "/", d.Said)
			}
			h.list = append(h.list, what+" "+name)
		}
	}
	return Observer{Began: note("began"), Over: note("over")}
}

// since gives what was heard since the last time.
func (h *told) since() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.list
	h.list = nil
	return list
}

func (h *told) want(t *testing.T, when string, want ...string) {
	t.Helper()
	if got := h.since(); !slices.Equal(got, want) {
		t.Errorf("%s: told %q, want %q", when, got, want)
	}
}

// look polls and waits for the outcome, as long as it takes.
func look(t *testing.T, l *spy, c *Cache) (*Snapshot, []Trouble) {
	t.Helper()
	l.clock.Advance(time.Minute)
	c.follow(t.Context())
	return served(t, c)
}

// TestDamagedUploadIsHeldBack: a publish that does not add up never takes the
// place of what was shown; others do as soon as it is mended or reverted.
func TestDamagedUploadIsHeldBack(t *testing.T) {
	t.Parallel()
	for name, mend := range map[string]func(*testing.T, *spy){
		"mended":   func(_ *testing.T, l *spy) { l.lose("", 0) },
		"reverted": func(t *testing.T, l *spy) { l.revert(t, "bad") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newSpy(t)
			gdp, spend := reading("gdp", "350000", 2022, 1), reading("rd_spend", "350000", 2022, 1)
			good := l.publish(t, "good", gdp, spend)
			c := cacheOf(l)
			var heard told
			c.Observe(heard.observer())
			first, _ := look(t, l, c)
			column(t, first, "gdp")
			column(t, first, "rd_spend")

			l.lose("gdp", 2023)
			l.publish(t, "bad", reading("gdp", "350000", 2023, 2), reading("gdp", "440000", 2022, 2))
			spend.Value = 2
			l.publish(t, "other", spend)
			for range 5 {
				s, stale := look(t, l, c)
				if s.Version() != good.At || len(stale) != 1 || stale[0].Damage == nil || stale[0].Damage.Upload != "bad" {
					t.Fatalf("version %d, want %d still: %v", s.Version(), good.At, stale)
				}
			}
			if s := c.State(); !s.Whole || !s.Up || s.Current != good.At || s.Newest <= good.At || len(s.Damages) != 1 {
				t.Errorf("state %+v", s)
			}
			heard.want(t, "damage", "began bad gdp 1/2")
			newest, err := c.Newest(t.Context(), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if v, _ := value(t, newest, spend); v != 2 {
				t.Errorf("writers compare with %v, want the newest, 2", v)
			}
			if _, err := newest.Column(t.Context(), "gdp", indicator.Annual); !isDamage(err) {
				t.Errorf("writers get the damaged column: %v", err)
			}
			mend(t, l)
			s, stale := look(t, l, c)
			if v, _ := value(t, s, spend); v != 2 || len(stale) != 0 {
				t.Errorf("afterwards: %v, %v", v, stale)
			}
			if got, want := column(t, s, "gdp").Len(), map[string]int{"mended": 3, "reverted": 1}[name]; got != want {
				t.Errorf("afterwards %d readings, want %d", got, want)
			}
			heard.want(t, "afterwards", "over bad gdp 1/2")
		})
	}
}

// TestNewColumnIsHeldBack: where there was nothing before, nothing is shown
// rather than half of the first upload.
func TestNewColumnIsHeldBack(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	good := l.publish(t, "good", reading("gdp", "350000", 2022, 1))
	c := cacheOf(l)
	look(t, l, c)
	l.lose("green", 2023)
	l.publish(t, "bad", reading("green", "350000", 2022, 1), reading("green", "350000", 2023, 2))
	s, stale := look(t, l, c)
	if n := column(t, s, "green").Len(); s.Version() != good.At || len(stale) != 1 || n != 0 {
		t.Errorf("version %d, want %d; %d readings; %v", s.Version(), good.At, n, stale)
	}
	l.lose("", 0)
	if s, _ := look(t, l, c); column(t, s, "green").Len() != 2 {
		t.Error("mended and still not shown")
	}
}

// TestFreshStartWithDamage: without a last good snapshot the newest is shown,
// and only its damaged column is refused, until it adds up again.
func TestFreshStartWithDamage(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.publish(t, "bad", reading("gdp", "350000", 2022, 1), reading("gdp", "350000", 2023, 1))
	l.publish(t, "other", reading("rd_spend", "350000", 2022, 1))
	l.lose("gdp", 2023)
	c := cacheOf(l)
	var heard told
	c.Observe(heard.observer())
	s, stale := look(t, l, c)
	column(t, s, "rd_spend")
	for range 10 {
		if _, err := s.Column(t.Context(), "gdp", indicator.Annual); !isDamage(err) {
			t.Fatalf("the damaged column: %v", err)
		}
	}
	if n := l.streams.Load(); n != 2 {
		t.Errorf("%d loads, want 2: one damaged column must not be read for every page", n)
	}
	if state := c.State(); len(stale) != 0 || state.Whole || len(state.Damages) != 1 || len(state.Stale) != 0 {
		t.Errorf("stale %v, state %+v", stale, state)
	}
	look(t, l, c)
	look(t, l, c)
	heard.want(t, "damage", "began bad gdp 1/2")
	l.lose("gdp", 2022) // another figure, another trouble: the difference is the same
	look(t, l, c)
	l.lose("", 0)
	s, _ = look(t, l, c)
	if got := column(t, s, "gdp").Len(); got != 2 || !c.State().Whole {
		t.Errorf("mended: %d readings, state %+v", got, c.State())
	}
	heard.want(t, "mended", "over bad gdp 1/2")
}

// TestOutageDuringDamage: both are told, each once.
func TestOutageDuringDamage(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.publish(t, "good", reading("gdp", "350000", 2022, 1))
	c := cacheOf(l)
	var heard told
	c.Observe(heard.observer())
	s, _ := look(t, l, c)
	column(t, s, "gdp")
	l.lose("gdp", 2023)
	l.publish(t, "bad", reading("gdp", "350000", 2023, 2))
	look(t, l, c)
	l.down.Store(&errDown)
	for range 3 {
		if _, stale := look(t, l, c); len(stale) != 2 || stale[0].Damage != nil || stale[1].Damage == nil {
			t.Errorf("both at a time: %v", stale)
		}
	}
	l.down.Store(nil)
	l.lose("", 0)
	if s, stale := look(t, l, c); len(stale) != 0 || column(t, s, "gdp").Len() != 2 {
		t.Errorf("afterwards: %v", stale)
	}
	heard.want(t, "all", "began bad gdp 0/1", "began unreachable", "over bad gdp 0/1", "over unreachable")
}

// TestOutageInTheMiddle: the version moved, and the ledger went away before the
// columns came.
func TestOutageInTheMiddle(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	good := l.publish(t, "good", reading("gdp", "350000", 2022, 1))
	c := cacheOf(l)
	s, _ := look(t, l, c)
	column(t, s, "gdp")
	next := l.publish(t, "next", reading("gdp", "350000", 2022, 2))
	l.streamsDown.Store(true)
	for range 3 {
		if s, stale := look(t, l, c); s.Version() != good.At || len(stale) != 1 || stale[0].Damage != nil {
			t.Errorf("version %d, want %d; %v", s.Version(), good.At, stale)
		}
	}
	l.streamsDown.Store(false)
	if s, stale := look(t, l, c); s.Version() != next.At || len(stale) != 0 {
		t.Errorf("afterwards version %d, want %d; %v", s.Version(), next.At, stale)
	}
}

// TestVintagesAddUp: a list of vintages is held against the counts as well.
func TestVintagesAddUp(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.publish(t, "bad", reading("gdp", "350000", 2022, 1), reading("gdp", "350000", 2023, 1))
	l.publish(t, "other", reading("rd_spend", "350000", 2022, 1))
	s := at(t, cacheOf(l), time.Time{}, 0)
	l.lose("gdp", 2023)
	var err error
	rows := 0
	for _, err = range s.Vintages(t.Context(), Selection{}) {
		if rows++; err != nil {
			break
		}
	}
	if rows != 1 || !isDamage(err) {
		t.Errorf("%d rows, then %v", rows, err)
	}
	if err := s.Load(t.Context(), Selection{Indicators: []string{"rd_spend"}}); err != nil {
		t.Error(err)
	}
	if err := s.Load(t.Context(), Selection{}); !isDamage(err) {
		t.Errorf("loading all: %v", err)
	}
}

// TestReadersOfAFlappingLedger: whatever the ledger does, nobody sees half of an
// upload, an older state than before, or an error.
func TestReadersOfAFlappingLedger(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	pair := func(v float64) []indicator.Reading {
		return []indicator.Reading{reading("gdp", "350000", 2022, v), reading("gdp", "350000", 2023, v), reading("rd_spend", "350000", 2023, v)}
	}
	l.publish(t, "0", pair(0)...)
	c := New(l)
	s := at(t, c, time.Time{}, 0)
	column(t, s, "gdp")
	column(t, s, "rd_spend")
	done := make(chan struct{})
	var group errgroup.Group
	for reader := range 4 {
		group.Go(func() error {
			for last := -1.0; ; {
				s, _, err := c.Served(t.Context(), time.Time{}, 0)
				if err != nil {
					return err
				}
				var seen []float64
				for _, r := range pair(0) {
					column, err := s.Column(t.Context(), r.Indicator, indicator.Annual)
					if err != nil {
						return fmt.Errorf("reader %d: %w", reader, err)
					}
					p, _ := column.Series(r.Region).At(r.Period)
					seen = append(seen, p.Value)
				}
				if seen[0] != seen[1] || seen[0] != seen[2] || seen[0] < last {
					return fmt.Errorf("reader %d: %v after %v", reader, seen, last)
				}
				last = seen[0]
				select {
				case <-done:
					return nil
				default:
				}
			}
		})
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		l.publish(t, fmt.Sprint(i+1), pair(float64(i+1))...)
		switch random.IntN(3) {
		case 0:
			l.down.Store(&errDown)
		case 1:
			l.lose("gdp", 2023)
		}
		c.Refresh()
		c.follow(t.Context())
		l.down.Store(nil)
		l.lose("", 0)
		c.Refresh()
		c.follow(t.Context())
		_ = c.State()
	}
	close(done)
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// TestWatch: all columns are there before anybody asks, new ones too, and pages
// outlast an outage that begins before anybody looked.
func TestWatch(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := newSpy(t)
		l.publish(t, "a", reading("gdp", "350000", 2023, 1), reading("rd_spend", "350000", 2023, 1))
		c := New(l)
		ended := make(chan struct{})
		ctx, end := context.WithCancel(t.Context())
		go func() { c.Watch(ctx); close(ended) }()
		time.Sleep(2 * pollEvery)
		l.publish(t, "b", reading("green", "350000", 2023, 1))
		time.Sleep(3 * pollEvery)
		l.down.Store(&errDown)
		time.Sleep(time.Minute)
		s, stale := served(t, c)
		if n := column(t, s, "of_which_there_is_nothing").Len(); n != 0 {
			t.Errorf("%d readings of nothing", n)
		}
		for _, code := range []string{"gdp", "rd_spend", "green"} {
			if column(t, s, code).Len() != 1 {
				t.Errorf("%s is not there", code)
			}
		}
		if len(stale) != 1 {
			t.Errorf("stale %v", stale)
		}
		if state := c.State(); state.Readings != 3 || state.Bytes == 0 || state.Up {
			t.Errorf("state %+v", state)
		}
		end()
		<-ended
	})
}

func TestWarmsUpToALimit(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	l.publish(t, "a", reading("gdp", "350000", 2022, 1), reading("gdp", "350000", 2023, 1), reading("rd_spend", "350000", 2023, 1))
	c := cacheOf(l)
	at(t, c, time.Time{}, 0)
	c.warm(t.Context(), 2)
	if got := c.State().Readings; got != 1 {
		t.Errorf("%d readings loaded, want the small column only", got)
	}
	c.warm(t.Context(), 3)
	if got := c.State().Readings; got != 3 {
		t.Errorf("%d readings loaded, want all", got)
	}
}
