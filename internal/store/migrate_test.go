package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/upload"
	"github.com/dabiao/dabiao/internal/warning"
)

// TestMigrationKeepsData: a file of the schema before acknowledgements opens with
// all that was in it, and takes acknowledgements.
func TestMigrationKeepsData(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "dabiao.db")
	old := &Store{db: ofSchema(t, path, 3), now: time.Now}
	user := account.User{Name: "wang", Role: account.Reviewer, Regions: []string{"350000"}}
	sent, kept := record("u1", "content"), plan("p1", "年鉴", "shape", "350000")
	_, errUpload := old.AddUpload(ctx, sent)
	kept, errPlan := old.KeepPlan(ctx, kept, upload.PlanUse{Upload: "u1", At: kept.Created})
	if err := errors.Join(errUpload, errPlan, old.AddUser(ctx, user), old.CommitCtx(ctx, "token", []byte("data"), time.Now().Add(time.Hour)),
		old.RecordCatalog(ctx, "hash", []byte("catalogue"), kept.Created), old.Close()); err != nil {
		t.Fatal(err)
	}

	s := open(t, path)
	check := func(what string, want, got any, err error) {
		t.Helper()
		if diff := cmp.Diff(want, got, equal); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", what, err, diff)
		}
	}
	users, err := s.Users(ctx)
	check("users", []account.User{user}, users, err)
	uploads, err := s.Uploads(ctx)
	check("uploads", []upload.Upload{sent.Upload}, uploads, err)
	contents, err := s.UploadContents(ctx, "u1")
	check("contents", sent.Contents, contents, err)
	plans, err := s.Plans(ctx)
	check("plans", []upload.Plan{kept}, plans, err)
	session, _, err := s.FindCtx(ctx, "token")
	check("session", []byte("data"), session, err)
	catalog, err := s.CatalogByHash(ctx, "hash")
	check("catalogue", []byte("catalogue"), catalog, err)

	a := acknowledgement("a", "已约谈", 1_760_000_000_002)
	if err := s.AddAcknowledgement(ctx, a); err != nil {
		t.Fatal(err)
	}
	notes, err := s.Acknowledgements(ctx, "a")
	check("acknowledgements", []warning.Acknowledgement{a}, notes, err)
}

// ofSchema is a new file as an older program made it.
func ofSchema(t *testing.T, path string, schema int64) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	return db
}
