package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dabiao/dabiao/internal/account"
)

const selectUser = `SELECT name, role, regions, password, disabled, created FROM user`

// User implements account.Users.
func (s *Store) User(ctx context.Context, name string) (account.User, error) {
	u, err := scanUser(s.db.QueryRowContext(ctx, selectUser+` WHERE name = ?`, name))
	if errors.Is(err, sql.ErrNoRows) {
		return u, fmt.Errorf("%w: %q", account.ErrNoUser, name)
	}
	return u, err
}

// Users implements account.Users.
func (s *Store) Users(ctx context.Context) ([]account.User, error) {
	return list(ctx, s.db, scanUser, selectUser+` ORDER BY name`)
}

func scanUser(row scanner) (account.User, error) {
	var u account.User
	var regions string
	var created int64
	if err := row.Scan(&u.Name, &u.Role, &regions, &u.PasswordHash, &u.Disabled, &created); err != nil {
		return account.User{}, err
	}
	u.Created = fromMilliseconds(created)
	return u, json.Unmarshal([]byte(regions), &u.Regions)
}

// AddUser implements account.Users.
func (s *Store) AddUser(ctx context.Context, u account.User) error {
	return s.writeUser(ctx, fmt.Errorf("%w: %q", account.ErrUserExists, u.Name),
		`INSERT INTO user (role, regions, password, disabled, created, name) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO NOTHING`,
		u.Role, toJSON(u.Regions), u.PasswordHash, u.Disabled, milliseconds(u.Created), u.Name)
}

// UpdateUser implements account.Users.
func (s *Store) UpdateUser(ctx context.Context, u account.User) error {
	return s.writeUser(ctx, fmt.Errorf("%w: %q", account.ErrNoUser, u.Name),
		`UPDATE user SET role = ?, regions = ?, password = ?, disabled = ? WHERE name = ?`,
		u.Role, toJSON(u.Regions), u.PasswordHash, u.Disabled, u.Name)
}

// writeUser runs a statement that changes one row; if it changes none, that is otherwise.
func (s *Store) writeUser(ctx context.Context, otherwise error, statement string, args ...any) error {
	result, err := s.db.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	changed, err := result.RowsAffected()
	if err == nil && changed == 0 {
		return otherwise
	}
	return err
}
