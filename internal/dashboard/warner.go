package dashboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/warning"
)

// Warner finds the warnings of a moment, once for each ledger version, catalogue
// and day. It is safe for concurrent use; make one for each process.
type Warner struct {
	thresholds warning.Thresholds
	checks     warning.Checks
	outlooks   *Outlooks
	kept       *shelf[warningsKey, []warning.Warning]
}

// warningsKey is all that warnings depend on.
type warningsKey struct {
	version   int64
	asOf      int64 // Unix nanoseconds, 0: none
	limit     indicator.Period
	catalogue string
	day       string // in Shanghai: a warning is news for some time only
}

// warningsKept is how many moments stay in memory: the current one and a few past ones.
const warningsKept = 8

// NewWarner begins with nothing kept. The checks tell steps that many regions take
// at once; without outlooks no forecast is looked at.
func NewWarner(t warning.Thresholds, c warning.Checks, o *Outlooks) *Warner {
	return &Warner{t, c, o, newShelf[warningsKey, []warning.Warning](warningsKept, make(chan struct{}, 1))}
}

// Of is the warnings on the readings visible in the snapshot up to limit (zero:
// all), by severity, the newest first. Today is the as of of the snapshot, or now.
// Indicators whose readings do not add up are left out; other errors are the
// ledger's. The list is shared: it is not to be changed.
func (w *Warner) Of(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog, limit indicator.Period,
	now time.Time) ([]warning.Warning, error) {
	key := warningsKey{version: int64(snap.Version()), limit: limit, catalogue: catalog.Hash()}
	if asOf := snap.AsOf(); !asOf.IsZero() {
		now, key.asOf = asOf, asOf.UnixNano()
	}
	key.day = now.In(indicator.Shanghai).Format(time.DateOnly)
	return w.kept.get(ctx, key, func(ctx context.Context) ([]warning.Warning, error) {
		l := &lookout{Warner: w, reader: newReader(snap, catalog, limit), seen: map[string]*background{}}
		situations, err := l.situations(ctx, now)
		if err != nil {
			return nil, err
		}
		return warning.Warn(situations, w.thresholds), nil
	})
}

// lookout gathers what the rules look at.
type lookout struct {
	*Warner
	*reader
	seen map[string]*background
}

// background is what the targets of one indicator share.
type background struct {
	vintages map[string][]warning.Vintage // by region
	steps    []int
}

// situations are those of the targets that can warn at all.
func (l *lookout) situations(ctx context.Context, now time.Time) ([]warning.Situation, error) {
	assessed, err := l.assess(ctx, Query{AsOfPeriod: l.limit, Now: now})
	if err != nil {
		return nil, err
	}
	assessed = slices.DeleteFunc(counted(assessed), func(a Assessed) bool { return a.Status == assess.NotAssessed || a.Closed })
	var list []warning.Situation
	for _, a := range assessed {
		b, err := l.background(ctx, a.Input.Indicator, assessed)
		if err != nil {
			return nil, err
		}
		if b == nil {
			continue
		}
		s := warning.Situation{Region: l.catalog.Region(a.Region), Input: a.Input, Verdict: a.Assessment,
			Vintages: b.vintages[a.Region], Steps: b.steps, Pace: paceOf(a)}
		if s.Outlook, err = l.outlook(ctx, a); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// background reads the vintages of an indicator in the regions that have a target
// for it, and the steps of all regions; nil where its readings do not add up.
func (l *lookout) background(ctx context.Context, i *indicator.Indicator, assessed []Assessed) (*background, error) {
	if b, ok := l.seen[i.Code]; ok {
		return b, nil
	}
	regions := []string{}
	for _, a := range assessed {
		if a.Input.Indicator.Code == i.Code {
			regions = append(regions, a.Region)
		}
	}
	b := &background{vintages: map[string][]warning.Vintage{}, steps: l.stepYears(i)}
	for row, err := range l.snap.Vintages(ctx, snapshot.Selection{Indicators: []string{i.Code}, Regions: regions}) {
		var damage *snapshot.DamageError
		if errors.As(err, &damage) {
			b = nil
			break
		}
		if err != nil {
			return nil, fmt.Errorf("vintages of %s: %w", i.Code, err)
		}
		if row.Period.Freq() == indicator.Annual {
			b.vintages[row.Region] = append(b.vintages[row.Region], warning.Vintage{Period: row.Period, Value: row.Value,
				Status: row.Status, Upload: row.Publication.ID, Released: row.Publication.Released, Generated: row.Publication.Generated})
		}
	}
	l.seen[i.Code] = b
	return b, nil
}

// stepYears are the years in which many regions took a step at once.
func (l *lookout) stepYears(i *indicator.Indicator) []int {
	panel := warning.Panel{Catalog: l.catalog, Indicator: i, Freq: indicator.Annual}
	column := l.columns[i.Code]
	if column == nil {
		return nil
	}
	for _, region := range column.Regions() {
		s := warning.Series{Region: region}
		for _, p := range l.series(i.Code, region).Points {
			if p.Status.HasValue() {
				s.Points = append(s.Points, warning.Point{Period: p.Period, Value: p.Value, Status: p.Status, Cell: warning.Published})
			}
		}
		panel.Series = append(panel.Series, s)
	}
	var years []int
	for _, p := range warning.Steps(panel, l.checks) {
		years = append(years, p.Year())
	}
	return years
}

// paceOf is the pace that a target needs and the best that the region has had.
func paceOf(a Assessed) *warning.Pace {
	p, ok := assess.FindPrecedent(a.Input, a.Assessment, nil)
	if !ok || p.Best == nil {
		return nil
	}
	return &warning.Pace{Needed: p.Needed, Best: p.Best.Pace, From: p.Best.From, To: p.Best.To, Windows: p.Windows, Compound: p.Compound}
}

// outlook is the forecast for the last year of a target whose status is good.
func (l *lookout) outlook(ctx context.Context, a Assessed) (*warning.Outlook, error) {
	if l.outlooks == nil || a.Status != assess.OnTrack && a.Status != assess.Achieved {
		return nil, nil
	}
	low, high, none := aims(a)
	if none != "" {
		return nil, nil
	}
	o, err := l.outlooks.Of(ctx, l.snap, l.catalog, a.Input.Indicator.Code, a.Region, l.limit)
	if err != nil {
		return nil, fmt.Errorf("forecast of %s: %w", a.Input.Indicator.Code, err)
	}
	step, ok := o.At(a.Input.Target.LastYear())
	if !ok {
		return nil, nil
	}
	return &warning.Outlook{Year: step.Year, Mean: step.Mean, Low: low, High: high, Probability: step.within(low, high)}, nil
}
