package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Version implements ledger.Ledger; it is one look at the end of a key.
func (l *Ledger) Version(ctx context.Context) (ledger.Version, error) {
	at, err := newest(ctx, l.reader)
	return at, l.explain(ctx, err)
}

// History implements ledger.Ledger.
func (l *Ledger) History(ctx context.Context) (h ledger.History, err error) {
	err = l.read(ctx, func(tx *sql.Tx) error {
		h, err = history(ctx, tx)
		return err
	})
	return h, err
}

// history reads all publications; q must be a transaction, so that its queries
// see one state.
func history(ctx context.Context, q querier) (h ledger.History, err error) {
	if h.Version, err = newest(ctx, q); err != nil {
		return h, err
	}
	if h.Publications, err = publications(ctx, q, 0); err != nil {
		return h, err
	}
	return h, nil
}

// publications lists all, or the one with the given seq, by ascending seq.
func publications(ctx context.Context, q querier, only int64) ([]ledger.Publication, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT u.seq, u.id, u.uploader, u.file, u.source, u.stage, u.reason, u.generated, u.released, u.sha, u.rows,
		       p.at, ifnull(r.at, 0), ifnull(r.person, ''), ifnull(r.note, '')
		FROM upload u
		JOIN event p ON p.upload = u.seq AND p.kind = 'publish'
		LEFT JOIN event r ON r.upload = u.seq AND r.kind = 'revert'
		WHERE ?1 = 0 OR u.seq = ?1 ORDER BY u.seq`, only)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []ledger.Publication
	for rows.Next() {
		var p ledger.Publication
		var released int64
		if err := rows.Scan(&p.Seq, &p.ID, &p.Uploader, &p.File, &p.Source, &p.Stage, &p.Reason, &p.Generated,
			&released, &p.SHA, &p.Rows, &p.At, &p.RevertedAt, &p.RevertedBy, &p.RevertNote); err != nil {
			return nil, err
		}
		p.Released = time.UnixMilli(released).UTC()
		list = append(list, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return list, addParts(ctx, q, list, only)
}

// addParts gives the publications, sorted by seq, their parts.
func addParts(ctx context.Context, q querier, list []ledger.Publication, only int64) error {
	rows, err := q.QueryContext(ctx, `SELECT upload, indicator, freq, rows, checksum FROM part
		WHERE ?1 = 0 OR upload = ?1 ORDER BY upload, indicator, freq`, only)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var seq, checksum int64
		var part ledger.Part
		if err := rows.Scan(&seq, &part.Indicator, &part.Freq, &part.Rows, &checksum); err != nil {
			return err
		}
		part.Checksum = uint64(checksum)
		for len(list) > 0 && list[0].Seq < seq {
			list = list[1:]
		}
		if len(list) == 0 || list[0].Seq != seq {
			return fmt.Errorf("a part belongs to upload %d, which is not there", seq)
		}
		list[0].Parts = append(list[0].Parts, part)
	}
	return rows.Err()
}

// Vintages implements ledger.Ledger. The stream is of the state at its first
// row, holds one connection, and gives it back however it ends.
func (l *Ledger) Vintages(ctx context.Context, query ledger.Query) iter.Seq2[ledger.Vintage, error] {
	return func(yield func(ledger.Vintage, error) bool) {
		for v, err := range vintages(ctx, l.reader, query) {
			if !yield(v, l.explain(ctx, err)) || err != nil {
				return
			}
		}
	}
}

func vintages(ctx context.Context, q querier, query ledger.Query) iter.Seq2[ledger.Vintage, error] {
	return func(yield func(ledger.Vintage, error) bool) {
		fail := func(err error) { yield(ledger.Vintage{}, err) }
		text, args, err := selectVintages(query)
		if err != nil {
			fail(err)
			return
		}
		rows, err := q.QueryContext(ctx, text, args...)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close()
		var (
			zero   = periodZero(query.Freq)
			region sql.RawBytes
			period int64 // as the driver gives it: other types take database/sql a detour through text
			status int64
			v      = ledger.Vintage{Reading: indicator.Reading{Indicator: query.Indicator}}
			cells  = []any{&region, &period, &v.Seq, &v.Value, &status}
		)
		for rows.Next() {
			if err := rows.Scan(cells...); err != nil {
				fail(err)
				return
			}
			if string(region) != v.Region {
				v.Region = string(region)
			}
			known := slices.IndexFunc(statuses, func(s indicator.Status) bool { return int64(s[0]) == status })
			if known < 0 {
				fail(fmt.Errorf("%s %s holds an unknown status %d", v.Indicator, v.Region, status))
				return
			}
			v.Period, v.Status = zero.Add(int(period)), statuses[known]
			if !yield(v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			fail(err)
		}
	}
}

// statuses are kept as the code of their one letter.
var statuses = []indicator.Status{indicator.Normal, indicator.Provisional, indicator.Estimated, indicator.Break,
	indicator.Missing, indicator.NotApplicable, indicator.NotCollected}

// selectVintages makes the statement of a query. Its order is that of the two
// keys it walks along, so nothing is sorted and the first row comes at once.
func selectVintages(q ledger.Query) (string, []any, error) {
	if _, err := indicator.ParseFreq(string(q.Freq)); err != nil {
		return "", nil, fmt.Errorf("%w: %w", ledger.ErrInvalid, err)
	}
	text := `SELECT s.region, r.period, r.upload, r.value, r.status
		FROM series s CROSS JOIN reading_log r ON r.series = s.id
		WHERE s.indicator = ? AND s.freq = ?`
	args := []any{q.Indicator, string(q.Freq)}
	if q.Region != "" {
		text += ` AND s.region = ?`
		args = append(args, q.Region)
	}
	for _, end := range []struct {
		condition string
		period    indicator.Period
	}{{` AND r.period >= ?`, q.From}, {` AND r.period <= ?`, q.To}} {
		if end.period.IsZero() {
			continue
		}
		if end.period.Freq() != q.Freq {
			return "", nil, fmt.Errorf("%w: period %s is not of frequency %s", ledger.ErrInvalid, end.period, q.Freq)
		}
		text += end.condition
		args = append(args, end.period.Sub(periodZero(q.Freq)))
	}
	return text + ` ORDER BY s.region, r.period, r.upload`, args, nil
}

// periodZero is the period of a frequency that is kept as 0: the first of the year 0.
func periodZero(f indicator.Freq) indicator.Period {
	return indicator.PeriodAt(f, time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))
}
