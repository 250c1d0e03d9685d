package ledgertest

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// model is the ledger as the design tells it, in the plainest way: a list of
// facts that is gone through for every question. It shares no code with the
// implementations.
type model struct {
	facts  []fact
	newest int64 // moment of the newest event
}

type fact struct {
	id       string
	at       int64 // Unix ms
	released int64
	reverted int64 // 0: not
	readings map[indicator.Key]indicator.Reading
}

// never is the as of without a limit, and the version that is the current one.
const never = math.MaxInt64

// counts is the rule of what is visible at as of t and version v.
func (f fact) counts(t, v int64) bool {
	hidden := f.reverted != 0 && f.reverted <= v && (f.reverted <= t || t < f.at)
	return f.released <= t && f.at <= v && !hidden
}

// values is every reading at as of t and version v: of all facts that count,
// the one released last, and of those, the one that happened last.
func (m *model) values(t, v int64) map[indicator.Key]indicator.Reading {
	best := map[indicator.Key]fact{}
	for _, f := range m.facts {
		if !f.counts(t, v) {
			continue
		}
		for key := range f.readings {
			have, ok := best[key]
			if !ok || f.released > have.released || f.released == have.released && f.at > have.at {
				best[key] = f
			}
		}
	}
	values := map[indicator.Key]indicator.Reading{}
	for key, f := range best {
		values[key] = f.readings[key]
	}
	return values
}

// same is the id of the published fact that this content is answered with.
func (m *model) same(readings map[indicator.Key]indicator.Reading, released int64) (string, bool) {
	values := m.values(released, never)
	for key, r := range readings {
		if values[key] != r {
			return "", false
		}
	}
	// Of several with one content the one that gives the values, see values.
	id, best := "", fact{}
	for _, f := range m.facts {
		if f.reverted == 0 && f.counts(released, never) && maps.Equal(f.readings, readings) &&
			(id == "" || f.released > best.released || f.released == best.released && f.at > best.at) {
			id, best = f.id, f
		}
	}
	return id, id != ""
}

// machine drives a ledger and the model side by side.
type machine struct {
	ledger ledger.Ledger
	clock  *Clock
	model  model
	ids    int
}

func behavesLikeModel(t *testing.T, open Open) {
	rapid.Check(t, func(rt *rapid.T) {
		clock := NewClock()
		m := &machine{ledger: open(t, clock.Now), clock: clock}
		defer m.ledger.Close() // only sooner than the test's own
		rt.Repeat(map[string]func(*rapid.T){
			"publish": m.publish,
			"again":   m.again,
			"revert":  m.revert,
			"wait":    m.wait,
			"read":    m.read,
			"":        m.check,
		})
	})
}

// moment draws a moment near the events: exactly at one, just before, or days off.
func (m *machine) moment(t *rapid.T, label string) int64 {
	moments := []int64{m.clock.Now().UnixMilli()}
	for _, f := range m.model.facts {
		moments = append(moments, f.at, f.released)
		if f.reverted != 0 {
			moments = append(moments, f.reverted)
		}
	}
	off := rapid.SampledFrom([]int64{0, 0, -1, 1, -86_400_000, 86_400_000}).Draw(t, label+" off")
	return rapid.SampledFrom(moments).Draw(t, label) + off
}

func (m *machine) publish(t *rapid.T) {
	year := rapid.Custom(func(t *rapid.T) indicator.Reading {
		r := spend(rapid.IntRange(2020, 2023).Draw(t, "year"), float64(rapid.IntRange(0, 2).Draw(t, "value")))
		if r.Value == 0 {
			r.Status = indicator.Missing
		}
		return r
	})
	m.send(t, rapid.SliceOfNDistinct(year, 1, 3, indicator.Reading.Key).Draw(t, "readings"))
}

// again sends the content of an earlier upload once more.
func (m *machine) again(t *rapid.T) {
	if len(m.model.facts) == 0 {
		return // nothing published yet
	}
	m.send(t, slices.Collect(maps.Values(rapid.SampledFrom(m.model.facts).Draw(t, "fact").readings)))
}

func (m *machine) send(t *rapid.T, readings []indicator.Reading) {
	m.ids++
	upload := ledger.Upload{ID: fmt.Sprint("u", m.ids)}
	released := int64(never)
	if rapid.Bool().Draw(t, "with released") {
		released = m.moment(t, "released")
		upload.Released = time.UnixMilli(released)
	}
	content := map[indicator.Key]indicator.Reading{}
	for _, r := range readings {
		content[r.Key()] = r
	}
	at := max(m.clock.Now().UnixMilli(), m.model.newest+1)
	got, err := m.ledger.Publish(t.Context(), upload, readings)
	if released != never && released > at {
		if !errors.Is(err, ledger.ErrInvalid) {
			t.Fatalf("released %d after %d: error %v", released, at, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if id, ok := m.model.same(content, released); ok {
		if got.ID != id {
			t.Fatalf("answered with %s, want the earlier %s", got.ID, id)
		}
		return
	}
	if got.ID != upload.ID || int64(got.At) != at {
		t.Fatalf("answered with %s at %d, want %s at %d", got.ID, got.At, upload.ID, at)
	}
	if released == never {
		released = at
	}
	m.model.facts = append(m.model.facts, fact{id: upload.ID, at: at, released: released, readings: content})
	m.model.newest = at
}

func (m *machine) revert(t *rapid.T) {
	if len(m.model.facts) == 0 {
		return // nothing published yet
	}
	f := &m.model.facts[rapid.IntRange(0, len(m.model.facts)-1).Draw(t, "fact")]
	if f.reverted == 0 {
		f.reverted = max(m.clock.Now().UnixMilli(), m.model.newest+1)
		m.model.newest = f.reverted
	}
	got, err := m.ledger.Revert(t.Context(), f.id, "wang", "")
	if err != nil || int64(got.RevertedAt) != f.reverted {
		t.Fatalf("reverted %s at %d, want %d: %v", f.id, got.RevertedAt, f.reverted, err)
	}
}

// wait lets time pass, and sometimes sets the clock back.
func (m *machine) wait(t *rapid.T) {
	m.clock.Advance(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Hour, 48 * time.Hour, -time.Hour}).Draw(t, "wait"))
}

// read asks for the values at a random as of and version.
func (m *machine) read(t *rapid.T) {
	asOf, version := int64(never), int64(never)
	var givenAsOf time.Time
	var givenVersion ledger.Version
	if rapid.Bool().Draw(t, "with as of") {
		asOf = m.moment(t, "as of")
		givenAsOf = time.UnixMilli(asOf)
	}
	if rapid.Bool().Draw(t, "with version") {
		version = m.moment(t, "version")
		givenVersion = ledger.Version(version)
	}
	m.compare(t, givenAsOf, givenVersion, asOf, version)
}

// check holds the version and the current values against the model after every step.
func (m *machine) check(t *rapid.T) {
	if v, err := m.ledger.Version(t.Context()); err != nil || int64(v) != m.model.newest {
		t.Fatalf("version %d, want %d: %v", v, m.model.newest, err)
	}
	m.compare(t, time.Time{}, 0, never, never)
}

func (m *machine) compare(t *rapid.T, asOf time.Time, v ledger.Version, modelAsOf, modelVersion int64) {
	got, err := values(t.Context(), m.ledger, rdSpend, asOf, v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.model.values(modelAsOf, modelVersion), got, comparePeriods); diff != "" {
		t.Fatalf("as of %d, version %d (-model +ledger):\n%s", modelAsOf, modelVersion, diff)
	}
}
