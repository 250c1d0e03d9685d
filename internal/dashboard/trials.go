package dashboard

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// A backtest forecasts the last trialYears readings from what was there before,
// and again trialOrigins − 1 times with a year less each time.
const (
	trialYears   = 3
	trialOrigins = 5
)

// Trials is how the forecasts of one region would have done in the past, at every
// origin made from nothing but the readings up to it.
type Trials struct {
	Own     forecast.Score // of this region
	Pool    forecast.Score // of all regions forecast together
	Held    int            // values of this region inside their 95 % interval, of Own.N
	List    []Trial        // of this region, the latest origin first
	Methods []MethodScore  // of each method alone
}

// Trial is one forecast held against what came.
type Trial struct {
	Origin       int // last year known to it
	Year         int
	Mean         float64
	Lower, Upper float64 // 95 %
	Actual       float64
}

// Held reports whether what came lies inside the interval.
func (t Trial) Held() bool { return t.Lower <= t.Actual && t.Actual <= t.Upper }

// MethodScore is how one method alone would have done.
type MethodScore struct {
	Method    string
	Weight    float64 // in the forecast of now, 0: less than half a per cent
	Own, Pool forecast.Score
}

// poolTrials is the backtest of a pool.
type poolTrials struct {
	report  forecast.Report
	regions []string
}

// Trials is the backtest of an outlook; nil where there is no forecast or the
// readings are too few to hold any out. Errors are those of Of.
func (o *Outlooks) Trials(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog,
	code, region string, limit indicator.Period) (*Trials, error) {
	outlook, err := o.Of(ctx, snap, catalog, code, region, limit)
	if err != nil {
		return nil, err
	}
	column, err := snap.Column(ctx, code, indicator.Annual)
	if err != nil {
		return nil, err
	}
	return o.trialsOf(ctx, column, catalog, outlook, limit)
}

func (o *Outlooks) trialsOf(ctx context.Context, column *snapshot.Column, catalog *indicator.Catalog,
	outlook *Outlook, limit indicator.Period) (*Trials, error) {
	if outlook.None != "" {
		return nil, nil
	}
	i, key := catalog.Indicator(outlook.Indicator), keyOf(column, catalog, catalog.Region(outlook.Region), limit)
	p, err := o.trials.get(ctx, key, func(ctx context.Context) (*poolTrials, error) {
		p := poolOf(column, catalog, i, key.group, key.limit)
		report, err := o.test(ctx, p.series, forecast.Options{Horizon: trialYears, Level: OuterLevel}, trialOrigins)
		return &poolTrials{report, p.regions}, err
	})
	if err != nil {
		return nil, err
	}
	return p.of(outlook), nil
}

// of is the part of one region.
func (p *poolTrials) of(o *Outlook) *Trials {
	t := &Trials{Pool: p.report.Overall}
	var own average
	methods := make([]average, len(p.report.Methods))
	for _, trial := range p.report.Trials {
		if p.regions[trial.Series] != o.Region {
			continue
		}
		own.add(trial.Score)
		for m, s := range trial.Methods {
			methods[m].add(s)
		}
		for k, step := range trial.Forecast.Steps {
			if actual := trial.Actual[k]; !math.IsNaN(actual) {
				t.List = append(t.List, Trial{trial.Origin, step.Time, step.Mean, step.Lower, step.Upper, actual})
			}
		}
	}
	if len(t.List) == 0 {
		return nil
	}
	t.Own = own.score()
	for _, trial := range t.List {
		if trial.Held() {
			t.Held++
		}
	}
	for m, name := range forecast.Methods() {
		score := MethodScore{Method: name, Own: methods[m].score(), Pool: p.report.Methods[m]}
		for _, share := range o.Methods {
			if share.Method == name {
				score.Weight = share.Weight
			}
		}
		t.Methods = append(t.Methods, score)
	}
	slices.SortStableFunc(t.Methods, func(a, b MethodScore) int { return cmp.Compare(b.Weight, a.Weight) })
	return t
}

// average puts scores of several trials together, each as heavy as its values are many.
type average struct{ n, scaled, smape, mase, msis, inside float64 }

func (a *average) add(s forecast.Score) {
	n := float64(s.N)
	if s.N == 0 {
		return
	}
	a.n, a.smape, a.inside = a.n+n, a.smape+n*s.SMAPE, a.inside+n*s.Coverage
	if !math.IsNaN(s.MASE) { // a series that never changed has no scale
		a.scaled, a.mase, a.msis = a.scaled+n, a.mase+n*s.MASE, a.msis+n*s.MSIS
	}
}

func (a *average) score() forecast.Score {
	return forecast.Score{N: int(a.n), SMAPE: a.smape / a.n, MASE: a.mase / a.scaled, MSIS: a.msis / a.scaled, Coverage: a.inside / a.n}
}
