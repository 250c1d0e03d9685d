package dashboard

import (
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// outlookSentence says what is expected in the target's year and how likely the
// target is, or why neither can be said; empty where there is nothing to say.
func outlookSentence(a Assessed) Text {
	o, i := a.Outlook, a.Input.Indicator
	switch {
	case o == nil:
		return Text{}
	case o.None != "":
		return noOutlookText(o)
	case a.Chance != nil:
		return sentences(expectation(i, a.Chance.Expected), chanceSentence(a))
	}
	step, ok := o.At(a.Input.Target.LastYear())
	if !ok {
		step = o.Steps[len(o.Steps)-1]
	}
	return sentences(expectation(i, step), noChanceText(a.NoChance))
}

// expectation: 按历史走势预测，2030年约为2.86%（95%区间2.45%～3.30%）。
func expectation(i *indicator.Indicator, s OutlookStep) Text {
	return say("按历史走势预测，%[1]d年约为%[2]s（95%%区间%[3]s）。", "Forecast from its own past: about %[2]s in %[1]d (95%% interval %[3]s).",
		s.Year, valueOf(i, s.Mean), intervalOf(i, s.Lower95, s.Upper95))
}

// intervalOf is two ends with their unit: 1,602.2～7,772.8亿元.
func intervalOf(i *indicator.Indicator, low, high float64) Text {
	text := join("～", " to ", valueOf(i, low), valueOf(i, high))
	if i.Unit != "%" {
		text.ZH = indicator.FormatNumber(low, i.Decimals) + "～" + valueOf(i, high).ZH
	}
	return text
}

// plainEnds is two ends without a unit, beside a value that has it.
func plainEnds(i *indicator.Indicator, low, high float64) Text {
	text := ends(i.Decimals, low, high)
	if i.Unit == "亿元" { // in billions
		text.EN = ends(i.Decimals+1, low/10, high/10).EN
	}
	return text
}

// ends is two ends without a unit, for a table whose head has it.
func ends(decimals int, low, high float64) Text {
	l, h := indicator.FormatNumber(low, decimals), indicator.FormatNumber(high, decimals)
	return indicator.T(l+"～"+h, l+"\u00a0to\u00a0"+h) // on one line
}

func chanceSentence(a Assessed) Text {
	t := a.Input.Target
	switch {
	case t.Kind != indicator.Hold:
		return say("达到目标的可能性%s。", "Reaching the target: %s.", indicator.Likelihood(a.Chance.Probability))
	case t.Tolerance != nil:
		return say("%[1]d年当年处于目标区间内的可能性%[2]s（不含其间各年）。",
			"Being inside the band in %[1]d: %[2]s (that year alone, not all years until then).", a.Chance.Year, indicator.Likelihood(a.Chance.Probability))
	}
	return say("%[1]d年当年符合目标的可能性%[2]s（不含其间各年）。",
		"Meeting the bound in %[1]d: %[2]s (that year alone, not all years until then).", a.Chance.Year, indicator.Likelihood(a.Chance.Probability))
}

// noChanceText says why a target has no probability, where it could have one.
func noChanceText(n NoChance) Text {
	switch n {
	case NoChanceYear:
		return indicator.T("目标未规定年份，不计算实现可能性。", "The target names no year, so there is no probability.")
	case NoChanceHorizon:
		return say("目标年份晚于预测末年%d年，不计算实现可能性。", "The target's year is after %d, the last that is forecast, so there is no probability.", Horizon)
	case NoChanceSum:
		return indicator.T("目标为多年新增数之和，由各年预测推不出其可能性，不计算。",
			"The target adds up several years; the forecasts of single years do not give its probability.")
	case NoChanceRates:
		return indicator.T("目标为多年平均增速，由各年预测推不出其可能性，不计算。",
			"The target is a mean over several years; the forecasts of single years do not give its probability.")
	case NoChanceBaseline:
		return indicator.T("目标值以尚未公布的基期数据推算，不计算实现可能性。",
			"The target value follows from a baseline that is not out, so there is no probability.")
	}
	return Text{}
}

// noOutlookText says why there is no forecast.
func noOutlookText(o *Outlook) Text {
	few := say("不足%d期，暂不预测。", "fewer than %d: no forecast.", LeastReadings)
	count := Text{ZH: strconv.Itoa(o.Used) + "期", EN: indicator.Plural(o.Used, "reading", "readings")}
	switch o.None {
	case OutlookBreak:
		return say("%[1]d年起口径变化，此后只有%[2]s数据，%[3]s", "Since the break of %[1]d there are only %[2]s, %[3]s", o.From, count, few)
	case OutlookSuspected:
		return say("%[1]d年前后疑似口径变化，此后只有%[2]s数据，%[3]s", "Since a step in %[1]d that looks like a break there are only %[2]s, %[3]s", o.From, count, few)
	case OutlookGap:
		return say("%[1]d年以前有三年以上缺数，此后只有%[2]s数据，%[3]s", "Since the gap before %[1]d there are only %[2]s, %[3]s", o.From, count, few)
	case OutlookOld:
		return say("最新数据为%d年，落后其他地区五年以上，暂不预测。", "The latest reading is of %d, more than five years behind the other regions: no forecast.", o.Last)
	case OutlookRange:
		return indicator.T("有数据超出指标的有效范围，核实前不预测。", "A reading lies outside the valid range of the indicator: no forecast until that is cleared up.")
	case OutlookOver:
		return Text{}
	case OutlookTooFew:
		if o.Last == 0 {
			return Text{} // the verdict says so
		}
		return say("只有%[1]s数据，%[2]s", "There are only %[1]s, %[2]s", count, few)
	}
	return Text{}
}

// outlookBasis says what a forecast rests on, and what it left out or filled in.
func outlookBasis(o *Outlook) Text {
	list := []Text{say("预测用%[1]d—%[2]d年%[3]d期数据，与同级共%[4]d个序列一并估计。",
		"The forecast uses %[3]d readings of %[1]d–%[2]d and learns from %[4]d series of this level together.", o.From, o.Last, o.Used, o.Pool)}
	if n := len(o.Breaks); n > 0 && o.Breaks[n-1] == o.From {
		list = append(list, say("%d年起口径变化，此前数据不用。", "What lies before the break of %d is not used.", o.From))
	}
	for _, year := range o.Suspected {
		list = append(list, say("%d年前后疑似口径变化，此前数据不用；如属实，请在数据上标注。",
			"A step in %d looks like a break that is not flagged: what lies before is not used.", year))
	}
	if len(o.Bridged) > 0 {
		years := make([]string, len(o.Bridged))
		for n, year := range o.Bridged {
			years[n] = strconv.Itoa(year)
		}
		list = append(list, say("%s年缺数，预测时按直线补齐。", "%s had no reading and were filled by a straight line.",
			indicator.T(strings.Join(years, "、"), strings.Join(years, ", "))))
	}
	return sentences(list...)
}

// methodNames are the methods of package forecast in words.
var methodNames = map[string]Text{
	"naive":         indicator.T("沿用最新值", "naive"),
	"smoothing":     indicator.T("指数平滑", "smoothing"),
	"drift":         indicator.T("平均增量", "drift"),
	"drift5":        indicator.T("近五年平均增量", "drift of five years"),
	"median change": indicator.T("增量中位数", "median change"),
	"Theta":         indicator.T("Theta法", "Theta"),
	"damped Holt":   indicator.T("阻尼霍尔特法", "damped Holt"),
	"mean growth":   indicator.T("增量渐趋各地平均", "mean growth"),
	"shared drift":  indicator.T("与各地共同的平均增量", "shared drift"),
}

// methodName is a method in words; on its natural scale means on the logarithm,
// for shares on the logit.
func methodName(name string) Text {
	plain, scaled := strings.CutPrefix(name, "log ")
	text, ok := methodNames[plain]
	if !ok {
		text = indicator.T(plain, plain)
	}
	if scaled {
		return say("%s（对数）", "%s (log)", text)
	}
	return text
}
