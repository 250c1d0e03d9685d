package dashboard

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// find gives the panel of a kind, failing where the page has none.
func find(t *testing.T, v *View, kind PanelKind) Panel {
	t.Helper()
	for _, p := range v.Panels {
		if p.Kind == kind {
			return p
		}
	}
	t.Fatalf("page %s has no panel %s", v.Page, kind)
	return Panel{}
}

// cellOf gives the cell of a row and column, failing where there is none.
func cellOf(t *testing.T, table *Table, row, column string) Cell {
	t.Helper()
	n := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Key == column })
	r := slices.IndexFunc(table.Rows, func(r Row) bool { return r.ID == row })
	if n < 0 || r < 0 {
		t.Fatalf("table %s has no %s/%s", table.ID, row, column)
	}
	return table.Rows[r].Cells[n]
}

func TestShippedDefinitions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../dashboards/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("found %d definitions: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var d Definition
		if err := yaml.UnmarshalWithOptions(text, &d, yaml.Strict()); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		c := testCatalog()
		for _, p := range d.Panels { // whether the codes exist is the loader's test
			for _, code := range p.Indicators {
				if c.Indicator(code) == nil {
					c.Indicators = append(c.Indicators, indicator.Indicator{Code: code})
				}
			}
		}
		c.Index()
		if misfits := d.Check(c); len(misfits) > 0 {
			t.Errorf("%s: %v", file, misfits)
		}
	}
}

func TestDefinitionMisfits(t *testing.T) {
	t.Parallel()
	title := indicator.T("标题", "Title")
	good := PanelDefinition{Kind: KindUploads, Title: title}
	for _, c := range []struct {
		name string
		def  Definition
		path string
	}{
		{"page name", Definition{Page: "Über", Title: title, Panels: []PanelDefinition{good}}, "$.page"},
		{"one language", Definition{Page: "p", Title: indicator.T("标题", ""), Panels: []PanelDefinition{good}}, "$.title"},
		{"placeholder without parameter", Definition{Page: "p", Title: indicator.T("{region}", "{region}"), Panels: []PanelDefinition{good}}, "$.title"},
		{"unknown parameter", Definition{Page: "p", Title: title, Parameters: []string{"year"}, Panels: []PanelDefinition{good}}, "$.parameters[0]"},
		{"no panels", Definition{Page: "p", Title: title}, "$.panels"},
		{"unknown kind", Definition{Page: "p", Title: title, Panels: []PanelDefinition{{Kind: "gauge", Title: title}}}, "$.panels[0].kind"},
		{"missing parameter", Definition{Page: "p", Title: title, Panels: []PanelDefinition{{Kind: KindProfile, Title: title}}}, "$.panels[0].kind"},
		{"panel title", Definition{Page: "p", Title: title, Panels: []PanelDefinition{{Kind: KindUploads}}}, "$.panels[0].title"},
		{"panel id", Definition{Page: "p", Title: title, Panels: []PanelDefinition{{ID: "A B", Kind: KindUploads, Title: title}}}, "$.panels[0].id"},
		{"twice", Definition{Page: "p", Title: title, Panels: []PanelDefinition{good, good}}, "$.panels[1]"},
		{"unknown indicator", Definition{Page: "p", Title: title, Panels: []PanelDefinition{{Kind: KindTiles, Title: title, Indicators: []string{"x"}}}}, "$.panels[0].indicators[0]"},
		{"indicators unused", Definition{Page: "p", Title: title, Panels: []PanelDefinition{{Kind: KindUploads, Title: title, Indicators: []string{"green"}}}}, "$.panels[0].indicators"},
		{"limit unused", Definition{Page: "p", Title: title, Panels: []PanelDefinition{{Kind: KindTiles, Title: title, Limit: 3}}}, "$.panels[0].limit"},
		{"until unused", Definition{Page: "p", Title: title, Panels: []PanelDefinition{{Kind: KindTiles, Title: title, Until: 2035}}}, "$.panels[0].until"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			misfits := c.def.Check(testCatalog())
			if len(misfits) != 1 || misfits[0].Path != c.path {
				t.Fatalf("got %v, want one at %s", misfits, c.path)
			}
			if misfits[0].Message.ZH == "" || misfits[0].Message.EN == "" {
				t.Errorf("message lacks a language: %v", misfits[0].Message)
			}
		})
	}
}

