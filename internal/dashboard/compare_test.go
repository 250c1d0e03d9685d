package dashboard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// between compares two moments of the test ledger, under two catalogues.
func between(t *testing.T, from, to time.Time, then, now *indicator.Catalog, q Query) []assess.Change {
	t.Helper()
	cache := snapshot.New(testLedger(t))
	var moments []Moment
	for _, m := range []struct {
		at      time.Time
		catalog *indicator.Catalog
	}{{from, then}, {to, now}} {
		snap, err := cache.At(context.Background(), m.at, 0)
		if err != nil {
			t.Fatal(err)
		}
		moments = append(moments, Moment{snap, m.catalog})
	}
	q.Now = today
	changes, err := Compare(context.Background(), moments[0], moments[1], q)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// altered is the test catalogue with its targets changed.
func altered(change func([]indicator.Target) []indicator.Target) *indicator.Catalog {
	c := testCatalog()
	c.Targets = change(testTargets())
	c.Index()
	return c
}

// TestCompareAgreesWithAssess: both verdicts are those that each moment gives by
// itself, for every target and region.
func TestCompareAgreesWithAssess(t *testing.T) {
	t.Parallel()
	cache := snapshot.New(testLedger(t))
	assessed := func(asOf time.Time) []Assessed {
		snap, err := cache.At(context.Background(), asOf, 0)
		if err != nil {
			t.Fatal(err)
		}
		list, err := Assess(context.Background(), snap, testCatalog(), Query{Now: today})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	changes := between(t, day(2025, 10, 1), time.Time{}, testCatalog(), testCatalog(), Query{})
	before, after := assessed(day(2025, 10, 1)), assessed(time.Time{})
	if len(changes) != len(after) || len(before) != len(after) {
		t.Fatalf("%d comparisons of %d and %d verdicts", len(changes), len(before), len(after))
	}
	for i, c := range changes {
		if !assess.SameVerdict(c.Before, before[i].Assessment) || !assess.SameVerdict(c.After, after[i].Assessment) || c.After.Region != after[i].Region {
			t.Errorf("%s %s: %s → %s, want %s → %s", c.After.Target, c.After.Region, c.Before.Status, c.After.Status, before[i].Status, after[i].Status)
		}
	}
	i := slices.IndexFunc(changes, func(c assess.Change) bool { return c.After.Target == "plan-1-rd_intensity" })
	if revised := changes[i].Step(assess.StepRevised).Readings; len(revised) != 1 || revised[0].Period != indicator.Year(2023) ||
		changes[i].To.Uploads[revised[0].After.Upload].Reason != "普查" {
		t.Errorf("the revision of 2023: %+v", revised)
	}
}

func TestCompareFollowsASuccessor(t *testing.T) {
	t.Parallel()
	only := Query{Targets: []string{"plan-1-rd_intensity"}}
	without := altered(func(list []indicator.Target) []indicator.Target { // the old record alone, not superseded yet
		list[5].SupersededBy = ""
		return list[1:]
	})
	c := between(t, day(2025, 10, 1), time.Time{}, without, testCatalog(), only)[0]
	if c.From.Target == nil || c.From.Target.ID != "old-1-rd_intensity" || c.Cause != assess.StepTarget {
		t.Errorf("compared with %+v because of %q", c.From.Target, c.Cause)
	}
	nothing := altered(func(list []indicator.Target) []indicator.Target { return list[1:5] })
	ring := altered(func(list []indicator.Target) []indicator.Target {
		list[0].SupersededBy = "old-1-rd_intensity"
		return list
	})
	for name, now := range map[string]*indicator.Catalog{"nothing": testCatalog(), "a ring of successors": ring} {
		if c := between(t, day(2025, 10, 1), time.Time{}, nothing, now, only)[0]; c.From.Target != nil || !c.Changed() {
			t.Errorf("%s: compared with %+v", name, c.From.Target)
		}
	}
}

// TestCompareListsTargetsThatAreGone: of all targets, not where some are asked for.
func TestCompareListsTargetsThatAreGone(t *testing.T) {
	t.Parallel()
	now := altered(func(list []indicator.Target) []indicator.Target { return list[1:] })
	for name, test := range map[string]struct {
		query Query
		gone  int
	}{"all": {Query{}, 1}, "its region": {Query{Regions: []string{"350000"}}, 1}, "another region": {Query{Regions: []string{"330000"}}, 0},
		"another target": {Query{Targets: []string{"plan-2-energy"}}, 0}} {
		gone := 0
		for _, c := range between(t, day(2025, 10, 1), time.Time{}, testCatalog(), now, test.query) {
			if c.To.Target == nil {
				gone++
				if c.From.Target.ID != "plan-1-rd_intensity" || !strings.Contains(c.Explain().ZH, "已没有这项目标") {
					t.Errorf("%s: %s is gone: %s", name, c.From.Target.ID, c.Explain().ZH)
				}
			}
		}
		if gone != test.gone {
			t.Errorf("%s: %d targets are gone, want %d", name, gone, test.gone)
		}
	}
}

// TestWhyOfDamage: figures that do not add up are not compared, and that is said;
// the list of all comparisons is refused.
func TestWhyOfDamage(t *testing.T) {
	t.Parallel()
	cache := snapshot.New(lossy{testLedger(t), []string{"rd_intensity"}})
	snap := func(asOf time.Time) *snapshot.Snapshot {
		s, err := cache.At(context.Background(), asOf, 0)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	then := Moment{snap(day(2025, 10, 25)), testCatalog()}
	p := Params{Target: "plan-1-rd_intensity", Now: today, Compare: &Earlier{then, "2025-10-25"}}
	v, err := Build(context.Background(), snap(time.Time{}), testCatalog(), page(t, "target"), p)
	if err != nil {
		t.Fatal(err)
	}
	if why := v.Panels[0].Tracks[0].Why; !strings.Contains(why.Text.ZH, "无法比较") || why.Steps != nil || why.Readings != nil {
		t.Errorf("%+v", why)
	}
	_, err = Compare(context.Background(), then, Moment{snap(time.Time{}), testCatalog()}, Query{Now: today})
	var damage *ledger.DamageError
	if !errors.As(err, &damage) {
		t.Errorf("damage is compared: %v", err)
	}
}

// TestCompareTellsWhatCameOutFromWhatWasRevised: a reading that is new at the later
// moment came out in one vintage and was revised in another.
func TestCompareTellsWhatCameOutFromWhatWasRevised(t *testing.T) {
	t.Parallel()
	c := between(t, day(2025, 9, 1), time.Time{}, testCatalog(), testCatalog(), Query{Targets: []string{"plan-1-rd_intensity"}})[0]
	of := func(list []assess.ReadingChange) *assess.ReadingChange {
		if i := slices.IndexFunc(list, func(r assess.ReadingChange) bool { return r.Period == indicator.Year(2023) }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	came, revised := of(c.Step(assess.StepNew).Readings), of(c.Step(assess.StepRevised).Readings)
	if came == nil || came.After.Upload != "first" || came.Before != nil || revised == nil || revised.Before.Upload != "first" || revised.After.Upload != "revision" ||
		revised.Before.Value != came.After.Value || revised.After.Value != 2.25 {
		t.Errorf("came out %+v, revised %+v", came, revised)
	}
	if n := len(c.Step(assess.StepRevised).Readings); n != 1 || len(c.Step(assess.StepNew).Readings) != 7 {
		t.Errorf("%d revisions, %d new readings", n, len(c.Step(assess.StepNew).Readings))
	}
}
