package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Query says which targets to assess in which regions. The as of is the snapshot's.
type Query struct {
	Targets    []string // ids; empty: all but superseded ones
	Regions    []string // codes; empty: every region a target is shown to
	Method     string   // empty: the default method
	AsOfPeriod indicator.Period
	Now        time.Time // today, where the snapshot has no as of
	Outlooks   *Outlooks // nil: verdicts without a look ahead
	Trials     bool      // with the backtest of each forecast
}

// Assessed is a verdict with everything it was made from.
type Assessed struct {
	assess.Assessment
	Input assess.Input

	// What the forecast says, where the query has Outlooks. Outlook is nil for a
	// statement, and where the readings do not add up.
	Outlook  *Outlook
	Chance   *Chance
	NoChance NoChance // why there is no Chance
	Trials   *Trials  // where the query asks for them and there are any
}

// Counted reports whether the verdict counts on the region's scoreboard.
func (a Assessed) Counted() bool { return a.Input.Target.Counts(a.Region) }

// UnknownError is a parameter that the catalogue does not know.
type UnknownError struct {
	Parameter string // region, indicator, target
	Value     string
}

func (e *UnknownError) Error() string { return fmt.Sprintf("unknown %s %q", e.Parameter, e.Value) }

// NotShownError is a region that the catalogue knows and a target is not held
// against.
type NotShownError struct {
	Target *indicator.Target
	Region *indicator.Region
}

func (e *NotShownError) Error() string {
	return fmt.Sprintf("target %q is not shown to region %q", e.Target.ID, e.Region.Code)
}

