package influx

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

// publisherOptions, when set, makes the test binary a publisher with them.
const publisherOptions = "DABIAO_TEST_PUBLISHER"

func TestMain(m *testing.M) {
	if options := os.Getenv(publisherOptions); options != "" {
		publishUntilKilled(options)
	}
	// A server answers a random ledger's many questions much slower than a file.
	if err := flag.Set("rapid.checks", strconv.Itoa(rounds(25, 200))); err != nil {
		panic(err)
	}
	os.Exit(influxtest.Main(m))
}

// rounds is how often a loop goes round: a few times in make test, long in make soak.
func rounds(few, many int) int {
	if os.Getenv("DABIAO_SOAK") != "" {
		return many
	}
	return few
}

// publisher is what a child process is told.
type publisher struct{ URL, Org, Bucket, Token, Name string }

// publishUntilKilled publishes without end and reverts now and then. It prints
// what it begins and what was acknowledged.
func publishUntilKilled(text string) {
	var p publisher
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	l, err := Open(Options{URL: p.URL, Org: p.Org, Bucket: p.Bucket, Token: p.Token, Now: time.Now})
	if err == nil {
		l.chunk = smallChunk
	}
	for i := 0; err == nil; i++ {
		id := fmt.Sprint(p.Name, "-", i)
		fmt.Println("begin", id)
		var done ledger.Publication
		if done, err = l.Publish(context.Background(), ledger.Upload{ID: id}, crashReadings(id, severalRequests)); err == nil {
			fmt.Println("published", encode(done))
		}
		if err == nil && i%3 == 2 {
			fmt.Println("revert", id)
			if done, err = l.Revert(context.Background(), id, "wang", "a mistake"); err == nil {
				fmt.Println("reverted", encode(done))
			}
		}
	}
	fmt.Println("error", err)
	os.Exit(1)
}

func encode(p ledger.Publication) string {
	b, err := json.Marshal(p)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// crashReadings are n readings that only this id has.
func crashReadings(id string, n int) []indicator.Reading {
	readings := ledgertest.Readings(n)
	value := float64(ledger.Checksum(indicator.Reading{Indicator: id}) >> 12)
	for i := range readings {
		readings[i].Value = value + float64(i)
	}
	return readings
}

// The publishers that are killed send severalRequests rows by smallChunk.
const severalRequests, smallChunk = 1200, 500

// child is a running publisher, and what it has said.
type child struct {
	command *exec.Cmd
	done    chan struct{}
	mu      sync.Mutex
	lines   []string
}

func startChild(t *testing.T, p publisher) *child {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	c := &child{command: exec.Command(os.Args[0]), done: make(chan struct{})}
	c.command.Env = append(os.Environ(), publisherOptions+"="+string(text))
	out, err := c.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	go func() {
		defer close(c.done)
		scanner := bufio.NewScanner(out)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			c.mu.Lock()
			c.lines = append(c.lines, scanner.Text())
			c.mu.Unlock()
		}
		_ = c.command.Wait() // killed: that is its error
	}()
	return c
}

func (c *child) kill() { _ = c.command.Process.Kill() }

