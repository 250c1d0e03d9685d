package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

const sixYears = "indicator,region,period,value,unit\nrd_spend,350000,2019,753.7,亿元\nrd_spend,350000,2020,842.4,亿元\n" +
	"rd_spend,350000,2021,968.7,亿元\nrd_spend,350000,2022,1082.1,亿元\nrd_spend,350000,2023,1171.7,亿元\nrd_spend,350000,2024,1175,亿元\n"

// published imports a file as wang and publishes it as li.
func published(t *testing.T, dir, content string, flags ...string) {
	t.Helper()
	args := append([]string{"import", writeFile(t, "fujian.csv", content), "--as", "wang", "--json"}, flags...)
	id := uploadID(t, dabiao(t, dir, args...).want(t, exitDone, `"state":"submitted"`).out)
	dabiao(t, dir, "publish", id, "--as", "li").want(t, exitDone, "published")
}

// TestAssessCompare: a revision that is published flips a verdict, the command says
// so, and a replay as of the former day still gives the former verdict.
func TestAssessCompare(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	published(t, dir, sixYears, "--released", "2025-09-29")
	published(t, dir, strings.Replace(sixYears, "1175", "1170", 1), "--reason", "final check", "--stage", "最终核实")
	const target = "fujian-decision-2-rd_spend"

	dabiao(t, dir, "assess", "--target", target, "--as-of", "2025-10-01").want(t, exitDone, "▲ on track")
	dabiao(t, dir, "assess", "--target", target).want(t, exitDone, "◆ slightly behind")
	said := dabiao(t, dir, "assess", "--compare", "2025-10-01", "2026-11-23", "--region", "350000", "--target", target).want(t, exitDone)
	want := "▲ on track → ◆ slightly behind  Fujian  " + target + "\n" +
		"    The status went from “on track” to “slightly behind” because of revisions: R&D expenditure in 2024 was revised from 117.50 billion yuan " +
		"to 117.00 billion yuan (final verification, uploaded by wang, released on 23 November 2026, reason: final check).\n" +
		"Verdicts compared: 1; changed: 1.\n"
	if said.out != want {
		t.Errorf("got\n%swant\n%s", said.out, want)
	}
	var zh, errOut bytes.Buffer
	if run(t.Context(), []string{"assess", "--data-dir", dir, "--lang=zh", "--compare=2025-10-01", "2026-11-23", "--target", target}, strings.NewReader(""), &zh, &errOut, someDay) != exitDone ||
		!strings.Contains(zh.String(), "原因是数据修订：2024年研究与试验发展（R&D）经费由1,175.0亿元修订为1,170.0亿元（最终核实，wang报送，2026年11月23日公布，修订原因：final check）") {
		t.Errorf("in Chinese: %s%s", zh.String(), errOut.String())
	}

	var list []struct {
		Target, Region string
		Changed        bool
		Steps          []struct{ Kind string }
	}
	all := dabiao(t, dir, "assess", "--compare", "2025-10-01", "2026-11-23", "--json").want(t, exitDone)
	if err := json.Unmarshal([]byte(all.out), &list); err != nil || len(list) == 0 {
		t.Fatalf("%v: %.300s", err, all.out)
	}
	for _, c := range list {
		if !c.Changed || len(c.Steps) != 6 {
			t.Errorf("%s %s: changed %v, %d steps", c.Target, c.Region, c.Changed, len(c.Steps))
		}
	}
	dabiao(t, dir, "assess", "--compare", "2025-10-01", "2025-10-02", "--json").want(t, exitDone, "[]\n")
	dabiao(t, dir, "assess", "--compare", "2025-10-01", "2026-11-23", "--target", target, "--method", "all").want(t, exitDone, "compared: 3; changed: 1")
}

func TestAssessCompareRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, test := range []struct {
		code int
		says string
		args []string
	}{
		{exitUsage, "two moments", []string{"--compare", "2025-10-01"}},
		{exitUsage, "two moments", []string{"--compare", "2025-10-01", "--region", "350000"}},
		{exitUsage, "before the second", []string{"--compare", "2025-10-01", "2025-10-01"}},
		{exitUsage, "before the second", []string{"--compare", "2025-10-02", "2025-10-01"}},
		{exitUsage, "2024-06-01", []string{"--compare", "2025-10-01", "soon"}},
		{exitUsage, "2024-06-01", []string{"--compare", "", "2025-10-01"}},
		{exitUsage, "--as-of", []string{"--compare", "2025-10-01", "2025-10-02", "--as-of", "2025-10-01"}},
		{exitUsage, "pace", []string{"--compare", "2025-10-01", "2025-10-02", "--method", "luck"}},
		{exitFaults, "350009", []string{"--compare", "2025-10-01", "2025-10-02", "--region", "350009"}},
	} {
		dabiao(t, dir, append([]string{"assess"}, test.args...)...).want(t, test.code, test.says)
	}
}
