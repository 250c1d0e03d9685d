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
	w := &warnings{Warner: dashboard.NewWarner(thresholds, checks, outlooks)}
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
	n     int              // of open ones
	known bool
	until time.Time // by the wall clock: what other processes acknowledge is noticed then
}

const (
	countedFor    = 5 * time.Second // also how long a failure is not tried again
	countPatience = 3 * time.Second // how long a page waits for the count
	countUnknown  = -1
)

// openWarnings is how many warnings are open, or countUnknown. A page is never
// refused for the sake of it, and does not wait long.
func (s *Server) openWarnings(c echo.Context) int {
	ctx, cancel := context.WithTimeout(c.Request().Context(), countPatience)
	defer cancel()
	s.warnings.count.mu.Lock()
	failed := !s.warnings.count.known && time.Now().Before(s.warnings.count.until)
	s.warnings.count.mu.Unlock()
	if failed {
		return countUnknown
	}
	list, err := s.currentWarnings(ctx)
	if err == nil {
		var n int
		if n, err = s.warnings.count.of(ctx, list, s.warnings.kept); err == nil {
			return n
		}
	}
	s.log.Debug("warnings could not be counted", "request_id", requestID(c), "error", err)
	return s.warnings.count.fail()
}

// currentWarnings are those of the readings and the catalogue of now.
func (s *Server) currentWarnings(ctx context.Context) ([]warning.Warning, error) {
	snap, _, err := s.config.Snapshots.Served(ctx, time.Time{}, 0)
	if err != nil {
		return nil, err
	}
	return s.warnings.Of(ctx, snap, s.config.Catalog(), indicator.Period{}, s.config.Now())
}

// of counts the open ones of a list.
func (o *openCount) of(ctx context.Context, list []warning.Warning, kept warning.Acknowledgements) (int, error) {
	if len(list) == 0 {
		return 0, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known && o.first == &list[0] && time.Now().Before(o.until) {
		return o.n, nil
	}
	notes, err := notesOn(ctx, kept, list)
	if err != nil {
		return 0, err
	}
	o.first, o.n, o.known, o.until = &list[0], 0, true, time.Now().Add(countedFor)
	for _, w := range list {
		if len(notes[w.Key]) == 0 {
			o.n++
		}
	}
	return o.n, nil
}

// fail gives the last count that is known, and has the next pages not try for a while.
func (o *openCount) fail() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known {
		return o.n
	}
	o.until = time.Now().Add(countedFor)
	return countUnknown
}

// forget makes the next page count anew.
func (o *openCount) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.first, o.until = nil, time.Time{}
}
