package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/settings"
)

type checkCmd struct {
	Connect bool `xor:"ledger" help:"${connect}"`
	Repair  bool `xor:"ledger" help:"${check_repair}"`
}

// Run prints every fault of the configuration, or what it holds, and when asked
// to how the ledger stands; or it repairs the ledger.
func (c checkCmd) Run(e *env) error {
	if c.Repair {
		return e.repair()
	}
	s, faults := e.load()
	answer := struct {
		Faults []indicator.Fault `json:"faults"`
		Ledger *connection       `json:"ledger,omitempty"`
	}{Faults: append([]indicator.Fault{}, faults...)}
	if c.Connect && len(faults) == 0 {
		found, err := e.connect(s)
		if err != nil {
			return err
		}
		answer.Ledger = &found
	}
	if e.flags.JSON {
		if err := json.NewEncoder(e.out).Encode(answer); err != nil {
			return err
		}
	} else {
		e.report(s, faults, answer.Ledger)
	}
	switch {
	case len(faults) > 0:
		return errFaults
	case answer.Ledger != nil:
		return answer.Ledger.err()
	}
	return nil
}

func (e *env) report(s *settings.Settings, faults []indicator.Fault, ledger *connection) {
	e.printFaults(faults)
	if len(faults) == 0 {
		c := s.Catalog
		e.say("配置无误：%d 个地区，%d 个指标，%d 份文件，%d 个目标，%d 个页面。目录 %s。",
			"No faults: regions %d, indicators %d, documents %d, targets %d, pages %d. Catalogue %s.",
			len(c.Regions), len(c.Indicators), len(c.Documents), len(c.Targets), len(s.Dashboards), c.Hash())
	}
	if ledger != nil {
		ledger.print(e)
	}
}

// load reads the configuration that --config names, with the built-in one behind it.
func (e *env) load() (*settings.Settings, []indicator.Fault) {
	dirs := settings.Dirs{
		DefaultConfig: config.FS, DefaultDashboards: dashboards.FS,
		ConfigName: e.flags.Config, DashboardsName: e.flags.Config + "/dashboards",
		ReadFile: e.readNamed, Token: os.Getenv(settings.TokenVariable),
	}
	if dir := e.flags.Config; dir != "" {
		dirs.Config = os.DirFS(dir)
		if sub, err := fs.Sub(dirs.Config, "dashboards"); err == nil {
			if _, err := fs.Stat(sub, "."); err == nil {
				dirs.Dashboards = sub
			}
		}
	}
	return settings.Load(dirs)
}

// readNamed reads a file that dabiao.yaml names, from where that lies.
func (e *env) readNamed(name string) ([]byte, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(e.flags.Config, name)
	}
	return readSmall(name)
}

// readSmall reads a token or certificates. A file that is much too large for
// them, such as a device or a ledger named by mistake, is an error.
func readSmall(path string) ([]byte, error) {
	const most = 1 << 20
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && len(content) > most {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("it is larger than 1 MiB")}
	}
	return content, err
}

// loadOrRefuse is load for commands that cannot go on with faults.
func (e *env) loadOrRefuse() (*settings.Settings, error) {
	s, faults := e.load()
	if len(faults) > 0 {
		e.printFaults(faults)
		return nil, errFaults
	}
	return s, nil
}

func (e *env) printFaults(faults []indicator.Fault) {
	for _, f := range faults {
		fmt.Fprintf(e.err, "%s:%d: %s\n", f.File, f.Line, f.Message.In(e.lang))
	}
	if len(faults) > 0 {
		fmt.Fprintf(e.err, indicator.T("配置有 %d 处问题。\n", "Faults in the configuration: %d.\n").In(e.lang), len(faults))
	}
}
