package ingest

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/dabiao/dabiao/internal/indicator"
)

// axis is what a column of values may be about. Several can stand in one header.
type axis uint8

const (
	axisPeriod axis = 1 << iota
	axisRegion
	axisIndicator
)

// axisOf is the axis a role belongs to, 0: none.
func axisOf(role Role) axis {
	switch role {
	case RolePeriod, RoleQuarter, RoleMonth:
		return axisPeriod
	case RoleRegion:
		return axisRegion
	case RoleIndicator:
		return axisIndicator
	default:
		return 0
	}
}

// headCell is what one cell of a header says, or several that stand over one column.
type headCell struct {
	role      Role   // of the column
	corner    []Role // 地区\年份: of the rows and of the columns
	period    indicator.Period
	part      string // a quarter or month without its year
	toDate    bool   // 累计: from January to the month
	region    regionRead
	indicator indicatorRead
	unit      string
	status    indicator.Status
	growth    bool // a change on the year before: never a value of the indicator
	unknown   bool
	text      string
}

func (h headCell) isBlank() bool { return h.text == "" }

// axes are those that the header states.
func (h headCell) axes() axis {
	var a axis
	if !h.period.IsZero() || h.part != "" {
		a |= axisPeriod
	}
	if h.region.region != nil || h.region.fault != nil {
		a |= axisRegion
	}
	if h.indicator.indicator != nil || h.indicator.fault != nil {
		a |= axisIndicator
	}
	return a
}

// longestName is how many bytes a name may have, with all that stands behind it.
const longestName = 400

// readHead reads one header cell. What stands behind the name (a unit, a
// status, the sign of a footnote) is taken off it.
func (n *names) readHead(text string) headCell {
	if isBlank(text) {
		return headCell{}
	}
	return n.heads.of(text)
}

func (n *names) newHead(text string) headCell {
	h := headCell{}
	if len(text) > longestName {
		return headCell{text: clip(text, mostLineRunes), unknown: true}
	}
	full := strings.Join(strings.Fields(text), " ")
	rest := strings.Join(strings.Fields(fold(text)), " ")
	for range 4 {
		if n.readLabel(&h, rest) {
			break
		}
		before, ok := n.cutTail(&h, rest)
		if !ok || before == "" {
			h.unknown = before != ""
			break
		}
		rest = before
		h.unknown = true
	}
	h.text = strings.Clone(full)
	return h
}

// cutTail takes one addition off the end of a header cell.
func (n *names) cutTail(h *headCell, text string) (before string, ok bool) {
	if before = cutFootnoteSign(text); before != text {
		return before, true
	}
	if before, unit, found := n.cutUnit(text); found && h.unit == "" {
		h.unit = strings.Clone(unit)
		return before, true
	}
	if before, inside, found := cutBracket(text); found {
		if status, known := statusWords[nameKey(inside)]; known && h.status == "" {
			h.status = status
			return before, true
		}
	}
	key := nameKey(text)
	for word, status := range statusWords {
		before, found := strings.CutSuffix(key, word)
		if _, isPeriod := readPeriod(before); found && isPeriod && h.status == "" {
			h.status = status
			return before, true
		}
	}
	return text, false
}

// statusWords are the ways of writing that a figure is not final.
var statusWords = map[string]indicator.Status{
	"初步": indicator.Provisional, "初步数": indicator.Provisional, "初步数据": indicator.Provisional, "初步核算": indicator.Provisional,
	"初步核算数": indicator.Provisional, "快报": indicator.Provisional, "快报数": indicator.Provisional,
	"p": indicator.Provisional, "provisional": indicator.Provisional, "preliminary": indicator.Provisional,
	"预计": indicator.Estimated, "预计数": indicator.Estimated, "估计": indicator.Estimated, "估计数": indicator.Estimated, "估算": indicator.Estimated,
	"e": indicator.Estimated, "estimate": indicator.Estimated, "estimated": indicator.Estimated,
	"正常": indicator.Normal, "normal": indicator.Normal, "断点": indicator.Break, "break": indicator.Break,
	"缺失": indicator.Missing, "missing": indicator.Missing, "不适用": indicator.NotApplicable, "notapplicable": indicator.NotApplicable,
	"未采集": indicator.NotCollected, "notcollected": indicator.NotCollected,
}

// readStatus reads an observation status by its code or its name.
func readStatus(text string) (indicator.Status, bool) {
	if s, err := indicator.ParseStatus(strings.ToUpper(squash(text))); err == nil {
		return s, true
	}
	s, ok := statusWords[nameKey(text)]
	return s, ok
}

// readLabel reads a header cell without its additions.
func (n *names) readLabel(h *headCell, text string) bool {
	h.unknown = false
	if role, unit := headerRole(text); role != RoleUnknown {
		h.role = role
		if unit != "" {
			h.unit = strings.Clone(unit)
		}
		return true
	}
	if h.unit == "" && !isDecimal(text) {
		if read := n.readUnit(text); read.unit != "" {
			h.unit = read.unit
			return true
		}
	}
	if n.readSubject(h, text) || readCornerWords(h, text) || n.readBoth(h, text) {
		return true
	}
	zh, en, ok := cutLatin(text)
	if _, isStatus := statusWords[nameKey(en)]; !ok || isStatus || len(en) < 3 { // the F of 2025年F translates nothing
		return false
	}
	first, other := *h, *h
	if !n.readSubject(&first, zh) || n.readSubject(&other, en) && !agree(first, other) {
		return false
	}
	*h = first
	return true
}

