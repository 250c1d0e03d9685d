package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// TestCopyOfTheSample copies the sample under a running server, there and back,
// and compares what the copies answer.
func TestCopyOfTheSample(t *testing.T) {
	t.Parallel()
	dir, there, back := t.TempDir(), t.TempDir(), t.TempDir()
	startDemo(t, dir)
	url := func(dir string) string { return "sqlite:" + filepath.Join(dir, "ledger.db") }
	hash := strings.Split(dabiao(t, dir, "hash").want(t, exitDone, "readings in all vintages", "version ").out, "\n")[0]
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(hash) {
		t.Fatalf("the first line is %q", hash)
	}
	dabiao(t, dir, "copy", "--from", url(dir), "--to", url(there)).want(t, exitDone, hash, "Equal: the two ledgers are the same.")
	answer := dabiao(t, dir, "copy", "--from", url(there), "--to", url(back), "--json").want(t, exitDone)
	var copied struct {
		From, To ledger.Digest
		Equal    bool
	}
	if err := json.Unmarshal([]byte(answer.out), &copied); err != nil || !copied.Equal || copied.From.Hash != hash || copied.To.Hash != hash || copied.To.Readings < 1000 {
		t.Errorf("%v: %s", err, answer.out)
	}
	inChinese(t, dir, "copy", "--from", url(dir), "--to", url(back)).want(t, exitDone, "来源 sqlite:", "25 个批次", "一致：两个账本完全相同。")
	dabiao(t, back, "hash", "--json").want(t, exitDone, hash)
	dabiao(t, dir, "hash", url(back)).want(t, exitDone, hash)
	for _, command := range [][]string{{"export", "--vintages"}, {"export", "--as-of", "2024-12-31"}, {"assess"}} {
		want, got := dabiao(t, dir, command...), dabiao(t, back, command...)
		if want.out != got.out || want.code != exitDone || got.code != exitDone {
			t.Errorf("%v answers otherwise from the copy", command)
		}
	}
}

// TestCopyOfTheSampleOnInflux takes the sample into a server, where copy makes
// the bucket, and back.
func TestCopyOfTheSampleOnInflux(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startDemo(t, dir)
	source := "sqlite:" + filepath.Join(dir, "ledger.db")
	hash := strings.Split(dabiao(t, dir, "hash").want(t, exitDone).out, "\n")[0]
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		place := "/" + s.Org + "/made%20here"
		if s.Version == influxtest.V1 {
			place = "/-/made%20here/rp"
		}
		server, token := "influxdb+"+s.URL+place, writeFile(t, "token", s.Token+"\n")
		wrong := writeFile(t, "wrong", "nobody:qwertzuiop\n")
		dabiao(t, dir, "copy", "--from", source, "--to", server, "--to-token-file", wrong).withoutSecret(t, "nobody:qwertzuiop").want(t, exitSystem)
		nothing := filepath.Join(t.TempDir(), "ledger.db")
		dabiao(t, dir, "copy", "--from", server, "--from-token-file", token, "--to", "sqlite:"+nothing).want(t, exitSystem, "run the same command again")
		if _, err := os.Stat(nothing); err == nil {
			t.Error("a target was made for a source that is not there")
		}
		lacks := dabiao(t, dir, "hash", server, "--token-file", token).withoutSecret(t, s.Token)
		if lacks.code != exitSystem || lacks.out != "" {
			t.Errorf("the hash of a bucket that is not there: %+v", lacks)
		}
		dabiao(t, dir, "copy", "--from", source, "--to", server, "--to-token-file", token).withoutSecret(t, s.Token).want(t, exitDone, hash, "Equal")
		dabiao(t, dir, "hash", server, "--token-file", token).want(t, exitDone, hash)
		back := t.TempDir()
		dabiao(t, dir, "copy", "--from", server, "--from-token-file", token, "--to", "sqlite:"+filepath.Join(back, "ledger.db")).want(t, exitDone, hash, "Equal")
		dabiao(t, back, "hash").want(t, exitDone, hash)

		config := onInflux(t, s, strings.TrimPrefix(strings.TrimPrefix(strings.ReplaceAll(place, "%20", " "), "/-/"), "/"+s.Org+"/"), s.Token)
		dabiao(t, t.TempDir(), "hash", "--config", config).want(t, exitDone, hash)
		want, got := dabiao(t, dir, "export", "--vintages"), dabiao(t, t.TempDir(), "export", "--vintages", "--config", config)
		if got.out != want.out || got.code != exitDone {
			t.Errorf("the copy on the server exports otherwise: %d bytes, the source %d\n%s", len(got.out), len(want.out), got.err)
		}
	})
}

