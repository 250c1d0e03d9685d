package settings

import (
	"fmt"
	"strconv"

	"github.com/dabiao/dabiao/internal/warning"
)

// withinChecks holds the thresholds of the data checks to bounds inside which
// the rules mean something.
func (f *file) withinChecks(c warning.Checks) {
	f.repeated(func(i int) string { return fmt.Sprintf("$.checks.off[%d]", i) }, words(c.Off...))
	f.repeated(func(i int) string { return fmt.Sprintf("$.checks.notes[%d]", i) }, words(c.Notes...))
	for _, t := range []struct {
		key              string
		value, low, high float64
	}{
		{"unit_suspect.tolerance", c.UnitSuspect.Tolerance, 0.01, 0.49},
		{"outlier_history.z", c.OutlierHistory.Z, 2, 1000},
		{"outlier_history.floor", c.OutlierHistory.Floor, 0.0001, 1},
		{"outlier_history.ask", c.OutlierHistory.Ask, 0, 1000},
		{"outlier_regions.a", c.OutlierRegions.A, 0, 1},
		{"outlier_regions.c", c.OutlierRegions.C, 1, 1000},
		{"outlier_regions.u", c.OutlierRegions.U, 0, 1},
		{"outlier_regions.least", c.OutlierRegions.Least, 0, 10},
		{"outlier_regions.usual", c.OutlierRegions.Usual, 0, 1000},
		{"step_regions.z", c.StepRegions.Z, 1, 1000},
		{"step_regions.share", c.StepRegions.Share, 0.05, 1},
		{"incomplete_set.most", c.IncompleteSet.Most, 0.05, 1},
		{"sum_mismatch.tolerance", c.SumMismatch.Tolerance, 0.0001, 10},
		{"synthetic_series.chance", c.Synthetic.Chance, 1e-12, 0.01},
		{"revision_large.relative", c.RevisionLarge.Relative, 0.0001, 10},
		{"revision_large.factor", c.RevisionLarge.Factor, 0.1, 1000},
		{"revision_partial.step", c.RevisionPart.Step, 0.0001, 10},
	} {
		f.between("$.checks."+t.key, t.value, t.low, t.high)
	}
	const most = 1000
	for _, t := range []struct {
		key        string
		value, low int
	}{
		{"unit_suspect.points", c.UnitSuspect.Points, 2}, {"outlier_history.changes", c.OutlierHistory.Changes, 3},
		{"outlier_regions.regions", c.OutlierRegions.Regions, 5}, {"step_regions.regions", c.StepRegions.Regions, 2},
		{"synthetic_series.points", c.Synthetic.Points, 4}, {"revision_large.past", c.RevisionLarge.Past, 5},
		{"revision_large.points", c.RevisionLarge.Points, 2}, {"revision_partial.points", c.RevisionPart.Points, 2},
	} {
		f.within("$.checks."+t.key, t.value, t.low, most)
	}
}

// withinWarnings does the same for the rules that warn officials.
func (f *file) withinWarnings(t warning.Thresholds) {
	f.repeated(func(i int) string { return fmt.Sprintf("$.warnings.off[%d]", i) }, words(t.Off...))
	f.between("$.warnings.jump", t.Jump, 1.1, 1000)
	f.between("$.warnings.step", t.Step, 0.0001, 10)
	f.between("$.warnings.best_pace.margin", t.BestPace.Margin, 0, 10)
	f.between("$.warnings.wrong_moves.least", t.WrongMoves.Least, 0, 1)
	f.between("$.warnings.forecast_misses.probability", t.ForecastMisses.Probability, 0, 1)
	f.within("$.warnings.oldest", t.Oldest, 0, 20)
	f.within("$.warnings.status_worse.months", t.StatusWorse.Months, 1, 1200)
	f.within("$.warnings.best_pace.windows", t.BestPace.Windows, 1, 100)
	f.within("$.warnings.wrong_moves.moves", t.WrongMoves.Moves, 1, 20)
}

// between reports a number outside its bounds, unless it was refused already.
func (f *file) between(path string, value, low, high float64) {
	if (value < low || value > high) && !f.spoilt(path) {
		plain := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
		f.fault(path, "%[1]s 应为 %[2]s 至 %[3]s 的数字。", "%[1]s must be a number from %[2]s to %[3]s", label(path), plain(low), plain(high))
	}
}
