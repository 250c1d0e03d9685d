package web

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

var (
	asideFlag   = regexp.MustCompile(` ?[（(]--[a-z]+(?: [a-z]+)?[)）]`)
	markExample = regexp.MustCompile(` ?'[^']*=([MNO])' ?`)
	exampleFlag = regexp.MustCompile(`(如|such as) --[a-z]+ `)
	anyFlag     = regexp.MustCompile(` ?(选项 ?|option )?--([a-z]+) ?`)
)

// onPage is a message of a problem for a reader of pages: messages name an
// option by its flag, and the page shows a field with a name instead.
func onPage(message indicator.Text, lang indicator.Lang) string {
	text := asideFlag.ReplaceAllString(message.In(lang), "")
	text = exampleFlag.ReplaceAllString(text, "$1 ")
	text = markExample.ReplaceAllStringFunc(text, func(found string) string {
		status := indicator.Status(markExample.FindStringSubmatch(found)[1])
		return quoted(found, indicator.StatusName(status).In(lang), lang)
	})
	return anyFlag.ReplaceAllStringFunc(text, func(found string) string {
		name, ok := upload.OptionNames[anyFlag.FindStringSubmatch(found)[2]]
		if !ok {
			return found
		}
		return quoted(found, name.In(lang), lang)
	})
}

// quoted is what stands in the place of found. The marks of a Chinese quotation
// need no spaces around them.
func quoted(found, name string, lang indicator.Lang) string {
	name = "“" + name + "”"
	if lang == indicator.ZH {
		return name
	}
	if strings.HasPrefix(found, " ") {
		name = " " + name
	}
	if strings.HasSuffix(found, " ") {
		name += " "
	}
	return name
}

// encodingWord is an encoding as people name it: GB18030, UTF-8 with a mark.
func encodingWord(encoding string, lang indicator.Lang) string {
	switch encoding {
	case "gb18030":
		return indicator.T("GB18030（含 GBK、GB2312）", "GB18030 (GBK, GB2312)").In(lang)
	case "utf-8-bom":
		return indicator.T("UTF-8（带 BOM）", "UTF-8 with a BOM").In(lang)
	case "big5":
		return indicator.T("Big5（繁体）", "Big5 (traditional)").In(lang)
	}
	return strings.ToUpper(encoding)
}

func layoutWord(layout string, lang indicator.Lang) string {
	return cmp.Or(ingest.LayoutName(layout).In(lang), layout)
}

// roles are what a column can be said to be, in the order in which they are offered.
var roles = []ingest.Role{ingest.RoleRegion, ingest.RolePeriod, ingest.RoleQuarter, ingest.RoleMonth, ingest.RoleIndicator,
	ingest.RoleValue, ingest.RoleUnit, ingest.RoleStatus, ingest.RoleIgnored}

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
	case "encoding":
		return encodingWord(value, lang)
	case "layout":
		return layoutWord(value, lang)
	case "status":
		return indicator.StatusName(indicator.Status(value)).In(lang)
	case "column":
		of = cmp.Or(ingest.Role(of).Name().In(lang), of)
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
