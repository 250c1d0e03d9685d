package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/upload"
)

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
	items := make([]upload.PlanItem, len(plans))
	for i, p := range plans {
		items[i] = p.Item()
	}
	return c.JSON(http.StatusOK, listAnswer[upload.PlanItem]{items, made})
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
	return c.JSON(http.StatusOK, itemAnswer[upload.PlanItem]{p.Item(), made})
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
