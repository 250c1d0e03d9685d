package dashboard

import (
	"strconv"

	"github.com/dabiao/dabiao/internal/indicator"
)

// goals is what a target draws on the chart of a region, and what has to be said
// where it cannot be drawn yet. to is the last year of the axis.
func (b *builder) goals(a Assessed, to int) ([]Goal, []Text) {
	t := a.Input.Target
	goal := Goal{
		Label: Headline(t, a.Input.Indicator), Document: b.documentTitle(t),
		From: b.startYear(t), Until: to, Hollow: !a.Counted(),
	}
	if last := t.LastYear(); last != 0 {
		goal.Until = min(last, to)
	}
	switch t.Kind {
	case indicator.Reach:
		return reachGoals(a, goal)
	case indicator.Hold:
		return holdGoals(a, goal)
	case indicator.Grow:
		return growGoals(a, goal)
	case indicator.Directed:
		if t.Direction == "" || a.Latest == nil {
			return nil, nil
		}
		goal.Shape, goal.Up, goal.Value = GoalArrow, t.Direction == indicator.Up, a.Latest.Value
		return []Goal{goal}, nil
	}
	return nil, nil
}

func reachGoals(a Assessed, goal Goal) ([]Goal, []Text) {
	t := a.Input.Target
	if t.Sums(a.Input.Indicator) {
		return nil, []Text{say("目标为%d年之后各年新增数之和，图中为各年新增数，目标未绘入。",
			"The target is the sum of the yearly figures after %d; the chart shows the yearly figures, so it is not drawn.",
			t.Baseline.Year)}
	}
	if a.TargetAt == nil {
		return nil, []Text{indicator.T("目标值以基期数据推算，缺少基期数据，未绘入。",
			"The target value follows from a baseline that has no reading, so it is not drawn.")}
	}
	goal.Shape, goal.Value = GoalPoint, *a.TargetAt
	if t.By == 0 {
		goal.Shape = GoalLine
	}
	list := []Goal{goal}
	for _, m := range t.Milestones {
		list = append(list, Goal{
			Shape: GoalPoint, Value: m.Value, From: m.Year, Until: m.Year, Hollow: true, Milestone: true,
			Label: say("%d年%s", "%[2]s by %[1]d", m.Year, plainAmount(m.Value, a.Input.Indicator.Unit)),
		})
	}
	return list, nil
}

func holdGoals(a Assessed, goal Goal) ([]Goal, []Text) {
	t := a.Input.Target
	if t.Tolerance == nil {
		if t.Value == nil {
			return nil, nil
		}
		goal.Shape, goal.Value = GoalLine, *t.Value
		return []Goal{goal}, nil
	}
	if t.Baseline != nil {
		goal.From = t.Baseline.Year
	}
	goal.Shape = GoalBand
	low, okLow := a.Number("low")
	high, okHigh := a.Number("high")
	if okLow && okHigh {
		goal.Low, goal.High = low, high
		return []Goal{goal}, nil
	}
	middle, ok := bandMiddle(a) // the band is drawn also where there is no verdict
	if !ok {
		return nil, []Text{indicator.T("目标区间以基期数据为中心，缺少基期数据，未绘入。",
			"The target band lies around a baseline that has no reading, so it is not drawn.")}
	}
	half := t.Tolerance.Around(middle)
	goal.Low, goal.High = middle-half, middle+half
	return []Goal{goal}, nil
}

// bandMiddle is what a band lies around: the value, else the stated baseline in
// the target's own region, else the region's reading of the base year.
func bandMiddle(a Assessed) (float64, bool) {
	t := a.Input.Target
	switch {
	case t.Value != nil:
		return *t.Value, true
	case t.Baseline == nil:
		return 0, false
	case t.Baseline.Value != nil && t.Region == a.Region:
		return *t.Baseline.Value, true
	}
	point, ok := a.Input.Series.At(indicator.Year(t.Baseline.Year))
	return point.Value, ok
}

// growGoals is the path that the rate asks for, from the year before the first.
// For an indicator that is itself a growth rate it is the rate.
func growGoals(a Assessed, goal Goal) ([]Goal, []Text) {
	t := a.Input.Target
	if t.Value == nil || t.From == 0 {
		return nil, nil
	}
	goal.From = t.From
	if a.Input.Indicator.Measure == indicator.Growth {
		goal.Shape, goal.Value = GoalLine, *t.Value
		return []Goal{goal}, nil
	}
	path := growPath(a, goal.Until)
	if len(path) == 0 {
		return nil, []Text{say("目标路径以%d年数据为起点，账本中没有该年数据，未绘入。",
			"The target path starts from the reading of %d, which the ledger does not have, so it is not drawn.", t.From-1)}
	}
	goal.Shape, goal.From, goal.Path = GoalPath, t.From-1, path
	goal.Value = path[len(path)-1].Value
	return []Goal{goal}, nil
}

// growPath is the reading of the year before the first as it grows by the rate of
// a grow target, to the year until. Empty for other kinds, for an indicator that
// is itself a growth rate, and without a reading above zero to start from.
func growPath(a Assessed, until int) []PathPoint {
	t := a.Input.Target
	if t.Kind != indicator.Grow || t.Value == nil || t.From == 0 || a.Input.Indicator.Measure == indicator.Growth {
		return nil
	}
	base, ok := a.Input.Series.At(indicator.Year(t.From - 1))
	if !ok || base.Value <= 0 {
		return nil
	}
	var path []PathPoint
	value := base.Value
	for year := t.From - 1; year <= until; year++ {
		path = append(path, PathPoint{year, value})
		value *= 1 + *t.Value/100
	}
	return path
}

// startYear is the year from which a target is drawn: its base year, else when
// it came into force, else when its document was issued; 0 unknown.
func (b *builder) startYear(t *indicator.Target) int {
	if t.From != 0 {
		return t.From
	}
	if t.Baseline != nil {
		return t.Baseline.Year
	}
	if year := yearOf(string(t.InForceFrom)); year != 0 {
		return year
	}
	if d := b.catalog.Document(t.Document); d != nil {
		return yearOf(d.Date)
	}
	return 0
}

func yearOf(date string) int {
	if len(date) < 4 {
		return 0
	}
	year, err := strconv.Atoi(date[:4])
	if err != nil {
		return 0
	}
	return year
}

func (b *builder) documentTitle(t *indicator.Target) Text {
	if d := b.catalog.Document(t.Document); d != nil {
		return d.Title
	}
	return Text{}
}
