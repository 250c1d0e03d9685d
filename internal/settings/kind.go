package settings

import (
	"fmt"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// kindCheck checks the fields of one target that make up what is to be
// calculated; x is nil where the indicator is not known.
type kindCheck struct {
	*targetCheck
	t *draftTarget
	x *indicator.Indicator
}

// uses lists the calculating fields that a kind of target has a use for.
var uses = map[indicator.Kind][]string{
	indicator.Reach: {"value", "approximate", "bound", "relative", "counted", "price", "baseline", "direction",
		"by", "milestones"},
	indicator.Hold:       {"value", "approximate", "bound", "counted", "price", "baseline", "tolerance", "from", "until"},
	indicator.Grow:       {"value", "approximate", "bound", "counted", "price", "direction", "from", "until"},
	indicator.Directed:   {"counted", "price", "direction", "from", "until"},
	indicator.StatedOnly: {"from", "until"},
}

// calculating are all fields that some kinds use and others do not.
var calculating = []string{"value", "approximate", "bound", "relative", "counted", "price", "baseline", "tolerance",
	"direction", "by", "from", "until", "milestones"}

func (k kindCheck) at(field string) string { return k.t.at(k.file, field) }

func (k kindCheck) check() {
	if !k.require(k.at("kind"), k.t.Kind != "") {
		return
	}
	for _, field := range calculating {
		if path := k.at(field); k.given(path) && !slices.Contains(uses[k.t.Kind], field) {
			k.fault(path, "%[1]s 类目标不使用 %[2]s。请删去，或改正 kind。",
				"a target of kind %[1]s has no use for %[2]s: remove it, or correct kind", k.t.Kind, field)
		}
	}
	k.years()
	k.basis()
	switch k.t.Kind {
	case indicator.Reach:
		k.reach()
	case indicator.Hold:
		k.hold()
	case indicator.Grow:
		if k.need("value") && k.need("from") {
			k.direction()
		}
	case indicator.Directed:
		k.need("direction")
	}
}

// need wants a field of the target to be given.
func (k kindCheck) need(field string) bool { return k.require(k.at(field), k.given(k.at(field))) }

// years checks that every year is one and that they follow each other.
func (k kindCheck) years() {
	type named struct {
		field string
		year  int
	}
	order := []named{{"from", k.t.From}, {"until", k.t.Until}, {"by", k.t.By}}
	if b := k.t.Baseline; b != nil && k.require(k.at("baseline")+".year", b.Year != 0) {
		order = slices.Insert(order, 0, named{"baseline", b.Year})
	}
	before := 0
	for _, y := range order {
		path := k.at(y.field)
		switch {
		case y.year == 0 && !k.given(path):
		case y.year < 1949 || y.year > 2100:
			k.year(path, y.year)
		case y.year < before, y.year == before && y.field != "until":
			k.fault(path, "%[1]s 的年份 %[2]d 应晚于 %[3]d。请核对各年份。",
				"the year of %[1]s, %[2]d, must be after %[3]d: check the years", y.field, y.year, before)
		default:
			before = y.year
		}
	}
	k.milestones()
}

func (k kindCheck) year(path string, year int) {
	if !k.refused[path] {
		k.fault(path, "%d 不是可用的年份（1949—2100）。", "%d is not a usable year (1949 to 2100)", year)
	}
}

func (k kindCheck) milestones() {
	last := 0
	if k.t.Baseline != nil {
		last = k.t.Baseline.Year
	}
	for i, m := range k.t.Milestones {
		path := fmt.Sprintf("%s[%d]", k.at("milestones"), i)
		k.require(path+".value", k.given(path+".value"))
		switch {
		case !k.require(path+".year", m.Year != 0):
			continue
		case m.Year < 1949 || m.Year > 2100:
			k.year(path+".year", m.Year)
			continue
		case m.Year <= last, k.t.By != 0 && m.Year >= k.t.By:
			k.fault(path+".year", "阶段目标的年份应逐个递增，晚于基期并早于目标年。",
				"the years of milestones must rise, after the baseline and before the target year")
		}
		last = m.Year
		k.inRange(path+".value", m.Value)
	}
}

// basis checks way of counting, price basis and value against the indicator.
func (k kindCheck) basis() {
	if k.x == nil {
		return
	}
	unit, _ := indicator.FindUnit(k.x.Unit)
	if k.t.Counted != "" && unit.Dimension != "count" {
		k.fault(k.at("counted"), "指标 %[1]s 的单位为“%[2]s”，没有计数方式。请删去 counted。",
			"%[1]s is in %[2]s and has no way of counting: remove counted", k.x.Code, k.x.Unit)
	}
	if k.t.Price != "" && k.x.Price == "" && k.t.Kind != indicator.Grow {
		k.fault(k.at("price"), "指标 %s 没有价格口径。请删去 price。", "%s has no price basis: remove price", k.x.Code)
	}
	if k.t.Value != nil && k.t.Relative == "" && (k.t.Kind == indicator.Reach || k.t.Kind == indicator.Hold) {
		k.inRange(k.at("value"), *k.t.Value)
	}
	if b := k.t.Baseline; b != nil && b.Value != nil {
		k.inRange(k.at("baseline")+".value", *b.Value)
	}
}

// inRange wants a value that a reading of the indicator could have.
func (k kindCheck) inRange(path string, value float64) {
	if k.x == nil {
		return
	}
	if k.x.Min != nil && value < *k.x.Min || k.x.Max != nil && value > *k.x.Max {
		k.fault(path, "%[1]g 超出指标 %[2]s 的取值范围（单位：%[3]s）。请核对数值和单位。",
			"%[1]g is outside the valid range of %[2]s, which is in %[3]s: check value and unit", value, k.x.Code, k.x.Unit)
	}
}

func (k kindCheck) reach() {
	if !k.need("value") {
		return
	}
	if k.t.Relative != "" {
		k.relative()
	}
	// A value marked 左右 without a bound is shown and not assessed.
	if !k.t.Approximate || k.t.Bound != "" {
		k.direction()
	}
}

func (k kindCheck) relative() {
	if k.t.Baseline == nil {
		k.fault(k.at("relative"), "relative 需要基期。请补上 baseline。", "relative needs something to relate to: add a baseline")
	}
	if k.t.Value == nil {
		return
	}
	if v := *k.t.Value; k.t.Relative == indicator.Times && v <= 0 || k.t.Relative == indicator.Percent && (v == 0 || v <= -100) {
		k.fault(k.at("value"), "相对基期的数值 %g 无意义。倍数应为正，百分比应大于 -100 且不为 0。",
			"%g makes no sense relative to a baseline: times must be positive, percent above -100 and not 0", v)
	}
}

// direction wants to know which way is better: from the bound, the target, or
// the indicator. It is never assumed.
func (k kindCheck) direction() {
	fromBound := map[indicator.Bound]indicator.Direction{
		indicator.AtLeast: indicator.Up, indicator.AtMost: indicator.Down,
	}[k.t.Bound]
	switch {
	case fromBound != "" && k.t.Direction != "" && fromBound != k.t.Direction:
		k.fault(k.at("direction"), "direction: %[1]s 与 bound: %[2]s 矛盾。请保留一个。",
			"direction %[1]s contradicts bound %[2]s: keep one of them", k.t.Direction, k.t.Bound)
	case fromBound == "" && k.t.Direction == "" && k.x != nil && k.x.Direction == "":
		k.fault(k.at("value"), "无法判断 %s 向哪个方向为好。请写 bound 或 direction。",
			"it is not known which way is better for %s: give bound or direction", k.x.Code)
	}
}

// hold wants a bound, or a band around a baseline or a value.
func (k kindCheck) hold() {
	band := k.t.Tolerance != nil || k.given(k.at("tolerance"))
	switch {
	case band && k.t.Bound != "":
		k.fault(k.at("tolerance"), "bound 和 tolerance 只能写一个。", "give bound or tolerance, not both")
	case k.t.Bound != "":
		k.need("value")
	case band && k.t.Baseline == nil && k.t.Value == nil:
		k.fault(k.at("tolerance"), "允许偏差需要中心。请补上 baseline 或 value。",
			"a band needs a middle: add baseline or value")
	case band:
	case k.t.Value != nil && k.t.Approximate: // shown, not assessed
	default:
		k.fault(k.at("kind"), "保持类目标须写 bound 和 value，或 tolerance 和 baseline。",
			"a target to hold needs bound and value, or tolerance and baseline")
	}
}
