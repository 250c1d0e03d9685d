package ledgertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// event is a publish of the 2023 figure, or a revert of an earlier publish.
type event struct {
	day      string // of January 2026, at nine in the morning
	publish  string // id
	value    float64
	released string // date; empty: the moment of publishing
	revert   string // id
}

// look is one question: the 2023 figure at an as of, after the n-th event
// (0: now). The as of is a date, or "ID" or "ID-1ms" for the moment of a
// publish, "revert ID" or "revert ID-1ms" for that of a revert.
type look struct {
	asOf  string
	after int
	want  string
}

var asOfTable = []struct {
	name   string
	events []event
	looks  []look
}{
	{"published as it became public",
		[]event{{day: "05", publish: "a", value: 1}},
		[]look{{"2026-01-04", 0, "none"}, {"a-1ms", 0, "none"}, {"a", 0, "1"}, {"2026-01-05", 0, "1"}, {"", 0, "1"}, {"2099-12-31", 0, "1"}}},
	{"released earlier than loaded",
		[]event{{day: "05", publish: "a", value: 1, released: "2024-09-30"}},
		[]look{{"2024-09-29", 0, "none"}, {"2024-09-30", 0, "1"}, {"2025-12-31", 0, "1"}, {"", 0, "1"}}},
	{"a revision",
		[]event{{day: "05", publish: "a", value: 1, released: "2024-09-30"}, {day: "06", publish: "b", value: 2, released: "2025-12-20"}},
		[]look{{"2024-12-31", 0, "1"}, {"2025-12-19", 0, "1"}, {"2025-12-20", 0, "2"}, {"", 0, "2"}, {"", 1, "1"}, {"2025-12-31", 1, "1"}}},
	{"the older figure loaded after the newer one",
		[]event{{day: "05", publish: "b", value: 2, released: "2025-12-20"}, {day: "06", publish: "a", value: 1, released: "2024-09-30"}},
		[]look{{"", 0, "2"}, {"2024-12-31", 0, "1"}, {"2024-12-31", 1, "none"}, {"2025-12-31", 1, "2"}}},
	{"a reverted older figure vanishes before loading, stays between, is gone after",
		[]event{{day: "05", publish: "a", value: 1, released: "2024-09-30"}, {day: "15", revert: "a"}},
		[]look{{"2024-12-31", 0, "none"}, {"2026-01-04", 0, "none"}, {"a-1ms", 0, "none"}, {"a", 0, "1"}, {"2026-01-14", 0, "1"},
			{"revert a-1ms", 0, "1"}, {"revert a", 0, "none"}, {"2026-01-15", 0, "none"}, {"", 0, "none"},
			{"2024-12-31", 1, "1"}, {"2026-01-14", 1, "1"}, {"2026-01-15", 1, "1"}, {"", 1, "1"}, {"", 2, "none"}}},
	{"a reverted revision gives way to the earlier figure",
		[]event{{day: "05", publish: "a", value: 1, released: "2024-09-30"}, {day: "06", publish: "b", value: 2}, {day: "10", revert: "b"}},
		[]look{{"2024-12-31", 0, "1"}, {"2026-01-05", 0, "1"}, {"2026-01-06", 0, "2"}, {"2026-01-09", 0, "2"}, {"2026-01-10", 0, "1"},
			{"", 0, "1"}, {"", 2, "2"}, {"2026-01-10", 2, "2"}}},
	{"a revision outlives the figure it revised",
		[]event{{day: "05", publish: "a", value: 1, released: "2024-09-30"}, {day: "06", publish: "b", value: 2, released: "2025-12-20"}, {day: "07", revert: "a"}},
		[]look{{"2024-12-31", 0, "none"}, {"2024-12-31", 2, "1"}, {"2025-12-31", 0, "2"}, {"", 0, "2"}}},
	{"a value said again outlives the revert of the first who said it",
		[]event{{day: "05", publish: "a", value: 1}, {day: "06", publish: "b", value: 2}, {day: "07", publish: "c", value: 2}, {day: "08", revert: "b"}},
		[]look{{"", 0, "2"}, {"2026-01-06", 0, "2"}, {"2026-01-05", 0, "1"}, {"", 1, "1"}}},
	{"reverted and loaded again",
		[]event{{day: "05", publish: "a", value: 1, released: "2024-09-30"}, {day: "06", revert: "a"}, {day: "07", publish: "b", value: 1, released: "2024-09-30"}},
		[]look{{"2024-12-31", 0, "1"}, {"2024-12-31", 2, "none"}, {"", 2, "none"}, {"", 0, "1"}, {"2026-01-06", 0, "1"}}},
	{"all reverted",
		[]event{{day: "05", publish: "a", value: 1}, {day: "06", publish: "b", value: 2}, {day: "07", revert: "a"}, {day: "08", revert: "b"}},
		[]look{{"", 0, "none"}, {"2026-01-05", 0, "1"}, {"2026-01-06", 0, "2"}, {"2026-01-07", 0, "2"}, {"2026-01-08", 0, "none"}, {"", 3, "2"}}},
}