// TestCopyWarnsOfTheBucket: a bucket that somebody made by hand is taken as it
// is, and what is wrong with it is told while it can still be chosen otherwise.
func TestCopyWarnsOfTheBucket(t *testing.T) {
	t.Parallel()
	dir, _ := publishedFile(t)
	source := "sqlite:" + filepath.Join(dir, "ledger.db")
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		place, token := "influxdb+"+s.URL+"/"+s.Org+"/", writeFile(t, "token", s.Token)
		copied := dabiao(t, dir, "copy", "--from", source, "--to", place+s.BucketWith(t, 0, 7*24*time.Hour), "--to-token-file", token)
		if copied.want(t, exitDone, "Equal"); !strings.Contains(copied.err, "Note: the shard duration is 7 days") {
			t.Errorf("short shards: %s", copied.err)
		}
		copied = dabiao(t, dir, "copy", "--from", source, "--to", place+s.Bucket(t), "--to-token-file", token)
		if copied.want(t, exitDone, "Equal"); copied.err != "" {
			t.Errorf("a good bucket: %s", copied.err)
		}
	})
}

// publishedFile is a data directory with one published upload, and its id.
func publishedFile(t *testing.T) (dir, id string) {
	t.Helper()
	dir = t.TempDir()
	id = uploadID(t, dabiao(t, dir, "import", writeFile(t, "fujian.csv", fujian), "--as", "wang", "--json").want(t, exitDone).out)
	dabiao(t, dir, "publish", id, "--as", "li").want(t, exitDone)
	return dir, id
}

// harm loses or spoils rows of the ledger behind everybody's back.
func harm(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	good, id := publishedFile(t)
	other, otherID := publishedFile(t)
	damaged, damagedID := publishedFile(t)
	harm(t, damaged, `DELETE FROM reading_log WHERE value = 1280.5`)
	empty := writeFile(t, "empty.db", "")
	url := func(dir string) string { return "sqlite:" + filepath.Join(dir, "ledger.db") }
	fresh := func() string { return url(t.TempDir()) }
	token := writeFile(t, "token", "\n")
	const server = "influxdb+http://127.0.0.1:1/o/b"
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no target":               {[]string{"--from", url(good)}, exitUsage, "--to"},
		"no source":               {[]string{"--to", url(good)}, exitUsage, "--from"},
		"a URL that is none":      {[]string{"--from", "ledger.db", "--to", fresh()}, exitUsage, "sqlite:PATH"},
		"a target that is none":   {[]string{"--from", url(good), "--to", "ledger.db"}, exitUsage, "sqlite:PATH"},
		"a token in the URL":      {[]string{"--from", url(good), "--to", "influxdb+http://t@127.0.0.1:1/o/b"}, exitUsage, "--to-token-file"},
		"one ledger twice":        {[]string{"--from", url(good), "--to", url(good)}, exitUsage, "the same ledger"},
		"a source that lacks":     {[]string{"--from", "sqlite:" + filepath.Join(good, "no.db"), "--to", fresh()}, exitFaults, "Cannot open"},
		"a directory":             {[]string{"--from", "sqlite:" + good, "--to", fresh()}, exitFaults, "sqlite:" + good + "/ledger.db"},
		"an empty file":           {[]string{"--from", "sqlite:" + empty, "--to", fresh()}, exitFaults, "is an empty file"},
		"another database":        {[]string{"--from", "sqlite:" + filepath.Join(good, "dabiao.db"), "--to", fresh()}, exitSystem, "another program"},
		"a target without folder": {[]string{"--from", url(good), "--to", "sqlite:" + filepath.Join(good, "no", "ledger.db")}, exitSystem, "create it"},
		"a target with others":    {[]string{"--from", url(good), "--to", url(other)}, exitFaults, "upload " + otherID + ", which the source does not have"},
		"a damaged source":        {[]string{"--from", url(damaged), "--to", fresh()}, exitFaults, "upload " + damagedID + " should have 2 readings of rd_spend (A), but 1 came"},
		"a token for a file":      {[]string{"--from", url(good), "--to", fresh(), "--to-token-file", token}, exitUsage, "takes no token"},
		"no token file":           {[]string{"--from", server, "--from-token-file", "nowhere", "--to", fresh()}, exitFaults, "nowhere"},
		"an empty token file":     {[]string{"--from", server, "--from-token-file", token, "--to", fresh()}, exitFaults, "is empty"},
		"no file of authorities":  {[]string{"--from", server, "--ca-file", "nowhere", "--to", fresh()}, exitFaults, "nowhere"},
		"authorities of nothing":  {[]string{"--from", server, "--ca-file", token, "--to", fresh()}, exitSystem, "no certificate"},
		"nobody there":            {[]string{"--from", server, "--to", fresh()}, exitSystem, "run the same command again"},
	} {
		outcome := dabiao(t, t.TempDir(), append([]string{"copy"}, c.args...)...)
		if outcome.code != c.code || !strings.Contains(outcome.err, c.says) || strings.Contains(outcome.out, "Equal") {
			t.Errorf("%s: exit code %d, want %d, with %q:\n%s%s", name, outcome.code, c.code, c.says, outcome.out, outcome.err)
		}
	}
	dabiao(t, good, "export", "--vintages").want(t, exitDone, id, "1280.5")
	dabiao(t, other, "export", "--vintages").want(t, exitDone, otherID)
}

