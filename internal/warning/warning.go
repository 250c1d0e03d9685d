// Package warning is the rules that find what is worrying in figures: checks
// 审核提示, which are doubts about data, for statistician and reviewer (Check), and
// warnings 预警, which are worrying facts about a region, for officials (Warn).
//
// A rule is a pure function of numbers. Each tells its formula and where it is
// from; its thresholds are a struct of Checks or Thresholds. Check asks all of its
// rules about one indicator, so that no two speak of the same evidence: the units
// first, then breaks, then single values. Rules would rather say nothing than be
// wrong about an ordinary figure.
package warning

import (
	"cmp"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Code names a rule.
type Code string

// The codes, in the order in which findings are told.
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
func (p *Point) isNew() bool { return p.Cell >= 0 }

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
	lines []line
	found []Finding

	first, last indicator.Period // of all points
}

// line is what is worked out of a series, point by point.
type line struct {
	from           []int32   // the point that each is compared with, none: −1
	change         []float64 // from that one, by season; no number where there is none or a flagged break lies in it
	odd            []bool    // does not fit the series
	spent          []bool    // a rule has spoken of it, others do not
	fresh, revised bool      // some point is
	usual          spread
}

func newExam(p Panel, c Checks) *exam {
	x := &exam{Panel: p, Checks: c, scale: newScale(p.Indicator, p.Freq, p.Series), lines: make([]line, len(p.Series))}
	total := 0
	for _, s := range p.Series {
		total += len(s.Points)
	}
	from, change, flags := make([]int32, total), make([]float64, total), make([]bool, 2*total)
	room := make([]float64, 0, 64)
	for i, s := range p.Series {
		n := len(s.Points)
		l := &x.lines[i]
		l.from, from = from[:n:n], from[n:]
		l.change, change = change[:n:n], change[n:]
		l.odd, l.spent, flags = flags[:n:n], flags[n:2*n:2*n], flags[2*n:]
		for k := range s.Points {
			p := &s.Points[k]
			l.fresh, l.revised = l.fresh || p.isNew(), l.revised || p.Revised
		}
		x.scale.changes(s.Points, l)
		l.usual, room = x.scale.spread(s.Points, l.change, c.OutlierHistory.Floor, room[:0])
		x.markOdd(i)
		if n == 0 {
			continue
		}
		if first := s.Points[0].Period; x.first.IsZero() || first.Compare(x.first) < 0 {
			x.first = first
		}
		if last := s.Points[n-1].Period; x.last.IsZero() || last.Compare(x.last) > 0 {
			x.last = last
		}
	}
	return x
}

// periods is the number of periods from the first point to the last.
func (x *exam) periods() int {
	if x.first.IsZero() {
		return 0
	}
	return x.last.Sub(x.first) + 1
}

// open tells that a point is new and no rule has spoken of it.
func (x *exam) open(series, point int) bool {
	return x.Series[series].Points[point].isNew() && !x.lines[series].spent[point]
}

// add keeps a finding. What needs an explanation says so, in one way for all rules.
func (x *exam) add(f Finding) {
	if f.Severity == indicator.SeverityQuery {
		f.Message.ZH += "数据无误的，请写明说明（--explanation）。"
		f.Message.EN += " If it is right, explain it (--explanation)."
	}
	x.found = append(x.found, f)
}
