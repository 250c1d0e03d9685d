package main

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBundleOfTheSample: the server and the command line give the same file, and
// every verdict on the sample is found again from it alone.
func TestBundleOfTheSample(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("there is no python3 on the PATH, which the verdicts of a bundle are replayed with (apt-get install python3)")
	}
	dir := t.TempDir()
	base := startDemo(t, dir)
	for query, flags := range map[string][]string{
		"":                                    nil,
		"?as_of=2024-06-30":                   {"--as-of", "2024-06-30"},
		"?as_of_period=2019&as_of=2024-06-30": {"--as-of-period", "2019", "--as-of", "2024-06-30"},
	} {
		path := filepath.Join(t.TempDir(), "bundle.zip")
		dabiao(t, dir, append([]string{"bundle", "--out", path}, flags...)...).want(t, exitDone, "verdicts", path)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if status, body := get(t, base+"/api/v1/bundle.zip"+query); status != 200 || body != string(content) {
			t.Errorf("%q: %d, %d bytes, the command line writes %d others", query, status, len(body), len(content))
		}
		archive, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		folder := t.TempDir()
		if err := os.CopyFS(folder, archive); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), python, filepath.Join(folder, "replay.py")).CombinedOutput()
		if err != nil || !strings.HasSuffix(string(out), " verdicts replayed, 0 differences\n") || strings.HasPrefix(string(out), "0 ") {
			t.Errorf("%q: %v\n%.3000s", query, err, out)
		}
	}
}

func TestBundleRefusals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dabiao(t, dir, "bundle").want(t, exitUsage, "--out")
	dabiao(t, dir, "bundle", "--out", "x.zip", "--as-of-period", "last").want(t, exitUsage, "--as-of-period")
	dabiao(t, dir, "bundle", "--out", "x.zip", "--catalogue", "0000000000000000").want(t, exitFaults, "0000000000000000")
	dabiao(t, dir, "bundle", "--out", filepath.Join(dir, "none", "x.zip")).want(t, exitSystem, "Cannot write", "no such file or directory. Name another path.")
	dabiao(t, dir, "bundle", "--out", dir).want(t, exitSystem, "it is a directory")
	if _, err := os.Stat(dir + ".part"); err == nil {
		t.Error("leaves a part of a file")
	}
}
