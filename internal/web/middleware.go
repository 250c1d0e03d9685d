package web

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// contentSecurityPolicy allows our own files and nothing else: no inline script
// or style, no other host, no frame around us.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// hstsSeconds is half a year.
const hstsSeconds = 15_768_000

// furnish sets up what every request passes, outermost first.
func (s *Server) furnish() {
	s.echo.Pre(middleware.RemoveTrailingSlash())
	s.echo.Use(
		middleware.RequestIDWithConfig(middleware.RequestIDConfig{Generator: uuid.NewString}),
		s.logRequest,
		s.securityHeaders,
		recoverPanic,
		middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{
			Skipper: func(c echo.Context) bool { return !takesFile(c) },
			Limit:   fmt.Sprintf("%dB", s.config.MaxUpload+(1<<20)), // the form around the file
		}),
		middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{Skipper: takesFile, Limit: smallBody}),
		middleware.ContextTimeout(s.config.Timeout),
		s.session,
		s.removeFormFiles,
		s.readAddress,
		s.checkOrigin,
		s.authorise,
	)
}

// smallBody is the most that comes to an address which takes no file.
const smallBody = "1MB"

// takesFile tells the two addresses that files are sent to; all others take small forms.
func takesFile(c echo.Context) bool {
	path := c.Request().URL.Path
	return path == "/uploads" || path == apiPrefix+"/uploads"
}

func requestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// logRequest writes one line per request; what went wrong is logged where it
// becomes an answer.
func (s *Server) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		c.Set(clientKey, c.Request().Context()) // before a limit of ours is laid on it
		if err := next(c); err != nil {
			c.Error(err) // answered here, so that the line has the status
		}
		r := c.Request()
		_, known := s.routes[r.Method+" "+c.Path()]
		s.metrics.answered(r.Method, c.Path(), known, c.Response().Status)
		s.log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("request_id", requestID(c)),
			slog.String("method", r.Method),
			slog.String("path", r.URL.Path),
			slog.Int("status", c.Response().Status),
			slog.Int64("bytes", c.Response().Size),
			slog.Duration("took", time.Since(start)),
			slog.String("from", c.RealIP()),
			slog.String("user", userOf(c).Name))
		return nil
	}
}

func (s *Server) securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store") // pages depend on who asks; static files say otherwise
		if s.isTLS(c) {
			h.Set("Strict-Transport-Security", fmt.Sprintf("max-age=%d", hstsSeconds))
		}
		return next(c)
	}
}

// recoverPanic turns a panic into an error of ours, which is logged and answered.
func recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(_ echo.Context, err error, stack []byte) error {
			return fmt.Errorf("panic: %w\n%s", err, stack)
		},
	})(next)
}

// removeFormFiles removes what a large form left on the disk. net/http does so
// only for the request that it made itself, and session puts a copy in its place.
func (s *Server) removeFormFiles(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		defer func() {
			form := c.Request().MultipartForm
			if form == nil {
				return
			}
			if err := form.RemoveAll(); err != nil {
				s.log.Error("the temporary files of a form could not be removed", "request_id", requestID(c), "error", err)
			}
		}()
		return next(c)
	}
}

func (s *Server) readAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		a, err := parseAddress(c.QueryParams())
		c.Set(addressKey, a)
		if err != nil {
			return err
		}
		return next(c)
	}
}

// ipExtractor believes the machine itself and the listed proxies about who the
// client is, and nobody else.
func ipExtractor(trusted []netip.Prefix) echo.IPExtractor {
	options := []echo.TrustOption{echo.TrustLoopback(true), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// isTLS reports whether the reader's browser speaks TLS, to us or to a proxy we trust.
func (s *Server) isTLS(c echo.Context) bool {
	r := c.Request()
	if r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || r.Header.Get("X-Forwarded-Proto") != "https" {
		return false
	}
	addr := peer.Addr().Unmap()
	if addr.IsLoopback() {
		return true
	}
	for _, p := range s.config.TrustedProxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// isLoopback reports whether the reader's browser is on the machine it talks to,
// by the name it used: a browser only asks for localhost when it means itself.
func isLoopback(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
