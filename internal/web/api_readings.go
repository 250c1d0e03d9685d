package web

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
	"mime"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// apiReading is a value in the indicator's own unit, null where the status
// carries none, with the upload that gave it.
type apiReading struct {
	Indicator string           `json:"indicator"`
	Region    string           `json:"region"`
	Period    indicator.Period `json:"period"`
	Value     *float64         `json:"value"`
	Unit      string           `json:"unit"`
	Status    indicator.Status `json:"status"`
	Upload    string           `json:"upload"`
	Released  *string          `json:"released"`
	*apiVintage
}

// apiVintage is who gave a vintage, when and why. Readings that are no vintages
// go without it: their upload tells.
type apiVintage struct {
	Published *string `json:"published"`
	Uploader  string  `json:"uploader"`
	Source    string  `json:"source"`
	Stage     string  `json:"stage"`
	Reason    string  `json:"reason"`
	Generated bool    `json:"generated"`
}

func newVintage(row snapshot.Row, catalog *indicator.Catalog) apiReading {
	r, p := newReading(row, catalog), row.Publication
	r.apiVintage = &apiVintage{apiTime(p.At.Time()), p.Uploader, p.Source, p.Stage, p.Reason, p.Generated}
	return r
}

func newReading(row snapshot.Row, catalog *indicator.Catalog) apiReading {
	r := apiReading{Indicator: row.Indicator, Region: row.Region, Period: row.Period, Status: row.Status,
		Upload: row.Publication.ID, Released: apiTime(row.Publication.Released)}
	if row.Status.HasValue() {
		r.Value = &row.Value
	}
	if ind := catalog.Indicator(row.Indicator); ind != nil {
		r.Unit = ind.Unit
	}
	return r
}

// The formats of readings.
const (
	formatJSON = "json"
	formatCSV  = "csv"
	formatXLSX = "xlsx"
	formatSDMX = "sdmx"
)

// readingsQuery is what an address asks of the readings.
type readingsQuery struct {
	selection snapshot.Selection
	vintages  bool
	format    string
	labels    export.Labels // of SDMX-CSV
	bom       bool          // of CSV and SDMX-CSV
	limit     int
}

func readReadingsQuery(q *apiQuery, m moment) readingsQuery {
	r := readingsQuery{
		selection: snapshot.Selection{Indicators: q.indicators(m.catalog), Regions: q.regions("region", m.catalog),
			From: q.period("from"), To: q.period("to")},
		vintages: q.choice("vintages", "all") != "",
		format:   q.choice("format", formatJSON, formatCSV, formatXLSX, formatSDMX),
		labels:   export.Labels(q.choice("labels", string(export.LabelsID), string(export.LabelsName), string(export.LabelsBoth))),
		bom:      q.choice("bom", "true", "false") == "true",
		limit:    q.limit(),
	}
	if from, to := r.selection.From, r.selection.To; !from.IsZero() && !to.IsZero() && !from.Start().Before(to.End()) {
		q.fail(badParameter("from", indicator.T(
			"起始报告期 from 晚于终止报告期 to。", "The period from lies after the period to."), nil))
	}
	if to := &r.selection.To; !m.period.IsZero() && (to.IsZero() || to.End().After(m.period.End())) {
		*to = m.period
	}
	return r
}

// apiReadings streams the readings that the parameters select.
func (s *Server) apiReadings(c echo.Context) error {
	q, m, err := s.catalogQuery(c, "indicator", "region", "from", "to", "vintages", "format", "labels", "bom", paramAsOfPeriod, "limit")
	if err != nil {
		return err
	}
	asked := readReadingsQuery(q, m)
	if err := q.err(); err != nil {
		return err
	}
	if s.unchanged(c, m) {
		return c.NoContent(http.StatusNotModified)
	}
	// What does not add up is refused before anything has left, and by its name.
	if err := m.snap.Load(c.Request().Context(), asked.selection); err != nil {
		return err
	}
	rows := m.snap.Readings(c.Request().Context(), asked.selection)
	if asked.vintages {
		rows = m.snap.Vintages(c.Request().Context(), asked.selection)
	}
	rows = first(rows, asked.limit)
	if asked.format == "" || asked.format == formatJSON {
		item := newReading
		if asked.vintages {
			item = newVintage
		}
		return s.stream(c, echo.MIMEApplicationJSON, func(w io.Writer) error { return writeReadings(w, rows, item, m, m.stamp(c)) })
	}
	return s.sendFile(c, m, asked, export.Rows(rows))
}

// The kinds of the files that are sent.
const (
	mimeCSV  = "text/csv; charset=utf-8"
	mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mimeSDMX = "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"
)

