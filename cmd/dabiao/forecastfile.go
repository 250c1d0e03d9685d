package main

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
)

// longFile is a file of one value a row, read whole: the series in the order in
// which they first appear.
type longFile struct {
	names  []string
	freqs  []frequency
	series []forecast.Series
}

// frequency is the kind of periods that a series has.
type frequency byte

const (
	yearly    frequency = 'A' // or any numbered periods
	quarterly frequency = 'Q'
	monthly   frequency = 'M'
)

// headers are the names that columns go by, in small letters.
var headers = map[string][]string{
	"series":    {"series", "series_id", "unique_id", "id", "name", "code", "序列", "序列代码", "系列", "名称", "代码"},
	"indicator": {"indicator", "指标", "指标代码"},
	"region":    {"region", "地区", "地区代码", "省份"},
	"period":    {"period", "year", "time", "time_period", "date", "ds", "t", "报告期", "年份", "年", "时间", "时期"},
	"value":     {"value", "obs_value", "y", "v", "数值", "值", "数据", "指标值"},
	"status":    {"status", "obs_status", "数据状态", "状态"},
}

var (
	numberedPeriod = regexp.MustCompile(`^(\d{1,4})(?:\.0)?年?$`)
	quarterPeriod  = regexp.MustCompile(`^(\d{4})-?[Qq]([1-4])$`)
	monthPeriod    = regexp.MustCompile(`^(\d{4})-(0[1-9]|1[0-2])$`)
)

// parsePeriod gives a period's number: consecutive periods have consecutive ones.
func parsePeriod(s string) (frequency, int, bool) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	if m := numberedPeriod.FindStringSubmatch(s); m != nil {
		return yearly, number(m[1]), true
	}
	if m := quarterPeriod.FindStringSubmatch(s); m != nil {
		return quarterly, number(m[1])*4 + number(m[2]) - 1, true
	}
	if m := monthPeriod.FindStringSubmatch(s); m != nil {
		return monthly, number(m[1])*12 + number(m[2]) - 1, true
	}
	return 0, 0, false
}

func (f frequency) period(n int) string {
	switch f {
	case quarterly:
		return fmt.Sprintf("%04d-Q%d", n/4, n%4+1)
	case monthly:
		return fmt.Sprintf("%04d-%02d", n/12, n%12+1)
	}
	return strconv.Itoa(n)
}

// longReader reads the values of a file into series.
type longReader struct {
	rowReader
	file   longFile
	limits forecast.Range
	place  map[string]int // of a series by its name
	lines  map[cell]int   // where each value was given
}

type cell struct{ series, time int }

// readLong reads a CSV with the columns series, period, value, or indicator and
// region for series; a status B is a break. Either there are no problems, or
// nothing of the file is to be used.
func readLong(content []byte, limits forecast.Range) (longFile, []indicator.Problem) {
	r := &longReader{rowReader: rowReader{names: headers}, limits: limits, place: map[string]int{}, lines: map[cell]int{}}
	r.read(content, r.complete, r.row)
	if len(r.problems) == 0 && len(r.file.series) == 0 {
		r.line = 1
		r.fault("no_values", "文件里没有数据。需要 series,period,value 三列", "the file holds no values. It needs the columns series,period,value")
	}
	for i := range r.file.series {
		slices.SortFunc(r.file.series[i].Points, func(a, b forecast.Point) int { return cmp.Compare(a.Time, b.Time) })
	}
	return r.file, r.problems
}

func (r *longReader) complete() bool {
	named := r.has("series") || r.has("region") || r.has("indicator")
	if !named || !r.has("period") || !r.has("value") {
		r.fault("missing_column", "表头须有 series、period、value 三列（也可写作 序列、年份、数值；series 也可由 indicator、region 两列组成），现在是：%s",
			"the header must name the columns series, period, value (indicator and region may stand for series), it is: %s", r.head())
		return false
	}
	return true
}

func (r *longReader) name() string {
	if r.has("series") {
		return r.cell("series")
	}
	parts := []string{r.cell("indicator"), r.cell("region")}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "/")
}

func (r *longReader) row() {
	name, period, text := r.name(), r.cell("period"), r.cell("value")
	if name == "" && period == "" && text == "" {
		return
	}
	if name == "" {
		r.fault("missing_series", "没有序列名称", "the name of the series is missing")
		return
	}
	freq, n, ok := parsePeriod(period)
	if !ok {
		r.fault("unknown_period", "报告期“%s”无法识别，请写成 2024、2024-Q3 或 2024-07", "cannot read the period %q, write it like 2024, 2024-Q3 or 2024-07", period)
		return
	}
	if text == "" { // no value is no reading: the forecast sees a gap
		return
	}
	value, ok := parseNumber(text)
	switch {
	case !ok:
		r.notNumber("value", text)
	case math.Abs(value) > forecast.MaxValue:
		r.fault("too_large", "%s 超出可以预测的范围（绝对值不超过 %g），请换用较大的单位", "%s is too large to forecast (at most %g either way), use a larger unit", text, forecast.MaxValue)
	case r.limits != (forecast.Range{}) && (value < r.limits.Min || value > r.limits.Max):
		r.fault("out_of_range", "%s 超出 --min、--max 给出的范围", "%s lies outside --min and --max", text)
	default:
		r.add(name, freq, forecast.Point{Time: n, Value: value, Break: r.cell("status") == "B"})
	}
}

func (r *longReader) add(name string, freq frequency, p forecast.Point) {
	i, known := r.place[name]
	if !known {
		i = len(r.file.names)
		name = strings.Clone(name)
		r.place[name] = i
		r.file.names, r.file.freqs = append(r.file.names, name), append(r.file.freqs, freq)
		r.file.series = append(r.file.series, forecast.Series{Range: r.limits})
	}
	at := cell{i, p.Time}
	first, twice := r.lines[at]
	switch {
	case r.file.freqs[i] != freq:
		r.fault("mixed_periods", "序列“%s”同时有年、季、月的报告期，请分成几个序列", "series %q mixes years, quarters and months, make several series of it", name)
	case twice:
		r.fault("duplicate", "序列“%s”的 %s 已在第 %d 行给出", "series %q has %s already in line %d", name, freq.period(p.Time), first)
	default:
		r.lines[at] = r.line
		r.file.series[i].Points = append(r.file.series[i].Points, p)
	}
}
