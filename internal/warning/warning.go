// Package warning is the rules that find what is worrying in figures. So far
// these are the checks 审核提示: doubts about data, for statistician and reviewer.
//
// A rule is a pure function of numbers. Each tells its formula and where it is
// from; its thresholds are a struct of Checks. Check asks all of them about one
// indicator, so that no two speak of the same evidence: the units first, then
// breaks, then single values. Rules would rather say nothing than be wrong about
// an ordinary figure.
package warning

import (
	"cmp"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Code names a rule.
type Code string

// The codes, in the order in which the rules are asked.
const (
	UnitSuspect     Code = "unit_suspect"     // a jump by about a power of ten
	StepRegions     Code = "step_regions"     // a step in many regions at once
	OutlierHistory  Code = "outlier_history"  // against the region's own history
	OutlierRegions  Code = "outlier_regions"  // against the other regions
	Synthetic       Code = "synthetic_series" // linear, geometric, interpolated or constant
	RevisionPartial Code = "revision_partial" // only some years of a series revised
	RevisionLarge   Code = "revision_large"
	IncompleteSet   Code = "incomplete_set" // a region of a complete set is missing
	SumMismatch     Code = "sum_mismatch"   // the provinces do not add up to the nation
)

// Codes lists all rules.
var Codes = []Code{UnitSuspect, StepRegions, OutlierHistory, OutlierRegions, Synthetic, RevisionPartial, RevisionLarge, IncompleteSet, SumMismatch}

// Point is a value in a series, with what was published for it before.
type Point struct {
	Period indicator.Period
	Value  float64
	Status indicator.Status // one with a value
	Cell   int              // the caller's number of it, ≥ 0; Published where it is not looked at

	Revised bool    // Cell ≥ 0, and another value was published
	Was     float64 // that value
}

// Published is the Cell of a point that is only history.
const Published = -1

// isNew tells that the point is looked at: new or revised.
func (p Point) isNew() bool { return p.Cell >= 0 }

// Series is what is known of a region: ascending periods, values only, new ones
// laid over published ones.
type Series struct {
	Region string
	Points []Point
	Marked []indicator.Period // where an explicit mark says that there is no value
}

// Panel is all regions of one indicator at one frequency.
type Panel struct {
	Catalog   *indicator.Catalog
	Indicator *indicator.Indicator
	Freq      indicator.Freq
	Series    []Series // by ascending region

	// Unit gives the unit that was stated for a new point; nil: that of the indicator.
	Unit func(cell int) string

	// Past gives the sizes of past revisions of the indicator, as revisionSize
	// does. It is only called where a value is revised; nil: unknown.
	Past func() []float64
}

// Finding is what a rule found.
type Finding struct {
	Code     Code
	Severity indicator.Severity
	Cell     int // of the point it is about; Published: the whole file
	Message  indicator.Text
	// Suggestions as in indicator.Problem.
	Suggestions []indicator.Suggestion
}

// Check asks every rule about the new points of a panel. Findings stand by code
// in the order of Codes, then by region and period.
func Check(p Panel, c Checks) []Finding {
	x := newExam(p, c)
	for _, rule := range []struct {
		code Code
		ask  func(*exam)
	}{
		{UnitSuspect, unitRule}, {RevisionPartial, partialRule}, {StepRegions, stepRule}, {OutlierHistory, historyRule},
		{OutlierRegions, regionsRule}, {Synthetic, syntheticRule}, {RevisionLarge, revisionRule}, {IncompleteSet, setRule}, {SumMismatch, sumRule},
	} {
		if c.on(rule.code) {
			rule.ask(x)
		}
	}
	slices.SortStableFunc(x.found, func(a, b Finding) int {
		return cmp.Compare(slices.Index(Codes, a.Code), slices.Index(Codes, b.Code))
	})
	return x.found
}

// exam is a panel while it is looked at.
type exam struct {
	Panel
	Checks
	scale scale
	spent [][]bool // by series and point: a rule has spoken of it, others do not
	usual []spread // of the changes of each series
	found []Finding
}

func newExam(p Panel, c Checks) *exam {
	x := &exam{Panel: p, Checks: c, spent: make([][]bool, len(p.Series)), usual: make([]spread, len(p.Series))}
	x.scale = newScale(p.Indicator, p.Freq, p.Series)
	for i, s := range p.Series {
		x.spent[i] = make([]bool, len(s.Points))
		if slices.ContainsFunc(s.Points, Point.isNew) {
			x.usual[i] = x.scale.spread(s.Points, c.OutlierHistory)
		}
	}
	return x
}

// open tells that a point is new and no rule has spoken of it.
func (x *exam) open(series, point int) bool {
	return x.Series[series].Points[point].isNew() && !x.spent[series][point]
}

func (x *exam) add(f Finding) { x.found = append(x.found, f) }
