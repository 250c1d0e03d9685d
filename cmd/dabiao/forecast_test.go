package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

// golden compares word by word; numbers may differ as much as processors do.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,:\n\"{}", r) })
	}
	want, have := split(string(content)), split(got)
	same := len(want) == len(have)
	for i := 0; same && i < len(want); i++ {
		a, errA := strconv.ParseFloat(want[i], 64)
		b, errB := strconv.ParseFloat(have[i], 64)
		same = want[i] == have[i] || errA == nil && errB == nil && math.Abs(a-b) <= 1e-5*math.Abs(a)
	}
	if !same {
		t.Errorf("%s differs, have\n%s", name, got)
	}
}

const forecastInput = "testdata/forecast/in.csv"

func TestForecastGolden(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "never")
	golden(t, "forecast/out.csv", dabiao(t, dir, "forecast", forecastInput, "--horizon", "3").want(t, exitDone).out)
	golden(t, "forecast/out.json", dabiao(t, dir, "forecast", forecastInput, "--horizon", "2", "--level", "80", "--format", "json").want(t, exitDone).out)
	golden(t, "forecast/backtest.en.txt", dabiao(t, dir, "forecast", forecastInput, "--horizon", "2", "--backtest").want(t, exitDone).out)
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"forecast", forecastInput, "--lang", "zh", "--horizon", "2", "--origins", "3", "--backtest"}, nil, &out, &errOut, someDay)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, errOut.String())
	}
	golden(t, "forecast/backtest.zh.txt", out.String())
	if _, err := os.Stat(dir); err == nil {
		t.Error("a forecast needs no data directory, yet there is one")
	}
}

func TestBacktestJSON(t *testing.T) {
	t.Parallel()
	out := dabiao(t, t.TempDir(), "forecast", forecastInput, "--horizon", "3", "--backtest", "--json").want(t, exitDone).out
	var report reportJSON
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Series) != 2 || len(report.Skipped) != 1 || report.Skipped[0] != "绿色工厂" || report.Overall.N != 5 { // one of the six has no value
		t.Fatalf("%d series, skipped %v, %d values", len(report.Series), report.Skipped, report.Overall.N)
	}
	first := report.Series[0]
	if first.Series != "研发经费" || first.Origin != "2020" || len(first.Steps) != 3 || *first.Steps[2].Actual != 1171.7 || first.Steps[2].Period != "2023" {
		t.Errorf("first trial: %+v", first)
	}
	sum := 0.0
	for _, step := range first.Steps {
		sum += 200 * math.Abs(*step.Actual-step.Mean) / (*step.Actual + step.Mean)
	}
	if math.Abs(sum/3-*first.Score.SMAPE) > 1e-9 {
		t.Errorf("sMAPE %v, its steps say %v", *first.Score.SMAPE, sum/3)
	}
}

func TestForecastPeriodsAndColumns(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input string
		args  []string
		says  []string
	}{
		"quarters":          {"id,ds,y\na,2023Q3,1\na,2023-Q4,2\n", nil, []string{"a,2024-Q1,"}},
		"months":            {"Unique_ID,Time,Value\na,2023-11,1\na,2023-12,2\n", nil, []string{"a,2024-01,", "a,2024-06,"}},
		"numbers":           {"\ufeffseries,t,value\na,1,5\na,2,6\n", nil, []string{"a,3,"}},
		"years as text":     {"series,period,value\na,2020年,5\na,2021.0,6\n", nil, []string{"a,2022,"}},
		"indicator, region": {"indicator,region,period,value\nrd,350000,2020,5\n", nil, []string{"rd/350000,2021,5,"}},
		"GB18030":           {"\xd0\xf2\xc1\xd0,\xc4\xea\xb7\xdd,\xca\xfd\xd6\xb5\na,2020,5\n", nil, []string{"a,2021,5,"}},
		"extra columns":     {"note,series,period,value\n\"a, b\",a,2020,5\n\n", nil, []string{"a,2021,5,"}},
		"a long gap":        {"series,period,value\na,2010,1\na,2020,5\na,2021,5\n", nil, []string{"; from 2020"}},
		"bounded":           {"series,period,value\na,2020,99\na,2021,99.9\n", []string{"--max", "100"}, []string{"a,2022,"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := writeFile(t, "in.csv", test.input)
			dabiao(t, t.TempDir(), append([]string{"forecast", file}, test.args...)...).want(t, exitDone, test.says...)
		})
	}
}

