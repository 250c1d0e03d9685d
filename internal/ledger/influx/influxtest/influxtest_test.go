package influxtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
)

// orphanVersion, when set, makes the test binary one that starts that server,
// says where it is, and waits to be killed.
const orphanVersion = "DABIAO_TEST_ORPHAN"

func TestMain(m *testing.M) {
	if os.Getenv(orphanVersion) != "" {
		leaveServer()
	}
	os.Exit(Main(m))
}

func leaveServer() {
	s, err := launch(context.Background(), os.Getenv(orphanVersion))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.process.Process.Pid, s.dir)
	select {}
}

func TestWriteAndRead(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *Server) {
		t.Parallel()
		first, second := s.Bucket(t), s.Bucket(t)
		if s.own() && first == second {
			t.Fatalf("twice the bucket %s", first)
		}
		write(t, s, first, "reading,region=350000 value=1171.7 1483228800000000064")
		eventually(t, s, first, 1171.7)
		rows, err := s.query(t.Context(), second, `SELECT value FROM reading`)
		if s.own() && (err != nil || len(rows) != 0) {
			t.Errorf("a new bucket holds %v, %v", rows, err)
		}
	})
}

func TestShards(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *Server) {
		if !s.own() {
			return // may have given the bucket it was named with
		}
		bucket := s.Bucket(t)
		for _, year := range []int{1949, 1993, 1995, 2024, 2035} {
			write(t, s, bucket, fmt.Sprintf("reading value=1 %d", time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()))
		}
		shards, err := os.ReadDir(s.shards(t, bucket))
		if err != nil || len(shards) != 1 {
			t.Errorf("%d shards for 86 years, %v", len(shards), err)
		}
	})
}

func TestBucketEndsWithItsTest(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *Server) {
		var bucket string
		t.Run("user", func(t *testing.T) { bucket = s.Bucket(t) })
		if err := s.dropBucket(t.Context(), bucket); s.isV2() && err == nil {
			t.Errorf("%s was still there", bucket)
		}
		rows, err := s.query(t.Context(), "", "SHOW DATABASES")
		if err != nil {
			t.Fatal(err)
		}
		database, _, _ := strings.Cut(bucket, "/")
		for _, row := range rows {
			if s.own() && row["name"] == database {
				t.Errorf("%s is still there", bucket)
			}
		}
	})
}

func TestKillAndRestart(t *testing.T) {
	t.Parallel()
	EachOwn(t, func(t *testing.T, s *Server) {
		t.Parallel()
		url, bucket := s.URL, s.Bucket(t)
		for i, end := range []func(){s.Kill, s.Stop, func() {}} {
			write(t, s, bucket, fmt.Sprintf("reading value=%d %d", i, i))
			end()
			if _, err := s.query(t.Context(), bucket, `SELECT value FROM reading`); i < 2 && (err == nil || errors.As(err, new(*refusal))) {
				t.Errorf("a server that has ended answers: %v", err)
			}
			s.Restart(t)
			rows, err := s.query(t.Context(), bucket, `SELECT value FROM reading`)
			if err != nil || len(rows) != i+1 {
				t.Fatalf("%d rows after restart %d, %v\n%s", len(rows), i, err, s.Log())
			}
		}
		if s.URL != url {
			t.Errorf("%s has become %s", url, s.URL)
		}
	})
}

func TestTakenPort(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		t.Run(name(version), func(t *testing.T) {
			wanted(t, version)
			other, err := net.Listen("tcp", freeAddress())
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			if _, err := Open(t.Context(), version, t.TempDir(), other.Addr().String()); !errors.Is(err, errAddressInUse) {
				t.Errorf("a port that is taken: %v", err)
			}
		})
	}
}

func TestWrongToken(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *Server) {
		if !s.own() {
			return // may ask for none
		}
		stranger := &Server{Name: "stranger", Version: s.Version, URL: s.URL, Org: s.Org, Token: "dabiao:wrong"}
		if _, err := stranger.query(t.Context(), "", "SHOW DATABASES"); !errors.As(err, new(*refusal)) {
			t.Errorf("a wrong token is answered with %v", err)
		}
		if _, err := stranger.CreateBucket(t.Context(), "strange"); !errors.As(err, new(*refusal)) {
			t.Errorf("a wrong token may create a bucket: %v", err)
		}
	})
}

func TestSharedServerMayNotBeEnded(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *Server) {
		defer func() {
			if recover() == nil {
				t.Error("nothing says that others use it")
			}
		}()
		s.Kill()
	})
}

func TestRequired(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Run("missing", func(t *testing.T) {
		t.Setenv("DABIAO_REQUIRE_INFLUX", "")
		if got := outcome(t, func(tb testing.TB) { wanted(tb, V2) }); got != "skip: InfluxDB 2.7.12 is not there: make servers builds it, or says what is missing" {
			t.Error(got)
		}
	})
	t.Run("required", func(t *testing.T) {
		t.Setenv("DABIAO_REQUIRE_INFLUX", V1+", "+V2)
		if got := outcome(t, func(tb testing.TB) { wanted(tb, V2) }); !strings.HasPrefix(got, "fatal: DABIAO_REQUIRE_INFLUX asks for 2.7.12: ") {
			t.Error(got)
		}
	})
	t.Run("unknown", func(t *testing.T) {
		t.Setenv("DABIAO_REQUIRE_INFLUX", "2.8.0")
		if got := outcome(t, func(tb testing.TB) { wanted(tb, V2) }); !strings.HasPrefix(got, `fatal: DABIAO_REQUIRE_INFLUX: no version "2.8.0"`) {
			t.Error(got)
		}
	})
}

// recorder notes how a helper ended the test instead of ending it.
type recorder struct {
	testing.TB
	outcome string
}

func (r *recorder) Helper() {}

func (r *recorder) Skip(args ...any) { r.outcome = "skip: " + fmt.Sprint(args...); panic(r) }

func (r *recorder) Fatal(args ...any) { r.outcome = "fatal: " + fmt.Sprint(args...); panic(r) }

func (r *recorder) Fatalf(format string, args ...any) { r.Fatal(fmt.Sprintf(format, args...)) }

func outcome(t *testing.T, f func(tb testing.TB)) (outcome string) {
	r := &recorder{TB: t, outcome: "nothing"}
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
		outcome = r.outcome
	}()
	f(r)
	return
}

func write(t *testing.T, s *Server, bucket, line string) {
	t.Helper()
	client := influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	if err := client.WriteAPIBlocking(s.Org, bucket).WriteRecord(t.Context(), line); err != nil {
		t.Fatal(err)
	}
}

// eventually waits until one value is read: openGemini shows it after seconds.
func eventually(t *testing.T, s *Server, bucket string, want float64) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		rows, err := s.query(t.Context(), bucket, `SELECT value FROM reading WHERE region = '350000'`)
		if err == nil && len(rows) == 1 && rows[0]["value"] == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("read %v, %v", rows, err)
		}
	}
}

// shards gives the directory that holds one directory for each shard.
func (s *Server) shards(t *testing.T, bucket string) string {
	t.Helper()
	if !s.isV2() {
		return filepath.Join(s.dir, "data", filepath.FromSlash(bucket))
	}
	client := influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	found, err := client.BucketsAPI().FindBucketByName(t.Context(), bucket)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(s.dir, "engine", "data", *found.Id, "autogen")
}
