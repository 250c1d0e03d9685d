package ingest

import (
	"bytes"
	"runtime"
	"testing"
)

// TestMemoryOfLongCSV holds a long file to 200 bytes a row, with the file in
// it: a million rows in 200 MB. All that is ever allocated is counted, so it can
// never be more at once. It is not parallel, as others would be counted too.
func TestMemoryOfLongCSV(t *testing.T) {
	const rows, most = 250_000, 200
	content, catalog := longFile(t, rows)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := Parse(t.Context(), bytes.NewReader(content), "long.csv", Options{Catalog: catalog})
	if err != nil || len(r.Cells) != rows {
		t.Fatalf("%d readings, %v", len(r.Cells), err)
	}
	runtime.ReadMemStats(&after)
	if spent := (after.TotalAlloc - before.TotalAlloc) / rows; spent > most {
		t.Errorf("%d bytes a row, want at most %d", spent, most)
	}
}
