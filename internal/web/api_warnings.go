package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/warning"
)

// apiWarnings lists the warnings that the parameters select.
func (s *Server) apiWarnings(c echo.Context) error {
	q, m, err := s.catalogQuery(c, append(slices.Clone(warningParams), paramAsOfPeriod, "limit")...)
	if err != nil {
		return err
	}
	a := askedWarnings{moment: m, filter: readWarningFilter(q, m.catalog)}
	limit := q.limit()
	if err := q.err(); err != nil {
		return err
	}
	if err := s.lookFor(c, &a); err != nil {
		return err
	}
	lang, items := addressOf(c).Lang, []export.Warning{}
	for _, w := range a.shown {
		line := export.NewWarning(w, a.notes[w.Key], lang)
		if userOf(c).Name == "" {
			line.Notes = []export.WarningNote{}
		}
		items = append(items, line)
	}
	if limit > 0 && len(items) > limit {
		items = items[:limit]
	}
	return c.JSON(http.StatusOK, listAnswer[export.Warning]{items, m.stamp(c)}) // no ETag: notes come without a new version
}

// apiAcknowledge keeps a note on a warning and gives the warning with it.
func (s *Server) apiAcknowledge(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	m, err := s.apiMoment(c)
	if err != nil {
		return err
	}
	var said struct {
		Note string `json:"note"`
	}
	if err := readJSON(c, &said, false); err != nil {
		return err
	}
	w, err := s.acknowledge(c, said.Note)
	if errors.Is(err, warning.ErrNote) {
		return &failure{kind: kindUnprocessable, code: "bad_note", parameter: "note", text: warning.NoteFault, cause: err}
	}
	if err != nil {
		return err
	}
	notes, err := warning.NotesOn(c.Request().Context(), s.warnings.kept, []warning.Warning{w})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, itemAnswer[export.Warning]{export.NewWarning(w, notes[w.Key], addressOf(c).Lang), m.stamp(c)})
}
