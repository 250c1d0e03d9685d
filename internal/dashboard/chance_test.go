package dashboard

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// assessedWith assesses a target of Fujian on R&D spending (64 … 126, 2018–2024)
// and looks ahead.
func assessedWith(t *testing.T, target indicator.Target, change func(*indicator.Indicator)) Assessed {
	t.Helper()
	catalog := testCatalog()
	target.ID, target.Region, target.Indicator, target.Link = "x", "350000", "rd_spend", indicator.Named
	catalog.Targets = []indicator.Target{target}
	if change != nil {
		change(&catalog.Indicators[0])
	}
	catalog.Index()
	list, err := Assess(context.Background(), at(t, time.Time{}), catalog, Query{Now: today, Outlooks: NewOutlooks()})
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	return list[0]
}

func TestChance(t *testing.T) {
	t.Parallel()
	reach := func(value float64, b indicator.Bound, by int) indicator.Target {
		return indicator.Target{Kind: indicator.Reach, Value: number(value), Bound: b, By: by}
	}
	tolerant := reach(180, indicator.AtLeast, 2029)
	tolerant.Tolerance = &indicator.Tolerance{Value: 5, Percent: true}
	for _, c := range []struct {
		name      string
		target    indicator.Target
		low, high float64
	}{
		{"at least", reach(180, indicator.AtLeast, 2029), 180, math.Inf(1)},
		{"at most", reach(110, indicator.AtMost, 2029), math.Inf(-1), 110},
		{"the nearer edge of a tolerance", tolerant, 171, math.Inf(1)},
		{"the indicator's direction", reach(200, "", 2035), 200, math.Inf(1)},
		{"a relative value", indicator.Target{Kind: indicator.Reach, Value: number(80), Relative: indicator.Percent, Bound: indicator.AtLeast,
			By: 2030, Baseline: &indicator.Baseline{Year: 2020}}, 84 * 1.8, math.Inf(1)},
		{"a bound to hold", indicator.Target{Kind: indicator.Hold, Value: number(120), Bound: indicator.AtLeast, Until: 2027}, 120, math.Inf(1)},
		{"a band to hold", indicator.Target{Kind: indicator.Hold, Baseline: &indicator.Baseline{Year: 2024}, Until: 2028,
			Tolerance: &indicator.Tolerance{Value: 10, Percent: true}}, 126 * 0.9, 126 * 1.1},
		{"growth", indicator.Target{Kind: indicator.Grow, Value: number(10), Bound: indicator.AtLeast, From: 2021, Until: 2030}, 84 * math.Pow(1.1, 10), math.Inf(1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := assessedWith(t, c.target, nil)
			if a.Status == assess.Achieved {
				t.Fatal("the target is achieved")
			}
			if a.Chance == nil {
				t.Fatalf("no chance: %q (%s %s)", a.NoChance, a.Status, a.Reason)
			}
			step, ok := a.Outlook.At(c.target.LastYear())
			if !ok || a.Chance.Year != step.Year || a.Chance.Expected.Mean != step.Mean {
				t.Fatalf("of %d: %+v", c.target.LastYear(), a.Chance)
			}
			want := 1.0
			if !math.IsInf(c.high, 0) {
				want = step.AtMost(c.high)
			}
			if !math.IsInf(c.low, 0) {
				want -= step.AtMost(c.low)
			}
			if math.Abs(a.Chance.Probability-want) > 1e-6 || want <= 0 || want >= 1 {
				t.Errorf("probability %v, want %v", a.Chance.Probability, want)
			}
			if misses := step.Mean < c.low || step.Mean > c.high; a.Chance.Misses != misses {
				t.Errorf("misses: %t with %v expected in %v … %v", a.Chance.Misses, step.Mean, c.low, c.high)
			}
		})
	}
}

func TestNoChance(t *testing.T) {
	t.Parallel()
	reach := indicator.Target{Kind: indicator.Reach, Value: number(180), Bound: indicator.AtLeast, By: 2030}
	with := func(change func(*indicator.Target)) indicator.Target {
		target := reach
		change(&target)
		return target
	}
	growthRate := func(i *indicator.Indicator) { i.Measure = indicator.Growth }
	for _, c := range []struct {
		name   string
		target indicator.Target
		change func(*indicator.Indicator)
		none   NoChance
	}{
		{"achieved", with(func(t *indicator.Target) { t.Value = number(100) }), nil, NoChanceAsked},
		{"closed", with(func(t *indicator.Target) { t.By = 2024 }), nil, NoChanceAsked},
		{"not in force", with(func(t *indicator.Target) { t.InForceFrom = "2027-01-01" }), nil, NoChanceAsked},
		{"about, without a side", with(func(t *indicator.Target) { t.Bound, t.Approximate = "", true }), nil, NoChanceAsked},
		{"a direction", indicator.Target{Kind: indicator.Directed, Direction: indicator.Up, Until: 2035}, nil, NoChanceAsked},
		{"no year", with(func(t *indicator.Target) { t.By = 0 }), nil, NoChanceYear},
		{"after the horizon", with(func(t *indicator.Target) { t.By = 2040 }), nil, NoChanceHorizon},
		{"a sum of years", with(func(t *indicator.Target) {
			t.Counted, t.Baseline, t.Value = indicator.New, &indicator.Baseline{Year: 2020}, number(5000)
		}), func(i *indicator.Indicator) { i.Counted = indicator.New }, NoChanceSum},
		{"a mean of rates", indicator.Target{Kind: indicator.Grow, Value: number(500), Bound: indicator.AtLeast, From: 2021, Until: 2030}, growthRate, NoChanceRates},
		{"a baseline to come", indicator.Target{Kind: indicator.Grow, Value: number(7), Bound: indicator.AtLeast, From: 2026, Until: 2030}, nil, NoChanceBaseline},
		{"no baseline", with(func(t *indicator.Target) { t.Relative, t.Baseline = indicator.Times, &indicator.Baseline{Year: 2010} }), nil, NoChanceBaseline},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := assessedWith(t, c.target, c.change)
			if a.Chance != nil || a.NoChance != c.none {
				t.Errorf("chance %+v, reason %q, want %q (%s %s)", a.Chance, a.NoChance, c.none, a.Status, a.Reason)
			}
			if text := outlookSentence(a); !strings.Contains(text.ZH, "预测") || strings.Contains(text.ZH, "可能性约") {
				t.Errorf("it says %q", text.ZH)
			}
			if text := noChanceText(c.none); (c.none == NoChanceAsked) != text.IsZero() {
				t.Errorf("%q is explained by %q", c.none, text)
			}
		})
	}
}

