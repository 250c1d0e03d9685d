package influx

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	http2 "github.com/influxdata/influxdb-client-go/v2/api/http"

	"github.com/dabiao/dabiao/internal/ledger"
)

// statementError is an error inside an answer whose status is 200.
type statementError string

func (e statementError) Error() string { return string(e) }

// told is what the server said, shortened: it may quote a line of any length.
type told struct{ error }

func (t told) Error() string {
	const head, tail = 300, 200
	s := t.error.Error()
	if len(s) > head+tail {
		s = s[:head] + " … " + s[len(s)-tail:]
	}
	return strings.ToValidUTF8(s, "")
}

func (t told) Unwrap() error { return t.error }

// lasting reports whether the server would say the same again: a request that it
// does not accept, or rights that are missing. Everything else may pass: no
// contact, 429, 5xx, an answer that broke off.
func lasting(err error) bool {
	var fault *http2.Error
	if errors.As(err, &fault) {
		return fault.StatusCode >= 300 && fault.StatusCode < 500 && fault.StatusCode != http.StatusTooManyRequests
	}
	return errors.Is(err, ledger.ErrInvalid)
}

// mayHaveArrived reports whether the server may have kept a line, given the error
// of sending it: only a refusal, or no contact at all, says no.
func mayHaveArrived(err error) bool {
	if err == nil {
		return true
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return false
	}
	var fault *http2.Error
	errors.As(err, &fault)
	return fault == nil || fault.StatusCode == 0 ||
		fault.StatusCode >= http.StatusInternalServerError && fault.StatusCode != http.StatusServiceUnavailable
}

const (
	firstPause = 50 * time.Millisecond
	longPause  = 2 * time.Second
)

// retry does op again until it succeeds, cannot succeed, or the context ends.
// It waits longer each time, never as long as others, and at least as long as
// the server asks for.
func retry(ctx context.Context, op func() error) error {
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		err := op()
		if err == nil || lasting(err) {
			return err
		}
		wait := pause/2 + rand.N(pause/2)
		var fault *http2.Error
		if errors.As(err, &fault) {
			wait = max(wait, time.Duration(fault.RetryAfter)*time.Second)
		}
		if !sleep(ctx, wait) {
			return fmt.Errorf("%w (the last answer: %w)", ctx.Err(), err)
		}
	}
}

// aFewTimes bridges what passes by itself; more is for the caller to decide. A
// silent server has cost enough time with one attempt.
func aFewTimes(ctx context.Context, op func() error) error {
	const attempts = 3
	for i := 0; ; i++ {
		err := op()
		if err == nil || i == attempts-1 || lasting(err) || errors.Is(err, errSilent) || !sleep(ctx, firstPause<<(2*i)) {
			return err
		}
	}
}

// sleep waits, and reports whether the context let it.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// overdue is the end of waiting for something to show, with the last trouble
// there was in asking, if any.
func overdue(ctx context.Context, what string, err error) error {
	if err == nil {
		return fmt.Errorf("%w: %s", ctx.Err(), what)
	}
	return fmt.Errorf("%w: %s: %w", ctx.Err(), what, err)
}

// explain turns what the client and the server say into the kinds of error of
// the contract. Where the context has ended, that is the error.
func (c *connection) explain(ctx context.Context, err error) error {
	var fault *http2.Error
	switch {
	case err == nil, errors.Is(err, ledger.ErrInvalid), errors.Is(err, ledger.ErrNotFound),
		errors.Is(err, ledger.ErrUnavailable), errors.Is(err, ledger.ErrOutcomeUnknown):
		return err
	case ctx.Err() != nil:
		if errors.Is(err, ctx.Err()) {
			return err
		}
		return fmt.Errorf("%w (InfluxDB at %s: %w)", ctx.Err(), c.client.ServerURL(), err)
	}
	advice := "try again later"
	errors.As(err, &fault)
	err = told{err}
	switch {
	case fault == nil && isMissing(err.Error()), fault != nil && fault.StatusCode == http.StatusNotFound:
		advice = "the bucket is not there: see dabiao check --connect"
	case fault == nil || fault.StatusCode == 0:
		advice = "it cannot be reached or does not answer: see dabiao check --connect"
	case fault.StatusCode == http.StatusUnauthorized, fault.StatusCode == http.StatusForbidden:
		advice = "it refuses the token: see dabiao check --connect"
	case fault.StatusCode == http.StatusBadRequest, fault.StatusCode == http.StatusUnprocessableEntity:
		return fmt.Errorf("%w: InfluxDB at %s refuses the readings: %w", ledger.ErrInvalid, c.client.ServerURL(), err)
	}
	return fmt.Errorf("%w: InfluxDB at %s: %s: %w", ledger.ErrUnavailable, c.client.ServerURL(), advice, err)
}

// What 1.x and openGemini say, and 2.x where it answers InfluxQL.
const (
	databaseMissing = "database not found"
	policyMissing   = "retention policy not found"
)

func isMissing(message string) bool {
	return strings.Contains(message, databaseMissing) || strings.Contains(message, policyMissing)
}
