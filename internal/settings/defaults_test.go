package settings_test

import (
	"io/fs"
	"os"
	"slices"
	"testing"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/settings"
)

// builtIn loads what the program holds when the operator gives nothing.
func builtIn(t *testing.T) *settings.Settings {
	t.Helper()
	s, faults := settings.Load(settings.Dirs{DefaultConfig: config.FS, DefaultDashboards: dashboards.FS})
	for _, f := range faults {
		t.Errorf("%v\n\t%s", f, f.Message.ZH)
	}
	if s == nil {
		t.FailNow()
	}
	return s
}

func TestBuiltInHasNoFaults(t *testing.T) {
	t.Parallel()
	s := builtIn(t)
	if !s.Review || s.Public {
		t.Errorf("built in: review %v, public %v; want reviewed and not public", s.Review, s.Public)
	}
	if len(s.Dashboards) == 0 {
		t.Error("no pages built in")
	}
	if s.Catalog.Hash() == "" || len(s.Catalog.Targets) == 0 || len(s.Catalog.Documents) == 0 {
		t.Error("the catalogue is not indexed, or has no targets or documents")
	}
}

// TestEveryIndicatorIsCompared: it names what comes near abroad, or says why nothing does.
func TestEveryIndicatorIsCompared(t *testing.T) {
	t.Parallel()
	near := 0
	for _, i := range builtIn(t).Catalog.Indicators {
		if i.Crosswalk.Note.ZH == "" || i.Crosswalk.Note.EN == "" {
			t.Errorf("%s: nothing is said of how it compares abroad", i.Code)
		}
		if len(i.Crosswalk.Near) > 0 {
			near++
		}
	}
	if near < 15 {
		t.Errorf("only %d indicators have a counterpart abroad", near)
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	c := builtIn(t).Catalog
	var provinces, uncollected []string
	for i := range c.Regions {
		r := &c.Regions[i]
		if r.Level == indicator.Province {
			provinces = append(provinces, r.Code)
		}
		if !r.Collected {
			uncollected = append(uncollected, r.Code)
		}
		if path := c.Path(r.Code); path[0].Code != indicator.Nation {
			t.Errorf("%s does not lie in the nation", r.Code)
		}
	}
	if len(provinces) != 34 || len(c.Provinces()) != 31 {
		t.Errorf("%d provinces, %d collected; want 34 and 31", len(provinces), len(c.Provinces()))
	}
	if want := []string{"710000", "810000", "820000"}; !slices.Equal(uncollected, want) {
		t.Errorf("not collected: %v, want %v", uncollected, want)
	}
	if n := len(c.Children("350000")); n != 9 {
		t.Errorf("Fujian has %d cities, want 9", n)
	}
	for name, code := range map[string]string{"Shanxi": "140000", "Shaanxi": "610000", "内蒙": "150000", "全国": indicator.Nation} {
		if r := c.NearestRegions(name, 1); len(r) == 0 || r[0].Code != code {
			t.Errorf("%s leads to %v, want %s", name, r, code)
		}
	}
}

func TestEconomicRegionsDivideTheMainland(t *testing.T) {
	t.Parallel()
	c := builtIn(t).Catalog
	in := map[string]int{}
	for _, g := range c.Groups {
		if slices.Contains([]string{"east", "centre", "west", "northeast"}, g.Code) {
			for _, code := range g.Regions {
				in[code]++
			}
		}
	}
	for _, p := range c.Provinces() {
		if in[p.Code] != 1 {
			t.Errorf("%s lies in %d of the four economic regions, want 1", p.Code, in[p.Code])
		}
	}
	if len(in) != 31 {
		t.Errorf("the four economic regions hold %d regions, want 31", len(in))
	}
}

// TestTilesHangTogether keeps the grid one shape: every province touches another.
func TestTilesHangTogether(t *testing.T) {
	t.Parallel()
	c := builtIn(t).Catalog
	at := map[[2]int]bool{}
	for _, r := range c.Regions {
		if r.Level == indicator.Province {
			at[r.Tile] = true
		}
	}
	if len(at) != 34 {
		t.Fatalf("%d places for 34 provinces", len(at))
	}
	reached := map[[2]int]bool{}
	var walk func([2]int)
	walk = func(p [2]int) {
		if !at[p] || reached[p] {
			return
		}
		reached[p] = true
		for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			walk([2]int{p[0] + d[0], p[1] + d[1]})
		}
	}
	walk(c.Region("350000").Tile)
	if len(reached) != 34 {
		t.Errorf("%d provinces hang together, want 34", len(reached))
	}
}