// TestForecastRefuses: every fault is told with its line, and nothing is printed
// by half.
func TestForecastRefuses(t *testing.T) {
	t.Parallel()
	head := "series,period,value\na,2019,1\n"
	tests := map[string]struct {
		input string
		args  []string
		code  int
		says  []string
	}{
		"no header":         {"a,2019,1\n", nil, exitFaults, []string{":1: error [missing_column]", "a,2019,1"}},
		"two value columns": {"series,period,value,y\n", nil, exitFaults, []string{":1: error [two_columns]"}},
		"no rows":           {"series,period,value\n", nil, exitFaults, []string{"[no_values]"}},
		"nothing":           {"", nil, exitFaults, []string{"[no_values]"}},
		"period":            {head + "a,2020-13,1\n", nil, exitFaults, []string{":3: error [unknown_period]", "2020-13"}},
		"value":             {head + "a,2020,n/a\nb,2020,1e400\nb,2021,-1e101\nb,2022,0x10\n", nil, exitFaults, []string{`:3: error [not_a_number] column value: "n/a"`, ":4: error [not_a_number]", ":5: error [too_large]", ":6: error [not_a_number]"}},
		"no name":           {head + ",2020,1\n", nil, exitFaults, []string{":3: error [missing_series]"}},
		"twice":             {head + "\n\"a\",2019,1\n", nil, exitFaults, []string{`:4: error [duplicate] series "a" has 2019 already in line 2`}},
		"mixed":             {head + "a,2020-Q1,1\n", nil, exitFaults, []string{":3: error [mixed_periods]"}},
		"quotes":            {head + "\"a,2020,1\n", nil, exitFaults, []string{"[unreadable_row]"}},
		"out of range":      {head + "a,2020,-1\n", []string{"--min", "0"}, exitFaults, []string{":3: error [out_of_range] -1"}},
		"many":              {head + strings.Repeat("a,x,1\n", 30), nil, exitFaults, []string{"and 10 more"}},
		"horizon":           {head, []string{"--horizon", "0"}, exitUsage, []string{"--horizon"}},
		"level":             {head, []string{"--level", "100"}, exitUsage, []string{"--level"}},
		"origins":           {head, []string{"--backtest", "--origins", "0"}, exitUsage, []string{"--origins"}},
		"range":             {head, []string{"--min", "5", "--max", "5"}, exitUsage, []string{"--min"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := writeFile(t, "in.csv", test.input)
			o := dabiao(t, t.TempDir(), append([]string{"forecast", file}, test.args...)...).want(t, test.code, test.says...)
			if o.out != "" {
				t.Errorf("printed %q", o.out)
			}
		})
	}
	dabiao(t, t.TempDir(), "forecast", "nowhere.csv").want(t, exitFaults, "nowhere.csv")
}

func TestForecastReadsStandardInput(t *testing.T) {
	t.Parallel()
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"forecast", "-", "--horizon", "1"}, strings.NewReader("series,period,value\nb,2020,3\na,2020,5\n"), &out, &errOut, someDay)
	lines := strings.Split(out.String(), "\n")
	if code != exitDone || len(lines) != 4 || !strings.HasPrefix(lines[1], "b,2021,3,") || !strings.HasPrefix(lines[2], "a,2021,5,") {
		t.Errorf("exit %d\n%s%s", code, out.String(), errOut.String())
	}
}
