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
