package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
)

// access is who may use a route at all. What a user may do with one upload is
// decided by upload itself, where the upload's regions and authors are known.
type access int

const (
	_        access = iota // the zero value is no rule: mount refuses it
	anybody                // without login, whatever the settings
	entrance               // login and logout: anybody, but not on a server that only reads
	readers                // anybody where figures are public, else everybody with an account
	accounts               // everybody with an account
	actors                 // whoever has the route's action for any upload at all
	machine                // programs on the server's own machine, not through a proxy
)

// route is one line of the table of everything that is answered.
type route struct {
	method, path string
	access       access
	action       account.Action // for actors
	handle       echo.HandlerFunc
}

// table lists every route with its rule, in one place that can be read and tested.
func (s *Server) table() []route {
	return slices.Concat(s.serviceRoutes(), s.pageRoutes(), s.uploadRoutes(), s.planRoutes(), s.warningRoutes(), s.apiRoutes())
}

func (s *Server) serviceRoutes() []route {
	static := echo.WrapHandler(s.static)
	return []route{
		{"GET", "/healthz", anybody, "", s.health},
		{"GET", "/readyz", anybody, "", s.ready},
		{"GET", "/metrics", machine, "", s.metricsPage},
		{"GET", "/favicon.ico", anybody, "", s.favicon},
		{"GET", staticPrefix + "*", anybody, "", static},
		{"GET", "/login", entrance, "", s.loginPage},
		{"POST", "/login", entrance, "", s.doLogin},
		{"POST", "/logout", entrance, "", s.doLogout},
	}
}

func (s *Server) pageRoutes() []route {
	return []route{
		{"GET", "/", readers, "", s.overviewPage},
		{"GET", "/regions", readers, "", s.regionsPage},
		{"GET", "/regions/:code", readers, "", s.regionPage},
		{"GET", "/indicators", readers, "", s.indicatorsPage},
		{"GET", "/indicators/:code", readers, "", s.indicatorPage},
		{"GET", "/indicators/:code/history", readers, "", s.historyPage},
		{"GET", "/indicators/:code/template.csv", readers, "", s.templateCSV},
		{"GET", "/indicators/:code/template.xlsx", readers, "", s.templateXLSX},
		{"GET", "/targets", readers, "", s.targetsPage},
		{"GET", "/targets/:id", readers, "", s.targetPage},
		{"GET", "/pages/:page", readers, "", s.ownPage},
		{"GET", "/pages/:page/*", readers, "", s.ownPage},
	}
}

func (s *Server) uploadRoutes() []route {
	return []route{
		{"GET", "/uploads", readers, "", s.uploadsPage},
		{"GET", "/uploads/coverage", readers, "", s.coveragePage},
		{"GET", "/uploads/coverage.xlsx", readers, "", s.coverageFile},
		{"GET", "/uploads/new", actors, account.Stage, s.newUploadPage},
		{"POST", "/uploads", actors, account.Stage, s.doStage},
		{"GET", "/uploads/:id", readers, "", s.uploadPage},
		{"GET", "/uploads/:id/file", accounts, "", s.uploadFile},
		{"POST", "/uploads/:id/answers", actors, account.Stage, s.doAnswer},
		{"GET", "/uploads/:id/annotated.xlsx", accounts, "", s.annotatedFile},
		{"POST", "/uploads/:id/submit", actors, account.Submit, s.doSubmit},
		{"POST", "/uploads/:id/withdraw", actors, account.Withdraw, s.doWithdraw},
		{"POST", "/uploads/:id/publish", actors, account.Publish, s.doPublish},
		{"POST", "/uploads/:id/unschedule", actors, account.Publish, s.doUnschedule},
		{"POST", "/uploads/:id/reject", actors, account.Reject, s.doReject},
		{"POST", "/uploads/:id/revert", actors, account.Revert, s.doRevert},
	}
}

// mount registers the table; what can be got can also be asked for by HEAD. A
// route without a rule is a programming error.
func (s *Server) mount() {
	for _, r := range s.table() {
		if r.access < anybody || r.access > machine || (r.access == actors) != (r.action != "") {
			panic("web: route without a rule: " + r.method + " " + r.path)
		}
		s.echo.Add(r.method, r.path, r.handle)
		s.routes[r.method+" "+r.path] = r
		if r.method == http.MethodGet {
			s.echo.Add(http.MethodHead, r.path, r.handle)
			s.routes[http.MethodHead+" "+r.path] = r
		}
	}
}

// authorise lets a request through to its route, or says what is missing.
func (s *Server) authorise(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, ok := s.routes[c.Request().Method+" "+c.Path()]
		if !ok {
			return next(c) // Echo's own 404 and 405
		}
		if r.access == machine {
			if fromMachine(c.Request()) {
				return next(c)
			}
			return forbidden(indicator.T(
				"这个地址只能由服务器本机直接访问，不能经过代理。", "This address answers only the server's own machine, and no proxy."))
		}
		user := userOf(c)
		if s.config.Reader && r.access != anybody && r.access != readers {
			return readsOnly()
		}
		switch r.access {
		case anybody, entrance:
			return next(c)
		case readers:
			if s.config.Public || user.Name != "" {
				return next(c)
			}
		case accounts:
			if user.Name != "" {
				return next(c)
			}
		case actors:
			if s.rules().MayEver(user, r.action) {
				return next(c)
			}
		}
		if user.Name == "" {
			return &failure{kind: kindUnauthorized, text: indicator.T(
				"这个页面需要登录后才能查看或操作。", "You need to be logged in to see or do this.")}
		}
		return forbidden(indicator.T(
			"账户“"+user.Name+"”（"+user.Role.Name().ZH+"）没有这项权限。需要时请联系管理员。",
			"The account “"+user.Name+"” ("+user.Role.Name().EN+") may not do this. Ask your administrator if you need to."))
	}
}

// readsOnly is the answer of a reader to everything that belongs to the primary server.
func readsOnly() *failure {
	return &failure{kind: kindForbidden, code: "reader", text: indicator.T(
		"这台服务器只供查看，不能登录、报送或发布。请到主服务器上操作。",
		"This server only shows figures: nobody logs in, uploads or publishes here. Use the primary server.")}
}