// sendFile streams readings as a file to download.
func (s *Server) sendFile(c echo.Context, m moment, asked readingsQuery, rows iter.Seq2[export.Row, error]) error {
	lang := addressOf(c).Lang
	name, kind, write := "readings.csv", mimeCSV, func(w io.Writer) error {
		return export.WriteCSV(w, m.catalog, rows, export.Options{BOM: asked.bom, Vintages: asked.vintages})
	}
	switch asked.format {
	case formatXLSX:
		name, kind, write = "readings.xlsx", mimeXLSX, func(w io.Writer) error {
			return export.WriteXLSX(w, m.catalog, rows, export.XLSXOptions{Lang: lang, Vintages: asked.vintages,
				AsOf: m.snap.AsOf(), Version: int64(m.snap.Version())})
		}
	case formatSDMX:
		c.Response().Header().Set("Content-Language", string(lang))
		name, kind, write = "readings.sdmx.csv", mimeSDMX, func(w io.Writer) error {
			return export.WriteSDMX(w, m.catalog, rows, export.SDMXOptions{Labels: asked.labels, Lang: lang,
				BOM: asked.bom, Vintages: asked.vintages})
		}
	}
	setFileName(c, name)
	return s.stream(c, kind, write)
}

// setFileName has a browser save the answer under a name.
func setFileName(c echo.Context, name string) {
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

// first is at most limit rows, 0: all.
func first(rows iter.Seq2[snapshot.Row, error], limit int) iter.Seq2[snapshot.Row, error] {
	if limit == 0 {
		return rows
	}
	return func(yield func(snapshot.Row, error) bool) {
		n := 0
		for row, err := range rows {
			if n++; !yield(row, err) || n == limit {
				return
			}
		}
	}
}

// writeReadings writes a listAnswer of readings one by one: there may be millions.
func writeReadings(w io.Writer, rows iter.Seq2[snapshot.Row, error],
	form func(snapshot.Row, *indicator.Catalog) apiReading, m moment, s stamp) error {
	separator := `{"items":[`
	for row, err := range rows {
		if err != nil {
			return err
		}
		item, err := json.Marshal(form(row, m.catalog))
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, separator); err != nil {
			return err
		}
		if _, err := w.Write(item); err != nil {
			return err
		}
		separator = ","
	}
	if separator != "," {
		if _, err := io.WriteString(w, separator); err != nil {
			return err
		}
	}
	tail, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = w.Write(slices.Concat([]byte("],"), tail[1:], []byte("\n")))
	return err
}

// stream sends what content writes. Trouble before the first bytes have left is
// an answer like any other; after that the connection is broken off, so that
// nobody takes half of the figures for all of them.
func (s *Server) stream(c echo.Context, contentType string, content func(io.Writer) error) error {
	const held = 256 << 10
	response := c.Response()
	response.Header().Set(echo.HeaderContentType, contentType)
	w := bufio.NewWriterSize(response, held)
	err := content(w)
	if err == nil {
		err = w.Flush()
	}
	if err != nil && response.Committed {
		s.log.Error("an answer was broken off", "request_id", requestID(c), "path", c.Request().URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// apiAssessments gives the verdicts that the parameters select.
func (s *Server) apiAssessments(c echo.Context) error {
	q, m, err := s.catalogQuery(c, "target", "region", "method", "format", "bom", paramAsOfPeriod, "limit")
	if err != nil {
		return err
	}
	ask := dashboard.Query{Targets: q.targets("target", m.catalog), Regions: q.regions("region", m.catalog),
		Method: q.choice("method", assess.MethodNames()...), AsOfPeriod: m.period, Now: s.config.Now(), Outlooks: s.outlooks}
	format, bom, limit := q.choice("format", formatJSON, formatCSV), q.choice("bom", "true", "false") == "true", q.limit()
	if err := q.err(); err != nil {
		return err
	}
	if s.unchanged(c, m, s.todayIfCurrent(m)) {
		return c.NoContent(http.StatusNotModified)
	}
	assessed, err := dashboard.Assess(c.Request().Context(), m.snap, m.catalog, ask)
	if err != nil {
		return err
	}
	items := make([]apiAssessment, len(assessed))
	for i, a := range assessed {
		items[i] = newAssessment(a)
	}
	if limit > 0 {
		items = items[:min(limit, len(items))]
	}
	if format == formatCSV {
		return s.sendAssessments(c, "assessments.csv", items, bom)
	}
	return c.JSON(http.StatusOK, listAnswer[apiAssessment]{items, m.stamp(c)})
}
