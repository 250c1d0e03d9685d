package ingest

import (
	"bytes"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// FuzzParse: no input makes the parser panic, take more than its limits, lose a
// cell or make an invalid reading.
func FuzzParse(f *testing.F) {
	for _, dir := range caseDirs(f) {
		content, name, o := readCase(f, dir)
		if len(content) > 8<<10 {
			continue // the fuzzer works best on small inputs
		}
		f.Add(content, name, o.Indicator, o.Unit, string(o.Status))
	}
	catalog := testCatalog(f)
	limits := Limits{Bytes: 1 << 16, Cells: 1 << 12, Line: 1 << 12, Problems: 1 << 14}
	f.Fuzz(func(t *testing.T, content []byte, name, ind, unit, status string) {
		o := Options{Catalog: catalog, Indicator: ind, Unit: unit, Status: indicator.Status(status), Limits: limits}
		r, err := Parse(t.Context(), bytes.NewReader(content), name, o)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Cells) > limits.Cells {
			t.Errorf("%d readings from at most %d cells", len(r.Cells), limits.Cells)
		}
		if len(r.Cells) == 0 && !indicator.HasErrors(r.Problems) && len(r.Understood.Columns) == 0 {
			t.Error("no reading, no error, nothing understood")
		}
		checkEveryCell(t, content, o, r)
	})
}
