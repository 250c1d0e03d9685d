package dashboard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

func historyOf(t *testing.T, asOf time.Time, code, region string, year int) *View {
	t.Helper()
	v, err := History(context.Background(), at(t, asOf), testCatalog(), indicator.Key{Indicator: code, Region: region, Period: indicator.Year(year)}, today)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestHistoryPages holds the page of a reading against testdata.
func TestHistoryPages(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]*View{
		"history-revised":    historyOf(t, time.Time{}, "rd_intensity", "350000", 2023),
		"history-past":       historyOf(t, day(2025, 10, 1), "rd_intensity", "350000", 2023),
		"history-single":     historyOf(t, time.Time{}, "green", "350000", 2024),
		"history-of-nothing": historyOf(t, time.Time{}, "green", "360000", 1999),
	} {
		golden(t, name, printView(v))
	}
}

// TestHistoryOfWhatWasTakenBack: reverted vintages stay in the table, with who
// took them back and why, and count for nothing.
func TestHistoryOfWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	l := testLedger(t)
	for _, id := range []string{"revision", "first"} {
		if _, err := l.Revert(context.Background(), id, "li", "填错地区"); err != nil {
			t.Fatal(err)
		}
		snap, err := snapshot.New(l).At(context.Background(), time.Time{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		v, err := History(context.Background(), snap, testCatalog(), indicator.Key{Indicator: "rd_intensity", Region: "350000", Period: indicator.Year(2023)}, today)
		if err != nil {
			t.Fatal(err)
		}
		table := v.Panels[0].Table
		state := cellOf(t, table, id, "state").Text
		if !strings.Contains(state.ZH, "由li撤回：填错地区") || !strings.Contains(state.EN, "by li: 填错地区") {
			t.Errorf("%s: %v", id, state)
		}
		own := slices.ContainsFunc(table.Rows, func(r Row) bool { return r.Own })
		if none := strings.Contains(v.Lead.ZH, "现无数值"); none == own || own != (id == "revision") {
			t.Errorf("after the revert of %s: %q, a vintage counts: %v", id, v.Lead.ZH, own)
		}
		if v.Panels[0].Figure == nil {
			t.Error("how the figure stood is not drawn")
		}
	}
}

func TestHistoryOfTheUnknown(t *testing.T) {
	t.Parallel()
	for parameter, key := range map[string]indicator.Key{"indicator": {Indicator: "none", Region: "350000"}, "region": {Indicator: "green", Region: "99"}} {
		key.Period = indicator.Year(2024)
		_, err := History(context.Background(), at(t, time.Time{}), testCatalog(), key, today)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Parameter != parameter {
			t.Errorf("%s: %v", parameter, err)
		}
	}
}

// TestEveryFigureOfATableLeadsToItsVintages: on region and indicator pages.
func TestEveryFigureOfATableLeadsToItsVintages(t *testing.T) {
	t.Parallel()
	figures, revised := 0, 0
	for _, v := range []*View{
		build(t, "region", time.Time{}, Params{Region: "350000"}),
		build(t, "indicator", time.Time{}, Params{Indicator: "rd_intensity"}),
	} {
		var tables []Table
		for _, p := range v.Panels {
			if p.Table != nil {
				tables = append(tables, *p.Table)
			}
			if p.Figure != nil {
				tables = append(tables, p.Figure.Table)
			}
			for _, track := range p.Tracks {
				if track.Figure != nil {
					tables = append(tables, track.Figure.Table)
				}
			}
		}
		for _, table := range tables {
			for _, row := range table.Rows {
				for n, cell := range row.Cells {
					key := table.Columns[n].Key
					isFigure := key == "value" || key == "lowest" || key == "highest" || len(key) == 4 && key[0] == '2' || len(key) == 6 && key[0] >= '0' && key[0] <= '9'
					if cell.Number == nil || !isFigure {
						continue
					}
					figures++
					if cell.Link == nil || cell.Link.Page != pageHistory || cell.Link.Reading.Period.IsZero() {
						t.Errorf("%s %s/%s: no way to the vintages: %+v", table.ID, row.ID, key, cell.Link)
					}
					if slices.Contains(cell.Marks, MarkRevised) {
						revised++
						if cell.Link.Reading.Region != "350000" || cell.Link.Reading.Period != indicator.Year(2023) {
							t.Errorf("%s %s/%s is marked as revised", table.ID, row.ID, key)
						}
					}
				}
			}
		}
	}
	if figures < 60 || revised == 0 {
		t.Errorf("%d figures, %d of them revised", figures, revised)
	}
}
