package dashboard

import (
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
	Since      int               // the year from whose readings on the verdict has been the same, 0: none
	Precedent  *assess.Precedent // nil where no pace is needed
	Level      indicator.Level   // of the regions that the precedent looks at
	Milestones []MilestoneMet
	Readings   []UsedReading // the region's, over the years that the verdict looks at, oldest first
	Others     []Assessed    // by the newest version of every other method
}

// MilestoneMet is a value on the way and the reading of its year.
type MilestoneMet struct {
	indicator.Milestone
	Reading *indicator.Point // nil where there is none yet
	Met     *bool            // nil without a reading and without a desired direction
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
	p := Proof{Assessed: a, Since: since(a, method), Milestones: milestones(a), Readings: usedReadings(a)}
	p.Precedent, p.Level = r.precedent(a)
	if a.Input.Target.Kind == indicator.StatedOnly || a.Input.Indicator == nil {
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

// milestones compares the values on the way with the readings of their years.
func milestones(a Assessed) []MilestoneMet {
	var list []MilestoneMet
	for _, m := range a.Input.Target.Milestones {
		met := MilestoneMet{Milestone: m}
		d, directed := a.Number("d")
		for _, p := range a.Input.Series.Points {
			if p.Period.Year() != m.Year || p.Period.Freq() != indicator.Annual || !p.Status.HasValue() {
				continue
			}
			met.Reading = &p
			if directed && !summed(a.Input.Target, a.Input.Indicator) {
				reached := d*(p.Value-m.Value) >= 0
				met.Met = &reached
			}
		}
		list = append(list, met)
	}
	return list
}

// usedReadings are the region's readings from the first year that the arithmetic
// looks at to the latest.
func usedReadings(a Assessed) []UsedReading {
	if a.Latest == nil {
		return nil
	}
	last, gave := a.Latest.Period.Year(), gaveNumbers(a)
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

// gaveNumbers are the years whose readings are numbers of the arithmetic, with
// their names. A baseline that the document states is no reading.
func gaveNumbers(a Assessed) map[int][]string {
	t, gave := a.Input.Target, map[int][]string{}
	last := a.Latest.Period.Year()
	add := func(name string, year int) {
		if _, ok := a.Number(name); ok {
			gave[year] = append(gave[year], name)
		}
	}
	stated := t.Baseline != nil && t.Baseline.Value != nil && a.Region == t.Region
	if base, ok := a.Number("t0"); ok && !stated {
		add("y0", int(base))
	}
	add("y5", last-5)
	add("y1", last-1)
	if a.Input.Indicator != nil && summed(t, a.Input.Indicator) {
		for year := t.Baseline.Year + 1; year <= last; year++ {
			gave[year] = append(gave[year], "sum")
		}
		return gave
	}
	gave[last] = append(gave[last], "yt")
	return gave
}
