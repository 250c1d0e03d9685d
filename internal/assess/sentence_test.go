package assess

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

var update = flag.Bool("update", false, "rewrite golden files")

func sentenceCases(t *testing.T) []verdictCase {
	t.Helper()
	rd := "2019:753.7 2020:842.4 2021:968.7 2022:1082.1 2023:1171.7 2024:1271.6"
	intensity := "2019:1.78 2020:1.92 2021:1.98 2022:2.04 2023:2.16 2024:2.20"
	energy := &indicator.Indicator{Name: indicator.T("单位工业增加值能耗", "energy per unit of industrial value added"), Unit: "吨标准煤/万元",
		Decimals: 3, Direction: indicator.Down, Measure: indicator.Ratio}
	return []verdictCase{
		{name: "reach on track", target: target(indicator.Reach, value(1300), by(2025), bound(indicator.AtLeast)), series: rd},
		{name: "reach at risk", target: target(indicator.Reach, value(1400), by(2025), bound(indicator.AtLeast)), series: rd},
		{name: "reach off track", target: target(indicator.Reach, value(3), by(2030)), of: share(), series: intensity},
		{name: "reach reversing", target: target(indicator.Reach, value(3), by(2030)), of: share(), series: "2019:2.3 2024:2.2"},
		{name: "reach early", target: target(indicator.Reach, value(2), by(2025)), of: share(), series: intensity},
		{name: "reach pending", target: target(indicator.Reach, value(1300), by(2025)), series: rd, asOf: "2026-03-01"},
		{name: "reach missed", target: target(indicator.Reach, value(300), by(2024), bound(indicator.AtLeast)), of: factories(indicator.InForce), series: "2024:285"},
		{name: "reach achieved", target: target(indicator.Reach, value(300), by(2024), bound(indicator.AtLeast)), of: factories(indicator.InForce), series: "2024:1310"},
		{name: "reach down, relative", target: target(indicator.Reach, value(-13.5), by(2025), rel(indicator.Percent), base(2020)), of: energy,
			series: "2019:0.6 2020:0.58 2024:0.52"},
		{name: "reach times", target: target(indicator.Reach, value(2), by(2035), rel(indicator.Times), base(2020)), series: rd},
		{name: "reach summed", target: target(indicator.Reach, value(40), by(2026), base(2019)), of: factories(indicator.New),
			series: "2020:3 2021:5 2022:5 2023:10 2024:12"},
		{name: "hold bound met", target: target(indicator.Hold, value(2), bound(indicator.AtLeast)), of: share(), series: intensity},
		{name: "hold bound short", target: target(indicator.Hold, value(2.5), bound(indicator.AtLeast)), of: share(), series: intensity},
		{name: "hold band met", target: target(indicator.Hold, base(2022), within(1, false)), of: share(), series: intensity},
		{name: "hold band over a break at its base year", target: target(indicator.Hold, base(2022), within(1, false)), of: share(),
			series: "2017:29.3 2022:27.7B"},
		{name: "hold band outside", target: target(indicator.Hold, value(1), within(5, true)), of: share(), series: intensity},
		{name: "direction on track", target: target(indicator.Directed, wants(indicator.Up)), series: rd},
		{name: "direction down", target: target(indicator.Directed, wants(indicator.Down)), of: energy, series: "2019:0.6 2023:0.5 2024:0.5"},
		{name: "grow on track", target: target(indicator.Grow, value(7), from(2021), until(2025)), series: rd},
		{name: "grow behind", target: target(indicator.Grow, value(18), from(2021), until(2025)), series: rd},
		{name: "grow first year", target: target(indicator.Grow, value(7), from(2024), until(2030)), series: rd},
		{name: "grow missed", target: target(indicator.Grow, value(18), from(2021), until(2024)), series: rd},
		{name: "no reading", target: target(indicator.Directed, wants(indicator.Up))},
		{name: "statement", target: target(indicator.StatedOnly), series: rd},
		{name: "not yet in force", target: up100(force("2026-03-05", "")), series: rd},
		{name: "no longer in force", target: up100(by(2030), force("", "2020-12-31")), series: rd},
		{name: "different counting", target: up100(counts(indicator.Cumulative)), of: factories(indicator.InForce), series: "2024:85"},
		{name: "different prices", target: target(indicator.Grow, value(7), from(2021), prices(indicator.ConstantPrice)), series: rd},
		{name: "no baseline", target: target(indicator.Hold, base(2018), within(1, false)), of: share(), series: intensity},
		{name: "grow before its years", target: target(indicator.Grow, value(7), from(2026), until(2030)), series: rd},
		{name: "grow base year only", target: target(indicator.Grow, value(7), from(2025), until(2030)), series: rd},
		{name: "zero baseline", target: target(indicator.Reach, value(2), by(2035), rel(indicator.Times), base(2020, 0)), series: rd},
		{name: "missing years", target: target(indicator.Directed, wants(indicator.Up)), series: "2024:1"},
		{name: "one missing year", target: up100(), series: "2023:1 2024:2"},
		{name: "break", target: up100(), series: "2019:1 2022:2B 2024:3"},
		{name: "stale", target: up100(by(2030)), series: "2013:1 2018:2"},
		{name: "no year", target: up100(by(0)), series: "2024:99.5"},
		{name: "no year, no value", target: target(indicator.Reach), series: "2024:99.5"},
		{name: "no year, about", target: target(indicator.Reach, value(99), approximate()), series: "2024:99.5"},
		{name: "about", target: target(indicator.Hold, value(33.3), approximate()), of: share(), series: "2024:31.7"},
	}
}

