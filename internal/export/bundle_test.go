package export_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// TestBundleReplays: a program that shares no line with ours finds every verdict
// again, from the files alone.
func TestBundleReplays(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		seed   uint64
		asOf   time.Time
		period string
	}{
		"today":                     {1, time.Time{}, ""},
		"another world":             {2, time.Time{}, ""},
		"as of a past day":          {3, worldDay(2021, 7, 1).Add(-time.Millisecond), ""},
		"before the first release":  {4, worldDay(2010, 1, 1), ""},
		"up to a year":              {5, time.Time{}, "2024"},
		"up to a quarter":           {6, worldDay(2025, 3, 1), "2023-Q3"},
		"up to a month of leap day": {7, time.Time{}, "2024-02"},
		"year to date":              {8, worldDay(2023, 1, 1), "2022-01/P12M"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newWorld(t, test.seed, 300).bundle(t, test.asOf, periodOrNone(t, test.period))
			folder := unpack(t, write(t, b))
			for _, run := range replays(t) {
				if out, err := run(folder); err != nil || !strings.HasSuffix(out, " verdicts replayed, 0 differences\n") {
					t.Errorf("%v\n%.3000s", err, out)
				}
			}
		})
	}
}

func periodOrNone(t *testing.T, s string) indicator.Period {
	t.Helper()
	if s == "" {
		return indicator.Period{}
	}
	return period(t, s)
}

func write(t *testing.T, b export.Bundle) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := export.WriteBundle(&file, b); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// unpack gives the folder into which the files of a bundle were written.
func unpack(t *testing.T, bundle []byte) string {
	t.Helper()
	folder := t.TempDir()
	archive, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, f.Name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// replays run the scripts of a bundle: that in Python always, that in R where
// there is one.
func replays(t *testing.T) []func(folder string) (string, error) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("there is no python3 on the PATH: the verdicts of a bundle are replayed by it (apt-get install python3)")
	}
	run := func(program, script string) func(string) (string, error) {
		return func(folder string) (string, error) {
			command := exec.CommandContext(t.Context(), program, script)
			command.Dir = folder
			out, err := command.CombinedOutput()
			return string(out), err
		}
	}
	list := []func(string) (string, error){run(python, "replay.py")}
	if r, err := exec.LookPath("Rscript"); err == nil {
		list = append(list, run(r, "replay.R"))
	}
	return list
}

var _ = assess.Methods
