package influx

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	http2 "github.com/influxdata/influxdb-client-go/v2/api/http"
	"github.com/influxdata/influxdb-client-go/v2/domain"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Refusal is why the ledger cannot be used as it is configured, with what to do
// about it. Trying again does not help.
type Refusal struct {
	Text  indicator.Text
	cause error
}

func (r *Refusal) Error() string { return r.Text.EN }

// Unwrap gives what the server said.
func (r *Refusal) Unwrap() error { return r.cause }

// Prepare creates the bucket with the terms that a ledger needs where it is
// missing. One that is there is never altered. A token that the server does not
// accept, or that may not create the bucket, is a *Refusal with the command that
// creates it; a server that cannot be reached is a ledger.ErrUnavailable.
func (l *Ledger) Prepare(ctx context.Context) error {
	door, err := l.knock(ctx)
	switch door {
	case open, readOnly:
		return nil
	case stranger:
		return &Refusal{l.tokenRefused(), err}
	case missing:
		return l.create(ctx, err)
	}
	if lasting(err) {
		return &Refusal{l.unreachable(err), err}
	}
	return l.explain(ctx, err)
}

// create makes what the server said is missing.
func (l *Ledger) create(ctx context.Context, said error) error {
	p, err := l.identify(ctx)
	switch {
	case err != nil:
		return l.explain(ctx, err)
	case p.hasDatabases():
		err = l.ask(ctx, creation(l.options, lacksPolicy(said)), discard)
	default:
		err = l.createBucket(ctx)
	}
	if err == nil {
		return nil
	}
	if door, _ := l.knock(ctx); door == open || door == readOnly { // another program was quicker
		return nil
	}
	var request *url.Error
	var fault *http2.Error
	if errors.As(err, &request) || errors.As(err, &fault) && !lasting(err) || ctx.Err() != nil {
		return l.explain(ctx, err)
	}
	return &Refusal{l.mayNotCreate(p, said, err), err}
}

// lacksPolicy tells a database without the policy from a database that is not there.
func lacksPolicy(said error) bool { return strings.Contains(said.Error(), policyMissing) }

func (l *Ledger) createBucket(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	org, err := l.client.OrganizationsAPI().FindOrganizationByName(ctx, l.options.Org)
	var request *url.Error
	switch {
	case errors.As(err, &request):
		return err
	case err != nil:
		return fmt.Errorf("the token does not see the organisation %q", l.options.Org)
	}
	shard := int64(shardLength / time.Second)
	rule := domain.RetentionRule{ShardGroupDurationSeconds: &shard} // EverySeconds 0: for ever
	_, err = l.client.BucketsAPI().CreateBucketWithName(ctx, org, l.options.Bucket, rule)
	return err
}

// creation is the statement that makes the database with its policy, or the
// policy alone.
func creation(o Options, databaseThere bool) string {
	database, policy, named := strings.Cut(o.Bucket, "/")
	terms := fmt.Sprintf("DURATION 0s REPLICATION %d SHARD DURATION %dw", max(1, o.Replication), shardWeeks)
	switch {
	case !named:
		return "CREATE DATABASE " + identifier(database) + " WITH " + terms
	case databaseThere:
		return "CREATE RETENTION POLICY " + identifier(policy) + " ON " + identifier(database) + " " + terms
	}
	return "CREATE DATABASE " + identifier(database) + " WITH " + terms + " NAME " + identifier(policy)
}

// command is what somebody with the right to do so runs to create the bucket.
// The influx program takes a retention of 0 for 30 days as soon as a shard
// duration is given, so that its command names 270 years twice.
func command(p product, o Options, databaseThere bool) string {
	if p.hasDatabases() {
		return creation(o, databaseThere)
	}
	return fmt.Sprintf("influx bucket create --host %s --org %s --name %s --retention %dw --shard-group-duration %[4]dw",
		shell(o.URL), shell(o.Org), shell(o.Bucket), shardWeeks)
}

var plainWord = regexp.MustCompile(`^[\w./:@-]+$`)

// shell is a word on a command line.
func shell(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
