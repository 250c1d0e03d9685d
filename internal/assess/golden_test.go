package assess

import (
	"cmp"
	"math"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// golden is a verdict with the arithmetic that a person did by hand: the name
// says how, numbers what must come out.
type golden struct {
	verdictCase
	numbers map[string]float64
}

// combination is what must be covered; a hold target has two rules.
type combination struct {
	kind, method string
	status       Status
}

func (c verdictCase) combination() combination {
	kind := string(c.target.Kind)
	if c.target.Kind == indicator.Hold {
		kind = map[bool]string{true: "hold, band", false: "hold, bound"}[c.target.Tolerance != nil]
	}
	return combination{kind, cmp.Or(c.method, DefaultMethod), c.status}
}

var goldenKinds = []string{"reach", "hold, bound", "hold, band", "direction", "grow", "statement"}

// unreachable says why a combination has no case; empty where it must have one.
func unreachable(c combination) string {
	switch {
	case c.status == NotAssessed:
		return ""
	case c.kind == "statement":
		return "a statement is shown and never scored"
	case c.method != "pace" && c.kind != "reach":
		return "method_not_applicable: the method knows reach only"
	case c.status == Achieved && c.kind != "reach" && c.kind != "grow":
		return "hold and direction go on: a standing well kept is on_track, in the last year as before"
	case c.status == Missed && c.kind != "reach" && c.kind != "grow":
		return "hold and direction keep their own rule in the last year, which knows no missed"
	}
	return ""
}

func goldenPace() []golden {
	floor := func() *indicator.Target { return target(indicator.Hold, value(3), bound(indicator.AtLeast)) }
	band := func() *indicator.Target { return target(indicator.Hold, base(2020), within(1, false)) }
	rise := func() *indicator.Target { return target(indicator.Directed, wants(indicator.Up)) }
	plan := func() *indicator.Target { return target(indicator.Grow, value(10), from(2023), until(2025)) }
	return []golden{
		{verdictCase{name: "a = (102 − 92)/5 = 2 ≥ 0, 102 ≥ 100", target: up100(), series: "2019:92 2024:102", status: Achieved, early: true}, numbers{"a": 2, "projection": 104}},
		{verdictCase{name: "a = (90 − 40)/5 = 10, p = 90 + 10·1 = 100, m = (100 − 100)/10 = 0", target: up100(), series: "2019:40 2024:90", status: OnTrack},
			numbers{"a": 10, "projection": 100, "miss": 0}},
		{verdictCase{name: "a = (90 − 45)/5 = 9, p = 99, m = (100 − 99)/10 = 10 %", target: up100(), series: "2019:45 2024:90", status: AtRisk},
			numbers{"a": 9, "projection": 99, "miss": 0.1}},
		{verdictCase{name: "a = (90 − 65)/5 = 5, p = 95, m = (100 − 95)/10 = 50 %, a > 0", target: up100(), series: "2019:65 2024:90", status: OffTrack},
			numbers{"a": 5, "projection": 95, "miss": 0.5}},
		{verdictCase{name: "a = (90 − 95)/5 = −1, p = 89, m = (100 − 89)/10 = 110 %, a < 0", target: up100(), series: "2019:95 2024:90", status: Reversing},
			numbers{"a": -1, "projection": 89, "miss": 1.1}},
		{verdictCase{name: "99 < 100 in 2024", target: up100(by(2024)), series: "2024:99", status: Missed, closed: true}, numbers{"yt": 99, "T": 100}},
		{verdictCase{name: "y(2019) is missing", target: up100(), series: "2020:40 2024:90", status: NotAssessed, reason: TooFewReadings}, nil},

		{verdictCase{name: "3.5 ≥ 3, a = (3.5 − 3)/5 = 0.1", target: floor(), series: "2019:3 2024:3.5", status: OnTrack}, numbers{"a": 0.1}},
		{verdictCase{name: "3.5 ≥ 3, a = (3.5 − 4)/5 = −0.1", target: floor(), series: "2019:4 2024:3.5", status: AtRisk}, numbers{"a": -0.1}},
		{verdictCase{name: "2.5 < 3, a = (2.5 − 2)/5 = 0.1", target: floor(), series: "2019:2 2024:2.5", status: OffTrack}, numbers{"a": 0.1}},
		{verdictCase{name: "2.5 < 3, a = (2.5 − 3)/5 = −0.1", target: floor(), series: "2019:3 2024:2.5", status: Reversing}, numbers{"a": -0.1}},
		{verdictCase{name: "y(2019) is missing", target: floor(), series: "2024:3.5", status: NotAssessed, reason: TooFewReadings}, nil},

		{verdictCase{name: "e = |30.5 − 30| = 0.5 ≤ 1, e5 = 0.6, nearer", target: band(), series: "2019:30.6 2020:30 2024:30.5", status: OnTrack},
			numbers{"e": 0.5, "e5": 0.6, "tolerance": 1, "low": 29, "high": 31}},
		{verdictCase{name: "e = |30.5 − 30| = 0.5 ≤ 1, e5 = 0.2, further by 0.3 ≥ 1/5", target: band(), series: "2019:30.2 2020:30 2024:30.5", status: AtRisk},
			numbers{"e": 0.5, "e5": 0.2}},
		{verdictCase{name: "e = |32 − 30| = 2 > 1, e5 = 3, nearer by 1 ≥ 1/5", target: band(), series: "2019:27 2020:30 2024:32", status: OffTrack},
			numbers{"e": 2, "e5": 3}},
		{verdictCase{name: "e = |32 − 30| = 2 > 1, e5 = 1, further", target: band(), series: "2019:29 2020:30 2024:32", status: Reversing}, numbers{"e": 2, "e5": 1}},
		{verdictCase{name: "y(2020) is missing", target: band(), series: "2019:29 2024:32", status: NotAssessed, reason: NoBaseline}, nil},

		{verdictCase{name: "a = (8 − 3)/5 = 1, 8 − 7 = 1", target: rise(), series: "2019:3 2023:7 2024:8", status: OnTrack}, numbers{"a": 1, "last_change": 1}},
		{verdictCase{name: "a = (8 − 3)/5 = 1, 8 − 9 = −1", target: rise(), series: "2019:3 2023:9 2024:8", status: AtRisk}, numbers{"a": 1, "last_change": -1}},
		{verdictCase{name: "a = (8 − 13)/5 = −1, 8 − 7 = 1", target: rise(), series: "2019:13 2023:7 2024:8", status: OffTrack}, numbers{"a": -1, "last_change": 1}},
		{verdictCase{name: "a = (8 − 13)/5 = −1, 8 − 9 = −1", target: rise(), series: "2019:13 2023:9 2024:8", status: Reversing}, numbers{"a": -1, "last_change": -1}},
		{verdictCase{name: "y(2023) is missing", target: rise(), series: "2019:3 2024:8", status: NotAssessed, reason: TooFewReadings}, nil},

		{verdictCase{name: "g = (133.1/100)^(1/3) − 1 = 10 %, m = 0 in 2025", target: plan(), series: "2022:100 2025:133.1", asOf: "2026-05-01", status: Achieved, closed: true},
			numbers{"g": 10, "miss": 0}},
		{verdictCase{name: "g = (121/100)^(1/2) − 1 = 10 %, m = 0", target: plan(), series: "2022:100 2024:121", status: OnTrack}, numbers{"g": 10, "miss": 0, "needed_rate": 10}},
		{verdictCase{name: "g = (118.81/100)^(1/2) − 1 = 9 %, m = (10 − 9)/10 = 10 %", target: plan(), series: "2022:100 2024:118.81", status: AtRisk},
			numbers{"g": 9, "miss": 0.1, "needed_rate": (133.1/118.81 - 1) * 100}},
		{verdictCase{name: "g = (110.25/100)^(1/2) − 1 = 5 %, m = (10 − 5)/10 = 50 %, g > 0", target: plan(), series: "2022:100 2024:110.25", status: OffTrack},
			numbers{"g": 5, "miss": 0.5}},
		{verdictCase{name: "g = (81/100)^(1/2) − 1 = −10 %, m = (10 + 10)/10 = 200 %", target: plan(), series: "2022:100 2024:81", status: Reversing},
			numbers{"g": -10, "miss": 2}},
		{verdictCase{name: "g = (115.7625/100)^(1/3) − 1 = 5 %, m = 50 % in 2025", target: plan(), series: "2022:100 2025:115.7625", asOf: "2026-05-01",
			status: Missed, closed: true}, numbers{"g": 5, "miss": 0.5}},
		{verdictCase{name: "y(2022) is missing", target: plan(), series: "2024:121", status: NotAssessed, reason: NoBaseline}, nil},

		{verdictCase{name: "a statement is not scored", target: target(indicator.StatedOnly), series: "2024:1", status: NotAssessed, reason: NoVerdictStatement}, nil},
	}
}

// goldenFromBaseline: 200 by 2030, from 100 in 2020; the year 2024 is 4/10 of the time.
func goldenFromBaseline() []golden {
	double := func(change ...opt) *indicator.Target {
		return target(indicator.Reach, append([]opt{value(200), by(2030), bound(indicator.AtLeast), base(2020)}, change...)...)
	}
	// 161.051 = 100·1.1^5: what 10 % a year reaches by 2025.
	tenPerCent := func() *indicator.Target { return double(value(161.051), by(2025)) }
	list := []golden{
		{verdictCase{method: "schedule", name: "205 ≥ 200", target: double(), series: "2020:100 2024:205", status: Achieved, early: true}, numbers{"yt": 205}},
		{verdictCase{method: "schedule", name: "c = 40/100, e = 4/10, q = 1", target: double(), series: "2020:100 2024:140", status: OnTrack},
			numbers{"c": 0.4, "elapsed": 0.4, "q": 1}},
		{verdictCase{method: "schedule", name: "c = 32/100, e = 4/10, q = 0.8", target: double(), series: "2020:100 2024:132", status: AtRisk},
			numbers{"c": 0.32, "elapsed": 0.4, "q": 0.8}},
		{verdictCase{method: "schedule", name: "c = 20/100, e = 4/10, q = 0.5", target: double(), series: "2020:100 2024:120", status: OffTrack},
			numbers{"c": 0.2, "elapsed": 0.4, "q": 0.5}},
		{verdictCase{method: "schedule", name: "c = −10/100, e = 4/10, q = −0.25", target: double(), series: "2020:100 2024:90", status: Reversing},
			numbers{"c": -0.1, "elapsed": 0.4, "q": -0.25}},
		{verdictCase{method: "schedule", name: "199 < 200 in 2030", target: double(), series: "2020:100 2030:199", asOf: "2031-05-01", status: Missed, closed: true},
			numbers{"yt": 199, "T": 200}},
		{verdictCase{method: "schedule", name: "y(2020) is missing", target: double(), series: "2021:100 2024:140", status: NotAssessed, reason: NoBaseline}, nil},

		{verdictCase{method: "cagr_ratio", name: "162 ≥ 161.051", target: tenPerCent(), series: "2020:100 2024:162", status: Achieved, early: true}, numbers{"yt": 162}},
		{verdictCase{method: "cagr_ratio", name: "(144/100)^(1/2) − 1 = 20 %, needed (161.051/100)^(1/5) − 1 = 10 %, R = 2", target: tenPerCent(),
			series: "2020:100 2022:144", status: OnTrack, old: true}, numbers{"g": 20, "g_target": 10, "R": 2}},
		{verdictCase{method: "cagr_ratio", name: "(116.64/100)^(1/2) − 1 = 8 %, needed 10 %, R = 0.8", target: tenPerCent(),
			series: "2020:100 2022:116.64", status: AtRisk, old: true}, numbers{"g": 8, "g_target": 10, "R": 0.8}},
		{verdictCase{method: "cagr_ratio", name: "(110.25/100)^(1/2) − 1 = 5 %, needed 10 %, R = 0.5", target: tenPerCent(),
			series: "2020:100 2022:110.25", status: OffTrack, old: true}, numbers{"g": 5, "g_target": 10, "R": 0.5}},
		{verdictCase{method: "cagr_ratio", name: "(81/100)^(1/2) − 1 = −10 %, needed 10 %, R = −1", target: tenPerCent(),
			series: "2020:100 2022:81", status: Reversing, old: true}, numbers{"g": -10, "g_target": 10, "R": -1}},
		{verdictCase{method: "cagr_ratio", name: "161 < 161.051 in 2025", target: tenPerCent(), series: "2020:100 2025:161", asOf: "2026-05-01",
			status: Missed, closed: true}, numbers{"yt": 161, "T": 161.051}},
		{verdictCase{method: "cagr_ratio", name: "from 0 there is no growth", target: tenPerCent(), series: "2020:0 2024:140", status: NotAssessed, reason: Undefined}, nil},
	}
	for _, method := range []string{"schedule", "cagr_ratio"} {
		for _, other := range []*indicator.Target{
			target(indicator.Hold, value(3), bound(indicator.AtLeast)), target(indicator.Hold, base(2020), within(1, false)),
			target(indicator.Directed, wants(indicator.Up)), target(indicator.Grow, value(7), from(2020)), target(indicator.StatedOnly),
		} {
			c := verdictCase{method: method, name: string(other.Kind), target: other, series: "2019:1 2020:1 2023:1 2024:1",
				status: NotAssessed, reason: MethodNotApplicable}
			if other.Kind == indicator.StatedOnly {
				c.reason = NoVerdictStatement
			}
			list = append(list, golden{c, nil})
		}
	}
	return list
}

type numbers = map[string]float64

// TestGolden: every kind × method × status is either computed by hand here or
// said to be out of reach.
func TestGolden(t *testing.T) {
	t.Parallel()
	cases := append(goldenPace(), goldenFromBaseline()...)
	covered := map[combination]bool{}
	for _, c := range cases {
		covered[c.combination()] = true
		k := c.combination()
		t.Run(k.method+" "+k.kind+" "+string(k.status)+": "+c.name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
			a := c.assess(t, c.input(t))
			for name, want := range c.numbers {
				if got, ok := a.Number(name); !ok || math.Abs(got-want) > 1e-9 {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
		})
	}
	for _, kind := range goldenKinds {
		for _, m := range Methods() {
			for _, status := range Statuses {
				c := combination{kind, m.Name, status}
				if why := unreachable(c); covered[c] == (why != "") {
					t.Errorf("%v: covered %v, unreachable because %q", c, covered[c], why)
				}
			}
		}
	}
}
