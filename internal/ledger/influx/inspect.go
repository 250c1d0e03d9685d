package influx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	http2 "github.com/influxdata/influxdb-client-go/v2/api/http"
	"github.com/influxdata/influxdb-client-go/v2/domain"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Inspection is one look at the server. It has a finding for every check, in
// the order of Checks.
type Inspection struct {
	URL      string    `json:"url"`
	Bucket   string    `json:"bucket"`
	Product  string    `json:"product"` // "InfluxDB" or "openGemini", empty where nothing answers
	Version  string    `json:"version"`
	Findings []Finding `json:"findings"`
}

// Finding is what one check showed: with Wrong also what to do about it. With
// Unknown the text is empty: something before it is wrong, or the server does
// not say.
type Finding struct {
	Check Check          `json:"check"`
	State State          `json:"state"`
	Text  indicator.Text `json:"message"`
}

// State is how a check ended.
type State string

// The three ends of a check.
const (
	Right   State = "right"
	Wrong   State = "wrong"
	Unknown State = "unknown"
)

// Check is one of the things that a ledger needs.
type Check string

// What a ledger needs of its server.
const (
	Reachable   Check = "reachable"
	TokenTaken  Check = "token"
	BucketThere Check = "bucket"
	MayRead     Check = "read"
	MayWrite    Check = "write"
	KeepsAll    Check = "retention" // for ever: what a bucket drops, the ledger has lost
	OneShard    Check = "shard"     // one shard group for all periods: without it reads are slow and a crash tears batches
)

// Checks lists all, in the order in which they depend on each other.
var Checks = []Check{Reachable, TokenTaken, BucketThere, MayRead, MayWrite, KeepsAll, OneShard}

// shardLength is 270 years: one shard group from 1891 to 2161.
const (
	shardWeeks  = 14088
	shardLength = shardWeeks * 7 * 24 * time.Hour
)

// Inspect asks the server for everything that a ledger needs, in at most five
// short requests, and changes nothing. What is wrong does not keep it from
// asking for what does not depend on it.
func (l *Ledger) Inspect(ctx context.Context) Inspection {
	in := &inspector{Ledger: l, state: map[Check]State{}, text: map[Check]indicator.Text{}}
	p := in.look(ctx)
	out := Inspection{URL: l.options.URL, Bucket: l.options.Bucket, Product: p.name, Version: p.bareVersion()}
	for _, c := range Checks {
		f := Finding{c, Unknown, in.text[c]}
		if state, ok := in.state[c]; ok {
			f.State = state
		}
		out.Findings = append(out.Findings, f)
	}
	return out
}

// inspector gathers findings.
type inspector struct {
	*Ledger
	state map[Check]State
	text  map[Check]indicator.Text
}

func (in *inspector) right(c Check, text indicator.Text) { in.state[c], in.text[c] = Right, text }
func (in *inspector) wrong(c Check, text indicator.Text) { in.state[c], in.text[c] = Wrong, text }

func (in *inspector) look(ctx context.Context) product {
	p, err := in.ping(ctx)
	if err != nil {
		in.wrong(Reachable, in.unreachable(err))
		return p
	}
	in.right(Reachable, indicator.T(p.String(), p.String()))
	door, err := in.knock(ctx)
	if door == unclear {
		in.wrong(Reachable, in.unreachable(err))
		return p
	}
	if door == stranger {
		in.wrong(TokenTaken, in.tokenRefused())
		return p
	}
	in.right(TokenTaken, indicator.T("服务器接受", "the server takes it"))
	switch door {
	case missing:
		in.wrong(BucketThere, in.noBucket(p, err))
		return p
	case readOnly:
		in.wrong(MayWrite, in.noRight(indicator.T("写", "write")))
	case open:
		in.right(MayWrite, indicator.T("可以", "yes"))
	}
	in.right(BucketThere, indicator.T(in.options.Bucket, in.options.Bucket))
	in.tryReading(ctx, p)
	in.lookAtShards(ctx, p)
	return p
}

// door is what an empty write shows: every server looks at the token, the
// bucket and the right to write before it sees that there is nothing to write.
type door int

const (
	unclear  door = iota // no contact, or an answer that has nothing to do with these
	stranger             // the token is not accepted
	missing              // no such bucket, database, policy or organisation
	readOnly             // the bucket is there, this token may not write into it
	open
)

// knock writes nothing. The error is what the server said.
func (l *Ledger) knock(ctx context.Context) (door, error) {
	err := l.write(ctx, nil)
	var fault *http2.Error
	errors.As(err, &fault)
	switch {
	case err == nil:
		return open, nil
	case fault == nil:
		return unclear, err
	case fault.StatusCode == http.StatusUnauthorized:
		return stranger, err
	case fault.StatusCode == http.StatusForbidden:
		return readOnly, err
	case fault.StatusCode == http.StatusNotFound, isMissing(err.Error()): // 1.8 answers 500 for a policy
		return missing, err
	}
	return unclear, err
}

