package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The years a statistic of today can be of. Outside them a number is no year.
const (
	firstYear = 1900
	lastYear  = 2100
)

// periodForms are the ways of writing a period, after squashing and in lower
// case, and the canonical form of each. Not among them, because they can be
// read in two ways: 2024.1 (2024.10 as a number looks the same), two-digit
// years, and single days.
var periodForms = []struct {
	pattern *regexp.Regexp
	form    func(m []string) string
}{
	{regexp.MustCompile(`^(\d{4})(?:\.0|年度?|年(?:末|底|全年|年末|年底)|全年)?$`), func(m []string) string { return m[1] }},
	{regexp.MustCompile(`^(\d{4})[年-]?(?:q|第)?([1-4一二三四]|ⅰ|ⅱ|ⅲ|ⅳ|i{1,3}|iv)(?:季度?)$`), quarterForm},
	{regexp.MustCompile(`^(\d{4})[年-]?q([1-4])$`), quarterForm},
	{regexp.MustCompile(`^(?:q([1-4])|([1-4])q)-?(\d{4})$`), func(m []string) string { return m[3] + "-Q" + m[1] + m[2] }},
	{regexp.MustCompile(`^(\d{4})[年/-](\d{1,2})月?(?:份|末|底)?$`), monthForm},
	{regexp.MustCompile(`^(\d{4})m?(0[1-9]|1[0-2])$`), monthForm},
	{regexp.MustCompile(`^(\d{4})-?m(\d{1,2})$`), monthForm},
	{regexp.MustCompile(`^(\d{4})[年,/-]?([a-z]{3,9})\.?$`), func(m []string) string { return englishMonth(m[1], m[2]) }},
	{regexp.MustCompile(`^([a-z]{3,9})[.,/-]*(\d{4})$`), func(m []string) string { return englishMonth(m[2], m[1]) }},
	{regexp.MustCompile(`^(\d{4})[年,/-]?jan[a-z]*\.?[-—~]([a-z]{3,9})\.?$`), func(m []string) string { return englishToDate(m[1], m[2]) }},
	{regexp.MustCompile(`^jan[a-z]*\.?[-—~]([a-z]{3,9})\.?[,-]?(\d{4})$`), func(m []string) string { return englishToDate(m[2], m[1]) }},
	{regexp.MustCompile(`^(\d{4})年?0?1月?(?:[-—~至到]|——)(\d{1,2})月(?:份)?(?:累计)?$`), func(m []string) string { return toDateForm(m[1], m[2]) }},
	{regexp.MustCompile(`^(\d{4})-01/p(\d{1,2})m$`), func(m []string) string { return toDateForm(m[1], m[2]) }},
	{regexp.MustCompile(`^(\d{4})年?(?:上半年|-?h1|第?[1一][-—~至到]第?[2二]季度)$`), func(m []string) string { return toDateForm(m[1], "6") }},
	{regexp.MustCompile(`^(\d{4})年?(?:前三季度|前3季度|第?[1一][-—~至到]第?[3三]季度)$`), func(m []string) string { return toDateForm(m[1], "9") }},
}

func quarterForm(m []string) string {
	for n, names := range []string{"一 ⅰ i", "二 ⅱ ii", "三 ⅲ iii", "四 ⅳ iv"} {
		if slices.Contains(strings.Fields(names), m[2]) {
			return m[1] + "-Q" + strconv.Itoa(n+1)
		}
	}
	return m[1] + "-Q" + m[2]
}

func monthForm(m []string) string {
	n, _ := strconv.Atoi(m[2]) // one or two digits by the pattern
	return fmt.Sprintf("%s-%02d", m[1], n)
}

func toDateForm(year, month string) string {
	n, _ := strconv.Atoi(month) // one or two digits by the pattern
	return fmt.Sprintf("%s-01/P%dM", year, n)
}

// monthNames are the English months by their names and the first three letters.
var monthNames = func() map[string]int {
	names := map[string]int{"sept": 9}
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		names[name], names[name[:3]] = int(m), int(m)
	}
	return names
}()

func englishMonth(year, name string) string {
	return fmt.Sprintf("%s-%02d", year, monthNames[name]) // month 0 is none
}

func englishToDate(year, name string) string { return toDateForm(year, strconv.Itoa(monthNames[name])) }

// readPeriod reads a period in any of the forms files use.
func readPeriod(text string) (indicator.Period, bool) {
	key := strings.ToLower(squash(text))
	for _, f := range periodForms {
		m := f.pattern.FindStringSubmatch(key)
		if m == nil {
			continue
		}
		p, err := indicator.ParsePeriod(f.form(m))
		if err == nil && p.Year() >= firstYear && p.Year() <= lastYear {
			return p, true
		}
	}
	return indicator.Period{}, false
}

// readPart reads a quarter or month that stands in a column of its own beside
// the year: 3, 三季度, 7月, 1-9月.
func readPart(year indicator.Period, text string, role Role) (indicator.Period, bool) {
	if p, ok := readPeriod(text); ok { // written in full
		return p, p.Year() == year.Year()
	}
	part := strings.ToLower(squash(text))
	if n, err := strconv.Atoi(part); err == nil {
		part = strconv.Itoa(n) + map[Role]string{RoleQuarter: "季度", RoleMonth: "月"}[role]
	}
	return readPeriod(strconv.Itoa(year.Year()) + "年" + part)
}

// singleDay is a date with its day, which may stand for its month or its year.
var singleDay = regexp.MustCompile(`^((?:19|20)\d\d)(?:[-/.年]([01]?\d)[-/.月][0-3]?\d日?|(\d\d)\d\d)$`)

func badPeriod(text string) *finding {
	if m := singleDay.FindStringSubmatch(strings.TrimSuffix(squash(text), "00:00:00")); m != nil {
		month, _ := strconv.Atoi(m[2] + m[3]) // digits by the pattern
		return fault(codeBadPeriod,
			"“%[1]s”是一天，可指它所在的年或月。写成 %[2]s 或 %[2]s-%02[3]d。",
			"“%[1]s” is a day and may stand for its year or its month. Write %[2]s or %[2]s-%02[3]d.", quote(text), m[1], month)
	}
	return fault(codeBadPeriod,
		"“%[1]s”不是可识别的报告期。写成 2024、2024年三季度、2024年7月 或 2024年1-9月。",
		"“%[1]s” is not a period. Write 2024, 2024-Q3, 2024-07 or 2024-01/P9M (January to September).", quote(text))
}
