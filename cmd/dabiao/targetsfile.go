package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// targetColumns are the names that the columns of a file of targets go by.
var targetColumns = map[string][]string{
	"target":    {"target", "目标"},
	"indicator": {"indicator", "指标"},
	"region":    {"region", "地区"},
	"kind":      {"kind", "类型"},
	"direction": {"direction", "方向"},
	"value":     {"value", "目标值"},
	"by":        {"by", "目标年份"},
	"baseline":  {"baseline", "基期"},
	"tolerance": {"tolerance", "允许幅度"},
	"from":      {"from", "起始年份"},
	"until":     {"until", "截止年份"},
}

var kindNames = map[string]indicator.Kind{
	"reach": indicator.Reach, "达到": indicator.Reach,
	"hold": indicator.Hold, "保持": indicator.Hold,
	"grow": indicator.Grow, "年均增长": indicator.Grow,
	"direction": indicator.Directed, "方向性": indicator.Directed,
	"statement": indicator.StatedOnly, "定性表述": indicator.StatedOnly,
}

var directionNames = map[string]indicator.Direction{
	"": "", "up": indicator.Up, "上升": indicator.Up, "down": indicator.Down, "下降": indicator.Down,
}

// fileTarget is a target as a row states it. Its region is empty where it means
// every region that has readings of the indicator.
type fileTarget struct {
	indicator.Target
	line int
}

// targetReader reads one target a row. A cell that the kind has no use for is
// not even looked at.
type targetReader struct {
	rowReader
	list []fileTarget
	seen map[[2]string]int // the line of a target in a region
}

// readTargets reads a CSV of targets. Either there are no problems, or nothing
// of the file is to be used.
func readTargets(content []byte) ([]fileTarget, []indicator.Problem) {
	r := &targetReader{rowReader: rowReader{names: targetColumns}, seen: map[[2]string]int{}}
	r.read(content, r.complete, r.row)
	if len(r.problems) == 0 && len(r.list) == 0 {
		r.line = 1
		r.fault("no_targets", "文件里没有目标。至少需要 target,indicator,kind 三列和一行目标", "the file holds no targets. It needs the columns target,indicator,kind and a row")
	}
	return r.list, r.problems
}

func (r *targetReader) complete() bool {
	if r.has("target") && r.has("indicator") && r.has("kind") {
		return true
	}
	r.fault("missing_column", "目标文件的表头须有 target、indicator、kind 三列（也可写作 目标、指标、类型），现在是：%s",
		"the header of the targets must name the columns target, indicator, kind, it is: %s", r.head())
	return false
}

func (r *targetReader) row() {
	if strings.TrimSpace(strings.Join(r.fields, "")) == "" {
		return
	}
	t := fileTarget{line: r.line, Target: indicator.Target{ID: r.cell("target"), Indicator: r.cell("indicator"),
		Region: r.cell("region"), Link: indicator.Named}}
	if t.Region == "*" {
		t.Region = ""
	}
	before := len(r.problems)
	if t.ID == "" {
		r.fault("missing_target", "没有目标的名称，请在 target 列填写", "the target has no name, write one into the column target")
	}
	kind, known := kindNames[strings.ToLower(r.cell("kind"))]
	if !known {
		r.fault("unknown_kind", "没有“%s”这类目标，请写 reach、hold、grow、direction 或 statement",
			"there is no kind of target %q, write reach, hold, grow, direction or statement", r.cell("kind"))
		return
	}
	t.Kind = kind
	if t.Indicator == "" && t.Kind != indicator.StatedOnly {
		r.fault("missing_indicator", "没有指标，请在 indicator 列填写", "the target has no indicator, write one into the column indicator")
	}
	r.terms(&t.Target)
	key := [2]string{t.ID, t.Region}
	if first, twice := r.seen[key]; twice {
		r.fault("duplicate", "目标“%s”在第 %d 行已有，请改用不同的名称", "the target %q stands already in line %d, give one of them another name", t.ID, first)
	}
	r.seen[key] = r.line
	if len(r.problems) == before {
		r.list = append(r.list, t)
	}
}

