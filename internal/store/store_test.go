package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/account"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func fresh(t *testing.T) *Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "dabiao.db"))
}

func TestOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "数据 100%?.db")
	s := open(t, path)
	if err := s.AddUser(t.Context(), account.User{Name: "wang", Role: account.Viewer}); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has rights %v, want 0600", file, info.Mode().Perm())
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "foreign_keys": "1", "synchronous": "2", "busy_timeout": "15000"} {
		var got string
		if err := s.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q (%v), want %q", pragma, got, err, want)
		}
	}
	second := open(t, path)
	if _, err := second.User(t.Context(), "wang"); err != nil {
		t.Errorf("a second process does not see the first one's user: %v", err)
	}
}

func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dabiao.db")
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() {
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Errorf("open %d: %v", i, err)
				return
			}
			if err := s.AddUser(t.Context(), account.User{Name: fmt.Sprint("u", i), Role: account.Viewer}); err != nil {
				t.Errorf("write %d: %v", i, err)
			}
			if err := s.Close(); err != nil {
				t.Errorf("close %d: %v", i, err)
			}
		})
	}
	group.Wait()
	users, err := open(t, path).Users(t.Context())
	if err != nil || len(users) != 6 {
		t.Errorf("%d users (%v), want 6", len(users), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Open(t.Context(), filepath.Join(dir, "absent", "dabiao.db")); err == nil {
		t.Error("a missing directory was accepted")
	}
	other := filepath.Join(dir, "other.db")
	if err := os.WriteFile(other, bytes.Repeat([]byte("not a database "), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), other); err == nil {
		t.Error("a file that is no database was accepted")
	}
	newer := filepath.Join(dir, "newer.db")
	s := open(t, newer)
	if _, err := s.db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), newer); err == nil {
		t.Error("the file of a newer program was accepted")
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	created := time.UnixMilli(1_750_000_000_123).UTC()
	wang := account.User{Name: "王 '\"--", Role: account.Reviewer, Regions: []string{"350000", "110000"},
		PasswordHash: "$argon2id$…", Created: created}
	if err := s.AddUser(ctx, wang); err != nil {
		t.Fatal(err)
	}
	if err := s.AddUser(ctx, wang); !errors.Is(err, account.ErrUserExists) {
		t.Errorf("adding twice: %v", err)
	}
	wang.Role, wang.Regions, wang.Disabled = account.Admin, nil, true
	if err := s.UpdateUser(ctx, account.User{Name: wang.Name, Role: wang.Role, PasswordHash: wang.PasswordHash, Disabled: true}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.User(ctx, wang.Name); err != nil || !cmp.Equal(got, wang) {
		t.Errorf("got %+v (%v), want %+v", got, err, wang)
	}
	if _, err := s.User(ctx, "nobody"); !errors.Is(err, account.ErrNoUser) {
		t.Errorf("unknown user: %v", err)
	}
	if err := s.UpdateUser(ctx, account.User{Name: "nobody"}); !errors.Is(err, account.ErrNoUser) {
		t.Errorf("update of an unknown user: %v", err)
	}
	if err := s.AddUser(ctx, account.User{Name: "an", Role: account.Viewer}); err != nil {
		t.Fatal(err)
	}
	list, err := s.Users(ctx)
	if err != nil || len(list) != 2 || list[0].Name != "an" {
		t.Errorf("list %+v (%v)", list, err)
	}
}

// TestSessions is the contract of scs.CtxStore.
func TestSessions(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	now := time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	find := func(token, want string) {
		t.Helper()
		data, found, err := s.FindCtx(ctx, token)
		if err != nil || string(data) != want || found != (want != "") {
			t.Errorf("find %s: %q %v %v, want %q", token, data, found, err, want)
		}
	}
	commit := func(token, data string, lasts time.Duration) {
		t.Helper()
		if err := s.CommitCtx(ctx, token, []byte(data), now.Add(lasts)); err != nil {
			t.Fatal(err)
		}
	}
	find("a", "")
	commit("a", "one", time.Hour)
	commit("b", "other", 2*time.Hour)
	find("a", "one")
	commit("a", "two", time.Hour)
	find("a", "two")
	find("A", "")
	if err := s.Delete("a"); err != nil {
		t.Fatal(err)
	}
	find("a", "")
	if err := s.DeleteCtx(ctx, "a"); err != nil {
		t.Errorf("deleting what is not there: %v", err)
	}
	now = now.Add(2 * time.Hour)
	find("b", "")
	commit("c", "three", time.Hour)
	var kept int
	var token []byte
	if err := s.db.QueryRowContext(ctx, `SELECT count(*), max(token) FROM session`).Scan(&kept, &token); err != nil {
		t.Fatal(err)
	}
	if kept != 1 {
		t.Errorf("%d sessions kept, want the expired one cleared away", kept)
	}
	if want := sha256.Sum256([]byte("c")); !bytes.Equal(token, want[:]) {
		t.Errorf("the token is stored as %q, want its sha256", token)
	}
}

func TestCatalogs(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	if _, _, err := s.CatalogAt(ctx, time.Now()); !errors.Is(err, ErrNoCatalog) {
		t.Errorf("empty history: %v", err)
	}
	day := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	for _, r := range []struct {
		hash string
		at   time.Time
	}{{"aa", day(10)}, {"aa", day(12)}, {"bb", day(20)}, {"aa", day(25)}, {"cc", day(1)}} {
		if err := s.RecordCatalog(ctx, r.hash, []byte("content of "+r.hash), r.at); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{day(1), "aa"},                             // before the first: the first
		{day(10), "aa"},                            // from its very moment
		{day(19), "aa"},                            //
		{day(20), "bb"},                            //
		{day(24), "bb"},                            //
		{day(25), "aa"},                            // it came back
		{day(25).Add(time.Millisecond), "cc"},      // the clock was set back: right after
		{day(28), "cc"}, {time.UnixMilli(0), "aa"}, //
	} {
		hash, content, err := s.CatalogAt(ctx, c.at)
		if err != nil || hash != c.want || string(content) != "content of "+c.want {
			t.Errorf("at %v: %s %q (%v), want %s", c.at, hash, content, err, c.want)
		}
	}
	if content, err := s.CatalogByHash(ctx, "bb"); err != nil || string(content) != "content of bb" {
		t.Errorf("by hash: %q (%v)", content, err)
	}
	if _, err := s.CatalogByHash(ctx, "zz"); !errors.Is(err, ErrNoCatalog) {
		t.Errorf("unknown hash: %v", err)
	}
}

func TestWriteGivesUp(t *testing.T) {
	t.Parallel()
	s := fresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.AddUser(ctx, account.User{Name: "late"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled write said %v", err)
	}
}
