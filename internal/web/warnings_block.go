package web

import (
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// warningBlock is the open warnings of a region or a target, on its page.
type warningBlock struct{ Entries []warningView }

// newWarningBlock is nil where there are none.
func newWarningBlock(list []warning.Warning, catalog *indicator.Catalog, p *page) *warningBlock {
	if len(list) == 0 {
		return nil
	}
	b := &warningBlock{}
	for _, w := range list {
		b.Entries = append(b.Entries, viewWarning(w, catalog, p))
	}
	return b
}

// warningsAbout are the open warnings that belong on a page. A page is never
// refused for the sake of them.
func (s *Server) warningsAbout(c echo.Context, m moment, page string, params dashboard.Params) []warning.Warning {
	if page != "region" && page != "target" {
		return nil
	}
	a := askedWarnings{moment: m, filter: warningFilter{state: warningsOpen}}
	if err := s.lookFor(c, &a); err != nil {
		s.log.Warn("a page lacks its warnings", "request_id", requestID(c), "error", err)
		return nil
	}
	return slices.DeleteFunc(a.shown, func(w warning.Warning) bool {
		if page == "region" {
			return w.Region != params.Region
		}
		return !slices.Contains(w.Targets, params.Target)
	})
}
