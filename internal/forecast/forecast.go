package forecast

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Point is one reading. Time counts periods: consecutive periods have
// consecutive numbers, and what is missing between them is a gap.
type Point struct {
	Time  int
	Value float64
	Break bool // not comparable with the points before it
}

// Range is where the values of a series can lie. Ends that are infinite are
// open. The zero Range says nothing: then a series without a negative value
// stays at or above zero, and any other is open on both sides.
type Range struct{ Min, Max float64 }

// Series is one series to forecast. Points are in order of time, each time once.
type Series struct {
	Points []Point
	Range  Range
}

// Options say what is asked for. Progress, where it is not nil, hears from one
// goroutine at a time how many of all series are done.
type Options struct {
	Horizon  int     // steps after the last point, from 1 to MaxHorizon
	Level    float64 // of the intervals, per cent, above 0 and below 100
	Progress func(done, total int)
}

// MaxHorizon is the farthest step that is forecast.
const MaxHorizon = 50

// MaxValue is the largest size of a value.
const MaxValue = 1e100

// Step is the forecast of one period. Mean is the middle of what is expected:
// the value that errs least in absolute terms.
type Step struct {
	Time               int
	Mean, Lower, Upper float64

	view   view
	center float64 // Mean, inside the range
	scale  float64 // usual size of the errors, on the view
	errors *spread
}

// AtMost is the probability that the value of the step is v or less.
func (s Step) AtMost(v float64) float64 {
	switch {
	case v >= s.view.max:
		return 1
	case v < s.view.min, v == s.view.min && s.view.kind != plain:
		return 0
	}
	return s.errors.atMost(s.view.apart(v, s.center) / s.scale)
}

// Share is the weight of one method in a forecast; those of all add up to one.
type Share struct {
	Method string
	Weight float64
}

// Forecast is the outlook of one series, and what of its history it rests on.
type Forecast struct {
	Steps     []Step
	Model     string  // the heaviest methods, at most three, as one name
	Shares    []Share // the methods that weigh half a per cent or more, the heaviest first
	From      int     // time of the first point used
	Unused    int     // points before From, cut off by a break or a long gap
	Breaks    []int   // times of the flagged breaks
	Suspected []int   // time of a step that looks like a break and is not flagged; it cuts, too
	Bridged   []int   // missing times that a straight line fills
}

// ErrNoPoints means a series without points, ErrPoints one whose points are out
// of order, no numbers or too large, ErrRange one with points outside its range,
// ErrOptions a horizon or level out of bounds.
var (
	ErrNoPoints = errors.New("the series has no points")
	ErrPoints   = errors.New("points must be numbers up to 1e100, in order of time, each time once")
	ErrRange    = errors.New("a point lies outside the range of the series")
	ErrOptions  = errors.New("horizon or level out of bounds")
)

// All forecasts every series, in their order. What works over all of them bears
// on each, so a forecast depends on the company in which it is made. The same
// input gives the same output. It uses all processors.
func All(ctx context.Context, series []Series, o Options) ([]Forecast, error) {
	p, err := newPool(ctx, series, o)
	if err != nil {
		return nil, err
	}
	out := make([]Forecast, len(series))
	for i := range out {
		out[i] = p.outlook(i)
	}
	return out, nil
}

func (o Options) check() error {
	if o.Horizon < 1 || o.Horizon > MaxHorizon || !(o.Level > 0 && o.Level < 100) {
		return ErrOptions
	}
	return nil
}

func (s Series) check() error {
	if len(s.Points) == 0 {
		return ErrNoPoints
	}
	for i, p := range s.Points {
		if !(math.Abs(p.Value) <= MaxValue) || i > 0 && p.Time <= s.Points[i-1].Time {
			return ErrPoints
		}
		if s.Range != (Range{}) && !(p.Value >= s.Range.Min && p.Value <= s.Range.Max) {
			return ErrRange
		}
	}
	return nil
}

// checkAll names the first series, counted from one, that cannot be forecast.
func checkAll(series []Series) error {
	for i, s := range series {
		if err := s.check(); err != nil {
			return fmt.Errorf("series %d: %w", i+1, err)
		}
	}
	return nil
}

// heaviest orders methods by weight, equal ones by their own order.
func heaviest(weights []float64) []Share {
	var list []Share
	for k, w := range weights {
		if w >= 0.005 {
			list = append(list, Share{methods[k].name, w})
		}
	}
	slices.SortStableFunc(list, func(a, b Share) int { return cmp.Compare(b.Weight, a.Weight) })
	return list
}

func modelName(shares []Share) string {
	name := ""
	for i, s := range shares[:min(3, len(shares))] {
		if i > 0 {
			name += " + "
		}
		name += s.Method
	}
	return name
}