// growthWords say that a column holds changes and no values.
var growthWords = regexp.MustCompile(`^(?:\d{4}年?)?(?:比|较|为)(?:\d{4}年?|上年|上月|上季|去年|同期|上期|上年同期).*$|^(?:同比|环比|累计)?(?:增长|增速|增幅|增减|变动|涨幅|变化)(?:率|幅度|速度)?$|^(?:年均|平均|年平均|名义|实际|可比价)?(?:增长|增速)(?:率|速度)?$|^增减?(?:%|百分点)$|^同比$|^环比$|growth|yoy|%?change`)

var (
	toDateWords  = regexp.MustCompile(`^(?:(.*月(?:份)?))?(?:本年|自年初|年初至今|年初至本月|1-本月)?(?:止)?累计(?:值|数)?$`)
	neutralWords = wordSet(`当月 本月 当月值 本月止 当季 当季值 全年 本期 本期值 当期 绝对数 绝对值 绝对量 绝对额`)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// readSubject reads a text that names one thing: a period, a region, an
// indicator, or a way of counting.
func (n *names) readSubject(h *headCell, text string) bool {
	key := nameKey(text)
	if period, ok := readPeriod(text); ok {
		h.period = period
		return true
	}
	if isPart(key) {
		h.part = strings.Clone(key)
		return true
	}
	if m := toDateWords.FindStringSubmatch(key); m != nil && !neutralWords[key] {
		if m[1] == "" {
			h.toDate = true
			return true
		}
		if n.readSubject(h, m[1]) && h.axes() == axisPeriod {
			h.toDate = true
			return true
		}
	}
	if neutralWords[key] {
		return true
	}
	if ids := n.indicatorIDs(text); len(ids) > 0 {
		h.indicator = n.indicator(text)
		return true
	}
	if read := n.region(text); read.region != nil && !isNumberText(key) || read.isKnown() && !isNumberText(key) {
		h.region = read
		return true
	}
	if growthWords.MatchString(key) {
		h.growth = true
		return true
	}
	return false
}

// isNumberText reports a text that may be a number as well as a code: only six
// digits are a region's code in a header.
func isNumberText(key string) bool {
	return len(strings.TrimSuffix(key, ".0")) != 6 && isDecimal(key)
}

// isPart reports a quarter, month or stretch of months without its year.
func isPart(key string) bool {
	if key == "" || isDigit(key[0]) && len(key) > 4 && isDigit(key[1]) && isDigit(key[2]) && isDigit(key[3]) {
		return false
	}
	if !strings.ContainsAny(key, "月季年qp") && monthNames[strings.TrimSuffix(key, ".")] == 0 {
		return false
	}
	p, ok := readPeriod("2000年" + key)
	return ok && p.Freq() != indicator.Annual || monthNames[strings.TrimSuffix(key, ".")] > 0
}

// readCornerWords reads the corner of a table, which names rows and columns: 地区\年份.
func readCornerWords(h *headCell, text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`\/|、,`, r) })
	if len(words) < 2 {
		return false
	}
	var roles []Role
	for _, w := range words {
		role, _ := headerRole(w)
		if role == RoleUnknown {
			return false
		}
		roles = append(roles, role)
	}
	h.corner = roles
	return true
}

var yearLast = regexp.MustCompile(`^(.*[^\d\s_\-(])[\s_\-]*\(?(\d{4}年?)\)?$`)

// readBoth reads a cell that names a period and something else: 2023年R&D经费,
// 2024年1-9月GDP, gdp_2023.
func (n *names) readBoth(h *headCell, text string) bool {
	period, other, ok := cutPeriod(text)
	if !ok {
		m := yearLast.FindStringSubmatch(text)
		if m == nil {
			return false
		}
		other = m[1]
		if period, ok = readPeriod(m[2]); !ok {
			return false
		}
	}
	read := *h
	if !n.readSubject(&read, strings.TrimLeft(other, " _-")) || read.axes()&axisPeriod != 0 {
		return false
	}
	read.period = period
	*h = read
	return true
}

// agree reports that two readings of a bilingual cell do not contradict.
func agree(a, b headCell) bool {
	return a.axes() == b.axes() && a.period == b.period && a.region.id == b.region.id &&
		a.indicator.id == b.indicator.id && a.growth == b.growth
}

var (
	hanThenLatin = regexp.MustCompile(`^(.*\p{Han}[\s)\]]*)[\s/(|-]*([A-Za-z][^\p{Han}]*?)\)?$`)
	latinThenHan = regexp.MustCompile(`^([A-Za-z][^\p{Han}]*?)[\s/(|-]*(\p{Han}.*?)\)?$`)
)

// cutLatin parts a bilingual name into its Chinese and its English half.
func cutLatin(text string) (zh, en string, ok bool) {
	if m := hanThenLatin.FindStringSubmatch(text); m != nil {
		return strings.TrimSpace(m[1]), strings.TrimSpace(m[2]), true
	}
	if m := latinThenHan.FindStringSubmatch(text); m != nil {
		return strings.TrimSpace(m[2]), strings.TrimSpace(m[1]), true
	}
	return "", "", false
}

// footnoteSigns may stand behind a name or a number and refer to a note below.
var footnoteSigns = regexp.MustCompile(`(?:[\s,]*(?:[\x{2460}-\x{2473}]|[\x{00b9}\x{00b2}\x{00b3}\x{2070}-\x{2079}]+|[*†‡§]+|\[\d{1,2}\]|注\d{0,2}))+$`)

// cutFootnoteSign takes the sign of a footnote off a folded text.
func cutFootnoteSign(text string) string {
	return strings.TrimSpace(text[:len(text)-len(footnoteSigns.FindString(text))])
}
