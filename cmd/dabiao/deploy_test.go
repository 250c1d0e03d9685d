package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/settings"
)

const deploy = "../../deploy/"

// composed is what these tests look at in compose.yaml.
type composed struct {
	Services map[string]service
	Networks map[string]*struct {
		Internal bool
		IPAM     struct {
			Config []struct{ Subnet, Gateway string }
		}
	}
	Volumes map[string]any
	Secrets map[string]struct{ File string }
}

type service struct {
	Image, User, Restart string
	Build                struct{ Context, Dockerfile string }
	ReadOnly             bool     `yaml:"read_only"`
	CapDrop              []string `yaml:"cap_drop"`
	SecurityOpt          []string `yaml:"security_opt"`
	Environment          map[string]string
	Command              []string
	Ports, Networks      []string
	Volumes, Tmpfs       []string
	Secrets              []any
	DependsOn            map[string]struct{ Condition string } `yaml:"depends_on"`
	Healthcheck          struct{ Test []string }
}

func readCompose(t *testing.T) composed {
	t.Helper()
	var c composed
	if err := yaml.Unmarshal([]byte(readText(t, deploy+"compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Services) != 2 {
		t.Fatalf("services: %v", c.Services)
	}
	return c
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// prepared gives a copy of deploy after the documented commands for the secrets,
// and the settings that dabiao check finds in it.
func prepared(t *testing.T) (dir string, s *settings.Settings) {
	t.Helper()
	top := t.TempDir()
	dir = filepath.Join(top, "deploy")
	if err := os.CopyFS(dir, os.DirFS(deploy)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "secrets")); err != nil {
		t.Fatal(err)
	}
	documented := blocks(readText(t, deploy+"README.md"), "sh")[0]
	command := exec.CommandContext(t.Context(), "sh", "-eu", "-c", documented)
	command.Dir = top
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, documented)
	}
	config := filepath.Join(dir, "config")
	dabiao(t, t.TempDir(), "--config", config, "check").want(t, exitDone, "No faults")
	s, faults := (&env{flags: &cli{Config: config}}).load()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return dir, s
}

// blocks are the fenced blocks of these kinds on a page.
func blocks(page string, kinds ...string) []string {
	var list []string
	for _, block := range regexp.MustCompile("(?sm)^ *```([^\n]*)\n(.*?)^ *```").FindAllStringSubmatch(page, -1) {
		if slices.Contains(kinds, block[1]) {
			list = append(list, block[2])
		}
	}
	return list
}

// TestComposeConfines: nothing that runs there may do more than it must.
func TestComposeConfines(t *testing.T) {
	t.Parallel()
	for name, s := range readCompose(t).Services {
		user, _, _ := strings.Cut(s.User, ":")
		if user == "" || user == "0" || user == "root" {
			t.Errorf("%s runs as %q", name, s.User)
		}
		if !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") || s.Restart == "" {
			t.Errorf("%s is not confined: %+v", name, s)
		}
		if len(s.Healthcheck.Test) == 0 || s.Healthcheck.Test[0] != "CMD" {
			t.Errorf("%s has no health check: %v", name, s.Healthcheck.Test)
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s is published to everybody: %s", name, port)
			}
		}
		if strings.HasSuffix(s.Image, ":latest") || s.Build.Context == "" && !strings.Contains(s.Image, ":") {
			t.Errorf("%s: the image %q may be another one tomorrow", name, s.Image)
		}
	}
}

