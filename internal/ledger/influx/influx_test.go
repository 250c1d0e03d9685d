package influx

import (
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

// openOn opens the ledger of a bucket on a server for a test.
func openOn(tb testing.TB, s *influxtest.Server, bucket string, now func() time.Time, change ...func(*Options)) *Ledger {
	tb.Helper()
	o := Options{URL: s.URL, Org: s.Org, Bucket: bucket, Token: s.Token, Now: now}
	for _, c := range change {
		c(&o)
	}
	l, err := Open(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return l
}

func TestConformance(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		ledgertest.Conformance(t, func(t *testing.T, now func() time.Time) ledger.Ledger {
			return openOn(t, s, s.Bucket(t), now)
		})
	})
}
