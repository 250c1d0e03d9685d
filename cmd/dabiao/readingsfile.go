package main

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// readingColumns are the names that the columns of a file of readings go by.
var readingColumns = map[string][]string{
	"indicator": {"indicator", "指标"},
	"region":    {"region", "地区"},
	"period":    {"period", "报告期"},
	"value":     {"value", "数值"},
	"status":    {"status", "数据状态"},
}

// fileReadings are the readings of a file by indicator and region.
type fileReadings struct {
	series  map[[2]string]*indicator.Series
	regions map[string][]string // of an indicator, in the order of the file
}

// of is the yearly series of an indicator in a region, empty where it has none.
func (f fileReadings) of(code, region string) indicator.Series {
	if s := f.series[[2]string{code, region}]; s != nil {
		return *s
	}
	return indicator.Series{Indicator: code, Region: region, Freq: indicator.Annual}
}

// readingReader reads one reading a row.
type readingReader struct {
	rowReader
	file  fileReadings
	given map[indicator.Key]givenValue
}

// givenValue is where a value was first given.
type givenValue struct {
	line  int
	value float64
}

// readReadings reads a CSV of indicator,region,period,value, and a status where
// the file has that column. Only yearly readings are kept: methods use no others.
// Either there are no problems, or nothing of the file is to be used.
func readReadings(content []byte) (fileReadings, []indicator.Problem) {
	r := &readingReader{rowReader: rowReader{names: readingColumns}, given: map[indicator.Key]givenValue{},
		file: fileReadings{map[[2]string]*indicator.Series{}, map[string][]string{}}}
	r.read(content, r.complete, r.row)
	if r.columns == nil && len(r.problems) == 0 {
		r.complete()
	}
	for _, s := range r.file.series {
		slices.SortFunc(s.Points, func(a, b indicator.Point) int { return a.Period.Compare(b.Period) })
	}
	return r.file, r.problems
}

func (r *readingReader) complete() bool {
	if r.has("indicator") && r.has("period") && r.has("value") {
		return true
	}
	r.fault("missing_column", "数据文件的表头须有 indicator、region、period、value 四列（也可写作 指标、地区、报告期、数值），现在是：%s",
		"the header of the readings must name the columns indicator, region, period, value, it is: %s", r.head())
	return false
}

func (r *readingReader) row() {
	code, text := r.cell("indicator"), r.cell("value")
	if text == "" || code == "" && strings.TrimSpace(strings.Join(r.fields, "")) == "" {
		return // an empty cell is no reading
	}
	if code == "" {
		r.fault("missing_indicator", "没有指标，请在 indicator 列填写", "the reading has no indicator, write one into the column indicator")
	}
	period, knownPeriod := r.period()
	v, ok := parseNumber(text)
	if !ok {
		r.notNumber("value", text)
	}
	status, known := r.status()
	if ok && known && knownPeriod && code != "" && status.HasValue() {
		r.add(indicator.Reading{Indicator: code, Region: r.cell("region"), Period: period, Value: v, Status: status})
	}
}

func (r *readingReader) period() (indicator.Period, bool) {
	text := r.cell("period")
	if year, ok := parseYear(text); ok {
		return indicator.Year(year), true
	}
	p, err := indicator.ParsePeriod(text)
	if err != nil || p.Year() == 0 {
		r.fault("unknown_period", "报告期“%s”无法识别，请写成 2024、2024-Q3 或 2024-07", "cannot read the period %q, write it like 2024, 2024-Q3 or 2024-07", text)
	}
	return p, err == nil && p.Year() != 0
}

func (r *readingReader) status() (indicator.Status, bool) {
	text := strings.ToUpper(r.cell("status"))
	if text == "" {
		return indicator.Normal, true
	}
	s, err := indicator.ParseStatus(text)
	if err != nil {
		r.fault("unknown_status", "数据状态“%s”无法识别，请写 A、P、E、B、M、N 或 O；这一列若不是数据状态，请改名", "cannot read the status %q, write A, P, E, B, M, N or O; give the column another name if it means something else", text)
	}
	return s, err == nil
}

// add keeps a reading. The same value given twice is one reading.
func (r *readingReader) add(x indicator.Reading) {
	first, twice := r.given[x.Key()]
	if twice && first.value != x.Value {
		r.fault("contradiction", "“%s”“%s”%s的数值 %s 与第 %d 行的 %s 不同，请只留一个",
			"%q, %q, %s: the value %s differs from %[6]s in line %[5]d, keep one of them",
			x.Indicator, x.Region, x.Period, plainNumber(x.Value), first.line, plainNumber(first.value))
	}
	if twice || x.Period.Freq() != indicator.Annual {
		return
	}
	r.given[x.Key()] = givenValue{r.line, x.Value}
	key := [2]string{x.Indicator, x.Region}
	s := r.file.series[key]
	if s == nil {
		s = &indicator.Series{Indicator: key[0], Region: key[1], Freq: indicator.Annual}
		r.file.series[key] = s
		r.file.regions[key[0]] = append(r.file.regions[key[0]], key[1])
	}
	s.Points = append(s.Points, indicator.Point{Period: x.Period, Value: x.Value, Status: x.Status})
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// placesOf is the decimals that the values have, up to six significant digits of
// the largest.
func placesOf(values []float64) int {
	places, largest := 0, 0.0
	for _, v := range values {
		_, fraction, _ := strings.Cut(plainNumber(v), ".")
		places, largest = max(places, len(fraction)), max(largest, math.Abs(v))
	}
	if largest == 0 {
		return 0
	}
	return min(places, max(0, 5-int(math.Floor(math.Log10(largest)))))
}
