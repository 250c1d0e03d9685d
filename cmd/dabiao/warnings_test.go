package main

import (
	"encoding/json"
	"testing"

	"github.com/dabiao/dabiao/internal/export"
)

const leavesBand = `indicator,region,period,value
manufacturing_share,000000,2018,28.0
manufacturing_share,000000,2019,27.9
manufacturing_share,000000,2020,27.7
manufacturing_share,000000,2021,27.5
manufacturing_share,000000,2022,26.4
manufacturing_share,000000,2023,26.0
manufacturing_share,000000,2024,25.5
`

// TestWarningsOnTheCommandLine lists them in words and for programs.
func TestWarningsOnTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dabiao(t, dir, "warnings").want(t, exitDone, "There are no warnings.")
	file := writeFile(t, "share.csv", leavesBand)
	id := uploadID(t, dabiao(t, dir, "import", file, "--unit", "%", "--as", "wang", "--released", "2025-09-29", "--json").want(t, exitDone).out)
	dabiao(t, dir, "publish", id, "--as", "li").want(t, exitDone)
	dabiao(t, dir, "warnings").want(t, exitDone, "▲ severe  Consecutive moves the wrong way  China  miit-key-tasks-7-manufacturing_share", "(26.7% to 28.7%): 2020 27.7%")
	dabiao(t, dir, "warnings", "--region", "350000").want(t, exitDone, "There are no warnings.")
	dabiao(t, dir, "warnings", "--as-of", "2025-09-01").want(t, exitDone, "There are no warnings.")
	dabiao(t, dir, "warnings", "--region", "350009").want(t, exitFaults, "350009")
	var lines []export.Warning
	if err := json.Unmarshal([]byte(dabiao(t, dir, "warnings", "--json").want(t, exitDone).out), &lines); err != nil || len(lines) != 1 || !lines[0].Open {
		t.Errorf("%+v %v", lines, err)
	}
}
