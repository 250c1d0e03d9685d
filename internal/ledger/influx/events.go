package influx

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/dabiao/dabiao/internal/ledger"
)

// intent claims a seq for an upload. It is open until a commit with its seq is
// there or it is undone.
type intent struct {
	ledger.Upload
	seq    int64
	at     ledger.Version // when it was made
	sha    string
	undone bool
}

// same reports whether two intents are one point.
func (i intent) same(j intent) bool { return i.seq == j.seq && i.ID == j.ID }

// state is everything but the readings, at one version.
type state struct {
	ledger.History
	open    []intent // by seq
	lastSeq int64    // the highest that any intent has
}

const (
	isEvent    = `(kind='commit' OR kind='undo')`
	askNewest  = `SELECT max(at) FROM upload WHERE ` + isEvent
	askEvents  = `SELECT * FROM upload WHERE ` + isEvent
	askIntents = `SELECT * FROM upload WHERE kind='intent'`
)

// state reads all events. The server answers statement by statement, so events
// may come in between: the newest is asked for before and after, and the answer
// counts only if it stayed the same. A version moves with every event.
func (l *Ledger) state(ctx context.Context) (*state, error) {
	const attempts = 100
	for range attempts {
		s, calm, err := l.stateOnce(ctx)
		if err != nil || calm {
			return s, l.explain(ctx, err)
		}
		if !sleep(ctx, rand.N(firstPause)) {
			return nil, l.explain(ctx, ctx.Err())
		}
	}
	return nil, fmt.Errorf("%w: others publish without pause, try again", ledger.ErrUnavailable)
}

func (l *Ledger) stateOnce(ctx context.Context) (s *state, calm bool, err error) {
	var answers [4][]map[string]any // by statement
	question := statements(askNewest, askEvents, askIntents, askNewest)
	err = l.read(ctx, question, func() { clear(answers[:]) }, func(t *table, d *jsontext.Decoder) error {
		row, err := record(t, d)
		if err == nil {
			answers[t.statement] = append(answers[t.statement], row)
		}
		return err
	})
	if err != nil {
		return nil, false, err
	}
	before, after := newestOf(answers[0]), newestOf(answers[3])
	if before != after {
		return nil, false, nil
	}
	s, err = assemble(answers[1], answers[2])
	return s, err != nil || s.Version == after, err
}

// newestOf reads the one row of askNewest; there is none in an empty ledger.
func newestOf(rows []map[string]any) ledger.Version {
	if len(rows) == 0 {
		return 0
	}
	at, _ := rows[0]["max"].(int64)
	return ledger.Version(at)
}

// record reads a row into a map by column: texts, whole numbers and truths;
// what is null is left out.
func record(t *table, d *jsontext.Decoder) (map[string]any, error) {
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	row := make(map[string]any, len(t.columns))
	for _, column := range t.columns {
		token, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		switch token.Kind() {
		case '"':
			row[column] = token.String()
		case '0':
			row[column] = token.Int()
		case 't', 'f':
			row[column] = token.Bool()
		}
	}
	_, err := d.ReadToken()
	return row, err
}

// assemble makes publications of commits, the intents that they commit, and undos.
func assemble(events, intents []map[string]any) (*state, error) {
	s := &state{}
	committed := map[int64]*ledger.Publication{}
	for _, row := range events {
		if row["kind"] != commitKind {
			continue
		}
		p, err := readCommit(row)
		if err != nil {
			return nil, err
		}
		committed[p.Seq] = &p
	}
	described := map[int64]bool{}
	for _, row := range intents {
		i, err := readIntent(row)
		if err != nil {
			return nil, err
		}
		s.lastSeq = max(s.lastSeq, i.seq)
		switch p := committed[i.seq]; {
		case p != nil && p.ID == i.ID:
			described[i.seq] = true
			released := p.Released
			p.Upload, p.SHA = i.Upload, i.sha
			p.Released = released
		case !i.undone: // perhaps beside the commit of another with the same seq
			s.open = append(s.open, i)
		}
	}
	for _, row := range events {
		e := readEvent(row)
		if e.kind != undoKind {
			continue
		}
		p := committed[e.seq]
		if p == nil {
			return nil, fmt.Errorf("an upload (seq %d) has an undo but no commit: points were lost", e.seq)
		}
		p.RevertedAt = e.at
		p.RevertedBy, _ = row["by"].(string)
		p.RevertNote, _ = row["reason"].(string)
	}
	for seq, p := range committed {
		if !described[seq] {
			return nil, fmt.Errorf("upload %q has a commit (seq %d) but no intent: points were lost", p.ID, seq)
		}
		s.Version = max(s.Version, p.At, p.RevertedAt)
		s.Publications = append(s.Publications, *p)
	}
	slices.SortFunc(s.Publications, func(a, b ledger.Publication) int { return cmp.Compare(a.Seq, b.Seq) })
	slices.SortFunc(s.open, func(a, b intent) int { return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.ID, b.ID)) })
	return s, nil
}

func readCommit(row map[string]any) (ledger.Publication, error) {
	var p ledger.Publication
	p.Seq, _ = row["seq"].(int64)
	p.ID, _ = row["upload"].(string)
	at, _ := row["at"].(int64)
	p.At = ledger.Version(at)
	released, _ := row["released"].(int64)
	p.Released = time.UnixMilli(released).UTC()
	rows, _ := row["rows"].(int64)
	p.Rows = int(rows)
	var parts string
	for i := 0; ; i++ {
		piece, ok := row[partsField(i)].(string)
		if !ok {
			break
		}
		parts += piece
	}
	var err error
	if p.Parts, err = parseParts(parts); err != nil {
		return p, fmt.Errorf("the commit of upload %q: %w", p.ID, err)
	}
	return p, nil
}

func readIntent(row map[string]any) (intent, error) {
	var i intent
	tag, _ := row["id"].(string)
	var err error
	if i.ID, err = unescapeID(tag); err != nil {
		return i, fmt.Errorf("the intent of upload %q: %w", tag, err)
	}
	i.seq, _ = row["seq"].(int64)
	at, _ := row["at"].(int64)
	i.at = ledger.Version(at)
	i.sha, _ = row["sha"].(string)
	i.Uploader, _ = row["uploader"].(string)
	i.File, _ = row["file"].(string)
	i.Source, _ = row["source"].(string)
	i.Stage, _ = row["stage"].(string)
	i.Reason, _ = row["reason"].(string)
	i.Generated, _ = row["generated"].(bool)
	i.undone, _ = row["undone"].(bool)
	return i, nil
}

// publication finds one by its id.
func (s *state) publication(id string) (ledger.Publication, bool) {
	i := slices.IndexFunc(s.Publications, func(p ledger.Publication) bool { return p.ID == id })
	if i < 0 {
		return ledger.Publication{}, false
	}
	return s.Publications[i], true
}

// find is the open intent of that id and content, if there is one.
func (s *state) find(id, sha string) (intent, bool) {
	i := slices.IndexFunc(s.open, func(i intent) bool { return i.ID == id && i.sha == sha })
	if i < 0 {
		return intent{}, false
	}
	return s.open[i], true
}
