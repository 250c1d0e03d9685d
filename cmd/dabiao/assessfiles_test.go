package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/export"
)

const ownTargets, ownData = "testdata/assess/targets.csv", "testdata/assess/data.csv"

func assessOwn(t *testing.T, targets, data string, args ...string) outcome {
	t.Helper()
	return dabiao(t, filepath.Join(t.TempDir(), "never"), append([]string{"assess", "--targets", targets, "--data", data}, args...)...)
}

func TestAssessFilesGolden(t *testing.T) {
	t.Parallel()
	golden(t, "assess/out.json", indented(t, assessOwn(t, ownTargets, ownData, "--as-of-period", "2024", "--json").want(t, exitDone).out))
	golden(t, "assess/out.csv", assessOwn(t, ownTargets, ownData, "--as-of-period", "2024", "--method", "all", "--csv").want(t, exitDone).out)
	golden(t, "assess/out.en.txt", assessOwn(t, ownTargets, ownData).want(t, exitDone).out)
	dir := filepath.Join(t.TempDir(), "never")
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"assess", "--data-dir", dir, "--targets", ownTargets, "--data", ownData, "--lang", "zh"}, nil, &out, &errOut, someDay)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, errOut.String())
	}
	golden(t, "assess/out.zh.txt", out.String())
	if _, err := os.Stat(dir); err == nil {
		t.Error("own files need no data directory, yet there is one")
	}
}

// indented is one verdict a line, so that a golden file can be read.
func indented(t *testing.T, list string) string {
	t.Helper()
	var items []json.RawMessage
	if err := json.Unmarshal([]byte(list), &items); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, item := range items {
		fmt.Fprintf(&b, "%s\n", item)
	}
	return b.String()
}

// TestReplay holds the command against verdicts computed by hand from the
// published rules of the German sustainability strategy's indicator report and
// from the design; each case is a target with readings of its own.
func TestReplay(t *testing.T) {
	t.Parallel()
	cases := readCases(t, "testdata/assess/replay.csv")
	if len(cases) < 90 {
		t.Fatalf("only %d cases", len(cases))
	}
	targets, data := caseFiles(t, cases)
	type question struct{ period, method string }
	asked := map[question][]map[string]string{}
	for _, c := range cases {
		q := question{c["as_of_period"], c["method"]}
		asked[q] = append(asked[q], c)
	}
	for q, cases := range asked {
		t.Run(q.method+" "+q.period, func(t *testing.T) {
			t.Parallel()
			out := assessOwn(t, targets, data, "--as-of-period", q.period, "--method", q.method, "--json").want(t, exitDone).out
			verdicts := map[string]export.Assessment{}
			for _, a := range readVerdicts(t, out) {
				verdicts[a.Target] = a
			}
			for _, c := range cases {
				a := verdicts[c["case"]]
				if string(a.Status) != c["status"] || string(a.Reason) != c["reason"] || a.AsOfPeriod != q.period || a.Method != q.method || a.Region != "DE" {
					t.Errorf("%s: %s %s of %s by %s, want %s %s: %s", c["case"], a.Status, a.Reason, a.AsOfPeriod, a.Method, c["status"], c["reason"], c["why"])
				}
			}
		})
	}
}

func readCases(t *testing.T, path string) []map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var cases []map[string]string
	for _, row := range rows[1:] {
		c := map[string]string{}
		for i, name := range rows[0] {
			c[name] = row[i]
		}
		cases = append(cases, c)
	}
	return cases
}

