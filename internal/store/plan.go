package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dabiao/dabiao/internal/upload"
)

const planColumns = `name, regions, shape, places, answers, source, stage, author, created, changed, deleted, id`

const selectPlan = `SELECT ` + planColumns + ` FROM plan`

// KeepPlan implements upload.Plans. The transaction takes the write lock first,
// so of two people who keep the same shape at once the second finds the first's plan.
func (s *Store) KeepPlan(ctx context.Context, p upload.Plan, use upload.PlanUse) (upload.Plan, error) {
	kept := p
	err := s.write(ctx, func(tx *sql.Tx) error {
		same, err := scanPlan(tx.QueryRowContext(ctx, selectPlan+` WHERE regions = ? AND shape = ? AND deleted = 0`, officeOf(p), p.Fingerprint.Shape))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			if kept.Name, err = freeName(ctx, tx, p); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO plan (`+planColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, planValues(kept)...); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			kept.ID, kept.Name, kept.Created = same.ID, same.Name, same.Created
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO plan_use (plan, upload, at) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET at = excluded.at`, kept.ID, use.Upload, milliseconds(use.At)); err != nil {
			return err
		}
		return writePlan(ctx, tx, kept)
	})
	if err != nil {
		return upload.Plan{}, err
	}
	kept.Uses, err = planUses(ctx, s.db, kept.ID)
	return kept, err
}

// freeName is the plan's name, with a number where the office has it.
func freeName(ctx context.Context, q querier, p upload.Plan) (string, error) {
	name := p.Name
	for n := 2; ; n++ {
		var taken int
		err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM plan WHERE regions = ? AND name = ? AND deleted = 0`, officeOf(p), name).Scan(&taken)
		if err != nil || taken == 0 {
			return name, err
		}
		name = fmt.Sprintf("%s %d", p.Name, n)
	}
}

// Plans implements upload.Plans.
func (s *Store) Plans(ctx context.Context) ([]upload.Plan, error) {
	plans, err := list(ctx, s.db, scanPlan, selectPlan+` WHERE deleted = 0 ORDER BY name, id`)
	if err != nil {
		return nil, err
	}
	for i := range plans {
		if plans[i].Uses, err = planUses(ctx, s.db, plans[i].ID); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// UpdatePlan implements upload.Plans.
func (s *Store) UpdatePlan(ctx context.Context, id string, change func(*upload.Plan) error) (upload.Plan, error) {
	var after upload.Plan
	err := s.write(ctx, func(tx *sql.Tx) error {
		var err error
		after, err = scanPlan(tx.QueryRowContext(ctx, selectPlan+` WHERE id = ?`, id))
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%w: %q", upload.ErrNoPlan, id)
		} else if err != nil {
			return err
		}
		if err := change(&after); err != nil {
			return err
		}
		var others int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM plan WHERE regions = ? AND (name = ? OR shape = ?) AND deleted = 0 AND id != ?`,
			officeOf(after), after.Name, after.Fingerprint.Shape, id).Scan(&others); err != nil {
			return err
		}
		if others > 0 && after.Deleted.IsZero() {
			return fmt.Errorf("%w: %q", upload.ErrPlanTaken, after.Name)
		}
		if after.Uses, err = planUses(ctx, tx, id); err != nil {
			return err
		}
		return writePlan(ctx, tx, after)
	})
	return after, err
}

func writePlan(ctx context.Context, tx *sql.Tx, p upload.Plan) error {
	_, err := tx.ExecContext(ctx, `UPDATE plan SET (`+planColumns+`) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`,
		append(planValues(p), p.ID)...)
	return err
}

func planUses(ctx context.Context, q querier, id string) ([]upload.PlanUse, error) {
	return list(ctx, q, func(row scanner) (upload.PlanUse, error) {
		var use upload.PlanUse
		var at int64
		err := row.Scan(&use.Upload, &at)
		use.At = fromMilliseconds(at)
		return use, err
	}, `SELECT upload, at FROM plan_use WHERE plan = ? ORDER BY at DESC, upload DESC`, id)
}

// officeOf is what the plans of one office share.
func officeOf(p upload.Plan) string { return toJSON(append([]string{}, p.Regions...)) }

// planValues are the values of planColumns.
func planValues(p upload.Plan) []any {
	return []any{p.Name, officeOf(p), p.Fingerprint.Shape, p.Fingerprint.Places, toJSON(p.Answers), p.Source, p.Stage, p.Author,
		milliseconds(p.Created), milliseconds(p.Changed), milliseconds(p.Deleted), p.ID}
}

func scanPlan(row scanner) (upload.Plan, error) {
	var p upload.Plan
	var regions, answers []byte
	var created, changed, deleted int64
	if err := row.Scan(&p.Name, &regions, &p.Fingerprint.Shape, &p.Fingerprint.Places, &answers, &p.Source, &p.Stage, &p.Author,
		&created, &changed, &deleted, &p.ID); err != nil {
		return upload.Plan{}, err
	}
	p.Created, p.Changed, p.Deleted = fromMilliseconds(created), fromMilliseconds(changed), fromMilliseconds(deleted)
	return p, errors.Join(json.Unmarshal(regions, &p.Regions), json.Unmarshal(answers, &p.Answers))
}