// settled waits for the end of the child, tells the twin what it acknowledged,
// and finishes through l what it had begun, as the program does when it starts
// again: whatever happened, afterwards it is there once.
func (c *child) settled(t *testing.T, l *Ledger, w *ledgertest.Twin) {
	t.Helper()
	<-c.done
	for i, line := range c.lines {
		what, rest, _ := strings.Cut(line, " ")
		var p ledger.Publication
		last := i == len(c.lines)-1
		var err error
		switch what {
		case "published", "reverted":
			err = json.Unmarshal([]byte(rest), &p)
		case "begin":
			if last {
				p, err = l.Publish(t.Context(), ledger.Upload{ID: rest}, crashReadings(rest, severalRequests))
			}
		case "revert":
			if last {
				p, err = l.Revert(t.Context(), rest, "wang", "a mistake")
			}
		default:
			t.Fatalf("the publisher says %s", line)
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		switch {
		case what == "published", what == "begin" && last:
			w.Published(p, crashReadings(p.ID, severalRequests))
		case what == "reverted", what == "revert" && last:
			w.Reverted(p)
		}
	}
}

// TestKilledAtEachStep kills publishers at every step of the protocol, before
// and after what they send arrives.
func TestKilledAtEachStep(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		bucket, p, w := s.Bucket(t), influxtest.NewProxy(t, s), &ledgertest.Twin{}
		direct := openOn(t, s, bucket, time.Now, func(o *Options) { o.Instance = 1 })
		for round := range rounds(1, 10) {
			for _, step := range []string{"intent", "rows", "commit", "read", "undo"} {
				for _, arrives := range []bool{false, true} {
					name := fmt.Sprint(step, " ", arrives, " ", round)
					killAt(t, p, step, arrives, publisher{p.URL, s.Org, bucket, s.Token, name}).settled(t, direct, w)
					if err := w.Check(t.Context(), direct); err != nil {
						t.Fatalf("after a kill at %s: %v", name, err)
					}
				}
			}
		}
		t.Logf("%d publishes survived %d kills", w.Len(), rounds(1, 10)*10)
	})
}

// killAt lets a publisher run until one of its requests of that step comes by.
func killAt(t *testing.T, p *influxtest.Proxy, step string, arrives bool, who publisher) *child {
	t.Helper()
	running := make(chan *child, 1)
	p.Strike(step, rand.IntN(4), 1, func(q influxtest.Request) {
		c := <-running
		if arrives {
			q.Arrive()
		}
		c.kill()
	})
	c := startChild(t, who)
	running <- c
	<-c.done
	return c
}

// TestServerKilled kills the server in the middle of writes and starts it again.
// Publishers notice nothing but that it takes longer; what they were told is
// there, and as it was.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		bucket := s.Bucket(t)
		w := &ledgertest.Twin{}
		reader := openOn(t, s, bucket, time.Now, func(o *Options) { o.Timeout = time.Minute }) // the server may be busy with starting
		for round := range rounds(5, 110) {
			ctx, enough := context.WithCancel(t.Context())
			var group sync.WaitGroup
			for instance := range 2 {
				group.Go(func() { publishWhile(ctx, t, s, bucket, instance, round, w) })
			}
			time.Sleep(rand.N(300 * time.Millisecond))
			s.Kill()
			time.Sleep(rand.N(100 * time.Millisecond))
			s.Restart(t)
			time.Sleep(rand.N(100 * time.Millisecond))
			enough()
			group.Wait()
			if err := w.Check(t.Context(), reader); err != nil {
				t.Fatalf("after kill %d: %v", round+1, err)
			}
		}
		t.Logf("%d publishes survived %d kills of the server", w.Len(), rounds(5, 110))
	})
}

// twins guards the model against publishers side by side.
var twins sync.Mutex

// publishWhile publishes until the context ends, and finishes what it has begun.
func publishWhile(ctx context.Context, t *testing.T, s *influxtest.Server, bucket string, instance, round int, w *ledgertest.Twin) {
	l := openOn(t, s, bucket, time.Now, func(o *Options) { o.Instance = instance })
	l.chunk = smallChunk
	for i := 0; ctx.Err() == nil; i++ {
		id := fmt.Sprint(round, "-", instance, "-", i)
		readings := crashReadings(id, severalRequests)
		p, err := again(t, func() (ledger.Publication, error) {
			return l.Publish(t.Context(), ledger.Upload{ID: id}, readings)
		})
		if err != nil {
			t.Errorf("%s: %v", id, err)
			return
		}
		twins.Lock()
		w.Published(p, readings)
		twins.Unlock()
	}
}

// again repeats what the dead server refused, as the program does.
func again(t *testing.T, act func() (ledger.Publication, error)) (p ledger.Publication, err error) {
	for range 200 {
		if p, err = act(); err == nil {
			return p, nil
		}
		sleep(t.Context(), firstPause)
	}
	return p, err
}
