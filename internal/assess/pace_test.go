package assess

import (
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// up100 is a target of 100 by 2025 at least; readings end in 2024 at 90, so the
// way left is 10 and a projected 90+a misses by (10−a)/10.
func up100(change ...opt) *indicator.Target {
	return target(indicator.Reach, append([]opt{value(100), by(2025), bound(indicator.AtLeast)}, change...)...)
}

func TestPaceReach(t *testing.T) {
	t.Parallel()
	down := target(indicator.Reach, value(100), by(2025), bound(indicator.AtMost))
	run(t, []verdictCase{
		{name: "miss just below 5 %", target: up100(), points: line(90, 9.5001, 6), status: OnTrack},
		{name: "miss exactly 5 %", target: up100(), points: line(90, 9.5, 6), status: AtRisk},
		{name: "miss exactly 20 %", target: up100(), points: line(90, 8, 6), status: AtRisk},
		{name: "miss just above 20 %", target: up100(), points: line(90, 7.9999, 6), status: OffTrack},
		{name: "no progress", target: up100(), points: line(90, 0, 6), status: Reversing},
		{name: "wrong way", target: up100(), points: line(90, -1, 6), status: Reversing},
		{name: "downwards on track", target: down, points: line(110, -10, 6), status: OnTrack},
		{name: "downwards behind", target: down, points: line(110, -5, 6), status: OffTrack},
		{name: "downwards reversing", target: down, points: line(110, 1, 6), status: Reversing},
		{name: "met early", target: up100(), points: line(100, 1, 6), status: Achieved, early: true},
		{name: "met early, standing still", target: up100(), points: line(100, 0, 6), status: Achieved, early: true},
		{name: "at T and moving away", target: up100(), points: line(100, -1, 6), status: Reversing},
		{name: "met, worsening, still met at the end", target: up100(), points: line(120, -1, 6), status: OnTrack},
		{name: "met, worsening, will fall below", target: up100(), points: line(101, -2, 6), status: Reversing},
		{name: "rounded to 9 decimals: 0.1+0.2 meets 0.3", target: target(indicator.Reach, value(0.3), by(2024), bound(indicator.AtMost)),
			points: line(0.1+0.2, 0.1, 6), status: Achieved, closed: true},
		{name: "no year, met", target: up100(by(0)), series: "2024:100", status: Achieved},
		{name: "no year, met, worsening asks for no pace", target: up100(by(0)), points: line(100, -5, 6), status: Achieved},
		{name: "no year, not met", target: up100(by(0)), series: "2024:99", status: NotAssessed, reason: NoYear},
		{name: "no year, break does not matter", target: up100(by(0)), series: "2024:100B", status: Achieved},
		{name: "direction from the target", target: target(indicator.Reach, value(100), by(2024), wants(indicator.Down)),
			series: "2024:101", status: Missed, closed: true},
		{name: "direction from the indicator", target: target(indicator.Reach, value(100), by(2024)), series: "2024:101", status: Achieved, closed: true},
		{name: "a bound goes before the directions", target: target(indicator.Reach, value(100), by(2024), wants(indicator.Down), bound(indicator.AtLeast)),
			series: "2024:101", status: Achieved, closed: true},
		{name: "no direction at all", target: target(indicator.Reach, value(100), by(2024)), of: &indicator.Indicator{Unit: "%"},
			series: "2024:101", status: NotAssessed, reason: Undefined, closed: true},
		{name: "about, neither bound nor tolerance", target: target(indicator.Reach, value(3), by(2025), approximate()), of: share(),
			points: line(2.9, 0.1, 6), status: NotAssessed, reason: Undefined},
		{name: "about, no year, met", target: target(indicator.Reach, value(3), approximate()), of: share(),
			points: line(2.9, 0.1, 6), status: NotAssessed, reason: NoYear},
		{name: "about, with a bound", target: up100(approximate()), points: line(90, 10, 6), status: OnTrack},
		{name: "about, with a tolerance: the near edge suffices", target: target(indicator.Reach, value(10), by(2024), approximate(), within(10, true)),
			series: "2024:9", status: Achieved, closed: true},
		{name: "about, with a tolerance, below the near edge", target: target(indicator.Reach, value(10), by(2024), approximate(), within(10, true)),
			series: "2024:8.9", status: Missed, closed: true},
		{name: "y(t−5) missing where used", target: up100(), points: line(90, 10, 5), status: NotAssessed, reason: TooFewReadings},
		{name: "no readings", target: up100(), status: NotAssessed, reason: TooFewReadings},
		{name: "a withdrawn reading is none", target: up100(), series: "2019:50 2020:60 2024:-M", status: NotAssessed, reason: TooFewReadings, old: true},
		{name: "break at t−5 is outside the window", target: up100(), series: "2019:40B 2024:90", status: OnTrack},
		{name: "break at t−4", target: up100(), series: "2019:40 2020:50B 2024:90", status: NotAssessed, reason: SeriesBreak},
		{name: "break at t", target: up100(), series: "2019:40 2024:90B", status: NotAssessed, reason: SeriesBreak},
		{name: "value missing", target: target(indicator.Reach, by(2025)), points: line(1, 1, 6), status: NotAssessed, reason: Undefined},
	})
}

func TestPaceReachClosed(t *testing.T) {
	t.Parallel()
	by2020 := up100(by(2020), force("", "2020-12-31"))
	run(t, []verdictCase{
		{name: "reached without y(t−5)", target: by2020, series: "2020:100", status: Achieved, closed: true},
		{name: "short", target: by2020, series: "2020:99.9", status: Missed, closed: true},
		{name: "later readings do not matter", target: by2020, series: "2020:100 2021:50", status: Achieved, closed: true},
		{name: "stale does not matter", target: by2020, series: "2020:100", asOf: "2035-01-01", status: Achieved, closed: true},
		{name: "break before tT does not matter", target: by2020, series: "2019:10B 2020:100", status: Achieved, closed: true},
		{name: "break in tT", target: by2020, series: "2020:100B", status: NotAssessed, reason: SeriesBreak, closed: true},
		{name: "break after tT does not matter", target: by2020, series: "2020:100 2021:90B", status: Achieved, closed: true},
		{name: "before it was in force", target: up100(by(2020), force("2021-01-01", "")), series: "2020:100", asOf: "2020-12-31",
			status: NotAssessed, reason: NotInForce, closed: true},
		{name: "as-of period before tT opens it again", target: up100(by(2020)), series: "2014:40 2019:90 2020:100", period: "2019",
			status: OnTrack},
		{name: "pending: the last verdict stays", target: up100(by(2024)), series: "2018:40 2023:90", status: OnTrack, pending: true, old: true},
		{name: "later readings do not close it", target: up100(by(2023)), series: "2017:40 2022:90 2024:200", asOf: "2025-01-01",
			status: OnTrack, pending: true, old: true},
		{name: "not over on its last day", target: up100(), series: "2019:40 2024:90", asOf: "2025-12-31", status: OnTrack},
		{name: "over on the next", target: up100(), series: "2019:40 2024:90", asOf: "2026-01-01", status: OnTrack, pending: true, old: true},
		{name: "over at the end of the as-of period", target: up100(), series: "2019:40 2024:90", period: "2025", status: OnTrack, pending: true},
		{name: "not over in its third quarter", target: up100(), series: "2019:40 2024:90", period: "2025-Q3", status: OnTrack},
		{name: "pending and no longer in force", target: up100(by(2024), force("", "2024-12-31")), series: "2018:40 2023:90",
			status: NotAssessed, reason: NotInForce, old: true},
	})
}

func TestPaceReachRelativeAndSummed(t *testing.T) {
	t.Parallel()
	energy := share()
	energy.Direction = indicator.Down
	cut := func(change ...opt) *indicator.Target {
		return target(indicator.Reach, append([]opt{value(-13.5), by(2025), rel(indicator.Percent), base(2020)}, change...)...)
	}
	sum := func(change ...opt) *indicator.Target {
		return target(indicator.Reach, append([]opt{value(30), by(2024), counts(indicator.New), base(2020)}, change...)...)
	}
	fresh := factories(indicator.New)
	run(t, []verdictCase{
		{name: "percent reached", target: cut(), of: energy, series: "2020:100 2025:86.5", asOf: "2026-05-01", status: Achieved, closed: true},
		{name: "percent just missed", target: cut(), of: energy, series: "2020:100 2025:86.51", asOf: "2026-05-01", status: Missed, closed: true},
		{name: "times", target: target(indicator.Reach, value(2), by(2024), rel(indicator.Times), base(2020)), series: "2020:50 2024:100",
			status: Achieved, closed: true},
		{name: "no baseline reading", target: cut(), of: energy, series: "2025:80", asOf: "2026-05-01", status: NotAssessed, reason: NoBaseline, closed: true},
		{name: "no baseline at all", target: target(indicator.Reach, value(2), by(2024), rel(indicator.Times)), series: "2024:1",
			status: NotAssessed, reason: NoBaseline, closed: true},
		{name: "zero baseline", target: cut(), of: energy, series: "2020:0 2025:80", asOf: "2026-05-01", status: NotAssessed, reason: ZeroBaseline, closed: true},
		{name: "stated baseline goes before the reading", target: cut(base(2020, 200)), of: energy, series: "2020:100 2025:173", asOf: "2026-05-01",
			status: Achieved, closed: true},
		{name: "another region has its own baseline", target: cut(base(2020, 200)), of: energy, series: "2020:100 2025:173", asOf: "2026-05-01",
			region: zhejiang, status: Missed, closed: true},
		{name: "another region without one", target: cut(base(2020, 200)), of: energy, series: "2025:173", asOf: "2026-05-01",
			region: zhejiang, status: NotAssessed, reason: NoBaseline, closed: true},
		{name: "sum after t0 reached", target: sum(), of: fresh, series: "2020:99 2021:5 2022:5 2023:10 2024:10", status: Achieved, closed: true},
		{name: "sum after t0 short", target: sum(), of: fresh, series: "2020:99 2021:5 2022:5 2023:10 2024:9", status: Missed, closed: true},
		{name: "gap in the sum", target: sum(), of: fresh, series: "2021:50 2023:10 2024:10", status: NotAssessed, reason: TooFewReadings, closed: true},
		{name: "nothing after t0", target: sum(), of: fresh, series: "2019:50 2020:10", asOf: "2021-05-01", status: NotAssessed, reason: TooFewReadings},
		{name: "sum begins at t0 with nothing", target: sum(by(2030), value(115), base(2019)), of: fresh,
			series: "2020:10 2021:10 2022:10 2023:10 2024:10", status: AtRisk}, // 50 + 6·10 of 115
		{name: "no sum before t0", target: sum(by(2030), value(115)), of: fresh, series: "2019:9 2020:9 2021:10 2022:10 2023:10 2024:10",
			status: NotAssessed, reason: TooFewReadings},
		{name: "the indicator's way of counting is the default", target: sum(counts("")), of: fresh,
			series: "2021:5 2022:5 2023:10 2024:10", status: Achieved, closed: true},
		{name: "without a baseline year the year's own figure", target: target(indicator.Reach, value(10), by(2024), counts(indicator.New)), of: fresh,
			series: "2023:50 2024:9", status: Missed, closed: true},
	})
}

func TestPaceHold(t *testing.T) {
	t.Parallel()
	floor := target(indicator.Hold, value(3.5), bound(indicator.AtLeast), until(2030))
	ceiling := target(indicator.Hold, value(3.5), bound(indicator.AtMost))
	band := func(change ...opt) *indicator.Target {
		return target(indicator.Hold, append([]opt{base(2022), within(1, false), until(2030)}, change...)...)
	}
	run(t, []verdictCase{
		{name: "floor met, improving", target: floor, series: "2019:3.4 2024:3.5", status: OnTrack},
		{name: "floor met, standing", target: floor, series: "2019:3.5 2024:3.5", status: OnTrack},
		{name: "floor met, worsening", target: floor, series: "2019:3.7 2024:3.6", status: AtRisk},
		{name: "floor not met, improving", target: floor, series: "2019:3.3 2024:3.4", status: OffTrack},
		{name: "floor not met, standing", target: floor, series: "2019:3.4 2024:3.4", status: Reversing},
		{name: "floor not met, worsening", target: floor, series: "2019:3.5 2024:3.4", status: Reversing},
		{name: "ceiling met, worsening", target: ceiling, series: "2019:3.3 2024:3.4", status: AtRisk},
		{name: "ceiling not met, improving", target: ceiling, series: "2019:3.7 2024:3.6", status: OffTrack},
		{name: "own rule in its last year, never missed", target: target(indicator.Hold, value(3.5), bound(indicator.AtLeast), until(2024)),
			series: "2019:3.5 2024:3.4", status: Reversing, closed: true},
		{name: "own rule in its last year needs y(t−5)", target: target(indicator.Hold, value(3.5), bound(indicator.AtLeast), until(2024)),
			series: "2024:3.6", status: NotAssessed, reason: TooFewReadings, closed: true},
		{name: "band edge", target: band(), series: "2019:28.7 2022:27.7 2024:26.7", status: OnTrack},
		{name: "band just outside, was further", target: band(), series: "2019:29 2022:27.7 2024:26.69", status: OffTrack},
		{name: "band outside, was nearer", target: band(), series: "2019:28 2022:27.7 2024:26", status: Reversing},
		{name: "band met, worsening by a fifth of the tolerance", target: band(), series: "2019:27.7 2022:27.7 2024:27.9", status: AtRisk},
		{name: "band met, worsening by less", target: band(), series: "2019:27.7 2022:27.7 2024:27.899", status: OnTrack},
		{name: "band not met, improving by less than a fifth", target: band(), series: "2019:29.1 2022:27.7 2024:29", status: Reversing},
		{name: "band not met, improving by a fifth", target: band(), series: "2019:29.2 2022:27.7 2024:29", status: OffTrack},
		{name: "band without baseline", target: band(), series: "2019:29.2 2024:29", status: NotAssessed, reason: NoBaseline},
		{name: "band in per cent", target: band(within(5, true)), series: "2019:100 2022:100 2024:105", status: AtRisk},
		{name: "band in per cent, outside", target: band(within(5, true)), series: "2019:100 2022:100 2024:105.1", status: Reversing},
		{name: "band in per cent of zero", target: band(within(5, true)), series: "2019:1 2022:0 2024:1", status: NotAssessed, reason: ZeroBaseline},
		{name: "value goes before the baseline", target: band(value(30)), series: "2019:30 2022:20 2024:30", status: OnTrack},
		{name: "value without a baseline", target: target(indicator.Hold, value(30), within(1, false)), series: "2019:30 2024:30", status: OnTrack},
		{name: "break at t0 is outside", target: band(), series: "2019:27.7 2022:27.7B 2024:27.7", status: OnTrack},
		{name: "break after t0", target: band(), series: "2019:27.7 2022:27.7 2023:27B 2024:27.7", status: NotAssessed, reason: SeriesBreak},
		{name: "break before t0 within five years is outside", target: band(), series: "2019:27.7 2021:27B 2022:27.7 2024:27.7", status: OnTrack},
		{name: "break without t0: five years", target: target(indicator.Hold, value(30), within(1, false)), series: "2019:30 2020:30B 2024:30",
			status: NotAssessed, reason: SeriesBreak},
		{name: "y(t−5) missing", target: band(), series: "2022:27.7 2024:27.7", status: NotAssessed, reason: TooFewReadings},
		{name: "about a third", target: target(indicator.Hold, value(33.3), approximate(), until(2025)), series: "2019:33 2024:33",
			status: NotAssessed, reason: Undefined},
		{name: "a value without bound or band", target: target(indicator.Hold, value(33.3)), series: "2019:33 2024:33",
			status: NotAssessed, reason: Undefined},
	})
}

func TestPaceDirection(t *testing.T) {
	t.Parallel()
	up, down := target(indicator.Directed, wants(indicator.Up), until(2035)), target(indicator.Directed, wants(indicator.Down))
	run(t, []verdictCase{
		{name: "both right", target: up, series: "2019:1 2023:2 2024:3", status: OnTrack},
		{name: "average only", target: up, series: "2019:1 2023:4 2024:3", status: AtRisk},
		{name: "average right, no last change", target: up, series: "2019:1 2023:3 2024:3", status: AtRisk},
		{name: "last only", target: up, series: "2019:5 2023:2 2024:3", status: OffTrack},
		{name: "no average change, last right", target: up, series: "2019:3 2023:2 2024:3", status: OffTrack},
		{name: "neither", target: up, series: "2019:5 2023:4 2024:3", status: Reversing},
		{name: "no change at all", target: up, series: "2019:3 2023:3 2024:3", status: Reversing},
		{name: "down, both right", target: down, series: "2019:5 2023:4 2024:3", status: OnTrack},
		{name: "y(t−1) missing", target: up, series: "2019:1 2024:3", status: NotAssessed, reason: TooFewReadings},
		{name: "y(t−5) missing", target: up, series: "2023:1 2024:3", status: NotAssessed, reason: TooFewReadings},
		{name: "break", target: up, series: "2019:1 2022:2B 2023:2 2024:3", status: NotAssessed, reason: SeriesBreak},
		{name: "own rule in its last year", target: target(indicator.Directed, wants(indicator.Up), until(2024)), series: "2019:5 2023:4 2024:3 2025:9",
			asOf: "2026-05-01", status: Reversing, closed: true},
		{name: "without a direction", target: target(indicator.Directed), of: &indicator.Indicator{Unit: "家"}, series: "2019:1 2023:2 2024:3",
			status: NotAssessed, reason: Undefined},
	})
}

func TestPaceGrow(t *testing.T) {
	t.Parallel()
	plan := func(change ...opt) *indicator.Target {
		return target(indicator.Grow, append([]opt{value(10), from(2021), until(2025), bound(indicator.AtLeast)}, change...)...)
	}
	rates := share()
	rates.Measure = indicator.Growth
	fractions := &indicator.Indicator{Unit: "1", Measure: indicator.Growth, Direction: indicator.Up}
	run(t, []verdictCase{
		{name: "faster, never achieved early", target: plan(), series: "2020:100 2024:200", status: OnTrack},
		{name: "one year: miss just below 5 %", target: plan(), series: "2020:100 2021:109.5001", asOf: "2022-05-01", status: OnTrack},
		{name: "one year: miss exactly 5 %", target: plan(), series: "2020:100 2021:109.5", asOf: "2022-05-01", status: AtRisk},
		{name: "one year: miss exactly 20 %", target: plan(), series: "2020:100 2021:108", asOf: "2022-05-01", status: AtRisk},
		{name: "one year: miss just above 20 %", target: plan(), series: "2020:100 2021:107.999", asOf: "2022-05-01", status: OffTrack},
		{name: "no growth", target: plan(), series: "2020:100 2021:100", asOf: "2022-05-01", status: Reversing},
		{name: "shrinking", target: plan(), series: "2020:100 2021:99", asOf: "2022-05-01", status: Reversing},
		{name: "last year met exactly", target: plan(), series: "2020:100 2025:161.051", asOf: "2026-05-01", status: Achieved, closed: true},
		{name: "last year short", target: plan(), series: "2020:100 2025:161", asOf: "2026-05-01", status: Missed, closed: true},
		{name: "over without the last reading: not achieved", target: plan(), series: "2020:100 2024:200", asOf: "2026-05-01",
			status: OnTrack, pending: true, old: true},
		{name: "base year is the latest", target: plan(), series: "2019:90 2020:100", asOf: "2021-05-01", status: NotAssessed, reason: TooFewReadings},
		{name: "base year not out: no_baseline comes first", target: plan(from(2026), until(2030)), series: "2023:90 2024:100",
			status: NotAssessed, reason: NoBaseline},
		{name: "base year zero", target: plan(), series: "2020:0 2024:100", status: NotAssessed, reason: NoBaseline},
		{name: "base year negative", target: plan(), series: "2020:-5 2024:100", status: NotAssessed, reason: NoBaseline},
		{name: "from plus to minus", target: plan(), series: "2020:5 2024:-100", status: NotAssessed, reason: Undefined},
		{name: "break in the base year is outside", target: plan(), series: "2020:100B 2024:200", status: OnTrack},
		{name: "break in from", target: plan(), series: "2020:100 2021:120B 2024:200", status: NotAssessed, reason: SeriesBreak},
		{name: "rate 0", target: plan(value(0)), series: "2020:100 2024:200", status: NotAssessed, reason: Undefined},
		{name: "falling by 3 % a year", target: target(indicator.Grow, value(-3), from(2021), bound(indicator.AtMost)), series: "2020:100 2021:96",
			asOf: "2022-05-01", status: OnTrack},
		{name: "constant prices on current ones", target: plan(prices(indicator.ConstantPrice)), series: "2020:100 2024:200",
			status: NotAssessed, reason: DifferentBasis},
		{name: "growth measure: mean of rates, no base year", target: plan(until(2023)), of: rates, series: "2021:10 2022:10 2023:10", status: Achieved, closed: true},
		{name: "growth measure: short", target: plan(until(2023)), of: rates, series: "2021:20 2022:10 2023:0", status: Missed, closed: true},
		{name: "growth measure in fractions", target: plan(until(2022)), of: fractions, series: "2021:0.1 2022:0.1", status: Achieved, closed: true},
		{name: "growth measure: missing year", target: plan(), of: rates, series: "2021:10 2023:10", asOf: "2024-05-01", status: NotAssessed, reason: TooFewReadings},
		{name: "growth measure: before from", target: plan(), of: rates, series: "2020:10", asOf: "2021-05-01", status: NotAssessed, reason: TooFewReadings},
		{name: "growth measure: fall by all", target: plan(), of: rates, series: "2021:-100", asOf: "2022-05-01", status: NotAssessed, reason: Undefined},
	})
}

// TestReasonsInOrder lets a target have all reasons at once and takes them away
// one by one; each time the next must come to light.
func TestReasonsInOrder(t *testing.T) {
	t.Parallel()
	old := "2012:10B 2013:10B 2017:10B"
	all := func(change ...opt) *indicator.Target {
		return target(indicator.Reach, append([]opt{value(2), rel(indicator.Times), base(2016), counts(indicator.Cumulative),
			force("2030-01-01", ""), approximate()}, change...)...)
	}
	statement := all()
	statement.Kind = indicator.StatedOnly
	odd := all(force("", ""))
	odd.Kind = "odd"
	run(t, []verdictCase{
		{name: "statement", target: statement, series: old, status: NotAssessed, reason: NoVerdictStatement, old: false},
		{name: "not in force", target: all(), series: old, status: NotAssessed, reason: NotInForce},
		{name: "method", target: odd, series: old, status: NotAssessed, reason: MethodNotApplicable},
		{name: "basis", target: all(force("", "")), series: old, status: NotAssessed, reason: DifferentBasis},
		{name: "baseline", target: all(force("", ""), counts("")), series: old, status: NotAssessed, reason: NoBaseline},
		{name: "zero baseline", target: all(force("", ""), counts(""), base(2016, 0)), series: old, status: NotAssessed, reason: ZeroBaseline},
		{name: "too few", target: up100(), series: old[:8], status: NotAssessed, reason: TooFewReadings},
		{name: "break", target: up100(), series: old, status: NotAssessed, reason: SeriesBreak},
		{name: "stale", target: all(force("", ""), counts(""), base(2017)), series: "2017:10", status: NotAssessed, reason: Stale},
		{name: "no year", target: all(force("", ""), counts(""), base(2024)), series: "2024:10", status: NotAssessed, reason: NoYear},
		{name: "undefined", target: all(force("", ""), counts(""), base(2024), by(2030)), series: "2024:10", status: NotAssessed, reason: Undefined},
	})
}

func TestStaleAndForce(t *testing.T) {
	t.Parallel()
	run(t, []verdictCase{
		{name: "five years is a mark", target: up100(by(2030)), series: "2015:1 2020:90", asOf: "2025-12-31", status: OnTrack, old: true},
		{name: "six is stale", target: up100(by(2030)), series: "2015:1 2020:90", asOf: "2026-01-01", status: NotAssessed, reason: Stale},
		{name: "one year is no mark", target: up100(by(2030)), series: "2019:1 2024:90", status: OnTrack},
		{name: "as-of period takes the year", target: up100(by(2030)), series: "2015:1 2020:90", asOf: "2030-01-01", period: "2025", status: OnTrack, old: true},
		{name: "as-of quarter ends before the year's reading", target: up100(by(2030)), series: "2018:1 2023:90 2024:0", period: "2024-Q3", status: OnTrack},
		{name: "first day in force", target: up100(force("2025-06-30", "2025-06-30")), series: "2019:40 2024:90", status: OnTrack},
		{name: "day before", target: up100(force("2025-07-01", "")), series: "2019:40 2024:90", status: NotAssessed, reason: NotInForce},
		{name: "day after", target: up100(force("", "2025-06-29")), series: "2019:40 2024:90", status: NotAssessed, reason: NotInForce},
		{name: "asked at the end of the as-of period", target: up100(force("2024-12-31", "2024-12-31")), series: "2019:40 2024:90", period: "2024", status: OnTrack},
		{name: "same way of counting", target: up100(counts(indicator.InForce)), of: factories(indicator.InForce), series: "2019:40 2024:90", status: OnTrack},
		{name: "other way of counting", target: up100(counts(indicator.Cumulative)), of: factories(indicator.InForce), series: "2019:40 2024:90",
			status: NotAssessed, reason: DifferentBasis},
		{name: "same prices", target: up100(prices(indicator.CurrentPrice)), series: "2019:40 2024:90", status: OnTrack},
	})
}
