package assess

import (
	"strconv"

	"github.com/dabiao/dabiao/internal/indicator"
)

// notAssessed gives the latest reading, where there is one, and the reason with
// the years of the case.
func (s teller) notAssessed() string {
	reason := s.reason()
	if s.a.Latest == nil {
		return s.f("%s尚无数据；%s，暂不评估。", "%s: no reading yet; %s. Not assessed.", s.name(), reason)
	}
	latest := s.a.Latest
	return s.f("%[1]s%[2]s%[3]s；%[4]s，暂不评估。", "%[2]s: %[3]s in %[1]s; %[4]s. Not assessed.",
		latest.Period.Label(s.lang), s.name(), s.value(latest.Value), reason)
}

// reason is a clause without a full stop.
func (s teller) reason() string {
	t := s.in.Target
	switch s.a.Reason {
	case NotInForce:
		return s.force()
	case MethodNotApplicable:
		return s.f("所选评估方法不适用于这类目标", "the method does not apply to this kind of target")
	case DifferentBasis:
		return s.basis()
	case NoBaseline:
		return s.missingBaseline()
	case ZeroBaseline:
		return s.f("%d年基期值为零，目标无从计算", "the baseline of %d is zero, so the target cannot be computed", t.Baseline.Year)
	case TooFewReadings:
		return s.missingReadings()
	case SeriesBreak:
		return s.f("%d年统计口径有变化，前后数据不可比", "the definition changed in %d, readings before and after cannot be compared", s.breakYear())
	case Stale:
		return s.f("最新数据早于评估年份五年以上", "the latest reading is more than five years older than the year of the assessment")
	case NoYear:
		if _, hasT := s.a.Number("T"); !hasT || begin("", 0, s.in).vague() {
			return s.f("目标未规定完成年份", "the target names no year")
		}
		return s.f("目标未规定完成年份，目前尚未达到%s", "the target names no year, and %s is not met so far", s.goal())
	}
	if t.Approximate && t.Value != nil {
		return s.f("目标为“%s左右”，未给出上下限或允许幅度，只作展示",
			"the target is “about %s” with neither a bound nor a tolerance, so it is only shown", s.value(*t.Value))
	}
	if why := s.noWay(); why != "" {
		return why
	}
	return s.f("目标的数值或方向不足以判定是否达到", "value or direction of the target do not suffice for a verdict")
}

func (s teller) force() string {
	t := s.in.Target
	if t.InForceFrom != "" && s.asOfDay() < t.InForceFrom {
		return s.f("目标自%s起有效，评估时点尚未生效", "the target is in force from %s, after the moment of the assessment", t.InForceFrom)
	}
	return s.f("目标有效期至%s，评估时点已过", "the target was in force until %s, before the moment of the assessment", t.InForceUntil)
}

func (s teller) asOfDay() indicator.Date { return begin("", 0, s.in).asOfDay }

var countedNames = map[indicator.Counted]indicator.Text{
	indicator.InForce:    indicator.T("有效期内的数量", "those in force"),
	indicator.Cumulative: indicator.T("累计数量", "all ever counted"),
	indicator.New:        indicator.T("当年新增数量", "those new in a year"),
	"":                   indicator.T("数值", "a value"),
}

var priceNames = map[indicator.Price]indicator.Text{
	indicator.CurrentPrice:  indicator.T("现价", "current prices"),
	indicator.ConstantPrice: indicator.T("可比价", "constant prices"),
	"":                      indicator.T("非价格量", "no prices"),
}

func (s teller) basis() string {
	t := s.in.Target
	wanted, has := countedNames[t.Counted], countedNames[s.of.Counted]
	if t.Counted == "" || t.Counted == s.of.Counted {
		wanted, has = priceNames[t.Price], priceNames[s.of.Price]
	}
	return s.f("目标按%s计，指标按%s计，口径不同，不能直接比较",
		"the target is about %s, the indicator about %s, and the two cannot be compared", s.text(wanted), s.text(has))
}

func (s teller) missingBaseline() string {
	t := s.in.Target
	var year int
	switch {
	case t.Kind == indicator.Grow && t.From != 0:
		year = t.From - 1
	case t.Kind != indicator.Grow && t.Baseline != nil:
		year = t.Baseline.Year
	default:
		return s.f("目标未给出基期", "the target names no base year")
	}
	if t.Kind == indicator.Grow && (s.a.Latest == nil || s.a.Latest.Period.Year() < t.From) {
		return s.f("考核期自%[1]d年起，缺少基期%[2]d年数据", "the target runs from %[1]d and the base year %[2]d has no reading", t.From, year)
	}
	return s.f("缺少基期%d年的可用数据", "the base year %d has no usable reading", year)
}

func (s teller) missingReadings() string {
	t := s.in.Target
	if s.a.Latest == nil {
		return s.f("无法与目标比较", "nothing can be compared")
	}
	at := s.a.Latest.Period.Year()
	switch {
	case t.Kind == indicator.Grow && at < t.From:
		return s.f("考核期自%d年起，考核期尚无数据", "the target runs from %d and no reading of its years is out", t.From)
	case t.Kind == indicator.Grow:
		return s.f("%[1]d—%[2]d年数据不全", "readings of %[1]d–%[2]d are incomplete", t.From, at)
	case t.Sums(s.of):
		return s.f("%d年以来的年度数据不全", "the yearly figures since %d are incomplete", t.Baseline.Year)
	}
	years := yearlyOf(s.in.Series, s.in.AsOfPeriod, t.LastYear())
	missing := ""
	for _, year := range []int{at - 5, at - 1} {
		if _, ok := years.at(year); ok || year == at-1 && t.Kind != indicator.Directed {
			continue
		}
		if missing != "" {
			missing += s.f("、", " and ")
		}
		missing += indicator.Year(year).Label(s.lang)
	}
	return s.f("缺少%s数据", "there is no reading of %s", missing)
}

// breakYear is the newest B among the readings used.
func (s teller) breakYear() int {
	newest := 0
	for year, p := range yearlyOf(s.in.Series, s.in.AsOfPeriod, s.in.Target.LastYear()) {
		if p.Status == indicator.Break {
			newest = max(newest, year)
		}
	}
	return newest
}

// indicatorNumber is a plain number as the catalogue states it: 2, 1.5.
func indicatorNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
