package assess

import (
	"math"
	"slices"
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
	s := indicator.Series{Freq: indicator.Annual, Region: fujian}
	for year := 2015; year <= 2024; year++ {
		if rapid.IntRange(0, 9).Draw(t, "gap") > 0 {
			s.Points = append(s.Points, indicator.Point{Period: indicator.Year(year), Value: quarters.Draw(t, "y"), Status: indicator.Normal})
		}
	}
	return Input{Target: tg, Indicator: spending(), Region: fujian, Series: s, AsOf: day("2025-06-30")}
}

func mapped(in Input, f func(float64) float64) Input {
	tg := *in.Target
	if tg.Value != nil && tg.Kind != indicator.Grow {
		tg.Value = ptr(f(*tg.Value))
	}
	if tg.Tolerance != nil {
		tg.Tolerance = &indicator.Tolerance{Value: math.Abs(f(tg.Tolerance.Value))}
	}
	in.Target = &tg
	in.Series.Points = slices.Clone(in.Series.Points)
	for i := range in.Series.Points {
		in.Series.Points[i].Value = f(in.Series.Points[i].Value)
	}
	return in
}

// nearBoundary tells inputs whose verdict hangs on the last digits.
func nearBoundary(a Assessment) bool {
	miss, ok := a.Number("miss")
	return ok && (math.Abs(miss-atRiskFrom) < 1e-6 || math.Abs(miss-offTrackAbove) < 1e-6 || math.Abs(miss) < 1e-6)
}

var allKinds = []indicator.Kind{indicator.Reach, indicator.Hold, indicator.Directed, indicator.Grow}

func TestUnitDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, allKinds...)
		factor := rapid.SampledFrom([]float64{0.125, 8, 1024}).Draw(t, "factor")
		a, b := Pace(in), Pace(mapped(in, func(v float64) float64 { return v * factor }))
		if !nearBoundary(a) && (a.Status != b.Status || a.Reason != b.Reason) {
			t.Fatalf("%s/%s became %s/%s in another unit", a.Status, a.Reason, b.Status, b.Reason)
		}
	})
}

func TestUpAndDownAreMirrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, indicator.Reach, indicator.Hold, indicator.Directed)
		mirror := mapped(in, func(v float64) float64 { return -v })
		if in.Target.Bound == indicator.AtLeast {
			mirror.Target.Bound, mirror.Target.Direction = indicator.AtMost, indicator.Down
		} else {
			mirror.Target.Bound, mirror.Target.Direction = indicator.AtLeast, indicator.Up
		}
		a, b := Pace(in), Pace(mirror)
		if !nearBoundary(a) && (a.Status != b.Status || a.Reason != b.Reason) {
			t.Fatalf("%s/%s mirrors to %s/%s", a.Status, a.Reason, b.Status, b.Reason)
		}
	})
}

// TestBetterIsNeverWorse: a better latest value never gives a worse verdict, for
// kinds where better is defined: not bands.
func TestBetterIsNeverWorse(t *testing.T) {
	t.Parallel()
	rank := func(s Status) int { return slices.Index(Statuses, s) }
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, allKinds...)
		if len(in.Series.Points) == 0 || in.Target.Tolerance != nil {
			return
		}
		better := mapped(in, func(v float64) float64 { return v })
		step := float64(rapid.IntRange(1, 400).Draw(t, "better by")) / 4
		better.Series.Points[len(better.Series.Points)-1].Value += in.Target.Direction.Sign() * step
		if better.Series.Points[len(better.Series.Points)-1].Value <= 0 {
			return // growth is not defined below zero
		}
		a, b := Pace(in), Pace(better)
		// No year and not met is no verdict; better may then be met.
		if a.Status == NotAssessed || b.Status == NotAssessed {
			if a.Reason != b.Reason && a.Reason != NoYear {
				t.Fatalf("a better value gave the reason %q for %q", b.Reason, a.Reason)
			}
			return
		}
		if !nearBoundary(a) && !nearBoundary(b) && rank(b.Status) > rank(a.Status) {
			t.Fatalf("%s became %s by a better value: %v → %v", a.Status, b.Status, a.Numbers, b.Numbers)
		}
	})
}

func FuzzPace(f *testing.F) {
	f.Add(uint8(0), 100.0, 1.0, 90.0, 80.0, 70.0, 2025, 2021, uint8(0), uint8(3))
	f.Add(uint8(1), 1e308, 0.0, -1e308, 1e308, 0.0, 0, 2024, uint8(7), uint8(9))
	f.Add(uint8(3), 7.0, 5e-324, 1e-300, 1e300, 1.0, 2030, 2020, uint8(255), uint8(255))
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
		a := Pace(in)
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
		if text := Sentence(a, in); text.ZH == "" || text.EN == "" {
			t.Fatalf("no sentence for %+v", a)
		}
	})
}
