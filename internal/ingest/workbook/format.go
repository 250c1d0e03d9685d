package workbook

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// format is what a number format does to the meaning of a number. Decimals,
// separators, colours and signs in front do nothing: the stored number counts.
type format struct {
	code             string
	percent          bool
	year, month, day bool   // a date that shows these
	clock            bool   // a time of day
	suffix           string // a text behind the number, such as a unit
	scaled           bool   // shows another number than the stored one: in thousands, or with a point drawn in
}

// builtIn are the formats that files name by number only, without those that
// show the number as it is.
var builtIn = map[int]string{
	9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss",
	20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
	// of the Chinese edition
	27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss",
	36: "yyyy年m月", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "yyyy年m月", 56: "m月d日",
	57: "yyyy年m月", 58: "m月d日",
}

// named are the formats that SpreadsheetML 2003 names by a word.
var named = map[string]string{
	"Percent": "0.00%", "General Date": "yyyy/m/d h:mm", "Short Date": "yyyy/m/d", "Medium Date": "d-mmm-yy", "Long Date": "yyyy/m/d",
	"Short Time": "h:mm", "Medium Time": "h:mm", "Long Time": "h:mm:ss", "General Number": "", "Standard": "", "Fixed": "",
	"Scientific": "", "Currency": "", "Euro Currency": "", "Yes/No": "", "True/False": "", "On/Off": "",
}

// parseFormat reads a format code. Only the section of positive numbers counts,
// but where another one draws a point or leaves thousands out, which section
// shows a number may hang on its size.
func parseFormat(code string) format {
	if meant, ok := named[code]; ok {
		code = meant
	}
	f := format{code: code}
	if code == "@" {
		return f
	}
	rest := f.section(code)
	for rest != "" {
		var other format
		rest = other.section(rest)
		f.scaled = f.scaled || other.scaled
	}
	f.month = f.month && (f.year || f.day || !f.clock) // minutes otherwise
	f.suffix = strings.TrimSpace(f.suffix)
	return f
}

// section reads a code to the next semicolon and gives what stands behind it.
func (f *format) section(code string) (rest string) {
	digits, comma := false, false
	for code != "" {
		token, literal, after := nextToken(code)
		code = after
		if token == ";" && !literal {
			break
		}
		switch {
		case literal && digits && strings.Trim(token, ".0123456789") == "":
			f.scaled = f.scaled || token != "" // 0!.0000 shows 1.2345 for 12345
		case literal && digits:
			f.suffix += token
		case literal:
		case strings.Trim(token, "0#?") == "":
			digits, comma = true, false
		case token == ",":
			comma = digits
		case token == "%":
			f.percent = true
		default:
			f.letter(strings.ToLower(token), digits)
		}
		if token == "." && !literal && comma { // #,##0,.0
			f.scaled = true
		}
	}
	f.scaled = f.scaled || comma
	return code
}

func (f *format) letter(letter string, digits bool) {
	switch letter {
	case "y":
		f.year = true
	case "e", "b": // a year too, but the exponent of a number
		f.year = f.year || !digits
	case "m":
		f.month = true
	case "d":
		f.day = true
	case "h", "s":
		f.clock = true
	}
}

// nextToken splits the first token off a format code: a literal text, or one
// character that means something.
func nextToken(code string) (token string, literal bool, rest string) {
	skip := func(from int) int { // past one character
		_, n := utf8.DecodeRuneInString(code[from:])
		return from + n
	}
	for _, general := range []string{"general", "g/通用格式"} { // as a digit
		if len(code) >= len(general) && strings.EqualFold(code[:len(general)], general) {
			return "0", false, code[len(general):]
		}
	}
	switch c := code[0]; c {
	case '"':
		if end := strings.IndexByte(code[1:], '"'); end >= 0 {
			return code[1 : 1+end], true, code[end+2:]
		}
		return code[1:], true, ""
	case '\\', '!':
		end := skip(1)
		return code[1:end], true, code[end:]
	case '_', '*': // a blank as wide as a character, a character that fills the cell
		return "", true, code[skip(1):]
	case '[':
		inside, rest, _ := strings.Cut(code[1:], "]")
		if inside != "" && strings.Trim(strings.ToLower(inside), "hms") == "" {
			return "h", false, rest // hours beyond 24
		}
		return "", true, rest // a colour, a condition, a locale
	default:
		if c < utf8.RuneSelf {
			return code[:1], false, code[1:]
		}
		end := skip(0)
		return code[:end], true, code[end:]
	}
}

// ScaledMark stands in the text of a number that its format shows as another
// number, before the format's code.
const ScaledMark = " (格式 "

// show is a number as text.
func (f format) show(v float64, epoch1904 bool) string {
	text := number(v)
	switch {
	case f.year && v >= 1900 && v <= 2100 && v == math.Trunc(v):
		// A year that was typed into a cell of dates: the sheet shows 1905.
		return text + ScaledMark + f.code + ")"
	case f.year || f.month || f.day:
		return f.showDate(v, text, epoch1904)
	case f.clock && v >= 0 && v < 1:
		return f.showDate(v, text, epoch1904)
	case f.scaled && v != 0:
		return text + ScaledMark + f.code + ")"
	case f.percent:
		return timesHundred(text) + "%"
	}
	return text + f.suffix
}

func (f format) showDate(v float64, text string, epoch1904 bool) string {
	const lastDay = 2958465 // of the year 9999
	if v < 0 || v > lastDay {
		return text
	}
	day, part := math.Modf(v)
	seconds := math.Round(part * 86400)
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case epoch1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case v < 61: // the spreadsheet's year 1900 has a 29 February
		base = base.AddDate(0, 0, 1)
	}
	t := base.AddDate(0, 0, int(day)).Add(time.Duration(seconds) * time.Second)
	switch {
	case !f.year && !f.month && !f.day:
		return t.Format("15:04:05")
	case seconds != 0 && f.clock:
		return t.Format("2006-01-02 15:04:05")
	case f.day:
		return t.Format("2006-01-02")
	case f.month:
		return t.Format("2006-01")
	}
	return t.Format("2006")
}

// number is v with the 15 digits a spreadsheet shows at most, without an
// exponent where it can be read without.
func number(v float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		short = v // the largest numbers overflow when they are rounded up
	}
	if size := math.Abs(short); size != 0 && (size < 1e-9 || size >= 1e21) {
		return strconv.FormatFloat(short, 'g', -1, 64)
	}
	return strconv.FormatFloat(short+0, 'f', -1, 64)
}

// timesHundred moves the point of a decimal number, which no rounding touches.
func timesHundred(text string) string {
	if strings.ContainsAny(text, "eEN") {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text
		}
		return strconv.FormatFloat(v*100, 'g', -1, 64)
	}
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, part, _ := strings.Cut(text, ".")
	part += "00"
	whole = strings.TrimLeft(whole+part[:2], "0")
	if whole == "" {
		whole = "0"
	}
	if part = part[2:]; strings.Trim(part, "0") != "" {
		whole += "." + strings.TrimRight(part, "0")
	}
	return sign + whole
}
