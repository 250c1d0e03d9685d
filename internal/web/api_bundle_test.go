package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"net/http"
	"slices"
	"testing"
	"time"
)

// TestBundleOfAMoment: the file is of what was asked for, and holds the verdicts
// that the API gives. That they can be found again from it is tried in cmd/dabiao
// and internal/export.
func TestBundleOfAMoment(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	h := newHeld(t, f)
	for query, want := range map[string]map[string]string{
		"":                                    {"as_of": "", "day": today.Format(time.DateOnly), "as_of_period": ""},
		"?as_of=2025-06-30&as_of_period=2023": {"as_of": "2025-06-30T23:59:59.999+08:00", "day": "2025-06-30", "as_of_period": "2023"},
	} {
		w := h.send(t, "GET", "/api/v1/bundle.zip"+query, "", nil)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/zip" ||
			w.Header().Get("Content-Disposition") != "attachment; filename=dabiao-bundle.zip" {
			t.Fatalf("%q: %d %v", query, w.Code, w.Header())
		}
		got := map[string]string{}
		for _, row := range bundleTable(t, w.Body.Bytes(), "parameters.csv") {
			got[row[0]] = row[1]
		}
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%q: %s is %q, want %q", query, name, got[name], value)
			}
		}
		// Both vintages, whatever the as of: what counts is for the reader to find.
		if rows := bundleTable(t, w.Body.Bytes(), "readings.csv"); len(rows) != 6 {
			t.Errorf("%q: readings %v", query, rows)
		}
		var listed list
		decode(t, h.send(t, "GET", "/api/v1/assessments"+query, "", nil), &listed)
		verdicts := bundleTable(t, w.Body.Bytes(), "assessments.csv")
		verdicts = slices.DeleteFunc(verdicts, func(row []string) bool { return row[2] != "pace" })
		if len(verdicts) != len(listed.Items) {
			t.Fatalf("%q: %d verdicts, the API lists %d", query, len(verdicts), len(listed.Items))
		}
		for i, item := range listed.Items {
			if row := verdicts[i]; row[0] != item["target"] || row[1] != item["region"] || row[4] != item["status"] || row[5] != item["reason"] {
				t.Errorf("%q: %v is not %v", query, row, item)
			}
		}
	}
}

// bundleTable is a table of a bundle, with its head.
func bundleTable(t *testing.T, bundle []byte, name string) [][]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
