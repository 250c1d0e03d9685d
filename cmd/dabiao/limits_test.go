package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dabiao/dabiao/internal/ingest/ingesttest"
)

// TestLimitsOfImport: one clear sentence at each limit, which names it.
func TestLimitsOfImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := append(ingesttest.BeyondLimits(), ingesttest.File{Name: "large.csv", Content: ingesttest.Large(50 << 20), Code: "too_big", Limit: "50 MiB"})
	for _, file := range files {
		path := filepath.Join(dir, file.Name)
		if err := os.WriteFile(path, file.Content, 0o600); err != nil {
			t.Fatal(err)
		}
		dabiao(t, dir, "import", path, "--as", "wang", "--indicator", "gdp", "--unit", "亿元").want(t, exitFaults, file.Code, file.Limit, "nothing was kept")
	}
	config := writeFile(t, "dabiao.yaml", "limits: {upload_mib: 1}\n")
	dabiao(t, dir, "import", filepath.Join(dir, "large.csv"), "--as", "wang", "--config", filepath.Dir(config)).want(t, exitFaults, "too_big", "1 MiB", "Split it")
}
