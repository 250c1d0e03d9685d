package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestCoverageOnTheCommandLine: what came in time and what is overdue, as lines of
// 80 columns, as a workbook and for programs.
func TestCoverageOnTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := writeFile(t, "fujian.csv", fujian)
	id := uploadID(t, dabiao(t, dir, "import", file, "--as", "wang", "--released", "2025-09-29", "--json").want(t, exitDone).out)
	dabiao(t, dir, "publish", id, "--as", "li").want(t, exitDone)

	asks := filepath.Join(t.TempDir(), "asks.xlsx")
	for lang, want := range map[string][]string{
		"zh": {"福建省，2021年至2025年", "指标 ", "按时率", "研究与试验发展（R&D）经费 ", "需要催报：", "应报日 ", "催报清单已写入 " + asks},
		"en": {"Fujian Province, 2021 to 2025", "indicator ", "on time", "R&D expenditure ", "To ask for:", "days overdue: Fujian", "What to ask for is in " + asks},
	} {
		var out, errOut bytes.Buffer
		code := run(t.Context(), []string{"coverage", "--region", "350000", "--xlsx", asks, "--lang", lang, "--data-dir", dir}, strings.NewReader(""), &out, &errOut, someDay)
		for _, part := range want {
			if code != exitDone || !strings.Contains(out.String(), part) {
				t.Errorf("%s: exit %d, output lacks %q:\n%s%s", lang, code, part, &out, &errOut)
			}
		}
		for line := range strings.Lines(out.String()) {
			if n := columns(strings.TrimRight(line, "\n")); n > screenWidth && !strings.Contains(line, asks) {
				t.Errorf("%s: a line of %d columns: %s", lang, n, line)
			}
		}
	}
	book, err := excelize.OpenFile(asks)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err := book.GetRows(book.GetSheetName(0)); err != nil || len(rows) < 4 || rows[3][0] != "350000" {
		t.Errorf("the workbook says %v, %v", rows, err)
	}
	if left, _ := os.Stat(asks + ".part"); left != nil {
		t.Error("a part of the workbook is left")
	}

	dabiao(t, dir, "coverage", "--indicator", "rd_spend").want(t, exitDone, "region ", "Fujian ", "all but Fujian")
	dabiao(t, dir, "coverage", "--json").want(t, exitDone, `"counts":{"cells":`, `"damaged":[]`,
		`{"indicator":"rd_spend","region":"350000","period":"2024","state":"on_time"`)
	dabiao(t, dir, "coverage", "--region", "350009").want(t, exitFaults, "350009")
	dabiao(t, dir, "coverage", "--indicator", "rd_spent").want(t, exitFaults, "rd_spend")
}
