package indicator

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Unit is a unit of measurement. Units of one Dimension convert by Factor.
type Unit struct {
	Code      string // as files write it: 亿元
	Name      Text
	Dimension string
	Factor    float64 // in the dimension's base unit
	aliases   []string
}

var units = []Unit{
	{"元", T("元", "yuan"), "money", 1, []string{"人民币元", "yuan", "rmb", "cny"}},
	{"千元", T("千元", "thousand yuan"), "money", 1e3, []string{"thousand yuan", "1000 yuan", "1,000 yuan"}},
	{"万元", T("万元", "10,000 yuan"), "money", 1e4, []string{"人民币万元", "10,000 yuan", "10000 yuan", "10 000 yuan", "ten thousand yuan"}},
	{"百万元", T("百万元", "million yuan"), "money", 1e6, []string{"million yuan", "rmb million", "cny million"}},
	{"亿元", T("亿元", "100 million yuan"), "money", 1e8, []string{"人民币亿元", "亿元人民币", "100 million yuan", "100 mln yuan", "100m yuan", "100 million rmb"}},
	{"万亿元", T("万亿元", "trillion yuan"), "money", 1e12, []string{"trillion yuan"}},
	{"%", T("%", "%"), "ratio", 0.01, []string{"％", "百分比", "百分之", "per cent", "percent", "pct"}},
	{"‰", T("‰", "‰"), "ratio", 0.001, []string{"千分比", "per mille", "per thousand"}},
	{"1", T("比例", "fraction"), "ratio", 1, []string{"比例", "小数", "fraction", "0-1", "0–1"}},
	{"个百分点", T("个百分点", "percentage points"), "points", 1, []string{"百分点", "percentage points"}}, // of changes only, no indicator has it
	{"家", T("家", "enterprises"), "count", 1, []string{"个", "户", "座", "所", "条", "项", "件", "enterprises", "number", "count"}},
	{"万家", T("万家", "10,000 enterprises"), "count", 1e4, []string{"万个", "万户", "万件", "万项"}},
	{"个", T("个", "number"), "count", 1, nil},
	{"人", T("人", "persons"), "people", 1, []string{"person", "persons", "people"}},
	{"万人", T("万人", "10,000 persons"), "people", 1e4, []string{"10,000 persons", "10000 persons", "10 000 persons"}},
	{"人年", T("人年", "person-years"), "labour", 1, []string{"person-years", "person-year", "person years", "fte person years", "man-years", "man-year", "fte", "人·年"}},
	{"万人年", T("万人年", "10,000 person-years"), "labour", 1e4, []string{"万人·年", "10,000 person-years", "10,000 man-years", "10000 man-years"}},
	{"吨标准煤/万元", T("吨标准煤/万元", "tce per 10,000 yuan"), "energy intensity", 1, []string{"吨标煤/万元", "tce/10,000 yuan", "tce/10000 yuan"}},
	{"吨标准煤", T("吨标准煤", "tce"), "energy", 1, []string{"吨标煤", "tce"}},
	{"万吨标准煤", T("万吨标准煤", "10,000 tce"), "energy", 1e4, []string{"万吨标煤", "10,000 tce", "10000 tce"}},
	{"吨", T("吨", "tonnes"), "mass", 1, []string{"tonnes", "tons"}},
	{"万吨", T("万吨", "10,000 tonnes"), "mass", 1e4, []string{"10,000 tons", "10000 tons", "10,000 tonnes"}},
	{"亿吨", T("亿吨", "100 million tonnes"), "mass", 1e8, nil},
	{"指数", T("指数", "index"), "index", 1, []string{"index"}},
}

// Units lists the units that are known.
func Units() []Unit { return slices.Clone(units) }

// FindUnit looks a unit up by code, alias or English name, ignoring case and
// blanks: what UnitName writes in either language is found again.
func FindUnit(s string) (Unit, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	for _, u := range units {
		if s == u.Code {
			return u, true
		}
	}
	for _, u := range units {
		for _, a := range u.aliases {
			if s == a {
				return u, true
			}
		}
	}
	for _, u := range units {
		if s == u.Name.EN {
			return u, true
		}
	}
	return Unit{}, false
}

// UnitsOf lists the units of a dimension, those that files write most first where
// two have one factor.
func UnitsOf(dimension string) []Unit {
	return slices.DeleteFunc(slices.Clone(units), func(u Unit) bool { return u.Dimension != dimension })
}

// ConvertUnit brings v from one unit to another of the same dimension.
// The result is rounded to 15 significant digits, so that 10300万元 is exactly 1.03亿元.
func ConvertUnit(v float64, from, to string) (float64, error) {
	f, okFrom := FindUnit(from)
	t, okTo := FindUnit(to)
	if !okFrom || !okTo || f.Dimension != t.Dimension {
		return 0, fmt.Errorf("no conversion from %q to %q", from, to)
	}
	if f.Factor == t.Factor {
		return v, nil
	}
	scaled := v * (f.Factor / t.Factor)
	if t.Factor > f.Factor {
		scaled = v / (t.Factor / f.Factor)
	}
	if math.IsInf(scaled, 0) {
		return 0, fmt.Errorf("%g %s is too large to be written in %s", v, from, to)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(scaled, 'g', 15, 64), 64)
	if err != nil {
		return 0, err
	}
	return rounded, nil
}

// UnitName is the unit as a reader writes it.
func UnitName(code string, lang Lang) string {
	if u, ok := FindUnit(code); ok && u.Code == code {
		return u.Name.In(lang)
	}
	return code
}

// FormatNumber writes v with thousands separators and the given decimals, with
// a true minus sign and never "−0". It rounds half away from zero, and what is
// half is told from the number as people write it: 1.005 becomes 1.01, although
// the nearest float64 lies a little below.
func FormatNumber(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "—"
	}
	whole, fraction := roundDecimal(strconv.FormatFloat(math.Abs(v), 'f', -1, 64), max(decimals, 0))
	zero := strings.Trim(whole+fraction, "0") == ""
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if v < 0 && !zero {
		return "−" + whole
	}
	return whole
}

// roundDecimal rounds a decimal number without sign half up and gives its two sides.
func roundDecimal(number string, decimals int) (whole, fraction string) {
	whole, fraction, _ = strings.Cut(number, ".")
	if len(fraction) <= decimals {
		return whole, fraction + strings.Repeat("0", decimals-len(fraction))
	}
	digits := []byte(whole + fraction[:decimals])
	if fraction[decimals] >= '5' {
		i := len(digits) - 1
		for ; i >= 0 && digits[i] == '9'; i-- {
			digits[i] = '0'
		}
		if i < 0 {
			digits = append([]byte{'1'}, digits...)
		} else {
			digits[i]++
		}
	}
	point := len(digits) - decimals
	return string(digits[:point]), string(digits[point:])
}

// Format writes a value of the indicator without its unit.
func (i *Indicator) Format(v float64) string { return FormatNumber(v, i.Decimals) }
