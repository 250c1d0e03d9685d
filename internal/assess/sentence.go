package assess

import (
	"math"
	"unicode"
	"unicode/utf8"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Sentence says in one or two sentences, made from the numbers of the
// assessment, where the region stands against the target and whether that is
// enough. The page names the region. in must be what a was made from.
func Sentence(a Assessment, in Input) indicator.Text {
	return indicator.Text{ZH: say(a, in, indicator.ZH), EN: say(a, in, indicator.EN)}
}

// Number finds an intermediate number by name.
func (a Assessment) Number(name string) (float64, bool) {
	for _, n := range a.Numbers {
		if n.Name == name {
			return n.Value, true
		}
	}
	return 0, false
}

// teller holds what the sentences of one assessment are made from.
type teller struct {
	words
	a  Assessment
	in Input
}

// n is a number that the verdict guarantees to be there.
func (s teller) n(name string) float64 { v, _ := s.a.Number(name); return v }

func (s teller) year(name string) int { return int(s.n(name)) }

func say(a Assessment, in Input, lang indicator.Lang) string {
	if in.Indicator == nil || in.Target.Kind == indicator.StatedOnly {
		return ReasonExplanation(a.Reason).In(lang)
	}
	s := teller{words{lang, in.Indicator}, a, in}
	var text string
	switch {
	case a.Status == NotAssessed:
		return s.notAssessed()
	case in.Target.Kind == indicator.Reach:
		text = s.reach()
	case in.Target.Kind == indicator.Hold:
		text = s.hold()
	case in.Target.Kind == indicator.Directed:
		text = s.direction()
	default:
		text = s.grow()
	}
	if a.Pending {
		text += s.f("%[1]d年已过，数据尚未公布，待最终数据。", " %[1]d is over and its reading is not out: the last verdict stays.",
			in.Target.LastYear())
	}
	return text
}

// now is 2024年研发经费1,171.7亿元, or what was newly counted since the base year.
func (s teller) now() string {
	name, latest := s.name(), s.a.Latest
	if sum, ok := s.a.Number("yt"); ok && s.in.Target.Sums(s.of) {
		return s.f("%[1]d—%[2]d年%[3]s合计%[4]s", "%[3]s: %[4]s in %[1]d–%[2]d together",
			s.in.Target.Baseline.Year+1, s.year("t"), name, s.value(sum))
	}
	return s.f("%[1]s%[2]s%[3]s", "%[2]s: %[3]s in %[1]s", latest.Period.Label(s.lang), name, s.value(latest.Value))
}

// name begins a sentence in English.
func (s teller) name() string {
	name := s.text(s.of.Name)
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

func (s teller) verdict() string { return s.text(StatusName(s.a.Status)) }

func (s teller) fiveYears() string {
	a := s.n("a")
	if a == 0 {
		return s.f("与五年前持平", "as five years before")
	}
	return s.f("近五年年均%s", "%s a year on average over the last five years", s.moved(a, s.perYear(a)))
}

// goal is the target value with its side and what it is relative to.
func (s teller) goal() string {
	T := s.value(s.n("T"))
	switch {
	case s.in.Target.Approximate:
	case s.in.Target.Bound == indicator.AtLeast:
		return s.f("不低于%s的目标", "the target of at least %s", T) + s.relative()
	case s.in.Target.Bound == indicator.AtMost:
		return s.f("不高于%s的目标", "the target of at most %s", T) + s.relative()
	}
	return s.mark()
}

// mark is the target value alone, to measure a distance from.
func (s teller) mark() string {
	T := s.value(s.n("T"))
	if s.in.Target.Approximate {
		return s.f("%s左右的目标", "the target of about %s", T) + s.relative()
	}
	return s.f("%s的目标", "the target of %s", T) + s.relative()
}

func (s teller) relative() string {
	t := s.in.Target
	switch {
	case t.Relative == "" || t.Value == nil:
		return ""
	case t.Relative == indicator.Times:
		return s.f("（%[1]d年的%[2]s倍）", " (%[2]s times %[1]d)", t.Baseline.Year, indicatorNumber(*t.Value))
	case *t.Value < 0:
		return s.f("（比%[1]d年下降%[2]s）", " (%[2]s below %[1]d)", t.Baseline.Year, s.rate(-*t.Value))
	}
	return s.f("（比%[1]d年提高%[2]s）", " (%[2]s above %[1]d)", t.Baseline.Year, s.rate(*t.Value))
}

func (s teller) reach() string {
	switch {
	case s.a.Status == Missed:
		return s.f("%[1]s，距%[2]s差%[3]s，%[4]s。", "%[1]s, %[3]s short of %[2]s: %[4]s.",
			s.now(), s.mark(), s.difference(s.n("T")-s.n("yt")), s.verdict())
	case s.a.Early:
		return s.f("%[1]s，已达到%[2]d年%[3]s，提前实现。", "%[1]s. It meets %[3]s for %[2]d ahead of time: achieved.",
			s.now(), s.in.Target.By, s.goal())
	case s.a.Status == Achieved:
		return s.f("%[1]s，达到%[2]s，%[3]s。", "%[1]s. It meets %[2]s: %[3]s.", s.now(), s.goal(), s.verdict())
	}
	if _, ok := s.a.Number("q"); ok {
		return s.schedule() + s.needed()
	}
	if _, ok := s.a.Number("R"); ok {
		return s.cagrRatio() + s.needed()
	}
	p, T := s.n("projection"), s.n("T")
	return s.f("%[1]s，%[2]s；按此速度，%[3]d年%[4]s，%[5]s，%[6]s。", "%[1]s, %[2]s. At this pace it is %[4]s in %[3]d, %[5]s: %[6]s.",
		s.now(), s.fiveYears(), s.in.Target.By, s.projected(p), s.against(p, T), s.verdict()) + s.needed()
}

// needed is the pace from now on, for who is behind.
func (s teller) needed() string {
	needed := s.a.NeededPerYear
	if needed == nil || s.a.Status == OnTrack || s.n("d")**needed <= 0 {
		return ""
	}
	return s.f("此后每年需%s才能如期实现。", " To reach it in time, it must go %s a year from now on.",
		s.moved(*needed, s.perYear(*needed)))
}

func (s teller) projected(p float64) string {
	if s.lang == indicator.EN {
		return s.value(p)
	}
	switch d, a := s.n("d"), s.n("a"); {
	case d*a <= 0:
		return "将为" + s.value(p)
	case d > 0:
		return "可达" + s.value(p)
	}
	return "可降至" + s.value(p)
}

// against is how far p is from T, on the good side or short of it.
func (s teller) against(p, T float64) string {
	distance := s.difference(p - T)
	switch d := s.n("d"); {
	case equal(p, T):
		return s.f("正好达到%s", "just %s", s.mark())
	case d*(p-T) < 0:
		return s.f("距%[1]s差%[2]s", "%[2]s short of %[1]s", s.mark(), distance)
	case d > 0:
		return s.f("高于%[1]s%[2]s", "%[2]s above %[1]s", s.mark(), distance)
	}
	return s.f("低于%[1]s%[2]s", "%[2]s below %[1]s", s.mark(), distance)
}

func (s teller) hold() string {
	change := s.n("yt") - s.n("y5")
	since := s.f("比%[1]d年%[2]s", "%[2]s on %[1]d", s.year("t")-5, s.moved(change, s.difference(change)))
	if change == 0 {
		since = s.f("与%d年持平", "as in %d", s.year("t")-5)
	}
	if s.in.Target.Tolerance != nil {
		if s.brokenSince(s.year("t") - 5) { // a change across a break is no change
			return s.f("%[1]s；%[2]s，%[3]s。", "%[1]s. %[2]s: %[3]s.", s.now(), s.band(), s.verdict())
		}
		return s.f("%[1]s，%[2]s；%[3]s，%[4]s。", "%[1]s, %[2]s. %[3]s: %[4]s.", s.now(), since, s.band(), s.verdict())
	}
	T := s.n("T")
	if short := s.n("d") * (T - s.n("yt")); less(0, short) {
		return s.f("%[1]s，%[2]s，距%[3]s差%[4]s，%[5]s。", "%[1]s, %[2]s, %[4]s short of %[3]s: %[5]s.",
			s.now(), since, s.mark(), s.difference(short), s.verdict())
	}
	return s.f("%[1]s，%[2]s，达到%[3]s，%[4]s。", "%[1]s, %[2]s. It meets %[3]s: %[4]s.", s.now(), since, s.goal(), s.verdict())
}

// brokenSince reports a break after the year, up to the latest reading used. A
// band is judged over a break at or before its base year, but not told over it.
func (s teller) brokenSince(year int) bool {
	return yearlyOf(s.in.Series, s.in.AsOfPeriod, s.in.Target.LastYear()).breaksIn(year, s.year("t"))
}

// band is 与2022年的27.7%相差0.8个百分点，在上下1.0个百分点以内.
func (s teller) band() string {
	e, tolerance := s.n("e"), s.n("tolerance")
	middle := s.f("目标值%s", "the target value of %s", s.value((s.n("low")+s.n("high"))/2))
	if s.in.Target.Value == nil {
		middle = s.f("%[1]d年的%[2]s", "the %[2]s of %[1]d", s.year("t0"), s.value(s.n("y0")))
	}
	if equal(e, 0) {
		return s.f("与%[1]s持平，在上下%[2]s的范围内", "It equals %[1]s, within ±%[2]s", middle, s.difference(tolerance))
	}
	if less(tolerance, e) {
		return s.f("与%[1]s相差%[2]s，超出上下%[3]s的范围", "It is %[2]s from %[1]s, outside ±%[3]s",
			middle, s.difference(e), s.difference(tolerance))
	}
	return s.f("与%[1]s相差%[2]s，在上下%[3]s的范围内", "It is %[2]s from %[1]s, within ±%[3]s",
		middle, s.difference(e), s.difference(tolerance))
}

func (s teller) direction() string {
	up, down := s.verbs()
	if s.lang == indicator.EN {
		up, down = "a rise", "a fall"
	}
	wanted := up
	if s.n("d") < 0 {
		wanted = down
	}
	last := s.n("last_change")
	yearBefore := s.f("比上年%s", "%s on the year before", s.moved(last, s.difference(last)))
	if last == 0 {
		yearBefore = s.f("与上年持平", "as in the year before")
	}
	return s.f("%[1]s，%[2]s，%[3]s；目标要求%[4]s，%[5]s。", "%[1]s, %[2]s, %[3]s. The target asks for %[4]s: %[5]s.",
		s.now(), yearBefore, s.fiveYears(), wanted, s.verdict())
}

func (s teller) grow() string {
	t, g, rate := s.in.Target, s.n("g"), s.n("rate")
	span := s.f("%[1]d—%[2]d年年均%[3]s", "%[3]s a year on average in %[1]d–%[2]d", t.From, s.year("t"), s.growth(g))
	if t.From == s.year("t") {
		span = s.f("比上年%[1]s", "%[1]s on the year before", s.growth(g))
	}
	gap := s.number(math.Abs(g-rate), 1) + s.f("个百分点", " percentage points")
	compared := s.f("高于年均增长%[1]s的目标%[2]s", "%[2]s above the target of %[1]s a year", s.rate(rate), gap)
	switch {
	case equal(g, rate):
		compared = s.f("正好是年均增长%s的目标", "just the target of %s a year", s.rate(rate))
	case g < rate:
		compared = s.f("低于年均增长%[1]s的目标%[2]s", "%[2]s below the target of %[1]s a year", s.rate(rate), gap)
	}
	text := s.f("%[1]s，%[2]s，%[3]s，%[4]s。", "%[1]s; %[2]s, %[3]s: %[4]s.", s.now(), span, compared, s.verdict())
	needed, ok := s.a.Number("needed_rate")
	if ok && s.a.Status != OnTrack && s.a.Status != Missed && s.a.Status != Achieved {
		text += s.f("此后需年均%[1]s才能如期实现。", " To reach it in time, it must %[2]s a year from now on.", s.growth(needed), s.toGrow(needed))
	}
	return text
}

func (s teller) growth(g float64) string {
	switch {
	case g > 0:
		return s.f("增长%s", "up %s", s.shownRate(g))
	case g < 0:
		return s.f("下降%s", "down %s", s.shownRate(-g))
	}
	return s.f("持平", "unchanged")
}

// toGrow is growth behind must.
func (s teller) toGrow(g float64) string {
	switch {
	case g > 0:
		return s.f("增长%s", "grow by %s", s.shownRate(g))
	case g < 0:
		return s.f("下降%s", "fall by %s", s.shownRate(-g))
	}
	return s.f("持平", "stay unchanged")
}
