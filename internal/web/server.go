// Package web answers requests: pages from the Views of dashboard, uploads and
// login. Echo stays inside this package.
package web

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/assets"
	"github.com/dabiao/dabiao/internal/chart"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/upload"
	"github.com/dabiao/dabiao/internal/warning"
)

// Config is everything the server needs. The functions are asked for every
// request, so that a reload takes effect at once.
type Config struct {
	Catalog    func() *indicator.Catalog
	Dashboards func() []dashboard.Definition
	// Catalogues finds the catalogue of an earlier moment; nil where no history is kept.
	Catalogues Catalogues

	// Warnings are the thresholds of warnings; nil: the defaults.
	Warnings *warning.Thresholds
	// Acknowledgements of warnings; nil where none can be kept. A Reader has none.
	Acknowledgements warning.Acknowledgements

	Snapshots *snapshot.Cache
	Uploads   *upload.Service
	Users     account.Users
	Sessions  scs.Store

	Public bool // published figures are readable without login
	Review bool // a second person publishes

	// Reader turns login, uploads and drafts off: the server shows what is
	// published, to everybody (Public).
	Reader bool

	// Ready says how the ledger stands, at once; nil: only the current readings
	// are tried. Its faults are warnings while the last good readings are served.
	Ready func(context.Context) Readiness
	// TrustedProxies may say who the client is and that it came over TLS; the
	// machine itself always may.
	TrustedProxies []netip.Prefix
	MaxUpload      int64         // bytes of one file, 0: 100 MiB
	Timeout        time.Duration // of one request, 0: one minute

	Now    func() time.Time
	Logger *slog.Logger
	// Version of the program, shown at the foot of every page.
	Version string
	// Dist is the fetched browser files; nil: the embedded ones.
	Dist fs.FS
	// Charts draws SVG; nil: one over Dist is made, which lasts as long as the process.
	Charts *chart.Renderer
}

// Catalogues is the history of catalogues.
type Catalogues interface {
	// ByHash is the catalogue of that hash, false where it was never in force.
	ByHash(ctx context.Context, hash string) (*indicator.Catalog, bool, error)
	// At is the catalogue that was in force at a moment, the first kept for
	// moments before it.
	At(ctx context.Context, moment time.Time) (*indicator.Catalog, error)
}

// Server answers requests. It is an http.Handler, safe for concurrent use.
type Server struct {
	config   Config
	log      *slog.Logger
	echo     *echo.Echo
	static   *assets.Set
	pages    *templates
	sessions *sessions
	login    *account.Login
	routes   map[string]route // by method and path as Echo names them
	metrics  *metrics
	unready  unready
	coverage *upload.Coverer
	outlooks *dashboard.Outlooks
	warnings *warnings
}

const (
	defaultMaxUpload = 100 << 20
	defaultTimeout   = time.Minute
)

// New builds the server. It fails where the build has no browser files.
func New(config Config) (*Server, error) {
	if config.Dist == nil {
		if err := assets.Check(); err != nil {
			return nil, err
		}
		config.Dist = assets.Dist()
	}
	if config.Catalog == nil || config.Dashboards == nil || config.Snapshots == nil || config.Uploads == nil ||
		config.Users == nil || config.Sessions == nil || config.Now == nil || config.Logger == nil {
		return nil, errors.New("web: the configuration lacks a part")
	}
	if config.Charts == nil {
		config.Charts = chart.NewRenderer(config.Dist, chart.Limits{})
	}
	if config.MaxUpload == 0 {
		config.MaxUpload = defaultMaxUpload
	}
	if config.Timeout == 0 {
		config.Timeout = defaultTimeout
	}
	s := &Server{config: config, log: config.Logger, echo: echo.New(), routes: map[string]route{}, coverage: upload.NewCoverer(config.Uploads),
		outlooks: dashboard.NewOutlooks()}
	s.warnings = newWarnings(config, s.outlooks)
	var err error
	if s.static, err = assets.NewSet(staticPrefix, staticFiles(), config.Dist); err != nil {
		return nil, err
	}
	if s.pages, err = parseTemplates(s.static); err != nil {
		return nil, err
	}
	if s.login, err = account.NewLogin(config.Users, config.Now); err != nil {
		return nil, err
	}
	s.sessions = newSessions(config.Sessions, config.Now)
	s.metrics = newMetrics(config.Snapshots, config.Version)
	config.Snapshots.Observe(s.watch())
	s.echo.HTTPErrorHandler = s.handleError
	s.echo.IPExtractor = ipExtractor(config.TrustedProxies)
	s.furnish()
	s.mount()
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// Route is one line of what the server answers.
type Route struct{ Method, Path string }

// Routes lists every route, by path and method.
func (s *Server) Routes() []Route {
	var list []Route
	for _, r := range s.echo.Routes() {
		list = append(list, Route{r.Method, r.Path})
	}
	slices.SortFunc(list, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return list
}

// presenter writes for the language and moment of a request.
func (s *Server) presenter(c echo.Context) presenter {
	return presenter{address: addressOf(c), path: ownPath(c.Request().URL.Path), query: c.QueryParams(), draw: chart.Option}
}

// rules are the permissions as they stand now.
func (s *Server) rules() account.Rules {
	return account.Rules{Catalog: s.config.Catalog(), Review: s.config.Review}
}
