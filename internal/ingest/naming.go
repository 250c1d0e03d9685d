package ingest

import (
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// nameAnswer is a name of the file of which the person says what it stands for.
type nameAnswer struct {
	text string
	used bool
}

// nameTarget is what a name stands for: one of the three.
type nameTarget struct {
	region, indicator int // index into the catalogue, -1: none
	unit              string
}

// readNames enters what the person says of names beside the names of the
// catalogue, so that every place that reads one knows it.
func (p *parser) readNames() {
	targets := map[string]nameTarget{}
	for _, text := range p.options.Names {
		name, value, ok := cutAnswer(text)
		if !ok || len(name) > longestName {
			p.problems.add(place{}, fault(codeBadName,
				"选项 --name 的值“%[1]s”不可识别。写成 福健=350000，等号前是文件中的名称，等号后是地区、指标或单位的名称或代码。",
				"The value “%[1]s” of --name cannot be read. Write 福健=350000: before the sign the name in the file, behind it the name or code of a region, an indicator or a unit.",
				quote(text)))
			continue
		}
		target, f := p.names.target(name, value)
		if f == nil {
			f = p.names.contradictsName(name, target)
		}
		if before, twice := targets[nameKey(name)]; f == nil && twice && before != target {
			f = fault(codeBadName, "选项 --name 对“%[1]s”给出了两种含义。只保留一种。",
				"Two meanings of “%[1]s” are given by --name. Keep one.", quote(name))
		}
		if f != nil {
			p.problems.add(place{}, f)
			continue
		}
		targets[nameKey(name)] = target
	}
	for _, text := range p.options.Names { // after all were held against the catalogue alone
		if name, _, _ := cutAnswer(text); name != "" {
			if target, ok := targets[nameKey(name)]; ok {
				p.names.enter(name, target)
			}
		}
	}
}

// enter makes a name known.
func (n *names) enter(name string, t nameTarget) {
	key := nameKey(name)
	switch {
	case t.region >= 0:
		n.regions[key] = []int{t.region}
	case t.indicator >= 0:
		n.indicators[key] = []int{t.indicator}
	default:
		n.units[key] = t.unit
	}
	if n.answer(key) == nil {
		n.answers = append(n.answers, &nameAnswer{text: name})
		n.answered[key] = n.answers[len(n.answers)-1]
	}
}

// answer notes that a name occurs, and is what the person says of it.
func (n *names) answer(key string) *nameAnswer {
	a := n.answered[key]
	if a != nil {
		a.used = true
	}
	return a
}

// target finds what the person says a name stands for.
func (n *names) target(name, value string) (nameTarget, *finding) {
	t := nameTarget{region: -1, indicator: -1}
	region, ind := n.region(value), n.indicator(value)
	ids := n.regionIDs(nameKey(value))
	switch unit, isUnit := n.unit(value); {
	case region.region != nil:
		t.region = region.id
	case len(ids) == 1: // of which nothing is collected
		t.region = ids[0]
	case ind.indicator != nil:
		t.indicator = ind.id
	case isUnit:
		t.unit = unit
	case region.fault != nil && region.fault.code == codeAmbiguousName:
		return t, region.fault.instead(codeBadName, optionName, name)
	case ind.fault != nil && ind.fault.code == codeAmbiguousName:
		return t, ind.fault.instead(codeBadName, optionName, name)
	default:
		regions, indicators := n.likelyRegions(value), n.likelyIndicators(value)
		zh := slices.DeleteFunc([]string{n.regionLabels(regions, indicator.ZH), indicatorList(indicators, indicator.ZH)}, isBlank)
		en := slices.DeleteFunc([]string{n.regionLabels(regions, indicator.EN), indicatorList(indicators, indicator.EN)}, isBlank)
		f := fault(codeBadName,
			"选项 --name 中“%[1]s”的含义“%[2]s”不是目录中的地区或指标，也不是单位。%[3]s改用名称或代码。",
			"What --name says “%[1]s” stands for, “%[2]s”, is no region or indicator of the catalogue, and no unit. %[4]sUse a name or code.",
			quote(name), quote(value), listed("相近的有：", zh, "、", "。"), listed("Near ones: ", en, ", ", ". "))
		return t, f.with(optionName, regionAnswers(name, regions)...).with(optionName, answersFor(name, indicators)...)
	}
	return t, nil
}

func listed(before string, list []string, separator, after string) string {
	if len(list) == 0 {
		return ""
	}
	return before + strings.Join(list, separator) + after
}

// contradictsName says that a name is known to mean another thing than the
// person says. A name that several things share may mean any of them.
func (n *names) contradictsName(name string, t nameTarget) *finding {
	key := nameKey(name)
	region, ind := n.region(name), n.indicator(name)
	known := n.otherMeaning(name)
	switch {
	case region.fault != nil && region.fault.code == codeAmbiguousName && t.region >= 0,
		ind.fault != nil && ind.fault.code == codeAmbiguousName && t.indicator >= 0,
		slices.Contains(n.regions[key], t.region), slices.Contains(n.indicators[key], t.indicator):
		return nil
	case region.region != nil && region.id != t.region:
		known = indicator.T(n.regionLabel(region.region, indicator.ZH), n.regionLabel(region.region, indicator.EN))
	case ind.indicator != nil && ind.id != t.indicator:
		list := []*indicator.Indicator{ind.indicator}
		known = indicator.T(indicatorList(list, indicator.ZH), indicatorList(list, indicator.EN))
	}
	if unit, isUnit := n.unit(name); known.ZH == "" || isUnit && sameUnit(unit, t.unit) {
		return nil
	}
	return fault(codeContradiction,
		"“%[1]s”已有确定的含义（%[2]s），--name 不能另作解释。去掉这一条，或在文件中改正这个名称。",
		"“%[1]s” is known to mean another thing (%[3]s), which --name cannot change. Leave that out, or mend the name in the file.",
		quote(name), known.ZH, known.EN)
}

func (n *names) hasOtherMeaning(name string) bool { return n.otherMeaning(name).ZH != "" }

// otherMeaning is what a text is known as that is no region or indicator to be
// read; empty where it is not known at all.
func (n *names) otherMeaning(name string) indicator.Text {
	key := nameKey(name)
	role, _ := headerRole(name)
	_, isUnit := n.unit(name)
	switch {
	case groupWords[key] || n.groups[key]:
		return indicator.T("一组地区", "a group of regions")
	case role != RoleUnknown:
		return indicator.T("列的名称", "the name of a column")
	case isUnit:
		return indicator.T("单位", "a unit")
	case isYear(name):
		return indicator.T("报告期", "a period")
	case marks[key] != "":
		return indicator.T("无数值的符号", "a sign without a value")
	}
	if read := n.region(name); read.fault != nil && read.fault.code == codeNotCollected {
		return indicator.T("不采集的地区", "a region of which nothing is collected")
	}
	return indicator.Text{}
}
