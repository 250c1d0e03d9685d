package forecast

import "math"

// sums are the parts of a Score.
type sums struct{ n, smape, scaled, mase, msis, inside float64 }

func (s *sums) merge(o sums) {
	s.n, s.smape, s.scaled = s.n+o.n, s.smape+o.smape, s.scaled+o.scaled
	s.mase, s.msis, s.inside = s.mase+o.mase, s.msis+o.msis, s.inside+o.inside
}

// score averages. A series that never changed has no scale: it does not count in
// MASE and MSIS.
func (s sums) score() Score {
	return Score{N: int(s.n), SMAPE: s.smape / s.n, MASE: s.mase / s.scaled, MSIS: s.msis / s.scaled, Coverage: 100 * s.inside / s.n}
}

func scores(list []sums) []Score {
	out := make([]Score, len(list))
	for i, s := range list {
		out[i] = s.score()
	}
	return out
}

// point is the error of one forecast value.
func point(y, f, change float64) sums {
	s := sums{n: 1}
	if size := math.Abs(y) + math.Abs(f); size > 0 {
		s.smape = 200 * math.Abs(y-f) / size
	}
	if change > 0 {
		s.scaled, s.mase = 1, math.Abs(y-f)/change
	}
	return s
}

// tally counts the errors of trials.
type tally struct {
	options        Options
	overall        sums
	steps, methods []sums
}

func newTally(o Options) tally {
	return tally{options: o, steps: make([]sums, o.Horizon), methods: make([]sums, len(methods))}
}

func (t *tally) merge(o tally) {
	t.overall.merge(o.overall)
	for k := range t.steps {
		t.steps[k].merge(o.steps[k])
	}
	for k := range t.methods {
		t.methods[k].merge(o.methods[k])
	}
}

func (t *tally) add(trial *Trial) {
	tail := (100 - t.options.Level) / 200
	for k, y := range trial.Actual {
		if math.IsNaN(y) {
			continue
		}
		step := trial.Forecast.Steps[k]
		s := point(y, step.Mean, trial.change)
		if y >= step.Lower && y <= step.Upper {
			s.inside = 1
		}
		if trial.change > 0 { // Gneiting and Raftery's score of an interval
			s.msis = (step.Upper - step.Lower + max(step.Lower-y, y-step.Upper, 0)/tail) / trial.change
		}
		t.overall.merge(s)
		t.steps[k].merge(s)
		for m := range t.methods {
			t.methods[m].merge(point(y, trial.each[m*t.options.Horizon+k], trial.change))
		}
	}
}