func TestUnknownParameters(t *testing.T) {
	t.Parallel()
	snap := at(t, time.Time{})
	for name, p := range map[string]Params{
		"region":    {Region: "999999"},
		"indicator": {Indicator: "nonsense"},
		"target":    {Target: "nonsense"},
	} {
		_, err := Build(context.Background(), snap, testCatalog(), page(t, name), p)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Parameter != name {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := Build(context.Background(), snap, testCatalog(), page(t, "overview"), Params{Method: "astrology"})
	if !errors.Is(err, assess.ErrUnknownMethod) {
		t.Errorf("unknown method: got %v", err)
	}
}

func TestAsOfChangesFigures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		asOf      time.Time
		period    indicator.Period
		reading   float64
		generated bool
	}{
		{name: "now", reading: 2.25, generated: true},
		{name: "before the revision", asOf: day(2025, 10, 1), reading: 2.10},
		{name: "as-of period", period: indicator.Year(2023), reading: 2.25, generated: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := build(t, "region", c.asOf, Params{Region: "350000", AsOfPeriod: c.period})
			figure := v.Panels[0].Tracks[0].Figure
			if got := *cellOf(t, &figure.Table, "2023", "350000").Number; math.Abs(got-c.reading) > 1e-9 {
				t.Errorf("2023 is %v, want %v", got, c.reading)
			}
			has := slices.ContainsFunc(v.Notices, func(n Notice) bool { return n.Code == NoticeGenerated })
			if has != c.generated {
				t.Errorf("generated notice: %t, want %t", has, c.generated)
			}
			if !c.period.IsZero() && slices.ContainsFunc(figure.Table.Rows, func(r Row) bool { return r.ID == "2024" }) {
				t.Error("a reading after the as-of period is shown")
			}
		})
	}
}

func TestNoNoticeWithoutGeneratedFigures(t *testing.T) {
	t.Parallel()
	v := build(t, "indicator", time.Time{}, Params{Indicator: "energy"})
	if slices.ContainsFunc(v.Notices, func(n Notice) bool { return n.Code == NoticeGenerated }) {
		t.Error("a page without generated figures says that it has some")
	}
}

func TestScoreboardCountsOwnNamedTargetsOnly(t *testing.T) {
	t.Parallel()
	board := find(t, build(t, "overview", time.Time{}, Params{}), KindScoreboard)
	for region, want := range map[string]float64{indicator.Nation: 2, "350000": 1, "320000": 0} {
		if got := *cellOf(t, board.Table, region, "counted").Number; got != want {
			t.Errorf("%s has %v counted targets, want %v", region, got, want)
		}
	}
	total := 0
	for _, c := range board.Counts {
		total += c.N
	}
	if total != 3 {
		t.Errorf("%d verdicts counted, want 3", total)
	}
	if !cellOf(t, board.Table, "350000", "energy").Hollow {
		t.Error("a proxy is not hollow")
	}
	if !cellOf(t, board.Table, "320000", "rd_spend").Hollow {
		t.Error("a reference is not hollow")
	}
	if cellOf(t, board.Table, "350000", "rd_intensity").Hollow {
		t.Error("an own named target is hollow")
	}
}