// tryReading asks as every reader does. 2.x says of a bucket that one may not
// read that it is not there, and only now that a token was switched off.
func (in *inspector) tryReading(ctx context.Context, p product) {
	err := in.ask(ctx, `SELECT seq FROM upload LIMIT 1`, discard)
	var fault *http2.Error
	errors.As(err, &fault)
	switch {
	case err == nil:
		in.right(MayRead, indicator.T("可以", "yes"))
	case fault != nil && fault.StatusCode == http.StatusUnauthorized:
		in.wrong(TokenTaken, in.tokenRefused())
		for _, c := range []Check{BucketThere, MayWrite} {
			delete(in.state, c)
			delete(in.text, c)
		}
	case lacksPolicy(err):
		in.wrong(BucketThere, in.noBucket(p, err))
		delete(in.state, MayWrite)
	case fault != nil && fault.StatusCode == http.StatusForbidden, isMissing(err.Error()):
		in.wrong(MayRead, in.noRight(indicator.T("读", "read")))
	default:
		in.wrong(MayRead, in.unreachable(err))
	}
}

// discard takes a row that nobody needs.
func discard(t *table, d *jsontext.Decoder) error {
	_, err := record(t, d)
	return err
}

// terms are how long a bucket keeps points, 0 for ever, and how long its shard
// groups are.
type terms struct{ keeps, shard time.Duration }

// lookAtShards compares the bucket's terms with those that a ledger needs.
func (in *inspector) lookAtShards(ctx context.Context, p product) {
	if in.state[MayRead] != Right {
		return
	}
	t, known := in.termsOf(ctx, p)
	if !known {
		return
	}
	if t.keeps == 0 || t.keeps >= shardLength {
		in.right(KeepsAll, indicator.T("永久", "for ever"))
	} else {
		in.wrong(KeepsAll, in.forgets(t.keeps))
	}
	if t.shard == shardLength {
		in.right(OneShard, lengthOf(t.shard))
	} else {
		in.wrong(OneShard, in.shortShards(p, t.shard))
	}
}

// termsOf asks for the bucket's terms; known is false where the server does not say.
func (l *Ledger) termsOf(ctx context.Context, p product) (t terms, known bool) {
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	if !p.hasDatabases() {
		return l.termsOfBucket(ctx)
	}
	database, policy, _ := strings.Cut(l.options.Bucket, "/")
	err := l.ask(ctx, "SHOW RETENTION POLICIES ON "+identifier(database), func(tab *table, d *jsontext.Decoder) error {
		row, err := record(tab, d)
		isDefault, _ := row["default"].(bool)
		if name := row["name"]; name == policy || policy == "" && isDefault {
			keeps, _ := row["duration"].(string)
			shard, _ := row["shardGroupDuration"].(string)
			t.keeps, _ = time.ParseDuration(keeps)
			t.shard, _ = time.ParseDuration(shard)
			known = true
		}
		return err
	})
	return t, known && err == nil
}

// termsOfBucket asks 2.x; InfluxQL there shows 7 days whatever is true.
func (l *Ledger) termsOfBucket(ctx context.Context) (t terms, known bool) {
	answer, err := l.client.APIClient().GetBuckets(ctx, &domain.GetBucketsParams{Name: &l.options.Bucket, Org: &l.options.Org})
	if err != nil || answer.Buckets == nil || len(*answer.Buckets) != 1 {
		return t, false
	}
	for _, rule := range (*answer.Buckets)[0].RetentionRules {
		t.keeps = time.Duration(rule.EverySeconds) * time.Second
		if rule.ShardGroupDurationSeconds != nil {
			t.shard = time.Duration(*rule.ShardGroupDurationSeconds) * time.Second
		}
	}
	return t, t.shard > 0
}

func (p product) String() string { return p.name + " " + p.bareVersion() }

// bareVersion is without the v that some versions of 2.x write before theirs.
func (p product) bareVersion() string { return strings.TrimPrefix(p.version, "v") }

// hasDatabases tells those servers that have databases and policies, not buckets.
func (p product) hasDatabases() bool {
	return p.name == openGemini || strings.HasPrefix(p.bareVersion(), "1.")
}

// identifier is a name in InfluxQL.
func identifier(name string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(name) + `"`
}

// reason is the plain cause of an error, without the request that met it.
func reason(err error) string {
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = errSilent
	}
	return told{err}.Error()
}

// lengthOf is a length of time in words.
func lengthOf(d time.Duration) indicator.Text {
	const day = 24 * time.Hour
	switch {
	case d == shardLength:
		return indicator.T("270 年（14088w）", "270 years (14088w)")
	case d == day:
		return indicator.T("1 天", "1 day")
	case d%day == 0:
		return indicator.T(fmt.Sprintf("%d 天", d/day), fmt.Sprintf("%d days", d/day))
	}
	return indicator.T(d.String(), d.String())
}
