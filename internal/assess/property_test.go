package assess

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
)

// drawn is a random input whose numbers lie on a grid of quarters, so that
// sums and doublings are exact.
func drawn(t *rapid.T, kinds ...indicator.Kind) Input {
	quarters := rapid.Map(rapid.IntRange(1, 4000), func(n int) float64 { return float64(n) / 4 })
	tg := &indicator.Target{Region: fujian, Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
		Value: ptr(quarters.Draw(t, "value")), By: rapid.SampledFrom([]int{0, 2024, 2025, 2030}).Draw(t, "by"), From: 2020,
		Bound: rapid.SampledFrom([]indicator.Bound{indicator.AtLeast, indicator.AtMost}).Draw(t, "bound"), Direction: indicator.Up}
	if tg.Kind != indicator.Reach {
		tg.Until = tg.By
	}
	if tg.Bound == indicator.AtMost {
		tg.Direction = indicator.Down
	}
	if tg.Kind == indicator.Hold && rapid.Bool().Draw(t, "band") {
		tg.Tolerance = &indicator.Tolerance{Value: quarters.Draw(t, "tolerance")}
		tg.Baseline = &indicator.Baseline{Year: 2022}
		tg.Value = nil
	}
	in := Input{Target: tg, Indicator: spending(), Region: fujian, AsOf: day("2025-06-30")}
	if tg.Kind == indicator.Reach {
		drawBaseline(t, &in, quarters)
	}
	in.Series = indicator.Series{Freq: indicator.Annual, Region: fujian}
	for year := 2015; year <= 2024; year++ {
		if rapid.IntRange(0, 9).Draw(t, "gap") > 0 {
			status := rapid.SampledFrom([]indicator.Status{indicator.Normal, indicator.Normal, indicator.Normal, indicator.Normal, indicator.Normal,
				indicator.Normal, indicator.Normal, indicator.Normal, indicator.Normal, indicator.Break}).Draw(t, "status")
			in.Series.Points = append(in.Series.Points, indicator.Point{Period: indicator.Year(year), Value: quarters.Draw(t, "y"), Status: status})
		}
	}
	return in
}

// drawBaseline gives a reach target a base year or none, sometimes with a value,
// a multiple of it to reach, or yearly figures to sum up.
func drawBaseline(t *rapid.T, in *Input, quarters *rapid.Generator[float64]) {
	year := rapid.SampledFrom([]int{0, 2016, 2019, 2021, 2023}).Draw(t, "base year")
	if year == 0 {
		return
	}
	in.Target.Baseline = &indicator.Baseline{Year: year}
	if rapid.Bool().Draw(t, "stated") {
		in.Target.Baseline.Value = ptr(quarters.Draw(t, "y0"))
	}
	switch rapid.IntRange(0, 3).Draw(t, "of the baseline") {
	case 0:
		in.Target.Relative, in.Target.Value = indicator.Times, ptr(rapid.SampledFrom([]float64{0.5, 1.5, 2}).Draw(t, "times"))
	case 1:
		in.Indicator = factories(indicator.New)
	}
}

func mapped(in Input, f func(float64) float64) Input {
	tg := *in.Target
	if tg.Value != nil && tg.Kind != indicator.Grow && tg.Relative == "" {
		tg.Value = ptr(f(*tg.Value))
	}
	if tg.Tolerance != nil {
		tg.Tolerance = &indicator.Tolerance{Value: math.Abs(f(tg.Tolerance.Value))}
	}
	if tg.Baseline != nil && tg.Baseline.Value != nil {
		tg.Baseline = &indicator.Baseline{Year: tg.Baseline.Year, Value: ptr(f(*tg.Baseline.Value))}
	}
	in.Target = &tg
	in.Series.Points = slices.Clone(in.Series.Points)
	for i := range in.Series.Points {
		in.Series.Points[i].Value = f(in.Series.Points[i].Value)
	}
	return in
}

// nearBoundary tells inputs whose verdict hangs on the last digits.
func nearBoundary(verdicts ...Assessment) bool {
	bounds := map[string][]float64{"miss": {0, atRiskFrom, offTrackAbove}, "q": {0, scheduleAtRisk, scheduleOnTrack, scheduleAhead},
		"R": {0, ratioAtRisk, ratioOnTrack}}
	for _, a := range verdicts {
		for name, list := range bounds {
			v, ok := a.Number(name)
			if ok && slices.ContainsFunc(list, func(bound float64) bool { return math.Abs(v-bound) < 1e-6 }) {
				return true
			}
		}
	}
	return false
}

