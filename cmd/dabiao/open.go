package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/assets"
	"github.com/dabiao/dabiao/internal/chart"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/settings"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/store"
	"github.com/dabiao/dabiao/internal/upload"
)

const defaultDataDir = "data"

// rooms are the parts of the product, wired over one data directory.
type rooms struct {
	settings   *settings.Settings
	ledger     ledger.Ledger
	store      *store.Store
	catalogues catalogues
	snapshots  *snapshot.Cache
	uploads    *upload.Service
	charts     *chart.Renderer // idle until the first chart
	unreached  error           // why the ledger's server could not be prepared yet
	noLedger   bool            // there is none: this is a dry run before the first data
	cleanup    func()          // removes what was only there for a dry run
}

func (r *rooms) close() {
	r.charts.Close()
	r.snapshots.Close()
	r.ledger.Close()
	r.store.Close()
	if r.cleanup != nil {
		r.cleanup()
	}
}

func (r *rooms) unknown(err *dashboard.UnknownError) error { return unknown(r.settings.Catalog, err) }

// open wires everything over the data directory, which it makes where it is missing.
func (e *env) open() (*rooms, error) {
	s, err := e.loadOrRefuse()
	if err != nil {
		return nil, err
	}
	return e.wire(s, e.dataDir(), true)
}

// openToRead is open for commands that only ask: a data directory that is not
// there is a slip in its name, and is not made, unless the ledger is on a server.
func (e *env) openToRead() (*rooms, error) {
	s, err := e.loadOrRefuse()
	if err != nil {
		return nil, err
	}
	dir := e.dataDir()
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && s.Ledger == settings.SQLite {
		return nil, inputError{indicator.T(
			"没有数据目录 "+dir+"。请检查 --data-dir；还没有数据的，请先用 dabiao import 导入，或用 dabiao demo 查看样本。",
			"There is no data directory "+dir+". Check --data-dir; where there are no data yet, begin with dabiao import, or look at the sample with dabiao demo.")}
	}
	return e.wire(s, dir, true)
}

// openFor is open; a dry run without a data directory gets an empty one that is
// gone afterwards, so that it leaves nothing behind.
func (e *env) openFor(dryRun bool) (*rooms, error) {
	if !dryRun {
		return e.open()
	}
	s, err := e.loadOrRefuse()
	if err != nil {
		return nil, err
	}
	if hasData(e.dataDir()) {
		return e.wire(s, e.dataDir(), false)
	}
	dir, err := os.MkdirTemp("", "dabiao-dry-run-")
	if err != nil {
		return nil, err
	}
	r, err := e.wire(s, dir, false)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	r.noLedger, r.cleanup = s.Ledger == settings.SQLite, func() { os.RemoveAll(dir) }
	return r, nil
}

func (e *env) dataDir() string {
	if e.flags.DataDir == "" {
		return defaultDataDir
	}
	return e.flags.DataDir
}

// wire puts the rooms together; prepare is for openLedger.
func (e *env) wire(s *settings.Settings, dir string, prepare bool) (*rooms, error) {
	if dir == e.dataDir() && !hasData(dir) {
		fmt.Fprintf(e.err, indicator.T("新建数据目录 %s\n", "new data directory %s\n").In(e.lang), dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	books, unreached, err := e.openLedger(s, dir, prepare)
	if err != nil {
		return nil, err
	}
	kept, err := store.Open(e.ctx, filepath.Join(dir, storeFile))
	if err != nil {
		books.Close()
		return nil, err
	}
	snapshots := snapshot.New(books)
	return &rooms{
		charts:   chart.NewRenderer(assets.Dist(), chart.Limits{}),
		settings: s, ledger: books, store: kept, catalogues: catalogues{kept}, snapshots: snapshots, unreached: unreached,
		uploads: &upload.Service{
			Catalog: func() *indicator.Catalog { return s.Catalog }, Ledger: books, Snapshots: snapshots, Drafts: kept, Plans: kept, Users: kept,
			Review: s.Review, Limits: ingest.Limits{Bytes: int(s.Limits.Bytes()), Cells: s.Limits.Cells}, Checks: &s.Checks, Now: e.now, NewID: newID,
		},
	}, nil
}

// newID is an id that sorts by time, so that a list of uploads reads in order.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

func osUser() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}

// refused says why the system could not do it, and gives the exit code.
func (e *env) refused(err error) int {
	var refusal *upload.Error
	var fault *account.Fault
	var unusable *influx.Refusal
	var damage *ledger.DamageError
	code, text := exitSystem, indicator.Text{EN: err.Error()}
	switch {
	case errors.As(err, &unusable):
		text = unusable.Text
	case errors.As(err, &damage):
		text = damage.Text()
	case errors.As(err, &fault):
		code, text = exitFaults, fault.Message
	case errors.As(err, &refusal):
		text = refusal.Message
		if refusal.Kind != upload.Unavailable {
			code = exitFaults
		}
	case errors.Is(err, ledger.ErrUnavailable):
		text = indicator.T("账本暂时无法访问，没有数据丢失。（"+err.Error()+"）", "The ledger cannot be reached; nothing is lost. ("+err.Error()+")")
	}
	fmt.Fprintln(e.err, "dabiao: "+text.In(e.lang))
	if refusal != nil {
		e.printProblems("", refusal.Problems)
	}
	if refusal != nil && errors.Is(err, ledger.ErrUnavailable) {
		fmt.Fprintln(e.err, indicator.T("原因可用 dabiao check --connect 查看。", "dabiao check --connect tells why.").In(e.lang))
	}
	return code
}

var unknownNames = map[string]string{"region": "地区", "indicator": "指标", "target": "目标"}

// unknown says which code the catalogue lacks, and what comes nearest.
func unknown(c *indicator.Catalog, err *dashboard.UnknownError) error {
	var near []string
	switch err.Parameter {
	case "region":
		for _, r := range c.NearestRegions(err.Value, 3) {
			near = append(near, r.Code+" "+r.Short.ZH)
		}
	case "indicator":
		for _, i := range c.NearestIndicators(err.Value, 3) {
			near = append(near, i.Code+" "+i.Name.ZH)
		}
	}
	text := indicator.T(fmt.Sprintf("目录中没有%s“%s”。", unknownNames[err.Parameter], err.Value), fmt.Sprintf("The catalogue has no %s %q.", err.Parameter, err.Value))
	if len(near) > 0 {
		text.ZH += "相近的有：" + strings.Join(near, "、") + "。"
		text.EN += " Nearest: " + strings.Join(near, ", ") + "."
	}
	return inputError{text}
}

func parseVersion(s string) (ledger.Version, error) {
	v, err := ledger.ParseVersion(s)
	if err != nil || v < 0 {
		return 0, wrongFlag("--ledger-version", s, "1732320000000")
	}
	return v, nil
}
