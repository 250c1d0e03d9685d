package web

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
)

// apiPrefix begins every address of the API.
const apiPrefix = "/api/v1"

// openapi describes every route below apiPrefix; a test holds it to them.
//
//go:embed openapi.yaml
var openapi []byte

func (s *Server) apiRoutes() []route {
	return []route{
		{"GET", apiPrefix + "/openapi.yaml", anybody, "", s.apiDescription},
		{"GET", apiPrefix + "/session", anybody, "", s.apiWho},
		{"POST", apiPrefix + "/session", entrance, "", s.apiLogIn},
		{"DELETE", apiPrefix + "/session", entrance, "", s.apiLogOut},

		{"GET", apiPrefix + "/indicators", readers, "", s.apiIndicators},
		{"GET", apiPrefix + "/indicators/:code", readers, "", s.apiIndicator},
		{"GET", apiPrefix + "/regions", readers, "", s.apiRegions},
		{"GET", apiPrefix + "/regions/:code", readers, "", s.apiRegion},
		{"GET", apiPrefix + "/documents", readers, "", s.apiDocuments},
		{"GET", apiPrefix + "/documents/:id", readers, "", s.apiDocument},
		{"GET", apiPrefix + "/targets", readers, "", s.apiTargets},
		{"GET", apiPrefix + "/targets/:id", readers, "", s.apiTarget},
		{"GET", apiPrefix + "/targets/:id/assessment", readers, "", s.apiTargetAssessment},
		{"GET", apiPrefix + "/targets/:id/changes", readers, "", s.apiChanges},
		{"GET", apiPrefix + "/readings", readers, "", s.apiReadings},
		{"GET", apiPrefix + "/assessments", readers, "", s.apiAssessments},
		{"GET", apiPrefix + "/forecasts", readers, "", s.apiForecasts},
		{"GET", chartsPrefix + ":dashboard/:file", readers, "", s.apiChart},
		{"GET", apiPrefix + "/bundle.zip", readers, "", s.apiBundle},

		{"GET", apiPrefix + "/coverage", readers, "", s.apiCoverage},

		{"GET", apiPrefix + "/uploads", readers, "", s.apiUploads},
		{"POST", apiPrefix + "/uploads", actors, account.Stage, s.apiStage},
		{"GET", apiPrefix + "/uploads/:id", readers, "", s.apiUpload},
		{"GET", apiPrefix + "/uploads/:id/problems", accounts, "", s.apiProblems},
		{"GET", apiPrefix + "/uploads/:id/diff", readers, "", s.apiDiff},
		{"GET", apiPrefix + "/uploads/:id/flips", readers, "", s.apiFlips},
		{"GET", apiPrefix + "/uploads/:id/file", accounts, "", s.apiFile},
		{"GET", apiPrefix + "/uploads/:id/annotated.xlsx", accounts, "", s.apiAnnotated},
		{"POST", apiPrefix + "/uploads/:id/submit", actors, account.Submit, s.apiSubmit},
		{"POST", apiPrefix + "/uploads/:id/withdraw", actors, account.Withdraw, s.apiWithdraw},
		{"POST", apiPrefix + "/uploads/:id/publish", actors, account.Publish, s.apiPublish},
		{"POST", apiPrefix + "/uploads/:id/unschedule", actors, account.Publish, s.apiUnschedule},
		{"POST", apiPrefix + "/uploads/:id/reject", actors, account.Reject, s.apiReject},
		{"POST", apiPrefix + "/uploads/:id/revert", actors, account.Revert, s.apiRevert},
	}
}

func (s *Server) apiDescription(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.Blob(http.StatusOK, "application/yaml", openapi)
}
