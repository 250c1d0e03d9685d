package warning_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// release is one publication of a region's yearly readings; B flags a break.
type release struct {
	day    string
	values map[int]float64
	breaks []int
}

// from gives values to consecutive years.
func from(first int, values ...float64) map[int]float64 {
	m := map[int]float64{}
	for i, v := range values {
		m[first+i] = v
	}
	return m
}

// stage is a situation before it is put together.
type stage struct {
	target   indicator.Target
	region   string
	kind     string // key of indicators
	asOf     string
	releases []release
	freq     func(year int) indicator.Period
	steps    []int
	outlook  *warning.Outlook
	pace     *warning.Pace
}

func number(v float64) *float64 { return &v }

// steady is a target of 250 by 2030 and readings that rise by 10 a year, which is
// on track; the last reading is released in 2025.
func steady(last float64) *stage {
	return &stage{
		target: indicator.Target{ID: "plan-1-money", Region: fujian, Indicator: "money", Link: indicator.Named, Kind: indicator.Reach,
			Value: number(250), Bound: indicator.AtLeast, By: 2030},
		region: fujian, kind: "money", asOf: "2025-12-01", freq: indicator.Year,
		releases: []release{{day: "2024-09-01", values: from(2014, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190)},
			{day: "2025-09-01", values: from(2024, last)}},
	}
}

func day(s string) time.Time {
	t, err := indicator.ParseReleased(s)
	if err != nil {
		panic(err)
	}
	return t
}

func (s *stage) situation(t testing.TB) warning.Situation {
	t.Helper()
	var list []warning.Vintage
	for _, r := range s.releases {
		for year, v := range r.values {
			status := indicator.Normal
			if slices.Contains(r.breaks, year) {
				status = indicator.Break
			}
			list = append(list, warning.Vintage{Period: s.freq(year), Value: v, Status: status, Upload: "u" + r.day, Released: day(r.day)})
		}
	}
	slices.SortStableFunc(list, func(a, b warning.Vintage) int {
		if c := a.Period.Compare(b.Period); c != 0 {
			return c
		}
		return a.Released.Compare(b.Released)
	})
	ind := indicators[s.kind]
	in := assess.Input{Target: &s.target, Indicator: &ind, Region: s.region, AsOf: day(s.asOf),
		Series: indicator.Series{Indicator: ind.Code, Region: s.region, Freq: indicator.Annual}}
	for i, v := range list {
		if i+1 == len(list) || list[i+1].Period != v.Period {
			in.Series.Points = append(in.Series.Points, indicator.Point{Period: v.Period, Value: v.Value, Status: v.Status, Upload: v.Upload})
		}
	}
	verdict, err := assess.Run(assess.DefaultMethod, in)
	if err != nil {
		t.Fatal(err)
	}
	return warning.Situation{Region: catalog.Region(s.region), Input: in, Verdict: verdict, Vintages: list, Steps: s.steps, Outlook: s.outlook, Pace: s.pace}
}

