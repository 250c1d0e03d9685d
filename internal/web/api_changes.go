package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// changesAnswer is a listAnswer with the earlier moment.
type changesAnswer struct {
	Items            []export.Change `json:"items"`
	Compare          string          `json:"compare"`
	CompareCatalogue string          `json:"compare_catalogue"`
	stamp
}

// apiChanges says why the verdicts on a target changed since an earlier moment.
func (s *Server) apiChanges(c echo.Context) error {
	q, m, err := s.catalogQuery(c, paramCompare, "region", "method", paramAsOfPeriod)
	if err != nil {
		return err
	}
	t := m.catalog.Target(param(c, "id"))
	if t == nil {
		return unknownTarget(m.catalog, param(c, "id"))
	}
	ask := dashboard.Query{Targets: []string{t.ID}, Regions: q.regions("region", m.catalog),
		Method: q.choice("method", assess.MethodNames()...), AsOfPeriod: m.period, Now: s.config.Now()}
	if q.one(paramCompare) == "" {
		q.fail(badParameter(paramCompare, indicator.T(
			"要写明比较时点 compare，如 2024-06-01。", "The parameter compare is needed: the earlier moment, such as 2024-06-01."), nil))
	}
	if err := q.err(); err != nil {
		return err
	}
	earlier, err := s.earlier(c, m)
	if err != nil {
		return err
	}
	if s.unchanged(c, m, earlier.Catalog.Hash(), s.todayIfCurrent(m)) {
		return c.NoContent(http.StatusNotModified)
	}
	ctx := c.Request().Context()
	changes, err := dashboard.Compare(ctx, earlier.Moment, dashboard.Moment{Snap: m.snap, Catalog: m.catalog}, ask)
	if err != nil {
		return err
	}
	answer := changesAnswer{Items: []export.Change{}, Compare: earlier.Asked, CompareCatalogue: earlier.Catalog.Hash(), stamp: m.stamp(c)}
	for _, change := range changes {
		answer.Items = append(answer.Items, export.NewChange(change))
	}
	return c.JSON(http.StatusOK, answer)
}
