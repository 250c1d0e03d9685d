package assess

import (
	"slices"
	"strconv"

	"github.com/dabiao/dabiao/internal/indicator"
)

// FieldChange is one field of the target, or of its indicator's definition, that
// differs between the two moments. An empty text is a field that was not set.
type FieldChange struct {
	Field         string // as the catalogue names it: value, by, indicator.direction …
	Name          indicator.Text
	Before, After indicator.Text
}

// fields are those that a verdict can depend on.
var fields = []struct {
	field string
	name  indicator.Text
	of    func(in Input) indicator.Text
}{
	{"kind", indicator.T("目标类型", "kind"), func(in Input) indicator.Text { return kindName(in.Target.Kind) }},
	{"indicator", indicator.T("指标", "indicator"), func(in Input) indicator.Text { return indicatorName(in) }},
	{"value", indicator.T("目标值", "value"), func(in Input) indicator.Text { return valueOf(in) }},
	{"relative", indicator.T("相对基期的方式", "relation to the baseline"), func(in Input) indicator.Text { return word(in.Target.Relative) }},
	{"bound", indicator.T("达标方向", "bound"), func(in Input) indicator.Text { return word(in.Target.Bound) }},
	{"approximate", indicator.T("约数", "approximate"), func(in Input) indicator.Text { return yes(in.Target.Approximate) }},
	{"by", indicator.T("完成年份", "target year"), func(in Input) indicator.Text { return year(in.Target.By) }},
	{"from", indicator.T("起始年份", "first year"), func(in Input) indicator.Text { return year(in.Target.From) }},
	{"until", indicator.T("截止年份", "last year"), func(in Input) indicator.Text { return year(in.Target.Until) }},
	{"baseline", indicator.T("基期", "baseline"), func(in Input) indicator.Text { return baselineOf(in.Target) }},
	{"tolerance", indicator.T("允许幅度", "tolerance"), func(in Input) indicator.Text { return toleranceOf(in.Target) }},
	{"direction", indicator.T("期望方向", "direction"), func(in Input) indicator.Text { return word(in.Target.Direction) }},
	{"counted", indicator.T("统计口径", "way of counting"), func(in Input) indicator.Text { return word(in.Target.Counted) }},
	{"price", indicator.T("价格口径", "price basis"), func(in Input) indicator.Text { return word(in.Target.Price) }},
	{"in_force_from", indicator.T("生效日期", "in force from"), func(in Input) indicator.Text { return plain(string(in.Target.InForceFrom)) }},
	{"in_force_until", indicator.T("失效日期", "in force until"), func(in Input) indicator.Text { return plain(string(in.Target.InForceUntil)) }},
	{"region", indicator.T("目标所属地区", "region of the target"), func(in Input) indicator.Text { return plain(in.Target.Region) }},
	{"indicator.direction", indicator.T("指标的方向", "the indicator's direction"), ofIndicator(func(i *indicator.Indicator) indicator.Text { return word(i.Direction) })},
	{"indicator.measure", indicator.T("指标的性质", "the indicator's measure"), ofIndicator(func(i *indicator.Indicator) indicator.Text { return plain(string(i.Measure)) })},
	{"indicator.counted", indicator.T("指标的统计口径", "the indicator's way of counting"), ofIndicator(func(i *indicator.Indicator) indicator.Text { return word(i.Counted) })},
	{"indicator.price", indicator.T("指标的价格口径", "the indicator's price basis"), ofIndicator(func(i *indicator.Indicator) indicator.Text { return word(i.Price) })},
	{"indicator.unit", indicator.T("指标的单位", "the indicator's unit"), ofIndicator(func(i *indicator.Indicator) indicator.Text { return plain(i.Unit) })},
}

func fieldChanges(from, to Input) []FieldChange {
	var list []FieldChange
	for _, f := range fields {
		if before, after := f.of(from), f.of(to); before != after {
			list = append(list, FieldChange{f.field, f.name, before, after})
		}
	}
	return list
}

