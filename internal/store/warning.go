package store

import (
	"context"
	"encoding/json"

	"github.com/dabiao/dabiao/internal/warning"
)

const acknowledgementColumns = `warning, rule, region, target, message, note, author, at`

// AddAcknowledgement implements warning.Acknowledgements.
func (s *Store) AddAcknowledgement(ctx context.Context, a warning.Acknowledgement) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO acknowledgement (`+acknowledgementColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		a.Warning, a.Rule, a.Region, a.Target, toJSON(a.Message), a.Note, a.Author, milliseconds(a.At))
	return err
}

// Acknowledgements implements warning.Acknowledgements.
func (s *Store) Acknowledgements(ctx context.Context, keys ...string) ([]warning.Acknowledgement, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return list(ctx, s.db, scanAcknowledgement, `SELECT `+acknowledgementColumns+` FROM acknowledgement
		WHERE warning IN (SELECT value FROM json_each(?)) ORDER BY at, id`, toJSON(keys))
}

func scanAcknowledgement(row scanner) (warning.Acknowledgement, error) {
	var a warning.Acknowledgement
	var message []byte
	var at int64
	if err := row.Scan(&a.Warning, &a.Rule, &a.Region, &a.Target, &message, &a.Note, &a.Author, &at); err != nil {
		return a, err
	}
	a.At = fromMilliseconds(at)
	return a, json.Unmarshal(message, &a.Message)
}
