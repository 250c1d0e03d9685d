package dashboard

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestPages holds every page, as text in both languages, against testdata.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, page string
		asOf       time.Time
		params     Params
	}{
		{name: "overview", page: "overview"},
		{name: "overview-green", page: "overview", params: Params{Indicator: "green"}},
		{name: "region-fujian", page: "region", params: Params{Region: "350000"}},
		{name: "region-fujian-past", page: "region", asOf: day(2025, 10, 1), params: Params{Region: "350000"}},
		{name: "region-fujian-2022", page: "region", params: Params{Region: "350000", AsOfPeriod: indicator.Year(2022)}},
		{name: "region-nation", page: "region", params: Params{Region: indicator.Nation}},
		{name: "region-fuzhou-empty", page: "region", params: Params{Region: "350100"}},
		{name: "indicator-rd_spend", page: "indicator", params: Params{Indicator: "rd_spend"}},
		{name: "indicator-energy-down", page: "indicator", params: Params{Indicator: "energy"}},
		{name: "indicator-secondary_share-break", page: "indicator", params: Params{Indicator: "secondary_share"}},
		{name: "targets", page: "targets"},
		{name: "targets-filtered", page: "targets", params: Params{Filters: Filters{Document: "plan", Kind: "direction"}}},
		{name: "target-reach", page: "target", params: Params{Target: "plan-1-rd_intensity"}},
		{name: "target-grow", page: "target", params: Params{Target: "outline-1-rd_spend"}},
		{name: "target-hold", page: "target", params: Params{Target: "outline-2-secondary_share"}},
		{name: "target-statement", page: "target", params: Params{Target: "plan-3-statement"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			golden(t, c.name, printView(build(t, c.page, c.asOf, c.params)))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if strings.Contains(got, "%!") {
		t.Errorf("a sentence does not fit its arguments:\n%s", got)
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", path, diff)
	}
}

// printer writes a View as a reader would see it.
type printer struct{ strings.Builder }

func printView(v *View) string {
	p := &printer{}
	p.line("page %s, method %s", v.Page, v.Method)
	p.texts("title", v.Title)
	for _, c := range v.Breadcrumb {
		p.line("> %s %s", c.Name.ZH, printLink(c.Link))
	}
	p.texts("lead", v.Lead)
	for _, n := range v.Notices {
		p.line("notice %s: %s", n.Code, n.Text.ZH)
	}
	for _, panel := range v.Panels {
		p.panel(panel)
	}
	return p.String()
}

func (p *printer) line(format string, args ...any) {
	p.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func (p *printer) texts(name string, t Text) {
	if !t.IsZero() {
		p.line("%s: %s\n%s| %s", name, t.ZH, strings.Repeat(" ", len(name)), t.EN)
	}
}

func (p *printer) panel(panel Panel) {
	p.line("\n== %s (%s) %v", panel.ID, panel.Kind, panel.Counts)
	p.texts("empty", panel.Empty)
	for _, f := range panel.Filters {
		p.line("filter %s: %v", f.Name, f.Choices)
	}
	for _, c := range panel.Choices {
		p.line("choice %s %t", c.Value, c.Chosen)
	}
	if panel.Tiles != nil {
		for _, t := range panel.Tiles.Tiles {
			p.line("tile %d,%d %s %s %d/%d hollow=%t %s", t.Column, t.Row, t.Region, t.Status, t.Rank, t.RankOf, t.Hollow, t.Sentence.ZH)
		}
	}
	if panel.Table != nil {
		p.table(panel.Table)
	}
	if panel.Card != nil {
		for _, t := range panel.Card.Text {
			p.texts("card", t)
		}
		p.facts(panel.Card.Facts)
	}
	for _, t := range panel.Tracks {
		p.line("\n-- %s %s %s counted=%t %v", t.ID, t.Status, t.Reason, t.Counted, t.Marks)
		p.texts("headline", t.Headline)
		p.texts("sentence", t.Sentence)
		p.facts(t.Facts)
		p.facts(t.Arithmetic)
		p.proof(t.Proof)
		p.figure(t.Figure)
	}
	p.figure(panel.Figure)
	if panel.Foot != nil {
		p.foot(*panel.Foot)
	}
}

func (p *printer) proof(proof *TrackProof) {
	if proof == nil {
		return
	}
	p.texts("precedent", proof.Precedent)
	p.facts(proof.Facts)
	for _, t := range []*Table{proof.Reached, proof.Readings} {
		if t != nil {
			p.table(t)
		}
	}
	p.texts("agreement", proof.Agreement)
	for _, m := range proof.Methods {
		p.line("method %s %s: %s %s", m.ID, m.Title.ZH, m.Status, m.Reason)
		p.texts("sentence", m.Sentence)
		p.facts(m.Arithmetic)
	}
}

func (p *printer) facts(facts []Fact) {
	for _, f := range facts {
		p.line("%s: %s", f.Name.ZH, printCell(f.Value))
	}
}

func (p *printer) table(t *Table) {
	var head []string
	for _, c := range t.Columns {
		head = append(head, strings.TrimSpace(c.Key+" "+c.Unit))
	}
	p.line("table %s: %s", t.ID, strings.Join(head, " | "))
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, printCell(c))
		}
		own := ""
		if r.Own {
			own = "*"
		}
		p.line("  %s%s: %s", r.ID, own, strings.Join(cells, " | "))
	}
}