func asOfCases(t *testing.T, open Open) {
	for _, c := range asOfTable {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, open)
			moments, versions := f.play(c.events)
			for _, l := range c.looks {
				version := ledger.Version(0)
				if l.after > 0 {
					version = versions[l.after-1]
				}
				if got := f.value(asOfOf(t, l.asOf, moments), version); got != l.want {
					t.Errorf("as of %q after event %d: %s, want %s", l.asOf, l.after, got, l.want)
				}
			}
		})
	}
}

// play makes the events happen; moments are those of the uploads by id, and of
// reverts by "revert ID". Every upload holds one more reading, of an older year,
// so that no two have the same content.
func (f *fixture) play(events []event) (moments map[string]ledger.Version, versions []ledger.Version) {
	f.t.Helper()
	moments = map[string]ledger.Version{}
	for i, e := range events {
		morning, err := time.ParseInLocation(time.DateOnly, "2026-01-"+e.day, indicator.Shanghai)
		if err != nil {
			f.t.Fatal(err)
		}
		f.clock.Advance(morning.Add(9 * time.Hour).Sub(f.clock.Now()))
		if e.revert != "" {
			p := f.revert(e.revert)
			moments["revert "+e.revert] = p.RevertedAt
			versions = append(versions, p.RevertedAt)
			continue
		}
		u := ledger.Upload{ID: e.publish, Uploader: "li"}
		if e.released != "" {
			if u.Released, err = indicator.ParseReleased(e.released); err != nil {
				f.t.Fatal(err)
			}
		}
		p := f.publishAs(u, spend(2023, e.value), spend(1990+i, 1))
		if p.ID != e.publish {
			f.t.Fatalf("%s was answered with %s", e.publish, p.ID)
		}
		moments[e.publish] = p.At
		versions = append(versions, p.At)
	}
	return moments, versions
}

func asOfOf(t *testing.T, s string, moments map[string]ledger.Version) time.Time {
	t.Helper()
	name, before := strings.CutSuffix(s, "-1ms")
	if at, ok := moments[name]; ok {
		if before {
			at--
		}
		return at.Time()
	}
	asOf, err := indicator.ParseAsOf(s)
	if err != nil {
		t.Fatal(err)
	}
	return asOf
}

func dateEnds(t *testing.T, open Open) {
	f := newFixture(t, open)
	evening := time.Date(2026, 1, 5, 23, 59, 59, int(999*time.Millisecond), indicator.Shanghai)
	f.clock.Advance(evening.Sub(f.clock.Now()))
	f.publish("evening", spend(2023, 1))
	f.clock.Advance(time.Millisecond)
	f.publish("midnight", spend(2023, 2))
	for asOf, want := range map[string]string{
		"2026-01-04": "none", "2026-01-05": "1", "2026-01-06": "2",
		"2026-01-05T15:59:59.998Z": "none", "2026-01-05T15:59:59.999Z": "1", "2026-01-05T16:00:00Z": "2",
	} {
		if got := f.value(asOfOf(t, asOf, nil), 0); got != want {
			t.Errorf("as of %s: %s, want %s", asOf, got, want)
		}
	}
}

