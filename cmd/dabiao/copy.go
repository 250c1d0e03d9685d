package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

type copyCmd struct {
	From          string `required:"" placeholder:"URL"         help:"${copy_from}"`
	To            string `required:"" placeholder:"URL"         help:"${copy_to}"`
	FromTokenFile string `placeholder:"FILE"                    help:"${from_token_file}"`
	ToTokenFile   string `placeholder:"FILE"                    help:"${to_token_file}"`
	CAFile        string `name:"ca-file" placeholder:"FILE"     help:"${ca_file}"`
}

// Run copies a ledger and proves that both are equal.
func (c *copyCmd) Run(e *env) error {
	from, err := parsePlace(c.From)
	if err != nil {
		return err
	}
	to, err := parsePlace(c.To)
	if err != nil {
		return err
	}
	if from.same(to) {
		return usageError{indicator.T("--from 和 --to 是同一个账本", "--from and --to are the same ledger")}
	}
	copied, err := c.copy(e, from, to)
	if copied.To.Hash != "" { // both were compared
		if err := c.print(e, copied); err != nil {
			return err
		}
	}
	return c.explain(e, copied, err)
}

func (c *copyCmd) copy(e *env, from, to place) (ledger.Copied, error) {
	source, err := from.open(e, key{c.FromTokenFile, c.CAFile}, false)
	if err != nil {
		return ledger.Copied{}, err
	}
	defer source.Close()
	if _, err := source.Version(e.ctx); err != nil { // no target is made for a source that cannot be read
		return ledger.Copied{}, err
	}
	target, err := to.open(e, key{c.ToTokenFile, c.CAFile}, true)
	if err != nil {
		return ledger.Copied{}, err
	}
	defer target.Close()
	progress := newBar(e)
	defer progress.end()
	return ledger.Copy(e.ctx, source, target, progress.tell)
}

func (c *copyCmd) print(e *env, copied ledger.Copied) error {
	equal := copied.From.Hash == copied.To.Hash
	if e.flags.JSON {
		return json.NewEncoder(e.out).Encode(struct {
			ledger.Copied
			Equal bool `json:"equal"`
		}{copied, equal})
	}
	e.say("来源 %s", "From %s", c.From)
	e.printDigest("  ", copied.From)
	e.say("目标 %s", "To   %s", c.To)
	e.printDigest("  ", copied.To)
	if equal {
		e.say("一致：两个账本完全相同。", "Equal: the two ledgers are the same.")
	} else {
		e.say("不一致。", "Not equal.")
	}
	return nil
}

// explain gives what ended a copy its exit code and says what to do next.
func (c *copyCmd) explain(e *env, copied ledger.Copied, err error) error {
	var refusal *ledger.CopyError
	var damage *ledger.DamageError
	switch {
	case errors.As(err, &refusal):
		if len(copied.From.Damage) > 0 {
			e.printDamage(copied.From.Damage)
		}
		if errors.Is(err, ledger.ErrInvalid) || errors.As(err, &damage) {
			return inputError{refusal.Message}
		}
		return systemError{refusal.Message}
	case errors.Is(err, context.Canceled):
		return systemError{indicator.T(
			"已中断。目标账本是来源的前一部分，还不完整。再次运行同一命令，就从这里继续。",
			"Interrupted. The target holds the first part of the source and is not complete. Run the same command again to go on from here.")}
	case errors.Is(err, ledger.ErrInvalid):
		return inputError{indicator.T("目标账本不接受："+err.Error(), "The target refuses: "+err.Error())}
	case errors.Is(err, ledger.ErrUnavailable), errors.Is(err, ledger.ErrOutcomeUnknown):
		return systemError{indicator.T(
			"账本暂时无法访问，没有数据丢失。（"+err.Error()+"）\n排除故障后再次运行同一命令，就从中断处继续。",
			"The ledger cannot be reached; nothing is lost. ("+err.Error()+")\nOnce the trouble is over, run the same command again to go on.")}
	}
	return err
}
