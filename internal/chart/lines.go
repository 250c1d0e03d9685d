package chart

import (
	"slices"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// lines draws regions over time, from the chart's first year to its last, with
// what the targets ask for.
func (d *drawing) lines() (object, error) {
	line := charts.NewLine()
	trigger := "axis"
	if !d.focused() {
		trigger = "item" // a list of thirty regions is no tooltip
	}
	low, high, step := d.extent()
	line.SetGlobalOptions(append(d.common(trigger),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "20", Top: "36", Bottom: "8"}),
		charts.WithXAxisOpts(opts.XAxis{
			Type:     "category",
			AxisLine: &opts.AxisLine{LineStyle: &opts.LineStyle{Color: faintColor}},
			AxisLabel: &opts.AxisLabel{Color: faintColor, HideOverlap: opts.Bool(true),
				ShowMinLabel: opts.Bool(true), ShowMaxLabel: opts.Bool(true)},
		}),
		charts.WithYAxisOpts(opts.YAxis{
			Type: "value", Name: d.unit(), Min: low, Max: high,
			SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: gridColor}},
			AxisLabel: &opts.AxisLabel{Color: faintColor},
		}),
	)...)
	line.SetXAxis(d.years())
	extras := make([]object, 0, len(d.chart.Series)+len(d.chart.Goals))
	for _, s := range d.allSeries() {
		s.extra["data"], s.Data = s.Data, nil // the most of an option need not become maps first
		line.MultiSeries = append(line.MultiSeries, s.SingleSeries)
		extras = append(extras, s.extra)
	}
	option, err := d.finish(line, step)
	if err != nil {
		return nil, err
	}
	d.fanLegend(option)
	series, _ := option["series"].([]any)
	for i := range series {
		for key, value := range extras[i] {
			series[i].(object)[key] = value
		}
	}
	return option, nil
}

// finish is the option of a chart with values up its side, step apart.
func (d *drawing) finish(line *charts.Line, step float64) (object, error) {
	line.Validate()
	option, err := d.encode(line.JSON())
	if err != nil {
		return nil, err
	}
	tooltip(option)
	contain(option)
	value := option["yAxis"].([]any)[0].(object)
	value["interval"], value["nameTextStyle"] = step, object{"color": faintColor, "align": "left"}
	return option, nil
}

// oneSeries is a series with what go-echarts has no fields for.
type oneSeries struct {
	charts.SingleSeries
	extra object
}

// allSeries goes from the back to the front: other regions, the nation, the
// targets, the region itself.
func (d *drawing) allSeries() []oneSeries {
	var list []oneSeries
	focused := d.focused()
	if focused {
		if s, ok := d.others(); ok {
			list = append(list, s)
		}
	}
	var own []oneSeries
	named := 0
	for _, l := range d.chart.Series {
		switch {
		case l.Role == dashboard.RoleOther && focused:
		case l.Role == dashboard.RoleOwn:
			own = append(own, d.region(l, ownColor, 3))
		case l.Role == dashboard.RoleNation:
			list = append(list, d.region(l, nationColor, 2))
		case l.Role == dashboard.RoleNamed:
			list = append(list, d.region(l, namedColors[named%len(namedColors)], 2))
			named++
		case l.Label:
			list = append(list, d.region(l, faintColor, 1.5))
		default:
			list = append(list, d.region(l, otherColor, 1))
		}
	}
	list = append(list, d.fan()...)
	for _, g := range d.chart.Goals {
		list = append(list, d.goal(g))
	}
	list = append(list, own...)
	if !focused && len(list) > 0 {
		list[0].markBreaks(d.commonBreaks(), indicator.T("口径变化", "break").In(d.lang))
	}
	return list
}

// focused reports whether the chart is about one region, the others being only
// its background.
func (d *drawing) focused() bool {
	return slices.ContainsFunc(d.chart.Series, func(l dashboard.Line) bool { return l.Role == dashboard.RoleOwn })
}

func (d *drawing) years() []string {
	var years []string
	for y := d.chart.From; y <= d.chart.To; y++ {
		years = append(years, strconv.Itoa(y))
	}
	return years
}

// others puts the other regions into one series, its pieces parted by gaps: one
// line in the option for thirty regions, and none of them in the tooltip.
func (d *drawing) others() (oneSeries, bool) {
	var data []any
	for _, l := range d.chart.Series {
		if l.Role != dashboard.RoleOther {
			continue
		}
		data = append(data, d.points(l)...)
		if len(data) > 0 {
			data = append(data, []any{strconv.Itoa(d.chart.From), "-"})
		}
	}
	s := oneSeries{charts.SingleSeries{
		Type: "line", Name: indicator.T("其他地区", "Other regions").In(d.lang), Data: data,
		Symbol: "none", LineStyle: &opts.LineStyle{Color: otherColor, Width: 1},
	}, object{"silent": true, "z": 1, "tooltip": object{"show": false}, "itemStyle": object{"color": otherColor}}}
	return s, len(data) > 0
}

// points are the values of a line as [year, value]. A year without a figure and
// a break are gaps.
func (d *drawing) points(l dashboard.Line) []any {
	var data []any
	for _, p := range l.Points {
		year := strconv.Itoa(p.Period.Year())
		if p.Value == nil {
			data = append(data, []any{year, "-"})
			continue
		}
		if slices.Contains(p.Marks, dashboard.MarkBreak) && len(data) > 0 {
			data = append(data, []any{year, "-"})
		}
		data = append(data, []any{year, d.round(*p.Value)})
	}
	return data
}

// region is one region's line with its name at the end; provisional and
// estimated figures are hollow points, a break is a gap with its reason.
func (d *drawing) region(l dashboard.Line, color string, width float32) oneSeries {
	data := d.points(l)
	marked := map[string]bool{}
	for _, p := range l.Points {
		if l.Role == dashboard.RoleOther {
			break // too many lines for points
		}
		marked[strconv.Itoa(p.Period.Year())] = slices.Contains(p.Marks, dashboard.MarkProvisional) || slices.Contains(p.Marks, dashboard.MarkEstimated)
	}
	for i, item := range data {
		if pair := item.([]any); marked[pair[0].(string)] && pair[1] != "-" {
			data[i] = object{"value": pair, "symbol": "emptyCircle", "symbolSize": 3 * width, "itemStyle": object{"borderWidth": 2}}
		}
	}
	s := oneSeries{charts.SingleSeries{
		Type: "line", Name: l.Name.In(d.lang), Data: data, Symbol: "circle", SymbolSize: 2 * width,
		LineStyle: &opts.LineStyle{Color: color, Width: width},
	}, object{"z": 2 + int(width), "showSymbol": true, "showAllSymbol": true, "itemStyle": object{"color": color}}}
	if l.Role == dashboard.RoleOther {
		s.Symbol = "none"
		s.extra["emphasis"] = object{"focus": "series", "lineStyle": object{"color": ownColor, "width": 2}}
	}
	if l.Label {
		s.extra["endLabel"] = object{"show": true, "formatter": "{a}", "color": color, "distance": 6,
			"textBorderColor": paperColor, "textBorderWidth": 3}
		s.extra["labelLayout"] = object{"moveOverlap": "shiftY"}
		if d.chart.Fan != nil && l.Role == dashboard.RoleOwn {
			s.extra["endLabel"].(object)["offset"] = []int{-14, d.besideFan()}
		}
	}
	if l.Role != dashboard.RoleOther {
		s.markBreaks(breakYears(l), d.breakLabel(l))
	}
	return s
}
