package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/web"
)

// breaking is a ledger that has trouble with one indicator.
type breaking struct {
	ledger.Ledger
	indicator string
}

func (b breaking) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	if q.Indicator != b.indicator {
		return b.Ledger.Vintages(ctx, q)
	}
	return func(yield func(ledger.Vintage, error) bool) { yield(ledger.Vintage{}, errors.New("the disk is gone")) }
}

// TestHalfAnAnswerIsBrokenOff: trouble after the first bytes have left closes
// the connection, so that nobody takes what came for everything; trouble before
// is an answer like any other.
func TestHalfAnAnswerIsBrokenOff(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *web.Config) {
		own, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"), c.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { own.Close() })
		fillCenturies(t, own, "gdp", c.Catalog().Provinces())
		fillCenturies(t, own, "rd_spend", c.Catalog().Provinces()[:1])
		c.Snapshots = snapshot.New(breaking{own, "rd_spend"})
	})
	for _, path := range []string{"/api/v1/readings", "/api/v1/readings?format=csv", "/api/v1/readings?vintages=all"} {
		w, broken := tryGet(f.server, path)
		if !broken || w.Body.Len() == 0 || json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: broken off: %v after %d bytes", path, broken, w.Body.Len())
		}
		w, broken = tryGet(f.server, path+addTo(path, "indicator=rd_spend"))
		if broken || w.Code != http.StatusInternalServerError {
			t.Errorf("%s, only what cannot be read: broken off: %v, %d", path, broken, w.Code)
		}
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
