package dashboard

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Headline is what a target asks for, in a few words: 2025年达到300家, 每年不低于3.5%.
// i is nil for a statement without an indicator.
func Headline(t *indicator.Target, i *indicator.Indicator) Text {
	switch {
	case i == nil:
		return KindName(t.Kind)
	case t.Kind == indicator.Reach && t.Value != nil:
		return reachHeadline(t, i)
	case t.Kind == indicator.Hold:
		return holdHeadline(t, i)
	case t.Kind == indicator.Grow && t.Value != nil:
		rate := bounded(t, plainAmount(*t.Value, "%"))
		return indicator.T(span(t, "年", "—")+"年均增长"+rate.ZH, "grow by "+rate.EN+" a year"+spanEN(t))
	case t.Kind == indicator.Directed:
		return directionHeadline(t)
	}
	return KindName(t.Kind)
}

func reachHeadline(t *indicator.Target, i *indicator.Indicator) Text {
	var zhYear, enYear string
	if t.By != 0 {
		zhYear, enYear = fmt.Sprintf("%d年", t.By), fmt.Sprintf(" by %d", t.By)
	}
	base := 0
	if t.Baseline != nil {
		base = t.Baseline.Year
	}
	switch t.Relative {
	case indicator.Percent:
		verb, en := "增长", "above"
		if *t.Value < 0 {
			verb, en = "下降", "below"
		}
		size := plainAmount(max(*t.Value, -*t.Value), "%")
		return indicator.T(fmt.Sprintf("%s比%d年%s%s", zhYear, base, verb, size.ZH),
			fmt.Sprintf("%s %s the %d value%s", size.EN, en, base, enYear))
	case indicator.Times:
		times := indicator.FormatNumber(*t.Value, decimalsOf(*t.Value))
		return indicator.T(fmt.Sprintf("%s达到%d年的%s倍", zhYear, base, times),
			fmt.Sprintf("%s times the %d value%s", times, base, enYear))
	}
	goal := bounded(t, plainAmount(*t.Value, i.Unit))
	verb := ""
	if t.Bound == "" {
		verb = "达到"
	}
	return indicator.T(zhYear+verb+goal.ZH, goal.EN+enYear)
}

func holdHeadline(t *indicator.Target, i *indicator.Indicator) Text {
	zhUntil, enUntil := "", ""
	if t.Until != 0 {
		zhUntil, enUntil = fmt.Sprintf("至%d年", t.Until), fmt.Sprintf(" until %d", t.Until)
	}
	if t.Tolerance == nil {
		if t.Value == nil {
			return indicator.T(zhUntil+"保持稳定", "hold stable"+enUntil)
		}
		goal := bounded(t, plainAmount(*t.Value, i.Unit))
		return indicator.T(zhUntil+"每年"+goal.ZH, goal.EN+" every year"+enUntil)
	}
	unit := i.Unit
	if unit == "%" && !t.Tolerance.Percent {
		unit = pointUnit
	}
	if t.Tolerance.Percent {
		unit = "%"
	}
	width := plainAmount(t.Tolerance.Value, unit)
	var middle Text
	switch {
	case t.Value != nil:
		middle = plainAmount(*t.Value, i.Unit)
	case t.Baseline != nil:
		middle = say("%d年水平", "the %d level", t.Baseline.Year)
	}
	return indicator.T(fmt.Sprintf("%s保持在%s上下%s以内", zhUntil, middle.ZH, width.ZH),
		fmt.Sprintf("hold %s ± %s%s", middle.EN, width.EN, enUntil))
}

func directionHeadline(t *indicator.Target) Text {
	text := indicator.T("持续提高", "increase")
	if t.Direction == indicator.Down {
		text = indicator.T("持续下降", "decrease")
	}
	if t.Until != 0 {
		text = indicator.T(fmt.Sprintf("到%d年%s", t.Until, text.ZH), fmt.Sprintf("%s until %d", text.EN, t.Until))
	}
	return text
}

// bounded puts the side on which a target is met, or 左右, to its number.
func bounded(t *indicator.Target, number Text) Text {
	switch {
	case t.Approximate:
		return say("%s左右", "about %s", number)
	case t.Bound == indicator.AtLeast:
		return say("不低于%s", "at least %s", number)
	case t.Bound == indicator.AtMost:
		return say("不高于%s", "at most %s", number)
	}
	return number
}

// span is the years of a growth target: 2026—2030年.
func span(t *indicator.Target, unit, dash string) string {
	var years []string
	for _, y := range []int{t.From, t.Until} {
		if y != 0 {
			years = append(years, strconv.Itoa(y))
		}
	}
	if len(years) == 0 {
		return ""
	}
	return strings.Join(years, dash) + unit
}

func spanEN(t *indicator.Target) string {
	if years := span(t, "", "–"); years != "" {
		return ", " + years
	}
	return ""
}

// plainAmount writes a number with the decimals it was stated with.
func plainAmount(v float64, unit string) Text {
	text := amount(v, decimalsOf(v), unit)
	if unit == "亿元" { // 250 billion yuan, not 250.0
		billions := math.Round(v*1e8) / 1e9
		text.EN = indicator.FormatNumber(billions, decimalsOf(billions)) + " billion yuan"
	}
	return text
}

// decimalsOf is how many decimals the shortest way of writing v has, at most 6.
func decimalsOf(v float64) int {
	_, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return min(len(fraction), 6)
}
