package warning

import (
	"math"

	"github.com/dabiao/dabiao/internal/indicator"
)

// movesRule finds consecutive moves in the wrong direction up to the latest
// reading: against the direction that the target wants or, for a band, away from
// its middle while outside it. A change smaller than Least or than the last place
// that is shown is no move, nor is one between figures that are not comparable. A
// bound that is still kept has no wrong direction.
func movesRule(c *scene) (Warning, bool) {
	bad, watched := c.badness()
	if !watched {
		return Warning{}, false
	}
	first := c.last
	for c.wrongMove(bad, first) {
		first--
	}
	moves := c.last - first
	if moves < c.limits.WrongMoves.Moves {
		return Warning{}, false
	}
	w := Warning{Severity: Elevated, Message: c.movesText(first)}
	if moves > c.limits.WrongMoves.Moves {
		w.Severity = Severe
	}
	for year := first; year <= c.last; year++ {
		w.Evidence = append(w.Evidence, c.years[year].Evidence)
	}
	return w, true
}

// badness is how bad a value is for the target, in units; false where the target
// has no direction or nothing to fear from a move.
func (c *scene) badness() (of func(float64) float64, watched bool) {
	latest := c.years[c.last].Value
	if low, high, ok := c.band(); ok {
		middle := (low + high) / 2
		return func(v float64) float64 { return math.Abs(v - middle) }, latest < low || latest > high
	}
	t := c.Input.Target
	kept := t.Kind == indicator.Hold || t.Kind == indicator.Grow && c.Input.Indicator.Measure == indicator.Growth
	if kept && t.Value != nil && c.d*(latest-*t.Value) >= 0 {
		return nil, false
	}
	return func(v float64) float64 { return -c.d * v }, c.d != 0
}

// band is the edges of a hold band as the verdict has them.
func (c *scene) band() (low, high float64, ok bool) {
	low, okLow := c.Verdict.Number("low")
	high, okHigh := c.Verdict.Number("high")
	return low, high, okLow && okHigh
}

// wrongMove reports whether the change to a year is a move in the wrong direction.
// One that a revision of only one of the two years made is none.
func (c *scene) wrongMove(bad func(float64) float64, year int) bool {
	x, okX := c.years[year-1]
	y, okY := c.years[year]
	if !okX || !okY || !c.joins(year-1, year) || !c.isWrong(bad, x.Value, y.Value) {
		return false
	}
	if _, mixed := c.mixed(x, y); mixed {
		if x.Released.After(y.Released) {
			x.Value = x.was
		} else {
			y.Value = y.was
		}
	}
	return c.isWrong(bad, x.Value, y.Value)
}

func (c *scene) isWrong(bad func(float64) float64, from, to float64) bool {
	least := max(c.limits.WrongMoves.Least*math.Abs(from), c.scale.grain)
	return bad(to)-bad(from) > 0 && math.Abs(to-from) >= least*(1-1e-9)
}
