package upload

import (
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// NoPlan is what is said instead of a plan's name to use none.
const NoPlan = "none"

const maxPlanName = 60 // runes

var (
	planLabel  = regexp.MustCompile(`^(?:指标|indicator)\s*[:：]\s*`)
	otherLabel = regexp.MustCompile(`^[^:：]{1,12}[:：]`)
	planYears  = regexp.MustCompile(`[(（]?\d{4}(?:[-—~至到]\d{4})?\s*(?:年度?|-\d\d(?:-\d\d)?)?[)）]?`)
	tableLabel = regexp.MustCompile(`(?i)^(?:表|table)?\s*\d+(?:\s*[-—.]\s*\d+)*[\s:、.]+`)
)

// planName makes a name of what a file says of itself: its indicator, else its
// first title, else the name of the file; all without years.
func planName(u ingest.Understood, file string) string {
	names := []string{""}
	for _, line := range u.Titles {
		if rest := planLabel.ReplaceAllString(line.Text, ""); rest != line.Text {
			names[0] = rest
		} else if !otherLabel.MatchString(line.Text) {
			names = append(names, line.Text)
		}
	}
	for _, name := range append(names, strings.TrimSuffix(file, path.Ext(file)), file) {
		name = tableLabel.ReplaceAllString(strings.Join(strings.Fields(name), " "), "")
		name = strings.Trim(planYears.ReplaceAllString(name, ""), " -_—.、，,")
		if strings.ContainsFunc(name, unicode.IsLetter) && !strings.EqualFold(name, NoPlan) {
			return cutRunes(name, maxPlanName-4) // room for a number
		}
	}
	return "plan"
}

func cutRunes(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if hasControl(string(r)) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

// Said is one answer as a person reads it.
type Said struct{ Name, Value indicator.Text }

// Said lists what a plan answers.
func (p Plan) Said(c *indicator.Catalog) []Said {
	a := p.Answers
	var list []Said
	say := func(zh, en string, values ...string) {
		for _, value := range values {
			if value != "" {
				list = append(list, Said{indicator.T(zh, en), indicator.T(value, value)})
			}
		}
	}
	if i := c.Indicator(a.Indicator); i != nil {
		list = append(list, Said{indicator.T("指标", "indicator"), i.Name})
	} else {
		say("指标", "indicator", a.Indicator)
	}
	say("单位", "unit", a.Unit)
	if r := c.Region(a.Region); r != nil {
		list = append(list, Said{indicator.T("地区", "region"), r.Short})
	} else {
		say("地区", "region", a.Region)
	}
	say("报告期", "period", a.Year)
	say("工作表", "sheet", a.Sheet)
	say("版式", "layout", a.Layout)
	if a.Status != "" {
		list = append(list, Said{indicator.T("数据状态", "status"), indicator.StatusName(a.Status)})
	}
	say("表头行", "header row", a.Header)
	say("列", "column", a.Columns...)
	say("不含数据的行", "rows without readings", a.Skip...)
	say("符号", "sign", a.Marks...)
	say("名称", "name", a.Names...)
	say("来源", "source", p.Source)
	if p.Stage != "" {
		list = append(list, Said{indicator.T("阶段", "stage"), indicator.StageName(p.Stage)})
	}
	return list
}

// saidInWords is a list of answers as part of a sentence.
func saidInWords(list []Said) indicator.Text {
	var zh, en []string
	for _, s := range list {
		zh, en = append(zh, s.Name.ZH+" "+s.Value.ZH), append(en, s.Name.EN+" "+s.Value.EN)
	}
	return indicator.T(strings.Join(zh, "，"), strings.Join(en, ", "))
}
