package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// someDay is the clock of the tests.
func someDay() time.Time { return time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC) }

type outcome struct {
	code     int
	out, err string
}

// dabiao runs one command on a data directory and gives its exit code and output.
func dabiao(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	var out, errOut bytes.Buffer
	args = append([]string{"--data-dir", dir, "--lang", "en"}, args...)
	code := run(t.Context(), args, strings.NewReader(""), &out, &errOut, someDay)
	return outcome{code, out.String(), errOut.String()}
}

func (o outcome) want(t *testing.T, code int, parts ...string) outcome {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit code %d, want %d\n%s%s", o.code, code, o.out, o.err)
	}
	for _, part := range parts {
		if !strings.Contains(o.out+o.err, part) {
			t.Errorf("output lacks %q:\n%s%s", part, o.out, o.err)
		}
	}
	return o
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const fujian = "indicator,region,period,value,unit\nrd_spend,350000,2023,1171.7,亿元\nrd_spend,350000,2024,1280.5,亿元\n"

// TestTheWayOfAFile is the main job on the command line: a file is submitted by
// one person, published by another, seen, revised, looked at as of a day, reverted.
func TestTheWayOfAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := writeFile(t, "fujian.csv", fujian)

	dabiao(t, dir, "import", file, "--as", "wang", "--dry-run", "--json").want(t, exitDone, `"upload":null`)
	submitted := dabiao(t, dir, "import", file, "--as", "wang", "--released", "2025-09-29", "--json").want(t, exitDone, `"state":"submitted"`)
	id := uploadID(t, submitted.out)
	dabiao(t, dir, "export").want(t, exitDone, "indicator,region,period,value,unit,status\n")

	dabiao(t, dir, "publish", id, "--as", "wang").want(t, exitFaults)
	dabiao(t, dir, "publish", id, "--as", "li").want(t, exitDone, "published")
	exported := dabiao(t, dir, "export").want(t, exitDone, "rd_spend,350000,2024,1280.5,亿元,A\n")
	if strings.HasPrefix(exported.out, "\ufeff") {
		t.Error("the export begins with a BOM that nobody asked for")
	}

	revised := writeFile(t, "revised.csv", strings.Replace(fujian, "1280.5", "1290.1", 1))
	dabiao(t, dir, "import", revised, "--as", "wang").want(t, exitFaults, "missing_reason")
	second := dabiao(t, dir, "import", revised, "--as", "wang", "--reason", "final check", "--json").want(t, exitDone, `"state":"submitted"`)
	secondID := uploadID(t, second.out)
	dabiao(t, dir, "publish", secondID, "--as", "li").want(t, exitDone)
	dabiao(t, dir, "export").want(t, exitDone, "rd_spend,350000,2024,1290.1,")
	dabiao(t, dir, "export", "--as-of", "2025-10-01").want(t, exitDone, "rd_spend,350000,2024,1280.5,")
	dabiao(t, dir, "export", "--vintages").want(t, exitDone, id, secondID, "2025-09-29")

	dabiao(t, dir, "revert", secondID, "--as", "li").want(t, exitDone, "reverted")
	third := uploadID(t, dabiao(t, dir, "import", revised, "--as", "wang", "--reason", "final check", "--json").want(t, exitDone, `"state":"submitted"`).out)
	dabiao(t, dir, "withdraw", third, "--as", "li").want(t, exitFaults, "Only its authors may")
	dabiao(t, dir, "withdraw", third, "--as", "wang").want(t, exitDone, "withdrawn: "+third)
	dabiao(t, dir, "publish", third, "--as", "li").want(t, exitFaults, "withdrawn")
	dabiao(t, dir, "export").want(t, exitDone, "rd_spend,350000,2024,1280.5,")
}

func uploadID(t *testing.T, line string) string {
	t.Helper()
	var answer struct{ Upload struct{ ID string } }
	if err := json.Unmarshal([]byte(line), &answer); err != nil || answer.Upload.ID == "" {
		t.Fatalf("no upload in %q: %v", line, err)
	}
	return answer.Upload.ID
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	bad := writeFile(t, "bad.csv", "region,period,value\n350000,2024,many\n")
	noConfig := t.TempDir()
	if err := os.WriteFile(filepath.Join(noConfig, "dabiao.yaml"), []byte("colour: red\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		args []string
		code int
		says string
	}{
		"help":                   {[]string{"--help"}, exitDone, "import"},
		"version":                {[]string{"version"}, exitDone, "dabiao"},
		"check":                  {[]string{"check"}, exitDone, "No faults"},
		"unknown command":        {[]string{"fly"}, exitUsage, "See dabiao --help"},
		"unknown flag":           {[]string{"export", "--colour"}, exitUsage, "--colour"},
		"a date that is none":    {[]string{"export", "--as-of", "yesterday"}, exitUsage, "2024-12-31"},
		"a method that is none":  {[]string{"assess", "--method", "luck"}, exitUsage, "pace"},
		"a bad configuration":    {[]string{"check", "--config", noConfig}, exitFaults, "dabiao.yaml:1"},
		"a faulty file":          {[]string{"import", bad}, exitFaults, "missing_indicator"},
		"a file that is missing": {[]string{"import", "nowhere.csv", "--json"}, exitFaults, `"unreadable_file"`},
		"nothing understood":     {[]string{"import", "nowhere.csv", "--json"}, exitFaults, `"columns":[],"titles":[],"headings":[],"footnotes":[],"defaults":[],"preview":[]},"readings":[]`},
		"a year to come":         {[]string{"import", writeFile(t, "a.csv", strings.Replace(fujian, "2024", "2035", 1))}, exitFaults, "D3: error [future_period]"},
		"an unknown upload":      {[]string{"publish", "nobody"}, exitFaults, "nobody"},
		"an unknown indicator":   {[]string{"export", "--indicator", "rd_spent"}, exitFaults, "rd_spend"},
		"an unknown region":      {[]string{"assess", "--region", "350009"}, exitFaults, "350009"},
		"a busy address":         {[]string{"serve", "--addr", "256.0.0.1:1"}, exitSystem, "listen"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dabiao(t, t.TempDir(), test.args...).want(t, test.code, test.says)
		})
	}
}

