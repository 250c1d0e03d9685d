package dashboard

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Proof is a verdict with all that it can be checked by.
type Proof struct {
	Assessed
	Since     int               // the year from whose readings on the verdict has been the same, 0: none
	Precedent *assess.Precedent // nil where no pace is needed
	Level     indicator.Level   // of the regions that the precedent looks at
	Readings  []UsedReading     // the region's, over the years that the verdict looks at, oldest first
	Path      []PathPoint       // that a grow target asks for, from the year before its first; empty for others
	Others    []Assessed        // by the newest version of every other method
}

// UsedReading is one reading and the numbers of the arithmetic that it gave: yt,
// y0 …; none where it only lies between two that did.
type UsedReading struct {
	indicator.Point
	Gave []string
}

// Prove gives the proof of one verdict; q names the method and the moment, and
// its targets and regions are not read. Without a region it is the target's own.
// An id, code or method that is not known is an error as of Assess, a region that
// the target is not shown to a NotShownError.
func Prove(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog, target, region string, q Query) (Proof, error) {
	t := catalog.Target(target)
	if t == nil {
		return Proof{}, &UnknownError{"target", target}
	}
	q.Targets, q.Regions = []string{target}, nil
	if region != "" {
		q.Regions = []string{region}
	}
	r := newReader(snap, catalog, q.AsOfPeriod)
	list, err := r.assess(ctx, q)
	if err != nil {
		return Proof{}, err
	}
	for _, code := range slices.Sorted(maps.Keys(r.damages)) {
		return Proof{}, r.damages[code]
	}
	if len(list) == 0 {
		return Proof{}, &NotShownError{t, catalog.Region(region)}
	}
	return r.prove(list[0], q.Method), nil
}

// prove gathers the proof of a verdict by a method.
func (r *reader) prove(a Assessed, method string) Proof {
	p := Proof{Assessed: a, Since: since(a, method)}
	p.Precedent, p.Level = r.precedent(a)
	if a.Input.Target.Kind == indicator.StatedOnly || a.Input.Indicator == nil {
		p.Readings = usedReadings(a, a)
		return p
	}
	seen := map[string]bool{a.Method: true}
	for _, m := range assess.Methods() {
		if seen[m.Name] {
			continue
		}
		seen[m.Name] = true
		if other, err := r.verdict(m.ID(), a.Input); err == nil { // a method that is listed is known
			p.Others = append(p.Others, other)
		}
	}
	p.Path = growPath(a, cmp.Or(a.Input.Target.LastYear(), Horizon))
	p.Readings = usedReadings(a, append([]Assessed{a}, p.Others...)...)
	return p
}

// precedent holds the pace needed against all regions of the region's level; nil
// where none is needed.
func (r *reader) precedent(a Assessed) (*assess.Precedent, indicator.Level) {
	region := r.catalog.Region(a.Region)
	if region == nil || a.Input.Indicator == nil {
		return nil, ""
	}
	p, ok := assess.FindPrecedent(a.Input, a.Assessment, r.level(a.Input.Indicator.Code, region.Level))
	if !ok {
		return nil, region.Level
	}
	return &p, region.Level
}

// usedReadings are the region's readings from the first year that the verdicts
// look at to the latest.
func usedReadings(a Assessed, verdicts ...Assessed) []UsedReading {
	if a.Latest == nil {
		return nil
	}
	last, gave := a.Latest.Period.Year(), map[int][]string{}
	for _, v := range verdicts {
		gaveNumbers(v, last, gave)
	}
	first := last
	for year := range gave {
		first = min(first, year)
	}
	var list []UsedReading
	for _, p := range a.Input.Series.Points {
		if year := p.Period.Year(); p.Period.Freq() == indicator.Annual && first <= year && year <= last {
			list = append(list, UsedReading{p, gave[year]})
		}
	}
	return list
}

// gaveNumbers adds the names of a verdict's numbers to the years whose readings
// they are; last is the year of the latest. A baseline that the document states
// is no reading.
func gaveNumbers(a Assessed, last int, gave map[int][]string) {
	add := func(name string, year int) {
		if !slices.Contains(gave[year], name) {
			gave[year] = append(gave[year], name)
		}
	}
	addNumber := func(name string, year int) {
		if _, ok := a.Number(name); ok {
			add(name, year)
		}
	}
	t := a.Input.Target
	if a.Input.Indicator != nil && t.Sums(a.Input.Indicator) {
		for year := t.Baseline.Year + 1; year <= last; year++ {
			add("sum", year)
		}
		return
	}
	add("yt", last)
	addNumber("y1", last-1)
	addNumber("y5", last-5)
	stated := t.Baseline != nil && t.Baseline.Value != nil && a.Region == t.Region
	if base, ok := a.Number("t0"); ok && !stated {
		addNumber("y0", int(base))
	}
}