// caseFiles writes all cases as the two files, each with an indicator of its own.
func caseFiles(t *testing.T, cases []map[string]string) (targets, data string) {
	t.Helper()
	var file, readings bytes.Buffer
	columns := []string{"kind", "direction", "value", "by", "baseline", "tolerance", "from", "until", "why"}
	w := csv.NewWriter(&file)
	w.Write(append([]string{"target", "indicator", "region"}, columns...))
	readings.WriteString("indicator,region,period,value,status\n")
	for _, c := range cases {
		row := []string{c["case"], c["case"], "DE"}
		for _, name := range columns {
			row = append(row, c[name])
		}
		w.Write(row)
		for _, field := range strings.Fields(c["series"]) {
			period, value, _ := strings.Cut(field, ":")
			number, broken := strings.CutSuffix(value, "B")
			fmt.Fprintf(&readings, "%q,DE,%s,%s,%s\n", c["case"], period, number, map[bool]string{true: "b"}[broken])
		}
	}
	w.Flush()
	return writeFile(t, "t.csv", file.String()), writeFile(t, "d.csv", readings.String())
}

// readVerdicts reads all but the arithmetic, which is written and never read back.
func readVerdicts(t *testing.T, list string) []export.Assessment {
	t.Helper()
	var raw []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(list), &raw); err != nil {
		t.Fatal(err)
	}
	for _, item := range raw {
		delete(item, "numbers")
	}
	b, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []export.Assessment
	if err := json.Unmarshal(b, &verdicts); err != nil {
		t.Fatal(err)
	}
	return verdicts
}

const (
	tHead = "target,indicator,region,kind,direction,value,by,baseline,tolerance,from,until\n"
	dHead = "indicator,region,period,value\n"
	tRow  = "a,x,DE,reach,up,100,2024,,,,\n"
	dRows = "x,DE,2014,40\nx,DE,2019,70\n"
)

// TestAssessFilesAnyShape: what spreadsheets of many makers write is read alike.
func TestAssessFilesAnyShape(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ targets, data, says string }{
		"plain":               {tHead + tRow, dHead + dRows, `"status":"on_track"`},
		"BOM and CRLF":        {"\ufeff" + strings.ReplaceAll(tHead+tRow, "\n", "\r\n"), "\ufeff" + strings.ReplaceAll(dHead+dRows, "\n", "\r\n"), `"status":"on_track"`},
		"semicolons and tabs": {strings.ReplaceAll(tHead+tRow, ",", ";"), strings.ReplaceAll(dHead+dRows, ",", "\t"), `"status":"on_track"`},
		"quoted, in another order": {"\"By\",kind,VALUE,direction,\"target\",region,indicator,remark\n2024.0,Reach,100,UP,\"a, b\",DE,x,\"said \"\"so\"\"\"\n",
			"value,Period,Region,Indicator\n40,2014年,DE,x\n70,2019.0,DE,x\n", `"target":"a, b"`},
		"Chinese names":             {"目标,指标,地区,类型,方向,目标值,目标年份\na,x,DE,达到,上升,100,2024\n", "指标,地区,报告期,数值\n" + dRows, `"status":"on_track"`},
		"GB18030":                   {"\xc4\xbf\xb1\xea,indicator,kind,direction,value,by\na,x,reach,up,100,2024\n", dHead + dRows, `"status":"on_track"`},
		"no region at all":          {"target,indicator,kind,direction,value,by\na,x,reach,up,100,2024\n", "indicator,period,value\nx,2014,40\nx,2019,70\n", `"region":""`},
		"an empty value":            {tHead + tRow, dHead + dRows + "x,DE,2018,\nx,DE,2020,  \n", `"latest":{"period":"2019"`},
		"the same reading twice":    {tHead + tRow, dHead + dRows + "x,DE,2019,70.0\n", `"status":"on_track"`},
		"quarters are not yearly":   {tHead + tRow, dHead + dRows + "x,DE,2020-Q1,5\n", `"latest":{"period":"2019"`},
		"empty lines":               {tHead + "\n,,,,,,,,,,\n" + tRow, dHead + ",,,\n" + dRows, `"status":"on_track"`},
		"no readings":               {tHead + tRow, dHead, `"reason":"too_few_readings","as_of_period":"2019","latest":null,"gap":null`},
		"useless cells are ignored": {tHead + "a,x,DE,direction,up,many,some day,?,?,,\n", dHead + dRows + "x,DE,2018,60\n", `"status":"on_track"`},
		"a band needs no direction": {tHead + "a,x,DE,hold,none,70,,,5,,\n", dHead + dRows, `"status":"on_track"`},
		"every region":              {tHead + "a,x,*,reach,up,100,2024,,,,\n", dHead + dRows + "x,FR,2014,90\nx,FR,2019,80\n", `"region":"FR","method":"pace","method_version":1,"status":"reversing"`},
		"a stated baseline":         {tHead + "a,x,,hold,up,,,2012 = 6.9e1,2,,\n", dHead + dRows, `"low":67`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assessOwn(t, writeFile(t, "t.csv", test.targets), writeFile(t, "d.csv", test.data), "--as-of-period", "2019", "--json").want(t, exitDone, test.says)
		})
	}
}

