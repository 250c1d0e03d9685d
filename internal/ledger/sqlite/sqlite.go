// Package sqlite keeps the ledger in one SQLite file, without cgo: the embedded
// default. Any number of processes of one machine may have the file open.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
)

// Ledger implements ledger.Ledger on one file. Writers of all processes take
// turns; readers never wait for them.
type Ledger struct {
	path   string
	now    func() time.Time
	writer *sql.DB // one connection
	reader *sql.DB
}

var _ ledger.Ledger = (*Ledger)(nil)

// Open opens the ledger at path and creates it where there is none, readable by
// its owner alone. The directory must exist. A file that a newer program wrote,
// or another program, is refused.
func Open(ctx context.Context, path string, now func() time.Time) (*Ledger, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := createFile(path); err != nil {
		return nil, err
	}
	l := &Ledger{path: path, now: now}
	if l.writer, err = sql.Open("sqlite", dsn(path, "_txlock=immediate")); err != nil {
		return nil, l.explain(ctx, err)
	}
	l.writer.SetMaxOpenConns(1)
	if err := l.migrateWhenFree(ctx); err != nil {
		return nil, errors.Join(err, l.writer.Close())
	}
	if l.reader, err = sql.Open("sqlite", dsn(path, "_query_only=on")); err != nil {
		return nil, errors.Join(l.explain(ctx, err), l.writer.Close())
	}
	l.reader.SetMaxIdleConns(4) // streams hold a connection each: no upper limit, or two could wait for each other
	return l, nil
}

// Close ends all reads and writes in progress.
func (l *Ledger) Close() error { return errors.Join(l.reader.Close(), l.writer.Close()) }

// dsn gives every connection its settings:
//
//   - journal_mode WAL: readers and the writer do not block each other, and
//     readers see the file as of one commit;
//   - synchronous FULL: a commit is on the disk before it is acknowledged, also
//     when the machine loses its power (NORMAL may lose the last ones in WAL);
//   - foreign_keys: SQLite checks references only where asked to;
//   - busy_timeout: a writer waits this long (ms) for the one of another process.
//     A million readings take seconds, so it is generous; a context ends it sooner;
//   - for the writer, _txlock immediate: a transaction takes the write lock when it
//     begins, so that what it read is still true when it writes;
//   - for readers, query_only: they cannot write by mistake.
func dsn(path, setting string) string {
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	return file.String() + "?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=30000&_error_rc=1&" + setting
}

// createFile makes a new file with the rights that SQLite then gives to the
// files beside it. One that exists is left alone, not even opened: closing it
// again would drop the locks which this process holds on it.
func createFile(path string) error {
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("%w: ledger %s: the data directory %s is not there: create it, or name another one",
			ledger.ErrUnavailable, path, dir)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%w: ledger %s is not a file: name another one", ledger.ErrUnavailable, path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: ledger %s cannot be created, look at the rights of its directory: %w",
			ledger.ErrUnavailable, path, err)
	}
	return f.Close()
}
