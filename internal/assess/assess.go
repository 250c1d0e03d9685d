// Package assess turns a series and a target into a verdict: pure functions,
// every intermediate number kept, versions of a method callable for ever.
package assess

import (
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Status is the verdict.
type Status string

// The statuses in their order of importance.
const (
	Achieved    Status = "achieved"     // 已实现
	OnTrack     Status = "on_track"     // 符合预期
	AtRisk      Status = "at_risk"      // 略滞后于预期
	OffTrack    Status = "off_track"    // 滞后于预期
	Reversing   Status = "reversing"    // 反向变化
	Missed      Status = "missed"       // 未完成
	NotAssessed Status = "not_assessed" // 暂不评估
)

// Statuses lists all statuses in their order.
var Statuses = []Status{Achieved, OnTrack, AtRisk, OffTrack, Reversing, Missed, NotAssessed}

// Reason says why there is no verdict; empty where there is one.
type Reason string

// The reasons, in the order in which the first that holds is given.
const (
	NoVerdictStatement  Reason = "statement"
	NotInForce          Reason = "not_in_force"
	MethodNotApplicable Reason = "method_not_applicable"
	DifferentBasis      Reason = "different_basis"
	NoBaseline          Reason = "no_baseline"
	ZeroBaseline        Reason = "zero_baseline"
	TooFewReadings      Reason = "too_few_readings"
	SeriesBreak         Reason = "series_break"
	Stale               Reason = "stale"
	NoYear              Reason = "no_year"
	Undefined           Reason = "undefined"
)

// Input is everything a verdict depends on. Series holds yearly readings as
// they were visible at AsOf; AsOfPeriod, when set, cuts it there.
type Input struct {
	Target     *indicator.Target
	Indicator  *indicator.Indicator // nil for a statement without one
	Region     string
	Series     indicator.Series
	AsOf       time.Time        // the as of, or today where none was asked for
	AsOfPeriod indicator.Period // zero: none
}

// Number is one intermediate number of the arithmetic, in the order it arose.
type Number struct {
	Name  string  // y0, yt, T, a, projection, miss …
	Value float64 // may be ±Inf for miss; callers that write JSON turn that into null
}

// Assessment is the verdict of one method on one target in one region.
type Assessment struct {
	Target  string
	Region  string
	Method  string // pace, schedule, cagr_ratio
	Version int    // of the method
	Status  Status
	Reason  Reason
	// AsOfPeriod is the last period whose readings could be used.
	AsOfPeriod indicator.Period
	Latest     *indicator.Point // nil where there is no reading
	TargetAt   *float64         // T in the indicator's unit, nil where there is none
	Gap        *float64         // T − latest, nil where there is no T
	// NeededPerYear is the change a year from now on that still reaches T, in
	// units; nil where there is no T or no year, and in the target year.
	NeededPerYear *float64
	Numbers       []Number
	Milestones    []MilestoneVerdict // of a reach target, in its order; they never enter the status
	Closed        bool               // judged for ever: the reading of its last year is out
	Early         bool               // achieved before its last year: 提前实现
	Pending       bool               // its last year is over and the reading not out: 待最终数据
	Ahead         bool               // schedule: faster than time passes, q ≥ 1.05: 快于预期
	Old           bool               // the latest reading is older than the as-of year by more than a year, a mark only
}
