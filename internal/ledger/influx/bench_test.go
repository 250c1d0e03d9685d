package influx

import (
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

var versions = []string{influxtest.V1, influxtest.V2}

// BenchmarkPublish: bare is the same points as lines that are encoded already,
// posted by two writers.
func BenchmarkPublish(b *testing.B) {
	batch, err := ledger.NewBatch(ledgertest.Readings(1_000_000))
	if err != nil {
		b.Fatal(err)
	}
	var encoded [][]byte
	for chunk := range slices.Chunk(batch.Readings, chunkRows) {
		encoded = append(encoded, appendReadings(nil, chunk, 1))
	}
	for _, version := range versions {
		b.Run("influxdb-"+version, func(b *testing.B) {
			s := influxtest.Start(b, version)
			open := func(b *testing.B) ledger.Ledger { return openOn(b, s, s.Bucket(b), time.Now) }
			ledgertest.BenchmarkPublish(b, open, func(b *testing.B, l ledger.Ledger, _ ledger.Batch) {
				var writers errgroup.Group
				writers.SetLimit(writersAtOne)
				for _, lines := range encoded {
					writers.Go(func() error { return l.(*Ledger).write(b.Context(), lines) })
				}
				if err := writers.Wait(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkVintages(b *testing.B) {
	for _, version := range versions {
		b.Run("influxdb-"+version, func(b *testing.B) {
			s := influxtest.Start(b, version)
			ledgertest.BenchmarkVintages(b, openOn(b, s, s.Bucket(b), time.Now))
		})
	}
}
