package main

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // to damage a ledger behind the program's back
)

// TestDamagedLedger: nothing is written or judged from a ledger that has lost a
// reading, what to do is said in both languages, and doing it helps.
func TestDamagedLedger(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	id := uploadID(t, dabiao(t, dir, "import", writeFile(t, "fujian.csv", fujian), "--as", "wang", "--json").want(t, exitDone).out)
	dabiao(t, dir, "publish", id, "--as", "li").want(t, exitDone)
	other := uploadID(t, dabiao(t, dir, "import", writeFile(t, "gdp.csv", "indicator,region,period,value,unit\ngdp,350000,2024,57761,亿元\n"),
		"--as", "wang", "--json").want(t, exitDone).out)
	loseReading(t, dir)

	if out := dabiao(t, dir, "export").want(t, exitSystem, "upload "+id+" should have 2 readings of rd_spend (A), but 1 came", "revert the upload").out; out != "" {
		t.Errorf("something was written: %q", out)
	}
	inChinese(t, dir, "assess").want(t, exitSystem, "报送批次 "+id+" 的 rd_spend（A）应有 2 条数据，实有 1 条")
	dabiao(t, dir, "export", "--indicator", "gdp").want(t, exitDone, "indicator,region,period")
	dabiao(t, dir, "import", writeFile(t, "more.csv", "indicator,region,period,value,unit\nrd_spend,350000,2025,1400,亿元\n"), "--as", "wang").
		want(t, exitSystem, "does not add up")
	dabiao(t, dir, "publish", other, "--as", "li").want(t, exitDone)
	dabiao(t, dir, "revert", id, "--as", "li").want(t, exitDone)
	dabiao(t, dir, "export").want(t, exitDone, "gdp,350000,2024,57761")
}

// loseReading makes the ledger lose its first reading.
func loseReading(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	result, err := db.ExecContext(t.Context(), `DELETE FROM reading_log WHERE (series, period, upload) IN
		(SELECT series, period, upload FROM reading_log LIMIT 1)`)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d readings lost, %v", n, err)
	}
}
