package sqlite

import (
	"context"
	"database/sql"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Restore implements ledger.Ledger.
func (l *Ledger) Restore(ctx context.Context, p ledger.Publication, readings []indicator.Reading) error {
	batch, err := ledger.NewBatch(readings)
	if err != nil {
		return err
	}
	if err := batch.Holds(p); err != nil {
		return err
	}
	return l.write(ctx, func(tx *sql.Tx) error {
		near, err := rivals(ctx, tx, p)
		if err != nil {
			return err
		}
		found, err := near.Restored(p)
		if err != nil {
			return err
		}
		if found == nil {
			if err := insertUpload(ctx, tx, p); err != nil {
				return err
			}
		}
		if p.RevertedAt != 0 && (found == nil || found.RevertedAt == 0) {
			if err := insertEvent(ctx, tx, p.RevertedAt, p.Seq, "revert", p.RevertedBy, p.RevertNote); err != nil {
				return err
			}
		}
		return insertReadings(ctx, tx, "INSERT OR REPLACE", batch.Readings, p.Seq)
	})
}

// rivals is the part of the history that decides whether p can be restored: what
// has its id, its seq or one of its moments. The whole history at every restore
// would make the copy of a long one slow.
func rivals(ctx context.Context, tx *sql.Tx, p ledger.Publication) (h ledger.History, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT seq FROM upload WHERE id = ? OR seq = ?
		UNION SELECT upload FROM event WHERE at IN (?, ?)`, p.ID, p.Seq, int64(p.At), int64(p.RevertedAt))
	if err != nil {
		return h, err
	}
	defer rows.Close()
	var seqs []int64
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return h, err
		}
		seqs = append(seqs, seq)
	}
	if err := rows.Err(); err != nil {
		return h, err
	}
	for _, seq := range seqs {
		found, err := publications(ctx, tx, seq)
		if err != nil {
			return h, err
		}
		h.Publications = append(h.Publications, found...)
	}
	return h, nil
}