// baselineSentenceCases are those of the methods that count from a baseline.
func baselineSentenceCases() []verdictCase {
	rd := "2020:842.4 2021:968.7 2022:1082.1 2023:1171.7 2024:1271.6"
	intensity := "2020:1.92 2021:1.98 2022:2.04 2023:2.16 2024:2.20"
	double := target(indicator.Reach, value(2), by(2035), rel(indicator.Times), base(2020))
	three := func(change ...opt) *indicator.Target {
		return target(indicator.Reach, append([]opt{value(3), by(2030), bound(indicator.AtLeast), base(2020)}, change...)...)
	}
	energy := &indicator.Indicator{Name: indicator.T("单位工业增加值能耗", "energy per unit of industrial value added"), Unit: "吨标准煤/万元",
		Decimals: 3, Direction: indicator.Down, Measure: indicator.Ratio}
	less := target(indicator.Reach, value(-13.5), by(2025), rel(indicator.Percent), base(2020))
	sum := target(indicator.Reach, value(40), by(2026), base(2019))
	added := "2020:3 2021:5 2022:5 2023:6 2024:8"
	both := []verdictCase{
		{name: "ahead", target: double, series: rd},
		{name: "behind", target: three(), of: share(), series: intensity},
		{name: "away", target: three(), of: share(), series: "2020:2.3 2024:2.2"},
		{name: "standing", target: three(), of: share(), series: "2020:2.2 2024:2.2"},
		{name: "down", target: less, of: energy, series: "2020:0.6 2024:0.54"},
		{name: "pending", target: three(by(2024)), of: share(), series: "2020:1.92 2023:2.8"},
		{name: "summed", target: sum, of: factories(indicator.New), series: added},
		{name: "early", target: three(value(2)), of: share(), series: intensity},
		{name: "missed", target: three(by(2024)), of: share(), series: intensity},
		{name: "no baseline", target: target(indicator.Reach, value(3), by(2030)), of: share(), series: intensity},
		{name: "no reading of the base year", target: three(base(2019)), of: share(), series: intensity},
		{name: "no reading since the base year", target: three(base(2024)), of: share(), series: intensity},
		{name: "no way up", target: three(base(2020, 3.5)), of: share(), series: intensity},
		{name: "below zero", target: target(indicator.Reach, value(-50), by(2028), base(2020)), series: "2020:-100 2024:-70"},
		{name: "across zero", target: target(indicator.Reach, value(50), by(2028), base(2020)), series: "2020:-100 2024:-70"},
		{name: "break", target: three(), of: share(), series: "2020:1.92 2022:2.04B 2024:2.2"},
		{name: "not applicable", target: target(indicator.Grow, value(7), from(2021)), series: rd},
	}
	var all []verdictCase
	for _, method := range []string{"schedule", "cagr_ratio"} {
		for _, c := range both {
			c.name, c.method = method+" "+c.name, method
			all = append(all, c)
		}
	}
	return all
}

func TestSentences(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range slices.Concat(sentenceCases(t), baselineSentenceCases()) {
		in := c.input(t)
		a := c.assess(t, in)
		s := Sentence(a, in)
		fmt.Fprintf(&b, "# %s: %s %s\n%s\n%s\n\n", c.name, a.Status, a.Reason, s.ZH, s.EN)
		if strings.ContainsAny(s.ZH+s.EN, "!！") || strings.Contains(s.ZH+s.EN, "%!") {
			t.Errorf("%s: %s %s", c.name, s.ZH, s.EN)
		}
	}
	path := filepath.Join("testdata", "sentences.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("sentences changed; look at the difference, then run with -update:\n%s", got)
	}
}

func TestNumberText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n      Number
		of     *indicator.Indicator
		zh, en string
	}{
		{Number{"a", 0.0624}, share(), "0.06个百分点/年", "0.06 percentage points a year"},
		{Number{"a", -12.4}, factories(""), "−12.4家/年", "−12.4 enterprises a year"},
		{Number{"yt", 1171.7}, spending(), "1,171.7亿元", "117.17 billion yuan"},
		{Number{"yt", 66}, &indicator.Indicator{Unit: "个"}, "66个", "66"},
		{Number{"t", 2024}, spending(), "2024年", "2024"},
		{Number{"miss", 0.2}, spending(), "20.0%", "20.0%"},
		{Number{"g", 8.114}, spending(), "8.11%", "8.11%"},
		{Number{"d", -1}, spending(), "−1", "−1"},
		{Number{"e", 0.001}, share(), "不足0.01个百分点", "less than 0.01 percentage points"},
	} {
		if zh, en := NumberText(c.n, c.of, indicator.ZH), NumberText(c.n, c.of, indicator.EN); zh != c.zh || en != c.en {
			t.Errorf("%s %v: %q %q, want %q %q", c.n.Name, c.n.Value, zh, en, c.zh, c.en)
		}
	}
}
