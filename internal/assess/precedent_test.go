package assess

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// sample reads one indicator of the 31 provinces from the sample that the
// product embeds; later files are later vintages.
func sample(t *testing.T, code string) []indicator.Series {
	t.Helper()
	files, err := filepath.Glob("../demo/data/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample: %v", err)
	}
	values := map[string]map[int]indicator.Point{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			if row[0] != code || row[1] == "000000" {
				continue
			}
			year, value := atoi(t, row[2]), number(t, row[3])
			if values[row[1]] == nil {
				values[row[1]] = map[int]indicator.Point{}
			}
			values[row[1]][year] = indicator.Point{Period: indicator.Year(year), Value: value, Status: indicator.Status(row[5])}
		}
	}
	var list []indicator.Series
	for region, years := range values {
		s := indicator.Series{Indicator: code, Region: region, Freq: indicator.Annual}
		for year := 1990; year < 2030; year++ {
			if p, ok := years[year]; ok {
				s.Points = append(s.Points, p)
			}
		}
		list = append(list, s)
	}
	return list
}

func atoi(t *testing.T, text string) int { return int(number(t, text)) }

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func of(region string, list []indicator.Series) indicator.Series {
	for _, s := range list {
		if s.Region == region {
			return s
		}
	}
	return indicator.Series{}
}

// TestPrecedentOfTheSample: of 279 windows since 2011, provinces grew R&D by
// ≥ 18 % a year in 23, by ≥ 7 % in 234.
func TestPrecedentOfTheSample(t *testing.T) {
	t.Parallel()
	provinces := sample(t, "rd_spend")
	for rate, reached := range map[float64]int{18: 23, 7: 234} {
		// Before the first reading of its years a rate needs just the rate.
		in := Input{Target: target(indicator.Grow, value(rate), from(2025), until(2030)), Indicator: spending(), Region: fujian,
			Series: of(fujian, provinces), AsOf: day("2025-12-31")}
		p, ok := FindPrecedent(in, Pace(in), provinces)
		if !ok || !p.Compound || p.Needed != rate || p.Windows != 279 || len(p.Reached) != reached {
			t.Fatalf("%v %%: %v, needed %v, %d of %d, want %d of 279", rate, ok, p.Needed, len(p.Reached), p.Windows, reached)
		}
		if p.Regions != 31 || p.Since != 2011 {
			t.Errorf("the windows are of %d regions since %d, want 31 since 2011", p.Regions, p.Since)
		}
		for i, w := range p.Reached {
			if w.Pace < rate || w.To-w.From != 5 || i > 0 && w.Pace > p.Reached[i-1].Pace {
				t.Errorf("%v %%: window %d is %+v", rate, i, w)
			}
		}
		if p.Best == nil || p.Best.Region != fujian {
			t.Errorf("best of %s: %+v", fujian, p.Best)
		}
	}
}