// TestCopyExplains: what ends a copy in its middle, and the way on from there.
func TestCopyExplains(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		code int
		says string
	}{
		"interrupted":        {fmt.Errorf("restoring upload a: %w", context.Canceled), exitSystem, "Run the same command again to go on"},
		"unreachable":        {fmt.Errorf("%w: no answer", ledger.ErrUnavailable), exitSystem, "nothing is lost. (unavailable: no answer)\nOnce"},
		"outcome unknown":    {fmt.Errorf("%w: no answer", ledger.ErrOutcomeUnknown), exitSystem, "run the same command again"},
		"a year too old":     {fmt.Errorf("%w: the year 1600", ledger.ErrInvalid), exitFaults, "The target refuses: invalid: the year 1600"},
		"the source moved":   {&ledger.CopyError{Message: indicator.T("动", "moved"), Err: ledger.ErrMoved}, exitSystem, "moved"},
		"a forgetful target": {&ledger.CopyError{Message: indicator.T("忘", "forgets")}, exitSystem, "forgets"},
		"something else":     {errors.New("odd"), exitSystem, "odd"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, errOut bytes.Buffer
			e := &env{ctx: t.Context(), out: &out, err: &errOut, lang: indicator.EN, flags: &cli{}, now: someDay}
			if code := e.exitCode((&copyCmd{}).explain(e, ledger.Copied{}, c.err)); code != c.code || !strings.Contains(errOut.String(), c.says) {
				t.Errorf("exit code %d, want %d, with %q:\n%s", code, c.code, c.says, errOut.String())
			}
		})
	}
}

func TestHashTellsDamage(t *testing.T) {
	t.Parallel()
	dir, id := publishedFile(t)
	whole := dabiao(t, dir, "hash").want(t, exitDone, "1 upload, 2 readings").out
	harm(t, dir, `UPDATE reading_log SET value = 1 WHERE value = 1280.5`)
	spoiled := dabiao(t, dir, "hash").want(t, exitFaults, "upload "+id+" has its 2 readings of rd_spend (A), but their checksum differs", "check --repair")
	if spoiled.out == whole || strings.Contains(spoiled.out, "checksum") {
		t.Errorf("the damage belongs on standard error:\n%s", spoiled.out)
	}
	dabiao(t, dir, "hash", "--json").want(t, exitFaults, `"damage":[{"upload":"`+id+`","indicator":"rd_spend","freq":"A","said":2,"came":2}]`)
}

func TestHashCreatesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	dabiao(t, dir, "hash").want(t, exitFaults, "no ledger in the data directory "+dir)
	dabiao(t, dir, "hash", "sqlite:"+filepath.Join(dir, "ledger.db")).want(t, exitFaults, "Cannot open")
	dabiao(t, dir, "check", "--repair").want(t, exitFaults, "no ledger in the data directory "+dir)
	elsewhere := filepath.Dir(writeFile(t, "dabiao.yaml", "ledger: influxdb\ninfluxdb:\n  url: http://127.0.0.1:1\n  org: o\n  bucket: b\n"))
	dabiao(t, dir, "check", "--repair", "--config", elsewhere).want(t, exitFaults, "no data directory "+dir)
	if found, _ := filepath.Glob(dir + "*"); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
}

// TestRepair: readings that the ledger lost come back from the draft; without
// it the ways out are named, and one of them works.
func TestRepair(t *testing.T) {
	t.Parallel()
	dir, id := publishedFile(t)
	dabiao(t, dir, "check", "--repair").want(t, exitDone, "The ledger adds up: 1 upload, 2 readings")
	const lose = `DELETE FROM reading_log WHERE value = 1280.5`
	copied := t.TempDir()
	from, to := "sqlite:"+filepath.Join(dir, "ledger.db"), "sqlite:"+filepath.Join(copied, "ledger.db")
	dabiao(t, dir, "copy", "--from", from, "--to", to).want(t, exitDone)

	harm(t, dir, lose)
	dabiao(t, dir, "export").want(t, exitSystem, "check --repair")
	dabiao(t, dir, "check", "--repair").want(t, exitDone, "upload "+id+" should have 2 readings of rd_spend (A), but 1 came\n  Given back.", "Damaged uploads: 1, given back: 1, not: 0.", "The ledger adds up")
	dabiao(t, dir, "export").want(t, exitDone, "rd_spend,350000,2024,1280.5,")
	harm(t, dir, lose)
	dabiao(t, dir, "check", "--repair", "--json").want(t, exitDone, `"damaged":[{"upload":"`+id+`"`, `"repaired":true,"why_not":null`, `"damage":[]`)

	harm(t, copied, lose) // a ledger without drafts
	dabiao(t, copied, "check", "--repair").want(t, exitFaults, "Not given back.", "wang published it on instance 0", "dabiao copy", "dabiao revert "+id, "given back: 0, not: 1.")
	dabiao(t, copied, "check", "--repair", "--json").want(t, exitFaults, `"repaired":false,"why_not":{"zh":`)
	dabiao(t, dir, "copy", "--from", from, "--to", to).want(t, exitDone, "Equal")
	inChinese(t, copied, "check", "--repair").want(t, exitDone, "账本数据相符：1 个批次，2 条数据")
}
