package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// apiPlanItem is an import plan as the asker may see it.
type apiPlanItem struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Regions []string       `json:"regions"`
	Answers ingest.Answers `json:"answers"`
	Source  string         `json:"source"`
	Stage   string         `json:"stage"`
	Author  string         `json:"author"`
	Created *string        `json:"created"`
	Changed *string        `json:"changed"`
	Uses    []apiPlanUse   `json:"uses"`
}

type apiPlanUse struct {
	Upload string  `json:"upload"`
	At     *string `json:"at"`
}

func newPlanItem(p upload.Plan) apiPlanItem {
	item := apiPlanItem{ID: p.ID, Name: p.Name, Regions: orEmpty(p.Regions), Answers: p.Answers, Source: p.Source, Stage: p.Stage,
		Author: p.Author, Created: apiTime(p.Created), Changed: apiTime(p.Changed), Uses: []apiPlanUse{}}
	for _, use := range p.Uses {
		item.Uses = append(item.Uses, apiPlanUse{use.Upload, apiTime(use.At)})
	}
	return item
}

func (s *Server) apiPlans(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	plans, err := s.config.Uploads.ListPlans(c.Request().Context(), userOf(c))
	if err != nil {
		return err
	}
	made, err := s.uploadStamp(c)
	if err != nil {
		return err
	}
	items := make([]apiPlanItem, len(plans))
	for i, p := range plans {
		items[i] = newPlanItem(p)
	}
	return c.JSON(http.StatusOK, listAnswer[apiPlanItem]{items, made})
}

func (s *Server) apiRenamePlan(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	var said struct {
		Name string `json:"name"`
	}
	if err := readJSON(c, &said, false); err != nil {
		return err
	}
	ctx, user := c.Request().Context(), userOf(c)
	renamed, err := s.config.Uploads.RenamePlan(ctx, user, param(c, "id"), said.Name)
	if err != nil {
		return err
	}
	p, err := s.config.Uploads.FindPlan(ctx, user, renamed.ID) // with the uses that the asker may see
	if err != nil {
		return err
	}
	made, err := s.uploadStamp(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, itemAnswer[apiPlanItem]{newPlanItem(p), made})
}

func (s *Server) apiDeletePlan(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	if _, err := s.config.Uploads.DeletePlan(c.Request().Context(), userOf(c), param(c, "id")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
