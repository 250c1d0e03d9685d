package ingest

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// readValue makes one value cell a reading or a problem.
func (rr *rowReader) readValue(r row, vc *valueColumn, s subject) {
	text := r.at(vc.col)
	at := place{r.number, rr.shift + vc.col}
	if len(r.merged) > 0 && rr.reportMerged(r, at) {
		return
	}
	value, suffix, k := rr.readNumber(text)
	if k == isEmpty && (s.status.HasValue() || s.status == "") {
		return
	}
	rr.values++
	extra := suffixRead{}
	if suffix != "" {
		if extra = rr.readSuffix.of(suffix); !extra.ok {
			rr.problems.add(at, notANumber(text))
			return
		}
	}
	s = rr.withColumn(s, vc, at)
	status, f := rr.observation(text, k, s.status, extra.status)
	if f != nil {
		rr.problems.add(at, f)
		return
	}
	if !s.ok || s.region.region == nil || s.indicator.indicator == nil || s.period.period.IsZero() {
		return // reported with the row, or once for the file
	}
	c := rr.converterFor(s, vc)
	if status.HasValue() {
		if c, f = rr.settleUnit(c, extra.unit, s.indicator.indicator, at); f == nil {
			value, f = c.convert(value*math.Pow10(s.power), s.indicator.indicator)
		}
		if f != nil {
			rr.problems.add(at, f)
			return
		}
	}
	if extra.note != nil {
		rr.problems.add(at, extra.note)
	}
	rr.noteUnexpected(at, s, s.period.period)
	if k == isMark && s.status == "" {
		status = rr.markAs(text)
	}
	rr.gathered.add(at, c.stated.unit, status, value, s, s.period)
}

// partKey is a part of a year in a column's header and the year of the row.
type partKey struct {
	year indicator.Period
	part string
}

// withColumn adds to what a row is about what the column's header says.
func (rr *rowReader) withColumn(s subject, vc *valueColumn, at place) subject {
	if vc.region.region != nil {
		s.region = vc.region
	}
	if vc.indicator.indicator != nil {
		s.indicator = vc.indicator
	}
	if !vc.period.IsZero() {
		s.period = periodRead{period: vc.period, id: rr.periodID(vc.period)}
	}
	if s.status == "" {
		s.status = vc.status
	}
	if vc.part == "" || s.period.period.IsZero() {
		return s
	}
	key := partKey{s.period.period, vc.part}
	read, known := rr.parts[key]
	if !known {
		period, ok := readPart(key.year, key.part, RoleMonth)
		if read = (periodRead{period: period, id: rr.periodID(period)}); !ok {
			read.fault = badPeriod(key.year.String() + " " + key.part)
		}
		rr.parts[key] = read
	}
	if read.fault != nil {
		rr.problems.add(at, read.fault)
		s.ok = false
	}
	s.period = read
	return s
}

// observation is the status of a value cell, or what is wrong with it. said is
// that of the row or column, sign the one behind the number itself.
func (rr *rowReader) observation(text string, k kind, said, sign indicator.Status) (indicator.Status, *finding) {
	switch k {
	case isText:
		return "", notANumber(text)
	case isNotFinite:
		return "", fault(codeNotANumber,
			"“%[1]s”不是有限的数，或超出可表示的范围。填入数值，没有数据则留空。",
			"“%[1]s” is no finite number, or beyond what can be held. Fill in a number, or leave the cell empty.", quote(text))
	case isEmpty: // the status says that there is none
		return said, nil
	case isMark:
		if said.HasValue() {
			return "", fault(codeContradiction,
				"状态为 %[1]s，而数值为“%[2]s”。填入数值，或把状态改为 M、N 或 O。",
				"The status is %[1]s, but the value is “%[2]s”. Fill in the value, or make the status M, N or O.", said, quote(text))
		}
		if said == "" {
			said = indicator.Missing // settled when all notes of the file are known
		}
		return said, nil
	case isNumber:
	}
	switch {
	case said == "":
		said = sign
	case sign != "" && sign != said:
		return "", fault(codeContradiction,
			"状态为 %[1]s，而“%[2]s”后的标记表示 %[3]s。改正其中一处。",
			"The status is %[1]s, but the sign in “%[2]s” says %[3]s. Mend the wrong one.", said, quote(text), sign)
	}
	if said == "" {
		said = rr.options.Status
	}
	if said == "" {
		rr.defaultStatus = true
		said = indicator.Normal
	}
	if !said.HasValue() {
		return "", fault(codeContradiction,
			"状态为 %[1]s（无数值），而这一格有数值“%[2]s”。删去数值，或改正状态。",
			"The status is %[1]s (no value), but the cell holds “%[2]s”. Remove the value or mend the status.", said, quote(text))
	}
	return said, nil
}

