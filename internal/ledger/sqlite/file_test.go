package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	driver "modernc.org/sqlite"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

func one(value float64) []indicator.Reading {
	return []indicator.Reading{{Indicator: "gdp", Region: "350000", Period: indicator.Year(2023), Value: value, Status: indicator.Normal}}
}

func publish(t *testing.T, l *Ledger, id string, value float64) ledger.Publication {
	t.Helper()
	p, err := l.Publish(t.Context(), ledger.Upload{ID: id}, one(value))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFileIsPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "账本 a?b#c%20.db")
	publish(t, openAt(t, path, time.Now), "a", 1)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, want its owner alone", suffix, info.Mode())
		}
	}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	first := openAt(t, path, time.Now)
	a := publish(t, first, "a", 1)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	behind := func() time.Time { return a.At.Time().Add(-time.Hour) }
	second := openAt(t, path, behind)
	if v, err := second.Version(t.Context()); err != nil || v != a.At {
		t.Errorf("version %d, want %d: %v", v, a.At, err)
	}
	if b := publish(t, second, "b", 2); b.At != a.At+1 || b.Seq <= a.Seq {
		t.Errorf("b at %d seq %d, after a at %d seq %d", b.At, b.Seq, a.At, a.Seq)
	}
	if _, err := first.Version(t.Context()); err == nil {
		t.Error("a closed ledger answered")
	}
}

// TestTwoHandles has two handles, as two processes have, open, write and read
// one file at the same time.
func TestTwoHandles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	var handles [3]*Ledger
	var group errgroup.Group
	for i := range handles {
		group.Go(func() (err error) { // the first to come makes the schema
			handles[i], err = Open(t.Context(), path, ledgertest.NewClock().Now)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for i, l := range handles {
		t.Cleanup(func() { l.Close() })
		group.Go(func() error {
			for n := range 10 {
				p, err := l.Publish(t.Context(), ledger.Upload{ID: fmt.Sprint(i, "-", n)}, one(float64(100*i+n)))
				if err != nil {
					return err
				}
				for _, other := range handles {
					if v, err := other.Version(t.Context()); err != nil || v < p.At {
						return fmt.Errorf("another handle sees version %d after %d was acknowledged: %w", v, p.At, err)
					}
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	h, err := handles[0].History(t.Context())
	if err != nil || len(h.Publications) != 30 {
		t.Errorf("%d publications, want 30: %v", len(h.Publications), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	statements := func(name string, statements ...string) string {
		path := filepath.Join(dir, name)
		l, err := Open(t.Context(), path, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range statements {
			if _, err := l.writer.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("指标,地区,报告期\n", 99)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, want  string
		unavailable bool
	}{
		{filepath.Join(dir, "no", "ledger.db"), "data directory " + filepath.Join(dir, "no") + " is not there", true},
		{filepath.Join(text, "ledger.db"), "is not there: create it", true},
		{dir, "is not a file", true},
		{text, "damaged or not a database", false},
		{statements("newer.db", "PRAGMA user_version = 2"), "written by a newer program (schema 2, this one knows up to 1)", false},
		{statements("other.db", "PRAGMA application_id = 7"), "a database of another program", false},
	} {
		l, err := Open(t.Context(), c.path, time.Now)
		if err == nil {
			l.Close()
			t.Errorf("%s was opened", c.path)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || errors.Is(err, ledger.ErrUnavailable) != c.unavailable {
			t.Errorf("%s: %v\nwant %q, unavailable %v", c.path, err, c.want, c.unavailable)
		}
	}
}

// TestTrouble makes the store fail as it fails in life.
func TestTrouble(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, cause, want string
	}{
		{"full", "PRAGMA max_page_count = 1", "disk is full"},
		{"read-only", "PRAGMA query_only = on", "read-only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), time.Now)
			a := publish(t, l, "a", 1)
			if _, err := l.writer.Exec(c.cause); err != nil {
				t.Fatal(err)
			}
			_, err := l.Publish(t.Context(), ledger.Upload{ID: "b"}, ledgertest.Readings(20_000))
			if !errors.Is(err, ledger.ErrUnavailable) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want unavailable: %s", err, c.want)
			}
			if h, err := l.History(t.Context()); err != nil || h.Version != a.At || len(h.Publications) != 1 {
				t.Errorf("the ledger is at %+v, %v", h, err)
			}
		})
	}
}

// TestRolledBackBySQLite: on a full disk SQLite has undone the transaction when it
// says so, and that it cannot be undone again is no second trouble.
func TestRolledBackBySQLite(t *testing.T) {
	t.Parallel()
	l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), time.Now)
	trouble := errors.New("database or disk is full")
	err := l.write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec("ROLLBACK")
		return errors.Join(trouble, err)
	})
	if !errors.Is(err, trouble) || strings.Contains(err.Error(), "rolled back") {
		t.Errorf("error %v, want %v alone", err, trouble)
	}
}

func TestLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, other := openAt(t, path, time.Now), openAt(t, path, time.Now)
	publish(t, l, "a", 1)
	tx, err := other.writer.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() // nothing was written
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := l.Publish(short, ledger.Upload{ID: "b"}, one(2)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for another writer: %v, want the context's end", err)
	}
	if _, err := l.writer.Exec("PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Publish(t.Context(), ledger.Upload{ID: "b"}, one(2)); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("another writer for too long: %v, want unavailable", err)
	}
	if v, err := l.Version(t.Context()); err != nil || v == 0 {
		t.Errorf("a reader beside a writer: version %d, %v", v, err)
	}
}

// TestStreamsGiveBackConnections counts the connections that stopped, failed
// and finished streams leave in use.
func TestStreamsGiveBackConnections(t *testing.T) {
	t.Parallel()
	l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), time.Now)
	publish(t, l, "a", 1)
	publish(t, l, "b", 2)
	query := ledger.Query{Indicator: "gdp", Freq: indicator.Annual}
	for stop := range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		for range l.Vintages(ctx, query) {
			if n++; n > stop {
				break
			}
			if stop == 1 {
				cancel()
			}
		}
		cancel()
	}
	if used := l.reader.Stats().InUse; used != 0 {
		t.Errorf("%d connections are still in use", used)
	}
}

// TestVintagesAreNotSorted holds the plan of the query against its promise to
// stream: no sorting, no full scan.
func TestVintagesAreNotSorted(t *testing.T) {
	t.Parallel()
	l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), time.Now)
	for _, q := range []ledger.Query{
		{Indicator: "gdp", Freq: indicator.Annual},
		{Indicator: "gdp", Freq: indicator.Annual, Region: "350000", From: indicator.Year(2020), To: indicator.Year(2021)},
	} {
		text, args, err := selectVintages(q)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := l.reader.Query("EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(detail, "SEARCH") {
				t.Errorf("%+v: %s", q, detail)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestConnectionSettings(t *testing.T) {
	t.Parallel()
	l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), time.Now)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "30000"} {
		var got string
		if err := l.writer.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, want %s: %v", pragma, got, want, err)
		}
	}
	var fault *driver.Error
	if _, err := l.reader.Exec("DELETE FROM event"); !errors.As(err, &fault) {
		t.Errorf("a reader could write: %v", err)
	}
}