func ofIndicator(of func(*indicator.Indicator) indicator.Text) func(Input) indicator.Text {
	return func(in Input) indicator.Text {
		if in.Indicator == nil {
			return indicator.Text{}
		}
		return of(in.Indicator)
	}
}

func plain(s string) indicator.Text { return indicator.T(s, s) }

// codeNames are the codes of the catalogue in words.
var codeNames = map[string]indicator.Text{
	string(indicator.AtLeast): indicator.T("不低于", "at least"), string(indicator.AtMost): indicator.T("不高于", "at most"),
	string(indicator.Up): indicator.T("上升", "up"), string(indicator.Down): indicator.T("下降", "down"),
	string(indicator.Percent): indicator.T("比基期增减百分之", "per cent above the baseline"), string(indicator.Times): indicator.T("基期的倍数", "times the baseline"),
	string(indicator.InForce): indicator.T("有效数", "in force"), string(indicator.Cumulative): indicator.T("累计数", "cumulative"), string(indicator.New): indicator.T("当年新增", "new"),
	string(indicator.CurrentPrice): indicator.T("现价", "current prices"), string(indicator.ConstantPrice): indicator.T("不变价", "constant prices"),
	string(indicator.Reach): indicator.T("达到", "reach"), string(indicator.Hold): indicator.T("保持", "hold"), string(indicator.Grow): indicator.T("年均增长", "grow"),
	string(indicator.Directed): indicator.T("方向性", "direction"), string(indicator.StatedOnly): indicator.T("定性表述", "statement"),
}

func word[S ~string](code S) indicator.Text {
	if name, ok := codeNames[string(code)]; ok {
		return name
	}
	return plain(string(code))
}

func kindName(k indicator.Kind) indicator.Text { return word(k) }

func yes(b bool) indicator.Text {
	if b {
		return indicator.T("左右", "about")
	}
	return indicator.Text{}
}

func year(y int) indicator.Text {
	if y == 0 {
		return indicator.Text{}
	}
	p := indicator.Year(y)
	return indicator.T(p.Label(indicator.ZH), p.Label(indicator.EN))
}

func indicatorName(in Input) indicator.Text {
	if in.Indicator == nil {
		return plain(in.Target.Indicator)
	}
	return in.Indicator.Name
}

// stated is a number with the places it was stated with.
func stated(v float64) string {
	return indicator.FormatNumber(v, places(v))
}

func places(v float64) int {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if at := slices.Index([]byte(text), '.'); at >= 0 {
		return min(len(text)-at-1, 6)
	}
	return 0
}

// valueOf is the target's value: an amount in the indicator's unit, or per cent a
// year, or a share or multiple of the baseline.
func valueOf(in Input) indicator.Text {
	t := in.Target
	switch {
	case t.Value == nil:
		return indicator.Text{}
	case t.Kind == indicator.Grow, t.Relative == indicator.Percent:
		return plain(stated(*t.Value) + "%")
	case t.Relative == indicator.Times, in.Indicator == nil:
		return plain(stated(*t.Value))
	}
	return exact(in.Indicator, *t.Value)
}

// exact is a value with its unit and all its places: rounding would hide a revision.
func exact(i *indicator.Indicator, v float64) indicator.Text {
	of := func(lang indicator.Lang) string { return words{lang, i}.amount(v, max(i.Decimals, places(v))) }
	return indicator.T(of(indicator.ZH), of(indicator.EN))
}

func baselineOf(t *indicator.Target) indicator.Text {
	switch b := t.Baseline; {
	case b == nil:
		return indicator.Text{}
	case b.Value != nil:
		return indicator.T(strconv.Itoa(b.Year)+"年（"+stated(*b.Value)+"）", strconv.Itoa(b.Year)+" ("+stated(*b.Value)+")")
	default:
		return year(b.Year)
	}
}

func toleranceOf(t *indicator.Target) indicator.Text {
	switch w := t.Tolerance; {
	case w == nil:
		return indicator.Text{}
	case w.Percent:
		return plain("±" + stated(w.Value) + "%")
	default:
		return plain("±" + stated(w.Value))
	}
}
