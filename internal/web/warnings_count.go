package web

import (
	"context"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// warnings is what finds, counts and keeps notes on warnings.
type warnings struct {
	*dashboard.Warner
	kept  warning.Acknowledgements // nil: none
	count openCount
}

// newWarnings judges steps of many regions by the thresholds of the checks.
func newWarnings(config Config, outlooks *dashboard.Outlooks) *warnings {
	thresholds, checks := warning.DefaultThresholds(), warning.DefaultChecks()
	if config.Warnings != nil {
		thresholds = *config.Warnings
	}
	if config.Uploads.Checks != nil {
		checks = *config.Uploads.Checks
	}
	w := &warnings{Warner: dashboard.NewWarner(thresholds, checks, outlooks), count: openCount{n: countUnknown}}
	if !config.Reader {
		w.kept = config.Acknowledgements
	}
	return w
}

// openCount keeps how many warnings are open now, which every page shows: one
// that asks costs a look at a number, unless the ledger, the catalogue or the day
// has moved.
type openCount struct {
	mu    sync.Mutex
	first *warning.Warning // of the list that was counted, which is shared and never changes
	n     int              // of open ones, countUnknown before the first
	until time.Time        // by the wall clock: what other processes acknowledge is noticed then
	quiet time.Time        // until when no page tries, after a failure

	forgotten int // how often an acknowledgement made the count old
}

const (
	countedFor    = 5 * time.Second // also how long a failure is not tried again
	countPatience = 5 * time.Second // how long a page waits for the count
	countUnknown  = -1
)

// openWarnings is how many warnings are open, or countUnknown. A page is never
// refused for the sake of it and does not wait long; the search goes on without it.
func (s *Server) openWarnings(c echo.Context) int {
	o := &s.warnings.count
	if n, quiet := o.last(); quiet {
		return n
	}
	done := make(chan error, 1)
	ctx := context.WithoutCancel(c.Request().Context())
	go func() {
		list, err := s.currentWarnings(ctx)
		if err == nil {
			err = o.count(ctx, list, s.warnings.kept)
		}
		done <- err
	}()
	wait := time.NewTimer(countPatience)
	defer wait.Stop()
	err := context.DeadlineExceeded
	select {
	case err = <-done:
	case <-wait.C:
	}
	if err != nil {
		s.log.Debug("warnings could not be counted", "request_id", requestID(c), "error", err)
		o.rest()
	}
	n, _ := o.last()
	return n
}

// currentWarnings are those of the readings and the catalogue of now.
func (s *Server) currentWarnings(ctx context.Context) ([]warning.Warning, error) {
	snap, _, err := s.config.Snapshots.Served(ctx, time.Time{}, 0)
	if err != nil {
		return nil, err
	}
	return s.warnings.Of(ctx, snap, s.config.Catalog(), indicator.Period{}, s.config.Now())
}

// last is the last count, and whether no other is to be tried for.
func (o *openCount) last() (n int, quiet bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n, time.Now().Before(o.quiet)
}

// rest has the next pages not try for a while.
func (o *openCount) rest() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.quiet = time.Now().Add(countedFor)
}

// count counts the open ones of a list. No page waits for the store meanwhile, and
// a count that an acknowledgement has overtaken is made again.
func (o *openCount) count(ctx context.Context, list []warning.Warning, kept warning.Acknowledgements) error {
	known, forgotten := o.counted(list)
	if known {
		return nil
	}
	notes, err := warning.NotesOn(ctx, kept, list)
	if err != nil {
		return err
	}
	n := 0
	for _, w := range list {
		if len(notes[w.Key]) == 0 {
			n++
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.n, o.first, o.until = n, nil, time.Now().Add(countedFor)
	if len(list) > 0 && o.forgotten == forgotten {
		o.first = &list[0]
	}
	return nil
}

// counted reports whether the list is the one that was counted last, not long
// ago, and how often counts were forgotten so far.
func (o *openCount) counted(list []warning.Warning) (known bool, forgotten int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(list) > 0 && o.first == &list[0] && time.Now().Before(o.until), o.forgotten
}

// forget makes the next page count anew.
func (o *openCount) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.first = nil
	o.forgotten++
}
