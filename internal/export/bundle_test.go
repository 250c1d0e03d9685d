package export_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
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
		"today":                       {1, time.Time{}, ""},
		"another world":               {2, time.Time{}, ""},
		"as of a past day":            {3, worldDay(2021, 7, 1).Add(-time.Millisecond), ""},
		"before the first release":    {4, worldDay(2010, 1, 1), ""},
		"up to a year":                {5, time.Time{}, "2024"},
		"up to a quarter, as of then": {6, worldDay(2025, 3, 1), "2023-Q3"},
		"up to a leap day":            {7, time.Time{}, "2024-02"},
		"year to date, as of then":    {8, worldDay(2023, 1, 1), "2022-01/P12M"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var until indicator.Period
			if test.period != "" {
				until = period(t, test.period)
			}
			folder := unpack(t, write(t, newWorld(t, test.seed, 300).bundle(t, test.asOf, until)))
			for _, run := range replays(t) {
				if out, err := run(folder); err != nil || !strings.HasSuffix(out, " verdicts replayed, 0 differences\n") {
					t.Errorf("%v\n%.3000s", err, out)
				}
			}
		})
	}
}

// TestBundleReplaysAtMomentsOfTheLedger: as of the very millisecond of a release,
// a publishing and a revert, and of the one before, it is clear what counts.
func TestBundleReplaysAtMomentsOfTheLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 12, 60)
	h, err := w.ledger.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	reverted := slices.IndexFunc(h.Publications, func(p ledger.Publication) bool { return p.RevertedAt != 0 && p.Rows > 50 })
	if reverted < 0 {
		t.Fatal("nothing was taken back")
	}
	p := h.Publications[reverted]
	for name, moment := range map[string]time.Time{"released": p.Released, "published": p.At.Time(), "reverted": p.RevertedAt.Time()} {
		for _, asOf := range []time.Time{moment, moment.Add(-time.Millisecond)} {
			folder := unpack(t, write(t, w.bundle(t, asOf, indicator.Period{})))
			for _, run := range replays(t) {
				if out, err := run(folder); err != nil {
					t.Errorf("%s, %s: %v\n%.3000s", name, asOf, err, out)
				}
			}
		}
	}
}

// TestWorldsHoldEverything: what the worlds do not bring up is not proved by them.
func TestWorldsHoldEverything(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, seed := range []uint64{1, 2, 5, 7} {
		for _, a := range newWorld(t, seed, 300).bundle(t, time.Time{}, indicator.Period{}).Assessments {
			seen[a.Method+" "+string(a.Status)+string(a.Reason)]++
			for what, on := range map[string]bool{"closed": a.Closed, "early": a.Early, "pending": a.Pending, "ahead": a.Ahead, "old": a.Old} {
				if on {
					seen[what]++
				}
			}
			for _, n := range a.Numbers {
				seen[n.Name]++
				if math.IsInf(n.Value, 0) {
					seen["infinite "+n.Name]++
				}
				for _, bound := range []float64{0.05, 0.2, 0.75, 0.95, 1.05} {
					if n.Value != bound && math.Abs(n.Value-bound) < 1e-12 { // it takes rounding to be on it
						seen[fmt.Sprintf("%s nearly %g", n.Name, bound)]++
					}
				}
			}
			for _, m := range a.Milestones {
				seen["milestone "+string(m.State)]++
			}
		}
	}
	want := []string{"closed", "early", "pending", "ahead", "old", "infinite miss", "start", "edge", "needed_rate", "tolerance_share",
		"miss nearly 0.05", "miss nearly 0.2", "q nearly 0.95", "q nearly 1.05", "milestone met", "milestone missed", "milestone open", "milestone not_assessed"}
	for _, method := range []string{"pace", "schedule", "cagr_ratio"} {
		for _, status := range assess.Statuses[:6] {
			want = append(want, method+" "+string(status))
		}
		for _, reason := range assess.Reasons {
			if method != "pace" || reason != assess.MethodNotApplicable {
				want = append(want, method+" not_assessed"+string(reason))
			}
		}
	}
	for _, what := range want {
		if seen[what] == 0 {
			t.Errorf("no world has %q", what)
		}
	}
}

// TestReplayTellsWhatDiffers: a verdict, a number or a reading that was tampered
// with is named, and the scripts do not end well.
func TestReplayTellsWhatDiffers(t *testing.T) {
	t.Parallel()
	bundle := write(t, newWorld(t, 9, 40).bundle(t, time.Time{}, indicator.Period{}))
	for name, test := range map[string]struct {
		file, from, to string // the first match of from becomes to
		want           string
	}{
		"a status":            {"assessments.csv", `,on_track,`, `,at_risk,`, "status is 'at_risk', replayed 'on_track'"},
		"a reason":            {"assessments.csv", `,not_in_force,`, `,stale,`, "reason is 'stale', replayed 'not_in_force'"},
		"a number":            {"assessments.csv", ` projection=`, ` projection=1`, "the number projection is"},
		"a verdict too few":   {"assessments.csv", `(?m)^plan-000.*\n`, ``, "not in assessments.csv"},
		"a verdict too many":  {"assessments.csv", `(?m)^plan-000,(\d+),`, "plan-000,999999,", "nothing that is assessed"},
		"a verdict twice":     {"assessments.csv", `(?m)^plan-000.*\n`, "$0$0", "twice"},
		"a target":            {"targets.csv", `,104,at_least,`, `,150,at_least,`, "edge0-104 350000 pace@1: "},
		"uploads taken back":  {"readings.csv", `(\+08:00),\n`, "$1,2020-01-01T00:00:00.000+08:00\n", "replayed"},
		"a method left aside": {"parameters.csv", ` schedule@1`, ``, "schedule@1: in assessments.csv, but nothing that is assessed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := unpack(t, bundle)
			path := filepath.Join(folder, test.file)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			pattern := regexp.MustCompile(test.from)
			at := pattern.FindSubmatchIndex(content)
			if at == nil {
				t.Fatalf("%s has no %q", test.file, test.from)
			}
			if name == "uploads taken back" { // all of them
				content = pattern.ReplaceAll(content, []byte(test.to))
			} else {
				content = slices.Concat(content[:at[0]], pattern.Expand(nil, []byte(test.to), content, at), content[at[1]:])
			}
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, run := range replays(t)[:1] {
				out, err := run(folder)
				var exit *exec.ExitError
				if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(out, test.want) {
					t.Errorf("%v, want %q in:\n%.2000s", err, test.want, out)
				}
			}
		})
	}
}

