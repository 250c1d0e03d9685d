package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/dabiao/dabiao/internal/ledger"
)

//go:embed schema.sql
var schema string

const (
	// application marks the file as ours: "Dabi" in SQLite's application_id.
	application = 0x44616269
	// generation is the schema this program writes, in SQLite's user_version.
	generation = 1
)

// migrateWhenFree is migrate, tried again for a while when another process is just
// making the same file: the switch to WAL does not wait for the busy timeout.
func (l *Ledger) migrateWhenFree(ctx context.Context) error {
	const attempts, pause = 20, 25 * time.Millisecond
	for i := 0; ; i++ {
		err := l.migrate(ctx)
		var fault *driver.Error
		if !errors.As(err, &fault) || fault.Code()&0xff != lib.SQLITE_BUSY || i == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// migrate makes the schema in an empty file and refuses a file that is not a
// ledger of a generation this program knows.
func (l *Ledger) migrate(ctx context.Context) error {
	return l.write(ctx, func(tx *sql.Tx) error {
		var id, version, tables int
		err := tx.QueryRowContext(ctx, `SELECT a.application_id, u.user_version, (SELECT count(*) FROM sqlite_schema)
			FROM pragma_application_id a, pragma_user_version u`).Scan(&id, &version, &tables)
		switch {
		case err != nil:
			return err
		case id == application && version == generation:
			return nil
		case id == application && version > generation:
			return fmt.Errorf("ledger %s was written by a newer program (schema %d, this one knows up to %d): update this program",
				l.path, version, generation)
		case tables > 0:
			return fmt.Errorf("%s is a database of another program, not a ledger: name another file", l.path)
		}
		_, err = tx.ExecContext(ctx, schema+fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", application, generation))
		return err
	})
}

// undone is what SQLite says when it has rolled a transaction back by itself, as
// it does on a full disk.
const undone = "no transaction is active"

// write runs f in one transaction of the one writer.
func (l *Ledger) write(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := l.writer.BeginTx(ctx, nil)
	if err != nil {
		return l.explain(ctx, err)
	}
	if err := f(tx); err != nil {
		undo := tx.Rollback()
		if undo != nil && ctx.Err() == nil && !strings.Contains(undo.Error(), undone) {
			err = fmt.Errorf("%w (and it could not be rolled back: %w)", err, undo)
		}
		return l.explain(ctx, err)
	}
	return l.explain(ctx, tx.Commit())
}

// read runs f on one unchanging state of the ledger.
func (l *Ledger) read(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := l.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return l.explain(ctx, err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return l.explain(ctx, f(tx))
}

// newest is the moment of the newest event, 0 where there is none.
func newest(ctx context.Context, q querier) (ledger.Version, error) {
	var at ledger.Version
	err := q.QueryRowContext(ctx, `SELECT ifnull(max(at), 0) FROM event`).Scan(&at)
	return at, err
}

// querier is what *sql.DB and *sql.Tx have in common for reading.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}
