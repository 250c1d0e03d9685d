package snapshot

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// bubble runs a test in which time passes only when everybody waits for it.
func bubble(t *testing.T, test func(*testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

func served(t *testing.T, c *Cache) (*Snapshot, []Trouble) {
	t.Helper()
	s, stale, err := c.Served(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s, stale
}

// took is how long do takes.
func took(do func()) time.Duration {
	began := time.Now()
	do()
	return time.Since(began)
}

// TestOutage: while the ledger is away the last good snapshot is served at once
// and says so; what is published meanwhile is seen within five seconds of its return.
func TestOutage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := newSpy(t)
		r := reading("gdp", "350000", 2023, 1)
		l.publish(t, "a", r)
		c := New(l)
		first, stale := served(t, c)
		column(t, first, "gdp")
		if len(stale) != 0 {
			t.Fatalf("a ledger that answers: %v", stale)
		}
		l.down.Store(&errDown)
		time.Sleep(time.Hour) // nobody looks
		asked := l.versions.Load()
		for i := range 600 {
			var s *Snapshot
			if d := took(func() { s, stale = served(t, c) }); d != 0 {
				t.Fatalf("look %d waited %s", i, d)
			}
			if s != first || len(stale) != 1 || stale[0].Damage != nil || !errors.Is(stale[0].Err, ledger.ErrUnavailable) {
				t.Fatalf("look %d: another snapshot: %v, %v", i, s != first, stale)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if n := l.versions.Load() - asked; n < 15 || n > 18 {
			t.Errorf("asked %d times in a minute, want about every four seconds", n)
		}
		if since := stale[0].Since; time.Since(since) != time.Minute {
			t.Errorf("since %s, a minute ago", since)
		}
		r.Value = 2
		l.publish(t, "b", r)
		l.down.Store(nil)
		for range 50 {
			served(t, c)
			time.Sleep(100 * time.Millisecond)
		}
		if s, stale := served(t, c); len(stale) != 0 {
			t.Errorf("five seconds after its return: %v", stale)
		} else if v, _ := value(t, s, r); v != 2 {
			t.Errorf("five seconds after its return: %v, want 2", v)
		}
	})
}

// TestSilence: a ledger that answers nothing costs the readers of that moment a
// glance, and nobody after them.
func TestSilence(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := newSpy(t)
		l.publish(t, "a", reading("gdp", "350000", 2023, 1))
		c := New(l)
		first, _ := served(t, c)
		l.slow.Store(int64(time.Hour))
		time.Sleep(pollEvery)
		if d := took(func() { served(t, c) }); d != glance {
			t.Errorf("the first waited %s, want %s", d, glance)
		}
		for range 100 {
			if d := took(func() { served(t, c) }); d != 0 {
				t.Fatalf("a later one waited %s", d)
			}
			time.Sleep(100 * time.Millisecond)
		}
		s, stale := served(t, c)
		if s != first || len(stale) != 1 || !errors.Is(stale[0].Err, ledger.ErrUnavailable) {
			t.Errorf("after eleven seconds of silence: %v", stale)
		}
		if _, _, err := c.Served(t.Context(), time.Time{}, first.Version()+1); !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("a version that nobody can tell of: %v", err)
		}
		if d := took(func() { at(t, c, time.Time{}, first.Version()) }); d != 0 {
			t.Errorf("a version that is known waited %s", d)
		}
		l.slow.Store(0)
		time.Sleep(pollAtMost)
		served(t, c)
		synctest.Wait()
		if _, stale := served(t, c); len(stale) != 0 {
			t.Errorf("four seconds after the silence: %v", stale)
		}
	})
}

// TestFreshStartWithoutLedger: with nothing to show one waits, and is told.
func TestFreshStartWithoutLedger(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := newSpy(t)
		l.publish(t, "a", reading("gdp", "350000", 2023, 1))
		l.slow.Store(int64(time.Hour))
		c := New(l)
		if c.State().Serving || c.State().Up {
			t.Errorf("before the first look: %+v", c.State())
		}
		if d := took(func() {
			if _, err := c.At(t.Context(), time.Time{}, 0); !errors.Is(err, ledger.ErrUnavailable) {
				t.Errorf("silence: %v", err)
			}
		}); d != versionWithin {
			t.Errorf("waited %s, want %s", d, versionWithin)
		}
		time.Sleep(pollAtMost)
		brief, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if d := took(func() {
			if _, err := c.At(brief, time.Time{}, 0); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("an asker with a second: %v", err)
			}
		}); d != time.Second {
			t.Errorf("an asker with a second waited %s", d)
		}
		l.slow.Store(int64(time.Second))
		time.Sleep(2 * pollAtMost)
		if d := took(func() { at(t, c, time.Time{}, 0) }); d != 2*time.Second {
			t.Errorf("a slow ledger was waited for %s", d)
		}
	})
}

