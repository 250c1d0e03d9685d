package export

import (
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

func indicatorsTable() table[indicator.Indicator] {
	type I = indicator.Indicator
	return table[I]{
		name: "indicators", title: indicator.T("指标", "Indicators"), key: []string{"indicator"},
		columns: slices.Concat(
			col("indicator", "string", "指标代码", "Code of the indicator", func(i I) string { return Text(i.Code) }),
			texts("name", indicator.T("名称", "Name"), func(i I) indicator.Text { return i.Name }),
			texts("definition", indicator.T("定义", "Definition"), func(i I) indicator.Text { return i.Definition }),
			col("edition", "string", "定义的版本", "Edition of the definition", func(i I) string { return Text(i.Edition) }),
			col("unit", "string", "单位", "Unit", func(i I) string { return Text(i.Unit) }),
			col("per_cent", "number", "一个单位合百分之几；不是比率时为空", "How many per cent one unit is, empty where it is no ratio", perCentCell),
			col("decimals", "integer", "显示的小数位数", "Decimals that are shown", func(i I) string { return wholeCell(int64(i.Decimals)) }),
			col("direction", "string", "期望方向：up、down", "Direction: up, down", func(i I) string { return string(i.Direction) }),
			col("measure", "string", "stock 时点、flow 时期、ratio 比率、growth 增速", "stock, flow, ratio or growth", func(i I) string { return string(i.Measure) }),
			col("price", "string", "价格口径：current、constant", "Price basis: current, constant", func(i I) string { return string(i.Price) }),
			col("counted", "string", "计数口径：in_force、cumulative、new", "Way of counting: in_force, cumulative, new", func(i I) string { return string(i.Counted) }),
		),
	}
}

func perCentCell(i indicator.Indicator) string {
	u, ok := indicator.FindUnit(i.Unit)
	if !ok || u.Dimension != "ratio" {
		return ""
	}
	return Number(u.Factor * 100)
}

func regionsTable() table[indicator.Region] {
	type R = indicator.Region
	return table[R]{
		name: "regions", title: indicator.T("地区", "Regions"), key: []string{"region"},
		columns: slices.Concat(
			col("region", "string", "地区代码（GB/T 2260）", "Code (GB/T 2260)", func(r R) string { return Text(r.Code) }),
			col("iso", "string", "ISO 3166-2", "ISO 3166-2", func(r R) string { return Text(r.ISO) }),
			texts("name", indicator.T("名称", "Name"), func(r R) indicator.Text { return r.Name }),
			col("level", "string", "层级", "Level", func(r R) string { return string(r.Level) }),
			col("parent", "string", "上级地区代码", "Code of the region above", func(r R) string { return Text(r.Parent) }),
			col("collected", "boolean", "是否采集数据", "Whether figures are collected", func(r R) string { return flagCell(r.Collected) }),
		),
	}
}

func documentsTable() table[indicator.Document] {
	type D = indicator.Document
	return table[D]{
		name: "documents", title: indicator.T("政策文件", "Documents"), key: []string{"document"},
		columns: slices.Concat(
			col("document", "string", "文件编号", "Id of the document", func(d D) string { return Text(d.ID) }),
			texts("title", indicator.T("标题", "Title"), func(d D) indicator.Text { return d.Title }),
			texts("issuer", indicator.T("发文单位", "Issuer"), func(d D) indicator.Text { return d.Issuer }),
			col("date", "string", "日期", "Date", func(d D) string { return Text(d.Date) }),
			col("address", "string", "出处", "Where to find it", func(d D) string { return Text(d.Address) }),
			col("source_kind", "string", "original 原文、translation 译文、news 新闻", "original, translation or news", func(d D) string { return string(d.SourceKind) }),
		),
	}
}

func targetsTable() table[indicator.Target] {
	return table[indicator.Target]{
		name: "targets", title: indicator.T("目标，含已被取代的", "Targets, superseded ones too"), key: []string{"target"},
		refs:    []reference{{"document", "documents", "document"}},
		columns: slices.Concat(targetColumns(), targetRuleColumns()),
	}
}

// targetColumns say what a target is and where it stands.
func targetColumns() []column[indicator.Target] {
	type T = indicator.Target
	return slices.Concat(
		col("target", "string", "目标编号", "Id of the target", func(t T) string { return Text(t.ID) }),
		col("row", "string", "记录的行", "Row of the record", func(t T) string { return Text(t.Row) }),
		col("document", "string", "文件编号", "Id of the document", func(t T) string { return Text(t.Document) }),
		texts("locator", indicator.T("在文件中的位置", "Place in the document"), func(t T) indicator.Text { return t.Locator }),
		texts("statement", indicator.T("内容", "What it says"), func(t T) indicator.Text { return t.Statement }),
		col("region", "string", "所属地区", "Region it belongs to", func(t T) string { return Text(t.Region) }),
		col("reference_for", "string", "供参照的地区，以空格分开", "Regions it is shown to for reference, by blanks", func(t T) string { return codesCell(t.ReferenceFor) }),
		col("indicator", "string", "指标代码", "Indicator", func(t T) string { return Text(t.Indicator) }),
		col("topic", "string", "任务", "Topic", func(t T) string { return Text(t.Topic) }),
		col("indicator_link", "string", "named 原文点名、proxy 代表指标", "named by the text, or a proxy", func(t T) string { return string(t.Link) }),
		col("basis", "string", "stated 原文、interpreted 解读", "stated or interpreted", func(t T) string { return string(t.Basis) }),
		texts("basis_reason", indicator.T("解读的理由", "Why it is read so"), func(t T) indicator.Text { return t.BasisReason }),
		col("binding", "string", "约束性、预期性、unstated 未注明", "约束性 mandatory, 预期性 indicative, unstated", func(t T) string { return string(t.Binding) }),
		texts("lead", indicator.T("牵头单位", "Lead"), func(t T) indicator.Text { return t.Lead }),
	)
}

// targetRuleColumns are what the methods use, and the milestones.
func targetRuleColumns() []column[indicator.Target] {
	type T = indicator.Target
	return slices.Concat(
		col("in_force_from", "date", "生效日期", "In force from", func(t T) string { return string(t.InForceFrom) }),
		col("in_force_until", "date", "失效日期", "In force until", func(t T) string { return string(t.InForceUntil) }),
		col("superseded_by", "string", "被哪一目标取代", "Target that took its place", func(t T) string { return Text(t.SupersededBy) }),
		col("kind", "string", "类型：reach、hold、grow、direction、statement", "reach, hold, grow, direction or statement", func(t T) string { return string(t.Kind) }),
		col("value", "number", "数值；grow 为每年百分之几", "Value; for grow per cent a year", func(t T) string { return numberCell(t.Value) }),
		col("bound", "string", "at_least 不低于、at_most 不高于", "at_least or at_most", func(t T) string { return string(t.Bound) }),
		col("relative", "string", "相对基期：percent 百分比、times 倍", "Relative to the baseline: percent, times", func(t T) string { return string(t.Relative) }),
		col("approximate", "boolean", "左右", "About the value", func(t T) string { return flagCell(t.Approximate) }),
		col("counted", "string", "计数口径，空为指标的口径", "Way of counting, empty: the indicator's", func(t T) string { return string(t.Counted) }),
		col("price", "string", "价格口径，空为指标的口径", "Price basis, empty: the indicator's", func(t T) string { return string(t.Price) }),
		col("baseline_year", "integer", "基期", "Year of the baseline", func(t T) string { return baselineCell(t, false) }),
		col("baseline_value", "number", "文件写明的基期值", "Baseline as the document states it", func(t T) string { return baselineCell(t, true) }),
		col("tolerance", "number", "容差", "Tolerance", toleranceCell),
		col("tolerance_unit", "string", "units 指标的单位、percent 百分比", "units of the indicator, or percent", toleranceUnit),
		col("direction", "string", "方向：up、down", "Direction: up, down", func(t T) string { return string(t.Direction) }),
		col("by", "integer", "reach 的目标年", "Target year of reach", func(t T) string { return yearCell(t.By) }),
		col("from", "integer", "起始年", "First year", func(t T) string { return yearCell(t.From) }),
		col("until", "integer", "截止年", "Last year of hold, grow and direction", func(t T) string { return yearCell(t.Until) }),
		col("milestones", "string", "阶段值：年=数值，以空格分开", "Milestones: year=value, by blanks", milestonesCell),
	)
}

func baselineCell(t indicator.Target, value bool) string {
	switch {
	case t.Baseline == nil:
		return ""
	case value:
		return numberCell(t.Baseline.Value)
	}
	return yearCell(t.Baseline.Year)
}

func toleranceCell(t indicator.Target) string {
	if t.Tolerance == nil {
		return ""
	}
	return Number(t.Tolerance.Value)
}

func toleranceUnit(t indicator.Target) string {
	switch {
	case t.Tolerance == nil:
		return ""
	case t.Tolerance.Percent:
		return "percent"
	}
	return "units"
}

func milestonesCell(t indicator.Target) string {
	var list []string
	for _, m := range t.Milestones {
		list = append(list, yearCell(m.Year)+"="+Number(m.Value))
	}
	return strings.Join(list, " ")
}