var allKinds = []indicator.Kind{indicator.Reach, indicator.Hold, indicator.Directed, indicator.Grow}

// eachMethod checks a property of random inputs by every method. Kinds that a
// method does not know are left to one draw in five.
func eachMethod(t *testing.T, kinds []indicator.Kind, property func(t *rapid.T, assess func(Input) Assessment, in Input)) {
	t.Helper()
	for _, m := range Methods() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				kinds := kinds
				if m.Name != DefaultMethod && rapid.IntRange(0, 4).Draw(t, "any kind") > 0 {
					kinds = []indicator.Kind{indicator.Reach}
				}
				property(t, m.rule, drawn(t, kinds...))
			})
		})
	}
}

func TestUnitDoesNotMatter(t *testing.T) {
	t.Parallel()
	eachMethod(t, allKinds, func(t *rapid.T, assess func(Input) Assessment, in Input) {
		factor := rapid.SampledFrom([]float64{0.125, 8, 1024}).Draw(t, "factor")
		a, b := assess(in), assess(mapped(in, func(v float64) float64 { return v * factor }))
		if !nearBoundary(a, b) && (a.Status != b.Status || a.Reason != b.Reason || a.Ahead != b.Ahead) {
			t.Fatalf("%s/%s became %s/%s in another unit", a.Status, a.Reason, b.Status, b.Reason)
		}
	})
}

func TestUpAndDownAreMirrors(t *testing.T) {
	t.Parallel()
	kinds := []indicator.Kind{indicator.Reach, indicator.Hold, indicator.Directed} // growth knows no below zero
	eachMethod(t, kinds, func(t *rapid.T, assess func(Input) Assessment, in Input) {
		mirror := mapped(in, func(v float64) float64 { return -v })
		if in.Target.Bound == indicator.AtLeast {
			mirror.Target.Bound, mirror.Target.Direction = indicator.AtMost, indicator.Down
		} else {
			mirror.Target.Bound, mirror.Target.Direction = indicator.AtLeast, indicator.Up
		}
		a, b := assess(in), assess(mirror)
		if !nearBoundary(a, b) && (a.Status != b.Status || a.Reason != b.Reason || a.Ahead != b.Ahead) {
			t.Fatalf("%s/%s mirrors to %s/%s", a.Status, a.Reason, b.Status, b.Reason)
		}
	})
}

// TestBetterIsNeverWorse: a better latest value never gives a worse verdict,
// where better is defined: not for bands, nor where the latest value is the
// baseline that a relative target grows with.
func TestBetterIsNeverWorse(t *testing.T) {
	t.Parallel()
	rank := func(s Status) int { return slices.Index(Statuses, s) }
	metOnly := []Reason{NoYear, NoBaseline, Undefined} // reasons that go when a target is met
	eachMethod(t, allKinds, func(t *rapid.T, assess func(Input) Assessment, in Input) {
		n := len(in.Series.Points)
		if n == 0 || in.Target.Tolerance != nil {
			return
		}
		base := in.Target.Baseline
		if in.Target.Relative != "" && base.Year == in.Series.Points[n-1].Period.Year() {
			return
		}
		better := mapped(in, func(v float64) float64 { return v })
		step := float64(rapid.IntRange(1, 400).Draw(t, "better by")) / 4
		last := &better.Series.Points[n-1]
		if last.Value += in.Target.Direction.Sign() * step; last.Value <= 0 {
			return // growth is not defined below zero
		}
		a, b := assess(in), assess(better)
		if a.Status == NotAssessed || b.Status == NotAssessed {
			if a.Reason != b.Reason && !slices.Contains(metOnly, a.Reason) {
				t.Fatalf("a better value gave the reason %q for %q", b.Reason, a.Reason)
			}
			return
		}
		if !nearBoundary(a, b) && rank(b.Status) > rank(a.Status) {
			t.Fatalf("%s became %s by a better value: %v → %v", a.Status, b.Status, a.Numbers, b.Numbers)
		}
	})
}

// TestPrecedentOfRandomTargets: what is reached is as good as what is needed, and
// the last start is one exactly where the best pace suffices.
func TestPrecedentOfRandomTargets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, allKinds...)
		a := Pace(in)
		peer := drawn(t, indicator.Reach).Series
		peer.Region = zhejiang
		p, ok := FindPrecedent(in, a, []indicator.Series{peer})
		if !ok {
			return
		}
		if a.Closed || p.Windows < len(p.Reached) || p.Best == nil && p.LastStart != 0 {
			t.Fatalf("closed %v, %+v", a.Closed, p)
		}
		if in.Target.Tolerance != nil || p.Best == nil || in.Target.LastYear() == 0 {
			return
		}
		suffices := slices.ContainsFunc(p.Reached, func(w Window) bool { return w == *p.Best })
		if start := p.LastStart; suffices != (start != 0) && math.Abs(p.Best.Pace-p.Needed) > 1e-6 || start != 0 && start < a.Latest.Period.Year() {
			t.Fatalf("the best pace %v for %v needed gives the last start %d", p.Best.Pace, p.Needed, start)
		}
	})
}

