package upload_test

import (
	"database/sql"
	csvpkg "encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// longTable is a long CSV, one row a reading, and the catalogue that knows it.
func longTable(indicators, regions, years int) (*indicator.Catalog, string) {
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
				fmt.Fprintf(&table, "%s,%06d,%d,%d.%d,亿元,A\n", code, 100000+r, 2025-years+y, 1000+i*r, y)
			}
		}
	}
	catalog.Index()
	return catalog, table.String()
}

// BenchmarkImport takes a long CSV of 100,000 rows from the file through draft,
// diff and publish into an empty SQLite ledger on disk.
func BenchmarkImport(b *testing.B) {
	const indicators, regions, years = 50, 40, 50
	catalog, content := longTable(indicators, regions, years)
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
			b.Fatalf("%v, %d cells, %d problems", err, len(staged.Cells), len(staged.Problems))
		}
		must(f.Publish(b.Context(), me, staged.Upload.ID))(b)
	}
	b.ReportMetric(float64(b.N*indicators*regions*years)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkDraft takes a long CSV of a million rows from the file to a draft: read,
// checked, held against what is published, and kept on the disk. Bare is the same
// file through encoding/csv into a table of its own, and runs next to every draft:
// the metric "of-bare" is the rate of the draft over the rate of bare. The ledger is
// empty, or holds every reading with another value.
func BenchmarkDraft(b *testing.B) {
	const indicators, regions, years = 100, 100, 100
	catalog, content := longTable(indicators, regions, years)
	for _, name := range []string{"new", "revised"} {
		b.Run(name, func(b *testing.B) {
			var drafted, least time.Duration
			b.ReportAllocs()
			for b.Loop() {
				f := newFixture(b, false)
				f.Catalog = func() *indicator.Catalog { return catalog }
				if name == "revised" {
					f.publishTable(b, strings.ReplaceAll(content, ",亿元", "5,亿元"))
				}
				start := time.Now()
				staged, err := f.Stage(b.Context(), me, "table.csv", strings.NewReader(content), upload.Options{Reason: "修订"})
				drafted += time.Since(start)
				if err != nil || staged.Upload == nil || len(staged.Cells) != indicators*regions*years {
					b.Fatalf("%v, %d cells, %d problems", err, len(staged.Cells), len(staged.Problems))
				}
				least += bareDraft(b, content)
			}
			rows := float64(b.N * indicators * regions * years)
			b.ReportMetric(rows/drafted.Seconds(), "rows/s")
			b.ReportMetric(rows/least.Seconds(), "bare-rows/s")
			b.ReportMetric(least.Seconds()/drafted.Seconds(), "of-bare")
			b.ReportMetric(0, "ns/op") // both together: says nothing
		})
	}
}

var me = account.User{Name: "me", Role: account.Admin}

func (f *fixture) publishTable(b *testing.B, content string) {
	b.Helper()
	staged, err := f.Stage(b.Context(), me, "before.csv", strings.NewReader(content), upload.Options{})
	if err != nil || staged.Upload == nil {
		b.Fatalf("%v, %d problems", err, len(staged.Problems))
	}
	must(f.Publish(b.Context(), me, staged.Upload.ID))(b)
	f.later(time.Hour)
}

// bareDraft is one prepared statement, one record at a time, one commit, in a
// database that is as safe as ours.
func bareDraft(b *testing.B, content string) time.Duration {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	must(db.Exec(`CREATE TABLE draft (indicator TEXT, region TEXT, period TEXT, value REAL, unit TEXT, status TEXT)`))(b)
	start := time.Now()
	tx := must(db.Begin())(b)
	insert := must(tx.Prepare(`INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?)`))(b)
	defer insert.Close()
	records := csvpkg.NewReader(strings.NewReader(content))
	records.ReuseRecord = true
	must(records.Read())(b)
	for {
		r, err := records.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
		if _, err := insert.Exec(r[0], r[1], r[2], r[3], r[4], r[5]); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
