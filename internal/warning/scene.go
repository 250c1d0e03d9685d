package warning

import (
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// scene is a situation while it is looked at.
type scene struct {
	Situation
	limits Thresholds
	scale  scale
	d      float64      // the direction that the target wants, 0: none
	years  map[int]life // yearly readings with a value, up to the one that the verdict rests on
	last   int          // year of that one
	usual  float64      // size of a usual change
}

// life is a reading and how it came to its value.
type life struct {
	Evidence
	status  indicator.Status
	revised bool      // it had another value before Released
	was     float64   // that value
	seen    time.Time // when it was given last, if only as it was
}

func newScene(s Situation, t Thresholds) *scene {
	c := &scene{Situation: s, limits: t, d: assess.Desired(s.Input.Target, s.Input.Indicator), years: map[int]life{},
		last: s.Verdict.Latest.Period.Year()}
	c.scale = newScale(s.Input.Indicator, indicator.Annual, nil)
	for _, p := range s.Input.Series.Points {
		if c.covers(p.Period) && p.Status.HasValue() {
			c.years[p.Period.Year()] = c.lifeOf(p)
		}
	}
	var moves []float64
	for year, l := range c.years {
		if before, ok := c.years[year-1]; ok {
			moves = append(moves, c.scale.revisionSize(before.Value, l.Value))
		}
	}
	if len(moves) > 0 {
		c.usual = median(moves)
	}
	return c
}

// covers: yearly readings that the verdict could rest on.
func (c *scene) covers(p indicator.Period) bool {
	return p.Freq() == indicator.Annual && p.Year() <= c.last
}

func (c *scene) lifeOf(p indicator.Point) life {
	l := life{Evidence: Evidence{Period: p.Period, Value: p.Value, Upload: p.Upload}, status: p.Status}
	given, value := false, 0.0
	for _, v := range c.Vintages {
		if v.Period != p.Period || !v.Status.HasValue() {
			continue
		}
		if !given || v.Value != value {
			l.revised, l.was, l.Upload, l.Released, l.Generated = given, value, v.Upload, v.Released, v.Generated
		}
		given, value, l.seen = true, v.Value, v.Released
	}
	return l
}

// sound reports whether the figures of the years from … to can be held against
// each other: no year is many times its neighbour, none was revised without the
// one beside it, and many regions did not take a step at once. Where they
// cannot, the checks of data ask about it, and no rule of warnings speaks.
func (c *scene) sound(from, to int) bool {
	before := 0
	for year := from; year <= to; year++ {
		if _, ok := c.years[year]; !ok {
			continue
		}
		if before != 0 && !c.joins(before, year) {
			return false
		}
		before = year
	}
	return true
}

// joins reports whether two neighbouring years are comparable.
func (c *scene) joins(a, b int) bool {
	x, y := c.years[a], c.years[b]
	if y.status == indicator.Break || slices.Contains(c.Steps, b) {
		return false
	}
	if c.Input.Indicator.Measure != indicator.Growth && x.Value > 0 && y.Value > 0 {
		if ratio := y.Value / x.Value; ratio >= c.limits.Jump || ratio <= 1/c.limits.Jump {
			return false
		}
	}
	size, mixed := c.mixed(x, y)
	return !mixed || size < c.usual && size < c.scale.share(y.Value, c.limits.Step)
}

// mixed reports whether one of two neighbours was revised and the other was not
// given again since, and by how much.
func (c *scene) mixed(x, y life) (size float64, mixed bool) {
	if x.Period.IsZero() || y.Period.IsZero() {
		return 0, false
	}
	if x.Released.After(y.Released) {
		x, y = y, x
	}
	if !y.revised || !x.seen.Before(y.Released) {
		return 0, false
	}
	return c.scale.revisionSize(y.was, y.Value), true
}

// moments are when vintages of the readings were released, the newest first.
func (c *scene) moments() []time.Time {
	var list []time.Time
	for _, v := range c.Vintages {
		if c.covers(v.Period) {
			list = append(list, v.Released)
		}
	}
	slices.SortFunc(list, func(a, b time.Time) int { return b.Compare(a) })
	return slices.CompactFunc(list, time.Time.Equal)
}

// state is the series by the vintages released at moments that pass.
func (c *scene) state(known func(time.Time) bool) indicator.Series {
	s := c.Input.Series
	s.Points = nil
	for _, v := range c.Vintages {
		if !known(v.Released) {
			continue
		}
		p := indicator.Point{Period: v.Period, Value: v.Value, Status: v.Status, Upload: v.Upload}
		if n := len(s.Points); n > 0 && s.Points[n-1].Period == v.Period {
			s.Points[n-1] = p
		} else {
			s.Points = append(s.Points, p)
		}
	}
	return s
}

// verdict is that of the default method on a series, on the day of the situation.
func (c *scene) verdict(s indicator.Series) assess.Assessment {
	in := c.Input
	in.Series = s.Until(in.AsOfPeriod)
	a, err := assess.Run(assess.DefaultMethod, in)
	if err != nil {
		panic(err) // the default method is known
	}
	return a
}