func (p *printer) figure(f *Figure) {
	if f == nil {
		return
	}
	if c := f.Chart; c != nil {
		p.line("chart %s %s %s %d–%d fromZero=%t generated=%t", c.ID, c.Form, c.Unit, c.From, c.To, c.FromZero, c.Generated)
		p.texts("description", c.Description)
		for _, s := range c.Steps {
			value := "none"
			if s.Value != nil {
				value = indicator.FormatNumber(*s.Value, c.Decimals)
			}
			p.line("  from %s: %s %s", s.At.In(indicator.Shanghai).Format(time.DateTime), value, s.Note.ZH)
		}
		for _, l := range c.Series {
			var points []string
			for _, r := range l.Points {
				value := "gap"
				if r.Value != nil {
					value = indicator.FormatNumber(*r.Value, c.Decimals)
				}
				points = append(points, value+printMarks(r.Marks))
			}
			p.line("  %s %s label=%t: %s", l.Region, l.Role, l.Label, strings.Join(points, " "))
		}
		for _, g := range c.Goals {
			p.line("  goal %s %d–%d %.4g [%.4g %.4g] up=%t hollow=%t path=%d: %s", g.Shape, g.From, g.Until, g.Value, g.Low, g.High, g.Up, g.Hollow, len(g.Path), g.Label.ZH)
		}
		for _, b := range c.Bars {
			p.line("  bar %s %s %s", b.Region, b.Role, indicator.FormatNumber(b.Value, c.Decimals))
		}
	}
	p.table(&f.Table)
	p.foot(f.Foot)
}

func (p *printer) foot(f Foot) {
	for _, s := range f.Sources {
		p.line("source %s %s %s generated=%t", s.Upload, s.Source, s.Released.In(indicator.Shanghai).Format(time.DateOnly), s.Generated)
	}
	p.line("marks %v national=%t", f.Marks, f.National)
	for _, n := range f.Notes {
		p.line("note %s", n.ZH)
	}
}

func printCell(c Cell) string {
	if c.IsEmpty() {
		return "—"
	}
	var parts []string
	if c.Number != nil {
		n := indicator.FormatNumber(*c.Number, c.Decimals)
		if c.Signed && *c.Number > 0 {
			n = "+" + n
		}
		parts = append(parts, n+c.Unit)
	}
	if c.Status != "" {
		s := strings.TrimRight(string(c.Status)+" "+string(c.Reason), " ")
		if c.Hollow {
			s = "(" + s + ")"
		}
		parts = append(parts, s)
	}
	if !c.Text.IsZero() {
		parts = append(parts, c.Text.ZH)
	}
	if !c.Period.IsZero() {
		parts = append(parts, c.Period.String())
	}
	if !c.Time.IsZero() {
		parts = append(parts, c.Time.In(indicator.Shanghai).Format(time.DateOnly))
	}
	return strings.Join(parts, " ") + printMarks(c.Marks)
}

func printMarks(marks []Mark) string {
	if len(marks) == 0 {
		return ""
	}
	return fmt.Sprint(marks)
}

func printLink(l *Link) string {
	if l == nil {
		return ""
	}
	if r := l.Reading; r != (indicator.Key{}) {
		return l.Page + "/" + r.Indicator + "/" + r.Region + "/" + r.Period.String()
	}
	return l.Page + "/" + l.ID
}
