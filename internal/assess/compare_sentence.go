package assess

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// StepName is a step in a few words.
func StepName(k StepKind) indicator.Text {
	switch k {
	case StepNew:
		return indicator.T("新公布数据", "new readings")
	case StepRevised:
		return indicator.T("数据修订", "revisions")
	case StepTakenBack:
		return indicator.T("数据撤回", "readings taken back")
	case StepTarget:
		return indicator.T("目标调整", "target changes")
	case StepMethod:
		return indicator.T("评估方法换版", "another method version")
	case StepTime:
		return indicator.T("评估时点推移", "the passing of time")
	}
	return indicator.T(string(k), string(k))
}

// Explain says in a few sentences whether the verdict changed between the two
// moments, and because of what.
func (c Change) Explain() indicator.Text {
	return indicator.Text{ZH: c.teller(indicator.ZH).explain(), EN: c.teller(indicator.EN).explain()}
}

// ExplainStep says what changed in one step, or that nothing did.
func (c Change) ExplainStep(s Step) indicator.Text {
	return indicator.Text{ZH: c.teller(indicator.ZH).whole(s), EN: c.teller(indicator.EN).whole(s)}
}

func (c Change) teller(lang indicator.Lang) changeTeller {
	of := c.To.Indicator
	if of == nil {
		of = c.From.Indicator
	}
	return changeTeller{words{lang, of}, c}
}

// changeTeller holds what the sentences of one comparison are made from.
type changeTeller struct {
	words
	c Change
}

func (s changeTeller) explain() string {
	c := s.c
	switch {
	case c.From.Target == nil:
		return s.f("%[1]s时还没有这项目标，无从比较；目前状态为%[2]s。", "On %[1]s there was no such target, so there is nothing to compare; it is now %[2]s.",
			s.day(c.From.AsOf), s.verdict(c.After))
	case c.To.Target == nil:
		return s.f("%[1]s时状态为%[2]s；现行目录中已没有这项目标。", "On %[1]s it was %[2]s; the catalogue no longer has this target.",
			s.day(c.From.AsOf), s.verdict(c.Before))
	case !c.Changed():
		return s.unchanged()
	}
	text := s.f("状态由%[1]s变为%[2]s，原因是%[3]s：%[4]s。", "The status went from %[1]s to %[2]s because of %[3]s: %[4]s.",
		s.verdict(c.Before), s.verdict(c.After), s.text(StepName(c.Cause)), s.step(c.Step(c.Cause), telling(c.Step(c.Cause).Readings)))
	return text + s.later()
}

// later tells of the steps that flipped the status again after the cause.
func (s changeTeller) later() string {
	cause := s.c.Step(s.c.Cause)
	if SameVerdict(cause.Verdict, s.c.After) {
		return ""
	}
	text := s.f("仅此一步，状态变为%s", " That alone made it %s", s.verdict(cause.Verdict))
	at := slices.Index(Steps, s.c.Cause)
	for _, step := range s.c.Steps[at+1:] {
		if step.Flips {
			text += s.f("；其后%[1]s使其变为%[2]s", "; then %[1]s made it %[2]s", s.text(StepName(step.Kind)), s.verdict(step.Verdict))
		}
	}
	return text + s.f("。", ".")
}

// unchanged says what moved although the status stayed.
func (s changeTeller) unchanged() string {
	text := s.f("状态未变，仍为%s。", "The status stayed %s.", s.verdict(s.c.After))
	var moved, flipped []string
	for _, step := range s.c.Steps {
		if step.Moved && step.Kind != StepTime {
			moved = append(moved, s.step(step, nil))
		}
		if step.Flips {
			flipped = append(flipped, s.f("%[1]s使其变为%[2]s", "%[1]s made it %[2]s", s.text(StepName(step.Kind)), s.verdict(step.Verdict)))
		}
	}
	if len(moved) == 0 {
		return text + s.f("两个时点之间，数据、目标和方法都没有变化。", " Between the two moments neither readings nor target nor method changed.") + s.marks()
	}
	text += s.f("其间%s。", " In between: %s.", strings.Join(moved, s.f("；", "; ")))
	if len(flipped) > 0 {
		text += s.f("这些变化互相抵消：%s。", " They cancel each other out: %s.", strings.Join(flipped, s.f("，", ", then ")))
	}
	return text + s.gap() + s.marks()
}

// marks says which words beside the status came with time or with the readings.
func (s changeTeller) marks() string {
	before := Marks(s.c.Before)
	var came []string
	for _, m := range Marks(s.c.After) {
		if !slices.Contains(before, m) {
			came = append(came, s.f("“%s”", "“%s”", s.text(m)))
		}
	}
	if len(came) == 0 {
		return ""
	}
	return s.f("状态旁新增标注%s。", " Beside the status now stands %s.", strings.Join(came, s.f("、", ", ")))
}

