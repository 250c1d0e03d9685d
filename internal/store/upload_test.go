package store

import (
	"errors"
	"math"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

var equal = cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateComparable(indicator.Period{})}

func record(id, content string) upload.Record {
	at := time.UnixMilli(1_760_000_000_001).UTC()
	return upload.Record{
		Upload: upload.Upload{
			ID: id, State: upload.Draft, Authors: []string{"wang", "李"}, File: "表 1.csv", FileSHA: "f-" + id, ContentSHA: content,
			Source: "统计局 <b>", Stage: "年报", Reason: "普查", Generated: true, Released: time.UnixMilli(0).UTC(),
			Indicators: []string{"rd_spend"}, Regions: []string{"350000"}, Rows: 2, Created: at, Changed: at,
			Events: []upload.Event{{At: at, Who: "wang", What: upload.StepStaged, Note: "“note”"}},
		},
		Contents: upload.Contents{
			Understood: ingest.Understood{Encoding: "gb18030", Columns: []ingest.Column{{Column: "A", Role: ingest.RoleRegion}}},
			Cells: []ingest.Cell{
				{Reading: indicator.Reading{Indicator: "rd_spend", Region: "350000", Period: indicator.Year(2023), Value: 1171.7, Status: "A"}, Cell: "B2", Unit: "亿元"},
				{Reading: indicator.Reading{Indicator: "rd_spend", Region: "350000", Period: indicator.Year(2024), Status: "M"}, Cell: "C2", Unit: "亿元"},
			},
			Problems: []indicator.Problem{{Cell: "D2", Code: "x", Severity: indicator.SeverityNote, Message: indicator.T("注", "note")}},
		},
		Original: []byte{0, 0xff, '\n', 'x'},
	}
}

func TestUploadRoundTrip(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	r := record("u1", "c1")
	if _, err := s.AddUpload(ctx, r); err != nil {
		t.Fatal(err)
	}
	check := func(want upload.Record) {
		t.Helper()
		got, err := s.Upload(ctx, want.ID)
		if diff := cmp.Diff(want.Upload, got, equal); err != nil || diff != "" {
			t.Errorf("upload (%v):\n%s", err, diff)
		}
		contents, err := s.UploadContents(ctx, want.ID)
		if diff := cmp.Diff(want.Contents, contents, equal); err != nil || diff != "" {
			t.Errorf("contents (%v):\n%s", err, diff)
		}
		file, err := s.UploadFile(ctx, want.ID)
		if err != nil || string(file) != string(want.Original) {
			t.Errorf("file %q (%v)", file, err)
		}
	}
	check(r)

	mended := record("u1", "c2")
	mended.Cells, mended.Original, mended.Released, mended.At, mended.RevertedAt = mended.Cells[:1], nil, time.Time{}, 7, 9
	if _, err := s.ReplaceUpload(ctx, mended, func(u *upload.Upload) error { *u = mended.Upload; return nil }); err != nil {
		t.Fatal(err)
	}
	check(mended)

	refused := errors.New("refused")
	if _, err := s.ReplaceUpload(ctx, r, func(u *upload.Upload) error { u.File = "lost"; return refused }); !errors.Is(err, refused) {
		t.Errorf("got %v, want the error of the change", err)
	}
	check(mended)
}

func TestNoUpload(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	_, errs := s.UploadFile(ctx, "x")
	_, errContents := s.UploadContents(ctx, "x")
	_, errUpload := s.Upload(ctx, "x")
	_, errUpdate := s.UpdateUpload(ctx, "x", func(*upload.Upload) error { return nil })
	for _, err := range []error{errs, errContents, errUpload, errUpdate} {
		if !errors.Is(err, upload.ErrNoUpload) {
			t.Errorf("got %v, want ErrNoUpload", err)
		}
	}
}

