package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/dabiao/dabiao/internal/settings"
)

// pages are the texts about deployment, by path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	list := map[string]string{"../../README.md": readText(t, "../../README.md")}
	err := fs.WalkDir(os.DirFS(deploy), ".", func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".md") {
			list[filepath.Join(deploy, name)] = readText(t, filepath.Join(deploy, name))
		}
		return err
	})
	if err != nil || len(list) < 4 {
		t.Fatalf("%d pages: %v", len(list), err)
	}
	return list
}

var (
	ourCommand = regexp.MustCompile(`(?m)^#? *(?:docker compose exec dabiao |sudo -u \S+ |bin/)?(?:/usr/local/bin/)?dabiao ([^\n]*)`)
	words      = regexp.MustCompile(`"[^"]*"|\S+`)
	afterwards = regexp.MustCompile(`(?m) +(# |> ).*$`) // no part of the command
)

// TestPagesNameRealCommands parses every command of the pages, and those of the
// unit, as the program would.
func TestPagesNameRealCommands(t *testing.T) {
	t.Parallel()
	texts := []string{strings.ReplaceAll(readText(t, deploy+"dabiao.service"), "ExecStart=", "\n")}
	for _, page := range pages(t) {
		texts = append(texts, blocks(page, "", "sh")...)
	}
	found := 0
	for _, text := range texts {
		text = strings.ReplaceAll(text, "\\\n", " ")
		for _, line := range ourCommand.FindAllStringSubmatch(afterwards.ReplaceAllString(text, ""), -1) {
			found++
			parse(t, words.FindAllString(line[1], -1))
		}
	}
	if found < 10 {
		t.Errorf("only %d commands were found", found)
	}
}

// TestPagesLinkToWhatIsThere follows the links between the pages, to their headings.
func TestPagesLinkToWhatIsThere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)]+)\)`)
	for name, page := range pages(t) {
		for _, found := range link.FindAllStringSubmatch(page, -1) {
			file, heading, _ := strings.Cut(found[1], "#")
			if strings.Contains(file, "://") {
				continue
			}
			target := name
			if file != "" {
				target = filepath.Join(filepath.Dir(name), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %s: %v", name, found[1], err)
			} else if heading != "" && !slices.Contains(anchors(readText(t, target)), heading) {
				t.Errorf("%s: %s: no such heading", name, found[1])
			}
		}
	}
}

// anchors are the names that a page's headings get in links.
func anchors(page string) []string {
	var list []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page, -1) {
		text := regexp.MustCompile(`[^\p{L}\p{N} -]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		list = append(list, strings.ReplaceAll(text, " ", "-"))
	}
	return list
}

// TestClusterSettings: the settings of the page about clusters are without fault.
func TestClusterSettings(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(readText(t, deploy+"cluster/README.md"))
	config := filepath.Dir(writeFile(t, "dabiao.yaml", block[1]))
	if err := os.WriteFile(filepath.Join(config, "influxdb.token"), []byte("user:password\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, faults := (&env{flags: &cli{Config: config}}).load()
	if len(faults) > 0 || s.Ledger != settings.InfluxDB || s.Influx.Replication != 3 {
		t.Errorf("%v %+v", faults, s)
	}
}

// TestDockerfile holds what Docker would be told against what is there. Nobody
// runs Docker here.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	file, app := readText(t, deploy+"Dockerfile"), readCompose(t).Services["dabiao"]
	ignored := readText(t, deploy+"Dockerfile.dockerignore")
	for _, line := range regexp.MustCompile(`(?m)^COPY (\S+ .*)$`).FindAllStringSubmatch(file, -1) {
		if strings.HasPrefix(line[1], "--from=") {
			continue
		}
		sources := strings.Fields(line[1])
		for _, source := range sources[:len(sources)-1] {
			if _, err := os.Stat("../../" + source); err != nil || strings.Contains(ignored, "/"+source+"\n") {
				t.Errorf("COPY %s: %v", source, err)
			}
		}
	}
	for _, tracked := range []string{"/deploy\n", "/internal\n", ".git\n", "/config\n"} {
		if strings.Contains("\n"+ignored, "\n"+tracked) {
			t.Errorf("%q is left out, so that every build counts as changed", tracked)
		}
	}
	if !strings.Contains(ignored, "/deploy/secrets\n") {
		t.Error("the secrets would go into the image")
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readText(t, "../../go.mod"))[1]
	if !strings.Contains(file, "FROM golang:"+version) {
		t.Errorf("the image does not build with Go %s", version)
	}
	last := file[strings.LastIndex(file, "\nFROM "):]
	if !strings.Contains(last, "\nUSER "+app.User+"\n") || !strings.Contains(last, "-o 65532 -g 65532 /var/lib/dabiao\n") {
		t.Errorf("compose.yaml runs it as %s, the image as somebody else:\n%s", app.User, last)
	}
	data := regexp.MustCompile(`ENV DABIAO_DATA_DIR=(\S+)`).FindStringSubmatch(last)[1]
	if !slices.Contains(app.Volumes, "dabiao-data:"+data) {
		t.Errorf("the data directory %s is not kept: %v", data, app.Volumes)
	}
	known := environment(t)
	for _, name := range []string{"DABIAO_DATA_DIR", "DABIAO_CONFIG"} {
		if !slices.Contains(known, name) {
			t.Errorf("the program does not look at %s, but at %v", name, known)
		}
	}
	for name := range app.Environment {
		if !slices.Contains(known, name) {
			t.Errorf("compose.yaml sets %s, the program looks at %v", name, known)
		}
	}
}

// environment is every variable that stands for a flag.
func environment(t *testing.T) []string {
	t.Helper()
	parser, err := kong.New(&cli{}, helpVars("en"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, flag := range parser.Model.Flags {
		names = append(names, flag.Envs...)
	}
	return names
}