func TestIndicators(t *testing.T) {
	t.Parallel()
	c := builtIn(t).Catalog
	for _, code := range []string{"manufacturing_share", "rd_spend", "green_factories_national", "digital_smes"} {
		if c.Indicator(code) == nil {
			t.Errorf("the mission's %s is missing", code)
		}
	}
	if d := c.Indicator("manufacturing_share").Direction; d != "" {
		t.Errorf("manufacturing_share wants to go %s; the documents want it stable", d)
	}
	if d := c.Indicator("energy_intensity").Direction; d != indicator.Down {
		t.Errorf("energy_intensity goes %q, want down", d)
	}
	for alias, code := range map[string]string{
		"R&D经费内部支出": "rd_spend", "研究与试验发展(R&D)经费": "rd_spend",
		"研究与试验发展(R&D)经费投入强度": "rd_intensity", "GDP": "gdp", "国家级绿色工厂": "green_factories_national",
		"高新技术企业数": "hightech_firms", "当年认定高新技术企业": "hightech_firms_recognised",
		"高技术产业企业数": "hightech_mfg_enterprises",
	} {
		if x := c.NearestIndicators(alias, 1); len(x) == 0 || x[0].Code != code {
			t.Errorf("%s does not lead to %s", alias, code)
		}
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	c := builtIn(t).Catalog
	for _, id := range []string{"fujian-decision-2-rd_spend", "miit-key-tasks-7-manufacturing_share", "provinces-2024-24-statement-360000"} {
		if c.Target(id) == nil {
			t.Errorf("no target %s", id)
		}
	}
	energy := c.Target("fujian-decision-5-energy_intensity")
	if energy == nil || energy.Direction != indicator.Down {
		t.Errorf("each does not change the direction of fujian-decision-5-energy_intensity: %+v", energy)
	}
	if hold := c.Target("miit-key-tasks-7-manufacturing_share"); hold != nil && len(hold.ReferenceFor) != 31 {
		t.Errorf("a national target is a reference for %d provinces, want 31", len(hold.ReferenceFor))
	}
	for _, target := range c.Targets {
		if x := c.Indicator(target.Indicator); x != nil && target.Topic == "" {
			t.Errorf("%s has no topic", target.ID)
		}
		if slices.Contains(target.ReferenceFor, target.Region) {
			t.Errorf("%s is a reference for its own region", target.ID)
		}
	}
}

// TestOperatorFilesReplaceBuiltInOnes: what a directory does not hold stays built in.
func TestOperatorFilesReplaceBuiltInOnes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/dabiao.yaml", []byte("review: false\nlimits: {upload_mib: 7}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, faults := settings.Load(settings.Dirs{
		Config: os.DirFS(dir), ConfigName: dir, Dashboards: os.DirFS(dir + "/dashboards"), DashboardsName: dir + "/dashboards",
		DefaultConfig: config.FS, DefaultDashboards: dashboards.FS,
	})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if s.Review || s.Limits.UploadMiB != 7 || s.Limits.Cells != builtIn(t).Limits.Cells {
		t.Errorf("got review %v and %+v", s.Review, s.Limits)
	}
	if s.Catalog.Hash() != builtIn(t).Catalog.Hash() {
		t.Error("the built-in catalogue is not used")
	}
}

func TestUnreadableFileIsAFault(t *testing.T) {
	t.Parallel()
	s, faults := settings.Load(settings.Dirs{Config: refusing{config.FS}, ConfigName: "etc", DefaultConfig: config.FS})
	if s != nil || len(faults) != 1 || faults[0].File != "etc/targets.yaml" {
		t.Errorf("got %v, %v", s, faults)
	}
}

// refusing cannot open targets.yaml.
type refusing struct{ fs.FS }

func (r refusing) Open(name string) (fs.File, error) {
	if name == "targets.yaml" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return r.FS.Open(name)
}

func TestMissingDirectoryIsAFault(t *testing.T) {
	t.Parallel()
	s, faults := settings.Load(settings.Dirs{Config: os.DirFS(t.TempDir() + "/typo"), ConfigName: "typo", DefaultConfig: config.FS})
	if s != nil || len(faults) != 1 || faults[0].File != "typo" {
		t.Errorf("got %v, %v", s, faults)
	}
}
