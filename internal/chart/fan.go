package chart

import (
	"math"
	"slices"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// fan draws a forecast from the last reading on: the 95 % interval, on it the 80 %
// interval, and the dashed middle. The bands stay apart without colour, by their
// lightness and their edges.
func (d *drawing) fan() []oneSeries {
	f := d.chart.Fan
	if f == nil {
		return nil
	}
	outer := func(s dashboard.OutlookStep) (low, high float64) { return s.Lower95, s.Upper95 }
	inner := func(s dashboard.OutlookStep) (low, high float64) { return s.Lower80, s.Upper80 }
	return append(append(d.fanBand(dashboard.OuterLevel, outerColor, outer), d.fanBand(dashboard.InnerLevel, innerColor, inner)...), d.fanMiddle()...)
}

// fanBand is an area between two edges. ECharts fills from a line down to the one
// that it is stacked on, so the area is the height between the edges on an unseen
// lower one; neither is a figure, and the tooltip shows the edges themselves.
func (d *drawing) fanBand(level int, color string, ends func(dashboard.OutlookStep) (low, high float64)) []oneSeries {
	f := d.chart.Fan
	at := strconv.Itoa(f.From.Year)
	base, height := []any{[]any{at, f.From.Value}}, []any{[]any{at, 0}}
	var lower, upper []any
	for _, s := range f.Steps {
		year := strconv.Itoa(s.Year)
		low, high := ends(s)
		low, high = d.round(low), d.round(high)
		base, height = append(base, []any{year, low}), append(height, []any{year, d.round(high - low)})
		lower, upper = append(lower, []any{year, low}), append(upper, []any{year, high})
	}
	stack := "fan" + strconv.Itoa(level)
	name := d.bandName(level)
	hidden := func(name string, data []any, z int) oneSeries {
		return oneSeries{charts.SingleSeries{Type: "line", Name: name, Data: data, Symbol: "none", Stack: stack,
			LineStyle: &opts.LineStyle{Color: color, Width: 0.5, Opacity: opts.Float(0)},
		}, object{"stackStrategy": "all", "silent": true, "z": z, "tooltip": object{"show": false}, "itemStyle": object{"color": color}}}
	}
	z := 2
	if level == dashboard.InnerLevel {
		z = 3
	}
	floor, area := hidden(stack, base, z), hidden(name, height, z)
	area.extra["areaStyle"] = object{"color": color, "opacity": 0.8}
	edge := func(zh, en string, data []any) oneSeries {
		return oneSeries{charts.SingleSeries{Type: "line", Name: name + indicator.T(zh, en).In(d.lang), Data: data, Symbol: "none",
			LineStyle: &opts.LineStyle{Color: edgeColor, Width: 0.8, Type: edgeType(level)},
		}, object{"z": z, "silent": true, "itemStyle": object{"color": color}}}
	}
	return []oneSeries{floor, area, edge("上限", ", upper end", upper), edge("下限", ", lower end", lower)}
}

func (d *drawing) bandName(level int) string {
	n := strconv.Itoa(level)
	return indicator.T(n+"%区间", n+"% interval").In(d.lang)
}

func edgeType(level int) string {
	if level == dashboard.OuterLevel {
		return "dotted"
	}
	return "solid"
}

// fanMiddle is the line of the forecast, and the piece that ties it to the last
// reading, which is no forecast.
func (d *drawing) fanMiddle() []oneSeries {
	f := d.chart.Fan
	var data []any
	for _, s := range f.Steps {
		data = append(data, []any{strconv.Itoa(s.Year), d.round(s.Mean)})
	}
	style := &opts.LineStyle{Color: ownColor, Width: 2, Type: "dashed"}
	tie := []any{[]any{strconv.Itoa(f.From.Year), d.round(f.From.Value)}, data[0]}
	return []oneSeries{
		{charts.SingleSeries{Type: "line", Name: "tie", Data: tie, Symbol: "none", LineStyle: style},
			object{"z": 4, "silent": true, "tooltip": object{"show": false}, "itemStyle": object{"color": ownColor}}},
		{charts.SingleSeries{Type: "line", Name: d.forecastName(), Data: data, Symbol: "none", LineStyle: style},
			object{"z": 4, "itemStyle": object{"color": ownColor}}},
	}
}

func (d *drawing) forecastName() string { return indicator.T("预测", "Forecast").In(d.lang) }

// besideFan is how far the name at the end of the region's line is moved down, so
// that it stands above the forecast that begins there, or below it where an arrow
// or the name of the nation is above.
func (d *drawing) besideFan() int {
	const away = 16
	up := func(g dashboard.Goal) bool { return g.Shape == dashboard.GoalArrow && g.Up }
	low, high, _ := d.extent()
	near := func(l dashboard.Line) bool {
		end := endOf(l)
		return l.Role == dashboard.RoleNation && end >= d.chart.Fan.From.Value && end-d.chart.Fan.From.Value < 0.2*(high-low)
	}
	if slices.ContainsFunc(d.chart.Goals, up) || slices.ContainsFunc(d.chart.Series, near) {
		return away
	}
	return -away
}

// endOf is the last value of a line, not a number where it has none.
func endOf(l dashboard.Line) float64 {
	for _, p := range slices.Backward(l.Points) {
		if p.Value != nil {
			return *p.Value
		}
	}
	return math.NaN()
}

// fanAt is the middle of the forecast in a year.
func (d *drawing) fanAt(year int) (float64, bool) {
	if d.chart.Fan != nil {
		for _, s := range d.chart.Fan.Steps {
			if s.Year == year {
				return s.Mean, true
			}
		}
	}
	return 0, false
}

// fanLegend names the parts of a fan below the drawing; lines carry their names.
func (d *drawing) fanLegend(option object) {
	if d.chart.Fan == nil {
		return
	}
	option["legend"] = object{
		"show": true, "bottom": 0, "left": "center", "selectedMode": false, "itemWidth": 28, "itemHeight": 10, "itemGap": 14,
		"textStyle": object{"color": inkColor, "fontSize": 12},
		"data": []any{
			object{"name": d.forecastName(), "itemStyle": object{"opacity": 0}, "lineStyle": object{"color": ownColor, "width": 2, "type": []int{6, 4}}},
			object{"name": d.bandName(dashboard.InnerLevel), "icon": "rect", "itemStyle": object{"color": innerColor, "borderColor": edgeColor, "borderWidth": 0.8}},
			object{"name": d.bandName(dashboard.OuterLevel), "icon": "rect", "itemStyle": object{"color": outerColor, "borderColor": edgeColor, "borderWidth": 0.8}},
		},
	}
	grid := option["grid"].([]any)[0].(object)
	grid["bottom"] = "34"
}

// widenFan makes room for the middle, and for the intervals as far as they leave
// the readings readable: a forecast that knows little may reach ten times as far.
func (d *drawing) widenFan(low, high float64, widen func(float64)) {
	f := d.chart.Fan
	if f == nil {
		return
	}
	for _, s := range f.Steps {
		widen(s.Mean)
		low, high = math.Min(low, s.Mean), math.Max(high, s.Mean)
	}
	room := max(high-low, math.Abs(high)*0.1)
	for _, s := range f.Steps {
		widen(math.Max(s.Lower95, low-room))
		widen(math.Min(s.Upper95, high+room))
	}
}
