package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/web"
)

// breaking is a ledger that has trouble with one indicator after some answers.
type breaking struct {
	ledger.Ledger
	indicator string
	good      *atomic.Int64 // answers that are still to be given
}

func (b breaking) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	if q.Indicator != b.indicator || b.good.Add(-1) >= 0 {
		return b.Ledger.Vintages(ctx, q)
	}
	return func(yield func(ledger.Vintage, error) bool) { yield(ledger.Vintage{}, errors.New("the disk is gone")) }
}

// TestHalfAnAnswerIsBrokenOff: trouble after the first bytes have left closes
// the connection, so that nobody takes what came for everything; trouble before
// is an answer like any other.
func TestHalfAnAnswerIsBrokenOff(t *testing.T) {
	t.Parallel()
	server := func(answers int64) http.Handler {
		var good atomic.Int64
		good.Store(answers)
		return newFixture(t, func(c *web.Config) {
			own, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"), c.Now)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { own.Close() })
			fillCenturies(t, own, "gdp", c.Catalog().Provinces())
			fillCenturies(t, own, "rd_spend", c.Catalog().Provinces()[:1])
			c.Snapshots = snapshot.New(breaking{own, "rd_spend", &good})
		}).server
	}
	broken := server(0)
	for _, path := range []string{"/api/v1/readings", "/api/v1/readings?format=csv", "/api/v1/readings?vintages=all"} {
		if w, broken := tryGet(broken, path); broken || w.Code != http.StatusInternalServerError {
			t.Errorf("%s, part of it cannot be read: broken off: %v, %d", path, broken, w.Code)
		}
	}
	// One answer for the column, and no more for the vintages.
	w, brokenOff := tryGet(server(1), "/api/v1/readings?vintages=all")
	if !brokenOff || w.Body.Len() == 0 || json.Valid(w.Body.Bytes()) {
		t.Errorf("the ledger breaks in the middle: broken off: %v after %d bytes", brokenOff, w.Body.Len())
	}
}

// fillCenturies publishes yearly readings, enough to leave every buffer.
func fillCenturies(t *testing.T, l ledger.Ledger, code string, regions []*indicator.Region) {
	t.Helper()
	var readings []indicator.Reading
	for _, region := range regions {
		for year := 1700; year < 2025; year++ {
			readings = append(readings, reading(code, region.Code, year, float64(year)))
		}
	}
	if _, err := l.Publish(t.Context(), ledger.Upload{ID: code, Uploader: "demo"}, readings); err != nil {
		t.Fatal(err)
	}
}

// tryGet is an answer and whether the handler broke it off, as net/http wants it done.
func tryGet(handler http.Handler, path string) (w *httptest.ResponseRecorder, broken bool) {
	w = httptest.NewRecorder()
	defer func() {
		if r := recover(); r != nil {
			if r != http.ErrAbortHandler { //nolint:errorlint // net/http compares the value itself
				panic(r)
			}
			broken = true
		}
	}()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w, false
}
