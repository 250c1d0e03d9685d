package influxtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Server is a running InfluxDB, or one that speaks its protocols.
type Server struct {
	Name    string // influxdb-2.7.12, or as DABIAO_TEST_INFLUX names it
	Version string // 2.7.12; of a server by address what it says of itself, maybe nothing
	URL     string // http://127.0.0.1:PORT
	Org     string // without meaning on 1.x
	Token   string // on 1.x USER:PASSWORD

	bucket    string     // of a server by address: the one it was named with
	dir       string     // its data, its log and its token; "" for a server by address
	address   string     // 127.0.0.1:PORT
	temporary *directory // removed with the server
	shared    bool       // other tests use it too

	mu      sync.Mutex
	process *exec.Cmd
	ended   chan struct{} // closed once the process is gone
}

var errAddressInUse = errors.New("address already in use")

func name(version string) string { return "influxdb-" + version }

// Binary gives the path of the server's binary in the user's cache folder.
func Binary(version string) (string, error) {
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		cache = filepath.Join(os.Getenv("HOME"), ".cache")
	}
	path := filepath.Join(cache, "dabiao", "influxd-"+version)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("InfluxDB %s is not there: make servers builds it, or says what is missing", version)
	}
	return path, nil
}

// Open starts a server on that address (127.0.0.1:PORT), waits until it answers
// and, the first time, sets it up. Everything it keeps is in dir, its token in
// dir/token. The caller ends it by Stop.
func Open(ctx context.Context, version, dir, address string) (*Server, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Name: name(version), Version: version, URL: "http://" + address, Org: "dabiao",
		dir: dir, address: address,
	}
	if s.Token, err = s.token(); err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	if err := s.setUp(ctx); err != nil {
		s.Kill()
		return nil, fmt.Errorf("set up %s: %w", s.Name, err)
	}
	return s, nil
}

// Kill ends the server at once (SIGKILL) and waits until it is gone.
func (s *Server) Kill() { s.end(os.Kill) }

// Stop asks the server to end and waits until it has.
func (s *Server) Stop() { s.end(syscall.SIGTERM) }

func (s *Server) end(signal os.Signal) {
	if s.shared || !s.own() {
		panic("influxtest: " + s.Name + " belongs to others too; influxtest.Start gives a server that may be ended")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(signal) // it may have ended by itself
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		_ = s.process.Process.Kill()
		<-s.ended
	}
	s.process = nil
}

// Restart starts the server again, on the same port with the same data. One
// that still runs is asked to end first.
func (s *Server) Restart(tb testing.TB) {
	tb.Helper()
	s.Stop()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	if err := s.start(ctx); err != nil {
		tb.Fatal(err)
	}
}

// Ended is closed when the server's process is gone.
func (s *Server) Ended() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// Log is the end of what the server wrote to its log: of 2.x only warnings and
// errors, for it cannot leave out the queries alone.
func (s *Server) Log() string {
	if !s.own() {
		return "(a server by address)"
	}
	text, err := tail(filepath.Join(s.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return text
}

func tail(path string) (string, error) {
	const length = 8 << 10
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > length {
		if _, err := file.Seek(-length, io.SeekEnd); err != nil {
			return "", err
		}
	}
	text, err := io.ReadAll(file)
	return string(text), err
}

// remove ends the server and removes its data.
func (s *Server) remove() {
	s.shared = false
	s.Kill()
	s.temporary.remove()
}

func (s *Server) start(ctx context.Context) error {
	command, err := s.command()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	command.Dir, command.Stdout, command.Stderr = s.dir, log, log
	command.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "INFLUX") })
	if err := start(command); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // how it ended is in its log
		close(ended)
	}()
	s.mu.Lock()
	s.process, s.ended = command, ended
	s.mu.Unlock()
	if err := s.await(ctx); err != nil {
		s.Kill()
		return fmt.Errorf("start %s: %w\n%s", s.Name, err, s.Log())
	}
	return nil
}

// await returns once the server answers.
func (s *Server) await(ctx context.Context) error {
	path := "/ping"
	if s.isV2() {
		path = "/health"
	}
	for {
		probe, cancel := context.WithTimeout(ctx, time.Second) // whoever took the port may stay silent
		answer, err := s.do(probe, path, nil)
		cancel()
		if err == nil && answer.status < 300 {
			return nil
		}
		select {
		case <-s.ended:
			if strings.Contains(s.Log(), errAddressInUse.Error()) {
				return errAddressInUse
			}
			return errors.New("it ended by itself")
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", cmp.Or(err, ctx.Err()))
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// ByAddress reports whether the server came from DABIAO_TEST_INFLUX: it may be a
// cluster far away, and take its time.
func (s *Server) ByAddress() bool { return !s.own() }

// own tells whether this process started the server.
func (s *Server) own() bool { return s.dir != "" }

func (s *Server) isV2() bool { return strings.HasPrefix(s.Version, "2.") }

// command gives the server's command line and writes the file that it needs.
func (s *Server) command() (*exec.Cmd, error) {
	binary, err := Binary(s.Version)
	if err != nil {
		return nil, err
	}
	if s.isV2() {
		return exec.Command(binary, "--http-bind-address", s.address, "--reporting-disabled", "--log-level", "warn",
			"--bolt-path", filepath.Join(s.dir, "influxd.bolt"),
			"--sqlite-path", filepath.Join(s.dir, "influxd.sqlite"),
			"--engine-path", filepath.Join(s.dir, "engine")), nil
	}
	config := filepath.Join(s.dir, "influxd.conf")
	return exec.Command(binary, "run", "-config", config),
		os.WriteFile(config, fmt.Appendf(nil, configuration, s.dir, s.address), 0o600)
}

// configuration of 1.8. The port 0 is that of its backup service, which nobody
// uses. Flux stays off: it costs three seconds of computing at each start.
const configuration = `reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "%[1]s/meta"
[data]
  dir = "%[1]s/data"
  wal-dir = "%[1]s/wal"
  query-log-enabled = false
[http]
  bind-address = "%[2]s"
  auth-enabled = true
  log-enabled = false
[monitor]
  store-enabled = false
[continuous_queries]
  enabled = false
`
