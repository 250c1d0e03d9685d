package ledgertest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
)

// BenchmarkPublish measures a publish of a million readings that are in memory,
// from the call to the acknowledgement. Bare does what the store cannot do
// without, in an empty store of its own, and runs next to every publish: the
// metric "of-bare" is the rate of the publish over the rate of bare.
func BenchmarkPublish(b *testing.B, open func(b *testing.B) ledger.Ledger, bare func(b *testing.B, l ledger.Ledger, batch ledger.Batch)) {
	readings := Readings(1_000_000)
	batch, err := ledger.NewBatch(readings)
	if err != nil {
		b.Fatal(err)
	}
	var published, least time.Duration
	b.ReportAllocs()
	for b.Loop() {
		target, plain := open(b), open(b)
		start := time.Now()
		if _, err := target.Publish(context.Background(), ledger.Upload{ID: "million"}, readings); err != nil {
			b.Fatal(err)
		}
		published += time.Since(start)
		start = time.Now()
		bare(b, plain, batch)
		least += time.Since(start)
		if err := target.Close(); err != nil {
			b.Fatal(err)
		}
		if err := plain.Close(); err != nil {
			b.Fatal(err)
		}
	}
	rows := float64(b.N) * float64(len(readings))
	b.ReportMetric(rows/published.Seconds(), "rows/s")
	b.ReportMetric(rows/least.Seconds(), "bare-rows/s")
	b.ReportMetric(least.Seconds()/published.Seconds(), "of-bare")
	b.ReportMetric(0, "ns/op") // both together: says nothing
}

// BenchmarkVintages measures reading one indicator of a hundred, three vintages
// each: what a page waits for when its column is not in memory.
func BenchmarkVintages(b *testing.B, l ledger.Ledger) {
	readings := Readings(1_000_000)
	for i := range 3 {
		for r := range readings {
			readings[r].Value++
		}
		if _, err := l.Publish(b.Context(), ledger.Upload{ID: fmt.Sprint(i)}, readings); err != nil {
			b.Fatal(err)
		}
	}
	query := ledger.Query{Indicator: readings[len(readings)/2].Indicator, Freq: readings[0].Period.Freq()}
	rows := 0
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range l.Vintages(b.Context(), query) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
