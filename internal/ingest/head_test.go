package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// headSummary is a header cell in a few words.
func headSummary(h headCell) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	add("role", string(h.role))
	add("corner", strings.Trim(fmt.Sprint(h.corner), "[]"))
	add("period", h.period.String())
	add("part", h.part)
	if h.region.region != nil {
		add("region", h.region.region.Code)
	}
	if h.region.fault != nil {
		add("region", h.region.fault.code)
	}
	if h.indicator.indicator != nil {
		add("indicator", h.indicator.indicator.Code)
	}
	add("unit", h.unit)
	add("status", string(h.status))
	for name, set := range map[string]bool{"growth": h.growth, "unknown": h.unknown, "to date": h.toDate} {
		if set {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, " ")
}

func TestReadHead(t *testing.T) {
	t.Parallel()
	n := newNames(testCatalog(t))
	for text, want := range map[string]string{
		"": "", "　": "",
		"地  区": "role=region", "地区 Region": "role=region", "年份/Year": "role=period", "数值（万元）": "role=value unit=万元",
		`地区\年份`: "corner=region period", "年份／指标": "corner=period indicator",
		"2023年": "period=2023", "2023": "period=2023", "2023年(初步)": "period=2023 status=P", "2024年预计": "period=2024 status=E",
		"2023p": "period=2023 status=P", "2022年①": "period=2022", "2023年[1]": "period=2023", "2023年末": "period=2023",
		"Jan 2024": "period=2024-01", "2024年1—2月": "period=2024-01/P2M", "1-9月": "part=1-9月", "第三季度": "part=第三季度",
		"2024年9月累计": "period=2024-09 to date", "累计": "to date", "当月": "",
		"R&D经费(亿元)": "indicator=rd_spend unit=亿元", "地区生产总值/亿元": "indicator=gdp unit=亿元", "GDP：万元": "indicator=gdp unit=万元",
		"gdp_100m_yuan": "indicator=gdp unit=100m yuan", "GDP (100 million yuan)": "indicator=gdp unit=100 million yuan",
		"研究与试验发展经费支出 Expenditure on R&D (亿元)": "indicator=rd_spend unit=亿元", "R&D经费*": "indicator=rd_spend",
		"GDP R&D expenditure": "unknown", "2023年GDP": "period=2023 indicator=gdp", "2024年1-9月GDP": "period=2024-01/P9M indicator=gdp", "2023年上半年GDP": "period=2023-01/P6M indicator=gdp", "gdp_2023": "period=2023 indicator=gdp",
		"北    京": "region=110000", "北京 Beijing": "region=110000", "陕西 Shanxi": "unknown", "350000": "region=350000", "35": "unknown",
		"香港": "region=not_collected", "合计": "region=total_not_read", "东部地区": "region=region_group", "北亰": "unknown",
		"（亿元）": "unit=亿元", "单位：%": "unit=%", "1": "unknown",
		"同比增长(%)": "growth unit=%", "比上年增长%": "growth", "增速": "growth", "YoY growth": "growth",
		"GDP增速": "unknown", "人口(万人)": "unit=万人 unknown", "GDP（上年=100）": "unknown",
		"规模以上工业增加值同比增长(%)": "indicator=industry_growth unit=%",
	} {
		if got := headSummary(n.readHead(text)); !sameWords(got, want) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func sameWords(a, b string) bool {
	count := map[string]int{}
	for w := range strings.FieldsSeq(a) {
		count[w]++
	}
	for w := range strings.FieldsSeq(b) {
		count[w]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestTitlesAreTakenApart(t *testing.T) {
	t.Parallel()
	p := newParser(t.Context(), Options{Catalog: testCatalog(t)})
	for title, want := range map[string]string{
		"表3-1 2023年各地区R&D经费情况":   "rd_spend - 2023",
		"福建省历年地区生产总值":            "gdp 350000 ",
		"3-9  地区生产总值(2023年)":     "gdp - 2023",
		"福建省主要经济指标":              "- 350000 ",
		"续表1 各地区GDP":             "gdp - ",
		"2023年北京冬奥会情况":           "- - 2023",
		"2023年各地区R&D经费增长情况":      "- - 2023",
		"2023年1～9月各地区GDP":        "gdp - 2023-01/P9M",
		"2023年各地区GDP(1-9月)":      "- - ",
		"2023年9月末各地区R&D经费":       "rd_spend - 2023-09",
		"2023年前三季度GDP":           "gdp - 2023-01/P9M",
		"各地区GDP（2023年上半年）":       "gdp - 2023-01/P6M",
		"2023年各地区GDP累计":          "- - ",
		"2023年各地区人均GDP":          "- - 2023",
		"Gross domestic product": "gdp - ",
		"河南GDP":                  "gdp 410000 ",
		"全国各地区R&D经费（2011-2023年）": "rd_spend - ",
		"说明": "- - ",
	} {
		h := titleHint{}
		p.takeApart(&h, strings.Join(strings.Fields(fold(title)), " "))
		ind, region := "-", "-"
		if h.indicator.indicator != nil {
			ind = h.indicator.indicator.Code
		}
		if h.region.region != nil {
			region = h.region.region.Code
		}
		if got := fmt.Sprintf("%s %s %s", ind, region, h.period); got != want {
			t.Errorf("%q says %q, want %q", title, got, want)
		}
	}
}

func TestSuffixes(t *testing.T) {
	t.Parallel()
	n := newNames(testCatalog(t))
	for text, want := range map[string]suffixRead{
		"%": {unit: "%", ok: true}, "亿元": {unit: "亿元", ok: true}, "①": {ok: true}, "*①": {ok: true}, "亿元*": {unit: "亿元", ok: true},
		"p": {status: indicator.Provisional, ok: true}, "(e)": {status: indicator.Estimated, ok: true}, "b": {status: indicator.Break, ok: true},
		"r": {ok: true}, "q": {}, ",17": {}, "x10": {}, "(1)": {}, "上下": {},
	} {
		got := n.readSuffix(text)
		got.note = nil
		if !got.ok {
			got = suffixRead{}
		}
		if got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestNotesOfMarks(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]indicator.Status{
		"注：“…”表示数据不足本表最小单位数。":         indicator.NotApplicable,
		"本表中“…”表示不足最小单位数；“空格”表示无该项数据": indicator.NotApplicable,
		"“—”表示无该项数据；“…”表示未统计。":        indicator.NotCollected,
		"… = not available":                            indicator.Missing,
		"“…” indicates that the data is not available": indicator.Missing,
		"……表示未公布":                                      indicator.Missing,
		"其他…见说明":                                       "",
		"“…”表示未公布；“…”表示未统计":                            "",
	} {
		p := newParser(t.Context(), Options{Catalog: testCatalog(t)})
		p.understood.Footnotes = []Line{{"A9", line}}
		if got, _ := p.notedMark("…"); got != want {
			t.Errorf("%q says %q, want %q", line, got, want)
		}
	}
}