// gap says how far the target was and is; a bound that is met has no gap worth a word.
func (s changeTeller) gap() string {
	a, b := s.c.Before, s.c.After
	if a.Gap == nil || b.Gap == nil || *a.Gap == *b.Gap || s.of == nil {
		return ""
	}
	return s.f("目标值减最新值由%[1]s变为%[2]s。", " Target less latest went from %[1]s to %[2]s.", s.signed(*a.Gap), s.signed(*b.Gap))
}

func (s changeTeller) signed(v float64) string {
	if v < 0 {
		return "−" + s.difference(v)
	}
	return s.difference(v)
}

// verdict is “符合预期”, or “暂不评估”（数据不足）.
func (s changeTeller) verdict(a Assessment) string {
	name := s.f("“%s”", "“%s”", s.text(StatusName(a.Status)))
	if a.Reason != "" {
		name += s.f("（%s）", " (%s)", s.text(ReasonName(a.Reason)))
	}
	return name
}

// step says what a step changed; named are the readings told one by one, without
// any they are only counted.
func (s changeTeller) step(step Step, named []ReadingChange) string {
	switch step.Kind {
	case StepNew, StepRevised, StepTakenBack:
		return s.readings(step, named)
	case StepTarget:
		return s.fields(step.Fields)
	case StepMethod:
		before, after := methodID(s.c.Before), methodID(s.c.After)
		if !step.Moved {
			return s.f("方法未变（%s）", "the method is the same (%s)", after)
		}
		return s.f("由%[1]s改为%[2]s", "from %[1]s to %[2]s", before, after)
	}
	return s.time(step)
}

func methodID(a Assessment) string { return fmt.Sprintf("%s@%d", a.Method, a.Version) }

func (s changeTeller) fields(changes []FieldChange) string {
	if len(changes) == 0 {
		return s.f("目标没有调整", "the target is the same")
	}
	var told []string
	for _, c := range changes {
		name, before, after := s.text(c.Name), s.text(c.Before), s.text(c.After)
		switch {
		case c.Before.IsZero():
			told = append(told, s.f("%[1]s定为%[2]s", "%[1]s set to %[2]s", name, after))
		case c.After.IsZero():
			told = append(told, s.f("取消%[1]s（原为%[2]s）", "no %[1]s any more (it was %[2]s)", name, before))
		default:
			told = append(told, s.f("%[1]s由%[2]s改为%[3]s", "%[1]s changed from %[2]s to %[3]s", name, before, after))
		}
	}
	return strings.Join(told, s.f("，", ", "))
}

// time says how the calendar alone changed the verdict, or how it moved.
func (s changeTeller) time(step Step) string {
	from, to := s.c.From, s.c.To
	if !step.Moved {
		return s.f("评估时点相同", "the moment is the same")
	}
	if step.Flips {
		before := s.c.Steps[slices.Index(Steps, StepTime)-1].Verdict
		switch {
		case step.Verdict.Reason == NotInForce && to.Target.InForceUntil != "" && to.AsOf.After(from.AsOf):
			return s.f("目标有效期至%s，已过", "the target was in force until %s", s.date(to.Target.InForceUntil))
		case before.Reason == NotInForce && to.Target.InForceFrom != "":
			return s.f("目标自%s起生效", "the target is in force from %s on", s.date(to.Target.InForceFrom))
		case step.Verdict.Reason == Stale && step.Verdict.Latest != nil:
			return s.f("评估年份已到%[1]d年，最新数据仍为%[2]s，早于评估年份五年以上",
				"the year of the assessment is now %[1]d and the latest reading still that of %[2]s, more than five years older",
				step.Verdict.AsOfPeriod.Year(), step.Verdict.Latest.Period.Label(s.lang))
		}
	}
	return s.f("由%[1]s移到%[2]s", "from %[1]s to %[2]s", s.day(from.AsOf), s.day(to.AsOf))
}

// day is a moment as a date in Shanghai.
func (s changeTeller) day(t time.Time) string {
	d := t.In(indicator.Shanghai)
	return s.f("%[1]d年%[2]d月%[3]d日", "%[4]s", d.Year(), int(d.Month()), d.Day(), d.Format("2 January 2006"))
}

// date is a day of the catalogue in words.
func (s changeTeller) date(d indicator.Date) string {
	at, err := time.ParseInLocation(time.DateOnly, string(d), indicator.Shanghai)
	if err != nil {
		return string(d)
	}
	return s.day(at)
}
