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

// OptionNames are what a person can say of a file, by the name of the flag and of
// the form's field, as people name it.
var OptionNames = map[string]indicator.Text{
	"encoding":    indicator.T("编码", "Encoding"),
	"indicator":   indicator.T("指标", "Indicator"),
	"unit":        indicator.T("计量单位", "Unit"),
	"region":      indicator.T("地区", "Region"),
	"year":        indicator.T("报告期", "Period"),
	"sheet":       indicator.T("工作表", "Sheet"),
	"layout":      indicator.T("版式", "Layout"),
	"header":      indicator.T("表头行", "Header row"),
	"column":      indicator.T("列的含义", "Columns"),
	"skip":        indicator.T("不是数据的行", "Rows that are no data"),
	"name":        indicator.T("名称对照", "Names"),
	"mark":        indicator.T("缺失符号", "Signs without a value"),
	"status":      indicator.T("数据状态", "Observation status"),
	"source":      indicator.T("来源", "Source"),
	"stage":       indicator.T("阶段", "Stage"),
	"released":    indicator.T("公布时间", "Released"),
	"reason":      indicator.T("修订原因", "Reason of the revision"),
	"explanation": indicator.T("说明", "Explanation"),
}

// Said is one answer as a person reads it.
type Said struct{ Name, Value indicator.Text }

// Said lists what a plan answers.
func (p Plan) Said(c *indicator.Catalog) []Said {
	a := p.Answers
	var list []Said
	say := func(option string, values ...string) {
		for _, value := range values {
			if value != "" {
				list = append(list, Said{OptionNames[option], indicator.T(value, value)})
			}
		}
	}
	if i := c.Indicator(a.Indicator); i != nil {
		list = append(list, Said{OptionNames["indicator"], i.Name})
	} else {
		say("indicator", a.Indicator)
	}
	say("unit", a.Unit)
	if r := c.Region(a.Region); r != nil {
		list = append(list, Said{OptionNames["region"], r.Short})
	} else {
		say("region", a.Region)
	}
	say("year", a.Year)
	say("encoding", a.Encoding)
	say("sheet", a.Sheet)
	say("layout", a.Layout)
	if a.Status != "" {
		list = append(list, Said{OptionNames["status"], indicator.StatusName(a.Status)})
	}
	say("header", a.Header)
	say("column", a.Columns...)
	say("skip", a.Skip...)
	say("mark", a.Marks...)
	say("name", a.Names...)
	say("source", p.Source)
	if p.Stage != "" {
		list = append(list, Said{OptionNames["stage"], indicator.StageName(p.Stage)})
	}
	return list
}

// saidInWords is a list of answers as part of a sentence.
func saidInWords(list []Said) indicator.Text {
	var zh, en []string
	for _, s := range list {
		zh, en = append(zh, s.Name.ZH+" "+s.Value.ZH), append(en, strings.ToLower(s.Name.EN)+" "+s.Value.EN)
	}
	return indicator.T(strings.Join(zh, "，"), strings.Join(en, ", "))
}
