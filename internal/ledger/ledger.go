// Package ledger is the store of all published readings in all their vintages:
// the interface, its contract, and the rules that every implementation shares.
package ledger

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Ledger keeps vintages for ever. Implementations are safe for concurrent use,
// also by several processes on one store.
//
// Publish is atomic: readers see all of it or none, whatever crashes when, and
// an acknowledged publish is durable. Nothing is ever overwritten: a publish
// adds vintages, a revert adds one more fact. A context that ends is answered
// with its error; a Publish or Revert that it interrupts has not happened.
// Only ErrOutcomeUnknown leaves open whether it has.
type Ledger interface {
	// Publish adds all readings as one upload. The same content (ContentHash) as
	// a published upload whose every reading is still the value at the new
	// upload's Released (no limit when zero) is answered with that earlier
	// publication, and nothing is written; so a publish may be sent again under
	// its own id. Two readings with one key, a reading that is not valid, no
	// readings at all, no id or one used before, or a Released later than the
	// event's own moment are refused with ErrInvalid (see NewBatch, Publication).
	Publish(ctx context.Context, upload Upload, readings []indicator.Reading) (Publication, error)

	// Revert takes a publication back. A second revert is answered with the
	// first; an unknown id is ErrNotFound.
	Revert(ctx context.Context, id string, by, reason string) (Publication, error)

	// Restore makes sure that a publication of another ledger is in this one, as
	// it was there: its id, seq, moments, revert and all its rows. It is for
	// copying a ledger and for giving back rows that the store has lost, never
	// for publishing. Readings that are not those of the publication's hash are
	// refused with ErrInvalid, so is an id, seq or moment that this ledger has
	// given to another upload.
	Restore(ctx context.Context, p Publication, readings []indicator.Reading) error

	// Version is the newest visible event, 0 for an empty ledger. It is cheap:
	// readers poll it to notice what other processes published.
	Version(ctx context.Context) (Version, error)

	// History is every publication with its revert, by ascending Seq.
	History(ctx context.Context) (History, error)

	// Vintages streams every vintage that the query asks for, of reverted
	// uploads too, by region, period and Seq, of one state of the ledger. It ends
	// with the first error; a store that falls silent is one. Which of them is the value at a
	// moment is decided by History, in one place for all implementations.
	Vintages(ctx context.Context, q Query) iter.Seq2[Vintage, error]

	Close() error
}

// The kinds of error; everything else is the store's own trouble.
var (
	ErrInvalid     = errors.New("invalid")     // the caller's fault: repeating does not help
	ErrNotFound    = errors.New("not found")   // no such publication
	ErrUnavailable = errors.New("unavailable") // the store cannot be reached or is full: try again later

	// ErrOutcomeUnknown: the store went away in the middle of a publish or a
	// revert. Nothing of it is visible by halves. The same call with the same id
	// and readings finds out what happened, and finishes it.
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// Version is a moment of the ledger: Unix milliseconds of its newest event.
// Every event has a moment max(now, newest + 1 ms), so versions only grow.
type Version int64

// Time is the moment of the version.
func (v Version) Time() time.Time { return time.UnixMilli(int64(v)) }

// Upload is what a publisher says about a batch of readings.
type Upload struct {
	ID        string
	Uploader  string
	File      string // name of the file it came from, a label only
	Source    string
	Stage     string
	Reason    string    // of a revision
	Generated bool      // made up for demonstration: every page that shows it says so
	Released  time.Time // when the figures became public; zero: the moment of publishing
}

// Publication is an upload as the ledger holds it.
type Publication struct {
	Upload            // Released is always set
	SHA        string // ContentHash
	Seq        int64  // grows with every publication
	At         Version
	Rows       int
	Parts      []Part
	RevertedAt Version // 0: not reverted
	RevertedBy string
	RevertNote string
}

// Part counts what an upload holds of one indicator at one frequency.
// Checksum is order-independent: the sum of the readings' hashes (see Checksum).
type Part struct {
	Indicator string         `json:"indicator"`
	Freq      indicator.Freq `json:"freq"`
	Rows      int            `json:"rows"`
	Checksum  uint64         `json:"checksum"`
}

// Vintage is the value of a reading as one upload gave it.
type Vintage struct {
	indicator.Reading
	Seq int64 // of the publication
}

// Query selects vintages of one indicator at one frequency. An empty Region is
// all regions, a zero From or To is open; both ends are included. An unknown
// frequency, or an end of another frequency, is ErrInvalid.
type Query struct {
	Indicator string
	Freq      indicator.Freq
	Region    string
	From, To  indicator.Period
}
