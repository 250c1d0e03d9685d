package assess

import (
	"cmp"
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Window is what one region did in five years: the pace from the reading of From
// to that of To = From + 5, in the measure of the Precedent it belongs to.
type Window struct {
	Region   string
	From, To int
	Pace     float64
}

// Precedent says how often the pace that a target still needs was ever kept up
// for five years. All its paces are in one measure: compound growth in per cent
// a year, or a change in units (points of a ratio) a year.
type Precedent struct {
	Needed   float64 // from the latest reading on
	Compound bool    // % a year, else units a year
	Windows  int     // all windows that can be compared
	Regions  int     // that they are of
	Since    int     // the year in which the first of them begins, 0 without any
	Reached  []Window
	Best     *Window // this region's best, nil where it has no window
	// LastStart is the latest year from which the target can still be reached at
	// Best, the latest value standing still until then; 0: at Best it no longer
	// can, or there is no Best.
	LastStart int
}

// FindPrecedent holds the pace that a still needs against every five-year window
// (t−5, t] of the regions of its level. in must be what a was made from; peers
// are the series of the same indicator, as of the same moment, in all regions of
// the level of in.Region, which the caller chooses. Whether in.Region is among
// them does not matter: its windows come from in.Series, once.
//
// The pace needed leads from the latest value yt, at t, to the target value T, at
// the target year tT, in 9 decimals as every pace here:
//   - stocks and flows, yt and T positive: (T/yt)^(1/(tT−t)) − 1, in % a year;
//   - ratios, growth, and where a value is not positive: (T − yt)/(tT − t), units a year;
//   - yearly figures summed up since a base year: the same, which is the average
//     figure a year; a window's pace is then the average of its five figures;
//   - grow: the number needed_rate, or the rate itself as long as no reading of
//     the target's years is out; always in % a year.
//
// A window reaches it where its pace is as good or better in the desired
// direction: for a falling target as low or lower. Windows with a break (status B)
// in (t−5, t], without a reading at either end, or, in % a year, without positive
// values there, are not counted. False where no pace is needed: no target value
// or year, the value met, the target year's reading out, a different basis; nor
// where a rate is compared with published rates, which are growth already.
func FindPrecedent(in Input, a Assessment, peers []indicator.Series) (Precedent, bool) {
	w, ok := wayLeft(in, a)
	if !ok {
		return Precedent{}, false
	}
	w.needed = rounded9(w.needed)
	p := Precedent{Needed: w.needed, Compound: w.compound}
	own := in.Series
	own.Region = in.Region
	all := w.windows(own, in.AsOfPeriod)
	if len(all) > 0 {
		best := slices.MinFunc(all, w.better)
		p.Best, p.LastStart = &best, w.lastStart(best.Pace)
	}
	for _, s := range peers {
		if s.Region != in.Region {
			all = append(all, w.windows(s, in.AsOfPeriod)...)
		}
	}
	p.count(all)
	p.Reached = slices.DeleteFunc(all, func(x Window) bool { return less(w.d*x.Pace, w.d*w.needed) })
	slices.SortFunc(p.Reached, w.better)
	return p, true
}

// count says how many windows there are, of how many regions, since when.
func (p *Precedent) count(all []Window) {
	p.Windows = len(all)
	regions := map[string]bool{}
	for i, w := range all {
		regions[w.Region] = true
		if i == 0 || w.From < p.Since {
			p.Since = w.From
		}
	}
	p.Regions = len(regions)
}

// way is what lies before a target: the pace needed in the years left, and how a
// window is measured to be compared with it.
type way struct {
	d, needed float64
	years     int // left
	until     int // the target year, 0 none
	compound  bool
	summed    bool
}

func wayLeft(in Input, a Assessment) (way, bool) {
	if in.Indicator == nil {
		return way{}, false
	}
	j := begin(a.Method, a.Version, in)
	w := way{d: j.desired(), until: in.Target.LastYear(), summed: j.summed()}
	if !j.known || j.result.Closed || j.vague() || slices.Contains(j.reasons, DifferentBasis) {
		return way{}, false
	}
	if in.Target.Kind == indicator.Grow {
		return w.toRate(j, a)
	}
	return w.toValue(j, a)
}

// toValue is the way to a target value. Within a tolerance there is none left,
// and a band is entered from whichever side the latest value lies on.
func (w way) toValue(j *judgement, a Assessment) (way, bool) {
	yt, ok := a.Number("yt")
	if a.TargetAt == nil || a.NeededPerYear == nil || !ok {
		return way{}, false
	}
	T := *a.TargetAt
	near := T
	if edge, ok := a.Number("edge"); ok {
		near = edge
	}
	if tolerance, ok := a.Number("tolerance"); ok && j.target.Kind == indicator.Hold {
		w.d = math.Copysign(1, T-yt)
		near = T - w.d*tolerance
	}
	w.years, w.needed = w.until-j.t, *a.NeededPerYear
	amounts := j.indicator.Measure == indicator.Stock || j.indicator.Measure == indicator.Flow
	if amounts && !w.summed && yt > 0 && T > 0 {
		w.compound, w.needed = true, compoundRate(yt, T, w.years)
	}
	return w, less(0, w.d*(near-yt)) && finite(w.needed)
}

// toRate is the way of a grow target.
func (w way) toRate(j *judgement, a Assessment) (way, bool) {
	from := j.target.From
	if j.target.Value == nil || from == 0 || w.d == 0 {
		return way{}, false
	}
	w.compound = true
	w.years = w.until - max(j.t, from-1)
	if j.t < from {
		w.needed = *j.target.Value
		return w, j.indicator.Measure != indicator.Growth && !equal(w.needed, 0)
	}
	needed, ok := a.Number("needed_rate")
	w.needed = needed
	return w, ok
}

// windows are the paces of one region that can be compared.
func (w way) windows(s indicator.Series, limit indicator.Period) []Window {
	years := yearlyOf(s, limit, 0)
	var list []Window
	for to := range years {
		if years.breaksIn(to-5, to) {
			continue
		}
		if pace, ok := w.pace(years, to); ok && finite(pace) {
			list = append(list, Window{Region: s.Region, From: to - 5, To: to, Pace: rounded9(pace)})
		}
	}
	return list
}

func (w way) pace(years yearly, to int) (float64, bool) {
	if w.summed {
		sum, ok := years.sumAfter(to-5, to)
		return sum / 5, ok
	}
	y5, ok := years.at(to - 5)
	y := years[to].Value
	if !w.compound {
		return (y - y5) / 5, ok
	}
	if !ok || y5 <= 0 || y <= 0 {
		return 0, false
	}
	return compoundRate(y5, y, 5), true
}

// better orders windows: the best pace first, then by region and year.
func (w way) better(a, b Window) int {
	return cmp.Or(cmp.Compare(w.d*b.Pace, w.d*a.Pace), cmp.Compare(a.Region, b.Region), cmp.Compare(a.To, b.To))
}

// lastStart: how many years at the best pace make up for the whole way left.
func (w way) lastStart(best float64) int {
	total, yearly := w.needed*float64(w.years), best
	if w.compound {
		total, yearly = math.Log1p(w.needed/100)*float64(w.years), math.Log1p(best/100)
	}
	switch {
	case w.until == 0 || less(w.d*best, w.d*w.needed):
		return 0
	case !less(0, w.d*total): // standing still suffices
		return w.until
	}
	return w.until - min(w.years, int(math.Ceil(rounded9(total/yearly))))
}

// compoundRate is the yearly growth in per cent that leads from a to b, both
// positive, in so many years.
func compoundRate(a, b float64, years int) float64 {
	return (math.Pow(b/a, 1/float64(years)) - 1) * 100
}
