package upload_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
)

// logged are the lines of a log as “message upload state error”.
func logged(t *testing.T, log *bytes.Buffer) []string {
	t.Helper()
	var lines []string
	for d := json.NewDecoder(bytes.NewReader(log.Bytes())); d.More(); {
		var line struct{ Msg, Upload, State, Error string }
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.TrimSpace(strings.Join([]string{line.Msg, line.Upload, line.State, line.Error}, " ")))
	}
	return lines
}

// TestKeepResuming: what is left publishing is finished within seconds of the
// ledger's return, without a new start, and the log does not repeat itself.
func TestKeepResuming(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, true)
		f.addRecord("u", upload.Publishing, "wang", 2020)
		f.ledger.history.Store(&errDisk)
		var log bytes.Buffer
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			f.KeepResuming(ctx, slog.New(slog.NewJSONHandler(&log, nil)))
			close(ended)
		}()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if lines := logged(t, &log); len(lines) != 1 || !strings.Contains(lines[0], " u ") || !strings.Contains(lines[0], "disk full") {
			t.Errorf("ten minutes without a ledger: %q", lines)
		}
		log.Reset()
		f.heal()
		time.Sleep(30 * time.Second)
		synctest.Wait()
		f.wantPublishedOnce("u")
		f.addRecord("v", upload.Publishing, "wang", 2021) // by a process that was killed
		f.failPublish(false, ledger.ErrInvalid)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if lines := logged(t, &log); len(lines) != 2 || lines[0] != "an upload was finished u published" || !strings.Contains(lines[1], " v ") {
			t.Errorf("after its return: %q", lines)
		}
		if v := must(f.drafts.Upload(t.Context(), "v"))(t); v.State != upload.Submitted {
			t.Errorf("refused for good, and %s", v.State)
		}
		f.heal()
		f.addRecord("w", upload.Publishing, "wang", 2022)
		f.ledger.silent.Store(true)
		time.Sleep(10 * time.Second)
		log.Reset()
		stop() // in the middle of it
		<-ended
		if lines := logged(t, &log); len(lines) != 0 {
			t.Errorf("the end of the program is logged as trouble: %q", lines)
		}
	})
}

// TestResumeDoesNotHang: a silent ledger has its time, and the next upload its turn.
func TestResumeDoesNotHang(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, true)
		f.addRecord("u", upload.Publishing, "wang", 2020)
		f.addRecord("v", upload.Publishing, "wang", 2021)
		f.ledger.silent.Store(true)
		began := time.Now()
		if err := f.Resume(t.Context()); upload.KindOf(err) != upload.Unavailable {
			t.Errorf("the trouble is %v", err)
		}
		if took := time.Since(began); took != 20*time.Minute {
			t.Errorf("two uploads took %s", took)
		}
	})
}
