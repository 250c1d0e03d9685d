package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrNoCatalog is the answer where the history holds no such catalogue.
var ErrNoCatalog = errors.New("no such catalogue in the history")

// RecordCatalog notes that the catalogue of that hash is in force from at on.
// Nothing happens if it is the newest one already. A clock that was set back
// does not reorder the history: the entry then follows the newest one.
func (s *Store) RecordCatalog(ctx context.Context, hash string, content []byte, at time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var newest string
		var since int64
		err := tx.QueryRowContext(ctx, `SELECT hash, since FROM catalog_since ORDER BY since DESC LIMIT 1`).Scan(&newest, &since)
		if err != nil && !errors.Is(err, sql.ErrNoRows) || newest == hash {
			return err
		}
		moment := milliseconds(at)
		if err == nil {
			moment = max(moment, since+1)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO catalog (hash, content) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING`,
			hash, content); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO catalog_since (since, hash) VALUES (?, ?)`, moment, hash)
		return err
	})
}

// CatalogByHash is the content recorded under a hash, or ErrNoCatalog.
func (s *Store) CatalogByHash(ctx context.Context, hash string) ([]byte, error) {
	var content []byte
	err := s.db.QueryRowContext(ctx, `SELECT content FROM catalog WHERE hash = ?`, hash).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %s", ErrNoCatalog, hash)
	}
	return content, err
}

// CatalogAt is the catalogue in force at a moment; before the first one kept,
// that first one. ErrNoCatalog means that none was ever recorded.
func (s *Store) CatalogAt(ctx context.Context, at time.Time) (hash string, content []byte, err error) {
	err = s.db.QueryRowContext(ctx, `
		SELECT hash, content FROM catalog_since JOIN catalog USING (hash)
		ORDER BY since > ?1, CASE WHEN since > ?1 THEN since ELSE -since END LIMIT 1`,
		milliseconds(at)).Scan(&hash, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, ErrNoCatalog
	}
	return hash, content, err
}
