package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

const mimeZIP = "application/zip"

// apiBundle sends what is needed to find every verdict again.
func (s *Server) apiBundle(c echo.Context) error {
	_, m, err := s.catalogQuery(c, paramAsOfPeriod)
	if err != nil {
		return err
	}
	now := s.config.Now()
	if s.unchanged(c, m, s.todayIfCurrent(m)) {
		return c.NoContent(http.StatusNotModified)
	}
	b, err := NewBundle(c.Request().Context(), m.snap, m.catalog, m.period, now)
	if err != nil {
		return err
	}
	setFileName(c, "dabiao-bundle.zip")
	return s.stream(c, mimeZIP, func(w io.Writer) error { return export.WriteBundle(w, b) })
}

// NewBundle assesses every target by every method, those of one target in one
// region together, and gives them with what they rest on. Readings that do not
// add up are a *snapshot.DamageError, before anything is written.
func NewBundle(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog, period indicator.Period, now time.Time) (export.Bundle, error) {
	b := export.Bundle{Catalog: catalog, AsOf: snap.AsOf(), Day: snap.AsOf(), AsOfPeriod: period, Version: int64(snap.Version()),
		Readings: export.Rows(snap.AllVintages(ctx, snapshot.Selection{}))}
	if b.Day.IsZero() {
		b.Day = now
	}
	if err := snap.Load(ctx, snapshot.Selection{}); err != nil {
		return b, err
	}
	var methods []string
	for _, m := range assess.Methods() {
		methods = append(methods, m.ID())
	}
	list, err := dashboard.AssessBy(ctx, snap, catalog, methods, dashboard.Query{AsOfPeriod: period, Now: now})
	for _, a := range list {
		b.Assessments = append(b.Assessments, a.Assessment)
	}
	return b, err
}
