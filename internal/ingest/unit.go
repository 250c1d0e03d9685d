package ingest

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dabiao/dabiao/internal/indicator"
)

// unitRead is what a text was read as that states a unit. An empty text has
// neither a unit nor a fault.
type unitRead struct {
	unit  string // as the file has it, squashed
	fault *finding
}

// readUnit accepts every unit the domain knows and those of the catalogue.
func (n *names) readUnit(text string) unitRead {
	full := text
	text = strings.TrimSpace(fold(text))
	inner := strings.TrimPrefix(text, "(")
	if !strings.Contains(inner, "(") {
		inner = strings.TrimSuffix(inner, ")")
	}
	if !isDecimal(inner) || inner == text { // (1) is the number of a footnote and not the unit 1
		text = inner
	}
	if _, said, ok := strings.Cut(text, ":"); ok && unitLabels[nameKey(text[:len(text)-len(said)-1])] {
		text = strings.TrimSpace(said)
	}
	if text == "" {
		return unitRead{}
	}
	if said, ok := n.saidUnit(full); ok {
		return unitRead{unit: said}
	}
	for _, spelling := range []string{text, strings.ReplaceAll(text, " ", "")} {
		if unit, ok := n.unit(spelling); ok {
			return unitRead{unit: strings.Clone(unit)}
		}
	}
	return unitRead{fault: fault(codeUnknownUnit,
		"不认识单位“%[1]s”。写成 亿元、万元、元、%%、家、个、人年 等。",
		"The unit “%[1]s” is not known. Write 亿元, 万元, 元, %%, 家, 个, 人年 or the like.", quote(text)).
		withLater(func() []indicator.Suggestion { return suggested(optionName, unitAnswers(text)) })}
}

// unit is the unit that a text names: itself, or what the person says it stands for.
func (n *names) unit(text string) (string, bool) {
	if said, ok := n.saidUnit(text); ok {
		return said, true
	}
	if len(text) > longestUnit {
		return "", false
	}
	if _, ok := indicator.FindUnit(text); ok {
		return text, true
	}
	for i := range n.catalog.Indicators {
		if text != "" && n.catalog.Indicators[i].Unit == text {
			return text, true
		}
	}
	return "", false
}

// saidUnit is the unit that a text stands for as the person says.
func (n *names) saidUnit(text string) (string, bool) {
	if len(n.units) == 0 {
		return "", false
	}
	said, ok := n.units[nameKey(text)]
	if ok {
		n.answer(nameKey(text))
	}
	return said, ok
}

// unitLabels are the words before a colon that announce a unit.
var unitLabels = map[string]bool{"单位": true, "计量单位": true, "unit": true, "units": true}

// longestUnit is how many bytes a unit may have behind a sign.
const longestUnit = 48

// cutUnit splits a unit off the end of a name: in brackets, behind a slash, a
// comma or a colon. Only a known unit is cut off, so that 研究与试验发展(R&D)
// stays whole.
func (n *names) cutUnit(name string) (before, unit string, ok bool) {
	if before, unit, ok = cutUnit(name); ok {
		return before, unit, true
	}
	if before, inside, found := cutBracket(name); found && !isDecimal(inside) {
		if unit, ok = n.unit(inside); ok {
			return before, unit, true
		}
	}
	if before, unit, ok = n.cutFromBracket(name); ok {
		return before, unit, true
	}
	text := strings.TrimSpace(fold(name))
	for at, r := range text {
		if len(text)-at > longestUnit || !strings.ContainsRune("/,、:;_", r) {
			continue
		}
		behind := strings.TrimSpace(strings.ReplaceAll(text[at+utf8.RuneLen(r):], "_", " "))
		if behind == "" || isDecimal(behind) {
			continue
		}
		for _, spelling := range []string{behind, strings.ReplaceAll(behind, " ", "")} {
			if unit, ok = n.unit(spelling); ok {
				return strings.TrimSpace(text[:at]), unit, true
			}
		}
	}
	return name, "", false
}

// cutFromBracket takes the unit out of a bracket with more in it: GDP(现价,亿元).
func (n *names) cutFromBracket(name string) (before, unit string, ok bool) {
	before, inside, found := cutBracket(name)
	first, second, two := strings.Cut(strings.NewReplacer("、", ",", ";", ",").Replace(inside), ",")
	if !found || !two {
		return name, "", false
	}
	first, second = strings.TrimSpace(first), strings.TrimSpace(second)
	unit, ok = n.unit(first)
	other, both := n.unit(second)
	switch {
	case ok == both || isDecimal(first) || isDecimal(second):
		return name, "", false
	case both:
		return before + "(" + first + ")", other, true
	}
	return before + "(" + second + ")", unit, true
}

// cutUnit splits a trailing bracket off a name where the bracket holds a unit.
func cutUnit(name string) (before, unit string, ok bool) {
	before, inside, ok := cutBracket(name)
	if !ok {
		return name, "", false
	}
	if label, text, labelled := cutLabel(inside); labelled && unitLabels[label] {
		return before, text, true
	}
	for _, spelling := range []string{inside, strings.ReplaceAll(inside, " ", "")} {
		if _, known := indicator.FindUnit(spelling); known && !isDecimal(spelling) { // (1) is a footnote
			return before, spelling, true
		}
	}
	return name, "", false
}

// sameUnit reports whether two units mean the same number of the same thing.
func sameUnit(a, b string) bool {
	if a == b {
		return true
	}
	x, okX := indicator.FindUnit(a)
	y, okY := indicator.FindUnit(b)
	return okX && okY && x.Dimension == y.Dimension && x.Factor == y.Factor
}

// convertible reports whether values in one unit can be brought to another.
func convertible(from, to string) bool {
	if from == to {
		return true
	}
	_, err := indicator.ConvertUnit(1, from, to)
	return err == nil
}

// readUnits reads several units of different kinds: 亿元、% or 亿元 %.
func (n *names) readUnits(text string) []string {
	parts := strings.FieldsFunc(fold(text), func(r rune) bool { return strings.ContainsRune("、,;和 ", r) })
	if len(parts) < 2 || len(parts) > 8 {
		return nil
	}
	var units []string
	for _, part := range parts {
		read := n.readUnit(part)
		if read.unit == "" || slices.ContainsFunc(units, func(u string) bool { return convertible(u, read.unit) }) {
			return nil
		}
		units = append(units, read.unit)
	}
	return units
}

func unitMismatch(unit string, ind *indicator.Indicator) *finding {
	return fault(codeUnitMismatch,
		"单位“%[1]s”不能换算为%[2]s的单位“%[3]s”。核对指标和单位。",
		"The unit “%[1]s” cannot be converted to “%[3]s”, the unit of %[4]s. Check indicator and unit.",
		quote(unit), ind.Name.ZH, ind.Unit, ind.Name.EN)
}

// statedUnit is a unit and where it is stated.
type statedUnit struct {
	unit  string
	where indicator.Text
	among bool // one of several (单位：亿元、%): it is that of the indicators it fits
}

// unitConflict is the problem of two statements about one unit.
func unitConflict(a, b statedUnit) *finding {
	return fault(codeContradiction,
		"单位前后不一致：%[2]s为“%[1]s”，%[5]s为“%[4]s”。核对后改正其中一处。",
		"Two units are stated: “%[1]s” (%[3]s) and “%[4]s” (%[6]s). Mend the wrong one.",
		quote(a.unit), a.where.ZH, a.where.EN, quote(b.unit), b.where.ZH, b.where.EN)
}
