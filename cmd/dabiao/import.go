package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// actor is in whose name a command writes.
type actor struct {
	As string `placeholder:"USER" help:"${as}"`
}

func (a actor) user() (account.User, error) {
	name := a.As
	if name == "" {
		name = osUser()
	}
	return account.Local(name)
}

type importCmd struct {
	Files       []string `arg:"" name:"file" help:"${files}"`
	Indicator   string   `placeholder:"CODE" help:"${import_indicator}"`
	Unit        string   `placeholder:"UNIT" help:"${import_unit}"`
	Region      string   `placeholder:"CODE" help:"${import_region}"`
	Year        string   `placeholder:"YEAR" help:"${import_year}"`
	Encoding    string   `placeholder:"NAME" help:"${import_encoding}"`
	Sheet       string   `placeholder:"NAME" help:"${import_sheet}"`
	Layout      string   `placeholder:"NAME" help:"${import_layout}"`
	Header      string   `placeholder:"ROWS" help:"${import_header}"`
	Column      []string `placeholder:"C=MEANING" help:"${import_column}" sep:"none"`
	Skip        []string `placeholder:"ROWS" help:"${import_skip}" sep:"none"`
	Name        []string `placeholder:"NAME=CODE" help:"${import_name}" sep:"none"`
	Mark        []string `placeholder:"SIGN=M|N|O" help:"${import_mark}" sep:"none"`
	Status      string   `placeholder:"A|P|E|B" help:"${import_status}" enum:"A,P,E,B," default:""`
	Source      string   `placeholder:"TEXT" help:"${import_source}"`
	Stage       string   `placeholder:"TEXT" help:"${import_stage}"`
	Released    string   `placeholder:"DATE" help:"${import_released}"`
	Reason      string   `placeholder:"TEXT" help:"${import_reason}"`
	Explanation string   `placeholder:"TEXT" help:"${import_explain}"`
	Plan        string   `placeholder:"NAME" help:"${import_plan}"`
	Annotated   string   `placeholder:"FILE" help:"${import_annotated}"`
	Draft       bool     `help:"${import_draft}"`
	DryRun      bool     `help:"${dry_run}"`
	actor

	asker *asker // nil: nothing was asked yet
}

// Run imports every file, each as an upload of its own; one with faults does
// not stop the others.
func (c *importCmd) Run(e *env) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	if c.Annotated != "" && len(c.Files) > 1 {
		return usageError{indicator.T("--annotated 一次只能用于一个文件。", "--annotated takes one file at a time.")}
	}
	user, err := c.user()
	if err != nil {
		return err
	}
	r, err := e.openFor(c.DryRun)
	if err != nil {
		return err
	}
	defer r.close()
	faulty, unfinished := false, false
	for _, path := range c.Files {
		var staged upload.Staged
		said, failure := c.askFor(e, r, user, path, options)
		if failure == nil {
			staged, failure = c.importFile(e, r, user, path, said)
		}
		if failure == nil || staged.Upload != nil { // kept, if not taken further
			if err := c.print(e, r, filepath.Base(path), staged); err != nil {
				return err
			}
		}
		if failure != nil {
			return fmt.Errorf("%s: %w", visible(path), failure)
		}
		faulty = faulty || upload.Refused(staged.Problems) || !c.Draft && indicator.HasErrors(staged.Problems)
		unfinished = unfinished || staged.Upload != nil && staged.Upload.State == upload.Publishing || c.DryRun && isNotCompared(staged)
	}
	switch {
	case faulty:
		return errFaults
	case unfinished:
		return errUnfinished
	}
	return nil
}

func isNotCompared(staged upload.Staged) bool {
	return slices.ContainsFunc(staged.Problems, func(p indicator.Problem) bool { return p.Code == upload.NotCompared })
}

func (c *importCmd) options() (upload.Options, error) {
	o := upload.Options{
		Answers: ingest.Answers{Encoding: c.Encoding, Indicator: c.Indicator, Unit: c.Unit, Region: c.Region, Year: c.Year, Sheet: c.Sheet, Layout: c.Layout,
			Header: c.Header, Columns: c.Column, Skip: c.Skip, Names: c.Name, Marks: c.Mark, Status: indicator.Status(c.Status)},
		Source: c.Source, Stage: c.Stage, Reason: c.Reason, Explanation: c.Explanation, Plan: c.Plan,
	}
	if c.Released != "" {
		released, err := indicator.ParseReleased(c.Released)
		if err != nil {
			return o, wrongFlag("--released", c.Released, "2024-12-31")
		}
		o.Released = released
	}
	return o, nil
}

// importFile takes one file as far as the rules allow: submitted under review,
// else published. Beside an error there is the draft, if it was kept.
func (c *importCmd) importFile(e *env, r *rooms, user account.User, path string, o upload.Options) (upload.Staged, error) {
	file, err := openInput(e, path)
	var missing inputError
	if errors.As(err, &missing) { // a fault of this file, not of the others
		return upload.Staged{Problems: []indicator.Problem{{
			Code: "unreadable_file", Severity: indicator.SeverityError, Message: missing.Text}}}, nil
	}
	if err != nil {
		return upload.Staged{}, err
	}
	defer file.Close()
	if c.Annotated != "" {
		return c.annotate(e, r, path, file, func(again io.Reader) (upload.Staged, error) {
			return c.take(e, r, user, path, again, o)
		})
	}
	return c.take(e, r, user, path, file, o)
}

