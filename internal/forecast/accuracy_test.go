package forecast

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

// TestSelectionBeatsEveryFixedChoice: over generated worlds and the sample no
// single method errs less than the mixture does, and in none of them much less.
func TestSelectionBeatsEveryFixedChoice(t *testing.T) {
	t.Parallel()
	sums := make([]float64, len(methods))
	total := 0.0
	run := func(name string, series []Series, horizon, origins int) []float64 {
		report, err := Backtest(t.Context(), series, Options{Horizon: horizon, Level: 95}, origins)
		if err != nil {
			t.Fatal(err)
		}
		ours := relative(report.Overall, report.Methods[0])
		total += ours
		behind := make([]float64, len(methods))
		text := ""
		for m, s := range report.Methods {
			r := relative(s, report.Methods[0])
			sums[m] += r
			behind[m] = r - ours
			text += fmt.Sprintf(" %s %.1f", methods[m].name, r)
		}
		t.Logf("%s: sMAPE %.2f, MASE %.3f, relative %.1f;%s", name, report.Overall.SMAPE, report.Overall.MASE, ours, text)
		return behind
	}
	for _, w := range worlds {
		for m, behind := range run(w.name, w.series(21, 120), 6, 1) {
			if behind < -5 {
				t.Errorf("in the world %s %s is better by %.1f", w.name, methods[m].name, -behind)
			}
		}
	}
	for m, behind := range run("sample", sample(t), 3, 4) {
		// the regions of the sample have so much in common that to go on by their
		// shared growth is best of all; what knows one series only is worse
		if shared := strings.Contains(methods[m].name, "shared") || strings.Contains(methods[m].name, "mean growth"); behind < 0 && !shared {
			t.Errorf("on the sample %s is better by %.1f", methods[m].name, -behind)
		}
	}
	for m, sum := range sums {
		if sum <= total {
			t.Errorf("%s errs less overall: %.1f, the mixture %.1f", methods[m].name, sum, total)
		}
	}
}

// TestIntervalsCover: of what comes 93 to 97 % lies in the 95 % intervals, in
// company and, with more room for chance, alone.
func TestIntervalsCover(t *testing.T) {
	t.Parallel()
	var company, alone float64
	for _, w := range worlds {
		series := w.series(31, 120)
		report, err := Backtest(t.Context(), series, six, 1)
		if err != nil {
			t.Fatal(err)
		}
		company += report.Overall.Coverage / float64(len(worlds))
		single := newTally(six)
		for _, s := range series[:60] {
			one, err := Backtest(t.Context(), []Series{s}, six, 1)
			if err != nil {
				t.Fatal(err)
			}
			for i := range one.Trials {
				single.add(&one.Trials[i])
			}
		}
		score := single.overall.score()
		alone += score.Coverage / float64(len(worlds))
		t.Logf("%s: %.1f %% covered, MSIS %.1f; alone %.1f %%, %.1f", w.name, report.Overall.Coverage, report.Overall.MSIS, score.Coverage, score.MSIS)
		if c := report.Overall.Coverage; c < 91 || c > 99 {
			t.Errorf("in the world %s %.1f %% are covered", w.name, c)
		}
	}
	if company < 93 || company > 97 {
		t.Errorf("%.1f %% are covered", company)
	}
	if alone < 91 || alone > 97 {
		t.Errorf("%.1f %% are covered of series that are forecast alone", alone)
	}
	report, err := Backtest(t.Context(), sample(t), Options{Horizon: 3, Level: 95}, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("sample: %.1f %% covered", report.Overall.Coverage)
	if c := report.Overall.Coverage; c < 93 || c > 97 {
		t.Errorf("%.1f %% of the sample are covered", c)
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
