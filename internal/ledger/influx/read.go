package influx

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// read asks until an answer is whole; a few attempts bridge what passes by
// itself, more is for the caller to decide. Before each attempt reset forgets
// what an earlier one gave.
func (c *connection) read(ctx context.Context, text string, reset func(), row rowFunc) error {
	const attempts = 3
	var err error
	for i := range attempts {
		reset()
		if err = c.ask(ctx, text, row); err == nil || lasting(err) || errors.Is(err, errSilent) ||
			!sleep(ctx, firstPause<<(2*i)) {
			break
		}
	}
	return err
}

// Version implements ledger.Ledger.
func (l *Ledger) Version(ctx context.Context) (ledger.Version, error) {
	var newest ledger.Version
	err := l.read(ctx, statements(askNewestCommit, askNewestUndo), func() { newest = 0 }, func(t *table, d *jsontext.Decoder) error {
		row, err := record(t, d)
		newest = max(newest, newestOf(row))
		return err
	})
	return newest, l.explain(ctx, err)
}

// History implements ledger.Ledger.
func (l *Ledger) History(ctx context.Context) (ledger.History, error) {
	s, err := l.state(ctx)
	if err != nil {
		return ledger.History{}, err
	}
	return s.History, nil
}

// Vintages implements ledger.Ledger. Rows of uploads that are not committed, or
// were committed after the stream began, are passed over.
func (l *Ledger) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	return func(yield func(ledger.Vintage, error) bool) {
		question, err := selectVintages(q)
		if err == nil {
			var committed map[int64]bool
			if committed, err = l.committed(ctx); err == nil {
				err = l.stream(ctx, q, question, func(v ledger.Vintage) bool { return !committed[v.Seq] || yield(v, nil) })
			}
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(ledger.Vintage{}, l.explain(ctx, err))
		}
	}
}

// errEnough ends a stream whose reader wants no more.
var errEnough = errors.New("enough")

// committed is the set of all seqs that have a commit.
func (l *Ledger) committed(ctx context.Context) (seqs map[int64]bool, err error) {
	err = l.read(ctx, `SELECT seq FROM upload WHERE kind='commit'`, func() { seqs = map[int64]bool{} }, func(t *table, d *jsontext.Decoder) error {
		row, err := record(t, d)
		if seq, ok := row["seq"].(int64); ok {
			seqs[seq] = true
		}
		return err
	})
	return seqs, err
}

// stream hands every row of a question to each until that returns false.
func (l *Ledger) stream(ctx context.Context, q ledger.Query, question string, each func(ledger.Vintage) bool) error {
	days := calendar{freq: q.Freq}
	v := ledger.Vintage{Reading: indicator.Reading{Indicator: q.Indicator}}
	return l.ask(ctx, question, func(t *table, d *jsontext.Decoder) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if region := t.tags["region"]; region != v.Region {
			v.Region = region
		}
		if err := days.row(d, &v); err != nil {
			return fmt.Errorf("%s %s: %w", v.Indicator, v.Region, err)
		}
		if !each(v) {
			return errEnough
		}
		return nil
	})
}

// calendar turns times of points into periods; neighbours mostly share a day.
type calendar struct {
	freq   indicator.Freq
	day    int64
	period indicator.Period
}

const dayLength = int64(24 * time.Hour)

// row reads [time, value, status].
func (c *calendar) row(d *jsontext.Decoder, v *ledger.Vintage) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	at, err := whole(d)
	if err != nil {
		return err
	}
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	if token.Kind() != '0' {
		return fmt.Errorf("a reading has %s for its value", token.Kind())
	}
	v.Value = token.Float()
	if token, err = d.ReadToken(); err != nil {
		return err
	}
	known := slices.IndexFunc(statuses, func(s indicator.Status) bool { return token.Kind() == '"' && token.String() == string(s) })
	if known < 0 {
		return fmt.Errorf("a reading has an unknown status")
	}
	v.Status = statuses[known]
	v.Seq = (at%dayLength + dayLength) % dayLength // also before 1970
	if day := at - v.Seq; c.period.IsZero() || day != c.day {
		start := time.Unix(0, day)
		c.day, c.period = day, indicator.PeriodAt(c.freq, start)
		if !c.period.Start().Equal(start) {
			return fmt.Errorf("a reading lies on %s, where no period begins", start.UTC().Format(time.DateOnly))
		}
	}
	v.Period = c.period
	_, err = d.ReadToken()
	return err
}

var statuses = []indicator.Status{indicator.Normal, indicator.Provisional, indicator.Estimated, indicator.Break,
	indicator.Missing, indicator.NotApplicable, indicator.NotCollected}

// selectVintages makes the question. Series come by their tags, points by time:
// by region, period and seq.
func selectVintages(q ledger.Query) (string, error) {
	if _, err := indicator.ParseFreq(string(q.Freq)); err != nil {
		return "", fmt.Errorf("%w: %w", ledger.ErrInvalid, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "SELECT value, status FROM reading WHERE indicator=%s AND freq=%s", literal(q.Indicator), literal(string(q.Freq)))
	if q.Region != "" {
		fmt.Fprintf(&b, " AND region=%s", literal(q.Region))
	}
	for _, end := range []struct {
		operator string
		period   indicator.Period
		offset   int64
	}{{">=", q.From, 0}, {"<", q.To, dayLength}} {
		if end.period.IsZero() {
			continue
		}
		if end.period.Freq() != q.Freq {
			return "", fmt.Errorf("%w: period %s is not of frequency %s", ledger.ErrInvalid, end.period, q.Freq)
		}
		fmt.Fprintf(&b, " AND time %s %d", end.operator, pointTime(end.period, end.offset))
	}
	b.WriteString(" GROUP BY region")
	return b.String(), nil
}
