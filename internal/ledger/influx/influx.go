// Package influx keeps the ledger in InfluxDB: 1.8, 2.x, and what answers the
// same two addresses, /api/v2/write and /query (openGemini, InfluxDB's own
// clustered editions). One bucket is one ledger.
//
// The server has neither transactions nor locks. What the contract promises is
// built from points that overwrite themselves when they are sent again: an
// intent claims a seq, the rows carry it in the sub-day part of their time, a
// commit makes them visible, an undo takes them back. See publish.go.
package influx

import (
	"fmt"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
)

// Options says where the server is and how to speak with it.
type Options struct {
	URL    string // http(s)://HOST:PORT
	Org    string // of 2.x; 1.x has none and does not mind one
	Bucket string // of 2.x; for 1.x DATABASE/POLICY
	Token  string // of 2.x; for 1.x USER:PASSWORD, or empty
	CA     []byte // PEM of authorities to trust beside the system's

	// Instance (0–63) tells the programs apart that write into one bucket.
	Instance int
	// Replication is the number of copies a new 1.x database asks for; 0 is 1.
	Replication int
	// Timeout is how long one request may take; 0 is 10 s.
	Timeout time.Duration
	// Patience is how long a publish or revert that the server keeps refusing is
	// tried again before it is given up; 0 is a minute.
	Patience time.Duration

	Now func() time.Time
}

const (
	defaultTimeout  = 10 * time.Second
	defaultPatience = time.Minute
)

// Ledger implements ledger.Ledger on one bucket. Writers of one process take
// turns; those of several are told apart by their instance numbers, and by their
// intents where two have the same.
type Ledger struct {
	*connection
	options Options
	now     func() time.Time
	turn    chan struct{} // held by the one writer

	settlement time.Duration
	chunk      int // lines of one request
}

var _ ledger.Ledger = (*Ledger)(nil)

// Open makes the ledger of a bucket. It speaks with nobody yet, so that a
// program may start before its server. See Prepare and Inspect.
func Open(o Options) (*Ledger, error) {
	if o.Instance < 0 || o.Instance > 63 {
		return nil, fmt.Errorf("instance %d: must be from 0 to 63", o.Instance)
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Patience <= 0 {
		o.Patience = defaultPatience
	}
	c, err := connect(o)
	if err != nil {
		return nil, err
	}
	return &Ledger{connection: c, options: o, now: o.Now, turn: make(chan struct{}, 1), settlement: settlement, chunk: chunkRows}, nil
}

// Close gives the connections back.
func (l *Ledger) Close() error {
	l.close()
	return nil
}
