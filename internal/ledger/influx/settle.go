package influx

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// event is a commit or an undo as it is read back.
type event struct {
	kind string
	seq  int64
	at   ledger.Version
}

const (
	commitKind = "commit"
	undoKind   = "undo"
)

func (e event) same(other event) bool { return e.kind == other.kind && e.seq == other.seq }

// settlement is how long an event, once sent, is followed up: by then it is
// known to be there, or the outcome is unknown.
const settlement = 30 * time.Second

// settle writes an event and reads it back; the answer is the event as it stands
// then. As long as no request can have reached the server the context ends it;
// afterwards only settlement does, with ErrOutcomeUnknown.
//
// Another event that came in between, at the same moment or a later one, would
// hide this one from readers who only ask for the newest. It then moves behind.
// Where the event was sent by two, or an earlier request of ours arrives late,
// the latest moment stands.
func (l *Ledger) settle(ctx context.Context, e event, lineAt func(ledger.Version) []byte) (event, error) {
	reached, err := l.writeUntil(ctx, lineAt(e.at))
	if !reached {
		return e, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.settlement)
	defer cancel()
	for {
		if err != nil {
			_, err = l.writeUntil(ctx, lineAt(e.at))
		}
		var seen event
		var newest ledger.Version
		if err == nil {
			seen, newest, err = l.awaitEvent(ctx, e)
		}
		switch {
		case err != nil:
			return e, fmt.Errorf("%w: %s", ledger.ErrOutcomeUnknown, err.Error()) // its kind is this one
		case seen.at > e.at, seen.at == e.at && newest < e.at:
			return seen, nil
		}
		sleep(ctx, rand.N(firstPause))
		if newest >= e.at {
			e.at = ledger.NextMoment(l.now(), newest)
		}
		_, err = l.writeUntil(ctx, lineAt(e.at))
	}
}

// awaitEvent asks until the event is there, and gives it as it stands, with the
// newest moment of all others that are not older.
func (l *Ledger) awaitEvent(ctx context.Context, wanted event) (seen event, newest ledger.Version, err error) {
	question := fmt.Sprintf(`SELECT kind, seq, at FROM upload WHERE `+isEvent+` AND (at >= %d OR seq = %d)`, wanted.at, wanted.seq)
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		seen, newest = event{}, 0
		rows, err := l.records(ctx, question)
		for _, row := range rows {
			if e := readEvent(row); e.same(wanted) {
				seen = e
			} else if e.at >= wanted.at {
				newest = max(newest, e.at)
			}
		}
		switch {
		case err != nil && lasting(err):
			return seen, newest, err
		case err == nil && seen.at != 0:
			return seen, newest, nil
		case !sleep(ctx, pause):
			return seen, newest, overdue(ctx, "the "+wanted.kind+" was sent but does not show", err)
		}
	}
}

func readEvent(row map[string]any) event {
	kind, _ := row["kind"].(string)
	seq, _ := row["seq"].(int64)
	at, _ := row["at"].(int64)
	return event{kind, seq, ledger.Version(at)}
}

// Revert implements ledger.Ledger.
func (l *Ledger) Revert(ctx context.Context, id string, by, reason string) (ledger.Publication, error) {
	none := ledger.Publication{}
	release, err := l.takeTurn(ctx)
	if err != nil {
		return none, err
	}
	defer release()
	s, err := l.state(ctx)
	if err != nil {
		return none, err
	}
	p, ok := s.publication(id)
	switch {
	case !ok:
		return none, fmt.Errorf("%w: no upload %q was published", ledger.ErrNotFound, id)
	case p.RevertedAt != 0:
		return p, nil
	}
	patient, cancel := l.patient(ctx)
	defer cancel()
	p.RevertedBy, p.RevertNote = by, reason
	seen, err := l.settle(patient, event{undoKind, p.Seq, ledger.NextMoment(l.now(), s.Version)}, func(at ledger.Version) []byte {
		p.RevertedAt = at
		return undoLine(p)
	})
	if err != nil {
		return none, l.named(id, l.whose(ctx, err))
	}
	if seen.at == p.RevertedAt {
		return p, nil
	}
	if s, err = l.state(context.WithoutCancel(ctx)); err != nil { // another reverted it at the same time
		return none, err
	}
	p, _ = s.publication(id)
	return p, nil
}

// Restore implements ledger.Ledger. The rows are sent again where the
// publication is here already.
func (l *Ledger) Restore(ctx context.Context, p ledger.Publication, readings []indicator.Reading) error {
	batch, err := ledger.NewBatch(readings)
	if err != nil {
		return err
	}
	if err := batch.Holds(p); err != nil {
		return err
	}
	if err := l.fits(ctx, batch); err != nil {
		return err
	}
	if err := fitsBelowDay(p.Seq); err != nil {
		return err
	}
	release, err := l.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer release()
	s, err := l.state(ctx)
	if err != nil {
		return err
	}
	found, err := s.Restored(p)
	if err != nil {
		return err
	}
	if s.shared(intentOf(p)) {
		return sharedSeq(p)
	}
	if found == nil {
		err = l.restoreIntent(ctx, p)
	}
	if err == nil {
		err = l.writeReadings(ctx, batch, p.Seq)
	}
	if err == nil {
		err = l.restoreEvents(ctx, p, found)
	}
	return l.whose(ctx, err)
}

func intentOf(p ledger.Publication) intent {
	return intent{Upload: p.Upload, seq: p.Seq, at: p.At, sha: p.SHA}
}

func sharedSeq(p ledger.Publication) error {
	return fmt.Errorf("%w: upload %s cannot be restored: another is being published under its seq %d", ledger.ErrInvalid, p.ID, p.Seq)
}

func (l *Ledger) restoreIntent(ctx context.Context, p ledger.Publication) error {
	ctx, cancel := l.patient(ctx)
	defer cancel()
	i := intentOf(p)
	if _, err := l.writeUntil(ctx, i.line()); err != nil {
		return err
	}
	s, err := l.awaitIntent(ctx, i)
	if err == nil && s.shared(i) { // somebody claimed it at the same time
		return l.takeBack(ctx, i, sharedSeq(p))
	}
	return err
}

// restoreEvents writes those that are missing.
func (l *Ledger) restoreEvents(ctx context.Context, p ledger.Publication, found *ledger.Publication) error {
	ctx, cancel := l.patient(ctx)
	defer cancel()
	events := []struct {
		event
		line    []byte
		missing bool
	}{
		{event{commitKind, p.Seq, p.At}, commitLine(p), found == nil},
		{event{undoKind, p.Seq, p.RevertedAt}, undoLine(p), p.RevertedAt != 0 && (found == nil || found.RevertedAt == 0)},
	}
	for _, e := range events {
		if !e.missing {
			continue
		}
		if _, err := l.writeUntil(ctx, e.line); err != nil {
			return err
		}
		if _, _, err := l.awaitEvent(ctx, e.event); err != nil {
			return err
		}
	}
	return nil
}
