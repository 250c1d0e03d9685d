package assess

import (
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// telling are the readings to name: those that decide alone, else those used.
func telling(changes []ReadingChange) []ReadingChange {
	for _, wanted := range []func(ReadingChange) bool{
		func(c ReadingChange) bool { return c.Alone },
		func(c ReadingChange) bool { return c.Used },
	} {
		if i := slices.IndexFunc(changes, wanted); i >= 0 {
			return slices.DeleteFunc(slices.Clone(changes), func(c ReadingChange) bool { return !wanted(c) })
		}
	}
	return changes
}

// mostNamed is how many readings a sentence names.
const mostNamed = 3

func (s changeTeller) readings(step Step, named []ReadingChange) string {
	n := len(step.Readings)
	if n == 0 {
		return map[StepKind]string{
			StepNew:       s.f("没有新公布的数据", "no new readings"),
			StepRevised:   s.f("没有修订", "no revisions"),
			StepTakenBack: s.f("没有撤回的数据", "none was taken back"),
		}[step.Kind]
	}
	if len(named) == 0 {
		return s.counted(step.Kind, n)
	}
	text := s.listed(step.Kind, named)
	if step.Flips && len(named) > 1 && !slices.ContainsFunc(named, func(c ReadingChange) bool { return c.Alone }) {
		text += s.f("（共同所致，任何一个单独都得不出这一状态）", " (together: none of them alone leads to this status)")
	}
	return text
}

// whole is what a step changed, with how many readings that was.
func (s changeTeller) whole(step Step) string {
	named := telling(step.Readings)
	text := s.step(step, named)
	if n := len(step.Readings); n > min(len(named), mostNamed) {
		text = s.counted(step.Kind, n) + s.f("，其中", ", among them: ") + text
	}
	return text
}

func (s changeTeller) counted(k StepKind, n int) string {
	count := indicator.Plural(n, "reading", "readings")
	switch k {
	case StepNew:
		return s.f("新公布%[1]d个数据", "%[2]s came out", n, count)
	case StepRevised:
		return s.f("修订%[1]d个数据", "%[2]s revised", n, count)
	}
	return s.f("撤回%[1]d个数据", "%[2]s taken back", n, count)
}

// listed names the readings, each with where it is from; once where all are from
// one upload.
func (s changeTeller) listed(k StepKind, named []ReadingChange) string {
	var told, origins []string
	shown := named[:min(mostNamed, len(named))]
	for _, c := range shown {
		told, origins = append(told, s.reading(k, c)), append(origins, s.originOf(k, c))
	}
	common := origins[0]
	if slices.ContainsFunc(origins, func(o string) bool { return o != common }) {
		common = ""
	}
	for i, origin := range origins {
		if origin != "" && (common == "" || len(shown) == 1) {
			told[i] += s.f("（%s）", " (%s)", origin)
		}
	}
	text := strings.Join(told, s.f("；", "; "))
	if common != "" && len(shown) > 1 {
		text += s.f("（以上均为%s）", " (all of them: %s)", common)
	}
	if left := len(named) - len(shown); left > 0 {
		text += s.f("；另有%d个", "; and %d more", left)
	}
	return text
}

func (s changeTeller) originOf(k StepKind, c ReadingChange) string {
	if k == StepTakenBack {
		return "" // the sentence says who took it back
	}
	return s.origin(s.c.Origin(c.After.Upload), k == StepRevised)
}

func (s changeTeller) reading(k StepKind, c ReadingChange) string {
	what := s.f("%[1]s%[2]s", "%[2]s in %[1]s", c.Period.Label(s.lang), s.text(s.of.Name))
	before, after := s.amountOf(c.Before), s.amountOf(c.After)
	switch {
	case k == StepNew:
		return s.f("%[1]s%[2]s", "%[1]s is %[2]s", what, after)
	case k == StepRevised && !hasValue(c.After):
		return s.f("%[1]s原为%[2]s，改为无数值", "%[1]s was %[2]s and has no value now", what, before)
	case k == StepRevised && c.Before.Value == c.After.Value:
		return s.f("%[1]s仍为%[2]s，数据状态由“%[3]s”改为“%[4]s”", "%[1]s is still %[2]s, its status went from “%[3]s” to “%[4]s”", what,
			s.text(exact(s.of, c.After.Value)), s.text(indicator.StatusName(c.Before.Status)), s.text(indicator.StatusName(c.After.Status)))
	case k == StepRevised:
		return s.f("%[1]s由%[2]s修订为%[3]s", "%[1]s was revised from %[2]s to %[3]s", what, before, after)
	}
	text := s.f("%[1]s原为%[2]s，%[3]s", "%[1]s was %[2]s and %[3]s", what, before, s.reverted(s.c.Origin(c.Before.Upload)))
	if !hasValue(c.After) {
		return text + s.f("，现无数值", "; there is no value now")
	}
	return text + s.f("，恢复为%s", "; it is again %s", after)
}

// amountOf is a value with its unit and every place it has, and what status it
// has where that is not the normal one.
func (s changeTeller) amountOf(p *indicator.Point) string {
	if !hasValue(p) {
		return s.f("无数值", "no value")
	}
	text := s.text(exact(s.of, p.Value))
	if p.Status != indicator.Normal {
		text += s.f("（%s）", " (%s)", s.text(indicator.StatusName(p.Status)))
	}
	return text
}

// origin is 最终核实，wang报送，2025年9月1日公布，修订原因：核实.
func (s changeTeller) origin(o Origin, revision bool) string {
	if o.Released.IsZero() {
		return ""
	}
	var parts []string
	if o.Generated {
		parts = append(parts, s.f("示例数据", "generated example"))
	}
	if o.Stage != "" {
		parts = append(parts, s.text(indicator.StageName(o.Stage)))
	}
	if o.Uploader != "" {
		parts = append(parts, s.f("%s报送", "uploaded by %s", o.Uploader))
	}
	parts = append(parts, s.f("%s公布", "released on %s", s.day(o.Released)))
	if revision && o.Reason != "" {
		parts = append(parts, s.f("修订原因：%s", "reason: %s", o.Reason))
	}
	return strings.Join(parts, s.f("，", ", "))
}

// reverted is 已于2025年10月1日由li撤回（填错地区）.
func (s changeTeller) reverted(o Origin) string {
	by, note := "", ""
	if o.RevertedBy != "" {
		by = s.f("由%s", " by %s", o.RevertedBy)
	}
	if o.RevertNote != "" {
		note = s.f("（%s）", " (%s)", o.RevertNote)
	}
	if o.RevertedAt.IsZero() {
		return s.f("已撤回%s", "was taken back%s", note)
	}
	return s.f("已于%[1]s%[2]s撤回%[3]s", "was taken back on %[1]s%[2]s%[3]s", s.day(o.RevertedAt), by, note)
}
