package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDryRunTellsWhatWouldFlip: in words and for programs; before there is any
// data the answer says that only the file was looked at, and no file is made.
func TestDryRunTellsWhatWouldFlip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var rising strings.Builder
	rising.WriteString("indicator,region,period,value,unit\n")
	for year := 2018; year <= 2024; year++ {
		fmt.Fprintf(&rising, "rd_spend,350000,%d,%d,亿元\n", year, 600+100*(year-2018))
	}
	falling := writeFile(t, "2025.csv", "indicator,region,period,value,unit\nrd_spend,350000,2025,600,亿元\n")
	type answer struct {
		Problems []struct{ Code string }
		Diff     *struct {
			Counts  map[string]int
			Changes []struct{ Kind, Cell string }
		}
		Flips []struct {
			Target, Region, Method string
			Before, After          struct{ Status, Reason string }
			Counted                *bool
		}
	}
	try := func(dir, file string) (a answer) {
		t.Helper()
		o := dabiao(t, dir, "import", file, "--as", "wang", "--explanation", "checked", "--dry-run", "--json").want(t, exitDone)
		if err := json.Unmarshal([]byte(o.out), &a); err != nil || !strings.Contains(o.out, `"diff":`) || !strings.Contains(o.out, `"flips":`) {
			t.Fatalf("%v in %s", err, o.out)
		}
		return a
	}
	nowhere := filepath.Join(dir, "data")
	if a := try(nowhere, falling); a.Diff != nil || a.Flips != nil || len(a.Problems) != 1 || a.Problems[0].Code != "no_ledger" {
		t.Errorf("without a data directory: %+v", a)
	}
	if _, err := os.Stat(nowhere); !os.IsNotExist(err) {
		t.Errorf("a dry run left a data directory behind: %v", err)
	}
	first := dabiao(t, dir, "import", writeFile(t, "a.csv", rising.String()), "--as", "wang", "--json").want(t, exitDone)
	dabiao(t, dir, "publish", uploadID(t, first.out), "--as", "li").want(t, exitDone)
	a := try(dir, falling)
	if a.Diff == nil || a.Diff.Counts["new"] != 1 || len(a.Diff.Changes) != 1 || a.Diff.Changes[0].Cell != "D2" {
		t.Errorf("diff %+v", a.Diff)
	}
	found := false
	for _, f := range a.Flips {
		found = found || f.Target == "fujian-decision-2-rd_spend" && f.Region == "350000" && f.Method == "pace" &&
			f.Before.Status == "on_track" && f.After.Status == "reversing" && f.Counted != nil && !*f.Counted
	}
	if !found {
		t.Errorf("flips %+v", a.Flips)
	}
	dabiao(t, dir, "import", falling, "--as", "wang", "--explanation", "checked", "--dry-run").want(t, exitDone, "Target statuses that would change:",
		"Fujian R&D expenditure [fujian-decision-2-rd_spend] on track → moving the wrong way (not counted)")
}

// TestAnnotatedImport: the workbook to mend is written beside the file, and never over it.
func TestAnnotatedImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "checked.xlsx")
	file := writeFile(t, "a.csv", strings.Replace(fujian, "1280.5", "many", 1))
	dabiao(t, dir, "import", file, "--as", "wang", "--dry-run", "--annotated", out).want(t, exitFaults, "checked.xlsx", "not_a_number")
	dabiao(t, dir, "import", out, "--as", "wang", "--dry-run").want(t, exitFaults, "checked.xlsx:D3", "not_a_number")
	dabiao(t, dir, "import", file, "--as", "wang", "--annotated", file).want(t, exitFaults, "would overwrite")
	dabiao(t, dir, "import", file, file, "--as", "wang", "--annotated", out).want(t, exitUsage, "one file at a time")
	dabiao(t, dir, "import", file, "--as", "wang", "--annotated", filepath.Join(dir, "no", "such", "place.xlsx")).want(t, exitFaults, "Cannot write")
}
