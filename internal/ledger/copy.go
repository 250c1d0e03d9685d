package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Copied is how the two ledgers stood when a copy ended.
type Copied struct {
	From Digest `json:"from"`
	To   Digest `json:"to"`
}

// Copy brings everything of one ledger into another by Restore: the target
// lives through the same events, in the order in which they happened, so that
// at any time it is the source as that once stood. It may be interrupted: the
// next Copy goes on where it ended. Rows that the target has lost are given
// back. At the end both hashes are equal, or the error says why they are not.
//
// A target with an upload that the source does not have just so is refused
// (ErrInvalid) before anything is written. A source that does not add up is
// refused with a DamageError, and nothing of the damaged upload is written.
// What is published in the source meanwhile is copied too; what comes while the
// hashes are made is an ErrMoved, and the target is the source of before.
func Copy(ctx context.Context, from, to Ledger, progress Progress) (Copied, error) {
	return copier{from, to, progress, 1_000_000}.run(ctx)
}

// ErrMoved ends a copy whose source went on while the hashes were made.
var ErrMoved = errors.New("the source moved on")

// CopyError says why a copy was refused or is not finished.
type CopyError struct {
	Message indicator.Text
	Err     error // ErrInvalid, a *DamageError or ErrMoved; nil where the target does not keep what it is given
}

func (e *CopyError) Error() string { return e.Message.EN }

func (e *CopyError) Unwrap() error { return e.Err }

type copier struct {
	from, to Ledger
	progress Progress
	window   int // how many rows are in memory at a time, unless one upload has more
}

func (c copier) run(ctx context.Context) (Copied, error) {
	for first := true; ; first = false {
		source, err := c.from.History(ctx)
		if err != nil {
			return Copied{}, err
		}
		target, err := c.to.History(ctx)
		if err != nil {
			return Copied{}, err
		}
		if err := source.foreign(target, first); err != nil {
			return Copied{}, err
		}
		if err := c.bring(ctx, source.events(), target); err != nil {
			return Copied{}, err
		}
		if v, err := c.from.Version(ctx); err != nil {
			return Copied{}, err
		} else if v == source.Version {
			return c.verify(ctx, source)
		}
	}
}

// foreign refuses a target with an upload that the source does not have as it
// is there; reverts of the source may be missing.
func (h History) foreign(target History, untouched bool) error {
	byID := make(map[string]Publication, len(h.Publications))
	for _, p := range h.Publications {
		byID[p.ID] = p
	}
	for _, q := range target.Publications {
		p, known := byID[q.ID]
		if known && q.same(p) {
			continue
		}
		text := indicator.T(
			"目标账本里有来源账本没有的报送批次 "+q.ID+"。两个账本各有各的历史，不能合并。请换一个空的目标。",
			"The target holds upload "+q.ID+", which the source does not have: two ledgers with lives of their own cannot be joined. Choose an empty target.")
		if known {
			text = indicator.T(
				"报送批次 "+q.ID+" 在目标账本里与在来源账本里不同。两个账本各有各的历史，不能合并。请换一个空的目标。",
				"Upload "+q.ID+" is not the same in the target as in the source: two ledgers with lives of their own cannot be joined. Choose an empty target.")
		}
		if untouched {
			text.ZH, text.EN = text.ZH+"未写入任何内容。", text.EN+" Nothing was written."
		}
		return &CopyError{text, ErrInvalid}
	}
	return nil
}

// event is a publication as it stood right after something happened to it.
type event struct {
	at Version
	Publication
}

