package web

import (
	"context"
	"net/http"
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
		s.log.Error("not ready", "faults", english(state.Faults))
	}
	return c.JSON(status, struct {
		Ready    bool             `json:"ready"`
		Faults   []indicator.Text `json:"faults"`
		Warnings []indicator.Text `json:"warnings"`
	}{len(state.Faults) == 0, orEmpty(state.Faults), orEmpty(state.Warnings)})
}

func (s *Server) readiness(ctx context.Context) Readiness {
	var state Readiness
	if s.config.Ready != nil {
		state = s.config.Ready(ctx)
	}
	if len(state.Faults) > 0 { // what follows would only wait for the same trouble
		return state
	}
	if _, err := s.config.Snapshots.At(ctx, time.Time{}, 0); err != nil {
		s.log.Error("the readings cannot be served", "error", err)
		state.Faults = append(state.Faults, indicator.T("当前数据无法读取，原因见日志。", "The current readings cannot be read; the log says why."))
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
