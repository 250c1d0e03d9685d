// Package store keeps everything that is not a published reading in one SQLite
// file, dabiao.db: accounts, sessions, uploads with their original files,
// import plans, acknowledged warnings, and the history of the catalogue. It implements the small interfaces that the
// rooms declare. Any number of processes may have the file open.
package store

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/upload"
	"github.com/dabiao/dabiao/internal/warning"
)

// Store is the open file. It is safe for concurrent use.
type Store struct {
	db   *sql.DB
	lock string           // file of LockPublishing
	now  func() time.Time // when a session is over: the wall clock, as its writer's
}

var (
	_ account.Users = (*Store)(nil)
	_ upload.Drafts = (*Store)(nil)
	_ upload.Plans  = (*Store)(nil)
	_ scs.CtxStore  = (*Store)(nil)

	_ warning.Acknowledgements = (*Store)(nil)
)

//go:embed migrations/*.sql
var migrations embed.FS

// Open opens the file at path, creates it where there is none, readable by its
// owner alone, and brings its schema up to date. The directory must exist. A
// file that a newer program wrote is refused.
func Open(ctx context.Context, path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	lock := filepath.Join(filepath.Dir(path), lockFile)
	if err := errors.Join(createFile(path), createFile(lock)); err != nil { // both belong to whoever came first
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := migrate(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	return &Store{db: db, lock: lock, now: time.Now}, nil
}

// Close ends all use of the file.
func (s *Store) Close() error { return s.db.Close() }

// dsn gives every connection its settings: WAL, so that readers do not wait for
// the writer; synchronous FULL, so that what was acknowledged survives a loss of
// power; references checked; a writer waits for the one of another process;
// and a transaction takes the write lock when it begins, so that what it read
// is still true when it writes.
func dsn(path string) string {
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	return file.String() +
		"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=15000&_txlock=immediate"
}

// createFile makes a new file with the rights that SQLite then gives to the
// files beside it. One that exists is not opened: closing it again would drop
// the locks which this process holds on it.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// migrate applies what is missing. Two processes that start together may both
// try; the slower one fails, and finds everything done when it looks again.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	const attempts = 8
	for attempt := range attempts {
		if _, err = provider.Up(ctx); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(attempt) * 20 * time.Millisecond):
		}
	}
	if err != nil {
		return fmt.Errorf("bring the schema up to date: %w", err)
	}
	current, newest, err := provider.GetVersions(ctx)
	if err == nil && current > newest {
		err = fmt.Errorf("a newer program wrote it (schema %d, this one knows %d): update this program", current, newest)
	}
	return err
}

// write runs f in one transaction.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		if undo := tx.Rollback(); undo != nil && ctx.Err() == nil {
			err = errors.Join(err, undo)
		}
		return err
	}
	return tx.Commit()
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanner is a row that is read.
type scanner interface{ Scan(...any) error }

// list reads all rows of a query.
func list[T any](ctx context.Context, q querier, read func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// toJSON is for plain data: it cannot fail.
func toJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilliseconds(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return unixMilli(ms)
}

func unixMilli(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
