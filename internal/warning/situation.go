package warning

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// Situation is all that is known of one target in its own region.
type Situation struct {
	Region   *indicator.Region
	Input    assess.Input      // with the readings as they are visible now
	Verdict  assess.Assessment // of it
	Vintages []Vintage         // of the yearly readings: each period's from the oldest to the one that counts
	Steps    []int             // years in which many regions took a step at once, as Steps tells
	Outlook  *Outlook          // nil: there is no forecast
	Pace     *Pace             // nil: no pace is needed, or the region has had none
}

// Vintage is what one upload gave as a reading.
type Vintage struct {
	Period    indicator.Period
	Value     float64
	Status    indicator.Status
	Upload    string
	Released  time.Time
	Generated bool // made up for demonstration
}

// Outlook is the forecast for the last year of the target, in the target's terms:
// it is reached where Mean lies from Low to High, of which one may be infinite.
type Outlook struct {
	Year        int
	Mean        float64
	Low, High   float64
	Probability float64 // of reaching it, 0 … 1; no number: unknown
}

// Pace is the pace that the target needs from now on and the best that this
// region ever had over five years, both in units a year or, where Compound, in
// per cent a year.
type Pace struct {
	Needed, Best float64
	From, To     int // years of the best
	Windows      int // that the region has had
	Compound     bool
}

// Warn asks every rule about every situation. Only a region's own targets with a
// named indicator are looked at, while they are open and have a verdict that
// rests on recent readings. No two warnings tell the same fact. They come by
// severity, then the newest first.
func Warn(all []Situation, t Thresholds) []Warning {
	var list []Warning
	for _, s := range all {
		if !s.concerns(t) {
			continue
		}
		c := newScene(s, t)
		for _, rule := range []struct {
			of  Rule
			ask func(*scene) (Warning, bool)
		}{{StatusWorse, statusRule}, {BestPace, paceRule}, {WrongMoves, movesRule}, {ForecastMisses, outlookRule}} {
			if !t.on(rule.of) {
				continue
			}
			if w, ok := rule.ask(c); ok {
				w.Rule = rule.of
				list = c.keep(list, w)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(slices.Index(Severities, a.Severity), slices.Index(Severities, b.Severity)),
			b.Since.Compare(a.Since), cmp.Compare(a.Region, b.Region), cmp.Compare(slices.Index(Rules, a.Rule), slices.Index(Rules, b.Rule)))
	})
	return list
}

// concerns: references and proxies never warn, nor does what is superseded,
// closed, not in force or not assessed, nor a region whose figures are not collected.
func (s Situation) concerns(t Thresholds) bool {
	target, v := s.Input.Target, s.Verdict
	return s.Region != nil && s.Region.Collected && s.Input.Indicator != nil && target.Counts(s.Region.Code) && target.SupersededBy == "" &&
		v.Status != assess.NotAssessed && !v.Closed && v.Latest != nil && v.AsOfPeriod.Year()-v.Latest.Period.Year() <= t.Oldest
}

// keep adds a warning of a scene to the list, completed. A fact that is told there
// already, word for word, of another target of the region only gets one more target.
// w.Key holds what the key is made of besides rule, target, region and evidence.
func (c *scene) keep(list []Warning, w Warning) []Warning {
	target := c.Input.Target.ID
	if slices.ContainsFunc(w.Evidence, func(e Evidence) bool { return e.Generated }) {
		w.Message.ZH, w.Message.EN = w.Message.ZH+"（含示例数据。）", w.Message.EN+" (Generated example data.)"
	}
	for i := range list {
		known := &list[i]
		if known.Rule == w.Rule && known.Region == c.Region.Code && known.Indicator == c.Input.Indicator.Code && known.Message == w.Message {
			known.Targets = append(known.Targets, target)
			return list
		}
	}
	w.Region, w.Indicator, w.Targets = c.Region.Code, c.Input.Indicator.Code, []string{target}
	slices.SortFunc(w.Evidence, func(a, b Evidence) int { return a.Period.Compare(b.Period) })
	for _, e := range w.Evidence {
		if e.Released.After(w.Since) {
			w.Since = e.Released
		}
	}
	parts := []string{string(w.Rule), target, w.Region, w.Key}
	for _, e := range w.Evidence { // the upload is left out: the same figure sent again is no new evidence
		parts = append(parts, fmt.Sprintf("%s=%g", e.Period, math.Round(e.Value*1e9)/1e9))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	w.Key = hex.EncodeToString(sum[:8])
	return append(list, w)
}
