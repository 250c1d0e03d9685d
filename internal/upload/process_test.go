package upload_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/store"
	"github.com/dabiao/dabiao/internal/upload"
)

// These make the test binary a process that publishes the upload u, as li, on a
// data directory. One that dies tells the ledger before or after it says so, and
// then waits to be killed.
const (
	publisherDir  = "DABIAO_TEST_PUBLISHER"
	publisherDies = "DABIAO_TEST_PUBLISHER_DIES" // empty, before or after
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(publisherDir); dir != "" {
		state, err := publishIn(dir)
		fmt.Println("ended:", state, err)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func publishIn(dir string) (upload.State, error) {
	ctx := context.Background()
	books, err := sqlite.Open(ctx, filepath.Join(dir, "ledger.db"), time.Now)
	if err != nil {
		return "", err
	}
	kept, err := store.Open(ctx, filepath.Join(dir, "dabiao.db"))
	if err != nil {
		return "", err
	}
	catalog := newCatalog()
	mortal := mortalLedger{books, os.Getenv(publisherDies)}
	s := &upload.Service{Catalog: func() *indicator.Catalog { return catalog }, Ledger: mortal, Snapshots: snapshot.New(mortal),
		Drafts: kept, Review: true, Now: time.Now, NewID: func() string { return "none" }}
	u, err := s.Publish(ctx, li, "u")
	return u.State, err
}

type mortalLedger struct {
	ledger.Ledger
	dies string
}

func (l mortalLedger) Publish(ctx context.Context, u ledger.Upload, r []indicator.Reading) (ledger.Publication, error) {
	if l.dies == "before" {
		dieNow()
	}
	time.Sleep(100 * time.Millisecond) // for the others to come in between, if they can
	pub, err := l.Ledger.Publish(ctx, u, r)
	if l.dies == "after" {
		dieNow()
	}
	return pub, err
}

func dieNow() {
	fmt.Println("dying")
	select {}
}

// process starts a publisher, which says one line.
func (f *fixture) process(dies string) (say func() string, kill func()) {
	f.t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), publisherDir+"="+f.dir, publisherDies+"="+dies)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		f.t.Fatal(err)
	}
	kill = func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	f.t.Cleanup(kill)
	return func() string {
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			f.t.Fatal(err)
		}
		return strings.TrimSpace(line)
	}, kill
}

// TestProcessesRace: several processes publish one upload at once. Each is told
// that it is published, and it is so once, by one approval.
func TestProcessesRace(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.now.Store(time.Now().UnixMilli())
	f.addRecord("u", upload.Submitted, "wang", 2020)
	var processes []func() string
	for range 4 {
		say, _ := f.process("")
		processes = append(processes, say)
	}
	for _, say := range processes {
		if line := say(); line != "ended: published <nil>" {
			t.Errorf("a process %s", line)
		}
	}
	f.wantPublishedOnce("u")
	if u := must(f.drafts.Upload(t.Context(), "u"))(t); steps(u) != "wang staged, li approved, li published" {
		t.Errorf("after %s", steps(u))
	}
}

// TestKilledInItsTurn: whoever holds the turn is waited for; killed, its upload is
// finished at once by another process.
func TestKilledInItsTurn(t *testing.T) {
	t.Parallel()
	for _, dies := range []string{"before", "after"} {
		f := newFixture(t, true)
		f.now.Store(time.Now().UnixMilli())
		f.Patience = 200 * time.Millisecond
		f.addRecord("u", upload.Submitted, "wang", 2020)
		f.addRecord("other", upload.Submitted, "wang", 2021)
		say, kill := f.process(dies)
		if line := say(); line != "dying" {
			t.Fatalf("the process says %q", line)
		}
		_, err := f.Publish(t.Context(), li, "other")
		wantKind(t, err, upload.Unavailable)
		if err := f.Resume(t.Context()); err != nil {
			t.Errorf("%s: %v", dies, err)
		}
		if u := must(f.drafts.Upload(t.Context(), "u"))(t); u.State != upload.Publishing {
			t.Errorf("%s: taken from whoever has the turn: %s", dies, u.State)
		}
		kill()
		if err := f.Resume(t.Context()); err != nil {
			t.Errorf("%s: %v", dies, err)
		}
		f.wantPublishedOnce("u")
	}
}
