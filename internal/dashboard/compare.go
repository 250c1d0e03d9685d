package dashboard

import (
	"context"
	"maps"
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Moment is the readings and the targets as they stood at one time.
type Moment struct {
	Snap    *snapshot.Snapshot
	Catalog *indicator.Catalog
}

// Compare holds the verdicts of an earlier moment, whose snapshot has an as of,
// against those of a later one: for every pair of target and region that Assess
// would judge at the later, in its order. Where the query names no targets, those
// that only the earlier catalogue has follow. A target that was recorded anew is
// compared with the one that it supersedes. Errors are those of Assess.
func Compare(ctx context.Context, from, to Moment, q Query) ([]assess.Change, error) {
	c := &comparer{
		from: newReader(from.Snap, from.Catalog, q.AsOfPeriod), to: newReader(to.Snap, to.Catalog, q.AsOfPeriod),
		before: origins(from.Snap), after: origins(to.Snap), vintages: map[string]map[string][]snapshot.Row{}, query: q,
	}
	later, err := c.to.assess(ctx, q)
	if err != nil {
		return nil, err
	}
	var list []assess.Change
	for _, a := range later {
		change, err := c.change(ctx, a.Input)
		if err != nil {
			return nil, err
		}
		list = append(list, change)
	}
	gone, err := c.gone(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range []*reader{c.from, c.to} {
		for _, code := range slices.Sorted(maps.Keys(r.damages)) {
			return nil, r.damages[code]
		}
	}
	return append(list, gone...), nil
}

// comparer serves one Compare.
type comparer struct {
	from, to      *reader
	before, after map[string]assess.Origin
	vintages      map[string]map[string][]snapshot.Row // by indicator and region, of the later moment
	query         Query
}

// change compares the verdict on what is asked for at the later moment.
func (c *comparer) change(ctx context.Context, later assess.Input) (assess.Change, error) {
	from := assess.Moment{Method: c.query.Method, Uploads: c.before}
	to := assess.Moment{Input: later, Method: c.query.Method, Uploads: c.after}
	from.AsOf, from.Region = c.from.snap.AsOf(), later.Region
	if t := c.former(later.Target.ID); t != nil {
		if err := c.from.load(ctx, t.Indicator); err != nil {
			return assess.Change{}, err
		}
		from.Input = c.from.input(t, later.Region, c.query)
		var err error
		if to.First, err = c.firstVintages(ctx, from, to); err != nil {
			return assess.Change{}, err
		}
	}
	return assess.Compare(from, to)
}

// firstVintages are those in which readings first came out that are new at the
// later moment and were revised since. The ledger is asked only where there are any.
func (c *comparer) firstVintages(ctx context.Context, from, to assess.Moment) (map[indicator.Period]indicator.Point, error) {
	revised := func(p indicator.Point) bool {
		_, known := from.Series.At(p.Period)
		return p.Revised && !known
	}
	if !slices.ContainsFunc(to.Series.Points, revised) {
		return nil, nil
	}
	first := map[indicator.Period]indicator.Point{}
	vintages, err := c.vintagesOf(ctx, to.Series.Indicator)
	for _, v := range vintages[to.Series.Region] {
		_, seen := first[v.Period]
		if _, known := from.Series.At(v.Period); seen || known || !v.Status.HasValue() {
			continue
		}
		first[v.Period] = indicator.Point{Period: v.Period, Value: v.Value, Status: v.Status, Upload: v.Publication.ID}
	}
	return first, err
}

// vintagesOf are the yearly vintages of an indicator by region, oldest first. The
// ledger gives those of all regions at once, so they are asked for once.
func (c *comparer) vintagesOf(ctx context.Context, code string) (map[string][]snapshot.Row, error) {
	if list, ok := c.vintages[code]; ok {
		return list, nil
	}
	list := map[string][]snapshot.Row{}
	for v, err := range c.to.snap.Vintages(ctx, snapshot.Selection{Indicators: []string{code}, Regions: c.query.Regions}) {
		if err != nil {
			return nil, err
		}
		if v.Period.Freq() == indicator.Annual {
			list[v.Region] = append(list[v.Region], v)
		}
	}
	c.vintages[code] = list
	return list, nil
}

// former is the target as the earlier catalogue has it: itself, or the one that
// it supersedes; nil where there was neither.
func (c *comparer) former(id string) *indicator.Target {
	for range len(c.to.catalog.Targets) + 1 { // a chain of successors may be written as a ring
		if t := c.from.catalog.Target(id); t != nil {
			return t
		}
		i := slices.IndexFunc(c.to.catalog.Targets, func(t indicator.Target) bool { return t.SupersededBy == id })
		if i < 0 {
			return nil
		}
		id = c.to.catalog.Targets[i].ID
	}
	return nil
}

// gone are the verdicts on targets that the later catalogue does not have at all.
func (c *comparer) gone(ctx context.Context) ([]assess.Change, error) {
	if len(c.query.Targets) > 0 {
		return nil, nil
	}
	q := c.query
	for i := range c.from.catalog.Targets {
		if t := &c.from.catalog.Targets[i]; t.SupersededBy == "" && c.to.catalog.Target(t.ID) == nil {
			q.Targets = append(q.Targets, t.ID)
		}
	}
	if len(q.Targets) == 0 {
		return nil, nil
	}
	q.Regions = slices.DeleteFunc(slices.Clone(q.Regions), func(code string) bool { return c.from.catalog.Region(code) == nil })
	if len(c.query.Regions) > 0 && len(q.Regions) == 0 {
		return nil, nil
	}
	former, err := c.from.assess(ctx, q)
	if err != nil {
		return nil, err
	}
	var list []assess.Change
	for _, a := range former {
		to := assess.Moment{Method: q.Method, Uploads: c.after}
		to.AsOf, to.Region = c.to.moment(q), a.Region
		change, err := assess.Compare(assess.Moment{Input: a.Input, Method: q.Method, Uploads: c.before}, to)
		if err != nil {
			return nil, err
		}
		list = append(list, change)
	}
	return list, nil
}

// origins are the uploads that a snapshot shows.
func origins(snap *snapshot.Snapshot) map[string]assess.Origin {
	list := map[string]assess.Origin{}
	for _, p := range snap.Publications() {
		o := assess.Origin{Uploader: p.Uploader, Source: p.Source, Stage: p.Stage, Reason: p.Reason,
			Released: p.Released, Generated: p.Generated, RevertedBy: p.RevertedBy, RevertNote: p.RevertNote}
		if p.RevertedAt != 0 {
			o.RevertedAt = p.RevertedAt.Time()
		}
		list[p.ID] = o
	}
	return list
}
