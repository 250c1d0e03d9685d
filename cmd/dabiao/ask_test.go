package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
)

// keyboard is a person at a terminal who types these lines, then Ctrl-D.
type keyboard struct{ io.Reader }

func (keyboard) IsTerminal() bool { return true }

func typing(lines ...string) io.Reader {
	return keyboard{strings.NewReader(strings.Join(lines, "\n") + "\n")}
}

// dabiaoAt runs a command with somebody at the terminal.
func dabiaoAt(t *testing.T, in io.Reader, dir string, args ...string) outcome {
	t.Helper()
	var out, errOut bytes.Buffer
	code := run(t.Context(), append([]string{"--data-dir", dir, "--lang", "en"}, args...), in, &out, &errOut, someDay)
	return outcome{code, out.String(), errOut.String()}
}

const investment = "2023年科研投入情况\n地区,2023年,2022年\n福建,1171.7,1082.1\n"

func TestQuestionsOnATerminal(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), writeFile(t, "投入.csv", investment)
	got := dabiaoAt(t, typing("rd_spent", "rd_spend", "1"), dir, "import", file, "--as", "wang").want(t, exitDone,
		"title A1  2023年科研投入情况", "column B  2023年 = value 2023", // what was understood, before any question
		"The file does not say its indicator.", "R&D expenditure (rd_spend)",
		"no indicator “rd_spent”",                                       // a wrong answer is asked again
		"In which unit are the values?", "1  亿元", "[Enter: leave open]", // the indicator's own unit first
		"2 readings", "Submitted for review")
	if strings.Count(got.err, "does not say its indicator") != 1 || strings.Contains(got.out, "does not say") {
		t.Errorf("asked twice, or on the standard output:\n%s%s", got.out, got.err)
	}
	next := writeFile(t, "投入.csv", strings.NewReplacer("2023年,2022年", "2024年,2023年", "2023年科研", "2024年科研").Replace(investment))
	got = dabiaoAt(t, typing("never read"), dir, "import", next, "--as", "wang", "--dry-run").want(t, exitDone, "plan_used", "compared_with_last")
	if strings.Contains(got.err, "[Enter") {
		t.Errorf("a plan answers, and still it is asked:\n%s", got.err)
	}
}

func TestQuestionsLeftOpen(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "投入.csv", investment)
	for name, in := range map[string]io.Reader{
		"Enter":   typing("", "", ""),
		"Ctrl-D":  keyboard{strings.NewReader("")},
		"script":  strings.NewReader("rd_spend\n1\n"), // nobody is there
		"no line": keyboard{strings.NewReader("rd_spend")},
	} {
		got := dabiaoAt(t, in, t.TempDir(), "import", file).want(t, exitFaults, "missing_unit", "nothing was kept")
		if asked := strings.Contains(got.err, "[Enter"); asked != (name != "script") {
			t.Errorf("%s: asked: %v", name, asked)
		}
	}
	got := dabiaoAt(t, typing("rd_spend", "1"), t.TempDir(), "--json", "import", file).want(t, exitFaults)
	if strings.Contains(got.err, "[Enter") {
		t.Errorf("a program is asked:\n%s", got.err)
	}
}