// TestForecastsChangeNoStatus: a verdict is the same with and without them.
func TestForecastsChangeNoStatus(t *testing.T) {
	t.Parallel()
	snap, catalog := at(t, time.Time{}), testCatalog()
	plain, err := Assess(context.Background(), snap, catalog, Query{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	ahead, err := Assess(context.Background(), snap, catalog, Query{Now: today, Outlooks: NewOutlooks()})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(plain, ahead, func(a, b Assessed) bool {
		return a.Status == b.Status && a.Reason == b.Reason && slices.Equal(a.Numbers, b.Numbers)
	}) {
		t.Error("the verdicts differ")
	}
	if plain[0].Outlook != nil || plain[0].NoChance != "" {
		t.Error("there are forecasts that nobody asked for")
	}
}

// TestTrackLooksAhead: the drawing, its words, its table and the facts carry the
// same forecast.
func TestTrackLooksAhead(t *testing.T) {
	t.Parallel()
	v := build(t, "target", time.Time{}, Params{Target: "plan-1-rd_intensity", Outlooks: NewOutlooks()})
	track := find(t, v, KindTarget).Tracks[0]
	chart := track.Figure.Chart
	if chart.Fan == nil || chart.Fan.From.Year != 2024 || len(chart.Fan.Steps) != 11 || chart.To != Horizon {
		t.Fatalf("fan %+v", chart.Fan)
	}
	by := chart.Fan.Steps[5] // 2030
	cell := cellOf(t, &track.Figure.Table, "2030", "forecast")
	if cell.Number == nil || *cell.Number != by.Mean {
		t.Errorf("the table has %+v for 2030, the fan %+v", cell, by)
	}
	if got, want := cellOf(t, &track.Figure.Table, "2030", "interval95").Text, ends(2, by.Lower95, by.Upper95); got != want {
		t.Errorf("the table has the interval %q, want %q", got, want)
	}
	if cell := cellOf(t, &track.Figure.Table, "2023", "forecast"); !cell.IsEmpty() {
		t.Errorf("a year with a reading has a forecast: %+v", cell)
	}
	if !strings.Contains(chart.Description.ZH, "预测：2035年") || !strings.Contains(chart.Description.EN, "Forecast: ") {
		t.Errorf("description %q", chart.Description)
	}
	names := map[string]Cell{}
	for _, f := range track.Facts {
		names[f.Name.ZH] = f.Value
	}
	if fact := names["预测2030年"]; fact.Number == nil || *fact.Number != by.Mean || names["预测2035年"].Number == nil || names["实现可能性"].Text.IsZero() {
		t.Errorf("facts %+v", names)
	}
	o := track.Outlook
	if o == nil || !strings.Contains(o.Sentence.ZH, "2030年约为") || !strings.Contains(o.Sentence.ZH, "达到目标的可能性") {
		t.Fatalf("outlook %+v", o)
	}
	if o.Basis.IsZero() || o.Backtest.IsZero() || o.Scores == nil || o.Methods == nil || o.Trials == nil || o.More != nil {
		t.Errorf("the target's own page lacks a part: %+v", o)
	}
	for _, tr := range find(t, build(t, "region", time.Time{}, Params{Region: "350000", Outlooks: NewOutlooks()}), KindTracks).Tracks {
		if tr.Target == "plan-1-rd_intensity" && (tr.Outlook.Backtest.IsZero() || tr.Outlook.Scores != nil || tr.Outlook.More == nil || len(tr.Figure.Table.Columns) != len(track.Figure.Table.Columns)-1) {
			t.Errorf("on the region's page: %+v", tr.Outlook)
		}
		if tr.Target == "plan-3-statement" && tr.Outlook != nil {
			t.Errorf("a statement is forecast: %+v", tr.Outlook)
		}
	}
}
