package web

import (
	"regexp"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// optionNames are the answers about a file as the page names them.
var optionNames = map[string]indicator.Text{
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

var (
	asideFlag   = regexp.MustCompile(` ?[（(]--[a-z]+(?: [a-z]+)?[)）]`)
	markExample = regexp.MustCompile(`'[^']*=([MNO])'`)
	exampleFlag = regexp.MustCompile(`(如|such as) --[a-z]+ `)
	anyFlag     = regexp.MustCompile(`(选项 ?|option )?--([a-z]+) ?`)
)

// onPage is a message of a problem for a reader of pages: messages name an
// option by its flag, and the page shows a field with a name instead.
func onPage(message indicator.Text, lang indicator.Lang) string {
	text := asideFlag.ReplaceAllString(message.In(lang), "")
	text = exampleFlag.ReplaceAllString(text, "$1 ")
	text = markExample.ReplaceAllStringFunc(text, func(found string) string {
		status := indicator.Status(found[len(found)-2 : len(found)-1])
		return "“" + indicator.StatusName(status).In(lang) + "”"
	})
	return anyFlag.ReplaceAllStringFunc(text, func(found string) string {
		name, ok := optionNames[anyFlag.FindStringSubmatch(found)[2]]
		switch {
		case !ok:
			return found
		case lang == indicator.EN && strings.HasSuffix(found, " "):
			return "“" + name.EN + "” "
		case lang == indicator.EN:
			return "“" + name.EN + "”"
		}
		return "“" + name.ZH + "”"
	})
}

var layoutWords = map[string]indicator.Text{
	"long":                           indicator.T("长表：一行一个数据", "long: one reading a row"),
	"wide_by_years":                  indicator.T("宽表：各列为报告期", "wide: a column per period"),
	"wide_by_regions":                indicator.T("宽表：各列为地区", "wide: a column per region"),
	"wide_by_indicators":             indicator.T("宽表：各列为指标", "wide: a column per indicator"),
	"wide_by_indicators_and_years":   indicator.T("宽表：各列为指标和报告期", "wide: columns of indicators and periods"),
	"wide_by_regions_and_years":      indicator.T("宽表：各列为地区和报告期", "wide: columns of regions and periods"),
	"wide_by_regions_and_indicators": indicator.T("宽表：各列为地区和指标", "wide: columns of regions and indicators"),
}

func layoutWord(layout string, lang indicator.Lang) string {
	if t, ok := layoutWords[layout]; ok {
		return t.In(lang)
	}
	return layout
}

// roles are what a column can be said to be, in the order in which they are offered.
var roles = []ingest.Role{ingest.RoleRegion, ingest.RolePeriod, ingest.RoleQuarter, ingest.RoleMonth, ingest.RoleIndicator,
	ingest.RoleValue, ingest.RoleUnit, ingest.RoleStatus, ingest.RoleIgnored}

var roleWords = map[ingest.Role]indicator.Text{
	ingest.RoleRegion:    indicator.T("地区", "region"),
	ingest.RolePeriod:    indicator.T("报告期", "period"),
	ingest.RoleQuarter:   indicator.T("季度", "quarter"),
	ingest.RoleMonth:     indicator.T("月份", "month"),
	ingest.RoleIndicator: indicator.T("指标", "indicator"),
	ingest.RoleValue:     indicator.T("数值", "value"),
	ingest.RoleUnit:      indicator.T("计量单位", "unit"),
	ingest.RoleStatus:    indicator.T("数据状态", "observation status"),
	ingest.RoleIgnored:   indicator.T("不读取", "not read"),
	ingest.RoleUnknown:   indicator.T("未识别，不读取", "not recognised, not read"),
}

var containerWords = map[string]indicator.Text{
	"csv":  indicator.T("CSV 文本", "CSV text"),
	"tsv":  indicator.T("制表符分隔的文本", "tab-separated text"),
	"xlsx": indicator.T("Excel 工作簿（xlsx）", "Excel workbook (xlsx)"),
	"xls":  indicator.T("旧版 Excel 工作簿（xls）", "old Excel workbook (xls)"),
	"html": indicator.T("网页表格", "HTML table"),
	"xml":  indicator.T("Excel 2003 XML 表格", "Excel 2003 XML workbook"),
}

// word is the text of a key, or the key itself.
func word[K ~string](words map[K]indicator.Text, key K, lang indicator.Lang) string {
	if t, ok := words[key]; ok {
		return t.In(lang)
	}
	return string(key)
}

// answerWords is an answer about a file as a person would say it.
func (s *Server) answerWords(option, value string, lang indicator.Lang) string {
	catalog := s.config.Catalog()
	key, of := keyOf(value), value[strings.LastIndex(value, "=")+1:]
	named := func(code string) string {
		if i := catalog.Indicator(code); i != nil {
			return i.Name.In(lang)
		}
		if r := catalog.Region(code); r != nil {
			return r.Name.In(lang)
		}
		return code
	}
	switch option {
	case "indicator", "region":
		return named(value)
	case "layout":
		return layoutWord(value, lang)
	case "status":
		return indicator.StatusName(indicator.Status(value)).In(lang)
	case "column":
		if t, ok := roleWords[ingest.Role(of)]; ok {
			of = t.In(lang)
		}
		return indicator.T(key+" 列："+named(of), "column "+key+": "+named(of)).In(lang)
	case "name":
		return indicator.T("“"+key+"”是"+named(of), "“"+key+"” is "+named(of)).In(lang)
	case "mark":
		status := indicator.StatusName(indicator.Status(of))
		return indicator.T("“"+key+"”表示"+status.ZH, "“"+key+"” means "+status.EN).In(lang)
	case "skip":
		return indicator.T("第 "+value+" 行", "row "+value).In(lang)
	}
	return value
}
