package ledger_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

func reading(code, region, period string, value float64) indicator.Reading {
	p, err := indicator.ParsePeriod(period)
	if err != nil {
		panic(err)
	}
	return indicator.Reading{Indicator: code, Region: region, Period: p, Value: value, Status: indicator.Normal}
}

// drawReadings draws readings with different keys, in any order.
func drawReadings(t *rapid.T) []indicator.Reading {
	one := rapid.Custom(func(t *rapid.T) indicator.Reading {
		return reading(
			rapid.SampledFrom([]string{"gdp", "gdp_per_capita", "rd_spend"}).Draw(t, "indicator"),
			rapid.SampledFrom([]string{"000000", "110000", "350000"}).Draw(t, "region"),
			rapid.SampledFrom([]string{"1969", "2023", "2024", "2024-Q4", "2024-12", "2024-01/P12M", "2024-01/P2M", "2024-02"}).Draw(t, "period"),
			rapid.Float64Range(-1e6, 1e6).Draw(t, "value"))
	})
	return rapid.SliceOfNDistinct(one, 1, 20, indicator.Reading.Key).Draw(t, "readings")
}

func TestBatchDoesNotMindTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		readings := drawReadings(t)
		given := slices.Clone(readings)
		shuffled := rapid.Permutation(readings).Draw(t, "shuffled")
		batch, err := ledger.NewBatch(readings)
		if err != nil {
			t.Fatal(err)
		}
		other, err := ledger.NewBatch(shuffled)
		if err != nil {
			t.Fatal(err)
		}
		want := slices.SortedFunc(slices.Values(readings), indicator.CompareReadings)
		if !slices.Equal(batch.Readings, want) || !slices.Equal(other.Readings, want) {
			t.Fatalf("sorted %v and %v, want %v", batch.Readings, other.Readings, want)
		}
		if batch.SHA != other.SHA || batch.SHA != ledger.ContentHash(shuffled) || !slices.Equal(batch.Parts, other.Parts) {
			t.Fatal("hash or parts depend on the order")
		}
		if !slices.Equal(readings, given) {
			t.Fatal("the caller's readings were moved")
		}
		rows, sum := 0, uint64(0)
		for _, part := range batch.Parts {
			rows += part.Rows
			sum += part.Checksum
		}
		for _, r := range readings {
			sum -= ledger.Checksum(r)
		}
		if rows != len(readings) || sum != 0 {
			t.Fatalf("parts count %d of %d readings, checksum off by %d", rows, len(readings), sum)
		}
	})
}

func TestHashSeesEveryField(t *testing.T) {
	t.Parallel()
	base := reading("gdp", "350000", "2024", 1)
	seen := map[string]string{}
	sums := map[uint64]string{}
	for name, change := range map[string]func(*indicator.Reading){
		"as it is":  func(*indicator.Reading) {},
		"indicator": func(r *indicator.Reading) { r.Indicator = "gdp3" },
		"region":    func(r *indicator.Reading) { r.Region = "50000" }, // "gdp3"+"50000" spells the same
		"period":    func(r *indicator.Reading) { r.Period = indicator.Year(2025) },
		"frequency": func(r *indicator.Reading) { r.Period, _ = indicator.ParsePeriod("2024-01/P12M") },
		"value":     func(r *indicator.Reading) { r.Value = math.Nextafter(1, 2) },
		"sign":      func(r *indicator.Reading) { r.Value = -1 },
		"status":    func(r *indicator.Reading) { r.Status = indicator.Provisional },
	} {
		r := base
		change(&r)
		hash := ledger.ContentHash([]indicator.Reading{r})
		if other, ok := seen[hash]; ok {
			t.Errorf("%s and %s have one hash", name, other)
		}
		if other, ok := sums[ledger.Checksum(r)]; ok {
			t.Errorf("%s and %s have one checksum", name, other)
		}
		seen[hash], sums[ledger.Checksum(r)] = name, name
	}
	minus := base
	base.Value, minus.Value = 0, math.Copysign(0, -1)
	if ledger.ContentHash([]indicator.Reading{base}) != ledger.ContentHash([]indicator.Reading{minus}) {
		t.Error("0 and −0 are two contents")
	}
}

// TestHashStands pins the hash and the checksum: ledgers keep them for ever.
func TestHashStands(t *testing.T) {
	t.Parallel()
	readings := []indicator.Reading{reading("gdp", "350000", "2024", 57761.02), reading("rd_spend", "000000", "2024-01/P9M", 0)}
	const hash = "4983a80ad95cef9fae7b8d23e6be1f4be5b82aeea2c014fe6a0e9e6c589a68dd"
	const sum uint64 = 3076485747472843454
	if got := ledger.ContentHash(readings); got != hash {
		t.Errorf("hash %s, was %s", got, hash)
	}
	if got := ledger.Checksum(readings[0]); got != sum {
		t.Errorf("checksum %d, was %d", got, sum)
	}
}

