package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// onInflux writes a configuration whose ledger is that bucket, and gives its
// directory. More lines go before the block of InfluxDB.
func onInflux(t *testing.T, s *influxtest.Server, bucket, token string, lines ...string) string {
	t.Helper()
	dir := t.TempDir()
	content := fmt.Sprintf("%s\nledger: influxdb\ninfluxdb:\n  url: %s\n  org: dabiao\n  bucket: %s\n  token_file: token\n  timeout: 2s\n",
		strings.Join(lines, "\n"), s.URL, bucket)
	for name, text := range map[string]string{"dabiao.yaml": content, "token": token + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// inChinese is dabiao in the other language.
func inChinese(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	var out, errOut bytes.Buffer
	code := run(t.Context(), append([]string{"--lang", "zh", "--data-dir", dir}, args...), strings.NewReader(""), &out, &errOut, someDay)
	return outcome{code, out.String(), errOut.String()}
}

// withoutSecret fails where the output shows the token or the password in it.
func (o outcome) withoutSecret(t *testing.T, token string) outcome {
	t.Helper()
	_, password, _ := strings.Cut(token, ":")
	for _, secret := range []string{token, password} {
		if secret != "" && strings.Contains(o.out+o.err, secret) {
			t.Errorf("the token is shown:\n%s%s", o.out, o.err)
		}
	}
	return o
}

// TestTheWayOfAFileOnInflux is the main job on the command line once more, with
// the readings on a server. Every command is a program of its own.
func TestTheWayOfAFileOnInflux(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		config, dir := onInflux(t, s, s.Bucket(t), s.Token), filepath.Join(t.TempDir(), "data")
		file := writeFile(t, "fujian.csv", fujian)
		do := func(args ...string) outcome {
			t.Helper()
			return dabiao(t, dir, append([]string{"--config", config}, args...)...).withoutSecret(t, s.Token)
		}
		do("import", file, "--as", "wang", "--dry-run").want(t, exitDone, "2 new", "nothing was kept")
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("a dry run left a data directory behind: %v", err)
		}
		id := uploadID(t, do("import", file, "--as", "wang", "--json").want(t, exitDone, `"state":"submitted"`).out)
		do("import", file, "--as", "wang", "--dry-run").want(t, exitDone, "2 new")
		do("publish", id, "--as", "li").want(t, exitDone, "published")
		do("export").want(t, exitDone, "rd_spend,350000,2024,1280.5,亿元,A\n")
		do("import", file, "--as", "wang", "--dry-run").want(t, exitDone, "0 new, 0 changed, 2 unchanged")
		do("revert", id, "--as", "li", "--reason", "wrong file").want(t, exitDone, "reverted")
		if out := do("export").want(t, exitDone).out; strings.Contains(out, "rd_spend") {
			t.Errorf("reverted readings are exported:\n%s", out)
		}
		do("export", "--vintages").want(t, exitDone)
		do("check", "--connect").want(t, exitDone, "The ledger can be used")
		if _, err := os.Stat(filepath.Join(dir, ledgerFile)); !os.IsNotExist(err) {
			t.Errorf("there is a SQLite ledger beside the server: %v", err)
		}
	})
}

// TestConnect: every trouble is told with what to do, in both languages and for
// programs, and nothing is changed.
func TestConnect(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		const week = 7 * 24 * time.Hour
		good, missing, command := s.Bucket(t), "nowhere", "influx bucket create --host "+s.URL+" --org dabiao --name nowhere --retention 14088w --shard-group-duration 14088w"
		if s.Version == influxtest.V1 {
			missing, command = "nowhere/rp", `CREATE DATABASE "nowhere" WITH DURATION 0s REPLICATION 1 SHARD DURATION 14088w NAME "rp"`
		}
		readOnly := s.TokenFor(t, good, true, false)
		tests := map[string]struct {
			bucket, token, lines string
			code                 int
			en, zh               string // parts of the table
		}{
			"all right":       {good, s.Token, "", exitDone, "InfluxDB " + s.Version, "账本可用"},
			"wrong token":     {good, "some:body", "", exitSystem, "does not accept the token", "不接受这个令牌"},
			"no bucket":       {missing, s.Token, "", exitSystem, command, command},
			"may only read":   {good, readOnly, "", exitSystem, "may not write", "无权写"},
			"a reader":        {good, readOnly, "role: reader\npublic: true", exitDone, "a reader needs no more", "只读服务器不需要"},
			"short shards":    {s.BucketWith(t, 0, week), s.Token, "", exitSystem, "dabiao copy", "分片时长是 7 天"},
			"short retention": {s.BucketWith(t, 2*week, week), s.Token, "", exitSystem, "older than 14 days", "只保留 14 天"},
		}
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				config, dir := onInflux(t, s, test.bucket, test.token, test.lines), filepath.Join(t.TempDir(), "data")
				args := []string{"--config", config, "check", "--connect"}
				dabiao(t, dir, args...).want(t, test.code, test.en).withoutSecret(t, test.token)
				inChinese(t, dir, args...).want(t, test.code, test.zh).withoutSecret(t, test.token)
				answer := dabiao(t, dir, append(args, "--json")...).want(t, test.code).withoutSecret(t, test.token)
				wantConnection(t, answer.out, test.code == exitDone)
				if _, err := os.Stat(dir); !os.IsNotExist(err) {
					t.Errorf("a check left a data directory behind: %v", err)
				}
			})
		}
		s.Kill()
		dabiao(t, t.TempDir(), "--config", onInflux(t, s, good, s.Token), "check", "--connect").
			want(t, exitSystem, "does not answer as it should", "shard duration  unknown").withoutSecret(t, s.Token)
	})
}

