package assess

import "github.com/dabiao/dabiao/internal/indicator"

// Look is how a status is drawn: a shape, and a colour of at least 4.5 : 1 on
// white (Light) and on the dark page #16181c (Dark). Shape and word carry the
// meaning, the colour only helps.
type Look struct {
	Symbol string
	Light  string
	Dark   string
}

type statusEntry struct {
	name indicator.Text
	look Look
}

func statusOf(s Status) statusEntry {
	switch s {
	case Achieved:
		return statusEntry{indicator.T("已实现", "achieved"), Look{"✓", "#0b7a75", "#3fc1b8"}}
	case OnTrack:
		return statusEntry{indicator.T("符合预期", "on track"), Look{"▲", "#357f55", "#6cc48e"}}
	case AtRisk:
		return statusEntry{indicator.T("略滞后于预期", "slightly behind"), Look{"◆", "#96620f", "#e0b04a"}}
	case OffTrack:
		return statusEntry{indicator.T("滞后于预期", "behind"), Look{"▼", "#bd4d1a", "#f58a5a"}}
	case Reversing:
		return statusEntry{indicator.T("反向变化", "moving the wrong way"), Look{"✕", "#9b1c31", "#f07f95"}}
	case Missed:
		return statusEntry{indicator.T("未完成", "missed"), Look{"■", "#3f3f46", "#d4d4d8"}}
	case NotAssessed:
		return statusEntry{indicator.T("暂不评估", "not assessed"), Look{"○", "#6b7280", "#9ca3af"}}
	}
	return statusEntry{indicator.T(string(s), string(s)), Look{"○", "#6b7280", "#9ca3af"}}
}

// StatusName is the status in words.
func StatusName(s Status) indicator.Text { return statusOf(s).name }

// StatusLook is the status in shape and colour.
func StatusLook(s Status) Look { return statusOf(s).look }

// Reasons lists all reasons in the order in which the first that holds is given.
var Reasons = []Reason{NoVerdictStatement, NotInForce, MethodNotApplicable, DifferentBasis, NoBaseline,
	ZeroBaseline, TooFewReadings, SeriesBreak, Stale, NoYear, Undefined}

type reasonEntry struct{ name, explanation indicator.Text }

var reasonEntries = map[Reason]reasonEntry{
	NoVerdictStatement: {
		indicator.T("定性表述", "statement in words"),
		indicator.T("目标为定性表述，只作展示，不作评估。", "The target is stated in words: it is shown and not assessed."),
	},
	NotInForce: {
		indicator.T("不在有效期", "not in force"),
		indicator.T("评估时点不在目标的有效期内。", "The target is not in force at the moment of the assessment."),
	},
	MethodNotApplicable: {
		indicator.T("方法不适用", "method does not apply"),
		indicator.T("所选评估方法不适用于这类目标。", "The chosen method does not apply to this kind of target."),
	},
	DifferentBasis: {
		indicator.T("口径不同", "different basis"),
		indicator.T("目标的统计口径或价格口径与指标不同，不能直接比较。",
			"The target counts in another way, or at other prices, than the indicator: the two cannot be compared."),
	},
	NoBaseline: {
		indicator.T("缺少基期数据", "no baseline"),
		indicator.T("目标以基期为准，本地区缺少基期数据。", "The target counts from a base year for which the region has no usable reading."),
	},
	ZeroBaseline: {
		indicator.T("基期为零", "baseline is zero"),
		indicator.T("基期值为零，相对于基期的目标无从计算。", "The baseline is zero, so a target relative to it cannot be computed."),
	},
	TooFewReadings: {
		indicator.T("数据不足", "too few readings"),
		indicator.T("评估所需年份的数据不全。", "Readings of years that the rule needs are missing."),
	},
	SeriesBreak: {
		indicator.T("数据口径中断", "break in the series"),
		indicator.T("评估所用时段内统计口径有变化，前后数据不可比。",
			"The definition changed within the years used: readings before and after cannot be compared."),
	},
	Stale: {
		indicator.T("数据过旧", "readings too old"),
		indicator.T("最新数据早于评估年份五年以上。", "The latest reading is more than five years older than the year of the assessment."),
	},
	NoYear: {
		indicator.T("未定年份", "no year"),
		indicator.T("目标未规定完成年份，目前尚未达到。", "The target names no year and is not met so far."),
	},
	Undefined: {
		indicator.T("无法判定", "undefined"),
		indicator.T("目标的数值或方向不足以判定是否达到。", "Value or direction of the target do not suffice for a verdict."),
	},
}

// ReasonName is the reason in a few words.
func ReasonName(r Reason) indicator.Text {
	if e, ok := reasonEntries[r]; ok {
		return e.name
	}
	return indicator.T(string(r), string(r))
}

// ReasonExplanation is the reason in one general sentence; Sentence gives the
// one with the years and numbers of the case.
func ReasonExplanation(r Reason) indicator.Text { return reasonEntries[r].explanation }

// Marks are the words that stand beside the status: 提前实现, 快于预期, 待最终数据, 数据较旧.
func Marks(a Assessment) []indicator.Text {
	var marks []indicator.Text
	if a.Early {
		marks = append(marks, indicator.T("提前实现", "ahead of time"))
	}
	if a.Ahead {
		marks = append(marks, indicator.T("快于预期", "ahead of schedule"))
	}
	if a.Pending {
		marks = append(marks, indicator.T("待最终数据", "final reading not out"))
	}
	if a.Old {
		marks = append(marks, indicator.T("数据较旧", "older reading"))
	}
	return marks
}
