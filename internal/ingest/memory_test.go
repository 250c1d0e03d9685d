package ingest

import (
	"bytes"
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

// heapWatch is a context that looks at the heap whenever it is asked, which
// the rows of a table do in every stretch of bytes.
type heapWatch struct {
	context.Context
	most uint64
}

// Err counts no garbage that a busy machine has not come to collect.
func (h *heapWatch) Err() error {
	if heapObjects() > h.most {
		runtime.GC()
		h.most = max(h.most, heapObjects())
	}
	return h.Context.Err()
}

func heapObjects() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// TestMemoryOfLongCSV holds a long file to 200 bytes a row, with the file in
// it: a million rows in 200 MB. It is not parallel, as it looks at all of the
// heap, from which garbage is taken early.
func TestMemoryOfLongCSV(t *testing.T) {
	const rows, most = 250_000, 200
	content, catalog := longFile(t, rows)
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	runtime.GC()
	before, watch := heapObjects(), &heapWatch{Context: t.Context()}
	r, err := Parse(watch, bytes.NewReader(content), "long.csv", Options{Catalog: catalog})
	if err != nil || len(r.Cells) != rows {
		t.Fatalf("%d readings, %v", len(r.Cells), err)
	}
	if spent := (watch.most - before) / rows; spent > most {
		t.Errorf("%d bytes a row, want at most %d", spent, most)
	} else {
		t.Logf("%d bytes a row", spent)
	}
	runtime.KeepAlive(content)
}
