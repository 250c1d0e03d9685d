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
	lastSeq int64    // the highest that anything has
}

const (
	isEvent    = `(kind='commit' OR kind='undo')`
	askNewest  = `SELECT max(at) FROM upload WHERE ` + isEvent
	askEvents  = `SELECT * FROM upload WHERE ` + isEvent
	askIntents = `SELECT * FROM upload WHERE kind='intent'`
)

// state reads all events and intents. The server answers statement by statement,
// so events may come in between: the newest is asked for before and after, and
// the answer counts only if it stayed the same. A version moves with every event.
func (l *Ledger) state(ctx context.Context) (*state, error) {
	return l.calmly(ctx, askNewest, askEvents, askIntents, askNewest)
}

// calmly asks questions of which the first and the last are askNewest, until
// both have one answer.
func (l *Ledger) calmly(ctx context.Context, questions ...string) (*state, error) {
	const attempts = 100
	for range attempts {
		s, calm, err := l.askOnce(ctx, questions)
		if err != nil || calm {
			return s, l.explain(ctx, err)
		}
		if !sleep(ctx, rand.N(firstPause)) {
			return nil, l.explain(ctx, ctx.Err())
		}
	}
	return nil, fmt.Errorf("%w: others publish without pause, try again", ledger.ErrUnavailable)
}

func (l *Ledger) askOnce(ctx context.Context, questions []string) (s *state, calm bool, err error) {
	answers := make([][]map[string]any, len(questions))
	err = l.read(ctx, statements(questions...), func() { clear(answers) }, func(t *table, d *jsontext.Decoder) error {
		row, err := record(t, d)
		if err == nil {
			answers[t.statement] = append(answers[t.statement], row)
		}
		return err
	})
	if err != nil {
		return nil, false, err
	}
	last := len(answers) - 1
	before, after := newestOf(answers[0]), newestOf(answers[last])
	if before != after {
		return nil, false, nil
	}
	s, err = assemble(answers[1], slices.Concat(answers[2:last]...))
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

// assemble makes publications of commits and undos, and tells which intents are open.
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
		s.lastSeq = max(s.lastSeq, p.Seq)
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
	for _, row := range intents {
		i, err := readIntent(row)
		if err != nil {
			return nil, err
		}
		s.lastSeq = max(s.lastSeq, i.seq)
		p := committed[i.seq]
		if !i.undone && (p == nil || p.ID != i.ID) { // perhaps beside the commit of another with the same seq
			s.open = append(s.open, i)
		}
	}
	for _, p := range committed {
		s.Version = max(s.Version, p.At, p.RevertedAt)
		s.Publications = append(s.Publications, *p)
	}
	slices.SortFunc(s.Publications, func(a, b ledger.Publication) int { return cmp.Compare(a.Seq, b.Seq) })
	slices.SortFunc(s.open, func(a, b intent) int { return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.ID, b.ID)) })
	return s, nil
}

func readCommit(row map[string]any) (ledger.Publication, error) {
	p := ledger.Publication{Upload: readUpload(row)}
	p.SHA, _ = row["sha"].(string)
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
	i := intent{Upload: readUpload(row)}
	tag, _ := row["id"].(string)
	var err error
	if i.ID, err = unescapeID(tag); err != nil {
		return i, fmt.Errorf("the intent of upload %q: %w", tag, err)
	}
	i.seq, _ = row["seq"].(int64)
	at, _ := row["at"].(int64)
	i.at = ledger.Version(at)
	i.sha, _ = row["sha"].(string)
	i.undone, _ = row["undone"].(bool)
	return i, nil
}

// readUpload reads what was said about an upload, which its intent and its
// commit both carry.
func readUpload(row map[string]any) (u ledger.Upload) {
	u.Uploader, _ = row["uploader"].(string)
	u.File, _ = row["file"].(string)
	u.Source, _ = row["source"].(string)
	u.Stage, _ = row["stage"].(string)
	u.Reason, _ = row["reason"].(string)
	u.Generated, _ = row["generated"].(bool)
	return u
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
