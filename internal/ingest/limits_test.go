package ingest

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/ingest/ingesttest"
)

// TestDefaultLimits: one clear sentence at each limit, naming it, before much is
// spent on the file. It is not parallel: it counts what is allocated.
func TestDefaultLimits(t *testing.T) {
	files := append(ingesttest.BeyondLimits(), ingesttest.File{
		Name: "large.csv", Content: ingesttest.Large(50_000_000), Code: "too_big", Limit: "50 MB"})
	for _, file := range files {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := Parse(t.Context(), bytes.NewReader(file.Content), file.Name, Options{Catalog: testCatalog(t),
			Answers: Answers{Indicator: "gdp", Unit: "亿元"}})
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Problems) != 1 || r.Problems[0].Code != file.Code ||
			!strings.Contains(r.Problems[0].Message.ZH, file.Limit) || !strings.Contains(r.Problems[0].Message.EN, file.Limit) {
			t.Errorf("%s: %+v", file.Name, r.Problems)
		}
		if spent := int(after.TotalAlloc - before.TotalAlloc); spent > 3*len(file.Content)+64<<20 {
			t.Errorf("%s of %d bytes: %d allocated", file.Name, len(file.Content), spent)
		}
	}
}
