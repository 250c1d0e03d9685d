package assess

import (
	"errors"
	"math"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

func TestNumbersInOrder(t *testing.T) {
	t.Parallel()
	a := Pace(Input{Target: up100(base(2020)), Indicator: spending(), Region: fujian, Series: line(90, 8, 6), AsOf: day("2025-06-30")})
	want := []Number{{"t0", 2020}, {"y0", 58}, {"t", 2024}, {"yt", 90}, {"T", 100}, {"d", 1}, {"y5", 50}, {"a", 8}, {"projection", 98}, {"miss", 0.2}}
	if len(a.Numbers) != len(want) {
		t.Fatalf("got %v, want %v", a.Numbers, want)
	}
	for i, n := range want {
		if a.Numbers[i].Name != n.Name || math.Abs(a.Numbers[i].Value-n.Value) > 1e-12 {
			t.Errorf("number %d: got %v, want %v", i, a.Numbers[i], n)
		}
	}
	if *a.Gap != 10 || *a.NeededPerYear != 10 || *a.TargetAt != 100 || a.AsOfPeriod != indicator.Year(2025) {
		t.Errorf("gap %v needed %v T %v period %v", *a.Gap, *a.NeededPerYear, *a.TargetAt, a.AsOfPeriod)
	}
	away := Pace(Input{Target: up100(), Indicator: spending(), Region: fujian, Series: line(100, -1, 6), AsOf: day("2025-06-30")})
	if miss, ok := away.Number("miss"); !ok || !math.IsInf(miss, 1) {
		t.Errorf("at T and moving away: miss %v, want +∞", miss)
	}
}

func TestGapAndNeededPace(t *testing.T) {
	t.Parallel()
	in := func(t *indicator.Target, s indicator.Series) Input {
		return Input{Target: t, Indicator: spending(), Region: fujian, Series: s, AsOf: day("2025-06-30")}
	}
	near := func(got *float64, want float64) bool { return got != nil && math.Abs(*got-want) < 1e-9 }
	a := Pace(in(up100(by(2030)), line(70, 1, 6)))
	if !near(a.Gap, 30) || !near(a.NeededPerYear, 5) {
		t.Errorf("gap %v, needed %v", a.Gap, a.NeededPerYear)
	}
	if a = Pace(in(up100(by(2024)), line(70, 1, 6))); !near(a.Gap, 30) || a.NeededPerYear != nil {
		t.Errorf("in the target year: gap %v, needed %v, want 30, none", a.Gap, a.NeededPerYear)
	}
	if a = Pace(in(up100(by(0)), line(70, 1, 6))); !near(a.Gap, 30) || a.NeededPerYear != nil {
		t.Errorf("without a year: gap %v, needed %v, want 30, none", a.Gap, a.NeededPerYear)
	}
	if a = Pace(in(target(indicator.Directed, until(2035)), line(70, 1, 6))); a.Gap != nil || a.NeededPerYear != nil || a.TargetAt != nil {
		t.Errorf("a direction has no T: %v %v %v", a.Gap, a.NeededPerYear, a.TargetAt)
	}
	if a = Pace(in(up100(prices(indicator.ConstantPrice)), line(70, 1, 6))); a.Gap != nil || a.TargetAt != nil {
		t.Errorf("on a different basis nothing is compared: %v %v", a.Gap, a.TargetAt)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	in := Input{Target: up100(), Indicator: spending(), Region: fujian, Series: line(90, 10, 6), AsOf: day("2025-06-30")}
	for _, name := range []string{"", "pace", "pace@1"} {
		if a, err := Run(name, in); err != nil || a.Method != "pace" || a.Version != 1 || a.Status != OnTrack {
			t.Errorf("%q: %+v, %v", name, a, err)
		}
	}
	for _, name := range []string{"Pace", "pace@2", "schedule@0", "all"} {
		if _, err := Run(name, in); !errors.Is(err, ErrUnknownMethod) {
			t.Errorf("%q: got %v, want an unknown method", name, err)
		}
	}
}
