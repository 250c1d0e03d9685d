package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

func BenchmarkPublish(b *testing.B) {
	ledgertest.BenchmarkPublish(b, func(b *testing.B) ledger.Ledger {
		return openAt(b, filepath.Join(b.TempDir(), "ledger.db"), time.Now)
	}, bareInsert)
}

// bareInsert is one prepared statement, one sorted row at a time, one commit.
func bareInsert(b *testing.B, l ledger.Ledger, batch ledger.Batch) {
	tx, err := l.(*Ledger).writer.Begin()
	if err != nil {
		b.Fatal(err)
	}
	statement, err := tx.Prepare(insertStatement("INSERT", 1))
	if err != nil {
		b.Fatal(err)
	}
	defer statement.Close()
	series, region := 0, ""
	for _, r := range batch.Readings {
		if r.Region != region {
			series, region = series+1, r.Region
		}
		if _, err := statement.Exec(series, r.Period.Year(), 1, r.Value, int64(r.Status[0])); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkVintages(b *testing.B) {
	ledgertest.BenchmarkVintages(b, openAt(b, filepath.Join(b.TempDir(), "ledger.db"), time.Now))
}
