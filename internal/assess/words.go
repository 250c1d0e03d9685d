package assess

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dabiao/dabiao/internal/indicator"
)

// words writes numbers of one indicator in one language, never bare: an amount
// with its unit, a change in percentage points where the indicator is in per cent.
type words struct {
	lang indicator.Lang
	of   *indicator.Indicator
}

// f formats in the language of w; both formats take the same arguments by index.
func (w words) f(zh, en string, args ...any) string {
	if w.lang == indicator.EN {
		return fmt.Sprintf(en, args...)
	}
	return fmt.Sprintf(zh, args...)
}

func (w words) text(t indicator.Text) string { return t.In(w.lang) }

// english is how English counts what Chinese counts by the ten thousand and the
// hundred million.
var english = map[string]struct {
	factor float64
	places int // decimals more than the indicator has
	name   string
}{
	"亿元":  {0.1, 1, "billion yuan"},
	"万元":  {0.01, 2, "million yuan"},
	"万家":  {10, -1, "thousand enterprises"},
	"万人年": {10, -1, "thousand person-years"},
	"万吨":  {0.01, 2, "million tonnes"},
}

// amount is a value with its unit; places is the number of decimals in the
// indicator's own unit. A positive value too small for them is "less than" the last one.
func (w words) amount(v float64, places int) string {
	factor, unit := 1.0, indicator.UnitName(w.of.Unit, w.lang)
	if e, ok := english[w.of.Unit]; ok && w.lang == indicator.EN {
		factor, unit, places = e.factor, e.name, max(0, places+e.places)
	}
	return w.number(v*factor, places) + w.spaced(unit)
}

// points is a difference between two values, without its sign.
func (w words) points(v float64, places int) string {
	v = math.Abs(v)
	if w.of.Unit == "%" {
		return w.number(v, places) + w.f("个百分点", " percentage points")
	}
	return w.amount(v, places)
}

func (w words) number(v float64, places int) string {
	smallest := math.Pow(10, -float64(places))
	if v > 0 && v < smallest/2 {
		return w.f("不足%s", "less than %s", indicator.FormatNumber(smallest, places))
	}
	return indicator.FormatNumber(v, places)
}

func (w words) spaced(unit string) string {
	switch {
	case unit == "%":
		return unit
	case w.of.Unit == "1", w.lang == indicator.EN && w.of.Unit == "个": // English counts them without a word
		return ""
	case w.lang == indicator.EN:
		return " " + unit
	}
	return unit
}

func (w words) value(v float64) string      { return w.amount(v, w.of.Decimals) }
func (w words) difference(v float64) string { return w.points(v, w.of.Decimals) }

// perYear is an average change: one decimal at least, counts included.
func (w words) perYear(v float64) string { return w.points(v, max(1, w.of.Decimals)) }

// rate writes a percentage as the catalogue states it, shownRate a computed one.
func (w words) rate(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) + "%" }

func (w words) shownRate(v float64) string { return w.number(v, 1) + "%" }

// moved is a change in words: 增加80.2亿元, 下降0.06个百分点, 持平.
func (w words) moved(v float64, size string) string {
	up, down := w.verbs()
	switch {
	case v > 0:
		return up + size
	case v < 0:
		return down + size
	}
	return w.f("持平", "unchanged")
}

// verbs: amounts grow and shrink, ratios rise and fall.
func (w words) verbs() (up, down string) {
	if w.lang == indicator.EN {
		return "up ", "down "
	}
	if w.of.Measure == indicator.Ratio || w.of.Measure == indicator.Growth {
		return "提高", "下降"
	}
	return "增加", "减少"
}

// numberNames are the numbers of the arithmetic in words; the second field says
// how the number is written.
var numberNames = map[string]struct {
	name indicator.Text
	form numberForm
}{
	"t0":              {indicator.T("基期年", "base year"), asYear},
	"y0":              {indicator.T("基期值 y0", "baseline y0"), asValue},
	"t":               {indicator.T("最新年份", "latest year"), asYear},
	"yt":              {indicator.T("最新值 yt", "latest value yt"), asValue},
	"y5":              {indicator.T("五年前的值 y5", "value five years before, y5"), asValue},
	"y1":              {indicator.T("上年值 y1", "value of the year before, y1"), asValue},
	"T":               {indicator.T("目标值 T", "target value T"), asValue},
	"edge":            {indicator.T("达到目标的界限", "edge at which it is reached"), asValue},
	"d":               {indicator.T("期望方向 d", "desired direction d"), asSign},
	"a":               {indicator.T("近五年年均变化 a", "average yearly change over five years, a"), asPerYear},
	"last_change":     {indicator.T("最近一年变化", "last change"), asChange},
	"projection":      {indicator.T("按此速度的目标年份值 p", "value in the target year at this pace, p"), asValue},
	"miss":            {indicator.T("偏差率 m", "miss m"), asShare},
	"tolerance":       {indicator.T("允许幅度", "tolerance"), asChange},
	"low":             {indicator.T("下界", "lower edge"), asValue},
	"high":            {indicator.T("上界", "upper edge"), asValue},
	"e":               {indicator.T("偏离 e", "distance e"), asChange},
	"e5":              {indicator.T("五年前的偏离 e5", "distance five years before, e5"), asChange},
	"tolerance_share": {indicator.T("偏离占允许幅度的比重", "distance as a share of the tolerance"), asShare},
	"g":               {indicator.T("年均增长率 g", "average yearly growth g"), asRate},
	"start":           {indicator.T("起点值", "value at the start"), asValue},
	"c":               {indicator.T("完成进度 c", "share of the way done, c"), asShare},
	"elapsed":         {indicator.T("时间进度 e", "share of the time over, e"), asShare},
	"q":               {indicator.T("序时进度完成率 q", "progress against schedule, q"), asShare},
	"g_target":        {indicator.T("实现目标所需年均增长率", "average yearly growth that reaches the target"), asRate},
	"R":               {indicator.T("增速比 R", "ratio of growth R"), asShare},
	"rate":            {indicator.T("目标增长率", "target rate"), asRate},
	"needed_rate":     {indicator.T("此后需年均增长", "growth needed from now on"), asRate},
}

type numberForm int

const (
	asValue numberForm = iota
	asChange
	asPerYear
	asYear
	asSign
	asShare
	asRate
)

// NumberName is an intermediate number in words.
func NumberName(name string) indicator.Text {
	if n, ok := numberNames[name]; ok {
		return n.name
	}
	return indicator.T(name, name)
}

// NumberText is an intermediate number of the indicator as a reader writes it,
// with its unit.
func NumberText(n Number, i *indicator.Indicator, lang indicator.Lang) string {
	w := words{lang, i}
	sign := ""
	if n.Value < 0 {
		sign = "−"
	}
	switch numberNames[n.Name].form {
	case asChange:
		return sign + w.difference(n.Value)
	case asPerYear:
		return sign + w.perYear(n.Value) + w.f("/年", " a year")
	case asYear:
		return indicator.Year(int(n.Value)).Label(lang)
	case asSign:
		return map[bool]string{true: "+1", false: "−1"}[n.Value > 0]
	case asShare:
		if math.IsInf(n.Value, 1) {
			return "+∞"
		}
		return w.number(n.Value*100, 1) + "%"
	case asRate:
		return w.number(n.Value, 2) + "%"
	}
	return w.value(n.Value)
}