func wantConnection(t *testing.T, answer string, right bool) {
	t.Helper()
	var got struct {
		Faults []any
		Ledger struct {
			Kind     string
			Product  string
			Findings []struct {
				Check, State string
				Message      struct{ ZH, EN string }
			}
		}
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	wrong := 0
	for _, f := range got.Ledger.Findings {
		if f.State == "wrong" {
			wrong++
		}
	}
	if got.Faults == nil || got.Ledger.Kind != "influxdb" || got.Ledger.Product != "InfluxDB" || len(got.Ledger.Findings) != 7 || (wrong == 0) != right {
		t.Errorf("%d wrong in %s", wrong, answer)
	}
}

// TestConnectToAFile: the other ledger is tried too.
func TestConnectToAFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	dabiao(t, dir, "check", "--connect").want(t, exitDone, "not there yet")
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("a check left a data directory behind: %v", err)
	}
	dabiao(t, dir, "user", "list").want(t, exitDone)
	dabiao(t, dir, "check", "--connect", "--json").want(t, exitDone, `"kind":"sqlite"`, `"state":"right"`)
	if err := os.WriteFile(filepath.Join(dir, ledgerFile), []byte("this is not a database, not at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	dabiao(t, dir, "check", "--connect").want(t, exitSystem, "does not open")
}

// TestUnusableLedgerEndsWithAdvice: a command refuses what somebody must mend,
// and creates what it may.
func TestUnusableLedgerEndsWithAdvice(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		good, missing, command := s.Bucket(t), "figures", "influx bucket create"
		if s.Version == influxtest.V1 {
			missing, command = "figures/rp", "CREATE DATABASE"
		}
		humble := s.TokenFor(t, good, true, true)
		do := func(bucket, token string, args ...string) outcome {
			t.Helper()
			return dabiao(t, t.TempDir(), append([]string{"--config", onInflux(t, s, bucket, token)}, args...)...).withoutSecret(t, token)
		}
		do(good, "some:body", "export").want(t, exitSystem, "does not accept the token")
		do(good, "some:body", "serve", "--addr", "127.0.0.1:0").want(t, exitSystem, "does not accept the token")
		do(missing, humble, "export").want(t, exitSystem, command)
		do(missing, humble, "serve", "--addr", "127.0.0.1:0").want(t, exitSystem, command)
		inChinese(t, t.TempDir(), "--config", onInflux(t, s, missing, humble), "export").want(t, exitSystem, "请由管理员执行", command)
		do(missing, s.Token, "import", writeFile(t, "fujian.csv", fujian), "--dry-run").want(t, exitSystem, "check --connect")
		do(missing, s.Token, "check", "--connect").want(t, exitSystem, command) // neither has created it
		do(missing, s.Token, "export").want(t, exitDone, "indicator,region")
		do(missing, s.Token, "check", "--connect").want(t, exitDone)
		s.Kill()
		do(good, s.Token, "export").want(t, exitSystem, "nothing is lost", "check --connect")
		do(good, s.Token, "user", "list").want(t, exitDone) // needs no ledger
	})
}

