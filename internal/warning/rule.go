package warning

import (
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Rule names a rule of warnings.
type Rule string

// The rules.
const (
	StatusWorse    Rule = "status_worse"    // the verdict got worse
	BestPace       Rule = "best_pace"       // the best pace this region ever had no longer suffices
	WrongMoves     Rule = "wrong_moves"     // consecutive moves in the wrong direction
	ForecastMisses Rule = "forecast_misses" // the forecast misses a target that the status calls on track
)

// Rules lists all rules, in the order in which warnings of one severity and day are told.
var Rules = []Rule{StatusWorse, BestPace, WrongMoves, ForecastMisses}

// Severity is how much a warning matters.
type Severity string

// The severities.
const (
	Severe   Severity = "severe"   // 严重
	Elevated Severity = "elevated" // 较重
	Minor    Severity = "minor"    // 一般
)

// Severities lists them, from what needs attention most.
var Severities = []Severity{Severe, Elevated, Minor}

// Name is the severity as a page shows it.
func (s Severity) Name() indicator.Text {
	switch s {
	case Severe:
		return indicator.T("严重", "severe")
	case Elevated:
		return indicator.T("较重", "elevated")
	case Minor:
		return indicator.T("一般", "minor")
	}
	return indicator.T(string(s), string(s))
}

// Symbol stands beside the name, so that colour is never the only sign.
func (s Severity) Symbol() string {
	switch s {
	case Severe:
		return "▲"
	case Elevated:
		return "◆"
	}
	return "●"
}

// Warning is one worrying fact about a region.
type Warning struct {
	// Key is 16 hex digits made from rule, target, region and evidence: the same
	// fact has the same key for ever, and new readings make another.
	Key       string
	Rule      Rule
	Severity  Severity
	Region    string
	Indicator string
	// Targets are the ids concerned, in catalogue order: a fact that is the same for
	// several is told once. The first is in the key.
	Targets  []string
	Since    time.Time // when the last of the evidence became public
	Message  indicator.Text
	Evidence []Evidence // by ascending period
}

// Evidence is a reading that a warning rests on, as it was when it became evidence.
type Evidence struct {
	Period    indicator.Period
	Value     float64
	Upload    string
	Released  time.Time // when it first had this value
	Generated bool      // made up for demonstration
}

// Name is the rule as a list of warnings names it.
func (r Rule) Name() indicator.Text {
	switch r {
	case StatusWorse:
		return indicator.T("评估状态变差", "Status got worse")
	case BestPace:
		return indicator.T("历史最快增速已不够", "Best pace ever no longer suffices")
	case WrongMoves:
		return indicator.T("连续反向变动", "Consecutive moves the wrong way")
	case ForecastMisses:
		return indicator.T("预测达不到目标", "Forecast misses the target")
	}
	return indicator.T(string(r), string(r))
}

// Explanation says plainly when the rule warns.
func (r Rule) Explanation() indicator.Text {
	switch r {
	case StatusWorse:
		return indicator.T("新公布的数据或修订，使本地区目标的评估状态比此前变差。",
			"New readings or revisions gave a target of the region a worse status than it had before.")
	case BestPace:
		return indicator.T("从现在起，即使一直保持本地区有数据以来最快的五年平均速度，到目标年份也达不到目标。",
			"Even at the best five-year pace this region ever had, kept up from now on, the target is not reached in its year.")
	case WrongMoves:
		return indicator.T("指标连续几年向与目标相反的方向变动。", "The indicator has moved against the target's direction for several years in a row.")
	case ForecastMisses:
		return indicator.T("评估状态为符合预期或提前实现，但按预测，到目标年份达不到目标。",
			"The status says on track or achieved early, but the forecast does not reach the target in its year.")
	}
	return indicator.Text{}
}
