package sqlite

import (
	"context"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/dabiao/dabiao/internal/ledger"
)

// advice says for each kind of trouble that may pass by itself, or by some
// help, what happened and what to do. The key is SQLite's primary result code.
var advice = map[int]string{
	lib.SQLITE_BUSY:     "another process has been writing for too long: try again",
	lib.SQLITE_LOCKED:   "another process has been writing for too long: try again",
	lib.SQLITE_FULL:     "the disk is full: make room and try again",
	lib.SQLITE_READONLY: "the file or its directory is read-only: give the program's user the right to write",
	lib.SQLITE_PERM:     "access is denied: look at the rights of the file and its directory",
	lib.SQLITE_CANTOPEN: "the file cannot be opened: look at the rights of the file and its directory",
	lib.SQLITE_IOERR:    "the disk reports an error: look at the disk and try again",
	lib.SQLITE_NOMEM:    "memory is short: try again",
}

// explain turns the driver's errors into those of the contract. An error that
// is explained already stays what it is. Where the context has ended, that is
// the error: database/sql closes statements and transactions under our hands
// then, and what it says of them is of no use to anybody.
func (l *Ledger) explain(ctx context.Context, err error) error {
	var fault *driver.Error
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, ledger.ErrInvalid), errors.Is(err, ledger.ErrNotFound), errors.Is(err, ledger.ErrUnavailable):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &fault):
		return fmt.Errorf("ledger %s: %w", l.path, err)
	}
	switch code := fault.Code() & 0xff; code {
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return fmt.Errorf("ledger %s is damaged or not a database: put the last good copy in its place: %w", l.path, err)
	default:
		if what, known := advice[code]; known {
			return fmt.Errorf("%w: ledger %s: %s: %w", ledger.ErrUnavailable, l.path, what, err)
		}
	}
	return fmt.Errorf("ledger %s: %w", l.path, err)
}
