package main

import (
	"bytes"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
	"github.com/dabiao/dabiao/internal/store"
	"github.com/dabiao/dabiao/internal/upload"
)

var keptDraft = regexp.MustCompile(`Kept as a draft: (\S+)`)

// TestDraftsOutlastTheServer: with InfluxDB gone nobody's file is lost, nothing is
// published by halves, and a running server goes on by itself when it is back.
func TestDraftsOutlastTheServer(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		dir, config := t.TempDir(), onInflux(t, s, s.Bucket(t), s.Token, "public: true")
		do := func(args ...string) outcome {
			t.Helper()
			return dabiao(t, dir, append([]string{"--config", config}, args...)...)
		}
		address := start(t, dir, "--config", config, "serve")
		first := uploadID(t, do("import", writeFile(t, "first.csv", fujian), "--as", "wang", "--json").want(t, exitDone).out)
		second := writeFile(t, "second.csv", strings.ReplaceAll(fujian, "rd_spend", "gdp"))

		s.Kill()
		do("publish", first, "--as", "li").want(t, exitSystem, "Drafts are unchanged", "check --connect")
		do("import", second, "--as", "wang", "--dry-run").want(t, exitSystem, "not_compared", "nothing was kept")
		kept := do("import", second, "--as", "wang").want(t, exitSystem, "second.csv", "not_compared", "Drafts are unchanged")
		draft := keptDraft.FindStringSubmatch(kept.out)
		if draft == nil {
			t.Fatalf("the draft is not named:\n%s", kept.out)
		}
		if status, body := get(t, address+"/uploads"); status != http.StatusOK {
			t.Errorf("/uploads: %d %s", status, body)
		}
		leavePublishing(t, dir, first) // as a process does that is killed in the middle
		do("publish", first, "--as", "li").want(t, exitSystem)

		s.Restart(t)
		eventually(t, "what was left publishing", func() (bool, string) {
			status, body := get(t, address+"/uploads/"+first)
			return status == http.StatusOK && strings.Contains(body, "已发布"), body
		})
		do("publish", first, "--as", "li").want(t, exitDone, "published")
		again := do("import", second, "--as", "wang", "--json").want(t, exitDone, `"state":"submitted"`)
		if id := uploadID(t, again.out); id != draft[1] {
			t.Errorf("the file became another draft: %s, not %s", id, draft[1])
		}
		do("publish", draft[1], "--as", "li").want(t, exitDone, "published")
		do("export").want(t, exitDone, "rd_spend,350000,2024,1280.5,", "gdp,350000,2024,1280.5,")
	})
}

func leavePublishing(t *testing.T, dir, id string) {
	t.Helper()
	kept, err := store.Open(t.Context(), filepath.Join(dir, storeFile))
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if _, err := kept.UpdateUpload(t.Context(), id, func(u *upload.Upload) error { u.State = upload.Publishing; return nil }); err != nil {
		t.Fatal(err)
	}
}

// TestUnconfirmedPublish: said in words or in JSON, with what to do, and 3.
func TestUnconfirmedPublish(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"zh":   {[]string{"--lang", "zh"}, []string{"发布中：u1", "账本尚未确认", "dabiao publish u1"}},
		"en":   {[]string{"--lang", "en"}, []string{"publishing: u1", "not confirmed", "dabiao publish u1"}},
		"JSON": {[]string{"--json"}, []string{`{"id":"u1","state":"publishing"}`}},
	} {
		var out bytes.Buffer
		e := &env{ctx: t.Context(), out: &out, err: &out, now: someDay, lang: languageOf(c.args),
			flags: &cli{DataDir: t.TempDir(), JSON: name == "JSON"}}
		err := actor{As: "li"}.act(e, func(*rooms, account.User) (upload.Upload, error) {
			return upload.Upload{ID: "u1", State: upload.Publishing}, nil
		})
		for _, part := range c.want {
			if code := e.exitCode(err); code != exitSystem || !strings.Contains(out.String(), part) {
				t.Errorf("%s: exit code %d, lacks %q:\n%s", name, code, part, out.String())
			}
		}
	}
}
