package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/ledger/influx"
)

// TestCatchUpTellsOnce: that there is no contact is told by whoever reads the
// ledger, and what somebody has to do not at every attempt.
func TestCatchUpTellsOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status, lines int
		says          string
	}{
		"no contact":        {http.StatusServiceUnavailable, 0, ""},
		"token not taken":   {http.StatusUnauthorized, 1, "does not accept the token"},
		"request not taken": {http.StatusMethodNotAllowed, 1, "does not answer as it should"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			attempts := make(chan struct{}, 100)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				attempts <- struct{}{}
			}))
			defer server.Close()
			books, err := influx.Open(influx.Options{URL: server.URL, Org: "o", Bucket: "b", Token: "t", Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer books.Close()
			var log bytes.Buffer
			done := make(chan struct{})
			go func() {
				defer close(done)
				(&rooms{ledger: books, unreached: errors.New("no contact")}).catchUp(ctx, slog.New(slog.NewTextHandler(&log, nil)))
			}()
			for range 3 {
				select {
				case <-attempts:
				case <-ctx.Done():
					t.Fatal("it does not try again")
				}
			}
			cancel()
			<-done
			if n := strings.Count(log.String(), "\n"); n != test.lines || !strings.Contains(log.String(), test.says) {
				t.Errorf("%d lines, want %d with %q:\n%s", n, test.lines, test.says, log.String())
			}
		})
	}
}
