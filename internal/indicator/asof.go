package indicator

import (
	"fmt"
	"time"
)

// Shanghai is the zone in which a date without a clock is understood.
// China has kept one offset since 1991, so a fixed zone needs no zone database.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// ParseAsOf reads an as of: a date means its last millisecond in Shanghai, an
// RFC 3339 time means itself; empty is the zero time, which is no limit.
func ParseAsOf(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseInLocation(time.DateOnly, s, Shanghai); err == nil {
		return d.AddDate(0, 0, 1).Add(-time.Millisecond), nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("not a date: %q (want 2024-12-31 or 2024-12-31T08:00:00+08:00)", s)
}

// ParseMoment reads a moment to come, as people and browsers write it: a date and
// a clock, in Shanghai where no zone is given, or a date alone, which is its beginning.
func ParseMoment(s string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, Shanghai); err == nil {
			return t, nil
		}
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("not a moment: %q (want 2026-12-01T09:00, in Shanghai's time)", s)
}

// ParseReleased reads a moment of release: a date means its beginning in Shanghai.
func ParseReleased(s string) (time.Time, error) {
	if d, err := time.ParseInLocation(time.DateOnly, s, Shanghai); err == nil {
		return d, nil
	}
	return ParseAsOf(s)
}
