package indicator

import (
	"cmp"
	"fmt"
	"math"
)

// Status is the observation status of a reading, an SDMX OBS_STATUS code.
type Status string

// The observation statuses. Missing, NotApplicable and NotCollected carry no value.
const (
	Normal        Status = "A"
	Provisional   Status = "P"
	Estimated     Status = "E"
	Break         Status = "B"
	Missing       Status = "M"
	NotApplicable Status = "N"
	NotCollected  Status = "O"
)

// ParseStatus accepts the seven codes.
func ParseStatus(s string) (Status, error) {
	switch st := Status(s); st {
	case Normal, Provisional, Estimated, Break, Missing, NotApplicable, NotCollected:
		return st, nil
	}
	return "", fmt.Errorf("unknown observation status %q: want A, P, E, B, M, N or O", s)
}

// HasValue reports whether a reading of this status carries a value.
func (s Status) HasValue() bool {
	return s == Normal || s == Provisional || s == Estimated || s == Break
}

// Reading is one value of one indicator, in one region, for one period.
// Value is in the indicator's unit, finite, and 0 where the status has no value.
type Reading struct {
	Indicator string
	Region    string
	Period    Period
	Value     float64
	Status    Status
}

// Key is what a reading is of: two readings with one key are two vintages.
type Key struct {
	Indicator, Region string
	Period            Period
}

// Key gives the reading's key.
func (r Reading) Key() Key { return Key{r.Indicator, r.Region, r.Period} }

// CompareReadings orders by indicator, region and period.
func CompareReadings(a, b Reading) int {
	if c := cmp.Compare(a.Indicator, b.Indicator); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Region, b.Region); c != 0 {
		return c
	}
	return a.Period.Compare(b.Period)
}

// Validate checks what every store may rely on: codes present, a known status,
// a finite value, and no value where the status has none.
func (r Reading) Validate() error {
	if r.Indicator == "" || r.Region == "" || r.Period.IsZero() {
		return fmt.Errorf("reading without indicator, region or period: %+v", r)
	}
	if _, err := ParseStatus(string(r.Status)); err != nil {
		return err
	}
	if math.IsNaN(r.Value) || math.IsInf(r.Value, 0) || !r.Status.HasValue() && r.Value != 0 {
		return fmt.Errorf("reading %s %s %s: value %v does not fit status %s",
			r.Indicator, r.Region, r.Period, r.Value, r.Status)
	}
	return nil
}

// Point is one reading inside a Series, with the upload it came from.
type Point struct {
	Period Period
	Value  float64
	Status Status
	Upload string

	// Revised: an earlier vintage had another value.
	Revised bool
}

// Series is the readings of one indicator in one region at one frequency, by
// ascending period. Points without a value stay in it, so that a withdrawal
// can be told from a gap.
type Series struct {
	Indicator string
	Region    string
	Freq      Freq
	Points    []Point
}

// Latest is the newest point with a value at or before limit; a zero limit is none.
func (s Series) Latest(limit Period) (Point, bool) {
	for i := len(s.Points) - 1; i >= 0; i-- {
		p := s.Points[i]
		if p.Status.HasValue() && (limit.IsZero() || p.Period.Compare(limit) <= 0) {
			return p, true
		}
	}
	return Point{}, false
}

// At is the point with a value at exactly period.
func (s Series) At(period Period) (Point, bool) {
	for _, p := range s.Points {
		if p.Period == period && p.Status.HasValue() {
			return p, true
		}
	}
	return Point{}, false
}

// Until is the series cut after limit.
func (s Series) Until(limit Period) Series {
	if limit.IsZero() {
		return s
	}
	cut := s
	for len(cut.Points) > 0 && cut.Points[len(cut.Points)-1].Period.Compare(limit) > 0 {
		cut.Points = cut.Points[:len(cut.Points)-1]
	}
	return cut
}
