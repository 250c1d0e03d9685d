package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// publishWhen publishes an upload, or approves it for the moment that at names;
// empty: at once.
func (s *Server) publishWhen(c echo.Context, at string, user account.User, id string) (upload.Upload, error) {
	ctx := c.Request().Context()
	if at = strings.TrimSpace(at); at == "" {
		return s.config.Uploads.Publish(ctx, user, id)
	}
	moment, err := indicator.ParseMoment(at)
	if err != nil {
		return upload.Upload{}, badParameter("publish_at", indicator.T(
			"定时发布的时间应写作 2026-12-01T09:00（北京时间），收到的是“"+at+"”。",
			"The moment to publish at must be written 2026-12-01T09:00, in Shanghai's time; got “"+at+"”."), err)
	}
	return s.config.Uploads.Schedule(ctx, user, id, moment)
}

func (s *Server) apiPublish(c echo.Context) error {
	var said struct {
		PublishAt string `json:"publish_at"`
	}
	return s.apiStep(c, &said, func(user account.User, id string) (upload.Upload, error) {
		return s.publishWhen(c, said.PublishAt, user, id)
	})
}

func (s *Server) doUnschedule(c echo.Context) error {
	u, err := s.config.Uploads.Unschedule(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	return s.backTo(c, u.ID, "unscheduled")
}

func (s *Server) apiUnschedule(c echo.Context) error {
	return s.apiStep(c, nil, func(user account.User, id string) (upload.Upload, error) {
		return s.config.Uploads.Unschedule(c.Request().Context(), user, id)
	})
}
