package assess

import "github.com/dabiao/dabiao/internal/indicator"

// schedule is 完成…所需增量的51.0%；时间进度26.7%，相当于序时进度的190.9%.
func (s teller) schedule() string {
	text := s.f("%[1]s，%[2]s；时间进度%[3]s", "%[1]s, %[2]s. %[3]s of the time is over", s.now(), s.wayDone(), s.share("elapsed"))
	if s.a.Status != Reversing {
		text += s.f("，相当于序时进度的%s", " and %s of what is due by now is done", s.share("q"))
	}
	if s.a.Ahead {
		text += s.f("，快于序时进度", ", ahead of schedule")
	}
	return text + s.f("，%s。", ": %s.", s.verdict())
}

// wayDone is how far the latest value has come from the baseline.
func (s teller) wayDone() string {
	done, goal := s.share("c"), s.goalBy()
	if _, summed := s.a.Number("start"); summed {
		return s.f("完成%[2]s的%[1]s", "%[1]s of %[2]s", done, goal)
	}
	if s.a.Status == Reversing {
		return s.f("%[1]s，未向%[2]s靠近", "%[1]s, no step towards %[2]s", s.sinceBase(), goal)
	}
	return s.f("%[1]s，完成%[2]s所需%[4]s的%[3]s", "%[1]s, %[3]s of the way to %[2]s", s.sinceBase(), goal, done, s.change())
}

// change is what Chinese calls the way of an amount or of a ratio, up or down.
func (s teller) change() string {
	ratio := s.of.Measure == indicator.Ratio || s.of.Measure == indicator.Growth
	switch up := s.n("d") > 0; {
	case up && ratio:
		return "增幅"
	case up:
		return "增量"
	case ratio:
		return "降幅"
	}
	return "减量"
}

// sinceBase is 比2020年的842.4亿元增加429.2亿元.
func (s teller) sinceBase() string {
	y0 := s.n("y0")
	if change := s.n("yt") - y0; !equal(change, 0) {
		return s.f("比%[1]d年的%[2]s%[3]s", "%[3]s on the %[2]s of %[1]d", s.year("t0"), s.value(y0), s.moved(change, s.difference(change)))
	}
	return s.f("与%[1]d年的%[2]s持平", "the same as the %[2]s of %[1]d", s.year("t0"), s.value(y0))
}

// goalBy is the target with its year: 2035年1,684.8亿元的目标.
func (s teller) goalBy() string {
	return s.f("%[1]d年%[2]s", "%[2]s for %[1]d", s.in.Target.By, s.goal())
}

// cagrRatio is 自2020年以来年均增长10.8%；实现…需年均增长4.7%，相当于所需速度的229.2%.
func (s teller) cagrRatio() string {
	since := s.f("自%[1]d年以来%[3]s年均%[2]s", "%[2]s a year on average%[3]s since %[1]d", s.year("t0"), s.growth(s.n("g")), s.fromZero())
	if equal(s.n("g"), 0) {
		since = s.f("与%d年持平", "the same as in %d", s.year("t0"))
	}
	text := s.f("%[1]s，%[2]s；实现%[3]s需年均%[4]s", "%[1]s, %[2]s. To reach %[3]s, it must %[4]s a year from %[5]d on",
		s.now(), since, s.goalBy(), s.toGrow(s.n("g_target")), s.year("t0"))
	if s.a.Status != Reversing {
		text += s.f("，相当于所需速度的%s", "; so far it has %s of that rate", s.share("R"))
	}
	return text + s.f("，%s。", ": %s.", s.verdict())
}

// fromZero: below zero it is the distance from zero that grows or shrinks.
func (s teller) fromZero() string {
	if s.n("y0") < 0 {
		return s.f("绝对值", " in absolute value")
	}
	return ""
}

// share is a number as a percentage with one decimal.
func (s teller) share(name string) string { return s.number(s.n(name)*100, 1) + "%" }

// noWay says why there is no way from the baseline to the target on which the
// latest value could stand; empty where that is not the reason.
func (s teller) noWay() string {
	base, d := s.in.Target.Baseline, s.n("d")
	y0, hasBase := s.a.Number("y0")
	start, summed := s.a.Number("start")
	if summed {
		y0, hasBase = start, true
	}
	T, hasT := s.a.Number("T")
	if edge, ok := s.a.Number("edge"); ok {
		T = edge
	}
	if s.a.Method == DefaultMethod || base == nil || !hasBase || !hasT || d == 0 || s.a.Latest == nil {
		return ""
	}
	switch {
	case s.a.Latest.Period.Year() <= base.Year:
		return s.f("尚无基期%d年之后的数据，进度无从计算", "no reading after the base year %d is out, so progress cannot be computed", base.Year)
	case !less(0, d*(T-y0)):
		return s.f("%[2]s不优于基期%[1]d年的值，进度无从计算", "%[2]s is no better than the value of the base year %[1]d, so progress cannot be computed",
			base.Year, s.mark())
	case summed:
		return s.f("目标为%d年之后各年新增数之和，从零起算，没有年均增速", "the target is a sum of yearly figures after %d that begins at zero, so it has no average growth", base.Year)
	}
	return s.f("基期值、最新值与目标值不全同号或有零，年均增速无从计算",
		"baseline, latest value and target value are not all of one sign or one is zero, so average growth cannot be computed")
}
