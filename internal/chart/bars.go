package chart

import (
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// bars draws regions side by side, lying, from zero, in the order of the chart.
func (d *drawing) bars() (object, error) {
	bar := charts.NewBar()
	bar.SetGlobalOptions(append(d.common("item"),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "56", Top: "48", Bottom: "8"}),
		charts.WithXAxisOpts(opts.XAxis{
			Type: "value", Name: d.unit(), Position: "top", SplitNumber: 4,
			SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: gridColor}},
			AxisLabel: &opts.AxisLabel{Color: faintColor, HideOverlap: opts.Bool(true)},
		}),
		charts.WithYAxisOpts(opts.YAxis{
			Type: "category", Inverse: opts.Bool(true), Data: d.barNames(),
			AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: faintColor}},
			AxisLabel: &opts.AxisLabel{Color: inkColor},
		}),
	)...)
	bar.MultiSeries = append(bar.MultiSeries, charts.SingleSeries{
		Type: "bar", Name: d.chart.Title.In(d.lang), Data: d.barData(), BarWidth: "62%",
	})
	bar.Validate()
	// Validate gives the category data of SetXAxis to the x axis; ours is on the y axis.
	option, err := d.encode(bar.JSON())
	if err != nil {
		return nil, err
	}
	tooltip(option)
	contain(option)
	axis := option["yAxis"].([]any)[0].(object)
	axis["axisTick"] = object{"show": false}
	axis["axisLabel"].(object)["interval"] = 0
	value := option["xAxis"].([]any)[0].(object)
	value["nameLocation"], value["nameGap"] = "start", 0
	value["nameTextStyle"] = object{"color": faintColor, "align": "left", "verticalAlign": "bottom", "padding": []int{0, 0, 24, 0}}
	return option, nil
}

func (d *drawing) barNames() []string {
	names := make([]string, len(d.chart.Bars))
	for i, b := range d.chart.Bars {
		names[i] = b.Name.In(d.lang)
	}
	return names
}

// barData gives every bar its own label, because ECharts would write the number
// without separators. Generated figures are hatched.
func (d *drawing) barData() []any {
	data := make([]any, len(d.chart.Bars))
	for i, b := range d.chart.Bars {
		style := object{"color": ownColor}
		if b.Role == dashboard.RoleNation {
			style["color"] = nationColor
		}
		if slices.Contains(b.Marks, dashboard.MarkGenerated) {
			style["decal"] = object{"symbol": "rect", "color": paperColor, "dashArrayX": []int{1, 0}, "dashArrayY": []int{2, 4}, "rotation": -0.785}
		}
		data[i] = object{
			"value": d.round(b.Value), "itemStyle": style,
			"label": object{
				"show": true, "position": "right", "color": inkColor,
				"formatter": indicator.FormatNumber(b.Value, d.chart.Decimals),
			},
		}
	}
	return data
}

// contain makes room for the axis labels inside the drawing, whatever their width.
func contain(option object) {
	grid := option["grid"].([]any)[0].(object)
	grid["containLabel"] = true
}
