package web

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
)

// A session ends when it was not used for idleTimeout, and in any case after
// absoluteTimeout.
const (
	idleTimeout     = time.Hour
	absoluteTimeout = 12 * time.Hour
	touchEvery      = time.Minute // how exact the idle time is kept: not a write per request
)

// What a session holds.
const (
	keyUser  = "user"
	keyCSRF  = "csrf"
	keySince = "since" // Unix seconds of the login
	keySeen  = "seen"  // Unix seconds of the last use
)

// The cookie that names the session. Browsers accept a __Host- cookie only with
// Secure, and Secure only over TLS: on the machine itself it has another name.
const (
	secureCookie = "__Host-dabiao"
	plainCookie  = "dabiao"
)

// What is noted on a request: its user; that it has a session, which an error
// page for a request refused earlier must not ask for; that this very request
// opened the session.
const (
	userKey    = "user"
	sessionKey = "session"
	openedKey  = "opened"
)

// sessions are kept on the server; the browser holds only a random token, and
// the store only its hash.
type sessions struct {
	manager *scs.SessionManager
	now     func() time.Time
}

func newSessions(store scs.Store, now func() time.Time) *sessions {
	// Not scs.New: that starts a goroutine for a store nobody uses, which never ends.
	return &sessions{manager: &scs.SessionManager{Store: store, Codec: scs.GobCodec{}, Lifetime: absoluteTimeout}, now: now}
}

// session finds who is asking. The account is looked up each time, so that a
// role taken away is gone at once.
func (s *Server) session(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.config.Reader { // a cookie of the primary, on the same host, means nothing here
			return next(c)
		}
		token := ""
		if cookie, err := c.Cookie(s.cookieName(c)); err == nil {
			token = cookie.Value
		}
		ctx, err := s.sessions.manager.Load(c.Request().Context(), token)
		if err != nil {
			return fmt.Errorf("load the session: %w", err)
		}
		c.SetRequest(c.Request().WithContext(ctx))
		c.Set(sessionKey, true)
		c.Response().Before(func() {
			if c.Get(openedKey) != nil {
				return // open kept it, or said that it could not
			}
			if err := s.keepSession(c); err != nil {
				s.log.Error("the session could not be kept", "request_id", requestID(c), "error", err)
			}
		})
		if err := s.recognise(c); err != nil {
			return err
		}
		return next(c)
	}
}

// recognise sets the user of the request, unless the session is over.
func (s *Server) recognise(c echo.Context) error {
	ctx, m := c.Request().Context(), s.sessions.manager
	name := m.GetString(ctx, keyUser)
	if name == "" {
		return nil
	}
	now := s.sessions.now()
	seen, since := time.Unix(m.GetInt64(ctx, keySeen), 0), time.Unix(m.GetInt64(ctx, keySince), 0)
	user, err := s.config.Users.User(ctx, name)
	if err != nil && !errors.Is(err, account.ErrNoUser) {
		return fmt.Errorf("look up the account: %w", err)
	}
	if err != nil || user.Disabled || now.Sub(seen) > idleTimeout || now.Sub(since) > absoluteTimeout {
		return m.Destroy(ctx)
	}
	if now.Sub(seen) > touchEvery {
		m.Put(ctx, keySeen, now.Unix())
	}
	c.Set(userKey, user)
	return nil
}

// userOf is who asks; without a name nobody is logged in.
func userOf(c echo.Context) account.User {
	user, _ := c.Get(userKey).(account.User)
	return user
}

// keepSession writes what changed, before the first byte of the answer.
func (s *Server) keepSession(c echo.Context) error {
	ctx, m := c.Request().Context(), s.sessions.manager
	switch m.Status(ctx) {
	case scs.Unmodified:
	case scs.Modified:
		token, expiry, err := m.Commit(ctx)
		if err != nil {
			return err
		}
		s.setCookie(c, token, int(time.Until(expiry).Seconds()))
	case scs.Destroyed:
		s.setCookie(c, "", -1)
	}
	return nil
}

func (s *Server) cookieName(c echo.Context) string {
	if s.isTLS(c) {
		return secureCookie
	}
	return plainCookie
}

func (s *Server) setCookie(c echo.Context, token string, maxAge int) {
	http.SetCookie(c.Response(), &http.Cookie{
		Name: s.cookieName(c), Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.isTLS(c),
	})
}

// mayLogIn reports whether a password and a cookie are safe on the way here.
func (s *Server) mayLogIn(c echo.Context) bool { return s.isTLS(c) || isLoopback(c.Request()) }

// open begins a session for a user under a new token and gives its CSRF token.
// The session is kept before anybody is told that the login succeeded.
func (s *Server) open(c echo.Context, user account.User) (csrf string, err error) {
	ctx, m := c.Request().Context(), s.sessions.manager
	if err := m.RenewToken(ctx); err != nil {
		return "", noSession(err)
	}
	now := s.sessions.now().Unix()
	csrf = rand.Text()
	m.Put(ctx, keyUser, user.Name)
	m.Put(ctx, keyCSRF, csrf)
	m.Put(ctx, keySince, now)
	m.Put(ctx, keySeen, now)
	c.Set(openedKey, true)
	if err := s.keepSession(c); err != nil {
		return "", noSession(err)
	}
	c.Set(userKey, user)
	return csrf, nil
}

func noSession(err error) *failure {
	return &failure{kind: kindUnavailable, cause: fmt.Errorf("begin the session: %w", err), text: indicator.T(
		"登录状态暂时无法保存，没有登录。请稍后再试。",
		"The login could not be kept, so you are not logged in. Please try again later.")}
}

func (s *Server) csrfToken(c echo.Context) string {
	if c.Get(sessionKey) == nil {
		return ""
	}
	return s.sessions.manager.GetString(c.Request().Context(), keyCSRF)
}

// Where a request that changes something may carry the session's CSRF token.
const (
	csrfField  = "csrf"
	csrfHeader = "X-CSRF-Token"
)

// checkOrigin refuses a request that changes something when another site made
// the browser send it. Browsers say so (Sec-Fetch-Site, Origin); where they do
// not, a request inside a session must carry the session's token. A request
// without session carries no authority that could be misused.
func (s *Server) checkOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
			return next(c)
		}
		site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
		switch {
		case site == "same-origin":
			return next(c)
		case site != "" && site != "none", origin != "" && !sameHost(origin, r.Host):
			return s.foreign()
		}
		want := s.csrfToken(c)
		got := r.Header.Get(csrfHeader)
		if got == "" && want != "" {
			got = c.FormValue(csrfField)
		}
		if want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) != 1 {
			return s.foreign()
		}
		return next(c)
	}
}

func (s *Server) foreign() error {
	return &failure{kind: kindForbidden, code: "csrf", text: indicator.T(
		"这个请求不是从本系统的页面发出的，已拒绝。请回到页面重新操作。",
		"This request did not come from a page of this system and was refused. Please go back to the page and try again.")}
}

func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host == host
}
