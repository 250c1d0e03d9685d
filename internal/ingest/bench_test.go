package ingest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// longFile is a long CSV of so many different readings, by indicator, region
// and period, and the catalogue it fits.
func longFile(tb testing.TB, rows int) ([]byte, *indicator.Catalog) {
	tb.Helper()
	catalog := testCatalog(tb)
	var periods []string
	for year := firstYear; year <= lastYear; year++ {
		periods = append(periods, strconv.Itoa(year))
		for n := range 12 {
			periods = append(periods, fmt.Sprintf("%d-%02d", year, n+1))
		}
		for n := range 4 {
			periods = append(periods, fmt.Sprintf("%d-Q%d", year, n+1))
		}
	}
	var b bytes.Buffer
	b.WriteString("indicator,region,period,value,unit,status\n")
	for i := range catalog.Indicators {
		ind := &catalog.Indicators[i]
		ind.Frequencies, ind.Levels, ind.Max = nil, nil, nil
		for _, region := range catalog.Regions {
			for _, period := range periods {
				if !region.Collected || rows == 0 {
					break
				}
				rows--
				_, _ = fmt.Fprintf(&b, "%s,%s,%s,%d.%d,%s,A\n", ind.Code, region.Code, period, rows%99991, rows%10, ind.Unit)
			}
		}
	}
	if rows > 0 {
		tb.Fatalf("the catalogue is too small: %d rows left", rows)
	}
	return b.Bytes(), catalog
}

func BenchmarkParse(b *testing.B) {
	for _, rows := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			content, catalog := longFile(b, rows)
			o := Options{Catalog: catalog}
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			read := 0
			for b.Loop() {
				r, err := Parse(b.Context(), bytes.NewReader(content), "bench.csv", o)
				if err != nil {
					b.Fatal(err)
				}
				if len(r.Cells) != rows || len(r.Problems) > 0 {
					b.Fatalf("%d readings of %d, problems: %v", len(r.Cells), rows, r.Problems[:min(3, len(r.Problems))])
				}
				read += rows
			}
			b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkQuoted splits 1 MB and 4 MB of quoted cells, in one line or one a line.
// The ratio of the times is near 4, the ratio of the lengths; it is 16 where each
// cell costs a look at the whole rest.
func BenchmarkQuoted(b *testing.B) {
	const size = 1 << 20
	for name, piece := range map[string]string{"line": `"a",`, "rows": "\"a\"\n"} {
		b.Run(name, func(b *testing.B) {
			d := &delimited{comma: ','}
			text := strings.Repeat(piece, 4*size/len(piece))
			split := func(text string) time.Duration {
				start := time.Now()
				for text != "" {
					_, rest, closed := d.cell(text)
					if !closed {
						b.Fatalf("no cell before the last %d bytes", len(text))
					}
					text = rest[1:]
				}
				return time.Since(start)
			}
			var short, long time.Duration
			for b.Loop() {
				short += split(text[:size])
				long += split(text)
			}
			b.ReportMetric(float64(long)/float64(short), "4MB/1MB")
		})
	}
}
