package influxtest

import (
	"fmt"
	"strings"
	"testing"
)

func TestByAddress(t *testing.T) {
	t.Setenv(addresses, " gemini=http://10.0.0.1:8086/|org|db/rp|user:password , plain=http://10.0.0.2:8086||bucket|")
	servers, err := byAddress()
	if err != nil || len(servers) != 2 {
		t.Fatalf("%d servers, %v", len(servers), err)
	}
	if s := servers[0]; s.Name != "gemini" || s.URL != "http://10.0.0.1:8086" || s.Org != "org" || s.bucket != "db/rp" || s.Token != "user:password" {
		t.Errorf("read as %+v", s)
	}
	for _, wrong := range []string{"http://10.0.0.1:8086|org|db|secret", "x=http://10.0.0.1:8086|org|secret", "x=|org|db|secret", "x=http://10.0.0.1:8086|org||secret"} {
		t.Setenv(addresses, wrong)
		if _, err := byAddress(); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// TestEachByAddress asks the servers of this test binary by their addresses.
func TestEachByAddress(t *testing.T) {
	t.Setenv(addresses, "")
	seen := 0
	Each(t, func(t *testing.T, s *Server) {
		named := s.Bucket(t)
		if database, ok := strings.CutSuffix(named, "/rp"); ok {
			if _, err := s.query(t.Context(), "", fmt.Sprintf(`ALTER RETENTION POLICY "rp" ON %q REPLICATION 3`, database)); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv(addresses, "other="+s.URL+"|"+s.Org+"|"+named+"|"+s.Token)
		Each(t, func(t *testing.T, other *Server) {
			if other.Name != "other" {
				return
			}
			seen++
			if other.Version != s.Version {
				t.Errorf("version %q, want %q", other.Version, s.Version)
			}
			bucket := other.Bucket(t)
			if bucket == named {
				t.Errorf("no bucket of its own: %s", bucket)
			}
			if !s.isV2() {
				if copies, err := (&Server{URL: s.URL, Token: s.Token, bucket: bucket}).replication(t.Context()); err != nil || copies != 3 {
					t.Errorf("replication %d, %v", copies, err)
				}
			}
			other.Token = "dabiao:wrong"
			if bucket := other.Bucket(t); bucket != named {
				t.Errorf("a token that may not create a bucket gets %s", bucket)
			}
			other.Token = s.Token // the first bucket is still to be removed
		})
	})
	if seen == 0 {
		t.Error("no server was asked by its address")
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	s := &Server{Name: "nobody", URL: "http://" + freeAddress(), bucket: "d/rp"}
	if err := s.identify(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "nobody does not answer: ") {
		t.Error(err)
	}
	if got := outcome(t, func(tb testing.TB) { s.Bucket(tb) }); !strings.HasPrefix(got, "fatal: create a bucket on nobody: ") {
		t.Errorf("a bucket of a server that is not there: %s", got)
	}
}
