package main

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/web"
)

// TestLookoutSparesTheServer: however many ask, it is looked at once in a few
// seconds, and nobody waits for a slow look longer than lookWait.
func TestLookoutSparesTheServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var looks atomic.Int32
		var takes atomic.Int64
		l := &lookout{ctx: t.Context(), look: func(ctx context.Context) web.Readiness {
			n := looks.Add(1)
			select {
			case <-time.After(time.Duration(takes.Load())):
			case <-ctx.Done():
				return web.Readiness{Faults: []indicator.Text{indicator.T("没有应答", "no answer")}}
			}
			return web.Readiness{Warnings: make([]indicator.Text, n)} // tells which look it was
		}}
		ask := func() (web.Readiness, time.Duration) {
			begin := time.Now()
			state := l.state(t.Context())
			return state, time.Since(begin)
		}
		takes.Store(int64(time.Second))
		var askers sync.WaitGroup
		for range 50 {
			askers.Go(func() {
				if state, waited := ask(); len(state.Warnings) != 1 || waited != time.Second {
					t.Errorf("first look: %v after %s", state, waited)
				}
			})
		}
		askers.Wait()
		time.Sleep(lookEvery - time.Second)
		if state, waited := ask(); len(state.Warnings) != 1 || waited != 0 {
			t.Errorf("a young look is not used: %v after %s", state, waited)
		}
		takes.Store(int64(time.Hour))
		time.Sleep(time.Second)
		if state, waited := ask(); len(state.Warnings) != 1 || waited != lookWait {
			t.Errorf("a slow look: %v after %s, want the last one after %s", state, waited, lookWait)
		}
		time.Sleep(lookWithin)
		if state, waited := ask(); len(state.Faults) != 1 || waited != 0 {
			t.Errorf("a look that never ends: %v after %s", state, waited)
		}
		if n := looks.Load(); n != 2 {
			t.Errorf("%d looks, want 2", n)
		}
	})
}

// TestLookoutBeforeTheFirstAnswer does not call a server ready that nobody has seen.
func TestLookoutBeforeTheFirstAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		l := &lookout{ctx: ctx, look: func(ctx context.Context) web.Readiness { <-ctx.Done(); return web.Readiness{} }}
		if state := l.state(t.Context()); len(state.Faults) != 1 || state.Faults[0].ZH == "" {
			t.Errorf("got %v", state)
		}
	})
}

// TestJudge: only what stops the work is a fault.
func TestJudge(t *testing.T) {
	t.Parallel()
	text := indicator.T("坏", "bad")
	state := judge([]finding{
		{Check: "reachable", State: influx.Right}, {Check: "read", State: influx.Unknown},
		{Check: "shard", State: influx.Wrong, Message: text, slight: true}, {Check: "token", State: influx.Wrong, Message: text},
	})
	if len(state.Faults) != 1 || len(state.Warnings) != 1 {
		t.Errorf("got %+v", state)
	}
}
