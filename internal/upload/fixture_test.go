package upload_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/store"
	"github.com/dabiao/dabiao/internal/upload"
)

var (
	nobody = account.User{}
	wang   = account.User{Name: "wang", Role: account.Statistician, Regions: []string{"350000"}}
	zhao   = account.User{Name: "zhao", Role: account.Statistician, Regions: []string{"350000"}}
	li     = account.User{Name: "li", Role: account.Reviewer, Regions: []string{"350000"}}
	chen   = account.User{Name: "chen", Role: account.Reviewer, Regions: []string{"350000"}}
	bj     = account.User{Name: "bj", Role: account.Reviewer, Regions: []string{"110000"}}
	admin  = account.User{Name: "admin", Role: account.Admin}
)

// newCatalog has two provinces, a city under one of them, and two indicators.
func newCatalog() *indicator.Catalog {
	name := indicator.T
	c := &indicator.Catalog{
		Regions: []indicator.Region{
			{Code: indicator.Nation, Name: name("全国", "China"), Short: name("全国", "China"), Level: indicator.Country, Collected: true},
			{Code: "350000", Name: name("福建省", "Fujian"), Short: name("福建", "Fujian"), Level: indicator.Province, Parent: indicator.Nation, Collected: true},
			{Code: "350100", Name: name("福州市", "Fuzhou"), Short: name("福州", "Fuzhou"), Level: indicator.City, Parent: "350000", Collected: true},
			{Code: "110000", Name: name("北京市", "Beijing"), Short: name("北京", "Beijing"), Level: indicator.Province, Parent: indicator.Nation, Collected: true},
		},
		Indicators: []indicator.Indicator{
			{Code: "rd_spend", Name: name("研发经费支出", "R&D spending"), Unit: "亿元", Decimals: 1, Measure: indicator.Flow,
				Frequencies: []indicator.Freq{indicator.Annual}, Levels: []indicator.Level{indicator.Country, indicator.Province, indicator.City}},
			{Code: "gdp", Name: name("地区生产总值", "GDP"), Unit: "亿元", Decimals: 1, Measure: indicator.Flow,
				Frequencies: []indicator.Freq{indicator.Annual}, Levels: []indicator.Level{indicator.Country, indicator.Province, indicator.City}},
		},
	}
	c.Index()
	return c
}

// fixture is a service over real files in a directory of its own.
type fixture struct {
	*upload.Service
	t      testing.TB
	dir    string
	ledger *faultyLedger
	drafts *faultyDrafts
	users  account.Users
	now    atomic.Int64 // Unix milliseconds
	ids    atomic.Int64
}

func newFixture(t testing.TB, review bool) *fixture {
	t.Helper()
	f := &fixture{t: t}
	f.now.Store(time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC).UnixMilli())
	f.dir = t.TempDir()
	books, err := sqlite.Open(t.Context(), filepath.Join(f.dir, "ledger.db"), f.clock)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.Open(t.Context(), filepath.Join(f.dir, "dabiao.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(books.Close(), kept.Close()); err != nil {
			t.Error(err)
		}
	})
	f.ledger, f.drafts, f.users = &faultyLedger{Ledger: books}, &faultyDrafts{Drafts: kept}, kept
	f.Service = f.service(f.drafts, review)
	f.Plans = kept
	return f
}

// service is another service over the fixture's ledger, such as that of a
// second process or of a second data directory.
func (f *fixture) service(drafts upload.Drafts, review bool) *upload.Service {
	catalog := newCatalog()
	return &upload.Service{
		Catalog: func() *indicator.Catalog { return catalog }, Ledger: f.ledger, Snapshots: snapshot.New(f.ledger),
		Drafts: drafts, Users: f.users, Review: review, Now: f.clock,
		NewID: func() string { return fmt.Sprintf("u%04d", f.ids.Add(1)) },
	}
}

func (f *fixture) clock() time.Time { return time.UnixMilli(f.now.Load()) }