func TestNewBatchRefuses(t *testing.T) {
	t.Parallel()
	a := reading("gdp", "350000", "2024", 1)
	b := a
	b.Value = 2
	blank := a
	blank.Region = "350 000"
	for _, c := range []struct {
		readings []indicator.Reading
		want     string
	}{
		{nil, "invalid: an upload without readings"},
		{[]indicator.Reading{a, b}, "invalid: reading gdp 350000 2024 is there twice"},
		{[]indicator.Reading{a, blank}, `invalid: reading "gdp" "350 000" 2024: a code is of letters, digits, underscore, hyphen and dot`},
	} {
		_, err := ledger.NewBatch(c.readings)
		if !errors.Is(err, ledger.ErrInvalid) || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

func TestMomentsAndSeq(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at, seq := ledger.Version(0), int64(-1)
		for range 20 {
			now := time.UnixMilli(rapid.Int64Range(0, 2_900_000_000_000).Draw(t, "now")) // 1970 to 2061
			next := ledger.NextMoment(now, at)
			if next <= at || next.Time().Before(now) {
				t.Fatalf("moment %d after %d, the clock says %d", next, at, now.UnixMilli())
			}
			instance := rapid.IntRange(0, 63).Draw(t, "instance")
			n := ledger.Seq(next, instance)
			if n <= seq || n%64 != int64(instance) || n >= 24*time.Hour.Nanoseconds() {
				t.Fatalf("seq %d after %d", n, seq)
			}
			at, seq = next, n
		}
	})
}

func TestReleased(t *testing.T) {
	t.Parallel()
	batch, err := ledger.NewBatch([]indicator.Reading{reading("gdp", "350000", "2024", 1)})
	if err != nil {
		t.Fatal(err)
	}
	at := ledger.Version(time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC).UnixMilli())
	for _, c := range []struct {
		released, want time.Time
	}{
		{time.Time{}, at.Time()},
		{at.Time(), at.Time()},
		{at.Time().Add(999 * time.Microsecond), at.Time()}, // the same millisecond
		{time.Date(2024, 9, 30, 0, 0, 0, 0, indicator.Shanghai), time.Date(2024, 9, 29, 16, 0, 0, 0, time.UTC)},
	} {
		p, err := batch.Publication(ledger.Upload{ID: "a", Released: c.released}, at, 1)
		if err != nil || !p.Released.Equal(c.want) {
			t.Errorf("released %s becomes %s, want %s: %v", c.released, p.Released, c.want, err)
		}
	}
	_, err = batch.Publication(ledger.Upload{ID: "a", Released: at.Time().Add(time.Millisecond)}, at, 1)
	if !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("released after its moment: %v", err)
	}
}

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]ledger.Version{"": 0, "0": 0, "1767574800000": 1767574800000} {
		if v, err := ledger.ParseVersion(s); err != nil || v != want {
			t.Errorf("%q is %d, want %d: %v", s, v, want, err)
		}
	}
	for _, s := range []string{"-1", "now", "1.5", " 1", "99999999999999999999"} {
		if _, err := ledger.ParseVersion(s); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%q: error %v, want invalid", s, err)
		}
	}
}

func TestHistoryAt(t *testing.T) {
	t.Parallel()
	h := ledger.History{Version: 40, Publications: []ledger.Publication{
		{Upload: ledger.Upload{ID: "a"}, Seq: 1, At: 10, RevertedAt: 40, RevertedBy: "wang", RevertNote: "why"},
		{Upload: ledger.Upload{ID: "b"}, Seq: 2, At: 20, RevertedAt: 30},
	}}
	for _, c := range []struct {
		v, want  ledger.Version
		ids      int
		reverted ledger.Version // of the first
	}{{0, 40, 2, 40}, {40, 40, 2, 40}, {99, 40, 2, 40}, {39, 30, 2, 0}, {30, 30, 2, 0}, {20, 20, 2, 0}, {19, 10, 1, 0}, {9, 9, 0, 0}} {
		got := h.At(c.v)
		if got.Version != c.want || len(got.Publications) != c.ids {
			t.Errorf("at %d: version %d with %d publications, want %d with %d", c.v, got.Version, len(got.Publications), c.want, c.ids)
			continue
		}
		if c.ids > 0 {
			if p := got.Publications[0]; p.RevertedAt != c.reverted || (p.RevertedBy == "") != (c.reverted == 0) || (p.RevertNote == "") != (c.reverted == 0) {
				t.Errorf("at %d: %+v", c.v, p)
			}
		}
	}
	if h.Publications[0].RevertedAt != 40 {
		t.Error("At changed the history it was asked of")
	}
}
