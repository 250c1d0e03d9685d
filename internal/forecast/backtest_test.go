package forecast

import (
	"errors"
	"math"
	"testing"
)

func near(got, want float64) bool { return math.Abs(got-want) < 1e-9 }

// TestScore holds the measures against sums done by hand.
func TestScore(t *testing.T) {
	t.Parallel()
	total := newTally(Options{Horizon: 2, Level: 90})
	total.add(&Trial{Actual: []float64{10, 20}, change: 2, each: make([]float64, 2*len(methods)),
		Forecast: Forecast{Steps: []Step{{Mean: 8, Lower: 6, Upper: 11}, {Mean: 15, Lower: 12, Upper: 18}}}})
	s := total.overall.score()
	// |10−8|·200/18 = 22.222…, |20−15|·200/35 = 28.571…; (2+5)/2 over 2; widths 5 and
	// 6, and 2 beyond at 2/0.1 each
	if s.N != 2 || !near(s.SMAPE, (400.0/18+1000.0/35)/2) || !near(s.MASE, 1.75) || !near(s.MSIS, (5+6+40)/2.0/2) || !near(s.Coverage, 50) {
		t.Errorf("%+v", s)
	}
	if m := total.methods[0].score(); !near(m.SMAPE, 200) || !near(m.MASE, 7.5) {
		t.Errorf("a method that says 0: %+v", m)
	}
	if steps := scores(total.steps); !near(steps[0].Coverage, 100) || !near(steps[1].Coverage, 0) {
		t.Errorf("steps: %+v", steps)
	}
}

// TestBacktestKnowsNothingOfTheFuture: what is held out has no say in the forecast.
func TestBacktestKnowsNothingOfTheFuture(t *testing.T) {
	t.Parallel()
	series := worlds[1].series(4, 12)
	report, err := Backtest(t.Context(), series, six, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Trials) != 24 || report.Overall.N != 24*6 {
		t.Fatalf("%d trials, %d values", len(report.Trials), report.Overall.N)
	}
	for back := range 2 { // the latest origin, and the one before
		known := make([]Series, len(series))
		for i, s := range series {
			known[i].Points = s.Points[:len(s.Points)-6-back]
		}
		for i, f := range ask(t, six, known...) {
			trial := report.Trials[2*i+back]
			if last := known[i].Points[len(known[i].Points)-1].Time; trial.Series != i || trial.Origin != last {
				t.Fatalf("trial of series %d from %d, want series %d from %d", trial.Series, trial.Origin, i, last)
			}
			for k, s := range f.Steps {
				if b := trial.Forecast.Steps[k]; s.Mean != b.Mean || s.Upper != b.Upper {
					t.Fatalf("the backtest forecasts %v, All %v", b, s)
				}
			}
		}
	}
}

func TestBacktestSkipsAndCompares(t *testing.T) {
	t.Parallel()
	short, broken := growing(8, 0.1), growing(12, 0.1)
	broken.Points[9].Break = true
	report, err := Backtest(t.Context(), []Series{short, broken}, six, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Skipped) != 1 || report.Skipped[0] != 0 || len(report.Trials) != 1 {
		t.Fatalf("skipped %v, %d trials", report.Skipped, len(report.Trials))
	}
	if n := report.Trials[0].Score.N; n != 3 {
		t.Errorf("%d values compared, want the three before the break", n)
	}
	if _, err := Backtest(t.Context(), []Series{short}, six, 0); !errors.Is(err, ErrOptions) {
		t.Errorf("no origin: %v", err)
	}
}
