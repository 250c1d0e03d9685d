package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

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

// longReader reads rows and gathers every fault with its line.
type longReader struct {
	file     longFile
	limits   forecast.Range
	columns  map[string]int
	place    map[string]int // of a series by its name
	lines    map[cell]int   // where each value was given
	problems []indicator.Problem
}

type cell struct{ series, time int }

func (r *longReader) fault(line int, code, zh, en string, args ...any) {
	r.problems = append(r.problems, indicator.Problem{Severity: indicator.SeverityError, Code: code, Cell: strconv.Itoa(line),
		Message: indicator.T(fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))})
}

// readLong reads a CSV with the columns series, period, value, or indicator and
// region for series; a status B is a break. Either there are no problems, or
// nothing of the file is to be used.
func readLong(content []byte, limits forecast.Range) (longFile, []indicator.Problem) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if !utf8.Valid(content) {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content); err == nil {
			content = decoded
		}
	}
	r := &longReader{limits: limits, place: map[string]int{}, lines: map[cell]int{}}
	rows := csv.NewReader(bytes.NewReader(content))
	rows.FieldsPerRecord = -1
	rows.ReuseRecord = true
	for {
		fields, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			r.fault(broken.Line, "unreadable_row", "无法读取这一行：引号没有成对。请用 CSV 格式保存", "cannot read the row: quotes do not match. Save it as CSV")
			break
		}
		line, _ := rows.FieldPos(0)
		if r.columns == nil {
			if !r.header(line, fields) {
				break
			}
			continue
		}
		r.row(line, fields)
	}
	if len(r.problems) == 0 && len(r.file.series) == 0 {
		r.fault(1, "no_values", "文件里没有数据。需要 series,period,value 三列", "the file holds no values. It needs the columns series,period,value")
	}
	for i := range r.file.series {
		slices.SortFunc(r.file.series[i].Points, func(a, b forecast.Point) int { return cmp.Compare(a.Time, b.Time) })
	}
	return r.file, r.problems
}

func (r *longReader) header(line int, fields []string) bool {
	r.columns = map[string]int{}
	for i, field := range fields {
		field = strings.ToLower(strings.TrimSpace(field))
		for role, names := range headers {
			if !slices.Contains(names, field) {
				continue
			}
			if _, twice := r.columns[role]; twice {
				r.fault(line, "two_columns", "表头有两列都表示 %s，请只留一列", "two columns of the header mean %s, keep one", role)
				return false
			}
			r.columns[role] = i
		}
	}
	_, series := r.columns["series"]
	_, region := r.columns["region"]
	_, of := r.columns["indicator"]
	_, period := r.columns["period"]
	_, value := r.columns["value"]
	if !series && !region && !of || !period || !value {
		r.fault(line, "missing_column", "表头须有 series、period、value 三列（也可写作 序列、年份、数值；series 也可由 indicator、region 两列组成），现在是：%s",
			"the header must name the columns series, period, value (indicator and region may stand for series), it is: %s", strings.Join(fields, ","))
		return false
	}
	return true
}

// cell is the trimmed text of a column, empty where the row or file lacks it.
func (r *longReader) cell(fields []string, role string) string {
	if i, ok := r.columns[role]; ok && i < len(fields) {
		return strings.TrimSpace(fields[i])
	}
	return ""
}

func (r *longReader) name(fields []string) string {
	if _, ok := r.columns["series"]; ok {
		return r.cell(fields, "series")
	}
	parts := []string{r.cell(fields, "indicator"), r.cell(fields, "region")}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "/")
}

func (r *longReader) row(line int, fields []string) {
	name, period, text := r.name(fields), r.cell(fields, "period"), r.cell(fields, "value")
	if name == "" && period == "" && text == "" {
		return
	}
	if name == "" {
		r.fault(line, "missing_series", "没有序列名称", "the name of the series is missing")
		return
	}
	freq, n, ok := parsePeriod(period)
	if !ok {
		r.fault(line, "unknown_period", "报告期“%s”无法识别，请写成 2024、2024-Q3 或 2024-07", "cannot read the period %q, write it like 2024, 2024-Q3 or 2024-07", period)
		return
	}
	if text == "" { // no value is no reading: the forecast sees a gap
		return
	}
	value, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.IsNaN(value) || math.Abs(value) > forecast.MaxValue:
		r.fault(line, "not_a_number", "“%s”不是数值；没有数据请留空", "%q is not a number; leave the cell empty where there is none", text)
	case r.limits != (forecast.Range{}) && (value < r.limits.Min || value > r.limits.Max):
		r.fault(line, "out_of_range", "%s 超出 --min、--max 给出的范围", "%s lies outside --min and --max", text)
	default:
		r.add(line, name, freq, forecast.Point{Time: n, Value: value, Break: r.cell(fields, "status") == "B"})
	}
}

func (r *longReader) add(line int, name string, freq frequency, p forecast.Point) {
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
		r.fault(line, "mixed_periods", "序列“%s”同时有年、季、月的报告期，请分成几个序列", "series %q mixes years, quarters and months, make several series of it", name)
	case twice:
		r.fault(line, "duplicate", "序列“%s”的 %s 已在第 %d 行给出", "series %q has %s already in line %d", name, freq.period(p.Time), first)
	default:
		r.lines[at] = line
		r.file.series[i].Points = append(r.file.series[i].Points, p)
	}
}
