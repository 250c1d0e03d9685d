package ledger

import (
	"fmt"
	"reflect"
	"slices"
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

// Holds refuses a batch whose readings are not those of the publication.
func (b Batch) Holds(p Publication) error {
	if b.SHA != p.SHA || len(b.Readings) != p.Rows || !slices.Equal(b.Parts, p.Parts) {
		return fmt.Errorf("%w: upload %s: these are not its readings (%d with hash %s, it has %d with hash %s)",
			ErrInvalid, p.ID, len(b.Readings), b.SHA, p.Rows, p.SHA)
	}
	return nil
}

// Restored finds a publication of another ledger in this one, nil where it is
// not there. One that is there but differs in more than a revert to come, or
// whose id, seq or moments belong to another upload, is an ErrInvalid.
func (h History) Restored(p Publication) (*Publication, error) {
	var found *Publication
	for i, q := range h.Publications {
		switch {
		case q.ID == p.ID && q.Seq == p.Seq:
			found = &h.Publications[i]
		case q.ID == p.ID, q.Seq == p.Seq, shareMoment(p, q):
			return nil, fmt.Errorf("%w: upload %s (seq %d, at %d) cannot be restored beside upload %s (seq %d, at %d): the two ledgers have lives of their own",
				ErrInvalid, p.ID, p.Seq, p.At, q.ID, q.Seq, q.At)
		}
	}
	if found != nil && !found.same(p) {
		return nil, fmt.Errorf("%w: upload %s is here already and differs from the one to restore", ErrInvalid, p.ID)
	}
	return found, nil
}

func shareMoment(p, q Publication) bool {
	for _, at := range []Version{q.At, q.RevertedAt} {
		if at != 0 && (at == p.At || at == p.RevertedAt) {
			return true
		}
	}
	return false
}

// same compares all but the readings, which have their hash, and lets a revert
// be missing here.
func (p Publication) same(q Publication) bool {
	if p.RevertedAt == 0 {
		q.RevertedAt, q.RevertedBy, q.RevertNote = 0, "", ""
	}
	sameMoment := p.Released.Equal(q.Released)
	p.Released, q.Released = time.Time{}, time.Time{}
	sameParts := slices.Equal(p.Parts, q.Parts)
	p.Parts, q.Parts = nil, nil
	return sameMoment && sameParts && reflect.DeepEqual(p, q)
}
