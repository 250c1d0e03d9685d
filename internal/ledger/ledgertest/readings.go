package ledgertest

import (
	"fmt"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Readings makes n readings like those of a large yearbook: indicators, regions
// and years, sorted by key, no two alike.
func Readings(n int) []indicator.Reading {
	const years, regions = 25, 400
	readings := make([]indicator.Reading, 0, n)
	for i := range n {
		year, region, code := i%years, i/years%regions, i/years/regions
		readings = append(readings, indicator.Reading{
			Indicator: fmt.Sprintf("indicator_%04d", code),
			Region:    fmt.Sprintf("%06d", 110000+region),
			Period:    indicator.Year(2000 + year),
			Value:     float64(i)*0.37 + 1.25,
			Status:    indicator.Normal,
		})
	}
	return readings
}