// TestAssessFilesRefuse: every fault is told with its file and line, those of
// both files at once, and nothing is printed by half.
func TestAssessFilesRefuse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		targets, data string
		says          []string
	}{
		"no header":          {tRow, dHead + dRows, []string{"t.csv:1: error [missing_column]"}},
		"no readings column": {tHead + tRow, "x,DE,2019,70\n", []string{"d.csv:1: error [missing_column]"}},
		"nothing":            {"", "", []string{"t.csv:1: error [no_targets]", "d.csv:1: error [missing_column]"}},
		"no targets":         {tHead, dHead + dRows, []string{"t.csv:1: error [no_targets]"}},
		"kind":               {tHead + "a,x,DE,grows,up,1,,,,,\n", dHead, []string{`t.csv:2: error [unknown_kind] there is no kind of target "grows"`}},
		"direction":          {tHead + "a,x,DE,reach,more,1,,,,,\n", dHead, []string{"t.csv:2: error [unknown_direction]"}},
		"cells": {tHead + "a,x,DE,reach,up,\"4,811\",soon,19,,,\n,,DE,hold,up,1,,2019=x,-1,,\n", dHead, []string{
			`t.csv:2: error [not_a_number] column value: "4,811"`, `t.csv:2: error [unknown_year] column by: "soon"`, "t.csv:2: error [unknown_baseline]",
			"t.csv:3: error [missing_target]", "t.csv:3: error [missing_indicator]", "t.csv:3: error [unknown_baseline]", "t.csv:3: error [unknown_tolerance]"}},
		"twice":             {tHead + tRow + tRow, dHead, []string{`t.csv:3: error [duplicate] the target "a" stands already in line 2`}},
		"reading":           {tHead + tRow, dHead + "x,DE,2019-13,n/a\n,DE,2019,1\nx,DE,2020,1e999\n", []string{"d.csv:2: error [unknown_period]", `d.csv:2: error [not_a_number] column value: "n/a"`, "d.csv:3: error [missing_indicator]", "d.csv:4: error [not_a_number]"}},
		"contradiction":     {tHead + tRow, dHead + dRows + "x,DE,2019,71\n", []string{`d.csv:4: error [contradiction] "x", "DE", 2019: the value 71 differs from 70 in line 3`}},
		"status":            {tHead + tRow, "indicator,region,period,value,status\nx,DE,2019,1,bp\n", []string{`d.csv:2: error [unknown_status] cannot read the status "BP"`}},
		"shared baseline":   {tHead + "a,x,,hold,up,,,2012=69,2,,\n", dHead + dRows + "x,FR,2019,1\n", []string{"t.csv:2: error [shared_baseline]"}},
		"quotes":            {tHead + "\"a,x\n", dHead, []string{"[unreadable_row]"}},
		"a workbook":        {"PK\x03\x04\x00" + tHead, "\xff\xfei\x00", []string{"t.csv:1: error [not_csv]", "d.csv:1: error [not_csv]"}},
		"a long header":     {tHead + tRow, "\x1b[31m" + strings.Repeat("wide,", 1000) + "\n", []string{"it is: ?[31mwide,wide,", "wide,…"}},
		"many":              {tHead + tRow, dHead + strings.Repeat("x,DE,?,1\n", 30), []string{"and 10 more"}},
		"two value columns": {tHead + tRow, "indicator,region,period,value,数值\n", []string{"d.csv:1: error [two_columns]"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := assessOwn(t, writeFile(t, "t.csv", test.targets), writeFile(t, "d.csv", test.data), "--json").want(t, exitFaults, test.says...)
			if o.out != "" {
				t.Errorf("printed %q", o.out)
			}
		})
	}
	good, data := writeFile(t, "t.csv", tHead+tRow), writeFile(t, "d.csv", dHead+dRows)
	assessOwn(t, "nowhere.csv", data).want(t, exitFaults, "nowhere.csv")
	assessOwn(t, good, data, "--method", "luck").want(t, exitUsage, "--method")
	assessOwn(t, good, data, "--as-of-period", "soon").want(t, exitUsage, "--as-of-period")
	assessOwn(t, good, data, "--as-of", "2020-01-01").want(t, exitUsage, "--as-of")
	assessOwn(t, good, data, "--json", "--csv").want(t, exitUsage, "--csv")
	dabiao(t, t.TempDir(), "assess", "--targets", good).want(t, exitUsage, "--data")
}