// TestServeStartsBeforeItsLedger: it says what is wrong meanwhile, and is ready
// once the server is, without a restart; also the bucket is created then.
func TestServeStartsBeforeItsLedger(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		bucket := "figures"
		if s.Version == influxtest.V1 {
			bucket = "figures/rp"
		}
		s.Stop()
		address := start(t, t.TempDir(), "--config", onInflux(t, s, bucket, s.Token, "public: true"), "serve")
		if status, body := get(t, address+"/healthz"); status != http.StatusOK {
			t.Errorf("/healthz: %d %s", status, body)
		}
		status, body := get(t, address+"/readyz")
		if status != http.StatusServiceUnavailable || !strings.Contains(body, s.URL) || !strings.Contains(body, "没有正常应答") {
			t.Errorf("/readyz without a server: %d %s", status, body)
		}
		s.Restart(t)
		eventually(t, "/readyz with the server back", func() (bool, string) {
			status, body := get(t, address+"/readyz")
			return status == http.StatusOK, body
		})
		if status, body := get(t, address+"/regions/350000"); status != http.StatusOK {
			t.Errorf("a page: %d %s", status, body)
		}
	})
}

// TestReadyzWarnsOfShortShards and serves all the same.
func TestReadyzWarnsOfShortShards(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		bucket := s.BucketWith(t, 0, 7*24*time.Hour)
		address := start(t, t.TempDir(), "--config", onInflux(t, s, bucket, s.Token), "serve")
		eventually(t, "/readyz", func() (bool, string) {
			status, body := get(t, address+"/readyz")
			return status == http.StatusOK && strings.Contains(body, `"warnings":[{"zh":"分片时长`), body
		})
	})
}

// TestReaderBesideAnImport: a machine that only reads shows what is published on
// it by hand, with a data directory of its own, and offers nothing else.
func TestReaderBesideAnImport(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		config, dir := onInflux(t, s, s.Bucket(t), s.Token, "role: reader", "public: true"), t.TempDir()
		address := start(t, t.TempDir(), "--config", config, "serve")
		for _, path := range []string{"/login", "/uploads/new"} {
			if status, body := get(t, address+path); status != http.StatusForbidden || !strings.Contains(body, "主服务器") {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
		id := uploadID(t, dabiao(t, dir, "--config", config, "import", writeFile(t, "fujian.csv", fujian), "--as", "wang", "--json").want(t, exitDone).out)
		dabiao(t, dir, "--config", config, "publish", id, "--as", "li").want(t, exitDone, "published")
		eventually(t, "the reader's figures", func() (bool, string) {
			status, body := get(t, address+"/api/v1/readings?indicator=rd_spend")
			return status == http.StatusOK && strings.Contains(body, "1280.5"), body
		})
		if status, body := get(t, address+"/uploads"); status != http.StatusOK || !strings.Contains(body, "fujian.csv") {
			t.Errorf("/uploads: %d %s", status, body)
		}
	})
}

// TestTokenOfTheEnvironment is not parallel: the environment is everybody's.
func TestTokenOfTheEnvironment(t *testing.T) {
	s := influxtest.Start(t, influxtest.V1)
	config := onInflux(t, s, s.Bucket(t), "")
	check := func() outcome {
		return dabiao(t, t.TempDir(), "--config", config, "check", "--connect").withoutSecret(t, s.Token)
	}
	check().want(t, exitFaults, "token file is empty")
	t.Setenv("DABIAO_INFLUXDB_TOKEN", s.Token)
	check().want(t, exitFaults, "given twice")
	without := filepath.Join(config, "dabiao.yaml")
	content, err := os.ReadFile(without)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(without, []byte(strings.Replace(string(content), "  token_file: token\n", "", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	check().want(t, exitDone, "The ledger can be used")
}

// TestDemoLeavesRealLedgersAlone, whatever the data directory says.
func TestDemoLeavesRealLedgersAlone(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		config, dir := onInflux(t, s, s.Bucket(t), s.Token, "review: false"), t.TempDir()
		dabiao(t, dir, "--config", config, "import", writeFile(t, "fujian.csv", fujian)).want(t, exitDone)
		dabiao(t, t.TempDir(), "--config", config, "demo", "--addr", "127.0.0.1:0").want(t, exitFaults, "another bucket")
	})
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 30 * time.Second}
	response, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// eventually waits until something is so; what is said last goes into the failure.
func eventually(t *testing.T, what string, so func() (bool, string)) {
	t.Helper()
	const patience = 30 * time.Second
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		yes, said := so()
		if yes {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s; the last answer: %s", what, patience, said)
		}
	}
}
