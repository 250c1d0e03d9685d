package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
)

// sessionAnswer says who asks; both are null for somebody who is not logged in.
type sessionAnswer struct {
	CSRF *string  `json:"csrf_token"`
	User *apiUser `json:"user"`
}

type apiUser struct {
	Name    string       `json:"name"`
	Role    account.Role `json:"role"`
	Regions []string     `json:"regions"` // empty: the whole country
}

func newSessionAnswer(user account.User, csrf string) sessionAnswer {
	if user.Name == "" {
		return sessionAnswer{}
	}
	return sessionAnswer{&csrf, &apiUser{user.Name, user.Role, orEmpty(user.Regions)}}
}

func (s *Server) apiWho(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newSessionAnswer(userOf(c), s.csrfToken(c)))
}

func (s *Server) apiLogIn(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	if !s.mayLogIn(c) {
		return forbidden(indicator.T(
			"这个连接没有加密，不能登录。请通过 https 访问，或在服务器本机上登录。",
			"This connection is not encrypted: log in over https, or on the machine of the server itself."))
	}
	var said struct {
		Name     string `json:"name"`
		Password string `json:"password"`
	}
	if err := readJSON(c, &said, false); err != nil {
		return err
	}
	user, err := s.login.Check(c.Request().Context(), said.Name, said.Password)
	var wait *account.WaitError
	switch {
	case errors.As(err, &wait):
		s.log.Warn("login refused", "request_id", requestID(c), "from", c.RealIP(), "why", "too many failures")
		return &failure{kind: kindTooMany, text: wait.Text(), cause: err}
	case errors.Is(err, account.ErrCredentials):
		s.log.Warn("login refused", "request_id", requestID(c), "from", c.RealIP(), "why", "name or password")
		return &failure{kind: kindUnauthorized, code: "wrong_credentials", text: account.ErrCredentials.Message, cause: err}
	case err != nil:
		return err
	}
	csrf, err := s.open(c, user)
	if err != nil {
		return err
	}
	s.log.Info("login", "request_id", requestID(c), "from", c.RealIP(), "user", user.Name)
	return c.JSON(http.StatusOK, newSessionAnswer(user, csrf))
}

func (s *Server) apiLogOut(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	if err := s.sessions.manager.Destroy(c.Request().Context()); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
