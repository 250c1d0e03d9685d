package chart

import (
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// arrowPath is an arrow that points up; it is turned for a target that goes down.
const arrowPath = "path://M50,0 L92,42 L64,42 L64,160 L36,160 L36,42 L8,42 Z"

// goal draws one target with its own label.
func (d *drawing) goal(g dashboard.Goal) oneSeries {
	from := max(g.From, d.chart.From)
	until := min(max(g.Until, from), d.chart.To)
	from = min(from, until)
	s := oneSeries{charts.SingleSeries{
		Type: "line", Name: indicator.T("目标", "Target").In(d.lang), Symbol: "none",
		LineStyle: &opts.LineStyle{Color: goalColor, Width: 1.5, Type: lineType(g)},
	}, object{"z": 6, "showAllSymbol": true, "itemStyle": object{"color": goalColor}}}
	at := func(year int, v float64, last object) object {
		item := object{"value": []any{strconv.Itoa(year), v}}
		for key, value := range last {
			item[key] = value
		}
		return item
	}
	label := object{"label": d.goalLabel(g, until)}
	s.extra["labelLayout"] = object{"hideOverlap": true} // the longest stays, which is the goal itself
	switch g.Shape {
	case dashboard.GoalPoint:
		label["symbol"], label["symbolSize"] = diamond(g), 13
		s.Data = []any{at(from, g.Value, nil), at(until, g.Value, label)}
		if from == until {
			s.Data = []any{at(until, g.Value, label)}
		}
	case dashboard.GoalLine:
		label["symbol"], label["symbolSize"] = "circle", 1
		s.Data = []any{at(from, g.Value, nil), at(until, g.Value, label)}
	case dashboard.GoalPath:
		var data []any
		for i, p := range g.Path {
			if i == len(g.Path)-1 {
				label["symbol"], label["symbolSize"] = diamond(g), 11
				data = append(data, at(p.Year, p.Value, label))
			} else {
				data = append(data, at(p.Year, p.Value, nil))
			}
		}
		s.Data = data
	case dashboard.GoalBand:
		label["symbol"], label["symbolSize"] = "circle", 1
		s.Data = []any{at(until, g.High, label)}
		s.extra["tooltip"] = object{"show": false} // a band has no one value
		s.extra["markArea"] = d.band(g, from, until)
		if d.chart.Fan != nil { // which may cover it
			s.extra["markLine"] = bandEdges(g, from, until)
		}
	case dashboard.GoalArrow:
		s.Data = []any{}
		s.extra["markPoint"] = d.arrow(g, until)
	}
	return s
}

func diamond(g dashboard.Goal) string {
	if g.Hollow {
		return "emptyDiamond"
	}
	return "diamond"
}

func lineType(g dashboard.Goal) string {
	if g.Hollow {
		return "dotted"
	}
	return "dashed"
}

// goalLabel says value and year, and below it the document. It stands to the
// right of its mark where the years to come leave room for it, also on a phone,
// else above it and to the left; where a forecast runs to the right, above or
// below the mark.
func (d *drawing) goalLabel(g dashboard.Goal, year int) object {
	label := object{
		"show": true, "position": "top", "align": "right", "offset": []int{8, 0}, "formatter": d.goalText(g),
		"color": goalColor, "fontSize": 11, "lineHeight": 15, "textBorderColor": paperColor, "textBorderWidth": 3,
	}
	roomy := 5*(d.chart.To-year) >= 2*(d.chart.To-d.chart.From)
	ahead, forecast := d.fanAt(year)
	switch {
	case g.Milestone: // below, and small: the goal's own label stands above
		label["position"], label["offset"], label["fontSize"], label["lineHeight"] = "bottom", []int{10, 0}, 10, 13
	case roomy && d.chart.Fan == nil:
		label["position"], label["align"], label["offset"] = "right", "left", []int{2, 0}
	case forecast && g.Shape != dashboard.GoalBand && g.Value < ahead: // away from the middle of the forecast
		if ahead < d.chart.Fan.From.Value && d.roomBelow(g.Value) { // which falls from the upper left
			label["position"] = "bottom"
		}
	case roomy && forecast:
		label["align"], label["offset"] = "left", []int{-8, 0}
	}
	return label
}

// roomBelow reports whether a label of three lines fits between a value and the axis.
func (d *drawing) roomBelow(v float64) bool {
	low, high, _ := d.extent()
	return v-low > 0.25*(high-low)
}

func (d *drawing) goalText(g dashboard.Goal) string {
	text := wrap(g.Label.In(d.lang), labelWidth)
	if document := g.Document.In(d.lang); document != "" {
		text += "\n" + short(document, labelWidth)
	}
	return text
}

func (d *drawing) band(g dashboard.Goal, from, until int) object {
	return object{
		"silent":    true,
		"itemStyle": object{"color": bandColor, "opacity": 0.75},
		"data": []any{[]any{
			object{"xAxis": strconv.Itoa(from), "yAxis": g.High},
			object{"xAxis": strconv.Itoa(until), "yAxis": g.Low},
		}},
	}
}

func bandEdges(g dashboard.Goal, from, until int) object {
	var data []any
	for _, v := range []float64{g.Low, g.High} {
		data = append(data, []any{object{"coord": []any{strconv.Itoa(from), v}}, object{"coord": []any{strconv.Itoa(until), v}}})
	}
	return object{
		"silent": true, "symbol": "none", "label": object{"show": false}, "data": data,
		"lineStyle": object{"color": goalColor, "width": 1, "type": lineType(g)},
	}
}

// arrow stands in the target's last year, level with the latest reading: where
// it starts has no meaning, only where it points. Its label is beyond its tip,
// away from the readings. Where a forecast would lie under both, it stands on the
// latest reading itself. A hollow arrow is one that does not count.
func (d *drawing) arrow(g dashboard.Goal, year int) object {
	rotate, offset, position := 0, -22, "top"
	if !g.Up {
		rotate, offset, position = 180, 22, "bottom"
	}
	style := object{"color": goalColor}
	if g.Hollow {
		style = object{"color": paperColor, "borderColor": goalColor, "borderWidth": 1.5}
	}
	if d.chart.Fan != nil {
		year = d.chart.Fan.From.Year
	}
	label := d.goalLabel(g, d.chart.To)
	label["position"], label["distance"] = position, 6
	return object{
		"silent": true, "symbol": arrowPath, "symbolSize": []int{16, 40}, "symbolRotate": rotate,
		"symbolOffset": []int{0, offset}, "itemStyle": style, "label": label,
		"data": []any{object{"coord": []any{strconv.Itoa(year), d.round(g.Value)}}},
	}
}
