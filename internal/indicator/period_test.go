package indicator

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func mustPeriod(s string) Period {
	p, err := ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text       string
		freq       Freq
		year       int
		start, end string
		zh, en     string
	}{
		{"2024", "A", 2024, "2024-01-01", "2025-01-01", "2024年", "2024"},
		{"1969", "A", 1969, "1969-01-01", "1970-01-01", "1969年", "1969"},
		{"0000", "A", 0, "0000-01-01", "0001-01-01", "0年", "0000"},
		{"2024-Q1", "Q", 2024, "2024-01-01", "2024-04-01", "2024年一季度", "Q1 2024"},
		{"2024-Q3", "Q", 2024, "2024-07-01", "2024-10-01", "2024年三季度", "Q3 2024"},
		{"1969-Q4", "Q", 1969, "1969-10-01", "1970-01-01", "1969年四季度", "Q4 1969"},
		{"2024-02", "M", 2024, "2024-02-01", "2024-03-01", "2024年2月", "February 2024"},
		{"2024-12", "M", 2024, "2024-12-01", "2025-01-01", "2024年12月", "December 2024"},
		{"2024-01/P2M", "P2M", 2024, "2024-01-01", "2024-03-01", "2024年1—2月", "January–February 2024"},
		{"2024-01/P9M", "P9M", 2024, "2024-01-01", "2024-10-01", "2024年1—9月", "January–September 2024"},
		{"2024-01/P12M", "P12M", 2024, "2024-01-01", "2025-01-01", "2024年1—12月", "January–December 2024"},
	} {
		p, err := ParsePeriod(c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if p.String() != c.text || p.Freq() != c.freq || p.Year() != c.year || p.IsZero() {
			t.Errorf("%s: %s, freq %s, year %d", c.text, p, p.Freq(), p.Year())
		}
		if start, end := p.Start().Format(time.DateOnly), p.End().Format(time.DateOnly); start != c.start || end != c.end {
			t.Errorf("%s: %s to %s, want %s to %s", c.text, start, end, c.start, c.end)
		}
		if zh, en := p.Label(ZH), p.Label(EN); zh != c.zh || en != c.en {
			t.Errorf("%s: %s and %s, want %s and %s", c.text, zh, en, c.zh, c.en)
		}
	}
}

func TestParsePeriodRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "24", "20240", "２０２４", "2024年", " 2024", "2024\n", "-2024", "2024-Q0", "2024-Q5", "2024-q1", "2024-00", "2024-13", "2024-1",
		"2024-01-01", "2024-01/P1M", "2024-01/P13M", "2024-01/P02M", "2024-02/P2M", "2024-01/P9", "2024-01/9M", "2024/P9M",
	} {
		if p, err := ParsePeriod(s); err == nil {
			t.Errorf("%q was read as %s", s, p)
		}
	}
	for _, s := range []string{"", "a", "W", "P1M", "P13M", "P02M", "PM", "P2", "P-2M", "P2MM"} {
		if f, err := ParseFreq(s); err == nil {
			t.Errorf("%q was read as frequency %s", s, f)
		}
	}
}

// FuzzParsePeriod: whatever is accepted is written back as it was.
func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2024", "2024-Q3", "2024-07", "2024-01/P9M", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParsePeriod(s); err == nil && p.String() != s {
			t.Errorf("%q is written back as %q", s, p)
		}
	})
}

var allFreqs = []Freq{"A", "Q", "M", "P2M", "P3M", "P4M", "P5M", "P6M", "P7M", "P8M", "P9M", "P10M", "P11M", "P12M"}

func drawPeriod(t *rapid.T, label string) Period {
	f := rapid.SampledFrom(allFreqs).Draw(t, label+" freq")
	year := rapid.IntRange(0, 9998).Draw(t, label+" year")
	return PeriodAt(f, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)).Add(rapid.IntRange(0, f.perYear()-1).Draw(t, label+" step"))
}

func TestPeriodProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, n := drawPeriod(t, "p"), rapid.IntRange(-40, 40).Draw(t, "n")
		if back, err := ParsePeriod(p.String()); err != nil || back != p {
			t.Fatalf("%s is read back as %s: %v", p, back, err)
		}
		if f, err := ParseFreq(string(p.Freq())); err != nil || f != p.Freq() {
			t.Fatalf("frequency %s is read back as %s: %v", p.Freq(), f, err)
		}
		if back := PeriodAt(p.Freq(), p.Start()); back != p {
			t.Fatalf("%s begins where %s begins", p, back)
		}
		if later := p.Add(n); later.Sub(p) != n || later.Add(-n) != p || (later.Compare(p) < 0) != (n < 0) {
			t.Fatalf("%s and %d steps are %s", p, n, later)
		}
		if p.Year() != p.Start().Year() || !p.Start().Before(p.End()) {
			t.Fatalf("%s: year %d from %s to %s", p, p.Year(), p.Start(), p.End())
		}
		if p.Freq().toDate() == 0 && p.Add(1).Start() != p.End() {
			t.Fatalf("%s ends %s, the next begins %s", p, p.End(), p.Add(1).Start())
		}
		text, err := json.Marshal(p)
		var back Period
		if err2 := json.Unmarshal(text, &back); err != nil || err2 != nil || back != p {
			t.Fatalf("JSON %s is read back as %s: %v, %v", text, back, err, err2)
		}
	})
}

func TestPeriodCompareIsAnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := drawPeriod(t, "p"), drawPeriod(t, "q"), drawPeriod(t, "r")
		if p.Compare(q) != -q.Compare(p) || (p.Compare(q) == 0) != (p == q) {
			t.Fatalf("%s and %s: %d and %d", p, q, p.Compare(q), q.Compare(p))
		}
		if p.Compare(q) <= 0 && q.Compare(r) <= 0 && p.Compare(r) > 0 {
			t.Fatalf("%s ≤ %s ≤ %s, but not %s ≤ %s", p, q, r, p, r)
		}
		if p.End().Before(q.End()) && p.Compare(q) >= 0 || p.Compare(Period{}) <= 0 {
			t.Fatalf("%s ends before %s and does not come first, or comes before no period", p, q)
		}
	})
	list := []Period{mustPeriod("2024-01/P12M"), mustPeriod("2024"), mustPeriod("2024-12"), {}, mustPeriod("2024-Q4"), mustPeriod("2024-11")}
	slices.SortFunc(list, Period.Compare)
	want := []Period{{}, mustPeriod("2024-11"), mustPeriod("2024"), mustPeriod("2024-12"), mustPeriod("2024-01/P12M"), mustPeriod("2024-Q4")}
	if !slices.Equal(list, want) {
		t.Errorf("sorted %v, want %v", list, want)
	}
}

func TestZeroPeriod(t *testing.T) {
	t.Parallel()
	var p Period
	if !p.IsZero() || p.String() != "" || p.Label(ZH) != "" || p.Label(EN) != "" || Year(0).IsZero() {
		t.Errorf("no period is %q, %q, %q", p, p.Label(ZH), p.Label(EN))
	}
	p = Year(2024)
	if err := json.Unmarshal([]byte(`""`), &p); err != nil || !p.IsZero() {
		t.Errorf("an empty text is %s: %v", p, err)
	}
	if err := json.Unmarshal([]byte(`"soon"`), &p); err == nil {
		t.Error("a text that is no period was read")
	}
}
