package web

import (
	"encoding/csv"
	"io"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// paramTable on the address of a page asks for one of its tables as a CSV file.
const paramTable = "table"

// tableFile is where a table of this page can be downloaded.
func (p presenter) tableFile(id string) string {
	return withQuery(p.path, p.query, func(q url.Values) { q.Set(paramTable, id) })
}

// sendTable sends the table of a View in the language of the page: numbers in
// full, and what qualifies them in a column of its own at the end.
func (s *Server) sendTable(c echo.Context, view *dashboard.View, id string) error {
	t := findTable(view, id)
	if t == nil {
		return notFound(indicator.T("本页没有名为“"+id+"”的表。", "There is no table “"+id+"” on this page."))
	}
	setFileName(c, id+".csv")
	return s.stream(c, mimeCSV, func(w io.Writer) error { return s.presenter(c).writeTable(w, t) })
}

// findTable finds a table of a View by its id; nil where it has none of it.
func findTable(view *dashboard.View, id string) *dashboard.Table {
	for i := range view.Panels {
		for _, t := range tablesOf(&view.Panels[i]) {
			if t != nil && t.ID == id {
				return t
			}
		}
	}
	return nil
}

func tablesOf(p *dashboard.Panel) []*dashboard.Table {
	list := []*dashboard.Table{p.Table}
	if p.Figure != nil {
		list = append(list, &p.Figure.Table)
	}
	for i := range p.Tracks {
		track := &p.Tracks[i]
		if track.Figure != nil {
			list = append(list, &track.Figure.Table)
		}
		if track.Proof != nil {
			list = append(list, track.Proof.Reached, track.Proof.Readings)
		}
	}
	return list
}

func (p presenter) writeTable(w io.Writer, t *dashboard.Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // by which Excel knows UTF-8
		return err
	}
	file := csv.NewWriter(w)
	var head []string
	for _, c := range t.Columns {
		head = append(head, export.Text(p.columnName(c)))
	}
	if err := file.Write(append(head, p.say(indicator.T("备注", "Notes")))); err != nil {
		return err
	}
	for _, r := range t.Rows {
		var record, notes []string
		for i, c := range r.Cells {
			record = append(record, p.plain(c))
			for _, m := range p.marks(c.Marks) {
				notes = append(notes, p.say(t.Columns[i].Title)+p.say(indicator.T("：", ": "))+m.Word)
			}
		}
		if err := file.Write(append(record, export.Text(strings.Join(notes, p.say(indicator.T("；", "; ")))))); err != nil {
			return err
		}
	}
	file.Flush()
	return file.Error()
}

// columnName is the head of a column on one line, with its unit.
func (p presenter) columnName(c dashboard.Column) string {
	name := p.say(c.Title)
	for _, more := range []string{p.say(c.Sub), p.unit(c.Unit)} {
		if more != "" {
			name += p.say(indicator.T("（", " (")) + more + p.say(indicator.T("）", ")"))
		}
	}
	return name
}

// plain is a cell as a program reads it: a number in full, a period by its code.
func (p presenter) plain(c dashboard.Cell) string {
	switch {
	case c.Number != nil:
		return export.Number(*c.Number)
	case c.Status != "":
		words := p.say(assess.StatusName(c.Status))
		if c.Reason != "" {
			words += p.say(indicator.T("（", " (")) + p.say(assess.ReasonName(c.Reason)) + p.say(indicator.T("）", ")"))
		}
		return words
	case !c.Text.IsZero():
		return export.Text(p.say(c.Text))
	case !c.Time.IsZero():
		return date(c.Time)
	case !c.Period.IsZero():
		return c.Period.String()
	}
	return ""
}
