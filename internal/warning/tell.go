package warning

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// in builds a text from one function of the language.
func in(f func(indicator.Lang) string) indicator.Text {
	return indicator.T(f(indicator.ZH), f(indicator.EN))
}

// pick is one of two words, of which one may be empty.
func pick(lang indicator.Lang, zh, en string) string {
	if lang == indicator.EN {
		return en
	}
	return zh
}

// as writes a number of the indicator the way the arithmetic of a verdict does:
// name is one of its numbers.
func (c *scene) as(name string, v float64, lang indicator.Lang) string {
	return assess.NumberText(assess.Number{Name: name, Value: v}, c.Input.Indicator, lang)
}

func (c *scene) value(v float64, lang indicator.Lang) string { return c.as("yt", v, lang) }

// name is the indicator in quotation marks.
func (c *scene) name(lang indicator.Lang) string {
	if lang == indicator.EN {
		return c.Input.Indicator.Name.EN
	}
	return "“" + c.Input.Indicator.Name.ZH + "”"
}

// worseText: the verdict before and after, and the figures that made it.
func (c *scene) worseText(before, after assess.Assessment, old indicator.Series, changed []indicator.Point, revision bool) indicator.Text {
	return in(func(lang indicator.Lang) string {
		text := fmt.Sprintf(pick(lang, "%s由“%s”转为“%s”：", "%s went from “%s” to “%s”: "), c.name(lang),
			assess.StatusName(before.Status).In(lang), assess.StatusName(c.Verdict.Status).In(lang))
		var parts []string
		for _, p := range changed {
			was, revised := old.At(p.Period)
			if len(changed) > 3 && p.Period != after.Latest.Period && !revised {
				continue
			}
			part := p.Period.Label(lang) + pick(lang, "为", " is ") + c.value(p.Value, lang)
			if revised {
				part = fmt.Sprintf(pick(lang, "%s由%s修订为%s", "%s is revised from %s to %s"), p.Period.Label(lang), c.value(was.Value, lang), c.value(p.Value, lang))
			}
			parts = append(parts, part)
		}
		text += shortened(parts, lang)
		last, ok := old.Latest(after.Latest.Period.Add(-1))
		if ok && !revision && !slices.ContainsFunc(changed, func(p indicator.Point) bool { return p.Period == last.Period }) {
			text += fmt.Sprintf(pick(lang, "（%s为%s）", " (%s: %s)"), last.Period.Label(lang), c.value(last.Value, lang))
		}
		text += pick(lang, "。", ".")
		if revision {
			text += pick(lang, "变化由修订引起，不是新数据。", " The revision did it, not a new reading.")
		}
		return text
	})
}

// shortened is a list of which the middle is left out where it is long.
func shortened(parts []string, lang indicator.Lang) string {
	const most = 3
	if len(parts) > most {
		parts = append(parts[:most-1:most-1], "…", parts[len(parts)-1])
	}
	return strings.Join(parts, pick(lang, "，", ", "))
}

// movesText: the values one after the other, from the year before the first move.
func (c *scene) movesText(first int) indicator.Text {
	return in(func(lang indicator.Lang) string {
		var values []string
		for year := first; year <= c.last; year++ {
			values = append(values, indicator.Year(year).Label(lang)+pick(lang, "", " ")+c.value(c.years[year].Value, lang))
		}
		n := c.last - first
		if low, high, ok := c.band(); ok {
			return fmt.Sprintf(pick(lang, "%s连续%d年偏离目标区间中心，已在区间（%s至%s）之外：%s。", "%s has moved away from the middle of its band for %d years and lies outside it (%s to %s): %s."),
				c.name(lang), n, c.value(low, lang), c.value(high, lang), strings.Join(values, pick(lang, "，", ", ")))
		}
		moved := pick(lang, "下降", "fallen")
		wanted := pick(lang, "提高", "a rise")
		if c.d < 0 {
			moved, wanted = pick(lang, "上升", "risen"), pick(lang, "降低", "a fall")
		}
		return fmt.Sprintf(pick(lang, "%s连续%d年%s：%s；目标要求%s。", "%s has %[3]s for %[2]d years: %[4]s; the target wants %[5]s."),
			c.name(lang), n, moved, strings.Join(values, pick(lang, "，", ", ")), wanted)
	})
}

// paceText: what is needed, and the best there ever was.
func (c *scene) paceText() indicator.Text {
	return in(func(lang indicator.Lang) string {
		speed := func(v float64) string {
			if c.Pace.Compound {
				return pick(lang, "年均增长", "growth of ") + c.as("g", v, lang) + pick(lang, "", " a year")
			}
			moved := pick(lang, "每年提高", "a rise of ")
			if v < 0 {
				moved = pick(lang, "每年降低", "a fall of ")
			}
			if c.Input.Indicator.Unit == "%" { // paces of shares are small: one more place
				return moved + indicator.FormatNumber(math.Abs(v), c.Input.Indicator.Decimals+1) + pick(lang, "个百分点", " percentage points a year")
			}
			return moved + strings.TrimSuffix(c.as("a", math.Abs(v), lang), "/年")
		}
		text := fmt.Sprintf(pick(lang, "%s最新为%s（%s）", "%s is %s (%s)"), c.name(lang), c.value(c.years[c.last].Value, lang), indicator.Year(c.last).Label(lang))
		if at, year := c.Verdict.TargetAt, c.Input.Target.LastYear(); at != nil && year != 0 {
			text += fmt.Sprintf(pick(lang, "，要在%d年达到%s", "; to reach %[2]s by %[1]d,"), year, c.value(*at, lang))
		} else {
			text += pick(lang, "", ";")
		}
		text += fmt.Sprintf(pick(lang, "，今后须%s；", " it needs %s from now on; "), speed(c.Pace.Needed))
		if c.Pace.Best*c.Pace.Needed <= 0 {
			return text + pick(lang, "本地区有数据以来，没有一个五年朝目标方向变动。", "in none of its five-year windows did it move towards the target.")
		}
		return text + fmt.Sprintf(pick(lang, "本地区最快的五年（%d—%d年）也只有%s。", "its best five years (%d–%d) had only %s."), c.Pace.From, c.Pace.To, speed(c.Pace.Best))
	})
}

// outlookText: the status, what the forecast says, and how likely the target is.
func (c *scene) outlookText() indicator.Text {
	o := c.Outlook
	return in(func(lang indicator.Lang) string {
		status := assess.StatusName(c.Verdict.Status).In(lang)
		if c.Verdict.Early {
			status = pick(lang, "提前实现", "achieved early")
		}
		goal, short := o.Low, o.Low-o.Mean
		if o.Mean > o.High {
			goal, short = o.High, o.Mean-o.High
		}
		text := fmt.Sprintf(pick(lang, "%s现评为“%s”，但预测%d年为%s，与目标%s相差%s", "%s is called “%s”, but the forecast for %d is %s, which misses %s by %s"),
			c.name(lang), status, o.Year, c.value(o.Mean, lang), c.value(goal, lang), c.as("last_change", short, lang))
		if !math.IsNaN(o.Probability) {
			text += pick(lang, "，实现目标的可能性", "; the chance of reaching it: ") + indicator.Likelihood(o.Probability).In(lang)
		}
		return text + pick(lang, "。", ".")
	})
}
