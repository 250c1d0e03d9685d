package dashboard

import (
	"context"
	"math"
	"testing"

	"github.com/dabiao/dabiao/internal/forecast"
)

// BenchmarkPool is what the first page of a version pays for each indicator: the
// forecasts and the backtest of the nation and 31 provinces, 14 readings each.
func BenchmarkPool(b *testing.B) {
	var series []forecast.Series
	for r := range 32 {
		s := forecast.Series{Range: forecast.Range{Min: 0, Max: math.Inf(1)}}
		for year := range 14 {
			growth := 1.02 + float64(r%7)/100
			s.Points = append(s.Points, forecast.Point{Time: 2011 + year,
				Value: 100 * float64(r+1) * math.Pow(growth, float64(year)) * (1 + 0.03*math.Sin(float64(7*r+3*year)))})
		}
		series = append(series, s)
	}
	ctx := context.Background()
	b.Run("forecast", func(b *testing.B) {
		for b.Loop() {
			if _, err := forecast.All(ctx, series, forecast.Options{Horizon: Horizon - 2024, Level: OuterLevel}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("backtest", func(b *testing.B) {
		for b.Loop() {
			if _, err := forecast.Backtest(ctx, series, forecast.Options{Horizon: trialYears, Level: OuterLevel}, trialOrigins); err != nil {
				b.Fatal(err)
			}
		}
	})
}
