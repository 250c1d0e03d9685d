package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// instance is the part of seq that tells writers apart; a SQLite file has one.
const instance = 0

// Publish implements ledger.Ledger.
func (l *Ledger) Publish(ctx context.Context, upload ledger.Upload, readings []indicator.Reading) (ledger.Publication, error) {
	batch, err := ledger.NewBatch(readings) // before the lock: it is the longer half of the work for small ones
	if err != nil {
		return ledger.Publication{}, err
	}
	var published ledger.Publication
	err = l.write(ctx, func(tx *sql.Tx) error {
		last, err := newest(ctx, tx)
		if err != nil {
			return err
		}
		at := ledger.NextMoment(l.now(), last)
		if published, err = batch.Publication(upload, at, ledger.Seq(at, instance)); err != nil {
			return err
		}
		earlier, same, err := findSame(ctx, tx, batch, upload)
		if err != nil || same {
			published = earlier
			return err
		}
		if err := insertUpload(ctx, tx, published); err != nil {
			return err
		}
		return insertReadings(ctx, tx, "INSERT", batch.Readings, published.Seq)
	})
	if err != nil {
		return ledger.Publication{}, err
	}
	return published, nil
}

// findSame finds the publication that this content is answered with, if any.
func findSame(ctx context.Context, tx *sql.Tx, batch ledger.Batch, upload ledger.Upload) (ledger.Publication, bool, error) {
	var none ledger.Publication
	var known int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM upload WHERE sha = ?`, batch.SHA).Scan(&known); err != nil || known == 0 {
		return none, false, err
	}
	h, err := history(ctx, tx)
	if err != nil {
		return none, false, err
	}
	earlier, rivals, ok := h.Earlier(batch.SHA, upload.Released)
	if !ok {
		return none, false, nil
	}
	rank := ledger.Rank(append(slices.Clone(rivals), earlier))
	for _, part := range batch.Parts {
		if !slices.ContainsFunc(rivals, func(p ledger.Publication) bool { return p.Has(part.Indicator, part.Freq) }) {
			continue
		}
		query := ledger.Query{Indicator: part.Indicator, Freq: part.Freq}
		unchanged, err := batch.Unchanged(part, rank, vintages(ctx, tx, query))
		if err != nil || !unchanged {
			return none, false, err
		}
	}
	return earlier, true, nil
}

func insertUpload(ctx context.Context, tx *sql.Tx, p ledger.Publication) error {
	result, err := tx.ExecContext(ctx, `INSERT INTO upload
		(seq, id, uploader, file, source, stage, reason, generated, released, sha, rows)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		p.Seq, p.ID, p.Uploader, p.File, p.Source, p.Stage, p.Reason, p.Generated, p.Released.UnixMilli(), p.SHA, p.Rows)
	if err != nil {
		return err
	}
	if added, err := result.RowsAffected(); err != nil || added == 0 {
		return errors.Join(ledger.ErrUsed(p.ID), err)
	}
	if err := insertEvent(ctx, tx, p.At, p.Seq, "publish", p.Uploader, p.Reason); err != nil {
		return err
	}
	for _, part := range p.Parts {
		if _, err := tx.ExecContext(ctx, `INSERT INTO part (upload, indicator, freq, rows, checksum) VALUES (?, ?, ?, ?, ?)`,
			p.Seq, part.Indicator, string(part.Freq), part.Rows, int64(part.Checksum)); err != nil {
			return err
		}
	}
	return nil
}

