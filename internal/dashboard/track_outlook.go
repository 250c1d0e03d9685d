package dashboard

import (
	"math"
	"strconv"

	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
)

// TrackOutlook is what a track says of the forecast.
type TrackOutlook struct {
	// Sentence is what is expected and how likely the target is, or why that
	// cannot be said.
	Sentence Text
	Basis    Text   // what the forecast rests on; the rest is empty without one
	Backtest Text   // how it would have done, in a sentence
	Scores   *Table // this and the next two on the target's own page only
	Methods  *Table
	Trials   *Table
	More     *Link // to that page, where they are
}

// trackOutlook is nil where there is nothing to say. whole adds every method and
// every trial, which on a page of many targets would bury the verdicts.
func trackOutlook(a Assessed, id string, whole bool) *TrackOutlook {
	out := &TrackOutlook{Sentence: outlookSentence(a)}
	if out.Sentence.IsZero() {
		return nil
	}
	if a.Outlook.None != "" {
		return out
	}
	out.Basis, out.Backtest = outlookBasis(a.Outlook), backtestSentence(a.Trials)
	switch {
	case a.Trials == nil:
	case whole:
		out.Scores, out.Methods, out.Trials = scoreTable(a.Trials, id), methodTable(a.Trials, id), trialTable(a, id)
	default:
		out.More = &Link{Page: "target", ID: a.Target}
	}
	return out
}

// outlookFacts are the forecast of the target's year and of the last year, and the
// probability.
func outlookFacts(a Assessed) []Fact {
	if a.Outlook == nil || a.Outlook.None != "" {
		return nil
	}
	i := a.Input.Indicator
	var facts []Fact
	years := []int{Horizon}
	if last := a.Input.Target.LastYear(); last != Horizon {
		years = []int{last, Horizon}
	}
	for _, year := range years {
		if s, ok := a.Outlook.At(year); ok {
			facts = append(facts, Fact{say("预测%d年", "Forecast for %d", year), Cell{Number: number64(s.Mean), Decimals: i.Decimals, Unit: i.Unit,
				Note: say("95%%区间%s", "95%%: %s", plainEnds(i, s.Lower95, s.Upper95))}})
		}
	}
	if a.Chance != nil {
		facts = append(facts, Fact{indicator.T("实现可能性", "Probability"), Cell{Text: indicator.Likelihood(a.Chance.Probability),
			Note: say("指%d年；预测不影响状态判定", "of %d; a forecast never enters the status", a.Chance.Year)}})
	}
	return facts
}

func number64(v float64) *float64 { return &v }

// Fan is a forecast from the last reading on, consecutive years.
type Fan struct {
	Region string
	From   PathPoint // the last reading
	Steps  []OutlookStep
	// Brief: the table leaves the inner interval out, on a page of many targets.
	Brief bool
}

// fan is the forecast as the chart of a region draws it; nil where there is none.
func fan(a Assessed, to int, brief bool) *Fan {
	o := a.Outlook
	if o == nil || o.None != "" {
		return nil
	}
	last, ok := a.Input.Series.At(indicator.Year(o.Last))
	if !ok {
		return nil
	}
	f := &Fan{Region: a.Region, From: PathPoint{o.Last, last.Value}, Brief: brief}
	for _, s := range o.Steps {
		if s.Year <= to {
			f.Steps = append(f.Steps, s)
		}
	}
	if len(f.Steps) == 0 {
		return nil
	}
	return f
}

// levels are those of the intervals in the table.
func (f *Fan) levels() []int {
	if f.Brief {
		return []int{OuterLevel}
	}
	return []int{InnerLevel, OuterLevel}
}

// cellsAt is a row's forecast: its middle and the intervals.
func (f *Fan) cellsAt(year, decimals int) []Cell {
	cells := make([]Cell, 1+len(f.levels()))
	for _, s := range f.Steps {
		if s.Year == year {
			cells[0] = Cell{Number: number64(s.Mean), Decimals: decimals}
			cells[1] = Cell{Text: ends(decimals, s.Lower80, s.Upper80)}
			cells[len(cells)-1] = Cell{Text: ends(decimals, s.Lower95, s.Upper95)}
		}
	}
	return cells
}

// describe is the fan in words, at its last year.
func (f *Fan) describe(c *Chart) Text {
	s := f.Steps[len(f.Steps)-1]
	i := &indicator.Indicator{Unit: c.Unit, Decimals: c.Decimals}
	return say("预测：%[1]d年%[2]s，95%%区间%[3]s。", "Forecast: %[2]s in %[1]d, 95%% interval %[3]s.", s.Year,
		valueOf(i, s.Mean), intervalOf(i, s.Lower95, s.Upper95))
}

// fanNote is what the parts of the fan are.
func fanNote() Text {
	return indicator.T("虚线为预测中值，深色带、浅色带为80%、95%区间；超出坐标范围的部分不显示，数值见数据表。",
		"The dashed line is the middle of the forecast, the darker and the lighter band its 80% and 95% intervals, cut off where they leave the scale; the data table has their numbers.")
}

