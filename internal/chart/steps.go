package chart

import (
	"errors"
	"math"
	"time"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/dabiao/dabiao/internal/indicator"
)

// steps draws one figure as it stood over time: a line that stays level until the
// next vintage, and is broken where there was no value.
func (d *drawing) steps() (object, error) {
	if len(d.chart.Steps) == 0 {
		return nil, errors.New("no steps")
	}
	line := charts.NewLine()
	low, high, step := d.stepExtent()
	line.SetGlobalOptions(append(d.common("axis"),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "28", Top: "36", Bottom: "8"}),
		charts.WithXAxisOpts(opts.XAxis{
			Type: "time", SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
			AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: faintColor}},
			AxisLabel: &opts.AxisLabel{Color: faintColor, HideOverlap: opts.Bool(true)},
		}),
		charts.WithYAxisOpts(opts.YAxis{
			Type: "value", Name: d.unit(), Min: low, Max: high,
			SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: gridColor}},
			AxisLabel: &opts.AxisLabel{Color: faintColor},
		}),
	)...)
	line.MultiSeries = append(line.MultiSeries, charts.SingleSeries{
		Type: "line", Name: d.chart.Title.In(d.lang), Data: d.stepPoints(), Symbol: "circle", SymbolSize: 6, Step: "end",
		LineStyle: &opts.LineStyle{Color: ownColor, Width: 3},
	})
	option, err := d.finish(line, step)
	if err != nil {
		return nil, err
	}
	// The words of a time axis are English ones unless it is given a template.
	option["xAxis"].([]any)[0].(object)["axisLabel"].(object)["formatter"] = d.stepLabel()
	series := option["series"].([]any)[0].(object)
	series["itemStyle"], series["showAllSymbol"] = object{"color": ownColor}, true
	series["labelLayout"] = object{"hideOverlap": true}
	return option, nil
}

const stepMoment = "2006-01-02 15:04:05"

// stepLabel shows days, or hours where all happened within a few days.
func (d *drawing) stepLabel() string {
	const few = 4 * 24 * time.Hour
	if d.chart.Until.Sub(d.chart.Steps[0].At) < few {
		return "{MM}-{dd} {HH}:{mm}"
	}
	return "{yyyy}-{MM}-{dd}"
}

// stepPoints are [moment, value] in the clock of Shanghai, with the value written
// beside each, and a last one without a mark, to which the line goes on.
func (d *drawing) stepPoints() []any {
	var data []any
	var last any = "-"
	for _, s := range d.chart.Steps {
		at := s.At.In(indicator.Shanghai).Format(stepMoment)
		if s.Value == nil {
			if last != "-" { // the line reaches the moment and ends there
				data = append(data, object{"value": []any{at, last}, "symbol": "emptyCircle", "symbolSize": 8})
			}
			last = "-"
			data = append(data, []any{at, "-"})
			continue
		}
		last = d.round(*s.Value)
		data = append(data, object{"value": []any{at, last}, "label": object{
			"show": true, "position": []any{9, -14}, "color": ownColor,
			"formatter": indicator.FormatNumber(*s.Value, d.chart.Decimals), "textBorderColor": paperColor, "textBorderWidth": 3,
		}})
	}
	if last != "-" && d.chart.Until.After(d.chart.Steps[len(d.chart.Steps)-1].At) {
		at := d.chart.Until.In(indicator.Shanghai).Format(stepMoment)
		data = append(data, object{"value": []any{at, last}, "symbol": "none"})
	}
	return data
}

// stepExtent is the value axis around the values, which may be close together.
func (d *drawing) stepExtent() (low, high, step float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range d.chart.Steps {
		if s.Value != nil {
			low, high = math.Min(low, *s.Value), math.Max(high, *s.Value)
		}
	}
	if math.IsInf(low, 0) || math.IsInf(high, 0) || math.IsNaN(low+high) {
		return 0, 1, 0.25
	}
	margin := (high - low) / 4 // what was revised a little shall not fill the drawing from edge to edge
	floor := low - margin
	if low >= 0 {
		floor = math.Max(floor, 0)
	}
	return roundEnds(floor, high+margin)
}