func TestAssessSelects(t *testing.T) {
	t.Parallel()
	snap, c := at(t, time.Time{}), testCatalog()
	for _, q := range []struct {
		name  string
		query Query
		want  int
	}{
		{"all", Query{}, 3 + 6 + 6},
		{"one region", Query{Regions: []string{"350000"}}, 5},
		{"a superseded target by name", Query{Targets: []string{"old-1-rd_intensity"}}, 1},
		{"a target elsewhere", Query{Targets: []string{"plan-1-rd_intensity"}, Regions: []string{"320000"}}, 0},
	} {
		q.query.Now = today
		got, err := Assess(context.Background(), snap, c, q.query)
		if err != nil || len(got) != q.want {
			t.Errorf("%s: %d verdicts, want %d (%v)", q.name, len(got), q.want, err)
		}
	}
	var unknown *UnknownError
	if _, err := Assess(context.Background(), snap, c, Query{Regions: []string{"1"}}); !errors.As(err, &unknown) {
		t.Errorf("unknown region: got %v", err)
	}
}

func TestShareFallsBackToTheSumOfProvinces(t *testing.T) {
	t.Parallel()
	c := testCatalog()
	r := newReader(at(t, time.Time{}), c, indicator.Period{})
	if err := r.load(context.Background(), "rd_spend", "green", "staff"); err != nil {
		t.Fatal(err)
	}
	point, _ := r.series("rd_spend", "350000").At(indicator.Year(2024))
	if percent, summed, ok := r.share(c.Indicator("rd_spend"), point); !ok || summed || math.Abs(percent-7.875) > 1e-9 {
		t.Errorf("against the nation: %v %t %t", percent, summed, ok)
	}
	green, _ := r.series("green", "350000").At(indicator.Year(2024))
	if _, _, ok := r.share(c.Indicator("green"), green); ok {
		t.Error("a share although provinces are missing")
	}
	staff, _ := r.series("staff", "350000").At(indicator.Year(2024))
	if percent, summed, ok := r.share(c.Indicator("staff"), staff); !ok || !summed || math.Abs(percent-20) > 1e-9 {
		t.Errorf("against the sum: %v %t %t", percent, summed, ok)
	}
}

// TestRankingProperties: ranks begin at 1, never fall, are equal exactly for
// equal values, and neighbours are strictly better and worse.
func TestRankingProperties(t *testing.T) {
	t.Parallel()
	provinces := testCatalog().Provinces()
	rapid.Check(t, func(rt *rapid.T) {
		down := rapid.Bool().Draw(rt, "down")
		i := &indicator.Indicator{Code: "x", Direction: indicator.Up}
		if down {
			i.Direction = indicator.Down
		}
		var list []standing
		for _, p := range provinces {
			v := float64(rapid.IntRange(0, 3).Draw(rt, "value"))
			list = append(list, standing{region: p, point: indicator.Point{Value: v}})
		}
		l := rank(list, i.Direction)
		for n, s := range l {
			if n == 0 && s.rank != 1 {
				rt.Fatalf("first rank is %d", s.rank)
			}
			if n > 0 && (l[n-1].rank == s.rank) != (l[n-1].point.Value == s.point.Value) {
				rt.Fatalf("ranks %v", l)
			}
			if n > 0 && (s.point.Value < l[n-1].point.Value) == down && s.point.Value != l[n-1].point.Value {
				rt.Fatalf("order %v", l)
			}
			if ahead, ok := l.ahead(s.region.Code); ok != (s.rank > 1) || ok && ahead.rank >= s.rank {
				rt.Fatalf("ahead of %d: %v %t", s.rank, ahead.rank, ok)
			}
			if behind, ok := l.behind(s.region.Code); ok && behind.rank <= s.rank {
				rt.Fatalf("behind %d: %v", s.rank, behind.rank)
			}
		}
	})
}

func BenchmarkBuildRegion(b *testing.B) {
	snap, c, def := at(b, time.Time{}), testCatalog(), page(b, "region")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Build(context.Background(), snap, c, def, Params{Region: "350000", Now: today}); err != nil {
			b.Fatal(err)
		}
	}
}
