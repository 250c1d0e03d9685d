package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dabiao/dabiao/internal/upload"
)

const uploadColumns = `state, authors, file, file_sha, content_sha, source, stage, reason, explanation, generated, released, publish_at,
	indicators, regions, rows, faulty, created, changed, published, reverted, events, id`

const selectUpload = `SELECT ` + uploadColumns + ` FROM upload`

// AddUpload implements upload.Drafts. The index over what open uploads hold
// decides when two people send one file at the same moment.
func (s *Store) AddUpload(ctx context.Context, r upload.Record) (upload.Upload, error) {
	kept := r.Upload
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO upload (`+uploadColumns+`)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (content) WHERE state IN ('draft', 'submitted', 'publishing') DO NOTHING`, uploadValues(r.Upload)...)
		if err != nil {
			return err
		}
		if added, err := result.RowsAffected(); err != nil {
			return err
		} else if added == 0 {
			kept, err = sameOpen(ctx, tx, r.Upload)
			return errors.Join(upload.ErrSame, err)
		}
		return writeContents(ctx, tx, r)
	})
	return kept, err
}

// sameOpen is the open upload with the same content as u, another than u.
func sameOpen(ctx context.Context, q querier, u upload.Upload) (upload.Upload, error) {
	content := u.ContentSHA
	if content == "" {
		content = "file " + u.FileSHA
	}
	return scanUpload(q.QueryRowContext(ctx, selectUpload+
		` WHERE content = ? AND state IN ('draft', 'submitted', 'publishing') AND id != ?`, content, u.ID))
}

// Upload implements upload.Drafts.
func (s *Store) Upload(ctx context.Context, id string) (upload.Upload, error) {
	return readUpload(ctx, s.db, id)
}

func readUpload(ctx context.Context, q querier, id string) (upload.Upload, error) {
	u, err := scanUpload(q.QueryRowContext(ctx, selectUpload+` WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return u, noUpload(id)
	}
	return u, err
}

func noUpload(id string) error { return fmt.Errorf("%w: %q", upload.ErrNoUpload, id) }

// Uploads implements upload.Drafts.
func (s *Store) Uploads(ctx context.Context, states ...upload.State) ([]upload.Upload, error) {
	return list(ctx, s.db, scanUpload, selectUpload+
		` WHERE ?1 OR state IN (SELECT value FROM json_each(?2)) ORDER BY changed DESC, id DESC`, len(states) == 0, toJSON(states))
}

// UploadContents implements upload.Drafts.
func (s *Store) UploadContents(ctx context.Context, id string) (upload.Contents, error) {
	var c upload.Contents
	var answers, fingerprint, understood, problems, cells []byte
	err := s.db.QueryRowContext(ctx, `SELECT answers, fingerprint, understood, problems, cells FROM upload_contents WHERE upload = ?`, id).
		Scan(&answers, &fingerprint, &understood, &problems, &cells)
	if errors.Is(err, sql.ErrNoRows) {
		return c, noUpload(id)
	} else if err != nil {
		return c, err
	}
	if err := errors.Join(json.Unmarshal(answers, &c.Answers), json.Unmarshal(fingerprint, &c.Fingerprint), json.Unmarshal(understood, &c.Understood), json.Unmarshal(problems, &c.Problems)); err != nil {
		return c, fmt.Errorf("upload %s: %w", id, err)
	}
	c.Cells, err = decodeCells(cells)
	return c, err
}

// UploadFile implements upload.Drafts.
func (s *Store) UploadFile(ctx context.Context, id string) ([]byte, error) {
	var content []byte
	err := s.db.QueryRowContext(ctx, `SELECT bytes FROM upload_file WHERE upload = ?`, id).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noUpload(id)
	}
	return content, err
}

// UpdateUpload implements upload.Drafts.
func (s *Store) UpdateUpload(ctx context.Context, id string, change func(*upload.Upload) error) (upload.Upload, error) {
	return s.changeUpload(ctx, id, change, func(*sql.Tx) error { return nil })
}

// ReplaceUpload implements upload.Drafts.
func (s *Store) ReplaceUpload(ctx context.Context, r upload.Record, change func(*upload.Upload) error) (upload.Upload, error) {
	return s.changeUpload(ctx, r.ID, change, func(tx *sql.Tx) error { return writeContents(ctx, tx, r) })
}

func (s *Store) changeUpload(ctx context.Context, id string, change func(*upload.Upload) error,
	also func(*sql.Tx) error) (upload.Upload, error) {
	var after upload.Upload
	err := s.write(ctx, func(tx *sql.Tx) error {
		var err error
		if after, err = readUpload(ctx, tx, id); err != nil {
			return err
		}
		if err := change(&after); err != nil {
			return err
		}
		if after.State.Open() {
			same, err := sameOpen(ctx, tx, after)
			if err == nil {
				after = same
				return upload.ErrSame
			} else if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE upload SET (`+uploadColumns+`) =
			(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`,
			append(uploadValues(after), id)...); err != nil {
			return err
		}
		return also(tx)
	})
	return after, err
}

func writeContents(ctx context.Context, tx *sql.Tx, r upload.Record) error {
	cells, err := encodeCells(r.Cells)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO upload_contents (upload, answers, fingerprint, understood, problems, cells)
		VALUES (?, ?, ?, ?, ?, ?)`, r.ID, toJSON(r.Answers), toJSON(r.Fingerprint), toJSON(r.Understood), toJSON(r.Problems), cells); err != nil {
		return err
	}
	original := r.Original
	if original == nil {
		original = []byte{} // an empty file is no NULL
	}
	_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO upload_file (upload, bytes) VALUES (?, ?)`, r.ID, original)
	return err
}

// uploadValues are the values of uploadColumns.
func uploadValues(u upload.Upload) []any {
	var released any
	if !u.Released.IsZero() {
		released = u.Released.UnixMilli() // may lie before 1970, or in its first millisecond
	}
	return []any{u.State, toJSON(u.Authors), u.File, u.FileSHA, u.ContentSHA, u.Source, u.Stage, u.Reason, u.Explanation,
		u.Generated, released, milliseconds(u.PublishAt), toJSON(u.Indicators), toJSON(u.Regions), u.Rows, u.Faulty,
		milliseconds(u.Created), milliseconds(u.Changed), int64(u.At), int64(u.RevertedAt), toJSON(u.Events), u.ID}
}

func scanUpload(row scanner) (upload.Upload, error) {
	var u upload.Upload
	var authors, indicators, regions, events []byte
	var released sql.NullInt64
	var created, changed, publishAt int64
	err := row.Scan(&u.State, &authors, &u.File, &u.FileSHA, &u.ContentSHA, &u.Source, &u.Stage, &u.Reason, &u.Explanation,
		&u.Generated, &released, &publishAt, &indicators, &regions, &u.Rows, &u.Faulty,
		&created, &changed, &u.At, &u.RevertedAt, &events, &u.ID)
	if err != nil {
		return upload.Upload{}, err
	}
	u.Created, u.Changed, u.PublishAt = fromMilliseconds(created), fromMilliseconds(changed), fromMilliseconds(publishAt)
	if released.Valid {
		u.Released = unixMilli(released.Int64)
	}
	return u, errors.Join(json.Unmarshal(authors, &u.Authors), json.Unmarshal(indicators, &u.Indicators),
		json.Unmarshal(regions, &u.Regions), json.Unmarshal(events, &u.Events))
}