func (f *fixture) later(d time.Duration) { f.now.Add(d.Milliseconds()) }

// csv is a long table of rows written “rd_spend 350000 2023 1171.7 A”; the status may be left out.
func csv(rows ...string) string {
	var b strings.Builder
	b.WriteString("indicator,region,period,value,unit,status\n")
	for _, row := range rows {
		w := append(strings.Fields(row), "A")
		fmt.Fprintf(&b, "%s,%s,%s,%s,亿元,%s\n", w[0], w[1], w[2], w[3], w[4])
	}
	return b.String()
}

// stage keeps a table as a draft, or whatever Stage answers, without problems.
func (f *fixture) stage(actor account.User, o upload.Options, rows ...string) upload.Upload {
	f.t.Helper()
	staged, err := f.Stage(f.t.Context(), actor, "table.csv", strings.NewReader(csv(rows...)), o)
	if err != nil || staged.Upload == nil {
		f.t.Fatalf("stage: %v, problems %v", err, staged.Problems)
	}
	return *staged.Upload
}

// publish takes a table all the way: wang uploads, li publishes.
func (f *fixture) publish(o upload.Options, rows ...string) upload.Upload {
	f.t.Helper()
	u := f.stage(wang, o, rows...)
	u = must(f.Submit(f.t.Context(), wang, u.ID))(f.t)
	return must(f.Publish(f.t.Context(), li, u.ID))(f.t)
}

func must[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// current is what is visible now, as region period value status lines.
func (f *fixture) current(indicatorCode string) string {
	f.t.Helper()
	f.Snapshots.Refresh()
	snap := must(f.Snapshots.At(f.t.Context(), time.Time{}, 0))(f.t)
	column := must(snap.Column(f.t.Context(), indicatorCode, indicator.Annual))(f.t)
	var lines []string
	for _, region := range column.Regions() {
		for _, p := range column.Series(region).Points {
			lines = append(lines, fmt.Sprint(region, " ", p.Period, " ", p.Value, " ", p.Status))
		}
	}
	return strings.Join(lines, "\n")
}

func wantKind(t testing.TB, err error, want upload.Kind) {
	t.Helper()
	if got := upload.KindOf(err); err == nil || got != want {
		t.Errorf("got %v (kind %q), want kind %q", err, got, want)
	}
}

func codes(problems []indicator.Problem) string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Cell+" "+p.Code)
	}
	return strings.Join(list, ", ")
}

func steps(u upload.Upload) string {
	var list []string
	for _, e := range u.Events {
		list = append(list, e.Who+" "+string(e.What))
	}
	return strings.Join(list, ", ")
}

// faultyLedger can fail before or after a commit, in reading back, and in
// everything; it can be silent about a publish until the caller has enough; and
// it can lose the readings of a year.
type faultyLedger struct {
	ledger.Ledger
	publish atomic.Pointer[func(commit func() (ledger.Publication, error)) (ledger.Publication, error)]
	revert  atomic.Pointer[func(commit func() (ledger.Publication, error)) (ledger.Publication, error)]
	silent  atomic.Pointer[chan struct{}] // until it is closed
	history atomic.Pointer[error]
	away    atomic.Pointer[error]
	lost    atomic.Pointer[lost]
	restore atomic.Pointer[error]
}

type lost struct {
	indicator string
	year      int
}

func (l *faultyLedger) Version(ctx context.Context) (ledger.Version, error) {
	if err := l.away.Load(); err != nil {
		return 0, *err
	}
	return l.Ledger.Version(ctx)
}

