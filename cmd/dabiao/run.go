package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The exit codes, for scripts.
const (
	exitDone   = 0
	exitFaults = 1 // the input has faults
	exitUsage  = 2 // the command was called wrongly
	exitSystem = 3 // the system could not do it, or not yet; nothing is lost
)

// errFaults ends a command whose input has faults, after they were printed.
var errFaults = errors.New("the input has faults")

// errUnfinished ends a command that waits for the ledger, after it was said:
// an upload is not confirmed yet, or a dry run could not compare.
var errUnfinished = errors.New("the ledger has not answered yet")

// usageError is a wrong call that the flag parser cannot see.
type usageError struct{ indicator.Text }

func (u usageError) Error() string { return u.EN }

// inputError is one fault of the input that was not printed yet.
type inputError struct{ indicator.Text }

func (i inputError) Error() string { return i.EN }

// systemError is what the system could not do, in both languages.
type systemError struct{ indicator.Text }

func (s systemError) Error() string { return s.EN }

// env is what a command runs in.
type env struct {
	ctx      context.Context
	in       io.Reader
	out, err io.Writer
	lang     indicator.Lang
	flags    *cli
	now      func() time.Time
}

// say prints a line of text in the language asked for.
func (e *env) say(zh, en string, args ...any) {
	fmt.Fprintf(e.out, indicator.T(zh, en).In(e.lang)+"\n", args...)
}

// run is the whole program: it parses args, runs one command and gives its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer, now func() time.Time) int {
	var flags cli
	e := &env{ctx: ctx, in: in, out: out, err: errOut, flags: &flags, now: now, lang: languageOf(args)}
	exited := -1
	parser, err := kong.New(&flags,
		kong.Name("dabiao"),
		kong.Description(texts["description"].In(e.lang)),
		kong.Writers(out, errOut),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		helpVars(e.lang),
	)
	if err != nil {
		fmt.Fprintln(errOut, err)
		return exitSystem
	}
	for _, command := range parser.Model.Children {
		command.Detail = texts[command.Name+"_details"].In(e.lang)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	selected, err := parser.Parse(args)
	if exited >= 0 { // --help was asked for and printed
		return exited
	}
	if err != nil {
		return e.wrongUse(errors.New(misuse(err).In(e.lang)))
	}
	return e.exitCode(selected.Run(e))
}

func (e *env) wrongUse(err error) int {
	fmt.Fprintf(e.err, "dabiao: %v\n%s\n", err,
		indicator.T("用法见 dabiao --help，或 dabiao 命令 --help。", "See dabiao --help, or dabiao COMMAND --help.").In(e.lang))
	return exitUsage
}

func (e *env) exitCode(err error) int {
	var usage usageError
	var input inputError
	var system systemError
	var problem indicator.Problem
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFaults):
		return exitFaults
	case errors.Is(err, errUnfinished), errors.Is(err, errConnection):
		return exitSystem
	case errors.As(err, &usage):
		return e.wrongUse(errors.New(usage.In(e.lang)))
	case errors.As(err, &input):
		fmt.Fprintln(e.err, "dabiao: "+input.In(e.lang))
		return exitFaults
	case errors.As(err, &system):
		fmt.Fprintln(e.err, "dabiao: "+system.In(e.lang))
		return exitSystem
	case errors.As(err, &problem):
		e.printProblems("", []indicator.Problem{problem})
		return exitFaults
	default:
		return e.refused(err)
	}
}

// languageOf finds the language before the flags are parsed, so that the help
// speaks it too: --lang, else the machine's locale, else Chinese.
func languageOf(args []string) indicator.Lang {
	for i, a := range args {
		if a == "--lang=en" || a == "--lang" && i+1 < len(args) && args[i+1] == "en" {
			return indicator.EN
		}
		if strings.HasPrefix(a, "--lang") {
			return indicator.ZH
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "en") {
				return indicator.EN
			}
			return indicator.ZH
		}
	}
	return indicator.ZH
}