// TestReadingMakesNoDataDirectory: a name that was misspelt is told, in both languages.
func TestReadingMakesNoDataDirectory(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"assess", "assess --compare 2024-06-01 2025-06-01", "warnings", "export", "bundle --out " + filepath.Join(t.TempDir(), "b.zip")} {
		for lang, says := range map[string]string{"zh": "没有数据目录 ", "en": "There is no data directory "} {
			dir := filepath.Join(t.TempDir(), "none")
			var out, errOut bytes.Buffer
			args := append(strings.Fields(call), "--data-dir", dir, "--lang", lang)
			if code := run(t.Context(), args, strings.NewReader(""), &out, &errOut, someDay); code != exitFaults || !strings.Contains(errOut.String(), says+dir) {
				t.Errorf("%s: exit %d, %q", call, code, errOut.String())
			}
			if _, err := os.Stat(dir); err == nil {
				t.Errorf("%s made the directory", call)
			}
		}
	}
}

// TestMisuseSpeaksChinese: nothing of what the flag parser says reaches a Chinese reader in English.
func TestMisuseSpeaksChinese(t *testing.T) {
	t.Parallel()
	for call, says := range map[string]string{
		"bundle":                      "缺少参数 --out=FILE",
		"bundle --out":                "--out 后面没有写值",
		"bundle --as-of -1":           "--as-of 的值“-1”以 - 开头，请用等号连写",
		"assess --regoin=350000":      "没有参数 --regoin，相近的有 --region",
		"hash --colour":               "没有参数 --colour",
		"forecats":                    "不认识“forecats”，相近的有 forecast",
		"fly":                         "不认识“fly”",
		"user":                        "还须写明其中之一：\"add\", \"list\"",
		"forecast":                    "还须写明 <file>",
		"forecast a --horizon -1":     "--horizon 的值“-1”以 - 开头",
		"forecast a --level=high":     "--level 的值“high”不是数值",
		"forecast a --level=100":      "--level 须大于 0、小于 100，现在是 100",
		"forecast a --horizon=0":      "--horizon 须为 1 至 50，现在是 0",
		"forecast a --format=xml":     "--format 的值须为 \"csv\",\"json\" 之一，现在是“xml”",
		"version --json=maybe":        "--json 的值须为 true, 1, yes, false, 0 or no，现在是“maybe”",
		"plans rename a":              "还须写明 <new>",
		"forecast a --origins=0":      "--origins 须为 1 或更大，现在是 0",
		"assess --targets a":          "--targets 和 --data 须一起使用",
		"assess --compare 2024-06-01": "--compare 要写两个时点",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			var out, errOut bytes.Buffer
			args := append([]string{"--lang=zh", "--data-dir", t.TempDir()}, strings.Fields(call)...)
			o := outcome{run(t.Context(), args, strings.NewReader(""), &out, &errOut, someDay), out.String(), errOut.String()}
			o.want(t, exitUsage, "dabiao: "+says, "用法见 dabiao --help")
			if strings.Contains(o.err, "expected") || strings.Contains(o.err, "unknown") {
				t.Errorf("says %q", o.err)
			}
		})
	}
}

// TestHelpSpeaksBothLanguages: every command's help has a sentence in the language asked for.
func TestHelpSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"serve", "demo", "import", "publish", "withdraw", "revert", "coverage", "plans", "export", "assess", "bundle", "forecast", "check", "hash", "copy", "user", "version"} {
		for _, lang := range []string{"zh", "en"} {
			var out, errOut bytes.Buffer
			code := run(t.Context(), []string{command, "--help", "--lang", lang}, strings.NewReader(""), &out, &errOut, someDay)
			if code != exitDone || !strings.Contains(out.String(), texts[command].In(languageOf([]string{"--lang", lang}))) {
				t.Errorf("%s --help --lang %s: exit %d\n%s%s", command, lang, code, out.String(), errOut.String())
			}
		}
	}
}

var addressPattern = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start runs a command that serves on a free port, until the test ends, and
// gives its address.
func start(t *testing.T, dir string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	var errOut bytes.Buffer
	done := make(chan int, 1)
	go func() {
		args := append([]string{"--data-dir", dir, "--addr", "127.0.0.1:0", "--lang", "en"}, args...)
		code := run(ctx, args, strings.NewReader(""), write, &errOut, someDay)
		write.Close()
		done <- code
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-done; code != exitDone {
			t.Errorf("%v ended with %d:\n%s", args, code, errOut.String())
		}
	})
	var seen strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := read.Read(buffer)
		seen.Write(buffer[:n])
		if address := addressPattern.FindString(seen.String()); address != "" {
			go io.Copy(io.Discard, read)
			return address
		}
		if err != nil {
			t.Fatalf("%v said no address: %v\n%s", args, err, seen.String())
		}
	}
}
