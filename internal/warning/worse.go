package warning

import (
	"math"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// statusRule finds that the last change of the verdict was for the worse. It goes
// back from release to release, each time judging the series as it was before
// it, on the same day: time alone changes nothing here. The first release before
// which the status was another one is the event; an older event is no news, and
// where there was no verdict before, nothing got worse.
func statusRule(c *scene) (Warning, bool) {
	oldest := c.Input.AsOf.AddDate(0, -c.limits.StatusWorse.Months, 0)
	for _, at := range c.moments() {
		if at.Before(oldest) {
			break
		}
		old := c.state(func(t time.Time) bool { return t.Before(at) })
		before := c.verdict(old)
		switch {
		case before.Status == assess.NotAssessed:
			return Warning{}, false
		case before.Status == c.Verdict.Status:
			continue
		case worth(before.Status) > worth(c.Verdict.Status):
			return Warning{}, false
		}
		return c.worse(at, old, before)
	}
	return Warning{}, false
}

// worth orders the statuses of open targets from good to bad.
func worth(s assess.Status) int { return slices.Index(assess.Statuses, s) }

// worse is the warning of a release that made the verdict worse.
func (c *scene) worse(at time.Time, old indicator.Series, before assess.Assessment) (Warning, bool) {
	now := c.state(func(t time.Time) bool { return !t.After(at) })
	after := c.verdict(now)
	if after.Latest == nil {
		return Warning{}, false
	}
	from, to := before.Latest.Period.Year()-5, after.Latest.Period.Year()
	if linked := c.verdict(c.linked(now)).Status; !c.sound(from, to) || linked != assess.NotAssessed && worth(linked) <= worth(before.Status) {
		return Warning{}, false
	}
	revision := c.verdict(onlyNew(old, now)).Status == before.Status
	w := Warning{Severity: Elevated, Since: at, Key: string(before.Status + ">" + c.Verdict.Status)}
	if worth(c.Verdict.Status) > worth(assess.AtRisk) {
		w.Severity = Severe
	}
	changed := changes(old, now, from, to)
	for _, p := range changed {
		w.Evidence = append(w.Evidence, Evidence{p.Period, p.Value, p.Upload, at, c.years[p.Period.Year()].Generated})
	}
	w.Message = c.worseText(before, after, old, changed, revision)
	return w, len(changed) > 0
}

// onlyNew is the old series with the readings of periods that had no value.
func onlyNew(old, now indicator.Series) indicator.Series {
	merged := now
	merged.Points = slices.Clone(now.Points)
	for i, p := range merged.Points {
		if was, ok := old.At(p.Period); ok {
			merged.Points[i] = was
		}
	}
	return merged
}

// changes are the readings with a value, of the years from … to, that a release
// brought or changed.
func changes(old, now indicator.Series, from, to int) []indicator.Point {
	var list []indicator.Point
	for _, p := range now.Points {
		if was, ok := old.At(p.Period); p.Status.HasValue() && p.Period.Freq() == indicator.Annual &&
			p.Period.Year() >= from && p.Period.Year() <= to && (!ok || was.Value != p.Value) {
			list = append(list, p)
		}
	}
	return list
}

// linked is the series without the steps that the revision of some years alone
// makes: from each such step on the figures are multiplied by what the revised
// year was before, over what it is. A status that is worse only with the step in
// it is no event.
func (c *scene) linked(s indicator.Series) indicator.Series {
	points := slices.Clone(s.Points)
	factor := 1.0
	for i, p := range points {
		if p.Period.Freq() != indicator.Annual {
			continue
		}
		x, y := c.years[p.Period.Year()-1], c.years[p.Period.Year()]
		if _, mixed := c.mixed(x, y); mixed {
			revised, up := y, -1.0
			if x.Released.After(y.Released) {
				revised, up = x, 1
			}
			if ratio := revised.Value / revised.was; ratio > 0 && !math.IsInf(ratio, 1) {
				factor *= math.Pow(ratio, up)
			}
		}
		points[i].Value *= factor
	}
	s.Points = points
	return s
}
