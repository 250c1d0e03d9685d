package forecast

import (
	"context"
	"testing"
)

func TestIntervalAtOtherLevels(t *testing.T) {
	t.Parallel()
	s := Series{Range: Range{0, 100}}
	for n, v := range []float64{41, 42.5, 42, 43, 45, 44, 46, 46.5, 47, 48} {
		s.Points = append(s.Points, Point{Time: 2010 + n, Value: v})
	}
	list, err := All(context.Background(), []Series{s}, Options{Horizon: 6, Level: 95})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range list[0].Steps {
		if lower, upper := step.Interval(95); lower != step.Lower || upper != step.Upper {
			t.Errorf("%d: at the level asked for %v … %v, want %v … %v", step.Time, lower, upper, step.Lower, step.Upper)
		}
		lower, upper := step.Interval(80)
		if !(step.Lower < lower && lower < step.Mean && step.Mean < upper && upper < step.Upper) {
			t.Errorf("%d: 80%% is %v … %v around %v, 95%% %v … %v", step.Time, lower, upper, step.Mean, step.Lower, step.Upper)
		}
		if p := step.AtMost(upper) - step.AtMost(lower); p < 0.79 || p > 0.81 {
			t.Errorf("%d: the 80%% interval holds with probability %v", step.Time, p)
		}
	}
}
