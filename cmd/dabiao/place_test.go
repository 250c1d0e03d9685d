package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
)

func TestParsePlace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]place{
		"sqlite:ledger.db":                                   {path: "ledger.db"},
		"sqlite:/var/lib/dabiao/ledger.db":                   {path: "/var/lib/dabiao/ledger.db"},
		"sqlite:账本 a@b?c#d.db":                               {path: "账本 a@b?c#d.db"},
		"sqlite:a%20b%25.db":                                 {path: "a b%.db"},
		"influxdb+http://127.0.0.1:8086/org/bucket":          {server: &influx.Options{URL: "http://127.0.0.1:8086", Org: "org", Bucket: "bucket"}},
		"influxdb+https://db.example:443/-/dabiao/rp":        {server: &influx.Options{URL: "https://db.example:443", Bucket: "dabiao/rp"}},
		"influxdb+http://[::1]:8086//dabiao/rp":              {server: &influx.Options{URL: "http://[::1]:8086", Bucket: "dabiao/rp"}},
		"influxdb+http://h:1/%E5%8E%85%2F%E5%B1%80/a%40b%3F": {server: &influx.Options{URL: "http://h:1", Org: "厅/局", Bucket: "a@b?"}},
	} {
		got, err := parsePlace(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got.text != text || got.path != want.path || (got.server == nil) != (want.server == nil) ||
			got.server != nil && (got.server.URL != want.server.URL || got.server.Org != want.server.Org || got.server.Bucket != want.server.Bucket) {
			t.Errorf("%s: %+v %+v", text, got, got.server)
		}
	}
	for text, want := range map[string]string{
		"":                               "unknown beginning",
		"ledger.db":                      "unknown beginning",
		"postgres://h/db":                "unknown beginning",
		"influxdb://h:1/o/b":             "unknown beginning",
		"sqlite:":                        "the path of the file is missing",
		"sqlite:///data/ledger.db":       "without //",
		"sqlite:100%.db":                 "%25",
		"influxdb+http:/h:1/o/b":         "the host or the port is missing",
		"influxdb+http://h/o/b":          "the host or the port is missing",
		"influxdb+http://:8086/o/b":      "the host or the port is missing",
		"influxdb+http://h:port/o/b":     "invalid port",
		"influxdb+http://h:1":            "two names follow the host",
		"influxdb+http://h:1/o":          "two names follow the host",
		"influxdb+http://h:1/o/d/p/more": "two names follow the host",
		"influxdb+http://h:1/o/b/":       "a name after ORG is empty",
		"influxdb+http://h:1/o/":         "a name after ORG is empty",
		"influxdb+http://h:1/o/%zz":      "invalid URL escape",
	} {
		_, err := parsePlace(text)
		var usage usageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "sqlite:PATH") || usage.ZH == "" {
			t.Errorf("%q: %v\nwant %q", text, err, want)
		}
	}
}

// TestPlaceKeepsSecrets: a token in a URL is refused and not repeated.
func TestPlaceKeepsSecrets(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"influxdb+http://secret@h:1/o/b", "influxdb+http://user:secret@h:1/o/b", "influxdb+http://h:1/o/b?token=secret",
		"influxdb+http://h:1/o/b#secret", "influxdb+http://sec%ret@h:1/o/b",
	} {
		_, err := parsePlace(text)
		var usage usageError
		if !errors.As(err, &usage) || strings.Contains(usage.ZH+usage.EN, "secret") || !strings.Contains(usage.EN, "--from-token-file") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestSamePlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "ledger.db")
	l, err := sqlite.Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := os.Symlink(path, filepath.Join(dir, "link.db")); err != nil {
		t.Fatal(err)
	}
	const server = "influxdb+http://h:1/o/b"
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"sqlite:" + path, "sqlite:" + path, true},
		{"sqlite:" + path, "sqlite:" + dir + "/./link.db", true},
		{"sqlite:" + path, "sqlite:" + filepath.Join(dir, "other.db"), false},
		{"sqlite:" + path, server, false},
		{server, server, true},
		{server, "influxdb+http://h:1/o/b2", false},
		{server, "influxdb+http://h:2/o/b", false},
		{server, "influxdb+http://h:1/other/b", false},
		{"influxdb+http://h:1/-/d/rp", "influxdb+http://h:1/o/d/rp", true},
	} {
		a, errA := parsePlace(c.a)
		b, errB := parsePlace(c.b)
		if errA != nil || errB != nil || a.same(b) != c.same || b.same(a) != c.same {
			t.Errorf("%s and %s: same %v, %v %v", c.a, c.b, a.same(b), errA, errB)
		}
	}
}
