package snapshot

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
)

// spy is a real ledger that counts what it is asked and can be made to lie.
type spy struct {
	ledger.Ledger
	clock                        *ledgertest.Clock
	versions, histories, streams atomic.Int64
	// tamper, if set, changes or drops what a stream gives.
	tamper atomic.Pointer[func(ledger.Vintage) []ledger.Vintage]
	// gate, if set, holds every stream back until it is closed.
	gate chan struct{}
	// down, if set, is the answer to everything.
	down atomic.Pointer[error]
	// streamsDown is down for streams alone.
	streamsDown atomic.Bool
	// hidden, if set, is the id of an upload that histories do not show.
	hidden atomic.Pointer[string]
	// slow is how long every answer takes, in nanoseconds; one that takes longer
	// than its asker has time ends with the asker's context.
	slow atomic.Int64
}

var errDown = fmt.Errorf("%w: connection refused", ledger.ErrUnavailable)

// answers is nil when the ledger answers.
func (s *spy) answers(ctx context.Context) error {
	if d := s.slow.Load(); d > 0 {
		select {
		case <-time.After(time.Duration(d)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := s.down.Load(); err != nil {
		return *err
	}
	return nil
}

// lose makes streams drop every vintage of an indicator and a year; "" mends it.
func (s *spy) lose(code string, year int) {
	if code == "" {
		s.tamper.Store(nil)
		return
	}
	drop := func(v ledger.Vintage) []ledger.Vintage {
		if v.Indicator == code && v.Period == indicator.Year(year) {
			return nil
		}
		return []ledger.Vintage{v}
	}
	s.tamper.Store(&drop)
}

func newSpy(tb testing.TB) *spy {
	clock := ledgertest.NewClock()
	l, err := sqlite.Open(tb.Context(), filepath.Join(tb.TempDir(), "ledger.db"), clock.Now)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { l.Close() })
	return &spy{Ledger: l, clock: clock}
}

func (s *spy) Version(ctx context.Context) (ledger.Version, error) {
	s.versions.Add(1)
	if err := s.answers(ctx); err != nil {
		return 0, err
	}
	return s.Ledger.Version(ctx)
}

func (s *spy) History(ctx context.Context) (ledger.History, error) {
	s.histories.Add(1)
	if err := s.answers(ctx); err != nil {
		return ledger.History{}, err
	}
	h, err := s.Ledger.History(ctx)
	h.Publications = slices.DeleteFunc(h.Publications, func(p ledger.Publication) bool {
		hidden := s.hidden.Load()
		return hidden != nil && p.ID == *hidden
	})
	return h, err
}

func (s *spy) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	s.streams.Add(1)
	return func(yield func(ledger.Vintage, error) bool) {
		if s.gate != nil {
			<-s.gate
		}
		err := s.answers(ctx)
		if s.streamsDown.Load() {
			err = errDown
		}
		if err != nil {
			yield(ledger.Vintage{}, err)
			return
		}
		for v, err := range s.Ledger.Vintages(ctx, q) {
			list := []ledger.Vintage{v}
			if tamper := s.tamper.Load(); tamper != nil && err == nil {
				list = (*tamper)(v)
			}
			for _, v := range list {
				if !yield(v, err) {
					return
				}
			}
		}
	}
}

// publish publishes under an id, a minute after the last.
func (s *spy) publish(tb testing.TB, id string, readings ...indicator.Reading) ledger.Publication {
	tb.Helper()
	return s.publishReleased(tb, id, time.Time{}, readings...)
}

func (s *spy) publishReleased(tb testing.TB, id string, released time.Time, readings ...indicator.Reading) ledger.Publication {
	tb.Helper()
	s.clock.Advance(time.Minute)
	p, err := s.Publish(tb.Context(), ledger.Upload{ID: id, Released: released}, readings)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func (s *spy) revert(tb testing.TB, id string) ledger.Publication {
	tb.Helper()
	s.clock.Advance(time.Minute)
	p, err := s.Revert(tb.Context(), id, "wang", "")
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// cacheOf is a cache whose polling goes by the spy's clock.
func cacheOf(s *spy) *Cache {
	c := New(s)
	c.now = s.clock.Now
	return c
}

func at(tb testing.TB, c *Cache, asOf time.Time, v ledger.Version) *Snapshot {
	tb.Helper()
	s, err := c.At(tb.Context(), asOf, v)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func column(tb testing.TB, s *Snapshot, code string) *Column {
	tb.Helper()
	c, err := s.Column(tb.Context(), code, indicator.Annual)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// value is the value and the upload of one reading; "" where there is none.
func value(tb testing.TB, s *Snapshot, r indicator.Reading) (float64, string) {
	tb.Helper()
	c, err := s.Column(tb.Context(), r.Indicator, r.Period.Freq())
	if err != nil {
		tb.Fatal(err)
	}
	p, _ := c.Series(r.Region).At(r.Period)
	return p.Value, p.Upload
}

func reading(code, region string, year int, value float64) indicator.Reading {
	return indicator.Reading{Indicator: code, Region: region, Period: indicator.Year(year), Value: value, Status: indicator.Normal}
}
