package ledger

import "context"

// CopyInWindows is Copy with so many rows in memory at a time.
func CopyInWindows(ctx context.Context, from, to Ledger, progress Progress, rows int) (Copied, error) {
	return copier{from, to, progress, rows}.run(ctx)
}