func backtestSentence(t *Trials) Text {
	if t == nil {
		return indicator.T("数据期数少，无法回测。", "The readings are too few for a backtest.")
	}
	return say("回测：逐年退回到过去，只用当时以前的数据预测其后三年，再与实际数对照。本地区%[1]d次对照中，实际数落在95%%区间内%[2]d次；同级各地区%[3]d次中占%[4]s%%。",
		"Backtest: at each past year, the three years after it were forecast from the readings up to it and held against what came. In the last %[1]d trials here the 95%% interval held %[2]d times; over all regions forecast together, in %[4]s%% of %[3]d.",
		len(t.List), t.Held, t.Pool.N, indicator.FormatNumber(t.Pool.Coverage, 0))
}

// scoreNumber is empty for an average over nothing.
func scoreNumber(v float64, decimals int) Cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Cell{}
	}
	return Cell{Number: &v, Decimals: decimals}
}

func scoreTable(t *Trials, id string) *Table {
	table := &Table{ID: "scores-" + id, Caption: indicator.T("预测误差", "Errors of the forecasts"), Columns: []Column{
		{Key: "whose", Title: indicator.T("范围", "Whose")},
		{Key: "n", Title: indicator.T("对照次数", "Trials"), Numeric: true},
		{Key: "smape", Title: indicator.T("对称百分误差", "sMAPE"), Sub: indicator.T("sMAPE", "symmetric percentage error"), Unit: "%", Numeric: true},
		{Key: "mase", Title: indicator.T("相对误差", "MASE"), Sub: indicator.T("MASE，以平均年变动为1", "1: a usual yearly change"), Numeric: true},
		{Key: "coverage", Title: indicator.T("95%区间命中率", "Held"), Sub: indicator.T("应约为95%", "should be about 95%"), Unit: "%", Numeric: true},
	}}
	add := func(id string, name Text, s forecast.Score) {
		table.Rows = append(table.Rows, Row{ID: id, Cells: []Cell{{Text: name}, scoreNumber(float64(s.N), 0),
			scoreNumber(s.SMAPE, 1), scoreNumber(s.MASE, 2), scoreNumber(s.Coverage, 0)}})
	}
	add("own", indicator.T("本地区", "this region"), t.Own)
	add("pool", indicator.T("同级各地区", "all regions forecast together"), t.Pool)
	return table
}

func methodTable(t *Trials, id string) *Table {
	table := &Table{ID: "methods-" + id, Caption: indicator.T("各方法权重与单独预测的误差", "Weights of the methods, and their errors alone"), Columns: []Column{
		{Key: "method", Title: indicator.T("方法", "Method")},
		{Key: "weight", Title: indicator.T("权重", "Weight"), Unit: "%", Numeric: true},
		{Key: "own_mase", Title: indicator.T("本地区", "This region"), Sub: indicator.T("MASE", "MASE"), Numeric: true},
		{Key: "own_smape", Title: indicator.T("本地区", "This region"), Sub: indicator.T("sMAPE", "sMAPE"), Unit: "%", Numeric: true},
		{Key: "pool_mase", Title: indicator.T("同级各地区", "All regions"), Sub: indicator.T("MASE", "MASE"), Numeric: true},
		{Key: "pool_smape", Title: indicator.T("同级各地区", "All regions"), Sub: indicator.T("sMAPE", "sMAPE"), Unit: "%", Numeric: true},
	}}
	for _, m := range t.Methods {
		weight := scoreNumber(100*m.Weight, 0)
		if m.Weight == 0 {
			weight = Cell{}
		}
		table.Rows = append(table.Rows, Row{ID: m.Method, Cells: []Cell{{Text: methodName(m.Method)}, weight,
			scoreNumber(m.Own.MASE, 2), scoreNumber(m.Own.SMAPE, 1), scoreNumber(m.Pool.MASE, 2), scoreNumber(m.Pool.SMAPE, 1)}})
	}
	return table
}

func trialTable(a Assessed, id string) *Table {
	i := a.Input.Indicator
	table := &Table{ID: "trials-" + id, Caption: indicator.T("历次预测与实际", "Past forecasts and what came"), Columns: []Column{
		{Key: "origin", Title: indicator.T("依据数据截至", "Readings up to")},
		{Key: "year", Title: indicator.T("预测年份", "Year")},
		{Key: "forecast", Title: indicator.T("预测", "Forecast"), Unit: i.Unit, Numeric: true},
		{Key: "interval", Title: indicator.T("95%区间", "95% interval"), Unit: i.Unit, Numeric: true},
		{Key: "actual", Title: indicator.T("实际", "Came"), Unit: i.Unit, Numeric: true},
		{Key: "held", Title: indicator.T("是否落在区间内", "Inside")},
	}}
	for _, t := range a.Trials.List {
		held := indicator.T("否", "no")
		if t.Held() {
			held = indicator.T("是", "yes")
		}
		table.Rows = append(table.Rows, Row{ID: strconv.Itoa(t.Origin) + "-" + strconv.Itoa(t.Year), Cells: []Cell{
			{Period: indicator.Year(t.Origin)}, {Period: indicator.Year(t.Year)}, {Number: number64(t.Mean), Decimals: i.Decimals},
			{Text: ends(i.Decimals, t.Lower, t.Upper)}, {Number: number64(t.Actual), Decimals: i.Decimals}, {Text: held}}})
	}
	return table
}