// take stages one file, or only tries.
func (c *importCmd) take(e *env, r *rooms, user account.User, path string, file io.Reader, o upload.Options) (upload.Staged, error) {
	if c.DryRun {
		o.FileOnly = r.noLedger
		return r.uploads.DryRun(e.ctx, user, path, file, o)
	}
	staged, err := r.uploads.Stage(e.ctx, user, path, file, o)
	if err != nil || staged.Upload == nil || staged.Upload.State != upload.Draft || c.Draft || indicator.HasErrors(staged.Problems) {
		return staged, err
	}
	advance := r.uploads.Publish
	if r.uploads.Review {
		advance = r.uploads.Submit
	}
	moved, err := advance(e.ctx, user, staged.Upload.ID)
	if err != nil {
		return staged, err
	}
	staged.Upload = &moved
	return staged, nil
}

// openInput opens a file to import; a dash is the standard input.
func openInput(e *env, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(e.in), nil
	}
	file, err := os.Open(path)
	if err == nil {
		if info, statErr := file.Stat(); statErr == nil && info.IsDir() {
			file.Close()
			err = syscall.EISDIR
		}
	}
	if err != nil {
		return nil, cannotOpen(path, err)
	}
	return file, nil
}

// firstLine is a secret that is kept in a file; empty where the file is. The mark
// that Windows' editor puts before a text does not belong to it.
func firstLine(e *env, path string) (string, error) {
	file, err := openInput(e, path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	const longest = 1 << 20
	line, err := bufio.NewReader(io.LimitReader(file, longest)).ReadString('\n')
	if err == nil || errors.Is(err, io.EOF) && len(line) < longest {
		return strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r\n"), nil
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("its first line is longer than 1 MiB")
	}
	return "", cannotOpen(path, err)
}

// visible is a name that commands nothing of the terminal it is printed on.
func visible(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '?'
		}
		return r
	}, name)
}

func (c *importCmd) print(e *env, r *rooms, name string, staged upload.Staged) error {
	if e.flags.JSON {
		answer, err := staged.Answer(e.ctx, name, r.settings.Catalog)
		if err != nil {
			return err
		}
		return json.NewEncoder(e.out).Encode(answer)
	}
	name = visible(name)
	if understood := staged.Understood; understood.Container != "" {
		how := []string{understood.Container, visible(understood.Sheet), understood.Encoding, understood.Layout}
		how = slices.DeleteFunc(how, func(s string) bool { return s == "" })
		e.say("%[1]s：%[2]s，%[3]d 个数据。", "%[1]s: %[2]s, %[4]s.", name, strings.Join(how, indicator.T("，", ", ").In(e.lang)), len(staged.Cells), readingsEN(len(staged.Cells)))
	}
	e.printProblems(name, staged.Problems)
	if n := staged.Counts; n != nil {
		e.say("新增 %d，变动 %d，未变 %d，撤销数值 %d。", "%d new, %d changed, %d unchanged, %d withdrawn.",
			n[upload.New], n[upload.Changed], n[upload.Unchanged], n[upload.Withdrawn])
	}
	e.printFlips(r.settings.Catalog, staged)
	e.printState(staged, c.DryRun)
	return nil
}

// readingsEN counts readings in English.
func readingsEN(n int) string { return indicator.Plural(n, "reading", "readings") }

func (e *env) printState(staged upload.Staged, dryRun bool) {
	switch u := staged.Upload; {
	case dryRun && isNotCompared(staged):
		e.say("仅检查了文件本身，未保存任何内容。账本为何无法访问，见 dabiao check --connect。",
			"Only the file itself was checked, nothing was kept. Why the ledger cannot be reached: dabiao check --connect.")
	case dryRun:
		e.say("仅检查，未保存任何内容。", "Checked only, nothing was kept.")
	case u == nil:
		e.say("文件有错误，未保存任何内容。请修改后重新导入。", "The file has errors, nothing was kept. Mend it and import it again.")
	case u.State == upload.Draft && indicator.HasErrors(staged.Problems):
		e.say("已保存为草稿，尚未提交：%s\n数据无误的，加上说明再次导入同一文件：dabiao import … --explanation 说明",
			"Kept as a draft, not submitted: %s\nIf the data are right, import the same file again with an explanation: dabiao import … --explanation TEXT", u.ID)
	case u.State == upload.Draft:
		e.say("已保存为草稿：%s", "Kept as a draft: %s", u.ID)
	case u.State == upload.Publishing:
		e.sayPending(u.ID)
	case u.State == upload.Submitted:
		e.say("已提交，待审核：%s\n由另一人发布：dabiao publish %s --as 姓名", "Submitted for review: %s\nAnother person publishes it: dabiao publish %s --as NAME", u.ID, u.ID)
	default:
		e.say("%s：%s", "%s: %s", u.State.Name().In(e.lang), u.ID)
	}
}

// printProblems lists problems as file:cell: what and what to do, and the flag
// that most likely settles it.
func (e *env) printProblems(name string, problems []indicator.Problem) {
	for _, p := range problems {
		place := name
		if p.Cell != "" {
			place += ":" + p.Cell
		}
		fmt.Fprintf(e.err, "%s: %s [%s] %s\n", place, p.Severity.Name().In(e.lang), p.Code, p.Message.In(e.lang))
		if len(p.Suggestions) > 0 && p.Severity != indicator.SeverityNote {
			fmt.Fprintf(e.err, "  → %s\n", flagOf(p.Suggestions[0]))
		}
	}
}

// flagOf writes an answer as it is typed into a shell.
func flagOf(s indicator.Suggestion) string {
	if strings.ContainsFunc(s.Value, func(r rune) bool { return r < 0x80 && !strings.ContainsRune(plainInShell, r) }) {
		return "--" + s.Option + " '" + strings.ReplaceAll(s.Value, "'", `'\''`) + "'"
	}
	return "--" + s.Option + " " + s.Value
}

// plainInShell are the signs that no shell gives a meaning.
const plainInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,%+"
