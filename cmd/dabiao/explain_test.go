package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestImportAsksForAnExplanation: a doubtful figure stays a draft and fails the
// command, until it is explained; an office may switch the rule off.
func TestImportAsksForAnExplanation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("indicator,region,period,value,unit\n")
	for i, v := range []string{"355.0", "392.9", "454.3", "543.1", "642.8", "753.7", "842.4", "968.7"} {
		fmt.Fprintf(&b, "rd_spend,350000,%d,%s,亿元\n", 2014+i, v)
	}
	history := dabiao(t, dir, "import", writeFile(t, "history.csv", b.String()), "--as", "wang", "--json").want(t, exitDone)
	dabiao(t, dir, "publish", uploadID(t, history.out), "--as", "li").want(t, exitDone)

	doubtful := writeFile(t, "2022.csv", "indicator,region,period,value,unit\nrd_spend,350000,2022,3082.1,亿元\n")
	dabiao(t, dir, "import", doubtful, "--as", "wang", "--dry-run").want(t, exitFaults, "D2: query [outlier_history]", "missing_explanation")
	kept := dabiao(t, dir, "import", doubtful, "--as", "wang", "--json").want(t, exitFaults, `"state":"draft"`, `"missing_explanation"`)
	id := uploadID(t, kept.out)
	dabiao(t, dir, "import", doubtful, "--as", "wang").want(t, exitFaults, id, "Kept as a draft", "--explanation")
	dabiao(t, dir, "import", doubtful, "--as", "wang", "--draft").want(t, exitDone, id)
	dabiao(t, dir, "import", doubtful, "--as", "wang", "--explanation", "two firms merged").want(t, exitDone, id, "Submitted for review")
	dabiao(t, dir, "publish", id, "--as", "li").want(t, exitDone, "published")

	config := t.TempDir()
	if err := os.WriteFile(filepath.Join(config, "dabiao.yaml"), []byte("checks: {off: [outlier_history, outlier_regions]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	next := writeFile(t, "2023.csv", "indicator,region,period,value,unit\nrd_spend,350000,2023,9500,亿元\n")
	dabiao(t, dir, "--config", config, "import", next, "--as", "wang").want(t, exitDone, "Submitted for review")
}