func TestSameContent(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	add := func(r upload.Record, want string, same bool) {
		t.Helper()
		got, err := s.AddUpload(ctx, r)
		if got.ID != want || errors.Is(err, upload.ErrSame) != same || !same && err != nil {
			t.Errorf("add %s: got %s (%v), want %s", r.ID, got.ID, err, want)
		}
	}
	move := func(id string, to upload.State) error {
		_, err := s.UpdateUpload(ctx, id, func(u *upload.Upload) error { u.State = to; return nil })
		return err
	}
	add(record("u1", "c"), "u1", false)
	for _, open := range []upload.State{upload.Draft, upload.Submitted, upload.Publishing} {
		if err := move("u1", open); err != nil {
			t.Fatal(err)
		}
		add(record("u2", "c"), "u1", true)
	}
	if err := move("u1", upload.Rejected); err != nil {
		t.Fatal(err)
	}
	add(record("u2", "c"), "u2", false)
	if err := move("u1", upload.Submitted); !errors.Is(err, upload.ErrSame) {
		t.Errorf("two open uploads with one content: %v", err)
	}
	if u, _ := s.Upload(ctx, "u1"); u.State != upload.Rejected {
		t.Errorf("a refused change left the state %s", u.State)
	}

	faulty, again := record("f1", ""), record("f2", "")
	again.FileSHA = faulty.FileSHA
	add(faulty, "f1", false)
	add(again, "f1", true)
	add(record("f3", ""), "f3", false)
}

func TestSameContentAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dabiao.db")
	stores := []*Store{open(t, path), open(t, path)}
	var kept atomic.Int32
	var group sync.WaitGroup
	for i := range 12 {
		group.Go(func() {
			_, err := stores[i%2].AddUpload(t.Context(), record(string(rune('a'+i)), "c"))
			switch {
			case err == nil:
				kept.Add(1)
			case !errors.Is(err, upload.ErrSame):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if list, err := stores[0].Uploads(t.Context()); kept.Load() != 1 || len(list) != 1 || err != nil {
		t.Errorf("%d kept, %d listed (%v), want 1", kept.Load(), len(list), err)
	}
}

func TestUpdatesDoNotGetLost(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dabiao.db")
	stores := []*Store{open(t, path), open(t, path)}
	if _, err := stores[0].AddUpload(t.Context(), record("u", "c")); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			if _, err := stores[i%2].UpdateUpload(t.Context(), "u", func(u *upload.Upload) error { u.Rows++; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if u, err := stores[0].Upload(t.Context(), "u"); u.Rows != 22 || err != nil {
		t.Errorf("%d of 20 updates counted (%v)", u.Rows-2, err)
	}
}

func TestUploadsOrder(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	for i, id := range []string{"old", "new", "middle"} {
		r := record(id, id)
		r.Changed = r.Changed.Add([]time.Duration{0, 2 * time.Hour, time.Hour}[i])
		if _, err := s.AddUpload(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.Uploads(ctx)
	if err != nil || len(list) != 3 || list[0].ID != "new" || list[2].ID != "old" {
		t.Errorf("order %v (%v)", list, err)
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOf(rapid.Custom(func(t *rapid.T) ingest.Cell {
			return ingest.Cell{
				Reading: indicator.Reading{
					Indicator: rapid.SampledFrom([]string{"rd_spend", "gdp"}).Draw(t, "indicator"),
					Region:    rapid.StringN(0, 6, -1).Draw(t, "region"),
					Period:    indicator.Year(2000).Add(rapid.IntRange(-100, 100).Draw(t, "year")),
					Value:     rapid.Float64().Filter(func(v float64) bool { return !math.IsNaN(v) }).Draw(t, "value"),
					Status:    indicator.Normal,
				},
				Cell: rapid.String().Draw(t, "cell"), Unit: rapid.String().Draw(t, "unit"),
			}
		})).Draw(t, "cells")
		data, err := encodeCells(cells)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeCells(data)
		if diff := cmp.Diff(cells, got, equal); err != nil || diff != "" {
			t.Fatalf("%v\n%s", err, diff)
		}
	})
}

// FuzzDecodeCells: a damaged file is an error, never a panic.
func FuzzDecodeCells(f *testing.F) {
	good, err := encodeCells(record("u", "c").Cells)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		if cells, err := decodeCells(data); err != nil && cells != nil {
			t.Errorf("%d cells beside the error %v", len(cells), err)
		}
	})
}
