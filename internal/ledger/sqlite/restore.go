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
		known, err := history(ctx, tx)
		if err != nil {
			return err
		}
		found, err := known.Restored(p)
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
