// Package influx keeps the ledger in InfluxDB: 1.8, 2.x, and what answers the
// same two addresses, /api/v2/write and /query (openGemini, InfluxDB's own
// clustered editions). One bucket is one ledger.
package influx

import (
	"time"
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

	Now func() time.Time
}
