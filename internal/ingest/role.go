package ingest

import (
	"strings"
	"unicode"
)

// Role is what a column, or a title, says about the readings.
type Role string

// The roles.
const (
	RoleRegion    Role = "region"
	RolePeriod    Role = "period"
	RoleQuarter   Role = "quarter" // inside the year of another column
	RoleMonth     Role = "month"   // inside the year of another column
	RoleIndicator Role = "indicator"
	RoleValue     Role = "value"
	RoleUnit      Role = "unit"
	RoleStatus    Role = "status"
	RolePower     Role = "power"   // of ten, by which values are multiplied
	RoleIgnored   Role = "ignored" // known, and of no use for a reading: a row number, a remark
	RoleUnknown   Role = "unknown"
)

// headerWords are the names of columns, as nameKey writes them. A bare 代码 or
// code is not among them: it may be the region's or the indicator's.
var headerWords = wordsByRole(map[Role]string{
	RoleRegion: `地区 省份 省市 省 省区 省区市 省市区 省、自治区、直辖市 地区名称 省份名称 行政区 行政区划 行政区域 省(区、市) 省份地区 地市 设区市 市州 市(州) 地区别 分地区 各地区 各省 各市 城市 市 市县 县 区县 县区 县市区 区域 地域
		地区代码 地区编码 行政区划代码 区划代码 省份代码 省代码 城市代码
		region regions province provinces area city county prefecture geo location economy country countryname countrycode 国家 国家地区 国家或地区 refarea territory
		regionname provincename cityname areaname regioncode provincecode citycode areacode adcode gbcode iso iso31662
		provinceen provincezh regionen regionzh`,
	RolePeriod:  `年份 年度 年 时间 时期 期间 报告期 日期 统计时间 数据时间 数据日期 统计期 统计年度 统计年份 会计年度 年月 所属时期 所属期 period year years time date timeperiod refperiod yearmonth fiscalyear referenceperiod`,
	RoleQuarter: `季度 季 quarter`,
	RoleMonth:   `月份 月 month`,
	RoleIndicator: `指标 指标名称 指标代码 指标编码 项目 指标项 统计指标 经济指标 主要指标 项目名称 科目 变量 indicator indicators indicatorcode indicatorname indicatorid
		variable measure series seriesname item items seriescode indicatorsname`,
	RoleValue:  `数值 值 指标值 数据 数据值 观测值 统计值 绝对数 绝对值 绝对量 绝对额 总量 总额 数量 数额 金额 value values obsvalue figure figures amount datavalue`,
	RoleUnit:   `单位 计量单位 数据单位 unit units unitmeasure uom`,
	RolePower:  `unitmult unitmultiplier powercode 数量级`,
	RoleStatus: `状态 数据状态 观测状态 数据标识 status obsstatus flag flags observationstatus`,
	RoleIgnored: `序号 编号 行号 排名 位次 名次 排序 备注 说明 注 注释 来源 数据来源 资料来源 公布时间 发布时间 发布日期 更新时间 报送批次
		no no. # index rank ranking rownumber rowno sn note notes remark remarks comment source sources address url released upload uploadid`,
})

func wordsByRole(words map[Role]string) map[string]Role {
	roles := map[string]Role{}
	for role, list := range words {
		for word := range strings.FieldsSeq(list) {
			roles[word] = role
		}
	}
	return roles
}

// headerRole is the role a header cell announces, and the unit it states in
// brackets. Headers in two languages (地区 Region, 年份/Year) are known by either.
func headerRole(text string) (role Role, unit string) {
	if before, inside, ok := cutUnit(text); ok {
		text, unit = before, inside
	}
	if role, ok := headerWords[nameKey(text)]; ok {
		return role, unit
	}
	one, other, ok := cutBracket(text) // 地区(Region)
	if !ok {
		one, other = splitScripts(text)
	}
	if role, ok := headerWords[nameKey(one)]; ok && headerWords[nameKey(other)] == role {
		return role, unit
	}
	return RoleUnknown, unit
}

// splitScripts parts a bilingual text into its Chinese and its Latin letters.
func splitScripts(text string) (chinese, latin string) {
	var zh, en strings.Builder
	for _, r := range fold(text) {
		switch {
		case unicode.Is(unicode.Han, r):
			zh.WriteRune(r)
		case unicode.IsLetter(r):
			en.WriteRune(r)
		}
	}
	return zh.String(), en.String()
}
