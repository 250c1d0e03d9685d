package forecast

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// relative is an error over that of the naive forecast, per cent, both measures
// counting the same.
func relative(s, naive Score) float64 { return 50*s.SMAPE/naive.SMAPE + 50*s.MASE/naive.MASE }

// sample is the readings of internal/demo that are no made-up example: for each
// indicator and region the latest vintage, with its breaks.
func sample(t *testing.T) []Series {
	t.Helper()
	files, err := filepath.Glob("../demo/data/[0-2]*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample: %v", err)
	}
	values := map[string]map[int]Point{}
	var names []string
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n")[1:] {
			cells := strings.Split(strings.TrimSpace(line), ",")
			year, errYear := strconv.Atoi(cells[2])
			value, errValue := strconv.ParseFloat(cells[3], 64)
			if errYear != nil || errValue != nil {
				continue // months, and marks without a value
			}
			name := cells[0] + "/" + cells[1]
			if values[name] == nil {
				values[name] = map[int]Point{}
				names = append(names, name)
			}
			values[name][year] = Point{year, value, cells[5] == "B"}
		}
	}
	var list []Series
	for _, name := range names {
		var s Series
		for year := 1990; year < 2030; year++ {
			if p, ok := values[name][year]; ok {
				s.Points = append(s.Points, p)
			}
		}
		list = append(list, s)
	}
	return list
}

// seeds are those of the pools of series that are drawn from each world.
var seeds = []uint64{21, 22, 23}

// errs are relative errors: of the mixture, and of each method alone.
type errs struct {
	ours  float64
	fixed []float64
}

func (e *errs) add(ours float64, fixed []float64, part float64) {
	if e.fixed == nil {
		e.fixed = make([]float64, len(methods))
	}
	e.ours += part * ours
	for m, f := range fixed {
		e.fixed[m] += part * f
	}
}

// best is the method that errs least.
func (e *errs) best() (name string, err float64) {
	err = math.Inf(1)
	for m, f := range e.fixed {
		if f < err {
			name, err = methods[m].name, f
		}
	}
	return name, err
}

// outcome is what backtests of the pools of one kind say.
type outcome struct {
	name    string
	reports []Report
}

var (
	once     sync.Once
	outcomes []outcome
)