func insertEvent(ctx context.Context, tx *sql.Tx, at ledger.Version, seq int64, kind, person, note string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO event (at, upload, kind, person, note) VALUES (?, ?, ?, ?, ?)`,
		int64(at), seq, kind, person, note)
	return err
}

// Revert implements ledger.Ledger.
func (l *Ledger) Revert(ctx context.Context, id string, by, reason string) (ledger.Publication, error) {
	var reverted ledger.Publication
	err := l.write(ctx, func(tx *sql.Tx) error {
		var seq int64
		err := tx.QueryRowContext(ctx, `SELECT seq FROM upload WHERE id = ?`, id).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%w: no upload %q was published", ledger.ErrNotFound, id)
		} else if err != nil {
			return err
		}
		found, err := publications(ctx, tx, seq)
		if err != nil {
			return err
		}
		if reverted = found[0]; reverted.RevertedAt != 0 {
			return nil
		}
		last, err := newest(ctx, tx)
		if err != nil {
			return err
		}
		reverted.RevertedAt = ledger.NextMoment(l.now(), last)
		reverted.RevertedBy, reverted.RevertNote = by, reason
		return insertEvent(ctx, tx, reverted.RevertedAt, seq, "revert", by, reason)
	})
	if err != nil {
		return ledger.Publication{}, err
	}
	return reverted, nil
}

// chunk is how many rows one statement inserts: enough that the driver's own
// work per statement no longer counts.
const chunk = 64

const columns = 5

func insertStatement(verb string, rows int) string {
	return verb + ` INTO reading_log (series, period, upload, value, status) VALUES (?, ?, ?, ?, ?)` +
		strings.Repeat(`, (?, ?, ?, ?, ?)`, rows-1)
}

// insertReadings writes the rows in the order of the primary key: the tree
// grows at its ends instead of splitting in the middle, more than twice as quick.
func insertReadings(ctx context.Context, tx *sql.Tx, verb string, readings []indicator.Reading, seq int64) error {
	rows, err := keyRows(ctx, tx, readings)
	if err != nil {
		return err
	}
	many, err := tx.PrepareContext(ctx, insertStatement(verb, chunk))
	if err != nil {
		return err
	}
	defer many.Close()
	upload, args := any(seq), make([]any, 0, chunk*columns)
	for _, r := range rows {
		reading := readings[r.reading]
		period := reading.Period.Sub(periodZero(reading.Period.Freq()))
		args = append(args, r.series, int64(period), upload, reading.Value, int64(reading.Status[0]))
		if len(args) == chunk*columns {
			if _, err := many.ExecContext(ctx, args...); err != nil {
				return err
			}
			args = args[:0]
		}
	}
	if len(args) == 0 {
		return nil
	}
	_, err = tx.ExecContext(ctx, insertStatement(verb, len(args)/columns), args...)
	return err
}

// keyedRow is a reading with the id of its series.
type keyedRow struct {
	series  any // an int64, boxed once for the whole series
	reading int // index
}

// keyRows puts readings, sorted by CompareReadings, into the order of the
// primary key: by series; the periods inside a series are in order already.
func keyRows(ctx context.Context, tx *sql.Tx, readings []indicator.Reading) ([]keyedRow, error) {
	type key struct {
		indicator, region string
		freq              indicator.Freq
	}
	find, err := tx.PrepareContext(ctx, `INSERT INTO series (indicator, freq, region) VALUES (?, ?, ?)
		ON CONFLICT (indicator, freq, region) DO UPDATE SET region = region RETURNING id`)
	if err != nil {
		return nil, err
	}
	defer find.Close()
	members := map[key][]int{}
	ids := map[int64]key{}
	var order []int64
	for i, r := range readings {
		k := key{r.Indicator, r.Region, r.Period.Freq()}
		if members[k] == nil {
			var id int64
			if err := find.QueryRowContext(ctx, k.indicator, string(k.freq), k.region).Scan(&id); err != nil {
				return nil, err
			}
			ids[id] = k
			order = append(order, id)
		}
		members[k] = append(members[k], i)
	}
	slices.Sort(order)
	rows := make([]keyedRow, 0, len(readings))
	for _, id := range order {
		boxed := any(id)
		for _, i := range members[ids[id]] {
			rows = append(rows, keyedRow{boxed, i})
		}
	}
	return rows, nil
}
