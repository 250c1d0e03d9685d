package settings_test

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/settings"
)

// TestTheLedgerIsAFileByDefault: nothing about a server is built in.
func TestTheLedgerIsAFileByDefault(t *testing.T) {
	t.Parallel()
	s := builtIn(t)
	if s.Ledger != settings.SQLite || s.Role != settings.Primary {
		t.Errorf("built in: ledger %s, role %s; want sqlite and primary", s.Ledger, s.Role)
	}
	want := settings.Influx{Timeout: 10 * time.Second, Replication: 1}
	if diff := cmp.Diff(want, s.Influx); diff != "" {
		t.Errorf("built in (-want +got):\n%s", diff)
	}
}

func TestInfluxLedger(t *testing.T) {
	t.Parallel()
	const address = "ledger: influxdb\ninfluxdb:\n  url: https://influx.example.org:8086/\n  org: dabiao\n  bucket: figures/rp\n"
	here := settings.Influx{URL: "https://influx.example.org:8086", Org: "dabiao", Bucket: "figures/rp",
		Timeout: 10 * time.Second, Replication: 1}
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(t)})
	files := fstest.MapFS{"keys/token": {Data: []byte("abc==\n")}, "bom": {Data: []byte("\ufeffabc==\r\n")}, "ca.pem": {Data: authority}}
	tests := map[string]struct {
		content, token string
		want           func(*settings.Influx)
	}{
		"least": {address, "", func(*settings.Influx) {}},
		"all": {address + "  timeout: 1m30s\n  instance: 63\n  replication: 3\n  token_file: keys/token\n", "", func(i *settings.Influx) {
			i.Timeout, i.Instance, i.Replication, i.Token = 90*time.Second, 63, 3, "abc=="
		}},
		"token from Windows":       {address + "  token_file: bom\n", "", func(i *settings.Influx) { i.Token = "abc==" }},
		"authority":                {address + "  ca_file: ca.pem\n", "", func(i *settings.Influx) { i.CA = authority }},
		"token of the environment": {address, " user:password\n", func(i *settings.Influx) { i.Token = "user:password" }},
		"files beside another ledger are not read": {
			strings.Replace(address, "influxdb", "sqlite", 1) + "  token_file: nowhere\n", "abc", func(*settings.Influx) {}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, faults := settings.Load(settings.Dirs{
				Config: fstest.MapFS{"dabiao.yaml": {Data: []byte(test.content)}}, ConfigName: "etc",
				DefaultConfig: config.FS, DefaultDashboards: dashboards.FS, Token: test.token,
				ReadFile: func(name string) ([]byte, error) { return fs.ReadFile(files, name) },
			})
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			want := here
			test.want(&want)
			if diff := cmp.Diff(want, s.Influx); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// certificate is one that is good for nothing but being read.
func certificate(t *testing.T) []byte {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	return server.Certificate().Raw
}

// TestSecretsAreMasked however they are printed.
func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	s := settings.Settings{Influx: settings.Influx{URL: "http://here:1", Token: "tell-nobody"}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&out, verb+"\n", s.Influx)
		fmt.Fprintf(&out, verb+"\n", s.Influx.Token)
	}
	if err := json.NewEncoder(&out).Encode(s); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("settings", "settings", s, "token", s.Influx.Token)
	slog.New(slog.NewTextHandler(&out, nil)).Info("settings", "settings", s, "token", s.Influx.Token)
	if text := out.String(); strings.Contains(text, "tell-nobody") || strings.Contains(text, fmt.Sprintf("%x", "tell-nobody")) {
		t.Errorf("a secret is shown:\n%s", text)
	}
}
