package snapshot

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

const benchRegions, benchYears = 3000, 25

// loaded is the column of 75,000 readings in two vintages each.
func loaded(tb testing.TB) (*spy, *Snapshot, *Column) {
	l := newSpy(tb)
	for vintage := range 2 {
		var readings []indicator.Reading
		for region := range benchRegions {
			for year := range benchYears {
				readings = append(readings, reading("gdp", fmt.Sprintf("%06d", 110000+region), 2000+year, float64(region+vintage)))
			}
		}
		l.publish(tb, fmt.Sprint(vintage), readings...)
	}
	s := at(tb, cacheOf(l), time.Time{}, 0)
	return l, s, column(tb, s, "gdp")
}

func TestBytesPerReading(t *testing.T) {
	t.Parallel()
	_, _, c := loaded(t)
	bytes := cap(c.values)*8 + cap(c.periods)*4 + cap(c.uploads)*4 + cap(c.status) + cap(c.regions)*(16+8) + cap(c.starts)*4
	if each := float64(bytes) / float64(c.Len()); c.Len() != benchRegions*benchYears || each > 20 {
		t.Errorf("%d readings of %.1f bytes, want %d of at most 20", c.Len(), each, benchRegions*benchYears)
	}
}

// BenchmarkScan reads the series of 31 regions, as a page with a ranking does.
func BenchmarkScan(b *testing.B) {
	_, _, c := loaded(b)
	regions := c.Regions()[:31]
	var sum float64
	b.ReportAllocs()
	for b.Loop() {
		for _, region := range regions {
			for _, p := range c.Series(region).Points {
				sum += p.Value
			}
		}
	}
	runtime.KeepAlive(sum)
}

// BenchmarkLoad reads a column of 75,000 readings from the ledger, two vintages
// each, checks it, and measures what it takes in memory.
func BenchmarkLoad(b *testing.B) {
	l, _, _ := loaded(b)
	var before, after runtime.MemStats
	var c *Column
	for b.Loop() {
		s := at(b, cacheOf(l), time.Time{}, 0)
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		c = column(b, s, "gdp")
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.StartTimer()
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(c.Len()), "bytes/reading")
	runtime.KeepAlive(c)
}
