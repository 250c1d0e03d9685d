package web

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

func (s *Server) warningRoutes() []route {
	return []route{
		{"GET", "/warnings", readers, "", s.warningsPage},
		{"GET", "/warnings.csv", readers, "", s.warningsCSV},
		{"POST", "/warnings/:key/acknowledge", actors, account.Acknowledge, s.doAcknowledge},

		{"GET", apiPrefix + "/warnings", readers, "", s.apiWarnings},
		{"POST", apiPrefix + "/warnings/:key/acknowledge", actors, account.Acknowledge, s.apiAcknowledge},
	}
}

// askedWarnings is what a page or file of warnings is about.
type askedWarnings struct {
	moment
	filter warningFilter
	given  url.Values // the filters of the address that are not empty
	all    []warning.Warning
	notes  map[string][]warning.Acknowledgement
	shown  []warning.Warning
}

// warningsOf reads the filters of a page; a form sends its empty fields too.
func (s *Server) warningsOf(c echo.Context) (askedWarnings, error) {
	m, err := s.momentOf(c)
	if err != nil {
		return askedWarnings{}, err
	}
	given := url.Values{}
	for _, name := range warningParams {
		for _, v := range c.QueryParams()[name] {
			if strings.TrimSpace(v) != "" {
				given.Add(name, v)
			}
		}
	}
	q := &apiQuery{values: given}
	a := askedWarnings{moment: m, given: given, filter: readWarningFilter(q, m.catalog)}
	if err := q.err(); err != nil {
		return a, err
	}
	return a, s.lookFor(c, &a)
}

// lookFor finds the warnings of the moment and those that the filter selects.
func (s *Server) lookFor(c echo.Context, a *askedWarnings) error {
	var err error
	ctx := c.Request().Context()
	if a.all, err = s.warnings.Of(ctx, a.snap, a.catalog, a.period, s.config.Now()); err != nil {
		return err
	}
	if a.notes, err = warning.NotesOn(ctx, s.warnings.kept, a.all); err != nil {
		return err
	}
	a.shown = a.filter.filtered(a.all, a.notes)
	return nil
}

func (s *Server) warningsPage(c echo.Context) error {
	return s.showWarnings(c, http.StatusOK, "", "")
}

// showWarnings prints the page, with the note that was refused for a warning.
func (s *Server) showWarnings(c echo.Context, status int, refused, note string) error {
	asked, err := s.warningsOf(c)
	if err != nil {
		return err
	}
	p := s.furniture(c, indicator.T("预警", "Warnings"))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("预警", "Warnings"), "")
	p.Ledger, p.Hash = int64(asked.snap.Version()), asked.catalog.Hash()
	p.Notices = staleNotices(asked.stale, asked.snap.Version(), asked.catalog, p.Lang)
	if done := c.QueryParam("done"); done != "" && len(asked.notes[done]) > 0 {
		p.Notices = append(p.Notices, noticeView{"done", indicator.T(
			"已处置，处置说明已留存；可在“已处置”中查看。", "Acknowledged; the note is kept and can be seen among the acknowledged ones.").In(p.Lang)})
	}
	if refused != "" {
		p.Notices = append(p.Notices, noticeView{"fault", warning.NoteFault.In(p.Lang)})
	}
	v := warningsView{askedWarnings: asked, page: p, user: userOf(c), server: s}
	p.Lead, p.Body = v.lead().In(p.Lang), v.body(refused, note)
	p.Styles = []string{"warnings.css"}
	return s.render(c, status, "warnings", p)
}

// acknowledge keeps a note on a current warning, for a user who may.
func (s *Server) acknowledge(c echo.Context, note string) (warning.Warning, error) {
	ctx, user, key := c.Request().Context(), userOf(c), param(c, "key")
	list, err := s.currentWarnings(ctx)
	if err != nil {
		return warning.Warning{}, err
	}
	i := slices.IndexFunc(list, func(w warning.Warning) bool { return w.Key == key })
	if i < 0 {
		return warning.Warning{}, notFound(indicator.T(
			"没有这条预警：依据的数据可能已经更新。请回到预警列表查看。",
			"There is no such warning: the readings it rested on may have changed. Look at the list of warnings."),
			suggestion{indicator.T("预警", "Warnings"), "/warnings"})
	}
	w := list[i]
	if !s.rules().May(user, account.Acknowledge, account.Matter{Regions: []string{w.Region}}) {
		return w, forbidden(indicator.T(
			"这条预警不属于您的地区范围，不能由您处置。", "This warning is of a region outside yours, so you may not acknowledge it."))
	}
	if s.warnings.kept == nil {
		return w, readsOnly()
	}
	a, err := warning.Acknowledge(w, user.Name, note, s.config.Now())
	if err != nil {
		return w, err
	}
	notes, err := s.warnings.kept.Acknowledgements(ctx, key)
	if err != nil || a.Again(notes) {
		return w, err
	}
	if err := s.warnings.kept.AddAcknowledgement(ctx, a); err != nil {
		return w, err
	}
	s.warnings.count.forget()
	return w, nil
}

func (s *Server) doAcknowledge(c echo.Context) error {
	note := c.FormValue("note")
	w, err := s.acknowledge(c, note)
	if errors.Is(err, warning.ErrNote) {
		return s.showWarnings(c, http.StatusUnprocessableEntity, w.Key, note)
	}
	if err != nil {
		return err
	}
	extra := []string{"done", w.Key}
	for _, name := range warningParams {
		extra = append(extra, name, c.QueryParam(name))
	}
	return c.Redirect(http.StatusSeeOther, addressOf(c).link("/warnings", extra...))
}

// warningsCSV is the list as a file. Notes are for people with an account.
func (s *Server) warningsCSV(c echo.Context) error {
	asked, err := s.warningsOf(c)
	if err != nil {
		return err
	}
	lang := addressOf(c).Lang
	setFileName(c, "warnings.csv")
	return s.stream(c, mimeCSV, func(w io.Writer) error {
		if _, err := io.WriteString(w, "\ufeff"); err != nil { // for Excel
			return err
		}
		table := csv.NewWriter(w)
		if err := table.Write([]string{"key", "severity", "rule", "region", "region_name", "indicator", "targets", "since", "open", "message", "evidence", "notes"}); err != nil {
			return err
		}
		for _, one := range asked.shown {
			if err := table.Write(asked.record(one, userOf(c).Name != "", lang)); err != nil {
				return err
			}
		}
		table.Flush()
		return table.Error()
	})
}

// record is one line of the file.
func (a askedWarnings) record(w warning.Warning, withNotes bool, lang indicator.Lang) []string {
	var evidence, notes []string
	for _, e := range w.Evidence {
		evidence = append(evidence, e.Period.String()+"="+plainNumber(e.Value))
	}
	if withNotes {
		for _, n := range a.notes[w.Key] {
			notes = append(notes, clock(n.At)+" "+n.Author+" "+n.Note)
		}
	}
	name := ""
	if r := a.catalog.Region(w.Region); r != nil {
		name = r.Short.In(lang)
	}
	open := "true"
	if len(a.notes[w.Key]) > 0 {
		open = "false"
	}
	return []string{w.Key, string(w.Severity), string(w.Rule), w.Region, export.Text(name), w.Indicator, strings.Join(w.Targets, " "), date(w.Since), open,
		export.Text(w.Message.In(lang)), strings.Join(evidence, " "), export.Text(strings.Join(notes, "\n"))}
}