func TestReplayWithoutItsFiles(t *testing.T) {
	t.Parallel()
	folder := unpack(t, write(t, newWorld(t, 9, 5).bundle(t, time.Time{}, indicator.Period{})))
	if err := os.Remove(filepath.Join(folder, "readings.csv")); err != nil {
		t.Fatal(err)
	}
	for _, run := range replays(t) {
		if out, err := run(folder); err == nil || !strings.Contains(out, "readings.csv") {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// TestBundleIsDescribed: the description has every column, size and hash of every
// table, and the same bundle is the same bytes.
func TestBundleIsDescribed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, 30)
	b := w.bundle(t, worldDay(2024, 1, 1), period(t, "2022"))
	bundle := write(t, b)
	if !bytes.Equal(bundle, write(t, b)) {
		t.Error("written again the bundle is other bytes")
	}
	folder := unpack(t, bundle)
	var described struct {
		Sources []struct{ Title string }
		Dabiao  struct {
			AsOf       string `json:"as_of"`
			Day        string
			AsOfPeriod string `json:"as_of_period"`
			Version    int64
			Catalogue  string
			Methods    []struct {
				Method  string
				Version int
			}
		}
		Resources []struct {
			Name, Path, Hash string
			Bytes            int
			Schema           struct {
				Fields     []struct{ Name, Type, Title string }
				PrimaryKey []string
			}
		}
	}
	if err := json.Unmarshal(read(t, folder, "datapackage.json"), &described); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range described.Resources {
		names = append(names, r.Name)
		content := read(t, folder, r.Path)
		sum := sha256.Sum256(content)
		rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
		if err != nil || len(rows) < 2 || len(content) != r.Bytes || "sha256:"+hex.EncodeToString(sum[:]) != r.Hash {
			t.Errorf("%s: %d rows, %d bytes, %v", r.Path, len(rows), len(content), err)
		}
		var columns []string
		for _, f := range r.Schema.Fields {
			if f.Type == "" || f.Title == "" || f.Title == " / " {
				t.Errorf("%s: %+v", r.Name, f)
			}
			columns = append(columns, f.Name)
		}
		if diff := cmp.Diff(rows[0], columns); diff != "" {
			t.Errorf("%s (-file +description):\n%s", r.Path, diff)
		}
		unique(t, r.Name, rows, r.Schema.PrimaryKey)
	}
	if want := []string{"readings", "uploads", "indicators", "regions", "documents", "targets", "assessments", "parameters"}; !slices.Equal(names, want) {
		t.Errorf("resources %v", names)
	}
	d := described.Dabiao
	if d.AsOf != "2024-01-01T00:00:00.000+08:00" || d.Day != "2024-01-01" || d.AsOfPeriod != "2022" || d.Version != b.Version ||
		d.Catalogue != w.catalog.Hash() || len(d.Methods) != len(assess.Methods()) || len(described.Sources) != 3 {
		t.Errorf("%+v, sources %v", d, described.Sources)
	}
	for _, name := range []string{"README.zh.md", "README.en.md"} {
		if readme := string(read(t, folder, name)); !strings.Contains(readme, "replay.py") || !strings.Contains(readme, "replay.R") {
			t.Errorf("%s names no script", name)
		}
	}
}

// unique holds the rows against their primary key.
func unique(t *testing.T, name string, rows [][]string, key []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		var values []string
		for _, column := range key {
			values = append(values, row[slices.Index(rows[0], column)])
		}
		id := fmt.Sprintf("%q", values)
		if seen[id] {
			t.Errorf("%s has %s twice", name, id)
		}
		seen[id] = true
	}
}

func TestBundleFails(t *testing.T) {
	t.Parallel()
	b := newWorld(t, 11, 5).bundle(t, time.Time{}, indicator.Period{})
	if err := export.WriteBundle(fullDisk{}, b); !errors.Is(err, errFull) {
		t.Errorf("full disk: %v", err)
	}
	gone := errors.New("the ledger is gone")
	b.Readings = iter.Seq2[export.Row, error](func(yield func(export.Row, error) bool) { yield(export.Row{}, gone) })
	if err := export.WriteBundle(&bytes.Buffer{}, b); !errors.Is(err, gone) {
		t.Errorf("no ledger: %v", err)
	}
}

func write(t *testing.T, b export.Bundle) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := export.WriteBundle(&file, b); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// unpack gives a folder with the files of a bundle.
func unpack(t *testing.T, bundle []byte) string {
	t.Helper()
	folder := t.TempDir()
	archive, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err == nil {
		err = os.CopyFS(folder, archive)
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func read(t *testing.T, folder, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// replays run the scripts of a bundle: that in Python always, that in R where
// there is one.
func replays(t *testing.T) []func(folder string) (string, error) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("there is no python3 on the PATH, which the verdicts of a bundle are replayed with (apt-get install python3)")
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
