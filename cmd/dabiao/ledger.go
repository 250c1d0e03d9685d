package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/settings"
)

const (
	ledgerFile = "ledger.db"
	storeFile  = "dabiao.db"
)

// openLedger opens the ledger that the settings name. With prepare the bucket of
// an InfluxDB is created where it is missing; a dry run leaves that alone. A
// server that cannot be reached is no reason to refuse: unreached says why, and
// every call finds out for itself.
func (e *env) openLedger(s *settings.Settings, dir string, prepare bool) (books ledger.Ledger, unreached, err error) {
	if s.Ledger == settings.SQLite {
		books, err = sqlite.Open(e.ctx, filepath.Join(dir, ledgerFile), e.now)
		return books, nil, err
	}
	server, err := influx.Open(e.influxOptions(s.Influx))
	if err != nil || !prepare {
		return server, nil, err
	}
	err = server.Prepare(e.ctx)
	if err == nil || errors.Is(err, ledger.ErrUnavailable) {
		return server, err, nil
	}
	return nil, nil, errors.Join(err, server.Close())
}

func (e *env) influxOptions(i settings.Influx) influx.Options {
	return influx.Options{
		URL: i.URL, Org: i.Org, Bucket: i.Bucket, Token: string(i.Token), CA: i.CA,
		Instance: i.Instance, Replication: i.Replication, Timeout: i.Timeout, Now: e.now,
	}
}

// hasData reports whether a data directory has been used.
func hasData(dir string) bool {
	for _, name := range []string{storeFile, ledgerFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// finding is what was found out about one thing that the ledger needs.
type finding struct {
	Check   string         `json:"check"`
	State   influx.State   `json:"state"`
	Message indicator.Text `json:"message"`

	name   indicator.Text
	slight bool // nothing stops for it
}

// inspect looks at the server of an InfluxDB ledger.
func inspect(ctx context.Context, books *influx.Ledger, role settings.ServerRole) (influx.Inspection, []finding) {
	in := books.Inspect(ctx)
	var list []finding
	for _, f := range in.Findings {
		found := finding{string(f.Check), f.State, f.Text, f.Check.Name(), f.Check == influx.OneShard}
		if f.Check == influx.MayWrite && f.State == influx.Wrong && role == settings.Reader {
			found.State, found.Message = influx.Right, indicator.T("不可写，只读服务器不需要", "no, and a reader needs no more")
		}
		list = append(list, found)
	}
	return in, list
}