// TestComposeFitsItself: what a service names is there.
func TestComposeFitsItself(t *testing.T) {
	t.Parallel()
	c := readCompose(t)
	dir, _ := prepared(t)
	for name, s := range c.Services {
		for _, network := range s.Networks {
			if _, ok := c.Networks[network]; !ok {
				t.Errorf("%s: no network %s", name, network)
			}
		}
		for _, volume := range s.Volumes {
			from, to, _ := strings.Cut(volume, ":")
			_, named := c.Volumes[from]
			if _, err := os.Stat(filepath.Join(dir, from)); !named && (err != nil || !strings.HasPrefix(from, "./") || !strings.HasSuffix(to, ":ro")) {
				t.Errorf("%s: volume %s: %v", name, volume, err)
			}
		}
		for _, secret := range s.Secrets {
			file := c.Secrets[secretName(secret)].File
			kept := strings.TrimSpace(readText(t, filepath.Join(dir, file)))
			if len(kept) < 30 || strings.Trim(kept, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
				t.Errorf("%s: the secret %v is %q", name, secret, kept)
			}
			if info, err := os.Stat(filepath.Join(dir, path.Dir(file))); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("others may see %s: %v %v", file, info, err)
			}
			if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.Mode().Perm() != 0o644 {
				t.Errorf("the user of %s may not read %s: %v %v", name, file, info, err)
			}
		}
		for key, value := range s.Environment {
			if inside, ok := strings.CutPrefix(value, "/run/secrets/"); ok && !slices.ContainsFunc(s.Secrets, func(x any) bool { return x == inside }) {
				t.Errorf("%s: %s=%s is not mounted", name, key, value)
			}
		}
	}
	app := c.Services["dabiao"]
	if _, err := os.Stat(filepath.Join(deploy, app.Build.Context, app.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	if app.DependsOn["influxdb"].Condition != "service_healthy" {
		t.Errorf("dabiao does not wait for a healthy InfluxDB: %v", app.DependsOn)
	}
	if !c.Networks["back"].Internal || !slices.Equal(c.Services["influxdb"].Networks, []string{"back"}) {
		t.Error("InfluxDB is not on an inner network alone")
	}
	if !strings.Contains(readText(t, "../../.gitignore"), "/deploy/secrets/\n") {
		t.Error("git would take the secrets in")
	}
}

// secretName is that of a short or a long entry.
func secretName(entry any) string {
	if long, ok := entry.(map[string]any); ok {
		return long["source"].(string)
	}
	return entry.(string)
}

// TestComposeFitsTheProgram holds it against the settings, the command line and
// the addresses that the server answers.
func TestComposeFitsTheProgram(t *testing.T) {
	t.Parallel()
	c := readCompose(t)
	app, database := c.Services["dabiao"], c.Services["influxdb"]
	_, s := prepared(t)
	if s.Ledger != settings.InfluxDB || s.Influx.URL != "http://influxdb:8086" || s.Influx.Token == "" {
		t.Errorf("the ledger is %s at %s", s.Ledger, s.Influx.URL)
	}
	if org := database.Environment["DOCKER_INFLUXDB_INIT_ORG"]; org != s.Influx.Org {
		t.Errorf("the server is set up for the organisation %q, the settings say %q", org, s.Influx.Org)
	}
	if bucket := database.Environment["DOCKER_INFLUXDB_INIT_BUCKET"]; bucket == "" || bucket == s.Influx.Bucket {
		t.Errorf("the image would make the bucket %q of the ledger, with short shards", bucket)
	}
	inside := app.Environment["DABIAO_CONFIG"]
	if !slices.Contains(app.Volumes, "./config:"+inside+":ro") {
		t.Errorf("DABIAO_CONFIG is %s, mounted are %v", inside, app.Volumes)
	}
	named := regexp.MustCompile(`token_file: (\S+)`).FindStringSubmatch(readText(t, deploy+"config/dabiao.yaml"))[1]
	token, _ := app.Secrets[0].(map[string]any)
	if token["target"] != path.Join(inside, named) || path.Base(database.Environment["DOCKER_INFLUXDB_INIT_ADMIN_TOKEN_FILE"]) != token["source"] {
		t.Errorf("the token is at %v, the settings name %s", token, named)
	}

	flags, command := parse(t, app.Command)
	_, port, _ := strings.Cut(flags.Addr, ":")
	if command != "serve" || !slices.Equal(app.Ports, []string{"127.0.0.1:8080:" + port}) {
		t.Errorf("%s on %s, published as %v", command, flags.Addr, app.Ports)
	}
	check, err := url.Parse(app.Healthcheck.Test[len(app.Healthcheck.Test)-1])
	if err != nil || check.Port() != port {
		t.Errorf("the health check asks %v, served is %s", check, flags.Addr)
	}
	base := start(t, t.TempDir(), "serve")
	for _, path := range []string{check.Path, "/readyz"} {
		if status, body := get(t, base+path); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

// TestProxyBeforeTheContainer: who comes through a proxy on the host can log in.
func TestProxyBeforeTheContainer(t *testing.T) {
	t.Parallel()
	front := readCompose(t).Networks["front"].IPAM.Config[0]
	subnet, gateway := netip.MustParsePrefix(front.Subnet), netip.MustParseAddr(front.Gateway)
	_, s := prepared(t)
	if want := netip.PrefixFrom(gateway, gateway.BitLen()); !subnet.Contains(gateway) || !slices.Equal(s.TrustedProxies, []netip.Prefix{want}) {
		t.Fatalf("the gateway of %s is %s, trusted are %v", subnet, gateway, s.TrustedProxies)
	}
	config := filepath.Dir(writeFile(t, "dabiao.yaml", "trusted_proxies: ["+front.Gateway+"]\n"))
	e := &env{ctx: t.Context(), out: io.Discard, err: io.Discard, lang: indicator.EN, now: someDay,
		flags: &cli{Config: config, DataDir: t.TempDir()}}
	r, err := e.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	handler, err := e.handler(r, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]int{front.Gateway: http.StatusOK, subnet.Addr().Next().Next().Next().String(): http.StatusForbidden} {
		request := httptest.NewRequest(http.MethodGet, "http://dabiao.example.org/login", nil)
		request.RemoteAddr = from + ":1234"
		request.Header.Set("X-Forwarded-Proto", "https")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != want || strings.Contains(answer.Body.String(), `type="password"`) != (want == http.StatusOK) {
			t.Errorf("the login page for %s: %d, want %d", from, answer.Code, want)
		}
	}
}

// parse reads a command line without running it.
func parse(t *testing.T, args []string) (flags cli, command string) {
	t.Helper()
	parser, err := kong.New(&flags, kong.Exit(func(int) {}), helpVars(indicator.EN))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	parser.Stdout, parser.Stderr = &out, &out
	found, err := parser.Parse(args)
	if err != nil {
		t.Fatalf("dabiao %s: %v", strings.Join(args, " "), err)
	}
	return flags, found.Command()
}
