package influx

import (
	"cmp"
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

// read asks until an answer is whole. Before each attempt reset forgets what an
// earlier one gave.
func (c *connection) read(ctx context.Context, text string, reset func(), row rowFunc) error {
	return aFewTimes(ctx, func() error {
		reset()
		return c.ask(ctx, text, row)
	})
}

// Version implements ledger.Ledger.
func (l *Ledger) Version(ctx context.Context) (ledger.Version, error) {
	rows, err := l.records(ctx, askNewest)
	return newestOf(rows), l.explain(ctx, err)
}

// records reads a short answer as a whole.
func (c *connection) records(ctx context.Context, text string) (rows []map[string]any, err error) {
	err = c.read(ctx, text, func() { rows = nil }, func(t *table, d *jsontext.Decoder) error {
		row, err := record(t, d)
		rows = append(rows, row)
		return err
	})
	return rows, err
}

// History implements ledger.Ledger. Commits say all of it, so intents are left alone.
func (l *Ledger) History(ctx context.Context) (ledger.History, error) {
	s, err := l.calmly(ctx, askNewest, askEvents, askNewest)
	if err != nil {
		return ledger.History{}, err
	}
	return s.History, nil
}

// Vintages implements ledger.Ledger. Rows of uploads that are not committed, or
// were committed after the stream began, are passed over.
func (l *Ledger) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	return func(yield func(ledger.Vintage, error) bool) {
		err := l.vintages(ctx, q, func(v ledger.Vintage) bool { return yield(v, nil) })
		if err != nil && !errors.Is(err, errEnough) {
			yield(ledger.Vintage{}, l.explain(ctx, err))
		}
	}
}

func (l *Ledger) vintages(ctx context.Context, q ledger.Query, each func(ledger.Vintage) bool) error {
	question, err := selectVintages(q)
	if err != nil {
		return err
	}
	server, err := l.identify(ctx)
	if err != nil {
		return err
	}
	committed, err := l.committed(ctx)
	if err != nil {
		return err
	}
	if server.showsLate() { // a cluster: nothing says in which order its machines answer
		return l.sorted(ctx, q, question, committed, each)
	}
	var last ledger.Vintage
	return l.stream(ctx, q, question, func(v ledger.Vintage) (bool, error) {
		if last.Seq != 0 && compareVintages(last, v) >= 0 {
			return false, fmt.Errorf("readings of %s came out of order", q.Indicator)
		}
		last = v
		return !committed[v.Seq] || each(v), nil
	})
}

// sorted reads the whole answer before it gives any of it.
func (l *Ledger) sorted(ctx context.Context, q ledger.Query, question string, committed map[int64]bool, each func(ledger.Vintage) bool) error {
	var list []ledger.Vintage
	err := l.stream(ctx, q, question, func(v ledger.Vintage) (bool, error) {
		if committed[v.Seq] {
			list = append(list, v)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(list, compareVintages)
	for _, v := range slices.Compact(list) { // two machines may give one row
		if !each(v) {
			return errEnough
		}
	}
	return nil
}

func compareVintages(a, b ledger.Vintage) int {
	return cmp.Or(cmp.Compare(a.Region, b.Region), a.Period.Compare(b.Period), cmp.Compare(a.Seq, b.Seq))
}

// errEnough ends a stream whose reader wants no more.
var errEnough = errors.New("enough")

// committed is the set of all seqs that have a commit.
func (l *Ledger) committed(ctx context.Context) (map[int64]bool, error) {
	rows, err := l.records(ctx, `SELECT seq FROM upload WHERE kind='commit'`)
	seqs := make(map[int64]bool, len(rows))
	for _, row := range rows {
		if seq, ok := row["seq"].(int64); ok {
			seqs[seq] = true
		}
	}
	return seqs, err
}

// stream hands every row of a question to each until that returns false or an error.
func (l *Ledger) stream(ctx context.Context, q ledger.Query, question string, each func(ledger.Vintage) (bool, error)) error {
	days := calendar{freq: q.Freq}
	v := ledger.Vintage{Reading: indicator.Reading{Indicator: q.Indicator}}
	return l.ask(ctx, question, func(t *table, d *jsontext.Decoder) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if region := t.tags["region"]; region != v.Region {
			v.Region = region
		}
		whole, err := days.row(d, &v)
		switch {
		case err != nil:
			return fmt.Errorf("%s %s: %w", v.Indicator, v.Region, err)
		case !whole:
			return nil
		}
		more, err := each(v)
		if err == nil && !more {
			err = errEnough
		}
		return err
	})
}

// calendar turns times of points into periods; neighbours mostly share a day.
type calendar struct {
	freq   indicator.Freq
	day    int64
	period indicator.Period
}

const dayLength = int64(24 * time.Hour)

// row reads [time, value, status] into v. The server looks at the two fields one
// after the other, so a row that is being written may come without one: it is
// not whole, and is of no upload that is committed.
func (c *calendar) row(d *jsontext.Decoder, v *ledger.Vintage) (isWhole bool, err error) {
	if _, err := d.ReadToken(); err != nil {
		return false, err
	}
	at, err := whole(d)
	if err != nil {
		return false, err
	}
	value, err := d.ReadToken()
	if err != nil {
		return false, err
	}
	hasValue := value.Kind() == '0'
	if hasValue {
		v.Value = value.Float()
	}
	status, err := d.ReadToken()
	if err != nil {
		return false, err
	}
	hasStatus := status.Kind() == '"'
	if hasStatus {
		known := slices.IndexFunc(statuses, func(s indicator.Status) bool { return status.String() == string(s) })
		if known < 0 {
			return false, fmt.Errorf("a reading has an unknown status %q", status.String())
		}
		v.Status = statuses[known]
	}
	v.Seq = (at%dayLength + dayLength) % dayLength // also before 1970
	if err := c.turnTo(at - v.Seq); err != nil {
		return false, err
	}
	v.Period = c.period
	_, err = d.ReadToken()
	return hasValue && hasStatus, err
}

func (c *calendar) turnTo(day int64) error {
	if !c.period.IsZero() && day == c.day {
		return nil
	}
	start := time.Unix(0, day)
	c.day, c.period = day, indicator.PeriodAt(c.freq, start)
	if !c.period.Start().Equal(start) {
		return fmt.Errorf("a reading lies on %s, where no period begins", start.UTC().Format(time.DateOnly))
	}
	return nil
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
