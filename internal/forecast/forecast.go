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

// Step is the forecast of one period. Mean is the middle of what is expected:
// it is as likely to be exceeded as to be missed.
type Step struct {
	Time               int
	Mean, Lower, Upper float64

	view   view
	center float64 // Mean in the view
	scale  float64 // of the errors, in the view
	errors *spread
}

// AtMost is the probability that the value of the step is v or less.
func (s Step) AtMost(v float64) float64 {
	if !s.view.holds(v) { // at the edge of the range or beyond
		if v <= s.view.min {
			return 0
		}
		return 1
	}
	d := s.view.to(v) - s.center
	if s.scale == 0 {
		if d < 0 {
			return 0
		}
		return 1
	}
	return s.errors.atMost(d / s.scale)
}

// Share is the weight of one method in a forecast.
type Share struct {
	Method string
	Weight float64
}

// Forecast is the outlook of one series, and what of its history it rests on.
type Forecast struct {
	Steps    []Step
	Model    string  // the heaviest methods, as one name
	Shares   []Share // all methods with a weight, the heaviest first
	From     int     // time of the first point used
	Unused   int     // points before From: before a break or a long gap
	Breaks   []int   // times of breaks that cut the history, as flagged
	Bridged  []int   // missing times that were filled by a straight line
	Constant bool    // all points used are equal
}

// ErrNoPoints means a series without points; ErrPoints one whose points are out
// of order or no numbers; ErrOptions a horizon or level out of bounds.
var (
	ErrNoPoints = errors.New("the series has no points")
	ErrPoints   = errors.New("points must be finite, in order of time, each time once")
	ErrOptions  = errors.New("horizon or level out of bounds")
)

// All forecasts every series, in their order. What works over all of them bears
// on each, so a forecast depends on the company it is made in; the same input
// gives the same output. It uses all processors.
func All(ctx context.Context, series []Series, o Options) ([]Forecast, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	for i, s := range series {
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("series %d: %w", i+1, err)
		}
	}
	p := &pool{options: o, histories: make([]history, len(series))}
	for i, s := range series {
		p.histories[i] = newHistory(s)
	}
	return p.forecast(ctx)
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
		if math.IsNaN(p.Value) || math.IsInf(p.Value, 0) || i > 0 && p.Time <= s.Points[i-1].Time {
			return ErrPoints
		}
	}
	return nil
}

// heaviest orders shares by weight, equal ones by the order of the methods.
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
