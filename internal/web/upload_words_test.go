package web

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// TestPagesNameNoFlags: whatever ingest has to say of the files of its cases, a
// page says it of fields.
func TestPagesNameNoFlags(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("../ingest/testdata/cases/*/expected.json")
	if err != nil || len(cases) < 100 {
		t.Fatalf("only %d cases (%v)", len(cases), err)
	}
	flag := regexp.MustCompile(`--[a-z]`)
	named := 0
	for _, path := range cases {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var expected struct{ Problems []indicator.Problem }
		if err := json.Unmarshal(content, &expected); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, p := range expected.Problems {
			for _, lang := range []indicator.Lang{indicator.ZH, indicator.EN} {
				if flag.MatchString(p.Message.In(lang)) {
					named++
				}
				if text := onPage(p.Message, lang); flag.MatchString(text) {
					t.Errorf("%s: %s", filepath.Base(filepath.Dir(path)), text)
				}
			}
		}
	}
	if named == 0 {
		t.Error("no message of the cases names a flag: the test sees nothing")
	}
}

func TestFlagsBecomeFields(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ message, zh, en indicator.Text }{
		{message: indicator.T("文件没有写明单位。用 --unit 说明（如 --unit 亿元）。", "The file does not say the unit. Give --unit (such as --unit 亿元)."),
			zh: indicator.T("文件没有写明单位。用 “计量单位”说明（如 亿元）。", ""), en: indicator.T("", "The file does not say the unit. Give “Unit” (such as 亿元).")},
		{message: indicator.T("请说明修订原因（--reason）。", "Give the reason of the revision (--reason)."),
			zh: indicator.T("请说明修订原因。", ""), en: indicator.T("", "Give the reason of the revision.")},
		{message: indicator.T("用 --mark '—=N' 或 '—=O' 说明。", "Say --mark '—=N' or '—=O'."),
			zh: indicator.T("用 “缺失符号”“不适用” 或 “未采集” 说明。", ""), en: indicator.T("", "Say “Signs without a value” “not applicable” or “not collected”.")},
		{message: indicator.T("没有 --nothing 这个选项。", "There is no --nothing."),
			zh: indicator.T("没有 --nothing 这个选项。", ""), en: indicator.T("", "There is no --nothing.")},
	} {
		if got := onPage(c.message, indicator.ZH); got != c.zh.ZH {
			t.Errorf("got  %s\nwant %s", got, c.zh.ZH)
		}
		if got := onPage(c.message, indicator.EN); got != c.en.EN {
			t.Errorf("got  %s\nwant %s", got, c.en.EN)
		}
	}
}
