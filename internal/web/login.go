package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
)

// loginBody is what the login page prints.
type loginBody struct {
	Refused bool // plain http from another machine
	Fault   string
	Name    string
	Next    string
}

func (s *Server) loginPage(c echo.Context) error {
	return s.showLogin(c, http.StatusOK, loginBody{Next: safeNext(c.QueryParam("next"))})
}

func (s *Server) showLogin(c echo.Context, status int, body loginBody) error {
	if !s.mayLogIn(c) {
		body.Refused, status = true, http.StatusForbidden
	}
	p := s.furniture(c, indicator.T("登录", "Log in"))
	p.Body = body
	return s.render(c, status, "login", p)
}

func (s *Server) doLogin(c echo.Context) error {
	body := loginBody{Name: c.FormValue("name"), Next: safeNext(c.FormValue("next"))}
	if !s.mayLogIn(c) {
		return s.showLogin(c, http.StatusForbidden, body)
	}
	user, err := s.login.Check(c.Request().Context(), body.Name, c.FormValue("password"))
	var wait *account.WaitError
	lang := addressOf(c).Lang
	switch {
	case errors.As(err, &wait):
		s.log.Warn("login refused", "request_id", requestID(c), "from", c.RealIP(), "why", "too many failures")
		body.Fault = wait.Text().In(lang)
		return s.showLogin(c, http.StatusTooManyRequests, body)
	case errors.Is(err, account.ErrCredentials):
		s.log.Warn("login refused", "request_id", requestID(c), "from", c.RealIP(), "why", "name or password")
		body.Fault = account.ErrCredentials.Message.In(lang)
		return s.showLogin(c, http.StatusUnauthorized, body)
	case err != nil:
		return err
	}
	if _, err := s.open(c, user); err != nil {
		return err
	}
	s.log.Info("login", "request_id", requestID(c), "from", c.RealIP(), "user", user.Name)
	next := body.Next
	if next == "" {
		next = addressOf(c).link("/")
	}
	return c.Redirect(http.StatusSeeOther, next)
}

func (s *Server) doLogout(c echo.Context) error {
	if err := s.sessions.manager.Destroy(c.Request().Context()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, addressOf(c).link("/"))
}

// toLogin sends a reader to the login page and back afterwards.
func (s *Server) toLogin(c echo.Context) error {
	next := ""
	if c.Request().Method == http.MethodGet {
		next = c.Request().URL.RequestURI()
	}
	return c.Redirect(http.StatusSeeOther, addressOf(c).link("/login", "next", next))
}

// safeNext lets only an address of ours through: a path that no browser could
// take for another host.
func safeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	return next
}

func (s *Server) favicon(c echo.Context) error {
	url, err := s.static.URL("favicon.svg")
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusMovedPermanently, url)
}
