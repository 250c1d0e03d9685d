package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// TestReadingsAsFiles: each format comes under its name, in its language, of the
// moment that was asked for.
func TestReadingsAsFiles(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	h := newHeld(t, f)
	for format, want := range map[string][2]string{
		"csv":  {"readings.csv", "text/csv; charset=utf-8"},
		"xlsx": {"readings.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		"sdmx": {"readings.sdmx.csv", "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"},
	} {
		w := h.send(t, "GET", "/api/v1/readings?format="+format, "", nil)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != want[1] || w.Header().Get("Content-Disposition") != "attachment; filename="+want[0] {
			t.Errorf("%s: %d %v", format, w.Code, w.Header())
		}
	}
	w := h.send(t, "GET", "/api/v1/readings?format=sdmx&labels=both&bom=true&lang=en&region=350000&as_of=2025-06-30&as_of_period=2023", "", nil)
	const head = "\ufeffSTRUCTURE,STRUCTURE_ID,ACTION,FREQ: Frequency,"
	lines := strings.Split(w.Body.String(), "\r\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], head) || !strings.Contains(lines[1], ",350000: Fujian Province,") || !strings.Contains(lines[1], ",2023,1100,A: normal,") {
		t.Errorf("SDMX-CSV:\n%s", w.Body)
	}
	if w := h.send(t, "GET", "/api/v1/readings?format=csv&bom=true", "", nil); !strings.HasPrefix(w.Body.String(), "\ufeffindicator,") {
		t.Errorf("CSV without its mark:\n%s", w.Body)
	}
	w = h.send(t, "GET", "/api/v1/readings?format=xlsx&vintages=all&lang=en", "", nil)
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("R&D expenditure")
	if err != nil || len(rows) != 7 || rows[6][6] != "second" || rows[5][6] != "first" {
		t.Errorf("workbook: %v %v", rows, err)
	}
	again := h.send(t, "GET", "/api/v1/readings?format=xlsx&vintages=all&lang=en", "", nil)
	if !bytes.Equal(w.Body.Bytes(), again.Body.Bytes()) {
		t.Error("the same readings give another workbook")
	}
}

// TestVintagesSayWhoAndWhy: with vintages=all, and only then.
func TestVintagesSayWhoAndWhy(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	h := newHeld(t, f)
	var got list
	decode(t, h.send(t, "GET", "/api/v1/readings?region=350000&to=2023&vintages=all", "", nil), &got)
	if len(got.Items) != 2 {
		t.Fatal(got.Items)
	}
	second := got.Items[1]
	delete(second, "published") // the clock's
	want := map[string]any{"indicator": "rd_spend", "region": "350000", "period": "2023", "value": 1171.7, "unit": "亿元", "status": "A",
		"upload": "second", "released": second["released"], "uploader": "demo", "source": "", "stage": "", "reason": "核实", "generated": false}
	if diff := cmp.Diff(want, second); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var plain list
	decode(t, h.send(t, "GET", "/api/v1/readings?region=350000&to=2023", "", nil), &plain)
	if _, ok := plain.Items[0]["reason"]; ok {
		t.Errorf("a plain reading: %v", plain.Items[0])
	}
}
