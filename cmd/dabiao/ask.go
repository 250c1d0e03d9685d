package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// isTerminal reports whether a person sits at one end of a stream. A stream that
// is no file may say so itself.
func isTerminal(stream any) bool {
	switch s := stream.(type) {
	case *os.File:
		return term.IsTerminal(int(s.Fd()))
	case interface{ IsTerminal() bool }:
		return s.IsTerminal()
	}
	return false
}

// asks reports whether questions can be put: there is somebody to answer, who sees them.
func (e *env) asks() bool {
	_, toFile := e.err.(*os.File)
	return !e.flags.JSON && isTerminal(e.in) && (!toFile || isTerminal(e.err))
}

// asker puts the questions of one command.
type asker struct {
	*env
	catalog *indicator.Catalog
	lines   chan string // what is typed; closed at its end
	over    bool        // nothing more will be typed
}

func newAsker(e *env, c *indicator.Catalog) *asker {
	a := &asker{env: e, catalog: c, lines: make(chan string)}
	go func() { // a blocked read must not keep Ctrl-C from ending the command
		defer close(a.lines)
		for in := bufio.NewReader(e.in); ; {
			line, err := in.ReadString('\n')
			if line != "" {
				select {
				case a.lines <- line:
				case <-e.ctx.Done():
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return a
}

// line is the next line, without blanks around it; at the end of what is typed
// over is set.
func (a *asker) line() (string, error) {
	select {
	case <-a.ctx.Done():
		fmt.Fprintln(a.err)
		return "", systemError{indicator.T("已中断，这个文件没有保存任何内容。", "Interrupted; nothing was kept of this file.")}
	case line, ok := <-a.lines:
		if !ok {
			a.over = true
			fmt.Fprintln(a.err)
		}
		return strings.TrimSpace(line), nil
	}
}

func (a *asker) tell(indent int, zh, en string, args ...any) {
	text := fmt.Sprintf(indicator.T(zh, en).In(a.lang), args...)
	fmt.Fprintln(a.err, wrap(text, screenWidth, indent))
}

// complete asks for what a file does not say, and reads it again with the
// answers until nothing is open or nobody answers. read must change nothing.
func (a *asker) complete(name string, o upload.Options, read func(upload.Options) (upload.Staged, error)) (upload.Options, error) {
	left := map[string]bool{} // questions that were not answered
	for shown := ""; !a.over; {
		staged, err := read(o)
		if err != nil {
			return o, err
		}
		questions := nextQuestions(staged, a.catalog, left)
		if len(questions) == 0 {
			return o, nil
		}
		if u := staged.Understood; shown != fmt.Sprint(u.Sheet, u.Layout, u.HeaderRow) { // answers may have changed it
			if a.showUnderstood(name, staged); shown == "" {
				a.tell(0, "下面请补充文件没有写明的内容：输入编号或文字，回车跳过，Ctrl-D 不再询问。",
					"Please say what the file does not: type a number or a text, Enter to leave it open, Ctrl-D to be asked no more.")
			}
			shown = fmt.Sprint(u.Sheet, u.Layout, u.HeaderRow)
		}
		for _, q := range questions {
			if o, err = a.ask(q, o, left); err != nil {
				return o, err
			}
			if a.over {
				break
			}
		}
	}
	return o, nil
}

// ask puts one question until the answer can be understood, or is left out.
func (a *asker) ask(q question, o upload.Options, left map[string]bool) (upload.Options, error) {
	fmt.Fprintln(a.err)
	for line := range strings.SplitSeq(q.text.In(a.lang), "\n") {
		a.tell(0, "%s", "%s", line)
	}
	for {
		for i, choice := range q.choices {
			a.tell(5, "%3d  %s", "%3d  %s", i+1, choice.label.In(a.lang))
		}
		bracket := indicator.T("回车跳过", "Enter: leave open")
		if !q.enter.IsZero() {
			bracket = q.enter
		}
		fmt.Fprintf(a.err, "[%s] > ", bracket.In(a.lang))
		typed, err := a.line()
		if err != nil {
			return o, err
		}
		if typed == "" {
			left[q.key] = true
			return o, nil
		}
		answer := q.answer(typed)
		after, wrong := apply(a.catalog, o, answer)
		if len(wrong) == 0 {
			return after, nil
		}
		a.tell(0, "%s", "%s", wrong[0].Message.In(a.lang))
		if near := choicesOf(a.catalog, wrong[0].Suggestions); len(near) > 0 {
			q.choices = near
		}
	}
}

// apply adds an answer, or says why it cannot be understood.
func apply(c *indicator.Catalog, o upload.Options, s indicator.Suggestion) (upload.Options, []indicator.Problem) {
	switch s.Option {
	case optionReason:
		o.Reason = s.Value
	case optionExplanation:
		o.Explanation = s.Value
	case optionPlan:
		o.Plan = s.Value
	default:
		wrong := ingest.CheckAnswers(c, ingest.Answers{}.With(s))
		if len(wrong) > 0 {
			return o, wrong
		}
		o.Answers = o.With(s)
	}
	return o, nil
}

// askFor completes the options of one file of an import.
func (c *importCmd) askFor(e *env, r *rooms, user account.User, path string, o upload.Options) (upload.Options, error) {
	if path == "-" || !e.asks() {
		return o, nil
	}
	if c.asker == nil {
		c.asker = newAsker(e, r.settings.Catalog)
	}
	return c.asker.complete(visible(filepath.Base(path)), o, func(o upload.Options) (upload.Staged, error) {
		file, err := openInput(e, path)
		if err != nil {
			return upload.Staged{}, nil // it is opened again, and told of then
		}
		defer file.Close()
		return r.uploads.DryRun(e.ctx, user, path, file, o)
	})
}

// choice is one answer to choose by its number.
type choice struct {
	indicator.Suggestion
	label indicator.Text
}

// question is one thing that a file does not say.
type question struct {
	key     string // the same for the same thing
	rank    int    // those of the lowest rank are asked first: others may depend on them
	text    indicator.Text
	choices []choice
	enter   indicator.Text // what happens where nothing is answered, zero: it stays open
	free    indicator.Suggestion
}

// answer understands what was typed: the number of a choice, or free text.
func (q question) answer(typed string) indicator.Suggestion {
	if n, err := strconv.Atoi(typed); err == nil && 1 <= n && n <= len(q.choices) {
		return q.choices[n-1].Suggestion
	}
	free := q.free
	free.Value += typed // behind the key, where there is one
	return free
}
