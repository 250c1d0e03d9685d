package forecast

import (
	"context"
	"math"
)

// Score sums up errors of forecasts. An average over nothing is NaN.
type Score struct {
	N        int     // values forecast
	SMAPE    float64 // mean of 200·|y−f| / (|y|+|f|), per cent
	MASE     float64 // mean of |y−f| over the mean absolute change of the history used
	MSIS     float64 // mean interval score over the same
	Coverage float64 // of the intervals, per cent
}

// Trial is one forecast that was held against what came.
type Trial struct {
	Series   int // its place in the input, from 0
	Origin   int // time of the last period known to the forecast
	Forecast Forecast
	Actual   []float64 // for each step; NaN where there is no value to compare
	Score    Score
	Methods  []Score // of each method alone, in the order of Methods; without intervals

	change float64   // mean absolute change of the history used
	each   []float64 // forecasts of each method, step by step
}

// Report is the outcome of a backtest.
type Report struct {
	Overall Score
	Steps   []Score // step by step
	Methods []Score // of each method alone, in the order of Methods; without intervals
	Trials  []Trial // ordered by series, then by origin, latest first
	Skipped []int   // series too short to hold anything out
}

// Methods names the methods that a forecast is mixed from.
func Methods() []string {
	names := make([]string, len(methods))
	for k, m := range methods {
		names[k] = m.name
	}
	return names
}

// leastTraining is the shortest history that a backtest forecasts from.
const leastTraining = 3

// Backtest holds out the last periods of every series, as many as the horizon has
// steps, and forecasts them from what was there before, as the M competitions do.
// With more than one origin it does so again with one, two … periods less. At
// every origin everything is learned anew, from all series as they were then.
func Backtest(ctx context.Context, series []Series, o Options, origins int) (Report, error) {
	if origins < 1 {
		return Report{}, ErrOptions
	}
	if err := checkAll(series); err != nil {
		return Report{}, err
	}
	trials := make([][]Trial, len(series))
	inner := o
	for back := range origins {
		if o.Progress != nil {
			inner.Progress = func(done, total int) { o.Progress(back*total+done, origins*total) }
		}
		if err := holdOut(ctx, series, inner, back, trials); err != nil {
			return Report{}, err
		}
	}
	var r Report
	total := newTally(o)
	for i, list := range trials {
		if len(list) == 0 {
			r.Skipped = append(r.Skipped, i)
		}
		for t := range list {
			one := newTally(o)
			one.add(&list[t])
			total.merge(one)
			list[t].Score, list[t].Methods = one.overall.score(), scores(one.methods)
			r.Trials = append(r.Trials, list[t])
		}
	}
	r.Overall, r.Steps, r.Methods = total.overall.score(), scores(total.steps), scores(total.methods)
	return r, nil
}

// holdOut adds one trial for every series that is long enough.
func holdOut(ctx context.Context, series []Series, o Options, back int, trials [][]Trial) error {
	var known []Series
	var list []*Trial
	for i, s := range series {
		origin := s.Points[len(s.Points)-1].Time - o.Horizon - back
		n := 0
		for n < len(s.Points) && s.Points[n].Time <= origin {
			n++
		}
		if n < leastTraining {
			continue
		}
		actual := make([]float64, o.Horizon)
		for k := range actual {
			actual[k] = math.NaN()
		}
		for _, p := range s.Points[n:] {
			k := p.Time - s.Points[n-1].Time - 1
			if p.Break || k >= o.Horizon {
				break
			}
			actual[k] = p.Value
		}
		known = append(known, Series{s.Points[:n], s.Range})
		trials[i] = append(trials[i], Trial{Series: i, Origin: s.Points[n-1].Time, Actual: actual})
		list = append(list, &trials[i][len(trials[i])-1])
	}
	p, err := newPool(ctx, known, o)
	if err != nil {
		return err
	}
	for i, t := range list {
		t.Forecast = p.outlook(i)
		t.change, t.each = meanChange(p.histories[i].x), p.last[i].f
	}
	return nil
}

// meanChange is the mean absolute change of values.
func meanChange(x []float64) float64 {
	sum := 0.0
	for t := 1; t < len(x); t++ {
		sum += math.Abs(x[t] - x[t-1])
	}
	return sum / float64(len(x)-1)
}
