package dashboard

import (
	"context"
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// The levels of the intervals that pages show, per cent.
const (
	InnerLevel = 80
	OuterLevel = 95
)

// Outlook is the forecast of one indicator in one region, to the year Horizon.
type Outlook struct {
	Indicator string
	Region    string
	Steps     []OutlookStep // the years after the last reading; empty where there is no forecast
	None      NoOutlook     // why; empty where there is one
	Last      int           // year of the last reading, 0: none
	From      int           // first year whose reading is used
	Used      int           // readings used
	Pool      int           // series that the forecast learned from, this one included

	Model     string           // the heaviest methods as one name
	Methods   []forecast.Share // their weights, the heaviest first
	Breaks    []int            // years of flagged breaks
	Suspected []int            // years that look like a break and are not flagged; they cut, too
	Bridged   []int            // missing years that a straight line fills
}

// OutlookStep is the forecast of one year, in the indicator's unit: the middle of
// what is expected, and the intervals that should hold in 80 and 95 of 100 cases.
type OutlookStep struct {
	Year             int
	Mean             float64
	Lower80, Upper80 float64
	Lower95, Upper95 float64

	step forecast.Step
}

// Interval is the interval at another level, per cent, above 0 and below 100.
func (s OutlookStep) Interval(level float64) (lower, upper float64) { return s.step.Interval(level) }

// AtMost is the probability that the value of the year is v or less.
func (s OutlookStep) AtMost(v float64) float64 { return s.step.AtMost(v) }

// NoOutlook says why there is no forecast.
type NoOutlook string

// The reasons.
const (
	OutlookTooFew    NoOutlook = "too_few_readings" // fewer than LeastReadings
	OutlookBreak     NoOutlook = "series_break"     // too few readings since a break
	OutlookSuspected NoOutlook = "suspected_break"  // too few since a step that looks like one
	OutlookGap       NoOutlook = "gap"              // too few since a gap of three years or more
	OutlookOld       NoOutlook = "stale"            // the last reading is far behind those of the other regions
	OutlookRange     NoOutlook = "out_of_range"     // a reading lies outside the indicator's range
	OutlookOver      NoOutlook = "over"             // the last reading is of the year Horizon or later
)

// LeastReadings is how many readings a forecast needs after the last break or gap.
const LeastReadings = 5

// oldYears is how far behind the newest reading of its pool a series may end: as
// for statuses, five years.
const oldYears = 5

// At is the forecast of a year; false where there is none.
func (o *Outlook) At(year int) (OutlookStep, bool) {
	n := slices.IndexFunc(o.Steps, func(s OutlookStep) bool { return s.Year == year })
	if n < 0 {
		return OutlookStep{}, false
	}
	return o.Steps[n], true
}

// pool is the outlooks of the regions that are forecast together, and what they
// were made from.
type pool struct {
	outlooks map[string]*Outlook
	series   []forecast.Series
	regions  []string // of the series
}

// poolOf gathers the series of one indicator: those of the nation and its
// provinces, or of the children of one region. One short series alone proves
// little, and the nation's is too short to be forecast from itself; regions of
// thousands of counties are not forecast for the sake of one.
func poolOf(column *snapshot.Column, catalog *indicator.Catalog, i *indicator.Indicator, group string, limit indicator.Period) *pool {
	p := &pool{outlooks: map[string]*Outlook{}}
	members := catalog.Children(group)
	if group == "" || group == indicator.Nation {
		members = append([]*indicator.Region{catalog.Region(indicator.Nation)}, catalog.Provinces()...)
	}
	newest := 0
	known := map[string]forecast.Series{}
	for _, r := range members {
		if r == nil {
			continue
		}
		s := forecastSeries(column.Series(r.Code).Until(limit), i)
		o := &Outlook{Indicator: i.Code, Region: r.Code, None: OutlookTooFew}
		p.outlooks[r.Code] = o
		if len(s.Points) > 0 {
			o.Last, known[r.Code] = s.Points[len(s.Points)-1].Time, s
			newest = max(newest, o.Last)
		}
	}
	for _, r := range members {
		s, ok := known[r.Code]
		if !ok {
			continue
		}
		o := p.outlooks[r.Code]
		switch {
		case !inRange(s):
			o.None = OutlookRange
		case o.Last < newest-oldYears:
			o.None = OutlookOld
		case o.Last >= Horizon:
			o.None = OutlookOver
		default:
			p.series, p.regions = append(p.series, s), append(p.regions, r.Code)
		}
	}
	return p
}

// forecastSeries is a series in plain numbers. A range that the catalogue leaves
// open is open: what has never been negative, a growth rate, may become so.
func forecastSeries(s indicator.Series, i *indicator.Indicator) forecast.Series {
	out := forecast.Series{Range: forecast.Range{Min: math.Inf(-1), Max: math.Inf(1)}}
	if i.Min != nil {
		out.Range.Min = *i.Min
	} else if i.Counted != "" {
		out.Range.Min = 0
	}
	if i.Max != nil {
		out.Range.Max = *i.Max
	}
	for _, p := range s.Points {
		if p.Status.HasValue() {
			out.Points = append(out.Points, forecast.Point{Time: p.Period.Year(), Value: p.Value, Break: p.Status == indicator.Break})
		}
	}
	return out
}

func inRange(s forecast.Series) bool {
	return !slices.ContainsFunc(s.Points, func(p forecast.Point) bool {
		return p.Value < s.Range.Min || p.Value > s.Range.Max || math.Abs(p.Value) > forecast.MaxValue
	})
}

// ahead is how many steps reach the year Horizon from the series that ends first.
func (p *pool) ahead() int {
	steps := 0
	for _, s := range p.series {
		steps = max(steps, Horizon-s.Points[len(s.Points)-1].Time)
	}
	return min(steps, forecast.MaxHorizon)
}

// look forecasts all series of the pool.
func (p *pool) look(ctx context.Context, all forecaster) error {
	if len(p.series) == 0 {
		return nil
	}
	list, err := all(ctx, p.series, forecast.Options{Horizon: p.ahead(), Level: OuterLevel})
	if err != nil {
		return err
	}
	for n, f := range list {
		p.outlooks[p.regions[n]].take(f, p.series[n], len(p.series))
	}
	return nil
}

// take fills the outlook from a forecast, unless it rests on too little.
func (o *Outlook) take(f forecast.Forecast, s forecast.Series, poolSize int) {
	o.From, o.Pool, o.Breaks, o.Suspected, o.Bridged = f.From, poolSize, f.Breaks, f.Suspected, f.Bridged
	for _, p := range s.Points {
		if p.Time >= f.From {
			o.Used++
		}
	}
	if o.Used < LeastReadings {
		switch {
		case slices.Contains(f.Suspected, f.From):
			o.None = OutlookSuspected
		case slices.Contains(f.Breaks, f.From):
			o.None = OutlookBreak
		case f.Unused > 0:
			o.None = OutlookGap
		}
		return
	}
	o.None, o.Model, o.Methods = "", f.Model, f.Shares
	for _, step := range f.Steps {
		if step.Time > Horizon {
			break
		}
		at := OutlookStep{Year: step.Time, Mean: step.Mean, Lower95: step.Lower, Upper95: step.Upper, step: step}
		at.Lower80, at.Upper80 = step.Interval(InnerLevel)
		o.Steps = append(o.Steps, at)
	}
}
