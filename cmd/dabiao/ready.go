package main

import (
	"context"
	"sync"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/web"
)

// readiness is what /readyz knows of the ledger's server; the server of the pages
// adds what it knows of the readings. A file needs no looking at.
func (e *env) readiness(r *rooms) func(context.Context) web.Readiness {
	books, ok := r.ledger.(*influx.Ledger)
	if !ok {
		return nil
	}
	look := &lookout{ctx: e.ctx, look: func(ctx context.Context) web.Readiness {
		_, list := inspect(ctx, books, r.settings.Role)
		return judge(list)
	}}
	return look.state
}

// judge turns what is wrong into faults, and what is merely slow into warnings.
func judge(list []finding) web.Readiness {
	var state web.Readiness
	for _, f := range list {
		switch {
		case f.State != influx.Wrong:
		case f.slight:
			state.Warnings = append(state.Warnings, f.Message)
		default:
			state.Faults = append(state.Faults, f.Message)
		}
	}
	return state
}

// How /readyz spares the server and whoever asks.
const (
	lookEvery  = 5 * time.Second  // at the most often
	lookWithin = 10 * time.Second // then a look has failed
	lookWait   = 1500 * time.Millisecond
)

// lookout keeps the last look at something that may be slow. Looks are taken
// one at a time, in the background, when somebody asks and the last is old.
type lookout struct {
	ctx  context.Context // ends with the program
	look func(context.Context) web.Readiness

	mu      sync.Mutex
	last    web.Readiness
	at      time.Time     // of the last look; zero: there was none
	running chan struct{} // closed when the look under way ends; nil: there is none
}

// state is the last look, a new one where that is done soon enough.
func (l *lookout) state(ctx context.Context) web.Readiness {
	ctx, cancel := context.WithTimeout(ctx, lookWait)
	defer cancel()
	if running := l.begin(); running != nil {
		select {
		case <-running:
		case <-ctx.Done():
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at.IsZero() {
		return web.Readiness{Faults: []indicator.Text{notLookedYet}}
	}
	return l.last
}

var notLookedYet = indicator.T("账本还没有应答。", "The ledger has not answered yet.")

// begin starts a look where one is due, and gives the one under way, nil where
// the last is young enough.
func (l *lookout) begin() chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running != nil || time.Since(l.at) < lookEvery {
		return l.running
	}
	done := make(chan struct{})
	l.running = done
	go func() {
		ctx, cancel := context.WithTimeout(l.ctx, lookWithin)
		defer cancel()
		state := l.look(ctx)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.last, l.at, l.running = state, time.Now(), nil
		close(done)
	}()
	return done
}
