package ledger

import (
	"fmt"
	"time"
)

// epoch is where seq begins to count; a clock before it is wrong.
var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// NextMoment is the moment of the next event: now, or one millisecond after the
// newest event where the clock stands still or was set back.
func NextMoment(now time.Time, newest Version) Version {
	return max(Version(now.UnixMilli()), newest+1, Version(epoch.UnixMilli()))
}

// Seq is the number of the upload published at a moment by one instance (0–63)
// of the program: milliseconds since 2020 × 64 + instance. Moments only grow,
// so does seq. As nanoseconds it stays below one day until 2062.
func Seq(at Version, instance int) int64 {
	return (int64(at)-epoch.UnixMilli())*64 + int64(instance)
}

// Publication is what becomes of the upload when the batch is published at a
// moment under seq. Released is kept in whole milliseconds.
func (b Batch) Publication(u Upload, at Version, seq int64) (Publication, error) {
	if u.ID == "" {
		return Publication{}, fmt.Errorf("%w: an upload without id", ErrInvalid)
	}
	if u.Released.IsZero() {
		u.Released = at.Time()
	}
	u.Released = u.Released.Truncate(time.Millisecond).UTC()
	if u.Released.After(at.Time()) {
		return Publication{}, fmt.Errorf("%w: upload %s: released %s lies after the moment of publishing, %s",
			ErrInvalid, u.ID, u.Released.Format(time.RFC3339), at.Time().UTC().Format(time.RFC3339))
	}
	return Publication{Upload: u, SHA: b.SHA, Seq: seq, At: at, Rows: len(b.Readings), Parts: b.Parts}, nil
}

// ErrUsed is the refusal of an id that another upload has.
func ErrUsed(id string) error {
	return fmt.Errorf("%w: upload id %q was used before: take a new one", ErrInvalid, id)
}