// play backtests every world and, last, the sample: once for all tests.
func play(t *testing.T) []outcome {
	t.Helper()
	backtest := func(series []Series, horizon, origins int) Report {
		report, err := Backtest(context.Background(), series, Options{Horizon: horizon, Level: 95}, origins)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	once.Do(func() {
		for _, w := range worlds {
			o := outcome{name: w.name}
			for _, seed := range seeds {
				o.reports = append(o.reports, backtest(w.series(seed, 120), 6, 1))
			}
			outcomes = append(outcomes, o)
		}
		outcomes = append(outcomes, outcome{"sample", []Report{backtest(sample(t), 3, 4)}})
	})
	if len(outcomes) != len(worlds)+1 {
		t.Fatal("the backtests failed, see the other tests")
	}
	return outcomes
}

// relative is the relative errors over the reports.
func (o outcome) relative() *errs {
	e := &errs{}
	for _, report := range o.reports {
		fixed := make([]float64, len(methods))
		for m, s := range report.Methods {
			fixed[m] = relative(s, report.Methods[0])
		}
		e.add(relative(report.Overall, report.Methods[0]), fixed, 1/float64(len(o.reports)))
	}
	return e
}

// TestSelectionBeatsEveryFixedChoice: over the sample and all generated worlds
// together no single method errs less than the mixture does, though it may be a
// little better in one of them, where the mixture cannot know that.
func TestSelectionBeatsEveryFixedChoice(t *testing.T) {
	t.Parallel()
	overall := &errs{}
	for _, o := range play(t) {
		e := o.relative()
		best, err := e.best()
		t.Logf("%s: %.1f, best of all methods %s %.1f", o.name, e.ours, best, err)
		if e.ours > err+2.5 {
			t.Errorf("%s: %s is better by %.1f", o.name, best, e.ours-err)
		}
		overall.add(e.ours, e.fixed, 1/float64(len(worlds)+1))
	}
	best, err := overall.best()
	t.Logf("overall: %.2f, best of all methods %s %.2f", overall.ours, best, err)
	if overall.ours >= err {
		t.Errorf("%s errs less overall: %.2f, the mixture %.2f", best, err, overall.ours)
	}
}

// TestWhatIsCommonIsShared: series that differ by chance alone are drawn to their
// common growth, those that have each their own are not.
func TestWhatIsCommonIsShared(t *testing.T) {
	t.Parallel()
	weight := func(apart float64) float64 {
		r := newRand(5)
		var histories []history
		for range 60 {
			p := path{growth: 0.05 + apart*r.NormFloat64(), shock: 0.05}
			histories = append(histories, newHistory(yearly(p.values(r, 12))))
		}
		var weights []float64
		for _, u := range shared(histories) {
			weights = append(weights, u.weight)
		}
		return middle(slices.Sorted(slices.Values(weights)))
	}
	if alike, apart := weight(0), weight(0.1); alike < 20 || apart > 5 {
		t.Errorf("the usual growth counts for %.1f changes of series that are alike, for %.1f where they are not", alike, apart)
	}
}

// TestOneCollapseSpoilsNoPool: a series that loses nine tenths of its value year
// by year leaves the forecasts of the others as they are, nearly.
func TestOneCollapseSpoilsNoPool(t *testing.T) {
	t.Parallel()
	series := worlds[0].series(8, 60)
	fallen := make([]float64, 30)
	for i := range fallen {
		fallen[i] = 1e4 * math.Pow(0.1, float64(max(i-8, 0)))
	}
	want := ask(t, six, series...)
	for i, f := range ask(t, six, append(slices.Clone(series), yearly(fallen))...) {
		for k, s := range f.Steps {
			if !(s.Lower <= s.Mean && s.Mean <= s.Upper) {
				t.Fatalf("series %d step %d: %v", i, k+1, s)
			}
			if i < len(want) && math.Abs(s.Mean-want[i].Steps[k].Mean) > want[i].Steps[k].Upper-want[i].Steps[k].Lower {
				t.Errorf("series %d step %d: %v, without the collapse %v", i, k+1, s, want[i].Steps[k])
			}
		}
	}
}

// TestIntervalsCover: of what comes 93 to 97 % lies in the 95 % intervals, and
// about 80 % in those of 80 %, in company and, with more room, alone. In one world
// chance needs room, too: from three pools to the next three its coverage moves by
// up to four points.
func TestIntervalsCover(t *testing.T) {
	t.Parallel()
	company, alone := cover{}, cover{}
	for _, o := range play(t) {
		for _, report := range o.reports {
			company.count(o.name, report)
		}
	}
	for _, w := range worlds {
		for _, s := range w.series(31, 40) {
			report, err := Backtest(t.Context(), []Series{s}, six, 1)
			if err != nil {
				t.Fatal(err)
			}
			alone.count(w.name+" alone", report)
		}
	}
	company.check(t, 3.5, 2)
	alone.check(t, 5, 3)
}

// cover counts by name the values that were forecast, those inside the 95 %
// intervals, and those inside the 80 % intervals.
type cover map[string][3]float64

func (c cover) count(name string, r Report) {
	n := c[name]
	for _, trial := range r.Trials {
		for k, y := range trial.Actual {
			s := trial.Forecast.Steps[k]
			if math.IsNaN(y) {
				continue
			}
			n[0]++
			if s.Lower <= y && y <= s.Upper {
				n[1]++
			}
			if p := s.AtMost(y); 0.1 <= p && p <= 0.9 {
				n[2]++
			}
		}
	}
	c[name] = n
}

// check says where the 95 % intervals cover more or less by each, those of 80 % by
// twice that, and where all together do so by all.
func (c cover) check(t *testing.T, each, all float64) {
	t.Helper()
	var wide, narrow float64
	for name, n := range c {
		w, n := 100*n[1]/n[0], 100*n[2]/n[0]
		t.Logf("%s: %.1f and %.1f %% covered", name, w, n)
		if math.Abs(w-95) > each || math.Abs(n-80) > 2*each {
			t.Errorf("%s: %.1f and %.1f %% covered", name, w, n)
		}
		wide, narrow = wide+w/float64(len(c)), narrow+n/float64(len(c))
	}
	if math.Abs(wide-95) > all || math.Abs(narrow-80) > 2*all {
		t.Errorf("%.1f and %.1f %% covered", wide, narrow)
	}
}

// BenchmarkAll is 10,000 yearly series of 30 values, six years ahead.
func BenchmarkAll(b *testing.B) {
	var series []Series
	for i := range 10_000 {
		series = append(series, yearly(macro(newRand(uint64(i))).values(newRand(uint64(i)), 30)))
	}
	for b.Loop() {
		if _, err := All(b.Context(), series, six); err != nil {
			b.Fatal(err)
		}
	}
}
