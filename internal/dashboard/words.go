package dashboard

import (
	"fmt"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// say builds a Text from one list of arguments; a Text among them is put in its
// own language.
func say(zh, en string, args ...any) Text {
	in := func(lang indicator.Lang) []any {
		list := make([]any, len(args))
		for i, a := range args {
			if t, ok := a.(Text); ok {
				a = t.In(lang)
			}
			list[i] = a
		}
		return list
	}
	return indicator.T(fmt.Sprintf(zh, in(indicator.ZH)...), fmt.Sprintf(en, in(indicator.EN)...))
}

// join puts texts together, with a separator for each language.
func join(zh, en string, texts ...Text) Text {
	var z, e []string
	for _, t := range texts {
		if !t.IsZero() {
			z, e = append(z, t.In(indicator.ZH)), append(e, t.In(indicator.EN))
		}
	}
	return indicator.T(strings.Join(z, zh), strings.Join(e, en))
}

// sentences puts whole sentences one after the other.
func sentences(texts ...Text) Text { return join("", " ", texts...) }

// enumerate puts names in a row: 甲、乙、丙.
func enumerate(texts ...Text) Text { return join("、", ", ", texts...) }

// amount is a value with its unit: 1,234.5亿元; in English 123.45 billion yuan,
// and other units that begin with a number stand in brackets.
func amount(v float64, decimals int, unit string) Text {
	n := indicator.FormatNumber(v, decimals)
	if unit == "亿元" {
		return indicator.T(n+unit, indicator.FormatNumber(v/10, decimals+1)+" billion yuan")
	}
	en := indicator.UnitName(unit, indicator.EN)
	if n == "1" {
		en = strings.TrimSuffix(en, "s")
	}
	switch {
	case unit == "%":
		return indicator.T(n+"%", n+"%")
	case en == "" || en == "number":
		return indicator.T(n+unit, n)
	case strings.HasPrefix(en, "10"):
		return indicator.T(n+unit, n+" ("+en+")")
	}
	return indicator.T(n+indicator.UnitName(unit, indicator.ZH), n+" "+en)
}

// valueOf is a value of the indicator with its unit.
func valueOf(i *indicator.Indicator, v float64) Text { return amount(v, i.Decimals, i.Unit) }

// periodOf is a period in words.
func periodOf(p indicator.Period) Text {
	return indicator.T(p.Label(indicator.ZH), p.Label(indicator.EN))
}

// changeOf is growth in words: 增长3.2%, 下降0.1个百分点.
func changeOf(c change) Text {
	size := amount(max(c.value, -c.value), c.decimals, c.unit)
	switch {
	case indicator.FormatNumber(c.value, c.decimals) == indicator.FormatNumber(0, c.decimals):
		return indicator.T("与上年持平", "unchanged on the year")
	case c.unit == pointUnit && c.value > 0:
		return say("比上年提高%s", "up %s on the year", size)
	case c.unit == pointUnit:
		return say("比上年降低%s", "down %s on the year", size)
	case c.value > 0:
		return say("比上年增长%s", "up %s on the year", size)
	}
	return say("比上年下降%s", "down %s on the year", size)
}

// dateOf is a moment as a date in Shanghai.
func dateOf(t time.Time) Text {
	d := t.In(indicator.Shanghai)
	return indicator.T(fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day()), d.Format("2 January 2006"))
}

// countsInWords: 符合预期3项、滞后于预期1项. classifier is the Chinese measure word.
func countsInWords(counts []Count, classifier string) Text {
	var parts []Text
	for _, c := range counts {
		name := assess.StatusName(c.Status)
		parts = append(parts, indicator.T(fmt.Sprintf("%s%d%s", name.ZH, c.N, classifier), fmt.Sprintf("%d %s", c.N, name.EN)))
	}
	return enumerate(parts...)
}

// numberOf counts things: 3项, 3 targets. classifier is the Chinese measure word.
func numberOf(n int, classifier, thing string) Text {
	if n != 1 {
		thing += "s"
	}
	return indicator.T(fmt.Sprintf("%d%s", n, classifier), fmt.Sprintf("%d %s", n, thing))
}

// tally says how many verdicts there are of each status, or that all have one:
// 福建有8项自有目标，均暂不评估（数据不足8项）。
func tally(list []Assessed, classifier string) Text {
	byStatus := counts(list)
	if len(byStatus) == 0 {
		return Text{}
	}
	if len(byStatus) != 1 || len(list) < 2 {
		return join("", "", indicator.T("：", ": "), countsInWords(byStatus, classifier))
	}
	text := say("，均%s", ", all %s", assess.StatusName(byStatus[0].Status))
	if byStatus[0].Status != assess.NotAssessed {
		return text
	}
	byReason := map[assess.Reason]int{}
	for _, a := range list {
		byReason[a.Reason]++
	}
	var parts []Text
	for _, r := range assess.Reasons {
		if n := byReason[r]; n > 0 {
			name := assess.ReasonName(r)
			parts = append(parts, indicator.T(fmt.Sprintf("%s%d%s", name.ZH, n, classifier), fmt.Sprintf("%d %s", n, name.EN)))
		}
	}
	return say("%s（%s）", "%s (%s)", text, enumerate(parts...))
}

// KindName is the kind of a target in words.
func KindName(k indicator.Kind) Text {
	switch k {
	case indicator.Reach:
		return indicator.T("达到", "reach")
	case indicator.Hold:
		return indicator.T("保持", "hold")
	case indicator.Grow:
		return indicator.T("年均增长", "grow")
	case indicator.Directed:
		return indicator.T("方向性", "direction")
	case indicator.StatedOnly:
		return indicator.T("定性表述", "statement")
	}
	return indicator.T(string(k), string(k))
}

// BindingName is the force of a target in words.
func BindingName(b indicator.Binding) Text {
	switch b {
	case indicator.Mandatory:
		return indicator.T("约束性", "binding")
	case indicator.Indicative:
		return indicator.T("预期性", "expected")
	}
	return indicator.T("未说明", "unstated")
}

// MarkName is a mark in words. A proxy's mark names its indicator elsewhere.
func MarkName(m Mark) Text {
	switch m {
	case MarkProvisional:
		return indicator.T("初步数", "provisional")
	case MarkEstimated:
		return indicator.T("估计数", "estimated")
	case MarkBreak:
		return indicator.T("口径变化，与此前不可比", "break: not comparable with earlier figures")
	case MarkRevised:
		return indicator.T("有修订，点数值可看各版本", "revised: the figure leads to its vintages")
	case MarkGenerated:
		return indicator.T("示例数据", "generated example")
	case MarkOld:
		return indicator.T("数据较旧", "older reading")
	case MarkPending:
		return indicator.T("待最终数据", "final reading not out")
	case MarkEarly:
		return indicator.T("提前实现", "ahead of time")
	case MarkAhead:
		return indicator.T("快于预期", "ahead of schedule")
	case MarkClosed:
		return indicator.T("考核期已满", "closed")
	case MarkReference:
		return indicator.T("参考，非本地区目标", "reference, not the region's own target")
	case MarkProxy:
		return indicator.T("代表指标", "proxy indicator")
	case MarkInterpreted:
		return indicator.T("解读", "interpreted")
	case MarkApproximate:
		return indicator.T("左右", "about")
	case MarkEarlier:
		return indicator.T("报告期较早", "of an earlier period")
	case MarkSummed:
		return indicator.T("以31个省份合计为全国", "nation as the sum of 31 provinces")
	}
	return indicator.T(string(m), string(m))
}