// oneComma is a number of which nobody can say what its comma is.
var oneComma = regexp.MustCompile(`^([+-]?\d+),(\d+)(\D*)$`)

func notANumber(text string) *finding {
	folded := strings.TrimSpace(fold(text))
	inner := strings.Trim(folded, "() ")
	if _, suffix, k := readNumber(inner); k == isNumber && suffix == "" && strings.HasPrefix(folded, "(") && strings.HasSuffix(folded, ")") {
		return fault(codeNotANumber,
			"“%[1]s”：括号可表示负数，也可表示注释。负数写成 -%[2]s，否则去掉括号。",
			"“%[1]s”: brackets may mean a negative number or a remark. Write -%[2]s for a negative one, else remove the brackets.",
			quote(text), inner)
	}
	if m := oneComma.FindStringSubmatch(squash(text)); m != nil {
		return fault(codeNotANumber,
			"“%[1]s”：无法确定逗号是小数点还是千分位。写成 %[2]s.%[3]s%[4]s 或 %[2]s%[3]s%[4]s。",
			"“%[1]s”: it cannot be told whether the comma is a decimal point or parts thousands. Write %[2]s.%[3]s%[4]s or %[2]s%[3]s%[4]s.",
			quote(text), m[1], m[2], m[3])
	}
	if f := notCalculated(text); f != nil {
		return f
	}
	return fault(codeNotANumber,
		"“%[1]s”不是数值。填入数值，没有数据则留空或填“—”。",
		"“%[1]s” is not a number. Fill in a number; where there is none leave the cell empty or write “—”.", quote(text))
}

// converterKey is all that a value's unit depends on, but a suffix of its own.
type converterKey struct {
	indicator int
	said      string // in the unit column
	named     string // behind the indicator's name
	header    string // in the value's header
}

// converter brings values of one stated unit to the indicator's unit, or says
// why it cannot.
type converter struct {
	stated  statedUnit
	fault   *finding
	convert func(float64, *indicator.Indicator) (float64, *finding)
}

// converterFor finds the unit of a row's values. All that state one must agree.
func (rr *rowReader) converterFor(s subject, vc *valueColumn) *converter {
	key := converterKey{s.indicator.id, s.unit.unit, s.indicator.unit, vc.unit.unit}
	if c := rr.converters[key]; c != nil {
		return c
	}
	c := rr.newConverter(s, vc)
	rr.converters[key] = c
	return c
}

func (rr *rowReader) newConverter(s subject, vc *valueColumn) *converter {
	ind := s.indicator.indicator
	var stated []statedUnit
	named := statedUnit{unit: s.indicator.unit, where: indicator.T("指标名称", "the indicator's name")}
	for _, u := range []statedUnit{s.unit, vc.unit, named} {
		if u.unit != "" {
			stated = append(stated, u)
		}
	}
	for _, u := range rr.wide.units {
		// 单位：亿元 over a table that also has 人员(人年) speaks of the other columns,
		// and so does --unit.
		other := len(stated) > 0 && rr.plan.says(axisIndicator) &&
			!convertible(u.unit, ind.Unit) && convertible(stated[0].unit, ind.Unit)
		if !other && (!u.among || convertible(u.unit, ind.Unit)) {
			stated = append(stated, u)
		}
	}
	if len(stated) == 0 {
		if ind.Unit == "" {
			return convert(statedUnit{}, ind)
		}
		return &converter{fault: rr.missingUnit(ind, vc)}
	}
	for _, u := range stated[1:] {
		if !sameUnit(stated[0].unit, u.unit) {
			return rr.wholeTable(s, &converter{stated: stated[0], fault: unitConflict(stated[0], u)})
		}
	}
	return rr.wholeTable(s, convert(stated[0], ind))
}

// wholeTable has a fault said once where not the rows but title, header or
// option state the unit and the indicator.
func (rr *rowReader) wholeTable(s subject, c *converter) *converter {
	if c.fault != nil {
		c.fault.once = s.unit.unit == "" && len(rr.indicators) == 0
	}
	return c
}

