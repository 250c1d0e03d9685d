package upload

import (
	"context"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Flip is a verdict of the default method that publishing an upload changes, or
// changed: another status, or another reason why there is none.
type Flip struct {
	Target        *indicator.Target
	Region        string
	Before, After assess.Assessment
	Revision      bool // the new readings alone would not have done it: published ones change
}

// Counted reports whether the verdict counts on the region's scoreboard. One that
// does not is drawn hollow.
func (f Flip) Counted() bool { return f.Target.Counts(f.Region) }

// Flips lists the verdicts that an upload changes, counted ones first and else in
// the order of the catalogue: for an open upload as it stands today, for a
// published one as it was when it was published.
func (s *Service) Flips(ctx context.Context, actor account.User, id string) ([]Flip, error) {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	c, err := s.contents(ctx, u)
	if err != nil {
		return nil, err
	}
	return s.flips(ctx, u, c.Cells)
}

func (s *Service) flips(ctx context.Context, u Upload, cells []ingest.Cell) ([]Flip, error) {
	today, before := s.Now(), ledger.Version(0)
	if u.At != 0 {
		today, before = u.At.Time(), u.At-1
	}
	snap, err := s.Snapshots.At(ctx, time.Time{}, before)
	if err != nil {
		return nil, ledgerTrouble(err)
	}
	p := prospect{snap: snap, catalog: s.Catalog(), upload: u, today: today}
	p.gather(cells)
	return p.flips(ctx)
}

// prospect is what an upload makes of the series that targets are assessed by.
type prospect struct {
	snap     *snapshot.Snapshot
	catalog  *indicator.Catalog
	upload   Upload
	today    time.Time
	readings map[seriesKey][]indicator.Reading // of the upload, where a target asks for them
}

// gather keeps the yearly readings of every indicator and region with a target.
func (p *prospect) gather(cells []ingest.Cell) {
	p.readings = map[seriesKey][]indicator.Reading{}
	for _, t := range p.targets() {
		for _, region := range shownTo(t) {
			p.readings[seriesKey{t.Indicator, region, indicator.Annual}] = nil
		}
	}
	for _, cell := range cells {
		key := seriesKey{cell.Indicator, cell.Region, cell.Period.Freq()}
		if list, asked := p.readings[key]; asked {
			p.readings[key] = append(list, cell.Reading)
		}
	}
}

func (p *prospect) targets() []*indicator.Target {
	var list []*indicator.Target
	for i := range p.catalog.Targets {
		t := &p.catalog.Targets[i]
		if t.SupersededBy == "" && slices.Contains(p.upload.Indicators, t.Indicator) {
			list = append(list, t)
		}
	}
	return list
}

func shownTo(t *indicator.Target) []string { return append([]string{t.Region}, t.ReferenceFor...) }

func (p *prospect) flips(ctx context.Context) ([]Flip, error) {
	counted, hollow := []Flip{}, []Flip{}
	for _, t := range p.targets() {
		for _, region := range shownTo(t) {
			flip, flips, err := p.flip(ctx, t, region)
			switch {
			case err != nil:
				return nil, err
			case !flips:
			case flip.Counted():
				counted = append(counted, flip)
			default:
				hollow = append(hollow, flip)
			}
		}
	}
	return append(counted, hollow...), nil
}

// flip compares the verdicts on one target in one region.
func (p *prospect) flip(ctx context.Context, t *indicator.Target, region string) (Flip, bool, error) {
	readings := p.readings[seriesKey{t.Indicator, region, indicator.Annual}]
	if len(readings) == 0 {
		return Flip{}, false, nil
	}
	column, err := p.snap.Column(ctx, t.Indicator, indicator.Annual)
	if err != nil {
		return Flip{}, false, ledgerTrouble(err)
	}
	in := assess.Input{Target: t, Indicator: p.catalog.Indicator(t.Indicator), Region: region, AsOf: p.today}
	verdict := func(series indicator.Series) (a assess.Assessment) {
		in.Series = series
		a, err = assess.Run(assess.DefaultMethod, in)
		return a
	}
	series := column.Series(region)
	flip := Flip{Target: t, Region: region, Before: verdict(series), After: verdict(p.merged(series, readings, false))}
	if err != nil || same(flip.Before, flip.After) {
		return Flip{}, false, err
	}
	flip.Revision = same(flip.Before, verdict(p.merged(series, readings, true)))
	return flip, true, err
}

func same(a, b assess.Assessment) bool { return a.Status == b.Status && a.Reason == b.Reason }

// merged is the series with the upload's readings: all that become the value of
// their period, or only those where there was none.
func (p *prospect) merged(series indicator.Series, readings []indicator.Reading, onlyNew bool) indicator.Series {
	series.Points = slices.Clone(series.Points)
	for _, r := range readings {
		point := indicator.Point{Period: r.Period, Value: r.Value, Status: r.Status, Upload: p.upload.ID}
		at, found := slices.BinarySearchFunc(series.Points, r.Period, func(p indicator.Point, period indicator.Period) int {
			return p.Period.Compare(period)
		})
		switch {
		case !found:
			series.Points = slices.Insert(series.Points, at, point)
		case onlyNew && series.Points[at].Status.HasValue(), !p.replaces(series.Points[at]):
		default:
			series.Points[at] = point
		}
	}
	return series
}

// replaces reports whether the upload's vintage takes the place of a point: it is
// the last to be published, so only figures that became public later withstand it.
func (p *prospect) replaces(old indicator.Point) bool {
	pub, _ := p.snap.Publication(old.Upload)
	return p.upload.Released.IsZero() || !p.upload.Released.Before(pub.Released)
}
