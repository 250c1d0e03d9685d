package web

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Readiness is how the system stands, as /readyz answers it. With a fault the
// answer is 503; a warning is for the operator alone.
type Readiness struct {
	Faults   []indicator.Text `json:"faults"`
	Warnings []indicator.Text `json:"warnings"`
}

// readyTimeout is shorter than the patience of anybody who polls.
const readyTimeout = 2 * time.Second

func (s *Server) health(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

func (s *Server) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	state := s.readiness(ctx)
	status := http.StatusOK
	if len(state.Faults) > 0 {
		status = http.StatusServiceUnavailable
	}
	if faults := english(state.Faults); s.unready.becomes(faults) && len(faults) > 0 {
		s.log.Error("not ready", "faults", faults)
	}
	return c.JSON(status, struct {
		Ready    bool             `json:"ready"`
		Faults   []indicator.Text `json:"faults"`
		Warnings []indicator.Text `json:"warnings"`
	}{len(state.Faults) == 0, orEmpty(state.Faults), orEmpty(state.Warnings)})
}

// readiness: a server is ready while it has good readings to show, be they the
// last good ones. Then what is wrong with the ledger is a warning.
func (s *Server) readiness(ctx context.Context) Readiness {
	var state Readiness
	if s.config.Ready != nil {
		state = s.config.Ready(ctx)
	}
	_, _ = s.config.Snapshots.At(ctx, time.Time{}, 0) // brings State up to now
	known := s.config.Snapshots.State()
	if len(known.Stale) > 0 && known.Whole {
		state.Warnings = slices.Concat(state.Faults, state.Warnings)
		state.Faults = nil
	}
	switch {
	case !known.Serving && len(state.Faults) == 0:
		state.Faults = append(state.Faults, indicator.T("当前数据无法读取，原因见日志。", "The current readings cannot be read; the log says why."))
	case known.Serving && !known.Whole:
		for _, damage := range known.Damages {
			state.Faults = append(state.Faults, damage.Text())
		}
	case known.Serving:
		for _, trouble := range known.Stale {
			state.Warnings = append(state.Warnings, trouble.Text())
		}
	}
	return state
}

func english(list []indicator.Text) []string {
	words := make([]string, len(list))
	for i, text := range list {
		words[i] = text.EN
	}
	return words
}

// unready is the faults last told, so that a log has them once and not at every poll.
type unready struct {
	mu   sync.Mutex
	last []string
}

func (u *unready) becomes(faults []string) (changed bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	changed = !slices.Equal(u.last, faults)
	u.last = faults
	return changed
}