// Assess gives a verdict for every pair of target and region that the query
// asks for and the catalogue knows: a target is assessed in its own region and
// where it is a reference. The order is that of the catalogue, own region first.
// An id or code that the catalogue does not have is an UnknownError, an unknown
// method assess.ErrUnknownMethod. Where an indicator of one of them does not add
// up, there is no list but its *snapshot.DamageError.
func Assess(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog, q Query) ([]Assessed, error) {
	r := newReader(snap, catalog, q.AsOfPeriod)
	list, err := r.assess(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, code := range slices.Sorted(maps.Keys(r.damages)) {
		return nil, r.damages[code]
	}
	return list, nil
}

// AssessBy is Assess by several methods, given by their names: the verdicts of all
// of them on one target in one region stand together, in the order of the names.
func AssessBy(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog, methods []string, q Query) ([]Assessed, error) {
	var byMethod [][]Assessed
	for _, q.Method = range methods {
		list, err := Assess(ctx, snap, catalog, q)
		if err != nil {
			return nil, err
		}
		byMethod = append(byMethod, list)
	}
	var all []Assessed
	for i := range byMethod[0] {
		for _, list := range byMethod {
			all = append(all, list[i])
		}
	}
	return all, nil
}

func (r *reader) assess(ctx context.Context, q Query) ([]Assessed, error) {
	targets, err := r.targets(q)
	if err != nil {
		return nil, err
	}
	for _, code := range q.Regions {
		if r.catalog.Region(code) == nil {
			return nil, &UnknownError{"region", code}
		}
	}
	if len(targets) == 0 { // the method's name is checked all the same
		_, err := assess.Run(q.Method, assess.Input{Target: &indicator.Target{Kind: indicator.StatedOnly}})
		return nil, err
	}
	var list []Assessed
	for _, t := range targets {
		if err := r.load(ctx, t.Indicator); err != nil {
			return nil, err
		}
		for _, region := range append([]string{t.Region}, t.ReferenceFor...) {
			if len(q.Regions) > 0 && !slices.Contains(q.Regions, region) {
				continue
			}
			a, err := r.verdict(q.Method, r.input(t, region, q))
			if err != nil {
				return nil, err
			}
			if err := r.lookAhead(ctx, &a, q); err != nil {
				return nil, err
			}
			list = append(list, a)
		}
	}
	return list, nil
}

// verdict assesses by a method, and leaves out what cannot be trusted.
func (r *reader) verdict(method string, in assess.Input) (Assessed, error) {
	a, err := assess.Run(method, in)
	if err == nil && r.damages[in.Target.Indicator] != nil && dependsOnReadings(a) {
		a = unread(a)
	}
	return Assessed{Assessment: a, Input: in}, err
}

// lookAhead adds what the forecast says.
func (r *reader) lookAhead(ctx context.Context, a *Assessed, q Query) error {
	column, region := r.columns[a.Input.Target.Indicator], r.catalog.Region(a.Region)
	if q.Outlooks == nil || column == nil || region == nil {
		return nil
	}
	outlook, err := q.Outlooks.of(ctx, column, r.catalog, a.Input.Indicator, region, q.AsOfPeriod)
	if err != nil {
		return fmt.Errorf("forecast of %s: %w", a.Input.Target.Indicator, err)
	}
	a.Outlook = outlook
	a.Chance, a.NoChance = chance(*a, outlook)
	if q.Trials {
		a.Trials, err = q.Outlooks.trialsOf(ctx, column, r.catalog, outlook, q.AsOfPeriod)
	}
	return err
}

// dependsOnReadings reports whether other readings could lead to another verdict.
func dependsOnReadings(a assess.Assessment) bool {
	return !slices.Contains([]assess.Reason{assess.NoVerdictStatement, assess.NotInForce,
		assess.MethodNotApplicable, assess.DifferentBasis}, a.Reason)
}

// unread is no verdict, and no reason either: that there are no readings, or too
// few, would be wrong where they only cannot be trusted.
func unread(a assess.Assessment) assess.Assessment {
	return assess.Assessment{Target: a.Target, Region: a.Region, Method: a.Method, Version: a.Version,
		Status: assess.NotAssessed, AsOfPeriod: a.AsOfPeriod}
}

func (r *reader) targets(q Query) ([]*indicator.Target, error) {
	var list []*indicator.Target
	if len(q.Targets) == 0 {
		for i := range r.catalog.Targets {
			if t := &r.catalog.Targets[i]; t.SupersededBy == "" {
				list = append(list, t)
			}
		}
		return list, nil
	}
	for _, id := range q.Targets {
		t := r.catalog.Target(id)
		if t == nil {
			return nil, &UnknownError{"target", id}
		}
		list = append(list, t)
	}
	return list, nil
}

func (r *reader) input(t *indicator.Target, region string, q Query) assess.Input {
	return assess.Input{
		Target: t, Indicator: r.catalog.Indicator(t.Indicator), Region: region,
		Series: r.series(t.Indicator, region), AsOf: r.moment(q), AsOfPeriod: q.AsOfPeriod,
	}
}

// moment is the as of, or today where the snapshot has none.
func (r *reader) moment(q Query) time.Time {
	if asOf := r.snap.AsOf(); !asOf.IsZero() {
		return asOf
	}
	return q.Now
}

// severity orders statuses from what needs attention most to what needs it least.
func severity(s assess.Status) int {
	return slices.Index([]assess.Status{assess.Reversing, assess.Missed, assess.OffTrack, assess.AtRisk,
		assess.OnTrack, assess.Achieved, assess.NotAssessed}, s)
}

// foremost picks the verdict that stands for several of one region and
// indicator: a counted one before a hollow one, then one that says something,
// then the one that needs attention most.
func foremost(list []Assessed) (Assessed, bool) {
	if len(list) == 0 {
		return Assessed{}, false
	}
	return slices.MinFunc(list, func(a, b Assessed) int {
		return cmp.Or(boolLast(a.Counted(), b.Counted()), cmp.Compare(severity(a.Status), severity(b.Status)))
	}), true
}

// boolLast orders true before false.
func boolLast(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// counts is how many verdicts there are of each status, in the order of the
// statuses, without zeros.
func counts(list []Assessed) []Count {
	byStatus := map[assess.Status]int{}
	for _, a := range list {
		byStatus[a.Status]++
	}
	var result []Count
	for _, s := range assess.Statuses {
		if byStatus[s] > 0 {
			result = append(result, Count{s, byStatus[s]})
		}
	}
	return result
}

// counted keeps the verdicts that count.
func counted(list []Assessed) []Assessed {
	var own []Assessed
	for _, a := range list {
		if a.Counted() {
			own = append(own, a)
		}
	}
	return own
}

// since is the year from whose readings on the verdict has been the same, in the
// vintages of now; 0 where it is new or there is none.
func since(a Assessed, method string) int {
	if a.Latest == nil || a.Status == assess.NotAssessed {
		return 0
	}
	first := a.Latest.Period.Year()
	for year := first - 1; year > first-10; year-- {
		in := a.Input
		in.AsOfPeriod = indicator.Year(year)
		in.Series = in.Series.Until(in.AsOfPeriod)
		earlier, err := assess.Run(method, in)
		if err != nil || earlier.Status != a.Status || earlier.Latest == nil || earlier.Latest.Period.Year() != year {
			return year + 1
		}
	}
	return first - 9
}
