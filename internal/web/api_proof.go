package web

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// apiProof is a verdict with all that it can be checked by: everything that the
// target's page says of it.
type apiProof struct {
	Assessment apiAssessment     `json:"assessment"`
	Since      *int              `json:"since"` // the verdict has been so since the readings of this year
	Precedent  *export.Precedent `json:"precedent"`
	Readings   []apiUsedReading  `json:"readings"`
	Path       []apiPathPoint    `json:"path"`    // empty for other kinds than grow
	Methods    []apiAssessment   `json:"methods"` // the others; what is ahead is with the one asked for
}

// apiUsedReading is a reading in its vintage, and the numbers that it gave.
type apiUsedReading struct {
	apiReading
	Gave []string `json:"gave"`
}

// apiPathPoint is what a rate asks for in one year.
type apiPathPoint struct {
	Period indicator.Period `json:"period"`
	Value  float64          `json:"value"`
}

func newProof(p dashboard.Proof, m moment) apiProof {
	proof := apiProof{Assessment: explained(p.Assessed),
		Precedent: export.NewPrecedent(p.Precedent, string(p.Level)), Readings: []apiUsedReading{}, Path: []apiPathPoint{}, Methods: []apiAssessment{}}
	if p.Since != 0 {
		proof.Since = &p.Since
	}
	for _, r := range p.Readings {
		used := apiUsedReading{apiReading{Indicator: p.Input.Indicator.Code, Region: p.Region, Period: r.Period,
			Unit: p.Input.Indicator.Unit, Status: r.Status, Upload: r.Upload}, orEmpty(r.Gave)}
		if r.Status.HasValue() {
			used.Value = &r.Value
		}
		if publication, ok := m.snap.Publication(r.Upload); ok {
			used.Released = apiTime(publication.Released)
		}
		proof.Readings = append(proof.Readings, used)
	}
	for _, at := range p.Path {
		proof.Path = append(proof.Path, apiPathPoint{indicator.Year(at.Year), at.Value})
	}
	for _, o := range p.Others {
		proof.Methods = append(proof.Methods, explained(o))
	}
	return proof
}

// explained is a verdict with its sentence.
func explained(a dashboard.Assessed) apiAssessment {
	item := newAssessment(a)
	sentence := assess.Sentence(a.Assessment, a.Input)
	item.Sentence = &sentence
	return item
}

// apiTargetAssessment proves the verdict on one target in one region. As CSV it
// has a line for each method.
func (s *Server) apiTargetAssessment(c echo.Context) error {
	q, m, err := s.catalogQuery(c, "region", "method", "format", "bom", paramAsOfPeriod)
	if err != nil {
		return err
	}
	region := q.only("region", q.regions("region", m.catalog))
	ask := dashboard.Query{Method: q.choice("method", assess.MethodNames()...), AsOfPeriod: m.period, Now: s.config.Now(), Outlooks: s.outlooks}
	format, bom := q.choice("format", formatJSON, formatCSV), q.choice("bom", "true", "false") == "true"
	if err := q.err(); err != nil {
		return err
	}
	t := m.catalog.Target(param(c, "id"))
	if t == nil {
		return unknownTarget(m.catalog, param(c, "id"))
	}
	if region != "" && !t.ShownTo(region) {
		return notShown(&dashboard.NotShownError{Target: t, Region: m.catalog.Region(region)}, apiPrefix)
	}
	if s.unchanged(c, m, s.todayIfCurrent(m)) {
		return c.NoContent(http.StatusNotModified)
	}
	p, err := dashboard.Prove(c.Request().Context(), m.snap, m.catalog, t.ID, region, ask)
	if err != nil {
		return err
	}
	proof := newProof(p, m)
	if format == formatCSV {
		return s.sendAssessments(c, assessmentFile(t.ID, p.Region), slices.Insert(proof.Methods, 0, proof.Assessment), bom)
	}
	return c.JSON(http.StatusOK, itemAnswer[apiProof]{proof, m.stamp(c)})
}

// assessmentFile names the file of one target in one region.
func assessmentFile(target, region string) string {
	return strings.TrimSuffix(fmt.Sprintf("assessment-%s-%s", target, region), "-") + ".csv"
}

// todayIfCurrent is the day that verdicts without an as of depend on.
func (s *Server) todayIfCurrent(m moment) string {
	if m.snap.AsOf().IsZero() {
		return date(s.config.Now())
	}
	return ""
}

func (s *Server) sendAssessments(c echo.Context, name string, items []apiAssessment, bom bool) error {
	list := make([]export.Assessment, len(items))
	for i, item := range items {
		list[i] = item.Assessment
	}
	setFileName(c, name)
	return s.stream(c, mimeCSV, func(w io.Writer) error { return export.WriteAssessments(w, list, bom) })
}