// events lists what happened, in order.
func (h History) events() []event {
	var list []event
	for _, p := range h.Publications {
		if p.RevertedAt != 0 {
			list = append(list, event{p.RevertedAt, p})
			p.RevertedAt, p.RevertedBy, p.RevertNote = 0, "", ""
		}
		list = append(list, event{p.At, p})
	}
	slices.SortFunc(list, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return list
}

// bring makes the events happen in the target that are missing there.
func (c copier) bring(ctx context.Context, events []event, target History) error {
	there := map[Version]bool{}
	for _, e := range target.events() {
		there[e.at] = true
	}
	total, done := 0, 0
	var missing []event
	for _, e := range events {
		if total += e.Rows; there[e.at] {
			done += e.Rows
		} else {
			missing = append(missing, e)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return c.restore(ctx, missing, every(c.progress, Copying, done, total))
}

// restore makes events happen in the target, a window of them at a time.
func (c copier) restore(ctx context.Context, events []event, report func(rows int)) error {
	for len(events) > 0 {
		n, rows := 0, 0
		for n < len(events) && (n == 0 || rows+events[n].Rows <= c.window) {
			rows += events[n].Rows
			n++
		}
		if err := c.restoreWindow(ctx, events[:n], report); err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}

func (c copier) restoreWindow(ctx context.Context, events []event, report func(rows int)) error {
	readings, err := c.gather(ctx, events)
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := c.to.Restore(ctx, e.Publication, readings[e.Seq]); err != nil {
			return fmt.Errorf("restoring upload %s: %w", e.ID, err)
		}
		report(e.Rows)
	}
	return nil
}

// gather reads the rows of some publications by seq: each column that they
// touch once.
func (c copier) gather(ctx context.Context, events []event) (map[int64][]indicator.Reading, error) {
	var list []Publication
	wanted := map[int64]bool{}
	for _, e := range events {
		list = append(list, e.Publication)
		wanted[e.Seq] = true
	}
	readings := map[int64][]indicator.Reading{}
	for _, column := range columns(list) {
		for v, err := range c.from.Vintages(ctx, Query{Indicator: column.Indicator, Freq: column.Freq}) {
			if err != nil {
				return nil, fmt.Errorf("reading %s (%s): %w", column.Indicator, column.Freq, err)
			}
			if wanted[v.Seq] {
				readings[v.Seq] = append(readings[v.Seq], v.Reading)
			}
		}
	}
	for _, e := range events {
		if err := wholeSource(e.Publication, Parts(readings[e.Seq])); err != nil {
			return nil, err
		}
	}
	return readings, nil
}

// wholeSource refuses an upload of which not all came, or too much.
func wholeSource(p Publication, came []Part) error {
	for _, part := range slices.Concat(p.Parts, came) {
		i := slices.IndexFunc(came, func(c Part) bool { return comparePlace(c, part) == 0 })
		found := Part{Indicator: part.Indicator, Freq: part.Freq}
		if i >= 0 {
			found = came[i]
		}
		if damage := p.AddsUp(found); damage != nil {
			return damagedSource(damage)
		}
	}
	return nil
}

func damagedSource(damage *DamageError) error {
	what := damage.What()
	return &CopyError{indicator.T(
		"来源账本数据不符，不能复制："+what.ZH+"。请先在来源账本上运行 dabiao check --repair；dabiao hash 列出全部损坏之处。",
		"The source does not add up and cannot be copied: "+what.EN+". Run dabiao check --repair on the source first; dabiao hash lists all that is damaged."), damage}
}

// verify makes both hashes, gives back what the target has lost, and compares.
func (c copier) verify(ctx context.Context, source History) (Copied, error) {
	var both Copied
	var err error
	if both.From, err = source.digest(ctx, c.from, ReadingSource, c.progress); err != nil {
		return both, err
	}
	if len(both.From.Damage) > 0 {
		return both, damagedSource(&both.From.Damage[0])
	}
	if both.To, err = c.target(ctx); err != nil {
		return both, err
	}
	if len(both.To.Damage) > 0 {
		if err := c.giveBack(ctx, source, both.To.Damage); err != nil {
			return both, err
		}
		if both.To, err = c.target(ctx); err != nil {
			return both, err
		}
	}
	return both, c.compare(ctx, source, both)
}

func (c copier) target(ctx context.Context) (Digest, error) {
	h, err := c.to.History(ctx)
	if err != nil {
		return Digest{}, err
	}
	return h.digest(ctx, c.to, ReadingTarget, c.progress)
}

// giveBack restores every upload of the target that does not add up.
func (c copier) giveBack(ctx context.Context, source History, damage []DamageError) error {
	damaged := map[string]bool{}
	for _, d := range damage {
		damaged[d.Upload] = true
	}
	var again []event
	total := 0
	for _, p := range source.Publications {
		if damaged[p.ID] {
			again = append(again, event{p.At, p})
			total += p.Rows
		}
	}
	return c.restore(ctx, again, every(c.progress, Copying, 0, total))
}

func (c copier) compare(ctx context.Context, source History, both Copied) error {
	target, err := c.to.History(ctx)
	if err != nil {
		return err
	}
	if err := source.foreign(target, false); err != nil { // somebody publishes there
		return err
	}
	if both.From.Hash != both.To.Hash {
		what := indicator.T("两个哈希不同", "the two hashes differ")
		if len(both.To.Damage) > 0 {
			what = both.To.Damage[0].What()
		}
		return &CopyError{Message: indicator.T(
			"目标账本没有保留全部写入的内容："+what.ZH+"。请检查目标的存储，再运行一次。",
			"The target does not keep all that it was given: "+what.EN+". Look at its store and run the copy again.")}
	}
	v, err := c.from.Version(ctx)
	if err != nil || v == source.Version {
		return err
	}
	return &CopyError{indicator.T(
		fmt.Sprintf("核对期间来源账本又有新的发布或撤回。目标等于来源的版本 %d。请停止写入来源，再运行一次补上其余部分。", source.Version),
		fmt.Sprintf("The source moved on while the hashes were made. The target equals its version %d. Stop writing to the source and run the copy again for the rest.", source.Version)), ErrMoved}
}