// told is what warns, in short: rule, severity, day since, years of the evidence.
func told(list []warning.Warning) string {
	var lines []string
	for _, w := range list {
		var years []string
		for _, e := range w.Evidence {
			years = append(years, fmt.Sprint(e.Period.Year()))
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s", w.Rule, w.Severity, w.Since.In(indicator.Shanghai).Format(time.DateOnly), strings.Join(years, "+")))
	}
	return strings.Join(lines, "; ")
}

// bases fire one rule each, and nothing else.
var bases = map[warning.Rule]struct {
	of   func() *stage
	want string
}{
	// a = (191 − 150)/5 = 8.2, p = 191 + 6·8.2 = 240.2, m = 9.8/59 = 17 %: at risk
	warning.StatusWorse: {func() *stage { return steady(191) }, "status_worse elevated 2025-09-01 2024"},
	warning.BestPace: {func() *stage {
		s := steady(205)
		s.pace = &warning.Pace{Needed: 4, Best: 3.9, From: 2014, To: 2019, Windows: 6, Compound: true}
		return s
	}, "best_pace severe 2025-09-01 2014+2019+2024"},
	warning.WrongMoves: {func() *stage {
		s := steady(188)
		s.releases[0].values[2023], s.releases[0].values[2022] = 189, 190 // never on track: the verdict does not change
		s.target.Value, s.target.By = number(500), 2027
		return s
	}, "wrong_moves elevated 2025-09-01 2022+2023+2024"},
	warning.ForecastMisses: {func() *stage {
		s := steady(200)
		s.outlook = &warning.Outlook{Year: 2030, Mean: 240, Low: 250, High: math.Inf(1), Probability: 0.3}
		return s
	}, "forecast_misses minor 2025-09-01 2024"},
}

func TestEachRuleFires(t *testing.T) {
	t.Parallel()
	for rule, base := range bases {
		list := warning.Warn([]warning.Situation{base.of().situation(t)}, warning.DefaultThresholds())
		if got := told(list); got != base.want {
			t.Errorf("%s: %q, want %q", rule, got, base.want)
			continue
		}
		if w := list[0]; w.Region != fujian || w.Indicator != "money" || !slices.Equal(w.Targets, []string{"plan-1-money"}) || len(w.Key) != 16 {
			t.Errorf("%s: %+v", rule, w)
		}
		off := warning.DefaultThresholds()
		off.Off = []warning.Rule{rule}
		if got := told(warning.Warn([]warning.Situation{base.of().situation(t)}, off)); got != "" {
			t.Errorf("%s is off: %q", rule, got)
		}
	}
}

// TestNoRuleFires: each of these silences each rule.
func TestNoRuleFires(t *testing.T) {
	t.Parallel()
	silent := map[string]func(*stage){
		"a proxy":                 func(s *stage) { s.target.Link = indicator.Proxy },
		"a reference":             func(s *stage) { s.target.Region = indicator.Nation },
		"superseded":              func(s *stage) { s.target.SupersededBy = "plan-2" },
		"closed":                  func(s *stage) { s.target.By = 2024 },
		"not in force":            func(s *stage) { s.target.InForceFrom = "2026-01-01" },
		"no longer in force":      func(s *stage) { s.target.InForceUntil = "2025-01-01" },
		"a statement":             func(s *stage) { s.target.Kind = indicator.StatedOnly },
		"another way of counting": func(s *stage) { s.target.Counted = indicator.Cumulative },
		"710000":                  func(s *stage) { s.region, s.target.Region = taiwan, taiwan },
		"stopped reporting":       func(s *stage) { s.asOf = "2027-12-01" },
		"merged January–February": func(s *stage) { s.freq = merged },
		"a flagged break":         func(s *stage) { s.releases[0].breaks = []int{2021} },
		"a step in many regions":  func(s *stage) { s.steps = []int{2023} },
		"a survey year, 19 times": func(s *stage) { s.releases[0].values[2023] *= 19 },
		"a survey year, a 19th":   func(s *stage) { s.releases[0].values[2023] /= 19 },
		"the newest is a 19th":    func(s *stage) { s.releases[1].values[2024] /= 19 },
		"too few readings":        func(s *stage) { s.releases[0].values = from(2023, 190) },
	}
	for name, change := range silent {
		for rule, base := range bases {
			s := base.of()
			change(s)
			if got := told(warning.Warn([]warning.Situation{s.situation(t)}, warning.DefaultThresholds())); got != "" {
				t.Errorf("%s, %s: %q", rule, name, got)
			}
		}
	}
}

// merged is January and February in one figure.
func merged(year int) indicator.Period {
	p, err := indicator.ParsePeriod(fmt.Sprintf("%d-01/P2M", year))
	if err != nil {
		panic(err)
	}
	return p
}

// TestCensusRevision: a census changes the newest years and not the older ones.
// What looks like a fall is none. When it changes all of them it is a fact.
func TestCensusRevision(t *testing.T) {
	t.Parallel()
	partly := steady(200)
	partly.releases = append(partly.releases, release{day: "2025-11-15", values: from(2023, 170, 168)})
	partly.pace = &warning.Pace{Needed: 6.9, Best: 6, From: 2014, To: 2019, Windows: 6, Compound: true}
	wholly := steady(200)
	wholly.releases = append(wholly.releases, release{day: "2025-11-15", values: from(2014, 130, 138, 145, 151, 156, 160, 163, 166, 169, 171, 173)})
	small := steady(200) // as every year: the one before the newest is revised a little
	small.releases[1].values = from(2023, 191, 191.5)
	for _, tt := range []struct {
		name string
		of   *stage
		want string
	}{
		{"some years", partly, ""},
		{"all years", wholly, "status_worse severe 2025-11-15 2019+2020+2021+2022+2023+2024"},
		{"a routine revision with a new reading", small, "status_worse elevated 2025-09-01 2023+2024"},
	} {
		if got := told(warning.Warn([]warning.Situation{tt.of.situation(t)}, warning.DefaultThresholds())); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestStatusWorse(t *testing.T) {
	t.Parallel()
	add := func(s *stage, list ...release) *stage { s.releases = append(s.releases, list...); return s }
	first := steady(191)
	first.releases = []release{{day: "2025-09-01", values: from(2014, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 191)}}
	old := steady(191)
	old.asOf = "2026-11-01"
	months := warning.DefaultThresholds()
	months.StatusWorse.Months = 12
	for _, tt := range []struct {
		name   string
		of     *stage
		limits warning.Thresholds
		want   string
	}{
		{"still as good", steady(200), warning.DefaultThresholds(), ""},
		{"the first verdict", first, warning.DefaultThresholds(), ""},
		{"no news any more", old, months, ""},
		{"still news", old, warning.DefaultThresholds(), "status_worse elevated 2025-09-01 2024"},
		{"the same figures once more", add(steady(191), release{day: "2025-10-01", values: from(2023, 190, 191)}), warning.DefaultThresholds(),
			"status_worse elevated 2025-09-01 2024"},
		{"a later release that changes nothing of the status", add(steady(191), release{day: "2025-10-01", values: from(2014, 99)}), warning.DefaultThresholds(),
			"status_worse elevated 2025-09-01 2024"},
		{"good again by a revision", add(steady(191), release{day: "2025-10-01", values: from(2024, 200)}), warning.DefaultThresholds(), ""},
		{"worse by two steps", steady(150), warning.DefaultThresholds(), "status_worse severe 2025-09-01 2024"},
	} {
		if got := told(warning.Warn([]warning.Situation{tt.of.situation(t)}, tt.limits)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWrongMoves(t *testing.T) {
	t.Parallel()
	series := func(target indicator.Target, kind string, values ...float64) *stage {
		s := steady(0)
		target.ID, target.Region, target.Link = "plan-1-money", fujian, indicator.Named
		s.target, s.kind = target, kind
		s.releases = []release{{day: "2025-09-01", values: from(2025-len(values), values...)}}
		return s
	}
	up := indicator.Target{Kind: indicator.Directed, Direction: indicator.Up}
	down := indicator.Target{Kind: indicator.Directed, Direction: indicator.Down}
	band := indicator.Target{Kind: indicator.Hold, Value: number(30), Tolerance: &indicator.Tolerance{Value: 1}}
	atLeast := indicator.Target{Kind: indicator.Hold, Value: number(20), Bound: indicator.AtLeast}
	three := warning.DefaultThresholds()
	three.WrongMoves.Moves = 3
	for _, tt := range []struct {
		name   string
		of     *stage
		limits warning.Thresholds
		want   string
	}{
		{"two falls", series(up, "share", 20, 21, 22, 23, 22, 21), warning.DefaultThresholds(), "wrong_moves elevated 2025-09-01 2022+2023+2024"},
		{"three falls", series(up, "share", 20, 21, 24, 23, 22, 21), warning.DefaultThresholds(), "wrong_moves severe 2025-09-01 2021+2022+2023+2024"},
		{"two where three are wanted", series(up, "share", 20, 21, 22, 23, 22, 21), three, ""},
		{"one fall", series(up, "share", 20, 21, 22, 23, 24, 23), warning.DefaultThresholds(), ""},
		{"a rise in between", series(up, "share", 20, 24, 23, 24, 23, 24), warning.DefaultThresholds(), ""},
		{"unchanged is no move", series(up, "share", 20, 21, 23, 24, 23, 23), warning.DefaultThresholds(), ""},
		{"too small to show", series(up, "share", 20, 21, 23, 24, 23.96, 23.93), warning.DefaultThresholds(), ""},
		{"falls that are wanted", series(down, "share", 20, 21, 22, 23, 22, 21), warning.DefaultThresholds(), ""},
		{"rises that are not", series(down, "share", 23, 22, 21, 20, 21, 22), warning.DefaultThresholds(), "wrong_moves elevated 2025-09-01 2022+2023+2024"},
		{"out of the band, further away", series(band, "share", 30, 30, 30, 29, 28, 27), warning.DefaultThresholds(), "wrong_moves severe 2025-09-01 2021+2022+2023+2024"},
		{"inside the band", series(band, "share", 30, 30, 30, 30, 29.7, 29.4), warning.DefaultThresholds(), ""},
		{"back towards the band", series(band, "share", 30, 30, 30, 26, 27, 28), warning.DefaultThresholds(), ""},
		{"a bound still kept", series(atLeast, "share", 30, 30, 30, 29, 28, 27), warning.DefaultThresholds(), ""},
		{"a bound no longer kept", series(atLeast, "share", 30, 30, 30, 22, 20.5, 19), warning.DefaultThresholds(), "wrong_moves severe 2025-09-01 2021+2022+2023+2024"},
	} {
		s := tt.of.situation(t)
		s.Verdict.Status, s.Verdict.Reason = judged(s.Verdict.Status), "" // short series: what counts here are the moves
		limits := tt.limits
		limits.Off = []warning.Rule{warning.StatusWorse}
		if got := told(warning.Warn([]warning.Situation{s}, limits)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// judged is a status that is a verdict.
func judged(s assess.Status) assess.Status {
	if s == assess.NotAssessed {
		return assess.OffTrack
	}
	return s
}

func TestPaceAndForecast(t *testing.T) {
	t.Parallel()
	pace := func(needed, best float64, windows int) *stage {
		s := steady(205)
		s.pace = &warning.Pace{Needed: needed, Best: best, From: 2014, To: 2019, Windows: windows, Compound: true}
		return s
	}
	look := func(last, mean, low, high, probability float64, year int) *stage {
		s := steady(last)
		s.outlook = &warning.Outlook{Year: year, Mean: mean, Low: low, High: high, Probability: probability}
		return s
	}
	inf := math.Inf(1)
	for _, tt := range []struct {
		name string
		of   *stage
		want string
	}{
		{"as fast as ever", pace(4, 4, 6), ""},
		{"slower than the best", pace(4, 5, 6), ""},
		{"too few windows to tell", pace(4, 3, 2), ""},
		{"never grew", pace(4, -1, 6), "best_pace severe 2025-09-01 2014+2019+2024"},
		{"needed the other way", pace(-1, 3, 6), ""},
		{"the forecast reaches it", look(200, 251, 250, inf, 0.6, 2030), ""},
		{"just misses, as likely as not", look(200, 249, 250, inf, 0.45, 2030), ""},
		{"misses", look(200, 240, 250, inf, 0.2, 2030), "forecast_misses elevated 2025-09-01 2024"},
		{"misses, nobody knows how likely", look(200, 240, 250, inf, math.NaN(), 2030), "forecast_misses minor 2025-09-01 2024"},
		{"above a band", look(200, 270, 240, 260, 0.3, 2030), "forecast_misses minor 2025-09-01 2024"},
		{"achieved early", look(255, 240, 250, inf, 0.3, 2030), "forecast_misses minor 2025-09-01 2024"},
		{"not called on track anyway", look(160, 200, 250, inf, 0.1, 2030), "status_worse severe 2025-09-01 2024"},
		{"no later year", look(200, 240, 250, inf, 0.1, 2024), ""},
	} {
		if got := told(warning.Warn([]warning.Situation{tt.of.situation(t)}, warning.DefaultThresholds())); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
