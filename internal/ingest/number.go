package ingest

import (
	"math"
	"strconv"
	"strings"
)

// kind is what a value cell holds.
type kind int

const (
	isEmpty     kind = iota
	isNumber         // a finite decimal number, perhaps with a unit behind it
	isMark           // an explicit sign for "no value"
	isText           // anything else
	isNotFinite      // NaN, infinity, or a number outside what float64 can hold
)

// readNumber reads a value cell. It accepts decimal and scientific notation,
// full-width signs, and thousands separators (comma, apostrophe or blank, always
// before groups of three). It refuses numbers in brackets, which mean a negative
// one in accounts and a footnote elsewhere, hexadecimal, and commas that are no
// thousands separators. What stands behind the number is its suffix: a unit or
// a mistake, which the caller decides.
func readNumber(cell string) (value float64, suffix string, k kind) {
	if isDecimal(cell) {
		value, k = finite(cell)
		return value, "", k
	}
	text := strings.TrimSpace(fold(cell))
	if inner, ok := strings.CutPrefix(text, `="`); ok && strings.HasSuffix(inner, `"`) {
		text = strings.TrimSpace(strings.TrimSuffix(inner, `"`))
	}
	if text == "" {
		return 0, "", isEmpty
	}
	if _, ok := marks[nameKey(text)]; ok {
		return 0, "", isMark
	}
	switch strings.ToLower(strings.TrimLeft(text, "+-")) {
	case "nan", "inf", "infinity", "∞":
		return 0, "", isNotFinite
	}
	number, suffix := splitNumber(text)
	if !isDecimal(number) {
		return 0, "", isText
	}
	value, k = finite(number)
	return value, suffix, k
}

// finite parses a text that isDecimal accepts. A number that is not zero but
// too small for float64 is not finite either: 0 would be invented.
func finite(number string) (float64, kind) {
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, isNotFinite
	}
	if v == 0 {
		mantissa, _, _ := strings.Cut(strings.ToLower(number), "e")
		if strings.ContainsAny(mantissa, "123456789") {
			return 0, isNotFinite
		}
		return 0, isNumber // also for -0
	}
	return v, isNumber
}

// isDecimal reports whether s is [+-]digits[.digits][e[+-]digits].
func isDecimal(s string) bool {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	digits := 0
	for ; i < len(s) && isDigit(s[i]); i++ {
		digits++
	}
	if i < len(s) && s[i] == '.' {
		for i++; i < len(s) && isDigit(s[i]); i++ {
			digits++
		}
	}
	if digits == 0 || i == len(s) {
		return digits > 0
	}
	if s[i] != 'e' && s[i] != 'E' {
		return false
	}
	i++
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	if i == len(s) {
		return false
	}
	for ; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// splitNumber takes the longest number off the front of a folded text and the
// thousands separators out of it.
func splitNumber(text string) (number, suffix string) {
	var b strings.Builder
	i := 0
	if text[0] == '-' || text[0] == '+' {
		b.WriteByte(text[0])
		for i = 1; i < len(text) && text[i] == ' '; i++ {
			continue
		}
	}
	leading, separator := 0, byte(0)
	for i < len(text) {
		switch c := text[i]; {
		case isDigit(c):
			b.WriteByte(c)
			leading++
			i++
			continue
		case (c == ',' || c == ' ' || c == '\'') && groupOfThree(text[i+1:]) && leading > 0 && leading <= 3 &&
			(separator == 0 || separator == c):
			separator = c
			b.WriteString(text[i+1 : i+4])
			i += 4
			if i < len(text) && isDigit(text[i]) { // four digits behind a separator: no group
				return "", text
			}
			continue
		}
		break
	}
	end := i
	if end < len(text) && text[end] == '.' {
		for end++; end < len(text) && isDigit(text[end]); end++ {
			continue
		}
	}
	if e := end; e < len(text) && (text[e] == 'e' || text[e] == 'E') {
		if e++; e < len(text) && (text[e] == '-' || text[e] == '+') {
			e++
		}
		for digits := e; e < len(text) && isDigit(text[e]); e++ {
			end = max(end, digits+1, e+1)
		}
	}
	b.WriteString(text[i:end])
	return b.String(), strings.TrimSpace(text[end:])
}

func groupOfThree(s string) bool {
	return len(s) >= 3 && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2])
}
