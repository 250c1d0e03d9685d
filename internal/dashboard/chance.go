package dashboard

import (
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// Chance is what the forecast says of a target in its last year. It stands beside
// the status and never enters it.
type Chance struct {
	Year        int
	Expected    OutlookStep // the forecast of that year
	Probability float64     // that the target is met in that year
	Misses      bool        // the middle of what is expected falls short of the target
}

// NoChance says why there is no probability.
type NoChance string

// The reasons. Without a target that is open and in force there is none to give,
// and nothing to say about it: NoChanceAsked.
const (
	NoChanceAsked    NoChance = "not_asked"     // closed, achieved, not in force, in words or without a side
	NoChanceForecast NoChance = "no_forecast"   // the outlook says why
	NoChanceYear     NoChance = "no_year"       // the target names none
	NoChanceHorizon  NoChance = "horizon"       // its year is after the last that is forecast
	NoChanceOver     NoChance = "year_over"     // its year is not after the latest reading
	NoChanceSum      NoChance = "sum"           // it adds up several years; a sum has no forecast
	NoChanceRates    NoChance = "mean_of_rates" // it is a mean over several years, likewise
	NoChanceBaseline NoChance = "no_baseline"   // its value follows from a reading that is not out
)

// chance is the probability that a target is met in its last year, or why there
// is none. For a bound or band to be held every year it is that of the last year
// alone: the years hang together, and their joint probability is not known.
func chance(a Assessed, o *Outlook) (*Chance, NoChance) {
	t := a.Input.Target
	if a.Input.Indicator == nil || a.Closed || a.Status == assess.Achieved || a.Status == assess.Missed || notAsked(a) {
		return nil, NoChanceAsked
	}
	low, high, none := aims(a)
	if none != "" {
		return nil, none
	}
	if t.LastYear() == 0 {
		return nil, NoChanceYear
	}
	if o == nil || o.None != "" {
		return nil, NoChanceForecast
	}
	step, ok := o.At(t.LastYear())
	switch {
	case !ok && t.LastYear() <= o.Last:
		return nil, NoChanceOver
	case !ok:
		return nil, NoChanceHorizon
	}
	return &Chance{Year: step.Year, Expected: step, Probability: step.within(low, high),
		Misses: step.Mean < low || step.Mean > high}, ""
}

// notAsked: whoever gives no verdict for these reasons gives no probability either.
func notAsked(a Assessed) bool {
	return a.Input.Target.Kind == indicator.StatedOnly || a.Input.Target.Kind == indicator.Directed ||
		slices.Contains([]assess.Reason{assess.NotInForce, assess.DifferentBasis, assess.Undefined, assess.Stale}, a.Reason)
}

// within is the probability that the value of the year lies in low … high, both
// included; infinite ends are open. The very end of the range can have a
// probability of its own.
func (s OutlookStep) within(low, high float64) float64 {
	p := 1.0
	if !math.IsInf(high, 1) {
		p = s.AtMost(high)
	}
	if !math.IsInf(low, -1) {
		p -= s.AtMost(math.Nextafter(low, math.Inf(-1)))
	}
	return min(max(p, 0), 1)
}

// aims is where the value of the last year must lie for the target to be met.
func aims(a Assessed) (low, high float64, none NoChance) {
	t, i := a.Input.Target, a.Input.Indicator
	switch t.Kind {
	case indicator.Reach:
		if t.Sums(i) {
			return 0, 0, NoChanceSum
		}
		if a.TargetAt == nil {
			return 0, 0, NoChanceBaseline
		}
		aim := *a.TargetAt
		if t.Tolerance != nil { // 100 ± 5 is reached at its nearer edge
			aim -= assess.Desired(t, i) * t.Tolerance.Around(aim)
		}
		return side(assess.Desired(t, i), aim)
	case indicator.Hold:
		if t.Tolerance == nil {
			if t.Value == nil || t.Bound == "" {
				return 0, 0, NoChanceAsked
			}
			return side(assess.Desired(t, i), *t.Value)
		}
		middle, ok := bandMiddle(a)
		if !ok {
			return 0, 0, NoChanceBaseline
		}
		half := t.Tolerance.Around(middle)
		return middle - half, middle + half, ""
	case indicator.Grow:
		return growAims(a)
	}
	return 0, 0, NoChanceAsked
}

// growAims: y(from−1) grown at the rate until the last year.
func growAims(a Assessed) (low, high float64, none NoChance) {
	t, i := a.Input.Target, a.Input.Indicator
	if i.Measure == indicator.Growth {
		return 0, 0, NoChanceRates
	}
	if t.Value == nil || t.From == 0 {
		return 0, 0, NoChanceAsked
	}
	base, ok := a.Input.Series.At(indicator.Year(t.From - 1))
	if !ok || base.Value <= 0 {
		return 0, 0, NoChanceBaseline
	}
	if t.Until == 0 {
		return 0, 0, NoChanceYear
	}
	return side(assess.Desired(t, i), base.Value*math.Pow(1+*t.Value/100, float64(t.Until-t.From+1)))
}

// side is all values on the wanted side of v.
func side(d, v float64) (low, high float64, none NoChance) {
	switch {
	case d > 0:
		return v, math.Inf(1), ""
	case d < 0:
		return math.Inf(-1), v, ""
	}
	return 0, 0, NoChanceAsked
}
