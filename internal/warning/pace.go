package warning

import (
	"math"

	"github.com/dabiao/dabiao/internal/assess"
)

// paceRule finds a target that needs a pace which this region never had: even its
// best five years, kept up from now on, would not reach it. A band has no value
// that a pace leads to.
func paceRule(c *scene) (Warning, bool) {
	p, limit := c.Pace, c.limits.BestPace
	if _, _, band := c.band(); band || p == nil || p.Windows < limit.Windows || c.Verdict.Status == assess.Achieved || !c.sound(c.last-5, c.last) {
		return Warning{}, false
	}
	direction := math.Copysign(1, p.Needed)
	if p.Needed == 0 || c.d != 0 && direction != c.d || direction*p.Needed-direction*p.Best <= limit.Margin*math.Abs(p.Best) {
		return Warning{}, false
	}
	return Warning{Severity: Severe, Message: c.paceText(), Evidence: c.readings(p.From, p.To, c.last)}, true
}

// outlookRule finds a forecast that misses the target which the status calls on
// track or achieved early. The forecast itself is no part of the evidence: it
// follows from the readings.
func outlookRule(c *scene) (Warning, bool) {
	o, status := c.Outlook, c.Verdict.Status
	if o == nil || status != assess.OnTrack && status != assess.Achieved || o.Year <= c.last ||
		o.Mean >= o.Low && o.Mean <= o.High || o.Probability > c.limits.ForecastMisses.Probability || !c.sound(c.last-5, c.last) {
		return Warning{}, false
	}
	w := Warning{Severity: Minor, Message: c.outlookText(), Evidence: c.readings(c.last)}
	if o.Probability <= c.limits.ForecastMisses.Probability/2 {
		w.Severity = Elevated
	}
	return w, true
}

// readings are those of the years, each once.
func (c *scene) readings(years ...int) []Evidence {
	var list []Evidence
	seen := map[int]bool{}
	for _, year := range years {
		if l, ok := c.years[year]; ok && !seen[year] {
			list, seen[year] = append(list, l.Evidence), true
		}
	}
	return list
}
