// Command influxdb runs an InfluxDB for a person to play with: the newest that
// is built, set up for dabiao, with its data, its token and a configuration for
// dabiao in one directory. With a command behind its flags it runs that beside
// the server, and both end together.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

func main() {
	dir := flag.String("dir", "data/influxdb", "its data, token and configuration for dabiao")
	addr := flag.String("addr", "127.0.0.1:8086", "where it listens")
	flag.Parse()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if err := run(signals, *dir, *addr, flag.Args()); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.Exited() {
			os.Exit(exit.ExitCode())
		}
		fmt.Fprintln(os.Stderr, "influxdb:", err)
		os.Exit(1)
	}
}

func run(signals <-chan os.Signal, dir, addr string, command []string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "config"), 0o700); err != nil {
		return err
	}
	lock, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if len(command) == 0 {
			return fmt.Errorf("one runs already on %s", dir)
		}
		fmt.Println("The InfluxDB that runs already is used.")
		return runCommand(signals, nil, command)
	}
	if addr, err = free(addr, len(command) > 0); err != nil {
		return err
	}
	s, bucket, err := open(dir, addr)
	if err != nil {
		return err
	}
	defer s.Stop()
	settings, err := configure(s, dir, bucket)
	if err != nil {
		return err
	}
	if len(command) > 0 {
		fmt.Printf("InfluxDB %s runs on %s until the demo ends.\n", s.Version, s.URL)
		return runCommand(signals, s.Ended(), command)
	}
	fmt.Printf("InfluxDB %s on %s\norg %s, bucket %s, token in %s\n\nSettings for dabiao.yaml (--config %s has them):\n\n%s\nCtrl+C ends it.\n",
		s.Version, s.URL, s.Org, bucket, filepath.Join(dir, "token"), filepath.Join(dir, "config"), settings)
	select {
	case <-signals:
		return nil
	case <-s.Ended():
		return fmt.Errorf("the server ended by itself:\n%s", s.Log())
	}
}

// free gives the address, or another one when it is taken and that does not matter.
func free(addr string, another bool) (string, error) {
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) && another {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return "", fmt.Errorf("%w (another address: make influxdb INFLUX_ADDR=127.0.0.1:8087)", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// open starts the server whose data the directory holds, a new one of the
// newest version, and gives its bucket.
func open(dir, addr string) (*influxtest.Server, string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	kept := filepath.Join(dir, "version")
	text, err := os.ReadFile(kept)
	version := strings.TrimSpace(string(text))
	if errors.Is(err, os.ErrNotExist) {
		version = influxtest.V2
		if _, err := influxtest.Binary(version); err != nil {
			version = influxtest.V1
		}
		err = os.WriteFile(kept, []byte(version+"\n"), 0o600)
	}
	if err != nil {
		return nil, "", err
	}
	s, err := influxtest.Open(ctx, version, dir, addr)
	if err != nil {
		return nil, "", err
	}
	bucket, err := s.CreateBucket(ctx, "dabiao")
	if err != nil {
		s.Stop()
		return nil, "", err
	}
	return s, bucket, nil
}

// configure writes the configuration for dabiao and gives its text.
func configure(s *influxtest.Server, dir, bucket string) (string, error) {
	text := fmt.Sprintf("ledger: influxdb\ninfluxdb:\n  url: %s\n  org: %s\n  bucket: %s\n  token_file: %q\n",
		s.URL, s.Org, bucket, filepath.Join(dir, "token"))
	return text, os.WriteFile(filepath.Join(dir, "config", "dabiao.yaml"), []byte(text), 0o600)
}

// runCommand runs the command until it ends, passing signals on. When the
// server is gone first, the command is asked to end.
func runCommand(signals <-chan os.Signal, gone <-chan struct{}, command []string) error {
	c := exec.Command(command[0], command[1:]...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	// A group of its own: Ctrl+C reaches it once, from here, and the server not at all.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		select {
		case err := <-ended:
			return err
		case s := <-signals:
			_ = c.Process.Signal(s)
		case <-gone:
			fmt.Fprintln(os.Stderr, "influxdb: the server ended by itself")
			gone = nil
			_ = c.Process.Signal(syscall.SIGTERM)
		}
	}
}
