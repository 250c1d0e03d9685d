package settings

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

type indicatorsFile struct {
	Topics     []indicator.Topic     `yaml:"topics"`
	Indicators []indicator.Indicator `yaml:"indicators"`
}

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// loadIndicators fills topics and indicators and reports whether every
// indicator has a code.
func (l *loader) loadIndicators(c *indicator.Catalog) (complete bool) {
	var content indicatorsFile
	f := l.read("indicators.yaml", &content)
	if f.unusable {
		return false
	}
	c.Topics, c.Indicators = content.Topics, content.Indicators
	f.require("$.topics", len(c.Topics) > 0)
	f.require("$.indicators", len(c.Indicators) > 0)
	f.topics(c.Topics)
	complete = len(c.Indicators) > 0
	codes, all := map[string]bool{}, newNames(f)
	for i := range c.Indicators {
		x, path := &c.Indicators[i], fmt.Sprintf("$.indicators[%d]", i)
		if !f.code(path, x.Code, codes) {
			complete = complete && x.Code != ""
		}
		f.meaning(path, x, c.Topics)
		f.quantity(path, x)
		f.coverage(path, x)
		f.indicatorNames(path, x, all)
		f.crosswalk(path+".crosswalk", x.Crosswalk)
	}
	return complete
}

func (f *file) topics(topics []indicator.Topic) {
	codes := map[string]bool{}
	for i, t := range topics {
		path := fmt.Sprintf("$.topics[%d]", i)
		f.code(path, t.Code, codes)
		f.requireText(path+".name", t.Name)
	}
}

// code wants a code of its own for an entry and reports whether it has one.
func (f *file) code(path, code string, taken map[string]bool) bool {
	path += ".code"
	if !f.require(path, code != "") {
		return false
	}
	if !codePattern.MatchString(code) {
		f.fault(path, "代码“%s”应以小写字母开头，只含小写字母、数字和下划线。",
			"the code %q must be lower-case letters, digits and underscores, a letter first", code)
		return false
	}
	if taken[code] {
		f.fault(path, "代码 %s 重复。请删去一个或改名。", "the code %s is used twice: remove or rename one", code)
		return false
	}
	taken[code] = true
	return true
}

func (f *file) meaning(path string, x *indicator.Indicator, topics []indicator.Topic) {
	f.requireText(path+".name", x.Name)
	f.requireText(path+".definition", x.Definition)
	f.require(path+".edition", x.Edition != "")
	if f.require(path+".topic", x.Topic != "") {
		f.topic(path+".topic", x.Topic, topics)
	}
}

// topic wants a topic of the catalogue.
func (f *file) topic(path, code string, topics []indicator.Topic) {
	known := codesOf(topics, func(t indicator.Topic) string { return t.Code })
	if len(known) == 0 || slices.Contains(known, code) {
		return // no topics at all is one fault of its own
	}
	f.unknown(path, "主题", "topic", code, indicator.NearestWord(code, known))
}

// quantity checks unit, measure, price basis, way of counting and range.
func (f *file) quantity(path string, x *indicator.Indicator) {
	unit, known := indicator.FindUnit(x.Unit)
	switch {
	case !f.require(path+".unit", x.Unit != ""):
	case !known:
		f.fault(path+".unit", "没有这个计量单位：“%s”。请用目录中的单位，如 亿元、%%、家。",
			"there is no unit %q: use a unit of the catalogue, such as 亿元, %% or 家", x.Unit)
	case unit.Code != x.Unit:
		f.fault(path+".unit", "计量单位“%[1]s”应写作“%[2]s”。", "the unit %[1]q must be written %[2]q", x.Unit, unit.Code)
	}
	f.require(path+".measure", x.Measure != "")
	if known {
		f.basis(path, x, unit)
	}
	if x.Decimals < 0 || x.Decimals > 6 {
		f.fault(path+".decimals", "小数位数应为 0 至 6。", "decimals must be from 0 to 6")
	}
	if x.Min != nil && x.Max != nil && *x.Min >= *x.Max {
		f.fault(path+".max", "取值上限 %[2]g 应大于下限 %[1]g。", "max %[2]g must be above min %[1]g", *x.Min, *x.Max)
	}
}

func (f *file) basis(path string, x *indicator.Indicator, unit indicator.Unit) {
	money := unit.Dimension == "money"
	if money && x.Measure != indicator.Growth {
		f.require(path+".price", x.Price != "")
	}
	if x.Price != "" && !money && unit.Dimension != "energy intensity" {
		f.fault(path+".price", "单位为“%s”的指标没有价格口径。请删去 price。",
			"an indicator in %s has no price basis: remove price", x.Unit)
	}
	if x.Counted != "" && unit.Dimension != "count" {
		f.fault(path+".counted", "单位为“%s”的指标没有计数方式。请删去 counted。",
			"an indicator in %s has no way of counting: remove counted", x.Unit)
	}
	if x.Counted == indicator.New && x.Measure == indicator.Stock ||
		x.Counted != "" && x.Counted != indicator.New && x.Measure == indicator.Flow {
		f.fault(path+".counted", "计数方式 %[1]s 与 measure: %[2]s 矛盾：当年新增是时期数，其余是时点数。",
			"counted %[1]s contradicts measure: %[2]s; new in a year is a flow, the others are stocks", x.Counted, x.Measure)
	}
	if x.Measure == indicator.Growth && x.Unit != "%" {
		f.fault(path+".unit", "增速的单位应为 %%。", "the unit of a growth rate must be %%")
	}
}

// coverage checks frequencies, levels and the release calendar.
func (f *file) coverage(path string, x *indicator.Indicator) {
	f.require(path+".frequencies", len(x.Frequencies) > 0)
	f.require(path+".levels", len(x.Levels) > 0)
	f.repeated(func(i int) string { return fmt.Sprintf("%s.frequencies[%d]", path, i) }, words(x.Frequencies...))
	f.repeated(func(i int) string { return fmt.Sprintf("%s.levels[%d]", path, i) }, words(x.Levels...))
	if r := x.Release; r != (indicator.Release{}) {
		// 2023 is no leap year: a calendar that holds every year cannot name 29 February.
		day := time.Date(2023, time.Month(r.Month), r.Day, 0, 0, 0, 0, time.UTC)
		if r.Month < 1 || r.Month > 12 || day.Day() != r.Day || r.YearsAfter < 0 || r.YearsAfter > 5 {
			f.fault(path+".release", "发布日历无效。应写 years_after（0 至 5）、month、day。",
				"the release calendar is not valid: give years_after (0 to 5), month and day")
		}
	}
}

func (f *file) indicatorNames(path string, x *indicator.Indicator, all names) {
	f.repeated(func(i int) string { return fmt.Sprintf("%s.aliases[%d]", path, i) }, x.Aliases)
	all.claim(path+".code", x.Code, x.Code)
	all.claim(path+".name.zh", x.Name.ZH, x.Code)
	all.claim(path+".name.en", x.Name.EN, x.Code)
	for i, alias := range x.Aliases {
		all.claim(fmt.Sprintf("%s.aliases[%d]", path, i), alias, x.Code)
	}
}
