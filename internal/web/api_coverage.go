package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// coverageAnswer is an answer of the API, with what it was made of.
type coverageAnswer struct {
	CoverageAnswer
	stamp
}

type coverageCounts struct {
	Cells  int                          `json:"cells"`
	Due    int                          `json:"due"`
	OnTime int                          `json:"on_time"`
	Rate   *float64                     `json:"rate"` // per cent
	States map[upload.CoverageState]int `json:"states"`
}

type apiCoverageLine struct {
	Indicator string               `json:"indicator"`
	Region    string               `json:"region"`
	Period    indicator.Period     `json:"period"`
	State     upload.CoverageState `json:"state"`
	Due       *string              `json:"due"` // a day
	Released  *string              `json:"released"`
	Days      int                  `json:"days"`
	Mark      indicator.Status     `json:"mark"`
	Upload    string               `json:"upload"`
}

func newCoverageLine(c upload.CoverageCell) apiCoverageLine {
	line := apiCoverageLine{Indicator: c.Indicator, Region: c.Region, Period: c.Period, State: c.State,
		Released: apiTime(c.Released), Days: c.Days, Mark: c.Mark, Upload: c.Upload}
	if !c.Due.IsZero() {
		day := date(c.Due)
		line.Due = &day
	}
	return line
}

func (s *Server) apiCoverage(c echo.Context) error {
	q, m, err := s.catalogQuery(c, append(slices.Clone(coverageParams), "state", "limit")...)
	if err != nil {
		return err
	}
	asked, limit := coverageQuery(q, m), q.limit()
	var names []string
	for _, state := range upload.CoverageStates {
		names = append(names, string(state))
	}
	states := q.choices("state", names...)
	if err := q.err(); err != nil {
		return err
	}
	found, err := s.coverage.Coverage(c.Request().Context(), userOf(c), asked)
	if err != nil {
		return err
	}
	n := 0
	answer := NewCovered(found, asked, addressOf(c).Lang).Answer(func(cell upload.CoverageCell) bool {
		if limit > 0 && n == limit || !wanted(states, string(cell.State)) {
			return false
		}
		n++
		return true
	})
	return c.JSON(http.StatusOK, coverageAnswer{answer, m.stamp(c)})
}
