// Package settings reads the configuration: the settings, the catalogue of
// regions, indicators, documents and targets, and the pages. It starts from
// defaults, decodes strictly, holds the files against each other, and reports
// every fault of every file at once, each with its file and line.
package settings

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/netip"
	"slices"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// Dirs is where the configuration is read from. Each of the files
// dabiao.yaml, regions.yaml, indicators.yaml, documents.yaml and targets.yaml
// that Config does not hold is taken from DefaultConfig; each page that
// Dashboards does not hold is taken from DefaultDashboards. A file of the same
// name replaces the built-in one as a whole. Nil means none.
type Dirs struct {
	Config, Dashboards               fs.FS
	ConfigName, DashboardsName       string // how faults name the two directories
	DefaultConfig, DefaultDashboards fs.FS

	// ReadFile reads a file that dabiao.yaml names (token_file, ca_file); nil: no
	// such file can be read.
	ReadFile func(name string) ([]byte, error)
	// Token of InfluxDB from the environment, see TokenVariable.
	Token string
}

// Settings is a configuration without faults.
type Settings struct {
	Catalog    *indicator.Catalog // indexed
	Dashboards []dashboard.Definition
	Public     bool // published figures are readable without login
	Review     bool // a second person publishes
	Limits     Limits
	Ledger     LedgerKind
	Influx     Influx // of Ledger InfluxDB
	Role       ServerRole
	// TrustedProxies may say who the browser is and that it speaks TLS; the
	// machine itself always may.
	TrustedProxies []netip.Prefix
	Checks         warning.Checks     // thresholds of the rules about data
	Warnings       warning.Thresholds // and of those that warn officials
}

// Limits bounds what one upload may bring.
type Limits struct {
	UploadMiB int `yaml:"upload_mib"` // size of one file
	Cells     int `yaml:"cells"`      // cells of its table
}

// Bytes is UploadMiB in bytes.
func (l Limits) Bytes() int64 { return int64(l.UploadMiB) << 20 }

// settingsFile is dabiao.yaml.
type settingsFile struct {
	Public bool        `yaml:"public"`
	Review bool        `yaml:"review"`
	Limits Limits      `yaml:"limits"`
	Ledger LedgerKind  `yaml:"ledger"`
	Influx influxBlock `yaml:"influxdb"`
	Role   ServerRole  `yaml:"role"`

	TrustedProxies []network          `yaml:"trusted_proxies"`
	Checks         warning.Checks     `yaml:"checks"`
	Warnings       warning.Thresholds `yaml:"warnings"`
}

func (s *settingsFile) setDefaults() {
	s.Review, s.Ledger, s.Role = true, SQLite, Primary
	s.Limits.setDefaults()
	s.Influx.setDefaults()
	s.Checks, s.Warnings = warning.DefaultChecks(), warning.DefaultThresholds()
}

func (l *Limits) setDefaults() { *l = Limits{UploadMiB: 50, Cells: 16_000_000} }

// Load reads everything. With any fault the Settings are nil: a half-understood
// configuration is never used. Faults come by file and line.
func Load(dirs Dirs) (*Settings, []indicator.Fault) {
	l := &loader{config: []directory{
		{dirs.Config, dirs.ConfigName}, {dirs.DefaultConfig, builtIn("config")},
	}, pages: []directory{
		{dirs.Dashboards, dirs.DashboardsName}, {dirs.DefaultDashboards, builtIn("dashboards")},
	}, readFile: dirs.ReadFile, token: dirs.Token}
	if l.readFile == nil {
		l.readFile = func(string) ([]byte, error) { return nil, fs.ErrPermission }
	}
	l.checkDirectory(l.config[0])
	s := &Settings{}
	l.loadSettings(s)
	catalog, complete := l.loadCatalog()
	s.Catalog, s.Dashboards = catalog, l.loadDashboards(catalog, complete)
	if faults := l.sorted(); len(faults) > 0 {
		return nil, faults
	}
	return s, nil
}

func builtIn(dir string) string { return "built-in " + dir }

// loader gathers the faults of all files in the order of reading.
type loader struct {
	config, pages []directory
	files         []*file
	readFile      func(name string) ([]byte, error)
	token         string
}

func (l *loader) loadSettings(s *Settings) {
	var content settingsFile
	f := l.read("dabiao.yaml", &content)
	if f.unusable {
		return
	}
	f.within("$.limits.upload_mib", content.Limits.UploadMiB, 1, 2048)
	f.within("$.limits.cells", content.Limits.Cells, 1, 100_000_000)
	if content.Role == Reader && !content.Public && !f.spoilt("$.public") {
		f.fault("$.role", "只读服务器（reader）没有登录，因此须写 public: true；否则没有人能看到任何页面。",
			"a reader has no login, so it needs public: true; without it nobody could see a page")
	}
	s.Influx = l.loadInflux(f, content)
	f.withinChecks(content.Checks)
	f.withinWarnings(content.Warnings)
	s.Checks, s.Warnings = content.Checks, content.Warnings
	s.Public, s.Review, s.Limits = content.Public, content.Review, content.Limits
	s.Ledger, s.Role, s.TrustedProxies = content.Ledger, content.Role, prefixes(content.TrustedProxies)
}

// loadCatalog reads the four catalogue files and checks them one by one and
// against each other.
func (l *loader) loadCatalog() (*indicator.Catalog, known) {
	c := &indicator.Catalog{}
	complete := known{regions: l.loadRegions(c), indicators: l.loadIndicators(c), documents: l.loadDocuments(c)}
	c.Index() // the targets refer to the rest
	l.loadTargets(c, complete)
	c.Index()
	return c, complete
}

// known tells which lists are complete. References into a list in which some
// entry could not be understood are not checked: they would only repeat its fault.
type known struct{ regions, indicators, documents bool }

// sorted is every fault once: by file in the order of reading, then by line.
func (l *loader) sorted() []indicator.Fault {
	var all []indicator.Fault
	for _, f := range l.files {
		slices.SortStableFunc(f.faults, func(a, b indicator.Fault) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message.EN, b.Message.EN))
		})
		all = append(all, slices.Compact(f.faults)...)
	}
	return all
}

// say writes one sentence in both languages from the same arguments.
func say(zh, en string, args ...any) indicator.Text {
	return indicator.T(fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))
}
