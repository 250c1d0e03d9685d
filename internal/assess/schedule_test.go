package assess

import (
	"slices"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// byMethods runs cases that hold for schedule and cagr_ratio alike.
func byMethods(t *testing.T, cases []verdictCase, methods ...string) {
	t.Helper()
	for _, method := range methods {
		for _, c := range cases {
			c.name, c.method = method+": "+c.name, method
			run(t, []verdictCase{c})
		}
	}
}

// way100 leads from 100 in 2020 to 200 in 2030; by 2024, 4/10 of the time, 140 is due.
func way100(change ...opt) *indicator.Target {
	return target(indicator.Reach, append([]opt{value(200), by(2030), bound(indicator.AtLeast), base(2020)}, change...)...)
}

// TestScheduleBounds: q = (yt − 100)/40.
func TestScheduleBounds(t *testing.T) {
	t.Parallel()
	down := target(indicator.Reach, value(100), by(2030), bound(indicator.AtMost), base(2020))
	energy := share()
	energy.Direction = indicator.Down
	byMethods(t, []verdictCase{
		{name: "q just below 0.95: 37.9999/40", target: way100(), series: "2020:100 2024:137.9999", status: AtRisk},
		{name: "q = 0.95: 38/40", target: way100(), series: "2020:100 2024:138", status: OnTrack},
		{name: "q = 0.95 less 1e-10 is 0.95 in 9 decimals", target: way100(), series: "2020:100 2024:137.999999996", status: OnTrack},
		{name: "q just below 0.75: 29.9999/40", target: way100(), series: "2020:100 2024:129.9999", status: OffTrack},
		{name: "q = 0.75: 30/40", target: way100(), series: "2020:100 2024:130", status: AtRisk},
		{name: "q = 0", target: way100(), series: "2020:100 2024:100", status: OffTrack},
		{name: "q just below 0", target: way100(), series: "2020:100 2024:99.9999", status: Reversing},
		{name: "down, q = 0.95: 38/40", target: down, series: "2020:200 2024:162", status: OnTrack},
		{name: "down, q = 0.75", target: down, series: "2020:200 2024:170", status: AtRisk},
		{name: "down, q < 0.75", target: down, series: "2020:200 2024:170.001", status: OffTrack},
		{name: "down, away", target: down, series: "2020:200 2024:201", status: Reversing},
		{name: "q = 0.285/0.3 = 0.95 in spite of binary fractions", target: target(indicator.Reach, value(1.1), by(2030), base(2020)),
			series: "2020:0.1 2023:0.385", status: OnTrack, old: true},
		{name: "percent: T = 86.5, c = 10.8/13.5, e = 4/5, q = 1", target: target(indicator.Reach, value(-13.5), by(2025), rel(indicator.Percent), base(2020)),
			of: energy, series: "2020:100 2024:89.2", status: OnTrack},
		{name: "times: T = 200, q = 0.75", target: way100(value(2), rel(indicator.Times)), series: "2020:100 2024:130", status: AtRisk},
		{name: "stated baseline 120: T = 200, c = 24/80, e = 0.4, q = 0.75", target: way100(base(2020, 120)), series: "2020:100 2024:144", status: AtRisk},
		{name: "another region has its own baseline: c = 44/100, q = 1.1", target: way100(base(2020, 120)), series: "2020:100 2024:144",
			region: zhejiang, status: OnTrack},
		{name: "summed: 12 of 30, e = 4/10, q = 1", target: way100(value(30), counts(indicator.New)), of: factories(indicator.New),
			series: "2020:99 2021:3 2022:3 2023:3 2024:3", status: OnTrack},
		{name: "summed needs no reading of t0: 9 of 30, q = 0.75", target: way100(value(30)), of: factories(indicator.New),
			series: "2021:3 2022:3 2023:3 2024:0", status: AtRisk},
		{name: "summed with a gap", target: way100(value(30)), of: factories(indicator.New), series: "2021:3 2024:3", status: NotAssessed, reason: TooFewReadings},
		{name: "a tolerance moves T to its near edge 180: c = 30.4/80, e = 0.4, q = 0.95", target: way100(within(10, true)), series: "2020:100 2024:130.4", status: OnTrack},
		{name: "new without a baseline year", target: target(indicator.Reach, value(30), by(2030), counts(indicator.New)), of: factories(indicator.New),
			series: "2024:3", status: NotAssessed, reason: NoBaseline},
	}, "schedule")
}

// TestRatioBounds: growth of one year against the 10 % a year that lead from 100 to 121 in two.
func TestRatioBounds(t *testing.T) {
	t.Parallel()
	up := func(change ...opt) *indicator.Target {
		return target(indicator.Reach, append([]opt{value(121), by(2025), bound(indicator.AtLeast), base(2023)}, change...)...)
	}
	down := target(indicator.Reach, value(81), by(2025), bound(indicator.AtMost), base(2023)) // −10 % a year
	byMethods(t, []verdictCase{
		{name: "R = 0.95", target: up(), series: "2023:100 2024:109.5", status: OnTrack},
		{name: "R just below 0.95", target: up(), series: "2023:100 2024:109.4999", status: AtRisk},
		{name: "R = 0.60", target: up(), series: "2023:100 2024:106", status: AtRisk},
		{name: "R just below 0.60", target: up(), series: "2023:100 2024:105.9999", status: OffTrack},
		{name: "R = 0", target: up(), series: "2023:100 2024:100", status: OffTrack},
		{name: "R just below 0", target: up(), series: "2023:100 2024:99.9999", status: Reversing},
		{name: "down, R = 0.95", target: down, series: "2023:100 2024:90.5", status: OnTrack},
		{name: "down, R = 0.6", target: down, series: "2023:100 2024:94", status: AtRisk},
		{name: "down, R < 0.6", target: down, series: "2023:100 2024:94.001", status: OffTrack},
		{name: "down, away", target: down, series: "2023:100 2024:100.1", status: Reversing},
		{name: "below zero, upwards: −100 → −81 shrinks by 10 % a year, R = 1", target: up(value(-81)), series: "2023:-100 2024:-90", status: OnTrack},
		{name: "below zero, away", target: up(value(-81)), series: "2023:-100 2024:-101", status: Reversing},
		{name: "from zero", target: up(), series: "2023:0 2024:100", status: NotAssessed, reason: Undefined},
		{name: "at zero", target: up(), series: "2023:100 2024:0", status: NotAssessed, reason: Undefined},
		{name: "to zero", target: target(indicator.Reach, value(0), by(2025), bound(indicator.AtMost), base(2023)), series: "2023:100 2024:50",
			status: NotAssessed, reason: Undefined},
		{name: "across zero", target: up(), series: "2023:-100 2024:50", status: NotAssessed, reason: Undefined},
		{name: "across zero, met", target: up(), series: "2023:-100 2024:121", status: Achieved, early: true},
		{name: "summed begins at zero", target: up(counts(indicator.New)), of: factories(indicator.New), series: "2024:100", status: NotAssessed, reason: Undefined},
		{name: "summed, met", target: up(counts(indicator.New)), of: factories(indicator.New), series: "2024:121", status: Achieved, early: true},
	}, "cagr_ratio")
}

// TestFromBaseline is what schedule and cagr_ratio share.
func TestFromBaseline(t *testing.T) {
	t.Parallel()
	none := func(change ...opt) *indicator.Target {
		return target(indicator.Reach, append([]opt{value(200), by(2030), bound(indicator.AtLeast)}, change...)...)
	}
	byMethods(t, []verdictCase{
		{name: "met exactly, early", target: way100(), series: "2020:100 2024:200", status: Achieved, early: true},
		{name: "met and worsening asks for no pace", target: way100(), series: "2019:300 2020:300 2024:200", status: Achieved, early: true},
		{name: "met without a baseline", target: none(), series: "2024:200", status: Achieved, early: true},
		{name: "met without a reading of the base year", target: way100(), series: "2024:200", status: Achieved, early: true},
		{name: "met in the base year", target: way100(base(2024)), series: "2024:200", status: Achieved, early: true},
		{name: "met without a year", target: way100(by(0)), series: "2020:100 2024:200", status: Achieved},
		{name: "no baseline", target: none(), series: "2020:100 2024:150", status: NotAssessed, reason: NoBaseline},
		{name: "no baseline comes before no year", target: none(by(0)), series: "2024:150", status: NotAssessed, reason: NoBaseline},
		{name: "no baseline comes before no reading", target: way100(), status: NotAssessed, reason: NoBaseline},
		{name: "baseline stated, no reading", target: way100(base(2020, 100)), status: NotAssessed, reason: TooFewReadings},
		{name: "no year", target: way100(by(0)), series: "2020:100 2024:150", status: NotAssessed, reason: NoYear},
		{name: "no year comes before undefined", target: way100(by(0), base(2024)), series: "2024:150", status: NotAssessed, reason: NoYear},
		{name: "latest is the base year", target: way100(base(2024)), series: "2024:150", status: NotAssessed, reason: Undefined},
		{name: "latest is before the base year", target: way100(base(2026, 100)), series: "2024:150", status: NotAssessed, reason: Undefined},
		{name: "T is the baseline", target: way100(base(2020, 200)), series: "2024:150", status: NotAssessed, reason: Undefined},
		{name: "T is worse than the baseline", target: way100(base(2020, 201)), series: "2024:150", status: NotAssessed, reason: Undefined},
		{name: "zero baseline of a relative target", target: way100(value(2), rel(indicator.Times)), series: "2020:0 2024:150", status: NotAssessed, reason: ZeroBaseline},
		{name: "no direction", target: target(indicator.Reach, value(200), by(2030), base(2020)), of: &indicator.Indicator{Unit: "%"},
			series: "2020:100 2024:150", status: NotAssessed, reason: Undefined},
		{name: "about", target: target(indicator.Reach, value(200), by(2030), base(2020), approximate()), series: "2020:100 2024:150", status: NotAssessed, reason: Undefined},
		{name: "about, not met, no baseline", target: target(indicator.Reach, value(200), by(2030), approximate()), series: "2024:150", status: NotAssessed, reason: NoBaseline},
		{name: "about has no side on which 250 meets it", target: target(indicator.Reach, value(200), by(2030), approximate()), series: "2024:250", status: NotAssessed, reason: NoBaseline},
		{name: "about, met, no reading of the base year", target: target(indicator.Reach, value(200), by(2030), base(2020), approximate()), series: "2024:250", status: NotAssessed, reason: NoBaseline},
		{name: "about, met, with a baseline", target: target(indicator.Reach, value(200), by(2030), base(2020), approximate()), series: "2020:100 2024:250", status: NotAssessed, reason: Undefined},
		{name: "about, met, no year", target: target(indicator.Reach, value(200), base(2020), approximate()), series: "2020:100 2024:250", status: NotAssessed, reason: NoYear},
		{name: "no value", target: target(indicator.Reach, by(2030), base(2020)), series: "2020:100 2024:150", status: NotAssessed, reason: Undefined},
		{name: "y(t−5) is not asked for", target: way100(), series: "2020:100 2024:195", status: OnTrack},

		{name: "break at t0 is outside", target: way100(), series: "2020:100B 2024:195", status: OnTrack},
		{name: "break after t0", target: way100(), series: "2020:100 2021:100B 2024:195", status: NotAssessed, reason: SeriesBreak},
		{name: "break at t", target: way100(), series: "2020:100 2024:195B", status: NotAssessed, reason: SeriesBreak},
		{name: "break before t0, within five years", target: way100(), series: "2019:90B 2020:100 2024:195", status: OnTrack},
		{name: "met over a break", target: way100(), series: "2020:100 2021:100B 2024:200", status: NotAssessed, reason: SeriesBreak},
		{name: "met over a break without a baseline", target: none(), series: "2021:100B 2024:200", status: Achieved, early: true},

		{name: "closed: achieved", target: way100(by(2024)), series: "2024:200", status: Achieved, closed: true},
		{name: "closed: missed without a baseline", target: none(by(2024)), series: "2024:199.9", status: Missed, closed: true},
		{name: "closed: missed where there is no way", target: way100(by(2024), base(2020, 300)), series: "2024:199.9", status: Missed, closed: true},
		{name: "closed: break before tT does not matter", target: way100(by(2024)), series: "2020:100 2023:9B 2024:200", status: Achieved, closed: true},
		{name: "closed: break in tT", target: way100(by(2024)), series: "2020:100 2024:200B", status: NotAssessed, reason: SeriesBreak, closed: true},
		{name: "closed: stale and out of force do not matter", target: way100(by(2022), force("", "2022-12-31")), series: "2020:100 2022:200 2023:1",
			asOf: "2035-01-01", status: Achieved, closed: true},
		{name: "closed: relative without a baseline", target: way100(by(2024), value(2), rel(indicator.Times)), series: "2024:200",
			status: NotAssessed, reason: NoBaseline, closed: true},
		{name: "pending", target: way100(by(2024)), series: "2020:100 2023:199", status: OnTrack, pending: true, old: true},
		{name: "as-of period", target: way100(by(2024)), series: "2020:100 2023:195 2024:1", period: "2023", status: OnTrack},
		{name: "stale", target: way100(), series: "2010:100 2019:150", asOf: "2025-01-01", status: NotAssessed, reason: NoBaseline},
		{name: "stale with a baseline", target: way100(base(2010)), series: "2010:100 2018:190", status: NotAssessed, reason: Stale},
	}, "schedule", "cagr_ratio")
}

// TestReasonsInOrderFromBaseline lets a target have all reasons at once and takes
// them away one by one.
func TestReasonsInOrderFromBaseline(t *testing.T) {
	t.Parallel()
	all := func(change ...opt) *indicator.Target {
		return target(indicator.Reach, append([]opt{value(2), rel(indicator.Times), base(2016), counts(indicator.Cumulative),
			force("2030-01-01", ""), approximate()}, change...)...)
	}
	old := "2013:10 2017:10B"
	statement, hold, basis := all(), all(), all(force("", ""))
	statement.Kind = indicator.StatedOnly
	hold.Kind = indicator.Hold
	applied := *hold
	applied.InForceFrom = ""
	byMethods(t, []verdictCase{
		{name: "statement", target: statement, series: old, status: NotAssessed, reason: NoVerdictStatement},
		{name: "not in force", target: hold, series: old, status: NotAssessed, reason: NotInForce},
		{name: "method", target: &applied, series: old, status: NotAssessed, reason: MethodNotApplicable},
		{name: "basis", target: basis, series: old, status: NotAssessed, reason: DifferentBasis},
		{name: "baseline", target: all(force("", ""), counts("")), series: old, status: NotAssessed, reason: NoBaseline},
		{name: "zero baseline", target: all(force("", ""), counts(""), base(2016, 0)), series: old, status: NotAssessed, reason: ZeroBaseline},
		{name: "too few", target: all(force("", ""), counts(""), base(2016, 5)), status: NotAssessed, reason: TooFewReadings},
		{name: "break", target: all(force("", ""), counts(""), base(2016, 5)), series: old, status: NotAssessed, reason: SeriesBreak},
		{name: "stale", target: all(force("", ""), counts(""), base(2017)), series: "2017:10", status: NotAssessed, reason: Stale},
		{name: "no year", target: all(force("", ""), counts(""), base(2024)), series: "2024:10", status: NotAssessed, reason: NoYear},
		{name: "undefined", target: all(force("", ""), counts(""), base(2024), by(2030)), series: "2024:10", status: NotAssessed, reason: Undefined},
	}, "schedule", "cagr_ratio")
}

// TestAhead: 快于预期 from q = 1.05 on, beside on_track only.
func TestAhead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		series string
		ahead  bool
	}{
		{"2020:100 2024:142", true}, // 42/40
		{"2020:100 2024:141.999", false},
		{"2020:100 2024:200", false}, // achieved
		{"2020:100 2022:1B 2024:160", false},
	} {
		a := Schedule(verdictCase{target: way100(), series: c.series}.input(t))
		names := Marks(a)
		if marked := slices.Contains(names, indicator.T("快于预期", "ahead of schedule")); a.Ahead != c.ahead || marked != c.ahead {
			t.Errorf("%s: ahead %v, marks %v", c.series, a.Ahead, names)
		}
	}
}

