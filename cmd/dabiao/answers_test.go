package main

import (
	"strings"
	"testing"
)

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
	do(exitFaults, "→ --encoding utf-8", "--encoding", "gbk")
	do(exitFaults, "utf-8, gb18030, big5, utf-16le, utf-16be", "--encoding", "latin1")
	do(exitFaults, "→ --column A=region", "--header", "2")
	columns := []string{"--header", "2", "--column", "A=region", "--column", "本期累计=2023"}
	do(exitFaults, "→ --name 福健=350000", columns...)
	columns = append(columns, "--name", "福健=350000")
	do(exitFaults, "→ --skip 5", columns...)
	do(exitDone, "2 readings", append(columns, "--skip", "5", "--skip", "6-")...)
	do(exitFaults, "no column “Z”", append(columns, "--column", "Z=ignored", "--skip", "5-")...)
}

// TestNamesCommandNoTerminal: the name of a file is printed, not obeyed.
func TestNamesCommandNoTerminal(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "a\x1b[31m.csv", "地区,年份\n福健,2023\n")
	if o := dabiao(t, t.TempDir(), "import", file, "--dry-run").want(t, exitFaults, "a?[31m.csv"); strings.Contains(o.out+o.err, "\x1b") {
		t.Errorf("%q", o.out+o.err)
	}
}
