package demo

import (
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// batch is one upload of the sample: one source and release.
type batch struct {
	file      string
	source    indicator.Text
	address   string
	stage     string
	released  string         // day on the source, or a day by which the figures were out
	dated     bool           // released is the day on the source itself
	reason    indicator.Text // of a revision
	generated bool           // made up for demonstration

	// explanation is of what the checks ask about: figures as the source has them.
	explanation indicator.Text
}

// The sources that several batches share.
var (
	communique = indicator.T("国家统计局、科学技术部、财政部：全国科技经费投入统计公报",
		"National Bureau of Statistics and ministries: communiqué on expenditure on science and technology")
	techme = indicator.T("中国科技统计资料汇编（huhuaping/techme 整理）",
		"Chinese science and technology statistics, as collected in huhuaping/techme")
	regionalAccounts = indicator.T("国家统计局分省年度数据（2025—2026年下载）",
		"National Bureau of Statistics, yearly data by province (download of 2025–2026)")
	greenLists = indicator.T("工业和信息化部绿色制造名单公告", "Ministry of Industry and Information Technology, lists of green manufacturing")
	example    = indicator.T("示例数据，由程序生成，不是统计数据", "generated example, not statistics")
)

const (
	techmeAddress = "https://github.com/huhuaping/techme"
	panelAddress  = "https://github.com/RenJiyi163/panel_data_analysis_for_thesis"
)

// The stages of the sample.
const (
	annual = "年报"
	census = "普查修订"
)

// batches is the sample in the order of release. A file is known by its name for
// ever: other content needs another name.
var batches = []batch{
	{file: "01-rd-2011-2017.csv", source: communique, address: techmeAddress, stage: annual, released: "2018-12-31"},
	{file: "02-gdp-2011-2017.csv", source: indicator.T("国家统计局分省地区生产总值，第四次全国经济普查前",
		"National Bureau of Statistics, GDP by province, before the fourth economic census"), stage: annual, released: "2018-12-31"},
	{file: "03-rd-2018.csv", source: communique, address: techmeAddress, stage: annual, released: "2019-08-30", dated: true},
	{file: "04-rd-2019.csv", source: communique, address: techmeAddress, stage: annual, released: "2020-08-27", dated: true},
	{file: "05-gdp-2015-2019.csv", source: indicator.T("国家统计局分省地区生产总值，第四次全国经济普查后",
		"National Bureau of Statistics, GDP by province, after the fourth economic census"), stage: census, released: "2020-11-30",
		reason: indicator.T("第四次全国经济普查后修订2018年、2019年数据，2015—2017年未修订，2018年起口径中断",
			"2018 and 2019 revised after the fourth economic census, 2015–2017 not: the series breaks in 2018")},
	{file: "06-manufacturing-china-2004-2018.csv", source: indicator.T("世界银行 NV.IND.MANF.ZS", "World Bank NV.IND.MANF.ZS"),
		address: "https://data.worldbank.org/indicator/NV.IND.MANF.ZS", stage: annual, released: "2020-12-31"},
	{file: "07-rd-2020.csv", source: communique, address: techmeAddress, stage: annual, released: "2021-09-22", dated: true},
	{file: "08-rd-2021.csv", source: communique, address: techmeAddress, stage: annual, released: "2022-08-31", dated: true},
	{file: "09-digital-china-2012-2021.csv", source: indicator.T("制造业数字化指标，网页转载（2012年值由公布的增幅推算）",
		"Digitalisation of manufacturing, as told on a web page (2012 worked out from the published rise)"),
		address: "https://www.tamgov.cn/qyfz/12713.html", stage: annual, released: "2022-12-31"},
	{file: "10-industry-china-2022.csv", source: indicator.T("全国工业和信息化数据，新闻报道", "National industry figures, news report"),
		address: "http://news.yznews.com.cn/2023-03/19/content_7530612.htm", stage: annual, released: "2023-03-19", dated: true},
	{file: "11-rd-2022.csv", source: communique, address: techmeAddress, stage: annual, released: "2023-09-18", dated: true},
	{file: "12-fujian-2022.csv", source: indicator.T("福建省工业数据，网页转载", "Fujian industry figures, as told on a web page"),
		address: "http://wangyicn.com/article/gongsidongtai/5896.html", stage: annual, released: "2023-12-31"},
	{file: "13-rd-2023.csv", source: communique, stage: annual, released: "2024-10-02", dated: true},
	{file: "14-rd-intensity-china-1996-2022.csv", source: indicator.T("世界银行 GB.XPD.RSDV.GD.ZS", "World Bank GB.XPD.RSDV.GD.ZS"),
		address: "https://data.worldbank.org/indicator/GB.XPD.RSDV.GD.ZS", stage: annual, released: "2024-12-31"},
	{file: "15-green-factories-china-2020-2023.csv", source: greenLists, stage: annual, released: "2024-12-31"},
	{file: "16-pilot-cities-china-2024.csv", source: indicator.T("中小企业数字化转型试点城市，网页转载（两批合计）",
		"Pilot cities of SME digitalisation, as told on a web page (two batches together)"),
		address: "http://ccolbert.com.cn/index.php/Article_details_navid_139_cNavid_265_articleid_4173.html", stage: annual, released: "2024-12-31"},
	{file: "17-rd-2024.csv", source: communique, stage: annual, released: "2025-09-29", dated: true,
		reason: indicator.T("2023年投入强度按第五次全国经济普查后的地区生产总值修订",
			"Intensity of 2023 revised with the GDP of 2023 after the fifth economic census"),
		explanation: indicator.T("公报只修订了2023年的投入强度，更早年份当时没有修订",
			"The communiqué revises the intensity of 2023 only; earlier years were not revised then")},
	{file: "18-gdp-2011-2022.csv", source: regionalAccounts, address: panelAddress, stage: census, released: "2025-12-31",
		reason: indicator.T("第五次全国经济普查后修订历史数据", "Earlier years revised after the fifth economic census"),
		explanation: indicator.T("与来源一致；含第四次、第五次经济普查的调整，天津、内蒙古、辽宁、吉林、黑龙江下调较大",
			"As the source has them, with what both economic censuses changed: most in Tianjin, Inner Mongolia, Liaoning, Jilin and Heilongjiang")},
	{file: "19-gdp-2023-2024.csv", source: regionalAccounts, stage: annual, released: "2025-12-31"},
	{file: "20-industry-2011-2022.csv", source: techme, address: techmeAddress, stage: annual, released: "2025-12-31",
		explanation: indicator.T("所列数值与来源一致，未作改动；来源未说明变动的原因",
			"The values listed are as the source has them; it does not say why they moved")},
	{file: "31-example-manufacturing-2011-2024.csv", source: example, released: "2025-12-31", generated: true},
	{file: "32-example-green-factories-2019-2024.csv", source: example, released: "2025-12-31", generated: true},
	{file: "33-example-digital-smes-2022-2024.csv", source: example, released: "2025-12-31", generated: true},
	{file: "21-jiangsu-2025.csv", source: indicator.T("江苏省人民政府网站", "Jiangsu provincial government"),
		address: "http://www.js.gov.cn/art/2026/3/19/art_84323_11744486.html", stage: annual, released: "2026-03-19", dated: true},
	{file: "22-green-factories-china-2024-2025.csv", source: greenLists, stage: annual, released: "2026-03-31"},
}

// releasedAt is the beginning of the day in Shanghai.
func (b batch) releasedAt() time.Time {
	at, err := indicator.ParseReleased(b.released)
	if err != nil {
		panic(err) // a date written in the table above
	}
	return at
}

// options is what a person would say about the file. The source carries both
// languages, its address, and whether the day of release is known.
func (b batch) options() upload.Options {
	source := b.source.ZH + " / " + b.source.EN
	if !b.dated && !b.generated {
		source += "；不晚于 " + b.released + " 公布，具体日期不详 / out by " + b.released + ", day not known"
	}
	if b.address != "" {
		source += " " + b.address
	}
	reason := ""
	if !b.reason.IsZero() {
		reason = b.reason.ZH + " / " + b.reason.EN
	}
	explanation := ""
	if !b.explanation.IsZero() {
		explanation = b.explanation.ZH + " / " + b.explanation.EN
	}
	return upload.Options{Source: source, Stage: b.stage, Reason: reason, Explanation: explanation, Released: b.releasedAt(), Generated: b.generated}
}