// missingUnit is said once for the file, or at each cell where other rows have a unit.
func (rr *rowReader) missingUnit(ind *indicator.Indicator, vc *valueColumn) *finding {
	option, key := optionUnit, ""
	if vc.indicator.indicator != nil && len(rr.plan.values) > 1 { // other columns may be in other units
		option, key = optionColumn, columnName(vc.col)+"="
	}
	var answers []string
	for _, unit := range unitsFor(ind) {
		answers = append(answers, key+unit)
	}
	f := fault(codeMissingUnit,
		"文件没有写明%[1]s的单位。用 --%[3]s 说明（如 --%[3]s %[4]s），或在文件中加一列“单位”。",
		"The file does not say the unit of %[2]s. Give --%[3]s (such as --%[3]s %[4]s) or add a column “unit” to the file.",
		ind.Name.ZH, ind.Name.EN, option, answers[0])
	f.once = rr.unit < 0
	return f.with(option, answers...)
}

// convert is the converter from a stated unit to that of the indicator.
func convert(from statedUnit, ind *indicator.Indicator) *converter {
	switch {
	case ind.Unit == "" && from.unit == "1", sameUnit(from.unit, ind.Unit):
		return &converter{stated: from, convert: inRange}
	case !convertible(from.unit, ind.Unit):
		return &converter{stated: from, fault: unitMismatch(from.unit, ind)}
	}
	return &converter{stated: from, convert: func(v float64, ind *indicator.Indicator) (float64, *finding) {
		converted, err := indicator.ConvertUnit(v, from.unit, ind.Unit)
		if err != nil || math.IsInf(converted, 0) || converted == 0 && v != 0 {
			return 0, fault(codeNotANumber,
				"%[1]v%[2]s 换算为%[3]s后超出可表示的范围。核对数值和单位。",
				"%[1]v %[2]s is beyond what can be held in %[3]s. Check value and unit.", v, from.unit, ind.Unit)
		}
		return inRange(converted, ind)
	}}
}

// settleUnit gives the converter of one cell: the row's, or that of a unit
// written behind the number itself (3.5%), with which the row must agree.
func (rr *rowReader) settleUnit(c *converter, unit string, ind *indicator.Indicator, at place) (*converter, *finding) {
	if unit == "" {
		return c, c.fault
	}
	own := statedUnit{unit: unit, where: inCell(at)}
	if c.stated.unit != "" && !sameUnit(c.stated.unit, unit) {
		return nil, unitConflict(c.stated, own)
	}
	with := convert(own, ind)
	return with, with.fault
}

// inRange holds a value in the indicator's unit against its valid range.
func inRange(v float64, ind *indicator.Indicator) (float64, *finding) {
	if (ind.Min == nil || v >= *ind.Min) && (ind.Max == nil || v <= *ind.Max) {
		return v, nil
	}
	zh, en := rangeOf(ind)
	return 0, fault(codeOutOfRange,
		"%[1]s%[2]s 超出%[3]s的有效范围（%[5]s）。核对数值和单位。",
		"%[1]s %[2]s is outside the valid range of %[4]s (%[6]s). Check value and unit.",
		strconv.FormatFloat(v, 'g', -1, 64), ind.Unit, ind.Name.ZH, ind.Name.EN, zh, en)
}

func rangeOf(ind *indicator.Indicator) (zh, en string) {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case ind.Min == nil:
		return "不高于 " + number(*ind.Max), "at most " + number(*ind.Max)
	case ind.Max == nil:
		return "不低于 " + number(*ind.Min), "at least " + number(*ind.Min)
	}
	return number(*ind.Min) + " 至 " + number(*ind.Max), number(*ind.Min) + " to " + number(*ind.Max)
}

// noteUnexpected says where a reading is of a level or frequency the indicator
// is not collected for. It is read nevertheless: the person may know better.
func (rr *rowReader) noteUnexpected(at place, s subject, period indicator.Period) {
	ind, region := s.indicator.indicator, s.region.region
	if len(ind.Levels) > 0 && !slices.Contains(ind.Levels, region.Level) && !rr.problems.full(codeUnexpectedLevel) {
		rr.problems.add(at, note(codeUnexpectedLevel,
			"%[1]s通常不按%[3]s一级的地区采集。核对地区和指标。",
			"%[2]s is not usually collected for regions such as %[4]s. Check region and indicator.",
			ind.Name.ZH, ind.Name.EN, region.Name.ZH, region.Name.EN))
	}
	if len(ind.Frequencies) > 0 && !slices.Contains(ind.Frequencies, period.Freq()) && !rr.problems.full(codeUnexpectedFreq) {
		rr.problems.add(at, note(codeUnexpectedFreq,
			"%[1]s通常不按 %[3]s 这样的报告期发布。核对报告期和指标。",
			"%[2]s does not usually come at the frequency of %[3]s. Check period and indicator.",
			ind.Name.ZH, ind.Name.EN, period))
	}
}
