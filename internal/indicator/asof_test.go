package indicator

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseAsOfAndReleased(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, asOf, released string }{
		{"2024-12-31", "2024-12-31T15:59:59.999Z", "2024-12-30T16:00:00Z"},
		{"2024-02-29", "2024-02-29T15:59:59.999Z", "2024-02-28T16:00:00Z"},
		{"1949-10-01", "1949-10-01T15:59:59.999Z", "1949-09-30T16:00:00Z"},
		{"2024-12-31T08:00:00+08:00", "2024-12-31T00:00:00Z", "2024-12-31T00:00:00Z"},
		{"2024-12-31T08:00:00.5Z", "2024-12-31T08:00:00.5Z", "2024-12-31T08:00:00.5Z"},
	} {
		asOf, err := ParseAsOf(c.text)
		if got := asOf.UTC().Format(time.RFC3339Nano); err != nil || got != c.asOf {
			t.Errorf("as of %s is %s, want %s: %v", c.text, got, c.asOf, err)
		}
		released, err := ParseReleased(c.text)
		if got := released.UTC().Format(time.RFC3339Nano); err != nil || got != c.released {
			t.Errorf("released %s is %s, want %s: %v", c.text, got, c.released, err)
		}
	}
	if asOf, err := ParseAsOf(""); err != nil || !asOf.IsZero() {
		t.Errorf("an empty as of is %s: %v", asOf, err)
	}
	for _, s := range []string{"2024", "2024-12", "2024-02-30", "31.12.2024", "2024-12-31 08:00", "2024-12-31T08:00:00", "yesterday", " 2024-12-31"} {
		if got, err := ParseAsOf(s); err == nil {
			t.Errorf("as of %q was read as %s", s, got)
		}
		if got, err := ParseReleased(s); err == nil {
			t.Errorf("released %q was read as %s", s, got)
		}
	}
}

// TestDaysMeet: what is released on a day is visible as of that day and not as
// of the day before, wherever the reader sits.
func TestDaysMeet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(rapid.IntRange(1950, 2060).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		asOf := func(d time.Time) time.Time {
			m, err := ParseAsOf(d.Format(time.DateOnly))
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		released, err := ParseReleased(day.Format(time.DateOnly))
		if err != nil {
			t.Fatal(err)
		}
		if released.After(asOf(day)) || !released.After(asOf(day.AddDate(0, 0, -1))) {
			t.Fatalf("released %s, as of %s", released, asOf(day))
		}
		if got := released.Sub(asOf(day.AddDate(0, 0, -1))); got != time.Millisecond {
			t.Fatalf("%s between a day's end and the next day", got)
		}
	})
}