// terms reads what the kind has a use for. The columns from and until are the
// years in which a grow target grows; of the other kinds, from is the year in
// which the target comes into force. A hold or direction target has until for
// its last year, and is judged for ever once the reading of that year is out; a
// reach target has by for that, and an earlier until is the year after which it
// is no longer in force.
func (r *targetReader) terms(t *indicator.Target) {
	switch t.Kind {
	case indicator.StatedOnly:
		return
	case indicator.Reach:
		t.Value, t.By, t.Baseline = r.number("value"), r.year("by"), r.baseline()
		if until := r.year("until"); t.By == 0 || until < t.By {
			t.InForceUntil = dayOf(until, "12-31")
		}
	case indicator.Hold:
		t.Value, t.Until, t.Baseline, t.Tolerance = r.number("value"), r.lastYear(), r.baseline(), r.tolerance()
	case indicator.Grow:
		t.Value, t.From, t.Until = r.number("value"), r.year("from"), r.year("until")
	case indicator.Directed:
		t.From, t.Until = r.year("from"), r.year("until")
	}
	if t.Kind != indicator.Grow {
		t.InForceFrom = dayOf(r.year("from"), "01-01")
	}
	text := r.cell("direction")
	direction, known := directionNames[strings.ToLower(text)]
	if !known && (t.Kind != indicator.Hold || t.Tolerance == nil) { // a band has two sides
		r.fault("unknown_direction", "方向“%s”无法识别，请写 up（越高越好）或 down（越低越好）", "cannot read the direction %q, write up (more is better) or down (less is better)", text)
	}
	t.Direction = direction
	if t.Value != nil && t.Tolerance == nil {
		t.Bound = map[indicator.Direction]indicator.Bound{indicator.Up: indicator.AtLeast, indicator.Down: indicator.AtMost}[direction]
	}
}

// lastYear of a hold target: by stands in for an empty until.
func (r *targetReader) lastYear() int {
	if r.cell("until") == "" {
		return r.year("by")
	}
	return r.year("until")
}

func dayOf(year int, day string) indicator.Date {
	if year == 0 {
		return ""
	}
	return indicator.Date(fmt.Sprintf("%04d-%s", year, day))
}

// yearPattern: spreadsheets write years with a decimal, Chinese ones with 年.
var yearPattern = regexp.MustCompile(`^(\d{4})(?:\.0+)?年?$`)

func parseYear(text string) (int, bool) {
	m := yearPattern.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	year, err := strconv.Atoi(m[1])
	return year, err == nil && year > 0
}

// year is the year in a column, 0 where the cell is empty.
func (r *targetReader) year(column string) int {
	text := r.cell(column)
	year, ok := parseYear(text)
	if !ok && text != "" {
		r.fault("unknown_year", "%s 列的“%s”不是年份，请写成 2030 的形式", "column %s: %q is not a year, write it like 2030", column, text)
	}
	return year
}

// number is the number in a column, nil where the cell is empty.
func (r *targetReader) number(column string) *float64 {
	text := r.cell(column)
	if text == "" {
		return nil
	}
	v, ok := parseNumber(text)
	if !ok {
		r.notNumber(column, text)
		return nil
	}
	return &v
}

func (r *rowReader) notNumber(column, text string) {
	r.fault("not_a_number", "%s 列的“%s”不是数值，请写成 4811.5 的形式：小数点用“.”，不用千位分隔符；没有就留空",
		"column %s: %q is not a number, write it like 4811.5, with a decimal point and no thousands separators; leave the cell empty where there is none", column, text)
}

var numberPattern = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)

// parseNumber reads 4811.5, -0.3, 1e-3 and a true minus sign, and nothing that
// could be meant in two ways.
func parseNumber(text string) (float64, bool) {
	text = strings.Replace(text, "−", "-", 1)
	if !numberPattern.MatchString(text) {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// baseline is a year, or a year with its value: 2019, 2019=4811.
func (r *targetReader) baseline() *indicator.Baseline {
	text := r.cell("baseline")
	if text == "" {
		return nil
	}
	yearText, valueText, stated := strings.Cut(text, "=")
	year, ok := parseYear(strings.TrimSpace(yearText))
	b := &indicator.Baseline{Year: year}
	if stated && ok {
		var v float64
		v, ok = parseNumber(strings.TrimSpace(valueText))
		b.Value = &v
	}
	if !ok {
		r.fault("unknown_baseline", "基期“%s”无法识别，请写年份，如 2019；写明数值的写成 2019=4811", "cannot read the baseline %q, write a year like 2019, or 2019=4811 where the value is stated", text)
		return nil
	}
	return b
}

// tolerance is in units, or, with %, of the middle of the band.
func (r *targetReader) tolerance() *indicator.Tolerance {
	text := r.cell("tolerance")
	if text == "" {
		return nil
	}
	digits, percent := strings.CutSuffix(strings.Replace(text, "％", "%", 1), "%")
	v, ok := parseNumber(strings.TrimSpace(digits))
	if !ok || v < 0 {
		r.fault("unknown_tolerance", "允许幅度“%s”无法识别，请写成 1（指标的单位）或 5%%", "cannot read the tolerance %q, write it like 1 (in the indicator's unit) or 5%%", text)
		return nil
	}
	return &indicator.Tolerance{Value: v, Percent: percent}
}
