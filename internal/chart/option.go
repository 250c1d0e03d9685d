// Package chart turns a dashboard.Chart into an ECharts option: plain JSON
// without functions, so that the same option can be drawn by a page under a
// strict content security policy and by a renderer without a browser.
package chart

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// ErrFunction is returned for a chart whose texts hold the marker by which
// go-echarts smuggles JavaScript functions into an option.
var ErrFunction = errors.New("chart text holds a JavaScript function marker")

// fontFamily has single quotes: ECharts writes it into a style="…" of an SVG as it is.
const fontFamily = `'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif`

// Option is the chart in one language as an ECharts 6 option. It may stand in a
// <script type="application/json"> element: <, > and & are escaped. A value that
// is not finite is an error.
func Option(c *dashboard.Chart, lang indicator.Lang) (json.RawMessage, error) {
	d := drawing{chart: c, lang: lang}
	var option map[string]any
	var err error
	switch c.Form {
	case dashboard.FormLine:
		option, err = d.lines()
	case dashboard.FormBars:
		option, err = d.bars()
	case dashboard.FormSteps:
		option, err = d.steps()
	default:
		err = fmt.Errorf("unknown form %q", c.Form)
	}
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.ID, err)
	}
	text, err := json.Marshal(option)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.ID, err)
	}
	if bytes.Contains(text, []byte("__f__")) {
		return nil, fmt.Errorf("chart %s: %w", c.ID, ErrFunction)
	}
	return text, nil
}

// Height is how high the chart wants to be, in CSS pixels; its width is free.
func Height(c *dashboard.Chart) int {
	switch c.Form {
	case dashboard.FormBars:
		return 64 + 22*len(c.Bars)
	case dashboard.FormSteps:
		return 260
	default:
		return 340
	}
}

// drawing is one chart on its way to an option in one language.
type drawing struct {
	chart *dashboard.Chart
	lang  indicator.Lang
}

// object is a part of an option that go-echarts has no fields for.
type object = map[string]any

// encode takes what go-echarts built as plain maps, to which the parts it has no
// fields for are added. NaN and Inf become an error here.
func (d *drawing) encode(built any) (object, error) {
	text, err := json.Marshal(built)
	if err != nil {
		return nil, err
	}
	var option object
	if err := json.Unmarshal(text, &option); err != nil {
		return nil, err
	}
	delete(option, "toolbox")
	option["textStyle"] = object{"fontFamily": fontFamily, "color": inkColor}
	option["aria"] = object{"enabled": true, "label": object{"description": d.chart.Description.In(d.lang)}}
	return option, nil
}

// common is what all forms share: no animation, no legend (lines carry their
// names), a tooltip drawn on the canvas, and the word for generated data.
func (d *drawing) common(trigger string) []charts.GlobalOpts {
	generated := ""
	if d.chart.Generated {
		generated = dashboard.MarkName(dashboard.MarkGenerated).In(d.lang)
	}
	return []charts.GlobalOpts{
		charts.WithInitializationOpts(opts.Initialization{ChartID: d.chart.ID}),
		charts.WithAnimation(false),
		charts.WithColorsOpts(namedColors[:]),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTitleOpts(opts.Title{
			Title: generated, Right: "8", Top: "0",
			TitleStyle: &opts.TextStyle{Color: faintColor, FontSize: 12, FontWeight: "normal"},
		}),
		charts.WithTooltipOpts(opts.Tooltip{
			Show: opts.Bool(true), Trigger: trigger, BackgroundColor: paperColor, BorderColor: gridColor,
		}),
	}
}

// tooltip completes the tooltip: HTML tooltips set inline styles, which the
// content security policy forbids.
func tooltip(option object) {
	t := option["tooltip"].(object)
	t["renderMode"], t["confine"] = "richText", true
	t["textStyle"] = object{"color": inkColor, "fontSize": 12}
}

// round keeps the decimals that the indicator shows, for short options.
func (d *drawing) round(v float64) float64 {
	scale := math.Pow(10, float64(d.chart.Decimals))
	if r := math.Round(v*scale) / scale; !math.IsInf(r, 0) && !math.IsNaN(r) {
		return r
	}
	return v
}

// unit is the title of the value axis.
func (d *drawing) unit() string { return indicator.UnitName(d.chart.Unit, d.lang) }
