package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestExportFormats: the published readings in every format, in the language asked for.
func TestExportFormats(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	submitted := dabiao(t, dir, "import", writeFile(t, "fujian.csv", fujian), "--as", "wang", "--json").want(t, exitDone)
	dabiao(t, dir, "publish", uploadID(t, submitted.out), "--as", "li").want(t, exitDone)

	dabiao(t, dir, "export", "--format", "sdmx").want(t, exitDone, ",A,350000,rd_spend,2024,1280.5,A,CNY,8\r\n")
	dabiao(t, dir, "export", "--format", "sdmx", "--labels", "name", "--vintages").want(t, exitDone, "STRUCTURE_NAME", ",VINTAGE,Vintage,", "Fujian")
	dabiao(t, dir, "export", "--format", "sdmx", "--labels", "none").want(t, exitUsage, "--labels")
	if out := dabiao(t, dir, "export", "--format", "sdmx", "--bom").out; !strings.HasPrefix(out, "\ufeffSTRUCTURE") {
		t.Errorf("no mark: %.20q", out)
	}

	path := filepath.Join(t.TempDir(), "out.xlsx")
	dabiao(t, dir, "export", "--format", "xlsx", "-o", path).want(t, exitDone)
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err := book.GetRows("R&D expenditure"); err != nil || strings.Join(rows[3], "|") != "350000|Fujian|2024|1,280.5|A" {
		t.Errorf("%v %v", rows, err)
	}
	if again := dabiao(t, dir, "export", "--format", "xlsx").want(t, exitDone); again.out != string(first) {
		t.Error("the same readings give another workbook")
	}
}
