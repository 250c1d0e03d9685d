package upload

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFileLabel(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a.csv": "a.csv", "/etc/passwd": "passwd", "../../a.csv": "a.csv", `C:\x\a.csv`: "a.csv", `..\a/b\c.csv`: "c.csv",
		"": "upload", "  ": "upload", "dir/": "upload", "..": "upload", ".": "upload", "研发 2023.csv": "研发 2023.csv",
		strings.Repeat("长", 300) + ".csv": strings.Repeat("长", 187) + "…" + strings.Repeat("长", 8) + ".csv",
	} {
		if got := fileLabel(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzLabels: whatever is named, what is kept is short, on one line and without a path.
func FuzzLabels(f *testing.F) {
	f.Add("a.csv", "统计局")
	f.Add("../a\x00", "a\u202eb\nc")
	f.Add("\xff/\x1b[31m", strings.Repeat("x", 2000))
	f.Fuzz(func(t *testing.T, name, text string) {
		o := Options{Source: text, Stage: text, Reason: text}
		label, _ := cleanLabels(name, &o)
		if label == "" || label == ".." || strings.ContainsAny(label, `/\`) {
			t.Errorf("%q became the file name %q", name, label)
		}
		for kept, most := range map[string]int{label: maxFileName, o.Source: maxSource, o.Stage: maxStage, o.Reason: maxReason} {
			if utf8.RuneCountInString(kept) > most || !utf8.ValidString(kept) || hasControl(kept) {
				t.Errorf("%q and %q: kept %q", name, text, kept)
			}
		}
	})
}
