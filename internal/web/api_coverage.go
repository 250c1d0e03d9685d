package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// coverageAnswer counts all that was looked at beside the lines that were asked for.
type coverageAnswer struct {
	Counts  coverageCounts `json:"counts"`
	Today   string         `json:"today"`
	Damaged []string       `json:"damaged"`
	listAnswer[apiCoverageLine]
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
	t := found.Tally(nil)
	answer := coverageAnswer{Counts: coverageCounts{Cells: t.Cells, Due: t.Due, OnTime: t.OnTime, States: t.States},
		Today: date(found.Today), Damaged: []string{}, listAnswer: listAnswer[apiCoverageLine]{[]apiCoverageLine{}, m.stamp(c)}}
	if rate, ok := t.Rate(); ok {
		answer.Counts.Rate = &rate
	}
	for _, damage := range found.Damages {
		answer.Damaged = append(answer.Damaged, damage.Indicator)
	}
	for _, cell := range found.Cells {
		if limit > 0 && len(answer.Items) == limit {
			break
		}
		if wanted(states, string(cell.State)) {
			answer.Items = append(answer.Items, newCoverageLine(cell))
		}
	}
	return c.JSON(http.StatusOK, answer)
}
