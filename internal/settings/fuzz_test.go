package settings_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/dabiao/dabiao/internal/settings"
)

// FuzzLoad puts any content in the place of one file: loading never panics, and
// gives either settings or faults that say where and what, in both languages.
func FuzzLoad(f *testing.F) {
	files := []string{"dabiao.yaml", "regions.yaml", "indicators.yaml", "documents.yaml", "targets.yaml", "overview.yaml"}
	for i, name := range files {
		seeds, err := filepath.Glob("testdata/*/*/*/" + name)
		if err != nil {
			f.Fatal(err)
		}
		for _, seed := range append(seeds, "testdata/base/"+name, "testdata/pages/"+name) {
			if content, err := os.ReadFile(seed); err == nil {
				f.Add(i, content)
			}
		}
	}
	base := os.DirFS("testdata/base")
	pages := os.DirFS("testdata/pages")
	f.Fuzz(func(t *testing.T, file int, content []byte) {
		dirs := settings.Dirs{ConfigName: "config", DashboardsName: "dashboards", DefaultConfig: base, DefaultDashboards: pages}
		file = ((file % len(files)) + len(files)) % len(files)
		var one fs.FS = fstest.MapFS{files[file]: {Data: content}}
		if files[file] == "overview.yaml" {
			dirs.Dashboards = one
		} else {
			dirs.Config = one
		}
		s, faults := settings.Load(dirs)
		if (s == nil) != (len(faults) > 0) {
			t.Fatalf("settings %v with %d faults", s, len(faults))
		}
		for _, fault := range faults {
			if fault.File == "" || fault.Line < 1 || fault.Message.ZH == "" || fault.Message.EN == "" {
				t.Errorf("a fault does not say where and what: %+v", fault)
			}
		}
	})
}