func TestPrecedent(t *testing.T) {
	t.Parallel()
	at := func(region, points string) indicator.Series {
		s := series(t, points)
		s.Region = region
		return s
	}
	falling := spending()
	falling.Direction = indicator.Down
	fresh := factories(indicator.New)
	for _, c := range []struct {
		name     string
		target   *indicator.Target
		of       *indicator.Indicator
		series   string
		peers    []indicator.Series
		needed   float64
		compound bool
		windows  int
		reached  []string // region and year
		best     float64
		start    int
	}{
		{name: "compound: 100 → 121 in two years is 10 %; own 1.61051^(1/5) is 10 %, 2^(1/5) 14.87 %", // 10 % is both needed and best: both years
			target: target(indicator.Reach, value(121), by(2026)), series: "2019:62.0921323 2024:100",
			peers:  []indicator.Series{at(zhejiang, "2015:10 2019:40 2020:20"), at("310000", "2018:100 2023:161"), at("320000", "2019:0 2024:9")},
			needed: 10, compound: true, windows: 3, reached: []string{zhejiang + " 2020", fujian + " 2024"}, best: 10, start: 2024},
		{name: "compound: at 20 % a year one of the two years will do: log 1.21 / log 1.2 = 1.05, so both; 1.2 does in one",
			target: target(indicator.Reach, value(120), by(2026)), series: "2019:40.1877572 2024:100",
			needed: (math.Sqrt(1.2) - 1) * 100, compound: true, windows: 1, reached: []string{fujian + " 2024"}, best: 20, start: 2025},
		{name: "points for a ratio: (3 − 2.2)/4 = 0.2 a year; own best (2.2 − 1.2)/5 = 0.2",
			target: target(indicator.Reach, value(3), by(2028)), of: share(), series: "2019:1.2 2023:2.3 2024:2.2",
			peers:  []indicator.Series{at(zhejiang, "2010:1 2015:2 2016:3B 2020:9 2021:9"), at(fujian, "2000:1 2005:100")},
			needed: 0.2, windows: 3, reached: []string{zhejiang + " 2021", zhejiang + " 2015", fujian + " 2024"}, best: 0.2, start: 2024},
		{name: "falling: 100 → 81 in two years is −10 %; windows of −10 % and below reach it",
			target: target(indicator.Reach, value(81), by(2026)), of: falling, series: "2018:100 2019:200 2023:59.049 2024:100",
			peers:  []indicator.Series{at(zhejiang, "2019:100 2024:59.05"), at("310000", "2019:100 2024:59")},
			needed: -10, compound: true, windows: 4, reached: []string{fujian + " 2024", "310000 2024", fujian + " 2023"}, best: (math.Pow(0.5, 0.2) - 1) * 100, start: 2024},
		{name: "own best no longer suffices: 2 % a year where 10 % is needed",
			target: target(indicator.Reach, value(121), by(2026)), series: "2019:90.5730810 2024:100",
			needed: 10, compound: true, windows: 1, best: 2},
		{name: "own best is a fall", target: target(indicator.Reach, value(121), by(2026)), series: "2019:200 2024:100",
			needed: 10, compound: true, windows: 1, best: (math.Pow(0.5, 0.2) - 1) * 100},
		{name: "summed figures: 30 more in 3 years is 10 a year; the best five years had 8 on average: no start; a peer had 12",
			target: target(indicator.Reach, value(70), by(2027), base(2019)), of: fresh, series: "2020:8 2021:8 2022:8 2023:8 2024:8",
			peers:  []indicator.Series{at(zhejiang, "2020:12 2021:12 2022:12 2023:12 2024:12"), at("310000", "2020:50 2024:50")},
			needed: 10, windows: 2, reached: []string{zhejiang + " 2024"}, best: 8},
		{name: "not positive: units a year", target: target(indicator.Reach, value(10), by(2026)), series: "2019:-10 2024:0",
			needed: 5, windows: 1, best: 2},
		{name: "grow: 10 % in 2021–2025, 133.1 after three years: 10 % from now on; best 10 % from 2020",
			target: target(indicator.Grow, value(10), from(2021), until(2026)), series: "2019:90.909090909 2020:100 2024:146.41",
			needed: 10, compound: true, windows: 1, reached: []string{fujian + " 2024"}, best: 10, start: 2024},
		{name: "a band from above: 33 → 30 by 2026 is −1.5 a year",
			target: target(indicator.Hold, value(30), within(1, false), until(2026)), of: share(), series: "2019:43 2024:33",
			needed: -1.5, windows: 1, reached: []string{fujian + " 2024"}, best: -2, start: 2024},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := verdictCase{target: c.target, of: c.of, series: c.series}.input(t)
			p, ok := FindPrecedent(in, Pace(in), c.peers)
			if !ok || !near(p.Needed, c.needed) || p.Compound != c.compound || p.Windows != c.windows || p.LastStart != c.start {
				t.Errorf("%v %+v", ok, p)
			}
			if p.Best == nil || !near(p.Best.Pace, c.best) || p.Best.Region != fujian {
				t.Errorf("best %+v, want %v", p.Best, c.best)
			}
			var reached []string
			for _, w := range p.Reached {
				reached = append(reached, w.Region+" "+strconv.Itoa(w.To))
			}
			if len(reached) != len(c.reached) {
				t.Fatalf("reached %v, want %v", p.Reached, c.reached)
			}
			for i := range reached {
				if reached[i] != c.reached[i] {
					t.Errorf("reached %v, want %v", p.Reached, c.reached)
				}
			}
		})
	}
}

func near(got, want float64) bool { return math.Abs(got-want) < 1e-6 }

// TestNoPrecedent: no pace is needed, or none can be told.
func TestNoPrecedent(t *testing.T) {
	t.Parallel()
	for _, c := range []verdictCase{
		{name: "met", target: up100(), series: "2019:50 2024:100"},
		{name: "closed", target: up100(by(2024)), series: "2019:50 2024:90"},
		{name: "no year", target: up100(by(0)), series: "2019:50 2024:90"},
		{name: "no reading", target: up100()},
		{name: "no baseline", target: up100(rel(indicator.Percent)), series: "2019:50 2024:90"},
		{name: "different basis", target: up100(prices(indicator.ConstantPrice)), series: "2019:50 2024:90"},
		{name: "about", target: target(indicator.Reach, value(100), by(2026), approximate()), series: "2019:50 2024:90"},
		{name: "within the tolerance", target: target(indicator.Reach, value(100), by(2026), within(10, false)), series: "2019:50 2024:90"},
		{name: "a direction", target: target(indicator.Directed, wants(indicator.Up), until(2030)), series: "2019:50 2024:90"},
		{name: "in its band", target: target(indicator.Hold, value(100), within(10, false), until(2030)), series: "2019:50 2024:90"},
		{name: "a band around a base year", target: target(indicator.Hold, base(2019), within(10, false), until(2030)), series: "2019:50 2024:90"},
		{name: "a rate without an end", target: target(indicator.Grow, value(7), from(2020)), series: "2019:50 2024:90"},
		{name: "a rate at other prices", target: target(indicator.Grow, value(7), from(2020), until(2030), prices(indicator.ConstantPrice)), series: "2019:50 2024:90"},
		{name: "a statement", target: target(indicator.StatedOnly), series: "2019:50 2024:90"},
	} {
		in := c.input(t)
		if p, ok := FindPrecedent(in, Pace(in), nil); ok {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
}
