package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

func (s *Server) doSubmit(c echo.Context) error {
	u, err := s.config.Uploads.Submit(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	return s.backTo(c, u.ID, "submitted")
}

func (s *Server) doPublish(c echo.Context) error {
	u, err := s.publishWhen(c, c.FormValue("publish_at"), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	note := string(u.State) // published, or publishing: the page says which
	if u.Scheduled() {
		note = "scheduled"
	}
	return s.backTo(c, u.ID, note)
}

func (s *Server) doReject(c echo.Context) error {
	u, err := s.config.Uploads.Reject(c.Request().Context(), userOf(c), param(c, "id"), c.FormValue("comment"))
	if err != nil {
		return err
	}
	return s.backTo(c, u.ID, "rejected")
}

func (s *Server) doRevert(c echo.Context) error {
	u, err := s.config.Uploads.Revert(c.Request().Context(), userOf(c), param(c, "id"), c.FormValue("reason"))
	if err != nil {
		return err
	}
	return s.backTo(c, u.ID, "reverted")
}

// uploadFile hands out the original, always as a download: what is in it is not
// for a browser to understand.
func (s *Server) uploadFile(c echo.Context) error {
	name, content, err := s.config.Uploads.File(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	setFileName(c, name)
	return c.Blob(http.StatusOK, echo.MIMEOctetStream, content)
}
