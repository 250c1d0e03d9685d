package dashboard

import (
	"fmt"
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// paces says how the paces of a precedent are written.
type paces struct {
	of       *indicator.Indicator
	compound bool
	summed   bool // paces are average yearly figures
}

func (w paces) unit() string {
	switch {
	case w.compound:
		return "%"
	case inPoints(w.of) && !w.summed:
		return pointUnit
	}
	return w.of.Unit
}

// decimals are as many as keep a small pace from looking like none.
func (w paces) decimals(pace float64) int {
	places := 1
	if !w.compound {
		places = max(places, w.of.Decimals)
	}
	for places < 6 && pace != 0 && math.Abs(pace) < math.Pow(10, -float64(places))/2 {
		places++
	}
	return places
}

func (w paces) size(pace float64) Text {
	return amount(math.Abs(pace), w.decimals(pace), w.unit())
}

// text is a pace in words: 年均增长18.2%, 每年提高0.14个百分点, 平均每年20家.
func (w paces) text(pace float64) Text {
	size := w.size(pace)
	ratio := w.of.Measure == indicator.Ratio || w.of.Measure == indicator.Growth
	switch {
	case w.summed:
		return say("平均每年%s", "%s a year on average", size)
	case pace == 0:
		return indicator.T("年均持平", "no change a year")
	case w.compound && pace > 0:
		return say("年均增长%s", "up %s a year", size)
	case w.compound:
		return say("年均下降%s", "down %s a year", size)
	case ratio && pace > 0:
		return say("年均提高%s", "up %s a year", size)
	case ratio:
		return say("年均下降%s", "down %s a year", size)
	case pace > 0:
		return say("年均增加%s", "up %s a year", size)
	}
	return say("年均减少%s", "down %s a year", size)
}

func pacesOf(a Assessed, p *assess.Precedent) paces {
	return paces{a.Input.Indicator, p.Compound, a.Input.Target.Sums(a.Input.Indicator)}
}

// precedentSentence tells the pace needed, how often it was ever kept up, and
// until when this region's best would still suffice; no more than the first where
// there is room to spare.
func (b *builder) precedentSentence(a Assessed, p *assess.Precedent, level indicator.Level) Text {
	w := pacesOf(a, p)
	if ahead(a, p) {
		return aheadSentence(p, w)
	}
	needed := say("此后需%s。", "It needs to go %s from now on.", w.text(p.Needed))
	return sentences(needed, b.windowsSentence(p, w, level), b.bestSentence(a, p, w))
}

// ahead: a rate so far exceeded that standing still would do.
func ahead(a Assessed, p *assess.Precedent) bool {
	d, _ := a.Number("d")
	return a.Input.Target.Kind == indicator.Grow && d*p.Needed <= 0
}

func aheadSentence(p *assess.Precedent, w paces) Text {
	if p.Needed == 0 {
		return indicator.T("此后保持现有水平，即可实现目标。", "Standing still from now on is enough for the target.")
	}
	return say("此后即使%s，也能实现目标。", "The target is met even if it goes %s from now on.", w.text(p.Needed))
}

const examples = 3 // regions named in the sentence

// windowsSentence: 2011年以来31个省份的279个五年时段中，有23个达到过这一速度（如北京2014—2019年年均增长26.1%）。
func (b *builder) windowsSentence(p *assess.Precedent, w paces, level indicator.Level) Text {
	if p.Windows == 0 {
		return indicator.T("尚无连续五年以上的可比数据，没有先例可供对照。",
			"No readings five years apart can be compared, so there is no precedent.")
	}
	whole := say("%d年以来%s的%d个五年时段中，", "Of %[3]d five-year windows of %[2]s since %[1]d, ", p.Since, regionsOf(level, p.Regions), p.Windows)
	switch len(p.Reached) {
	case 0:
		return join("", "", whole, indicator.T("没有一个达到这一速度。", "none reached this pace."))
	case p.Windows:
		return join("", "", whole, indicator.T("全部达到这一速度。", "all reached this pace."))
	}
	var named []Text
	seen := map[string]bool{}
	for _, x := range p.Reached { // best first
		if !seen[x.Region] && len(named) < examples {
			seen[x.Region] = true
			named = append(named, say("%s%s%s", "%s %s, %s", b.regionName(x.Region), windowYears(x), w.text(x.Pace)))
		}
	}
	return join("", "", whole, say("有%d个达到这一速度（如%s）。", "%d reached this pace (%s).", len(p.Reached), join("、", "; ", named...)))
}

func windowYears(x assess.Window) Text {
	return indicator.T(fmt.Sprintf("%d—%d年", x.From, x.To), fmt.Sprintf("%d–%d", x.From, x.To))
}

func regionsOf(level indicator.Level, n int) Text {
	switch level {
	case indicator.Country:
		return indicator.T("全国", "the nation")
	case indicator.Province:
		return numberOf(n, "个省份", "province")
	case indicator.City:
		return indicator.T(fmt.Sprintf("%d个城市", n), indicator.Plural(n, "city", "cities"))
	}
	return indicator.T(fmt.Sprintf("%d个县（市、区）", n), indicator.Plural(n, "county", "counties"))
}

// bestSentence: until when the region's own best pace would still do.
func (b *builder) bestSentence(a Assessed, p *assess.Precedent, w paces) Text {
	if p.Best == nil {
		return Text{}
	}
	region := b.regionName(a.Region)
	best := say("%s最好的五年是%s，%s", "The best five years of %s were %s: %s", region, windowYears(*p.Best), w.text(p.Best.Pace))
	switch last := a.Input.Target.LastYear(); {
	case last == 0:
		return say("%s。", "%s.", best)
	case p.LastStart == 0:
		return say("%s；即使按此速度，%d年也不能实现目标。", "%s. Even at that pace the target for %d is out of reach.", best, last)
	case p.LastStart >= last:
		return say("%s。", "%s.", best)
	}
	return say("%s；按此速度，最迟须自%d年起步，才能在%d年实现目标。",
		"%s. At that pace the latest year to set out for the target of %[3]d is %[2]d.", best, p.LastStart, a.Input.Target.LastYear())
}

// agreement says whether the methods come to one verdict, and whether they do
// not. One that does not apply does not disagree.
func agreement(p Proof) (Text, bool) {
	if len(p.Others) == 0 {
		return Text{}, false
	}
	var given []Assessed
	for _, a := range append([]Assessed{p.Assessed}, p.Others...) {
		if a.Status != assess.NotAssessed {
			given = append(given, a)
		}
	}
	applies := func(a Assessed) bool { return a.Reason != assess.MethodNotApplicable }
	differs := func(a Assessed) bool { return a.Status != given[0].Status }
	switch {
	case !slices.ContainsFunc(p.Others, applies):
		return indicator.T("其他方法不适用于这类目标，不构成分歧。", "The other methods do not apply to this kind of target: that is no disagreement."), false
	case len(given) == 0:
		return indicator.T("各方法均未得出结论。", "No method comes to a verdict."), false
	case len(given) == 1:
		return indicator.T("只有一种方法得出结论，无从比较。", "Only one method comes to a verdict, so there is nothing to compare."), false
	case !slices.ContainsFunc(given, differs):
		return say("得出结论的%d种方法结论一致：%s。", "The %d methods that come to a verdict agree: %s.", len(given), assess.StatusName(given[0].Status)), false
	}
	var parts []Text
	for _, a := range given {
		parts = append(parts, say("%s为“%s”", "%s says “%s”", methodTitle(a), assess.StatusName(a.Status)))
	}
	return say("各方法结论不一致：%s。", "The methods disagree: %s.", join("，", ", ", parts...)), true
}

// methodTitle is a method in words.
func methodTitle(a Assessed) Text {
	for _, m := range assess.Methods() {
		if m.Name == a.Method && m.Version == a.Version {
			return m.Title
		}
	}
	return indicator.T(a.Method, a.Method)
}