func TestQuestionsOfSheetsSignsNamesAndReasons(t *testing.T) {
	t.Parallel()
	const cases = "../../internal/ingest/testdata/cases/"
	dir := t.TempDir()
	dabiaoAt(t, typing("2", "gdp"), dir, "import", cases+"xlsx_several_sheets/input.xlsx", "--dry-run", "--unit", "亿元").want(t, exitDone,
		"Which one is to be read?", "1  2022年", "header in row 1", "2023年, long")
	timeless := writeFile(t, "投入.csv", "科研投入情况\n地区,数值\n福建,1\n")
	dabiaoAt(t, typing("someday", "2023"), dir, "import", timeless, "--dry-run", "--indicator", "rd_spend", "--unit", "亿元").want(t, exitDone,
		"Which period is it about", "“someday” is not a period", "1 reading.")
	dabiaoAt(t, typing("N", "2"), dir, "import", cases+"marks_all/input.csv", "--dry-run").want(t, exitDone,
		"What does “—” in the table (such as in B3) stand for?", "[Enter: missing]", "not collected (O)")
	misspelt := writeFile(t, "a.csv", strings.Replace(fujian, "350000", "福健", 1))
	dabiaoAt(t, typing("1"), dir, "import", misspelt, "--dry-run").want(t, exitDone, "福健", "Fujian Province (350000)", "2 readings")

	review := writeFile(t, "dabiao.yaml", "review: false\n")
	config := strings.TrimSuffix(review, "/dabiao.yaml")
	dabiao(t, dir, "--config", config, "import", writeFile(t, "a.csv", fujian)).want(t, exitDone, "published")
	revised := writeFile(t, "b.csv", strings.Replace(fujian, "1171.7", "1180", 1))
	dabiaoAt(t, typing("核实后修订"), dir, "--config", config, "import", revised).want(t, exitDone, "1171.7 → 1180", "published")
	var steady strings.Builder
	steady.WriteString("indicator,region,period,value,unit\n")
	for year := 2012; year <= 2024; year++ {
		fmt.Fprintf(&steady, "rd_spend,330000,%d,%d,亿元\n", year, 100+10*(year-2012))
	}
	dabiao(t, dir, "--config", config, "import", writeFile(t, "c.csv", steady.String())).want(t, exitDone, "published")
	doubtful := writeFile(t, "d.csv", "indicator,region,period,value,unit\nrd_spend,330000,2025,2300,亿元\n")
	dabiaoAt(t, typing("口径调整"), dir, "--config", config, "import", doubtful).want(t, exitDone,
		"If it is right, explain it", "needs an explanation", "published") // what is to be explained stands above the question
}

// prompted is a screen that calls back when a question waits for its answer.
type prompted struct {
	bytes.Buffer
	then func()
}

func (p *prompted) Write(text []byte) (int, error) {
	if bytes.HasSuffix(text, []byte("] > ")) {
		p.then()
	}
	return p.Buffer.Write(text)
}

// TestQuestionsEndWithTheCommand: Ctrl-C is not kept waiting for a line.
func TestQuestionsEndWithTheCommand(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	silent, never := io.Pipe()
	defer never.Close()
	var out bytes.Buffer
	screen := &prompted{then: cancel}
	args := []string{"--lang", "en", "--data-dir", t.TempDir(), "import", writeFile(t, "投入.csv", investment)}
	outcome{run(ctx, args, keyboard{silent}, &out, screen, someDay), out.String(), screen.String()}.want(t, exitSystem, "Interrupted; nothing was kept of this file.")
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, want   string
		most, indent int
	}{
		{"one two three", "one two\nthree", 8, 0},
		{"地区名称代码", "地区名\n称代码", 6, 0},
		{"地区，名称", "地\n区，\n名称", 5, 0},
		{"  1  a long label", "  1  a long\n     label", 11, 5},
		{"unbroken", "unbroken", 4, 0},
	} {
		if got := wrap(c.text, c.most, c.indent); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

func TestPlansCommand(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), writeFile(t, "投入.csv", investment)
	dabiao(t, dir, "plans").want(t, exitDone, "no import plans yet")
	dabiao(t, dir, "import", file, "--indicator", "rd_spend", "--unit", "亿元", "--as", "wang").want(t, exitDone)
	dabiao(t, dir, "plans").want(t, exitDone, "科研投入情况", "uses: 1, last on", "Indicator: R&D expenditure", "Unit: 亿元")
	dabiao(t, dir, "--json", "plans").want(t, exitDone, `"name":"科研投入情况"`, `"answers":{"indicator":"rd_spend","unit":"亿元"}`)
	dabiao(t, dir, "plans", "rename", "科研投入情兄", "投入").want(t, exitFaults, "The nearest is “科研投入情况”")
	dabiao(t, dir, "plans", "rename", "科研投入情况", "投入").want(t, exitDone, "is now “投入”")
	dabiao(t, dir, "import", file, "--plan", "投", "--dry-run").want(t, exitFaults, "unknown_plan")
	dabiao(t, dir, "import", file, "--plan", "none", "--dry-run").want(t, exitFaults, "missing_indicator")
	dabiao(t, dir, "plans", "delete", "投入").want(t, exitDone, "Deleted")
	dabiao(t, dir, "import", file, "--dry-run").want(t, exitFaults, "missing_indicator")
}
