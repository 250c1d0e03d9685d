package upload_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// BenchmarkImport takes a long CSV of 100,000 rows from the file through draft,
// diff and publish into an empty SQLite ledger on disk.
func BenchmarkImport(b *testing.B) {
	const indicators, regions, years = 50, 40, 50
	catalog := &indicator.Catalog{}
	for i := range regions {
		code := fmt.Sprintf("%06d", 100000+i)
		name := indicator.T("地区"+code, "Region "+code)
		catalog.Regions = append(catalog.Regions, indicator.Region{Code: code, Name: name, Short: name, Level: indicator.Province, Collected: true})
	}
	var table strings.Builder
	table.WriteString("indicator,region,period,value,unit,status\n")
	for i := range indicators {
		code := fmt.Sprint("indicator_", i)
		catalog.Indicators = append(catalog.Indicators, indicator.Indicator{Code: code, Name: indicator.T("指标"+code, code), Unit: "亿元",
			Measure: indicator.Flow, Frequencies: []indicator.Freq{indicator.Annual}, Levels: []indicator.Level{indicator.Province}})
		for r := range regions {
			for y := range years {
				fmt.Fprintf(&table, "%s,%06d,%d,%d.%d,亿元,A\n", code, 100000+r, 1975+y, 1000+i*r, y)
			}
		}
	}
	catalog.Index()
	content := table.String()
	me := account.User{Name: "me", Role: account.Admin}
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		f := newFixture(b, false)
		f.Catalog = func() *indicator.Catalog { return catalog }
		b.StartTimer()
		staged, err := f.Stage(b.Context(), me, "table.csv", strings.NewReader(content), upload.Options{})
		if err != nil || staged.Upload == nil || len(staged.Cells) != indicators*regions*years {
			b.Fatalf("%v, %d cells, problems %.200v", err, len(staged.Cells), staged.Problems)
		}
		must(f.Publish(b.Context(), me, staged.Upload.ID))(b)
	}
	b.ReportMetric(float64(b.N*indicators*regions*years)/b.Elapsed().Seconds(), "rows/s")
}
