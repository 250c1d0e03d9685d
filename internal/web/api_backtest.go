package web

import (
	"math"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
)

// apiBacktest is how the forecasts of a region would have done in the past.
type apiBacktest struct {
	Held    int              `json:"held"` // of own.n
	Own     apiScore         `json:"own"`
	Pool    apiScore         `json:"pool"`
	Methods []apiMethodScore `json:"methods"`
	Trials  []apiTrial       `json:"trials"`
}

// apiScore has null for an average over nothing.
type apiScore struct {
	N        int      `json:"n"`
	SMAPE    *float64 `json:"smape"`
	MASE     *float64 `json:"mase"`
	Coverage *float64 `json:"coverage"`
}

// apiMethodScore is of one method alone; intervals are those of the mixture only.
type apiMethodScore struct {
	Method string         `json:"method"`
	Weight float64        `json:"weight"`
	Own    apiMethodError `json:"own"`
	Pool   apiMethodError `json:"pool"`
}

type apiMethodError struct {
	SMAPE *float64 `json:"smape"`
	MASE  *float64 `json:"mase"`
}

type apiTrial struct {
	Origin indicator.Period `json:"origin"`
	Period indicator.Period `json:"period"`
	Mean   float64          `json:"mean"`
	Lower  float64          `json:"lower"`
	Upper  float64          `json:"upper"`
	Actual float64          `json:"actual"`
	Held   bool             `json:"held"`
}

func newBacktest(t *dashboard.Trials) *apiBacktest {
	if t == nil {
		return nil
	}
	b := &apiBacktest{Held: t.Held, Own: newScore(t.Own), Pool: newScore(t.Pool), Methods: []apiMethodScore{}, Trials: []apiTrial{}}
	for _, m := range t.Methods {
		b.Methods = append(b.Methods, apiMethodScore{m.Method, m.Weight, newMethodError(m.Own), newMethodError(m.Pool)})
	}
	for _, trial := range t.List {
		b.Trials = append(b.Trials, apiTrial{indicator.Year(trial.Origin), indicator.Year(trial.Year),
			trial.Mean, trial.Lower, trial.Upper, trial.Actual, trial.Held()})
	}
	return b
}

func newScore(s forecast.Score) apiScore {
	return apiScore{s.N, finite(s.SMAPE), finite(s.MASE), finite(s.Coverage)}
}

func newMethodError(s forecast.Score) apiMethodError {
	return apiMethodError{finite(s.SMAPE), finite(s.MASE)}
}

func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// apiAssessment is a verdict and, beside it, what the forecast says of the
// target's last year.
type apiAssessment struct {
	export.Assessment
	Chance   *apiChance         `json:"chance"`
	NoChance dashboard.NoChance `json:"no_chance"` // why there is none
}

type apiChance struct {
	apiStep
	Level       float64 `json:"level"`
	Probability float64 `json:"probability"`
	InTen       int     `json:"in_ten"` // as pages say it; 0: below 1 in 20, 10: above 19 in 20
}

func newAssessment(a dashboard.Assessed) apiAssessment {
	item := apiAssessment{Assessment: export.NewAssessment(a.Assessment), NoChance: a.NoChance}
	if c := a.Chance; c != nil {
		s := c.Expected
		item.Chance = &apiChance{apiStep{indicator.Year(s.Year), s.Mean, s.Lower95, s.Upper95},
			dashboard.OuterLevel, c.Probability, indicator.Tenths(c.Probability)}
	}
	return item
}
