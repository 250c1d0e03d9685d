package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// publisherPath, when set, makes the test binary a publisher on that file.
const publisherPath = "DABIAO_TEST_PUBLISHER"

func TestMain(m *testing.M) {
	if path := os.Getenv(publisherPath); path != "" {
		publishUntilKilled(path)
	}
	os.Exit(m.Run())
}

// publishUntilKilled publishes without end and writes the id of every upload to
// standard output once it is acknowledged.
func publishUntilKilled(path string) {
	ctx := context.Background()
	l, err := Open(ctx, path, time.Now)
	for i := 0; err == nil; i++ {
		id := fmt.Sprintf("%d-%d", os.Getpid(), i)
		if _, err = l.Publish(ctx, ledger.Upload{ID: id}, crashReadings(id)); err == nil {
			fmt.Println(id)
		}
	}
	fmt.Println("error:", err)
	os.Exit(1)
}

// crashReadings are a few hundred readings that only this id has.
func crashReadings(id string) []indicator.Reading {
	value := float64(ledger.Checksum(indicator.Reading{Indicator: id}) >> 12)
	readings := make([]indicator.Reading, 300)
	for i := range readings {
		readings[i] = indicator.Reading{
			Indicator: []string{"gdp", "rd_spend"}[i%2], Region: fmt.Sprintf("%06d", 350000+i/20),
			Period: indicator.Year(2000 + i%20), Value: value + float64(i), Status: indicator.Normal,
		}
	}
	return readings
}

// TestKill kills publishers at random moments, two at a time on one file: what
// they were told is published must be there, and nothing by halves.
func TestKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	var acknowledged []string
	for range 10 {
		first, second := startPublisher(t, path), startPublisher(t, path)
		acknowledged = append(acknowledged, first.kill(t, 1+rand.IntN(4))...)
		acknowledged = append(acknowledged, second.kill(t, rand.IntN(4))...)
		l := openAt(t, path, time.Now)
		published := wholeUploads(t, l)
		for _, id := range acknowledged {
			if !slices.Contains(published, id) {
				t.Fatalf("%s was acknowledged and is not there", id)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	l := openAt(t, path, time.Now)
	var verdict string
	if err := l.reader.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity check: %s, %v", verdict, err)
	}
	if len(acknowledged) < 10 {
		t.Errorf("only %d acknowledged publishes: the test proves nothing", len(acknowledged))
	}
}

type publisher struct {
	command *exec.Cmd
	lines   *bufio.Scanner
}

func startPublisher(t *testing.T, path string) publisher {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), publisherPath+"="+path)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	return publisher{command, bufio.NewScanner(io.Reader(out))}
}

// kill waits for some acknowledgements, kills the process while it goes on
// publishing, and gives all that it acknowledged.
func (p publisher) kill(t *testing.T, after int) (acknowledged []string) {
	t.Helper()
	for p.lines.Scan() {
		line := p.lines.Text()
		if strings.HasPrefix(line, "error:") {
			t.Fatal(line)
		}
		if acknowledged = append(acknowledged, line); len(acknowledged) == after+1 {
			if err := p.command.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = p.command.Wait() // killed: that is its error
	return acknowledged
}

// wholeUploads lists the published ids after counting the rows of each, and
// fails if a row belongs to no upload.
func wholeUploads(t *testing.T, l *Ledger) (ids []string) {
	t.Helper()
	h, err := l.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bySeq := map[int64][]indicator.Reading{}
	for _, code := range []string{"gdp", "rd_spend"} {
		for v, err := range l.Vintages(t.Context(), ledger.Query{Indicator: code, Freq: indicator.Annual}) {
			if err != nil {
				t.Fatal(err)
			}
			bySeq[v.Seq] = append(bySeq[v.Seq], v.Reading)
		}
	}
	for _, p := range h.Publications {
		if parts := ledger.Parts(bySeq[p.Seq]); !slices.Equal(parts, p.Parts) {
			t.Errorf("%s holds %+v, says %+v", p.ID, parts, p.Parts)
		}
		delete(bySeq, p.Seq)
		ids = append(ids, p.ID)
	}
	if len(bySeq) != 0 {
		t.Errorf("rows of %d uploads that no event names", len(bySeq))
	}
	return ids
}