// FuzzMethods: whatever the numbers, every method gives a verdict that can be told.
func FuzzMethods(f *testing.F) {
	f.Add(uint8(0), 100.0, 1.0, 90.0, 80.0, 70.0, 2025, 2021, uint8(0), uint8(3))
	f.Add(uint8(1), 1e308, 0.0, -1e308, 1e308, 0.0, 0, 2024, uint8(7), uint8(9))
	f.Add(uint8(3), 7.0, 5e-324, 1e-300, 1e300, 1.0, 2030, 2020, uint8(255), uint8(255))
	f.Add(uint8(0), 200.0, 1.0, 140.0, 80.0, 100.0, 2030, 2020, uint8(1+32), uint8(0))  // schedule and cagr_ratio from 2020
	f.Add(uint8(0), 2.0, 1.0, -140.0, 80.0, -70.0, 2030, 2020, uint8(2+32), uint8(2+8)) // summed, times
	kinds := append(slices.Clone(allKinds), indicator.StatedOnly, "odd")
	f.Fuzz(func(t *testing.T, kind uint8, value, tolerance, y, y1, y5 float64, last, first int, flags, more uint8) {
		for _, v := range []float64{value, tolerance, y, y1, y5} {
			if !finite(v) {
				return
			}
		}
		if last < 0 || last > 9999 || first < 0 || first > 9999 {
			return
		}
		tg := &indicator.Target{Region: fujian, Kind: kinds[int(kind)%len(kinds)], Value: &value, By: last, Until: last, From: first}
		tg.Bound = []indicator.Bound{"", indicator.AtLeast, indicator.AtMost}[int(flags)%3]
		tg.Relative = []indicator.Relative{"", indicator.Percent, indicator.Times}[int(more)%3]
		tg.Approximate = flags&4 != 0
		if flags&8 != 0 {
			tg.Tolerance = &indicator.Tolerance{Value: tolerance, Percent: flags&16 != 0}
		}
		if flags&32 != 0 {
			tg.Baseline = &indicator.Baseline{Year: first}
		}
		of := share()
		of.Measure = []indicator.Measure{indicator.Ratio, indicator.Growth}[more>>2&1]
		of.Counted = []indicator.Counted{"", indicator.New}[more>>3&1]
		s := indicator.Series{Freq: indicator.Annual, Points: []indicator.Point{
			{Period: indicator.Year(2019), Value: y5, Status: indicator.Normal}, {Period: indicator.Year(2020), Value: y1, Status: indicator.Break},
			{Period: indicator.Year(2023), Value: y1, Status: indicator.Normal}, {Period: indicator.Year(2024), Value: y, Status: indicator.Normal}}}
		in := Input{Target: tg, Indicator: of, Region: fujian, Series: s, AsOf: day("2025-06-30")}
		for _, m := range Methods() {
			checkSound(t, m.rule(in), in)
		}
	})
}

func checkSound(t *testing.T, a Assessment, in Input) {
	t.Helper()
	if (a.Status == NotAssessed) != (a.Reason != "") || !slices.Contains(Statuses, a.Status) {
		t.Fatalf("status %q with reason %q", a.Status, a.Reason)
	}
	for _, n := range a.Numbers {
		if !finite(n.Value) && (n.Name != "miss" || math.IsNaN(n.Value)) {
			t.Fatalf("number %s is %v", n.Name, n.Value)
		}
	}
	for _, p := range []*float64{a.Gap, a.NeededPerYear, a.TargetAt} {
		if p != nil && !finite(*p) {
			t.Fatalf("gap, pace or T is %v", *p)
		}
	}
	if text := Sentence(a, in); text.ZH == "" || text.EN == "" || strings.Contains(text.ZH+text.EN, "%!") {
		t.Fatalf("no sentence for %+v: %v", a, text)
	}
	p, _ := FindPrecedent(in, a, []indicator.Series{in.Series})
	if !finite(p.Needed) || p.Best != nil && !finite(p.Best.Pace) {
		t.Fatalf("precedent %+v", p)
	}
}
