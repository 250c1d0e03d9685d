// Package influxtest gives tests real InfluxDB servers: those that
// .ci/influxd/build left in the user's cache folder, started on loopback ports
// with directories of their own, and those that DABIAO_TEST_INFLUX names.
//
//	func TestMain(m *testing.M) { os.Exit(influxtest.Main(m)) }
//
//	func TestWrite(t *testing.T) {
//		influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
//			bucket := s.Bucket(t)
//			…
//		})
//	}
//
// A version whose binary is missing is skipped, unless DABIAO_REQUIRE_INFLUX
// (versions, comma separated) names it: then the test fails. On Linux the
// servers end with the test binary however it ends.
package influxtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The versions that .ci/influxd/build builds.
const (
	V1 = "1.8.10"
	V2 = "2.7.12"
)

var versions = []string{V1, V2}

// shared holds the servers of Each by version; it is nil outside Main.
var shared struct {
	sync.Mutex
	servers map[string]*Server
}

// Main runs the tests and then ends the servers that they shared. TestMain of
// every package that uses Each must call it.
func Main(m *testing.M) int {
	shared.servers = map[string]*Server{}
	defer func() {
		for _, s := range shared.servers {
			s.remove()
		}
	}()
	return m.Run()
}

// Each runs f in a subtest for every server, named as the server is. The tests
// of a binary share one server per version: f may not end it, and keeps to the
// buckets it asked for. The servers of DABIAO_TEST_INFLUX come last.
func Each(t *testing.T, f func(t *testing.T, s *Server)) {
	t.Helper()
	for _, version := range versions {
		t.Run(name(version), func(t *testing.T) {
			f(t, share(t, version))
		})
	}
	others, err := byAddress()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range others {
		t.Run(s.Name, func(t *testing.T) {
			if err := s.identify(t.Context()); err != nil {
				t.Fatal(err)
			}
			f(t, s)
		})
	}
}

// EachOwn runs f in a subtest for every version, with a server of its own that
// f may kill. Servers by address are not among them.
func EachOwn(t *testing.T, f func(t *testing.T, s *Server)) {
	t.Helper()
	for _, version := range versions {
		t.Run(name(version), func(t *testing.T) {
			f(t, Start(t, version))
		})
	}
}

// Start gives the test a server of its own, which ends with the test.
func Start(tb testing.TB, version string) *Server {
	tb.Helper()
	wanted(tb, version)
	s, err := launch(tb.Context(), version)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.remove)
	logOfFailed(tb, s)
	return s
}

// share gives the one server of that version, started by the first that asks.
func share(t *testing.T, version string) *Server {
	t.Helper()
	wanted(t, version)
	shared.Lock()
	defer shared.Unlock()
	if shared.servers == nil {
		t.Fatal("influxtest.Each needs: func TestMain(m *testing.M) { os.Exit(influxtest.Main(m)) }")
	}
	s := shared.servers[version]
	if s == nil {
		var err error
		if s, err = launch(context.Background(), version); err != nil {
			t.Fatal(err)
		}
		s.shared = true
		shared.servers[version] = s
	}
	logOfFailed(t, s)
	return s
}

// wanted ends the test when the server's binary is missing.
func wanted(tb testing.TB, version string) {
	tb.Helper()
	required, err := requiredVersions()
	if err != nil {
		tb.Fatal(err)
	}
	_, err = Binary(version)
	switch {
	case err == nil:
	case slices.Contains(required, version):
		tb.Fatalf("DABIAO_REQUIRE_INFLUX asks for %s: %v", version, err)
	default:
		tb.Skip(err)
	}
}

func requiredVersions() ([]string, error) {
	var required []string
	for version := range strings.SplitSeq(os.Getenv("DABIAO_REQUIRE_INFLUX"), ",") {
		switch version = strings.TrimSpace(version); {
		case version == "":
		case slices.Contains(versions, version):
			required = append(required, version)
		default:
			return nil, fmt.Errorf("DABIAO_REQUIRE_INFLUX: no version %q, there are %s", version, strings.Join(versions, " and "))
		}
	}
	return required, nil
}

// launch starts a server on a free port with a temporary directory.
func launch(ctx context.Context, version string) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	dir, err := newDir()
	if err != nil {
		return nil, err
	}
	for {
		var s *Server
		if s, err = Open(ctx, version, dir.path, freeAddress()); err == nil {
			s.temporary = dir
			return s, nil
		}
		// Another process may have taken the port in the meantime.
		if !errors.Is(err, errAddressInUse) || ctx.Err() != nil {
			dir.remove()
			return nil, err
		}
	}
}

func logOfFailed(tb testing.TB, s *Server) {
	tb.Helper()
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("the end of the log of %s:\n%s", s.Name, s.Log())
		}
	})
}