func TestMilestones(t *testing.T) {
	t.Parallel()
	steps := func(list ...indicator.Milestone) opt {
		return func(t *indicator.Target) { t.Milestones = list }
	}
	m := func(year int, v float64) indicator.Milestone { return indicator.Milestone{Year: year, Value: v} }
	for _, c := range []struct {
		name string
		verdictCase
		states []MilestoneState
	}{
		{"each by the reading of its year", verdictCase{target: way100(steps(m(2021, 110), m(2022, 120), m(2023, 125), m(2025, 150))),
			series: "2020:100 2021:110 2022:119 2023:130B 2024:140"}, []MilestoneState{MilestoneMet, MilestoneMissed, MilestoneNotAssessed, MilestoneOpen}},
		{"a missing year stays open", verdictCase{target: way100(steps(m(2022, 120))), series: "2020:100 2024:140"}, []MilestoneState{MilestoneOpen}},
		{"the as-of period hides later ones", verdictCase{target: way100(steps(m(2021, 110), m(2022, 120))), series: "2020:100 2021:110 2022:119", period: "2021"},
			[]MilestoneState{MilestoneMet, MilestoneOpen}},
		{"downwards", verdictCase{target: way100(bound(indicator.AtMost), value(50), steps(m(2021, 90), m(2022, 80))), series: "2020:100 2021:91 2022:80"},
			[]MilestoneState{MilestoneMissed, MilestoneMet}},
		{"summed", verdictCase{target: way100(value(30), steps(m(2021, 3), m(2022, 7), m(2024, 9))), of: factories(indicator.New),
			series: "2021:3 2022:3 2024:3"}, []MilestoneState{MilestoneMet, MilestoneMissed, MilestoneNotAssessed}},
		{"about", verdictCase{target: way100(approximate(), bound(""), steps(m(2021, 3))), series: "2021:3"}, []MilestoneState{MilestoneNotAssessed}},
		{"different basis", verdictCase{target: way100(prices(indicator.ConstantPrice), steps(m(2021, 3))), series: "2021:3"}, []MilestoneState{MilestoneNotAssessed}},
		{"none", verdictCase{target: way100(), series: "2021:3"}, nil},
	} {
		for _, method := range Methods() {
			c.method = method.Name
			a := c.assess(t, c.input(t))
			var states []MilestoneState
			for i, v := range a.Milestones {
				states = append(states, v.State)
				if want := c.target.Milestones[i]; v.Year != want.Year || v.Value != want.Value {
					t.Errorf("%s by %s: milestone %d is %+v", c.name, method.Name, i, v)
				}
			}
			if !slices.Equal(states, c.states) {
				t.Errorf("%s by %s: %v, want %v", c.name, method.Name, states, c.states)
			}
		}
	}
}
