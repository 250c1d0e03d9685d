package settings_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/settings"
)

var update = flag.Bool("update", false, "write the golden files")

// TestFaults loads every directory under testdata/faults over the sound files
// of testdata/base and testdata/pages, and holds the whole list of faults
// against faults.txt in it.
func TestFaults(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/faults/*")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, dir := range cases {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			s, faults := settings.Load(over(dir))
			var got strings.Builder
			for _, f := range faults {
				fmt.Fprintf(&got, "%v\n\t%s\n", f, f.Message.ZH)
			}
			if s != nil || len(faults) == 0 {
				t.Error("faulty files were accepted")
			}
			if strings.Contains(got.String(), "tell-nobody") {
				t.Errorf("a secret is shown:\n%s", got.String())
			}
			golden := filepath.Join(dir, "faults.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("faults (-want +got), refresh with -update:\n%s", diff)
			}
		})
	}
}

// over puts the files of a case over the sound ones. What dabiao.yaml names lies
// in its directory files, and the token of the environment in its file token.
func over(dir string) settings.Dirs {
	d := settings.Dirs{
		ConfigName: "config", DashboardsName: "dashboards",
		DefaultConfig: os.DirFS("testdata/base"), DefaultDashboards: os.DirFS("testdata/pages"),
		ReadFile: func(name string) ([]byte, error) { return fs.ReadFile(os.DirFS(dir+"/files"), name) },
	}
	if token, err := os.ReadFile(dir + "/token"); err == nil {
		d.Token = string(token)
	}
	if _, err := os.Stat(dir + "/config"); err == nil {
		d.Config = os.DirFS(dir + "/config")
	}
	if _, err := os.Stat(dir + "/dashboards"); err == nil {
		d.Dashboards = os.DirFS(dir + "/dashboards")
	}
	return d
}

// TestSoundFilesHaveNoFaults makes sure that the faults of a case are its own.
func TestSoundFilesHaveNoFaults(t *testing.T) {
	t.Parallel()
	if _, faults := settings.Load(over("testdata")); len(faults) > 0 {
		t.Error(faults)
	}
}
