package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func ask(t *testing.T, o Options, series ...Series) []Forecast {
	t.Helper()
	list, err := All(t.Context(), series, o)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var six = Options{Horizon: 6, Level: 95}

// growing is a series that grows by the rate, with a little noise.
func growing(n int, rate float64) Series {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	values := make([]float64, n)
	for t := range values {
		values[t] = 100 * math.Pow(1+rate, float64(t)) * (1 + 0.01*r.NormFloat64())
	}
	return yearly(values)
}

func TestForecastGoesOn(t *testing.T) {
	t.Parallel()
	f := ask(t, six, growing(20, 0.07))[0]
	last := 100 * math.Pow(1.07, 19)
	for k, s := range f.Steps {
		want := last * math.Pow(1.07, float64(k+1))
		if s.Time != 2000+k || math.Abs(s.Mean/want-1) > 0.04 || s.Lower > want || s.Upper < want {
			t.Errorf("step %d: %+v, want about %.1f", k+1, s, want)
		}
	}
	if f.From != 1980 || f.Unused != 0 || f.Model == "" {
		t.Errorf("basis: %+v", f)
	}
	sum := 0.0
	for _, s := range f.Shares {
		sum += s.Weight
	}
	if sum < 0.9 || sum > 1.0001 {
		t.Errorf("shares add up to %v", sum)
	}
}

func TestIntervalsHoldThePoint(t *testing.T) {
	t.Parallel()
	for _, w := range worlds {
		narrow := ask(t, Options{Horizon: 6, Level: 50}, w.series(9, 40)...)
		for i, f := range ask(t, six, w.series(9, 40)...) {
			for k, s := range f.Steps {
				n := narrow[i].Steps[k]
				if !(s.Lower <= n.Lower && n.Lower <= s.Mean && s.Mean == n.Mean && s.Mean <= n.Upper && n.Upper <= s.Upper) {
					t.Errorf("%s: 95 %%: %v, 50 %%: %v", w.name, s, n)
				}
			}
		}
	}
}

func TestAtMost(t *testing.T) {
	t.Parallel()
	s := ask(t, six, growing(20, 0.03))[0].Steps[3]
	tests := map[float64]float64{s.Lower: 0.025, s.Upper: 0.975, 0: 0, -1: 0, 1e9: 1}
	for v, want := range tests {
		if got := s.AtMost(v); math.Abs(got-want) > 0.002 {
			t.Errorf("AtMost(%v) = %v, want %v", v, got, want)
		}
	}
	if p := s.AtMost(s.Mean); p < 0.3 || p > 0.7 {
		t.Errorf("the mean is exceeded with probability %v", 1-p)
	}
	edge := ask(t, six, Series{Points: yearly([]float64{0, 1, 0, 2, 0, 1, 0, 0}).Points, Range: Range{0, math.Inf(1)}})[0].Steps[0]
	if p := edge.AtMost(0); p <= 0 || p >= 1 {
		t.Errorf("a count may well be none, AtMost(0) = %v", p)
	}
}

func TestRangesHold(t *testing.T) {
	t.Parallel()
	shares := Range{0, 100}
	fallen := yearly([]float64{60, 50, 40, 30, 20, 10, 4, 1})
	tests := map[string]Series{
		"share near its top":  {yearly([]float64{80, 86, 90, 94, 96, 98, 99, 99.5}).Points, shares},
		"share at its top":    {yearly([]float64{80, 90, 95, 100, 100, 100}).Points, shares},
		"share near nothing":  {fallen.Points, shares},
		"count that falls":    fallen,
		"count with none":     yearly([]float64{5, 3, 2, 0, 0, 1, 0, 0}),
		"growth that is open": {yearly([]float64{8, 6, 4, 3, 1}).Points, Range{math.Inf(-1), math.Inf(1)}},
		"bounded above only":  {yearly([]float64{-9, -7, -5, -3, -1}).Points, Range{math.Inf(-1), 0}},
	}
	for name, s := range tests {
		low, high := s.Range.Min, s.Range.Max
		if s.Range == (Range{}) {
			low, high = 0, math.Inf(1)
		}
		for _, step := range ask(t, Options{Horizon: 30, Level: 99}, s)[0].Steps {
			if !(step.Lower >= low && step.Upper <= high && step.Lower <= step.Mean && step.Mean <= step.Upper) {
				t.Fatalf("%s: %v outside [%v, %v]", name, step, low, high)
			}
		}
	}
	if s := ask(t, six, tests["growth that is open"])[0].Steps[5]; s.Lower >= 0 {
		t.Errorf("a rate may turn negative, lower end %v", s.Lower)
	}
}

// TestApart: off undoes apart on every view, far away too.
func TestApart(t *testing.T) {
	t.Parallel()
	views := []view{{plain, math.Inf(-1), math.Inf(1)}, {logarithm, 0, math.Inf(1)}, {logit, 0, 100}}
	for _, v := range views {
		last := math.Inf(-1)
		for _, value := range []float64{0.001, 0.5, 2, 5, 9, 30, 80, 99.9} {
			d := v.apart(value, 5)
			if got := v.off(5, d); math.Abs(got/value-1) > 1e-9 {
				t.Errorf("view %d: %v apart from 5 is %v, and that off 5 is %v", v.kind, value, d, got)
			}
			if d <= last {
				t.Errorf("view %d: %v is no farther than the value before", v.kind, value)
			}
			last = d
		}
	}
}

// TestBreaks: what lies before a flagged break or a long gap has no say.
func TestBreaks(t *testing.T) {
	t.Parallel()
	whole := growing(24, 0.05).Points
	after := ask(t, six, Series{Points: whole[10:]})[0].Steps
	flagged, gap := slices.Clone(whole), slices.Clone(whole)
	flagged[10].Break = true
	for i := range 10 {
		flagged[i].Value *= 40
		gap[i].Value, gap[i].Time = gap[i].Value*40, gap[i].Time-3
	}
	for name, points := range map[string][]Point{"break": flagged, "gap": gap} {
		f := ask(t, six, Series{Points: points})[0]
		if !reflect.DeepEqual(f.Steps, after) || f.From != 1990 || f.Unused != 10 {
			t.Errorf("%s: from %d, %d unused, %v, want %v", name, f.From, f.Unused, f.Steps[0], after[0])
		}
	}
	if f := ask(t, six, Series{Points: flagged})[0]; !slices.Equal(f.Breaks, []int{1990}) {
		t.Errorf("breaks %v", f.Breaks)
	}
	for i := range flagged {
		flagged[i].Break = false
	}
	f := ask(t, six, Series{Points: flagged})[0]
	if !slices.Equal(f.Suspected, []int{1990}) || f.From != 1990 || !reflect.DeepEqual(f.Steps, after) {
		t.Errorf("a step of 40 times is not suspected: %v, from %d", f.Suspected, f.From)
	}
}

func TestAnOutlierIsNoBreak(t *testing.T) {
	t.Parallel()
	s := growing(24, 0.05)
	s.Points[12].Value *= 19
	if f := ask(t, six, s)[0]; len(f.Suspected) > 0 || f.Unused > 0 {
		t.Errorf("one survey year of 19 times is taken for a break: %v", f.Suspected)
	}
}

func TestShortGapsAreTold(t *testing.T) {
	t.Parallel()
	s := growing(20, 0.05)
	s.Points = slices.Delete(s.Points, 8, 10)
	f := ask(t, six, s)[0]
	if !slices.Equal(f.Bridged, []int{1988, 1989}) || f.Unused != 0 || f.Steps[0].Time != 2000 {
		t.Errorf("bridged %v, %d unused, next %d", f.Bridged, f.Unused, f.Steps[0].Time)
	}
}

func TestLittleIsKnown(t *testing.T) {
	t.Parallel()
	for _, values := range [][]float64{{7}, {7, 8}, {7, 8, 7}, {0}, {0, 0, 0, 0}, {5, 5, 5, 5, 5, 5, 5, 5}, {-3, -3, -2}, {1e99, 1e100}, {1e-300, 2e-300, 3e-300}} {
		last := values[len(values)-1]
		for k, s := range ask(t, Options{Horizon: 50, Level: 95}, yearly(values))[0].Steps {
			if !(s.Lower <= s.Mean && s.Mean <= s.Upper) || math.IsInf(s.Lower, 0) || math.IsInf(s.Mean, 0) {
				t.Fatalf("%v: step %d is %v", values, k+1, s)
			}
			if slices.Min(values) == slices.Max(values) && math.Abs(s.Mean-last) > 1e-9 {
				t.Errorf("%v never moved, yet step %d is %v", values, k+1, s)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := growing(5, 0.1)
	tests := map[string]struct {
		series Series
		o      Options
		want   error
	}{
		"no points":       {Series{}, six, ErrNoPoints},
		"not a number":    {yearly([]float64{1, math.NaN()}), six, ErrPoints},
		"infinite":        {yearly([]float64{1, math.Inf(1)}), six, ErrPoints},
		"twice":           {Series{Points: []Point{{Time: 1}, {Time: 1}}}, six, ErrPoints},
		"outside":         {Series{good.Points, Range{0, 100}}, six, ErrRange},
		"no horizon":      {good, Options{Level: 95}, ErrOptions},
		"too far":         {good, Options{Horizon: MaxHorizon + 1, Level: 95}, ErrOptions},
		"certain":         {good, Options{Horizon: 1, Level: 100}, ErrOptions},
		"level no number": {good, Options{Horizon: 1, Level: math.NaN()}, ErrOptions},
	}
	for name, test := range tests {
		if _, err := All(t.Context(), []Series{test.series}, test.o); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	if list, err := All(t.Context(), nil, six); len(list) != 0 || err != nil {
		t.Errorf("no series: %v, %v", list, err)
	}
}

// TestUnits: a series in other units has the same forecast in those units, alone
// and in company.
func TestUnits(t *testing.T) {
	t.Parallel()
	series := worlds[0].series(3, 20)
	scaled := make([]Series, len(series))
	for i, s := range series {
		scaled[i].Points = slices.Clone(s.Points)
		for j := range s.Points {
			scaled[i].Points[j].Value *= 1000
		}
	}
	want := ask(t, six, series...)
	for i, f := range ask(t, six, scaled...) {
		for k, s := range f.Steps {
			w := want[i].Steps[k]
			if math.Abs(s.Mean/w.Mean/1000-1) > 1e-6 || math.Abs(s.Upper/w.Upper/1000-1) > 1e-6 {
				t.Fatalf("series %d step %d: %v in thousandths, %v", i, k+1, s, w)
			}
		}
	}
}

func TestSameInputSameOutput(t *testing.T) {
	t.Parallel()
	series := worlds[2].series(5, 60)
	var told []int
	o := six
	o.Progress = func(done, total int) {
		if total != len(series) {
			t.Errorf("%d of %d", done, total)
		}
		told = append(told, done)
	}
	first := ask(t, o, series...)
	if !reflect.DeepEqual(first, ask(t, six, series...)) {
		t.Error("two calls differ")
	}
	if len(told) != len(series) || !slices.IsSorted(told) {
		t.Errorf("progress %v", told)
	}
}