func (l *faultyLedger) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	return func(yield func(ledger.Vintage, error) bool) {
		if err := l.away.Load(); err != nil {
			yield(ledger.Vintage{}, *err)
			return
		}
		gone := l.lost.Load()
		for v, err := range l.Ledger.Vintages(ctx, q) {
			if gone != nil && err == nil && v.Indicator == gone.indicator && v.Period == indicator.Year(gone.year) {
				continue
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

func (l *faultyLedger) Restore(ctx context.Context, p ledger.Publication, r []indicator.Reading) error {
	if err := l.restore.Load(); err != nil {
		return *err
	}
	return l.Ledger.Restore(ctx, p, r)
}

func (l *faultyLedger) Publish(ctx context.Context, u ledger.Upload, r []indicator.Reading) (ledger.Publication, error) {
	if silent := l.silent.Load(); silent != nil {
		select {
		case <-*silent:
		case <-ctx.Done():
			return ledger.Publication{}, ctx.Err()
		}
	}
	commit := func() (ledger.Publication, error) { return l.Ledger.Publish(ctx, u, r) }
	if f := l.publish.Load(); f != nil {
		return (*f)(commit)
	}
	return commit()
}

func (l *faultyLedger) Revert(ctx context.Context, id, by, reason string) (ledger.Publication, error) {
	commit := func() (ledger.Publication, error) { return l.Ledger.Revert(ctx, id, by, reason) }
	if f := l.revert.Load(); f != nil {
		return (*f)(commit)
	}
	return commit()
}

func (l *faultyLedger) History(ctx context.Context) (ledger.History, error) {
	for _, fault := range []*error{l.history.Load(), l.away.Load()} {
		if fault != nil {
			return ledger.History{}, *fault
		}
	}
	return l.Ledger.History(ctx)
}

// faultyDrafts dies when an upload is to enter a state: the moment of a crash.
// between is called once after contents were read.
type faultyDrafts struct {
	upload.Drafts
	dieAt   atomic.Pointer[upload.State]
	between atomic.Pointer[func()]
}

func (d *faultyDrafts) UploadContents(ctx context.Context, id string) (upload.Contents, error) {
	c, err := d.Drafts.UploadContents(ctx, id)
	if between := d.between.Swap(nil); between != nil {
		(*between)()
	}
	return c, err
}

func (d *faultyDrafts) UpdateUpload(ctx context.Context, id string, change func(*upload.Upload) error) (upload.Upload, error) {
	return d.Drafts.UpdateUpload(ctx, id, func(u *upload.Upload) error {
		if err := change(u); err != nil {
			return err
		}
		if at := d.dieAt.Load(); at != nil && u.State == *at {
			return errCrash
		}
		return nil
	})
}

var errCrash = errors.New("the process was killed")

// addRecord puts an upload with one reading of its own year into a state,
// without the way there.
func (f *fixture) addRecord(id string, state upload.State, author string, year int) {
	f.t.Helper()
	at := f.clock().UTC()
	cell := ingest.Cell{Cell: "D2", Unit: "亿元", Reading: indicator.Reading{
		Indicator: "rd_spend", Region: "350000", Period: indicator.Year(year), Value: 1, Status: indicator.Normal}}
	u := upload.Upload{
		ID: id, State: upload.Draft, Authors: []string{author}, ContentSHA: ledger.ContentHash([]indicator.Reading{cell.Reading}),
		Indicators: []string{"rd_spend"}, Regions: []string{"350000"}, Rows: 1, Created: at, Changed: at,
		Events: []upload.Event{{At: at, Who: author, What: upload.StepStaged}},
	}
	must(f.drafts.AddUpload(f.t.Context(), upload.Record{Upload: u, Contents: upload.Contents{Cells: []ingest.Cell{cell}}}))(f.t)
	if state == upload.Published || state == upload.Reverted {
		must(f.ledger.Publish(f.t.Context(), ledger.Upload{ID: id, Uploader: author}, []indicator.Reading{cell.Reading}))(f.t)
	}
	if state == upload.Reverted {
		must(f.ledger.Revert(f.t.Context(), id, author, ""))(f.t)
	}
	must(f.drafts.UpdateUpload(f.t.Context(), id, func(u *upload.Upload) error { u.State = state; return nil }))(f.t)
}
