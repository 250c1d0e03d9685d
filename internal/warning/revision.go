package warning

import (
	"cmp"
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// revisionSize is how large a revision is: |ln(new/old)| for stocks and flows,
// the plain difference for the others.
func (s scale) revisionSize(was, value float64) float64 {
	d, ok := s.change(was, value)
	if !ok {
		return math.Inf(1) // from or to nothing
	}
	return math.Abs(d)
}

// share is a share of a value as a change: what revisionSize is held against.
func (s scale) share(of, share float64) float64 {
	if s.log {
		return math.Log1p(share)
	}
	return math.Abs(of) * share
}

// RevisionSizes gives the sizes of revisions of an indicator, from pairs of an
// older and a newer value of one reading: what Panel.Past wants.
func RevisionSizes(ind *indicator.Indicator, pairs [][2]float64) []float64 {
	s := newScale(ind, indicator.Annual, nil)
	sizes := make([]float64, 0, len(pairs))
	for _, p := range pairs {
		if size := s.revisionSize(p[0], p[1]); !math.IsInf(size, 1) {
			sizes = append(sizes, size)
		}
	}
	return sizes
}

// partialRule finds revisions of some years of a series only: between a revised
// year and a neighbour that is not, the revision makes a step of Step or more, and
// one that was not there before. That is how a census revision of the newest
// years looks: a break, no event. A break that is flagged (status B) is none, nor is the
// correction of a value that did not fit its neighbours, nor that of one year,
// unless many regions have it.
func partialRule(x *exam) {
	type part struct {
		series, at int // the point right after the step
		size       float64
	}
	var parts []part
	for i, s := range x.Series {
		if !x.lines[i].revised {
			continue
		}
		old := published(s.Points)
		if len(old) < x.RevisionPart.Points {
			continue
		}
		largest := part{size: -1}
		for n := 1; n < len(old); n++ {
			a, b := s.Points[old[n-1]], s.Points[old[n]]
			if a.Revised == b.Revised || b.Status == indicator.Break {
				continue
			}
			revised, at := a, old[n-1]
			if b.Revised {
				revised, at = b, old[n]
			}
			size := x.scale.revisionSize(revised.Was, revised.Value)
			if x.open(i, at) && size >= x.scale.share(revised.Was, x.RevisionPart.Step) && x.makesStep(i, a, b) && size > largest.size {
				largest = part{i, at, size}
			}
		}
		if largest.size >= 0 {
			parts = append(parts, largest)
		}
	}
	const many = 3
	if len(parts) < many {
		parts = slices.DeleteFunc(parts, func(p part) bool { return revisedPoints(x.Series[p.series].Points) < 2 })
	}
	for _, p := range parts {
		x.spend(p.series, func(p Point) bool { return p.Revised })
	}
	tell := func(p part, count, cell int) {
		s := x.Series[p.series]
		x.add(Finding{Code: RevisionPartial, Severity: x.severity(RevisionPartial, true), Cell: cell,
			Message: x.partialText(s, s.Points[p.at], count)})
	}
	if len(parts) >= many {
		tell(slices.MaxFunc(parts, func(a, b part) int { return cmp.Compare(a.size, b.size) }), len(parts), Published)
		return
	}
	for _, p := range parts {
		tell(p, 1, x.Series[p.series].Points[p.at].Cell)
	}
}

// published are the points that had a value before.
func published(points []Point) []int {
	var list []int
	for k, p := range points {
		if !p.isNew() || p.Revised {
			list = append(list, k)
		}
	}
	return list
}

func revisedPoints(points []Point) int {
	n := 0
	for _, p := range points {
		if p.Revised {
			n++
		}
	}
	return n
}

// makesStep tells that the change between two points is further from the usual
// one than it was before the revision.
func (x *exam) makesStep(series int, a, b Point) bool {
	before := [2]Point{a, b}
	for i := range before {
		if before[i].Revised {
			before[i].Value = before[i].Was
		}
	}
	now, okNow := x.scale.between(a, b)
	was, okWas := x.scale.between(before[0], before[1])
	usual := x.lines[series].usual.median
	return okNow && okWas && math.Abs(now-usual) > math.Abs(was-usual)
}

func (x *exam) spend(series int, which func(Point) bool) {
	for k, p := range x.Series[series].Points {
		if which(p) {
			x.lines[series].spent[k] = true
		}
	}
}

// revisionRule finds revisions larger than usual: larger than Factor times what 19
// in 20 past revisions of the indicator stayed below, where there were enough of
// them, else larger than a fixed share of the old value.
func revisionRule(x *exam) {
	type large struct {
		series, point int
		size          float64
	}
	var list []large
	limit, known := 0.0, false
	for i, s := range x.Series {
		if !x.lines[i].revised || len(published(s.Points)) < x.RevisionLarge.Points {
			continue
		}
		if !known {
			limit, known = x.usualRevision(), true
		}
		for k, p := range s.Points {
			if !p.Revised || !x.open(i, k) {
				continue
			}
			size, most := x.scale.revisionSize(p.Was, p.Value), limit
			if most == 0 {
				most = x.scale.share(p.Was, x.RevisionLarge.Relative)
			}
			if size > max(most, x.scale.noise(p.Was, p.Value)) {
				list = append(list, large{i, k, size})
				x.lines[i].spent[k] = true
			}
		}
	}
	const many = 3
	if len(list) == 0 {
		return
	}
	tell := func(l large, count, cell int) {
		s := x.Series[l.series]
		x.add(Finding{Code: RevisionLarge, Severity: x.severity(RevisionLarge, true), Cell: cell,
			Message: x.revisionText(s.Region, s.Points[l.point], limit, count)})
	}
	if len(list) >= many {
		tell(slices.MaxFunc(list, func(a, b large) int { return cmp.Compare(a.size, b.size) }), len(list), Published)
		return
	}
	for _, l := range list {
		tell(l, 1, x.Series[l.series].Points[l.point].Cell)
	}
}

// usualRevision is the size up to which revisions are usual, 0 where the past
// does not tell.
func (x *exam) usualRevision() float64 {
	if x.Past == nil {
		return 0
	}
	sizes := x.Past()
	if len(sizes) < x.RevisionLarge.Past {
		return 0
	}
	sizes = slices.Clone(sizes)
	slices.Sort(sizes)
	return x.RevisionLarge.Factor * quantile(sizes, 0.95)
}