// TestOwnWritesAreWaitedFor: longer than what others wrote.
func TestOwnWritesAreWaitedFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := newSpy(t)
		r := reading("gdp", "350000", 2023, 1)
		a := l.publish(t, "a", r)
		c := New(l)
		column(t, at(t, c, time.Time{}, 0), "gdp")
		l.slow.Store(int64(2 * time.Second))
		r.Value = 2
		b := l.publish(t, "b", r)
		time.Sleep(pollEvery)
		if s, stale := served(t, c); s.Version() != a.At || len(stale) != 0 {
			t.Errorf("another's write after a glance: version %d, %v", s.Version(), stale)
		}
		c.Refresh()
		if s, _ := served(t, c); s.Version() != b.At {
			t.Errorf("one's own write: version %d, want %d", s.Version(), b.At)
		}
	})
}

// TestNewestNeverLooksBack: what writers check against is asked for, or refused.
func TestNewestNeverLooksBack(t *testing.T) {
	t.Parallel()
	l := newSpy(t)
	r := reading("gdp", "350000", 2023, 1)
	l.publish(t, "a", r)
	c := cacheOf(l)
	column(t, at(t, c, time.Time{}, 0), "gdp")
	r.Value = 2
	b := l.publish(t, "b", r)
	s, err := c.Newest(t.Context(), time.Time{})
	if err != nil || s.Version() != b.At {
		t.Fatalf("the newest: %v", err)
	}
	past, err := c.Newest(t.Context(), b.At.Time().Add(-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := value(t, past, r); v != 1 {
		t.Errorf("the newest as of before: %v, want 1", v)
	}
	l.down.Store(&errDown)
	if _, err := c.Newest(t.Context(), time.Time{}); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("while the ledger is away: %v", err)
	}
	if _, stale := served(t, c); len(stale) != 1 {
		t.Errorf("readers are told %v", stale)
	}
}

// TestFailedLoad: its error is the answer to everybody for some seconds.
func TestFailedLoad(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := newSpy(t)
		l.publish(t, "a", reading("gdp", "350000", 2023, 1))
		s := at(t, New(l), time.Time{}, 0)
		l.streamsDown.Store(true)
		for range 2 {
			if _, err := s.Column(t.Context(), "gdp", indicator.Annual); !errors.Is(err, ledger.ErrUnavailable) {
				t.Errorf("error %v, want unavailable", err)
			}
		}
		if n := l.streams.Load(); n != 1 {
			t.Errorf("the ledger was asked %d times, want once", n)
		}
		l.streamsDown.Store(false)
		time.Sleep(retryAfter)
		column(t, s, "gdp")
	})
}

// TestEventBehindANewerOne: an upload whose writer died before it could move it
// behind what came in between is seen although the version stays, also in what is
// kept of the past.
func TestEventBehindANewerOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := newSpy(t)
		r := reading("gdp", "350000", 2023, 1)
		l.publish(t, "first", r)
		r.Value = 2
		late := l.publish(t, "late", r)
		newer := l.publish(t, "newer", reading("rd_spend", "350000", 2023, 3))
		l.hidden.Store(&late.ID)
		c := New(l)
		look := func(when string, want float64) {
			t.Helper()
			for _, v := range []ledger.Version{0, late.At, newer.At} {
				if got, _ := value(t, at(t, c, time.Time{}, v), r); got != want {
					t.Errorf("%s: %v at version %d, want %v", when, got, v, want)
				}
			}
		}
		look("before it came", 1)
		before := column(t, at(t, c, time.Time{}, 0), "rd_spend")
		l.hidden.Store(nil)
		time.Sleep(historyEvery - pollEvery)
		look("at first", 1)
		if n := l.histories.Load(); n != 1 {
			t.Errorf("the history was asked for %d times, want once", n)
		}
		time.Sleep(2 * pollEvery)
		look("after a while", 2)
		if column(t, at(t, c, time.Time{}, 0), "rd_spend") != before {
			t.Error("a column that the upload does not touch was loaded again")
		}
	})
}
