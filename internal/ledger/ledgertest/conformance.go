// Package ledgertest holds every implementation of ledger.Ledger to its
// contract: one suite, one simple model, one set of benchmarks.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Open makes an empty ledger of its own for a test, on the given clock, and
// closes it when the test ends.
type Open = func(t *testing.T, now func() time.Time) ledger.Ledger

// Conformance runs the whole suite; every subtest is named by a promise.
func Conformance(t *testing.T, open func(t *testing.T, now func() time.Time) ledger.Ledger) {
	for _, promise := range []struct {
		name string
		test func(t *testing.T, open Open)
	}{
		{"an empty ledger is of version 0", emptyLedger},
		{"an upload comes back as it was said", uploadComesBack},
		{"texts may be anything", textsMayBeAnything},
		{"every value and status comes back", valuesComeBack},
		{"every frequency is a series of its own", frequencies},
		{"periods before 1970 are like all others", oldPeriods},
		{"vintages come by region, period and seq", vintageOrder},
		{"a query gives what it asks for", queries},
		{"an as of sees what was public then", asOfCases},
		{"an as of date ends with its day in Shanghai", dateEnds},
		{"the latest released counts, then the latest published", precedence},
		{"a mark hides the earlier value", marksHide},
		{"the same as of and version give the same answer for ever", sameAnswer},
		{"the same content is published once", sameContent},
		{"what is not valid is refused and nothing is written", invalidRefused},
		{"an id is used once", idUsedOnce},
		{"the caller's readings stay as they are", inputUntouched},
		{"a revert is one more fact", revertIsAFact},
		{"a clock set back does no harm", clockSetBack},
		{"concurrent publishers each get a version of their own", concurrentPublishers},
		{"the same content sent by many at once is published once", concurrentSame},
		{"readers see all of a publish or none", allOrNone},
		{"a reader may stop early", stopEarly},
		{"a cancelled context ends the work and nothing is written", cancelled},
		{"a hundred thousand readings are one upload", large},
		{"a restored upload is the one it was", restoredIsTheSame},
		{"a revert may be restored later", revertComesLater},
		{"life goes on after a restore", lifeGoesOn},
		{"what belongs to another upload is not restored", strangersRefused},
		{"readings of another upload are not restored", wrongReadingsRefused},
		{"a cancelled restore writes nothing", restoreCancelled},
		{"it behaves like the model", behavesLikeModel},
	} {
		t.Run(promise.name, func(t *testing.T) {
			t.Parallel()
			promise.test(t, open)
		})
	}
}

// Clock is a clock that tests set. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock starts at the morning of 5 January 2026 in Shanghai.
func NewClock() *Clock {
	return &Clock{t: time.Date(2026, 1, 5, 9, 0, 0, 0, indicator.Shanghai)}
}

// Now is the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Advance moves the clock on, or back.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// fixture is an empty ledger with its clock.
type fixture struct {
	t *testing.T
	ledger.Ledger
	clock *Clock
}

func newFixture(t *testing.T, open Open) *fixture {
	clock := NewClock()
	return &fixture{t, open(t, clock.Now), clock}
}

// publish publishes under an id and fails the test where that does not work.
func (f *fixture) publish(id string, readings ...indicator.Reading) ledger.Publication {
	f.t.Helper()
	return f.publishAs(ledger.Upload{ID: id, Uploader: "li"}, readings...)
}

func (f *fixture) publishAs(u ledger.Upload, readings ...indicator.Reading) ledger.Publication {
	f.t.Helper()
	p, err := f.Publish(f.t.Context(), u, readings)
	if err != nil {
		f.t.Fatalf("Publish %s: %v", u.ID, err)
	}
	return p
}

func (f *fixture) revert(id string) ledger.Publication {
	f.t.Helper()
	p, err := f.Revert(f.t.Context(), id, "wang", "a mistake")
	if err != nil {
		f.t.Fatalf("Revert %s: %v", id, err)
	}
	return p
}

func (f *fixture) history() ledger.History {
	f.t.Helper()
	h, err := f.History(f.t.Context())
	if err != nil {
		f.t.Fatalf("History: %v", err)
	}
	return h
}

func (f *fixture) version() ledger.Version {
	f.t.Helper()
	v, err := f.Version(f.t.Context())
	if err != nil {
		f.t.Fatalf("Version: %v", err)
	}
	return v
}

func (f *fixture) vintages(q ledger.Query) []ledger.Vintage {
	f.t.Helper()
	list, err := collect(f.Vintages(f.t.Context(), q))
	if err != nil {
		f.t.Fatalf("Vintages %+v: %v", q, err)
	}
	return list
}

// unchanged runs f and fails if the ledger's history is another one afterwards.
func (f *fixture) unchanged(what string, act func()) {
	f.t.Helper()
	before := f.history()
	act()
	if diff := cmp.Diff(before, f.history(), samePublications); diff != "" {
		f.t.Errorf("%s: the history changed (-before +after):\n%s", what, diff)
	}
}

// samePublications compares moments, not time zones.
var samePublications = cmp.Options{cmpopts.EquateApproxTime(0), cmpopts.EquateEmpty()}

func collect(vintages iter.Seq2[ledger.Vintage, error]) ([]ledger.Vintage, error) {
	var list []ledger.Vintage
	for v, err := range vintages {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

// values reads the readings of one indicator and frequency at an as of and a
// version the way readers do: History says which uploads count, Vintages says
// what they hold.
func values(ctx context.Context, l ledger.Ledger, q ledger.Query, asOf time.Time, v ledger.Version) (map[indicator.Key]indicator.Reading, error) {
	h, err := l.History(ctx)
	if err != nil {
		return nil, err
	}
	rank := ledger.Rank(h.Visible(asOf, v))
	best := map[indicator.Key]int{}
	readings := map[indicator.Key]indicator.Reading{}
	for vintage, err := range l.Vintages(ctx, q) {
		if err != nil {
			return nil, err
		}
		mine, visible := rank[vintage.Seq]
		if have, ok := best[vintage.Key()]; visible && (!ok || mine < have) {
			best[vintage.Key()], readings[vintage.Key()] = mine, vintage.Reading
		}
	}
	return readings, nil
}

// value is the value of rd_spend in Fujian in 2023, as text: "none" where no
// upload gives one.
func (f *fixture) value(asOf time.Time, v ledger.Version) string {
	f.t.Helper()
	got, err := values(f.t.Context(), f, rdSpend, asOf, v)
	if err != nil {
		f.t.Fatal(err)
	}
	r, ok := got[spend(2023, 0).Key()]
	switch {
	case !ok:
		return "none"
	case !r.Status.HasValue():
		return string(r.Status)
	}
	return fmt.Sprint(r.Value)
}

// rdSpend asks for the yearly readings that spend makes.
var rdSpend = ledger.Query{Indicator: "rd_spend", Freq: indicator.Annual}

// spend is Fujian's R&D spending in a year.
func spend(year int, value float64) indicator.Reading {
	return reading("rd_spend", "350000", indicator.Year(year), value)
}

func reading(code, region string, p indicator.Period, value float64) indicator.Reading {
	return indicator.Reading{Indicator: code, Region: region, Period: p, Value: value, Status: indicator.Normal}
}

// period reads a period that is known to be one.
func period(s string) indicator.Period {
	p, err := indicator.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

func wantError(t *testing.T, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("error %v, want %v", err, kind)
	}
}
