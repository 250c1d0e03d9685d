package main

import "testing"

// TestAnswersOnTheCommandLine: what keeps a file from being read names the flag
// that helps, and the flags, taken as they stand, help.
func TestAnswersOnTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := writeFile(t, "研发.csv", "研发情况（内部资料）\n单位名称,本期累计\n福健,1171.7\n广 东,4802.6\n第一组,5974.3\n以下略,1\n")
	do := func(exit int, want string, flags ...string) {
		t.Helper()
		dabiao(t, dir, append([]string{"import", file, "--dry-run", "--indicator", "rd_spend", "--unit", "亿元"}, flags...)...).want(t, exit, want)
	}
	do(exitFaults, "→ --header 2")
	do(exitFaults, "→ --column A=region", "--header", "2")
	columns := []string{"--header", "2", "--column", "A=region", "--column", "本期累计=2023"}
	do(exitFaults, "→ --name 福健=350000", columns...)
	columns = append(columns, "--name", "福健=350000")
	do(exitFaults, "→ --skip 5", columns...)
	do(exitDone, "2 readings", append(columns, "--skip", "5", "--skip", "6-")...)
	do(exitFaults, "no column “Z”", append(columns, "--column", "Z=ignored", "--skip", "5-")...)
}
