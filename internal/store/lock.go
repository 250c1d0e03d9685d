package store

import (
	"context"
	"fmt"
	"time"

	"github.com/gofrs/flock"
)

// lockFile lies beside the database and stays there, empty: what counts is the
// operating system's lock on it, which ends with its holder, killed or not.
const lockFile = "publish.lock"

// LockPublishing implements upload.Drafts. Every call opens the file anew: the
// lock belongs to the open file, so two callers in one process keep each other
// out just as two processes do.
func (s *Store) LockPublishing(ctx context.Context) (unlock func(), err error) {
	const askEvery = 25 * time.Millisecond
	lock := flock.New(s.lock)
	if _, err := lock.TryLockContext(ctx, askEvery); err != nil {
		return nil, fmt.Errorf("lock %s: %w", s.lock, err)
	}
	return func() { lock.Close() }, nil
}