func precedence(t *testing.T, open Open) {
	f := newFixture(t, open)
	earlier, later := f.clock.Now().AddDate(-2, 0, 0), f.clock.Now().AddDate(-1, 0, 0)
	for i, step := range []struct {
		released time.Time
		want     string
	}{{earlier, "1"}, {later, "2"}, {earlier, "2"}, {later, "4"}, {time.Time{}, "5"}, {later, "5"}} {
		f.publishAs(ledger.Upload{ID: fmt.Sprint(i), Released: step.released}, spend(2023, float64(i+1)))
		if got := f.value(time.Time{}, 0); got != step.want {
			t.Errorf("after upload %d: %s, want %s", i+1, got, step.want)
		}
	}
	if got := f.value(earlier, 0); got != "3" {
		t.Errorf("of the two first released: %s, want the one published later, 3", got)
	}
}

func marksHide(t *testing.T, open Open) {
	f := newFixture(t, open)
	f.publish("figure", spend(2023, 5))
	for i, status := range []indicator.Status{indicator.Missing, indicator.NotApplicable, indicator.NotCollected} {
		mark := spend(2023, 0)
		mark.Status = status
		id := "mark " + string(status)
		f.publish(id, mark, spend(1990+i, 1))
		if got := f.value(time.Time{}, 0); got != string(status) {
			t.Errorf("under %s: %s", id, got)
		}
		f.revert(id)
		if got := f.value(time.Time{}, 0); got != "5" {
			t.Errorf("after the revert of %s: %s, want 5", id, got)
		}
	}
}

// sameAnswer asks the same questions again while the ledger moves on.
func sameAnswer(t *testing.T, open Open) {
	f := newFixture(t, open)
	answers := map[string]string{}
	for i := range 12 {
		f.clock.Advance(48 * time.Hour)
		id := fmt.Sprint("u", i)
		f.publishAs(ledger.Upload{ID: id, Released: f.clock.Now().AddDate(0, -i%4, 0)}, spend(2023, float64(i)))
		if i%3 == 2 {
			f.revert(fmt.Sprint("u", i-1))
		}
		h := f.history()
		for _, p := range h.Publications {
			for _, v := range []ledger.Version{p.At, p.At + 1, p.RevertedAt} {
				if v == 0 || v > h.Version {
					continue
				}
				for _, asOf := range []time.Time{{}, f.clock.Now().AddDate(0, -2, 0), p.Released, p.At.Time()} {
					question := fmt.Sprint(asOf.UnixMilli(), " ", v)
					answer := f.value(asOf, v)
					if diff := cmp.Diff(ids(h.Visible(asOf, v)), ids(h.At(v).Visible(asOf, 0))); diff != "" {
						t.Errorf("%s: the history at that version shows others (-now +then):\n%s", question, diff)
					}
					if before, asked := answers[question]; asked && before != answer {
						t.Errorf("%s: was %s, is %s", question, before, answer)
					}
					answers[question] = answer
				}
			}
		}
	}
}

func ids(publications []ledger.Publication) []string {
	var list []string
	for _, p := range publications {
		list = append(list, p.ID)
	}
	return list
}

func clockSetBack(t *testing.T, open Open) {
	f := newFixture(t, open)
	first := f.publish("first", spend(2023, 1))
	f.clock.Advance(-time.Hour)
	second := f.publish("second", spend(2023, 2))
	reverted := f.revert("second")
	third := f.publish("third", spend(2023, 3))
	want := []ledger.Version{first.At, first.At + 1, first.At + 2, first.At + 3}
	got := []ledger.Version{first.At, second.At, reverted.RevertedAt, third.At}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("moments (-want +got):\n%s", diff)
	}
	if got := f.value(time.Time{}, 0); got != "3" {
		t.Errorf("value %s, want 3", got)
	}
	// Without a released of its own the figure is public from its moment on.
	if got := f.value(second.At.Time(), 0); got != "2" {
		t.Errorf("as of the second: %s, want 2", got)
	}
}