func TestAssessFilesByEveryMethod(t *testing.T) {
	t.Parallel()
	targets, data := writeFile(t, "t.csv", tHead+tRow+"b,x,DE,direction,up,,,,,,\n"), writeFile(t, "d.csv", dHead+dRows)
	newest := map[string]bool{}
	for _, m := range assess.Methods() {
		newest[m.Name] = true
	}
	out := assessOwn(t, targets, data, "--method", "all", "--csv").want(t, exitDone).out
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 1+2*len(newest) {
		t.Fatalf("%d rows for %d methods, %v:\n%s", len(rows), len(newest), err, out)
	}
	for i, row := range rows[1:] {
		if want := []string{"a", "b"}[i/len(newest)]; row[0] != want || !newest[row[2]] {
			t.Errorf("row %d is %v, want target %s", i, row, want)
		}
	}
	assessOwn(t, targets, data, "--method", "all").want(t, exitDone, "a  pace@1")
	dir := t.TempDir()
	dabiao(t, dir, "assess", "--method", "all", "--region", "350000").want(t, exitDone, "pace@1")
	dabiao(t, dir, "assess", "--csv", "--region", "350000").want(t, exitDone, "target,region,method,", ",350000,pace,1,not_assessed,")
}

func TestManyReadings(t *testing.T) {
	t.Parallel()
	var targets, data strings.Builder
	targets.WriteString(tHead)
	data.WriteString(dHead)
	for i := range 2000 {
		fmt.Fprintf(&targets, "t%d,x%d,DE,reach,up,100,2024,,,,\n", i, i)
		for year := 2010; year < 2020; year++ {
			fmt.Fprintf(&data, "x%d,DE,%d,%d\n", i, year, year-1960)
		}
	}
	out := assessOwn(t, writeFile(t, "t.csv", targets.String()), writeFile(t, "d.csv", data.String()), "--as-of-period", "2019", "--json").want(t, exitDone).out
	if n := strings.Count(out, `"status":"off_track"`); n != 2000 {
		t.Errorf("%d of 2000 are off track", n)
	}
}

func TestAssessReadsStandardInput(t *testing.T) {
	t.Parallel()
	var out, errOut bytes.Buffer
	args := []string{"assess", "--targets", writeFile(t, "t.csv", tHead+tRow), "--data", "-", "--as-of-period", "2019", "--json"}
	if code := run(t.Context(), args, strings.NewReader(dHead+dRows), &out, &errOut, someDay); code != exitDone || !strings.Contains(out.String(), `"on_track"`) {
		t.Errorf("exit %d\n%s%s", code, out.String(), errOut.String())
	}
}
