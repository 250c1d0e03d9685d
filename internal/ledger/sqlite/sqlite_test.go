package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

// openAt opens the ledger of a path for a test.
func openAt(tb testing.TB, path string, now func() time.Time) *Ledger {
	tb.Helper()
	l, err := Open(tb.Context(), path, now)
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
	ledgertest.Conformance(t, func(t *testing.T, now func() time.Time) ledger.Ledger {
		return openAt(t, filepath.Join(t.TempDir(), "ledger.db"), now)
	})
}

func TestGivesBack(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"all rows are lost":      `DELETE FROM reading_log WHERE upload = ?`,
		"one row is lost":        `DELETE FROM reading_log WHERE upload = ?1 AND (series, period) = (SELECT series, period FROM reading_log WHERE upload = ?1 LIMIT 1)`,
		"every value is another": `UPDATE reading_log SET value = value + 1 WHERE upload = ?`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ledgertest.GivesBack(t, func(t *testing.T, now func() time.Time) (ledger.Ledger, func(ledger.Publication)) {
				l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), now)
				return l, func(p ledger.Publication) {
					if _, err := l.writer.Exec(statement, p.Seq); err != nil {
						t.Fatal(err)
					}
				}
			})
		})
	}
}
