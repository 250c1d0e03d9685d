package main

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

type ingestLine = ingest.Line

// screenWidth is how wide lines are made: what every terminal has.
const screenWidth = 80

var roleNames = map[string]indicator.Text{
	string(ingest.RoleRegion): indicator.T("地区", "region"), string(ingest.RolePeriod): indicator.T("报告期", "period"),
	string(ingest.RoleQuarter): indicator.T("季度", "quarter"), string(ingest.RoleMonth): indicator.T("月份", "month"),
	string(ingest.RoleIndicator): indicator.T("指标", "indicator"), string(ingest.RoleValue): indicator.T("数值", "value"),
	string(ingest.RoleUnit): indicator.T("单位", "unit"), string(ingest.RoleStatus): indicator.T("数据状态", "status"),
	string(ingest.RoleIgnored): indicator.T("不读取", "not read"), string(ingest.RoleUnknown): indicator.T("不认识，未读取", "not known, not read"),
}

var layoutNames = map[string]indicator.Text{
	"long":                           indicator.T("长表，一行一个数据", "long: one reading a row"),
	"wide_by_years":                  indicator.T("各列是年份", "years across"),
	"wide_by_regions":                indicator.T("各列是地区", "regions across"),
	"wide_by_indicators":             indicator.T("各列是指标", "indicators across"),
	"wide_by_indicators_and_years":   indicator.T("各列是指标和年份", "indicators and years across"),
	"wide_by_regions_and_years":      indicator.T("各列是地区和年份", "regions and years across"),
	"wide_by_regions_and_indicators": indicator.T("各列是地区和指标", "regions and indicators across"),
}

// The most titles and columns that are shown.
const mostTitles, mostColumns = 4, 10

// showUnderstood shows a person how the file was read so far, before asking more.
func (a *asker) showUnderstood(name string, staged upload.Staged) {
	u := staged.Understood
	how := []string{u.Container, u.Sheet, u.Encoding}
	if layout, ok := layoutNames[u.Layout]; ok {
		how = append(how, layout.In(a.lang))
	}
	how = strings.FieldsFunc(strings.Join(how, "\n"), func(r rune) bool { return r == '\n' })
	fmt.Fprintln(a.err)
	a.tell(0, "%s：%s", "%s: %s", name, strings.Join(how, indicator.T("，", ", ").In(a.lang)))
	for _, line := range u.Titles[:min(len(u.Titles), mostTitles)] {
		a.brief("  标题 %s  %s", "  title %s  %s", line.Cell, line.Text)
	}
	if u.HeaderRow == 0 {
		for _, line := range u.Preview {
			a.brief("  %s", "  %s", strings.ReplaceAll(line, "\t", "  "))
		}
		return
	}
	a.brief("  表头在第 %d 行", "  header in row %d", u.HeaderRow)
	for _, c := range u.Columns[:min(len(u.Columns), mostColumns)] {
		is := roleNames[string(c.Role)].In(a.lang)
		for _, part := range []string{c.Period, c.Region, c.Indicator, c.Unit} {
			if part != "" {
				is += " " + part
			}
		}
		a.brief("  列 %s  %s = %s", "  column %s  %s = %s", c.Column, strings.Join(strings.Fields(c.Header), " "), is)
	}
	if more := len(u.Columns) - mostColumns; more > 0 {
		a.brief("  另有 %d 列", "  and %d more columns", more)
	}
	if staged.Plan != nil {
		a.brief("  按导入方案“%s”读取", "  read by the import plan “%s”", staged.Plan.Name)
	}
}

// brief is tell in one line.
func (a *asker) brief(zh, en string, args ...any) {
	lines := strings.SplitN(wrap(fmt.Sprintf(indicator.T(zh, en).In(a.lang), args...), screenWidth-2, 0), "\n", 2)
	if len(lines) > 1 {
		lines[0] += "…"
	}
	a.tell(0, "%s", "%s", lines[0])
}

// wrap breaks a text into lines of at most most columns: at blanks, and between
// Chinese characters but not before a sign. Lines after the first are indented.
func wrap(text string, most, indent int) string {
	var out strings.Builder
	used, start := 0, 0 // columns of the line; where the piece begins that must stay whole
	flush := func(end int) {
		piece := text[start:end]
		start = end
		n := columns(strings.TrimRight(piece, " "))
		if used > indent && used+n > most {
			out.WriteString("\n" + strings.Repeat(" ", indent))
			used, piece = indent, strings.TrimLeft(piece, " ")
		}
		out.WriteString(piece)
		used += columns(piece)
	}
	for i, r := range text {
		if i > start && breaksBefore(text[:i], r) {
			flush(i)
		}
	}
	flush(len(text))
	lines := strings.Split(out.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// breaksBefore reports whether a line may end before r.
func breaksBefore(before string, r rune) bool {
	last := []rune(before[max(0, len(before)-4):])
	previous := last[len(last)-1]
	switch {
	case r == ' ':
		return false
	case previous == ' ':
		return true
	}
	return (isWide(r) || isWide(previous)) && !strings.ContainsRune("，。、；：？！）》”…", r) && !strings.ContainsRune("（《“", previous) && !unicode.IsControl(r)
}

func isWide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}
