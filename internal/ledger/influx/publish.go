package influx

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Publish implements ledger.Ledger.
//
// It writes an intent, the rows, a commit, and reads the commit back. Until the
// intent is written, an error leaves nothing behind. From then on the intent is
// undone before an error is reported, and where that cannot be confirmed the
// error is ErrOutcomeUnknown: publishing again under the same id goes on with
// the same seq, and rows that arrive twice are there once.
func (l *Ledger) Publish(ctx context.Context, upload ledger.Upload, readings []indicator.Reading) (ledger.Publication, error) {
	none := ledger.Publication{}
	batch, err := ledger.NewBatch(readings)
	if err != nil {
		return none, err
	}
	if err := l.fits(ctx, batch); err != nil {
		return none, err
	}
	release, err := l.takeTurn(ctx)
	if err != nil {
		return none, err
	}
	defer release()
	s, err := l.state(ctx)
	if err != nil {
		return none, err
	}
	if _, err := batch.Publication(upload, ledger.NextMoment(l.now(), s.Version), 0); err != nil {
		return none, err
	}
	if earlier, err := l.earlier(ctx, s, batch, upload); err != nil {
		return none, err
	} else if earlier != nil {
		return *earlier, nil
	}
	i, earlier, err := l.claim(ctx, s, batch, upload)
	switch {
	case i == nil:
		return none, l.whose(ctx, err)
	case err == nil && earlier != nil:
		_ = l.takeBack(ctx, *i, nil) // one left behind would only make others wait a little
		return *earlier, nil
	}
	var p ledger.Publication
	if err == nil {
		err = l.writeReadings(ctx, batch, i.seq)
	}
	if err == nil {
		p, err = l.commit(ctx, *i, batch, upload)
	}
	if err == nil || errors.Is(err, ledger.ErrOutcomeUnknown) {
		return p, err
	}
	return none, l.takeBack(ctx, *i, l.whose(ctx, err))
}

// patient ends after the time for which what the server refuses is tried again.
// Every request of rows has that time for itself: a large upload may take long.
func (l *Ledger) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, l.options.Patience)
}

// whose makes the end of our own patience an ErrUnavailable; that of the
// caller's context stays what it is.
func (l *Ledger) whose(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return fmt.Errorf("%w: InfluxDB at %s: it did not take the readings within %s: %s", // not the caller's deadline
			ledger.ErrUnavailable, l.client.ServerURL(), l.options.Patience, err.Error())
	}
	return l.explain(ctx, err)
}

// takeTurn waits until no other writer of this process is at work.
func (l *Ledger) takeTurn(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case l.turn <- struct{}{}:
		return func() { <-l.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// earlier finds the publication that this content is answered with, nil where
// there is none, and refuses an id that was used for something else.
func (l *Ledger) earlier(ctx context.Context, s *state, batch ledger.Batch, upload ledger.Upload) (*ledger.Publication, error) {
	earlier, rivals, ok := s.Earlier(batch.SHA, upload.Released)
	if ok {
		unchanged, err := l.unchanged(ctx, batch, earlier, rivals)
		if err != nil {
			return nil, err
		}
		if unchanged {
			return &earlier, nil
		}
	}
	if _, used := s.publication(upload.ID); used {
		return nil, ledger.ErrUsed(upload.ID)
	}
	return nil, nil
}

func (l *Ledger) unchanged(ctx context.Context, batch ledger.Batch, earlier ledger.Publication, rivals []ledger.Publication) (bool, error) {
	rank := ledger.Rank(append(slices.Clone(rivals), earlier))
	for _, part := range batch.Parts {
		if !slices.ContainsFunc(rivals, func(p ledger.Publication) bool { return p.Has(part.Indicator, part.Freq) }) {
			continue
		}
		unchanged, err := batch.Unchanged(part, rank, l.Vintages(ctx, ledger.Query{Indicator: part.Indicator, Freq: part.Freq}))
		if err != nil || !unchanged {
			return false, err
		}
	}
	return true, nil
}

// claim writes the intent of an upload under a seq that nobody else has, or
// finds the one that an interrupted publish of this upload left behind. Writers
// that see each other's intents make room: both may move, nobody stays after
// seeing another. One that has the same content waits for those before it, and
// is answered with what they published.
//
// An intent in the answer may be there, also beside an error.
func (l *Ledger) claim(ctx context.Context, s *state, batch ledger.Batch, upload ledger.Upload) (*intent, *ledger.Publication, error) {
	ctx, cancel := l.patient(ctx)
	defer cancel()
	if left, ok := s.find(upload.ID, batch.SHA); ok {
		if !s.shared(left) {
			return &left, nil, nil
		}
		left.undone = true // it may have come after the other had looked; no row of it was written
		if _, err := l.writeUntil(ctx, left.line()); err != nil {
			return &left, nil, err
		}
	}
	distance := time.Duration(0)
	for {
		i := l.nextIntent(s, batch, upload, distance)
		if err := fitsBelowDay(i.seq); err != nil {
			return nil, nil, err
		}
		reached, err := l.writeUntil(ctx, i.line())
		if !reached {
			return nil, nil, err
		}
		if err == nil {
			s, err = l.awaitIntent(ctx, i)
		}
		if err != nil {
			return &i, nil, err
		}
		if !s.crowded(i) {
			earlier, err := l.awaitRivals(ctx, s, i, batch, upload)
			return &i, earlier, err
		}
		i.undone = true
		if _, err := l.writeUntil(ctx, i.line()); err != nil {
			return &i, nil, err
		}
		distance = rand.N(time.Second)
	}
}

func (l *Ledger) nextIntent(s *state, batch ledger.Batch, upload ledger.Upload, distance time.Duration) intent {
	at := ledger.NextMoment(l.now(), s.Version)
	seq := ledger.Seq(at, l.options.Instance)
	if behind := s.lastSeq - seq; behind >= 0 {
		seq += (behind/seqStep + 1) * seqStep
	}
	seq += distance.Milliseconds() * seqStep
	return intent{Upload: upload, seq: seq, at: at, sha: batch.SHA}
}

// seqStep is a millisecond of seq.
const seqStep = 64

// rival reports whether two open intents must not both go on unawares: they
// claim one seq, or would publish the same twice. One that is a minute older was
// left behind by a crash; whoever owns it finishes it.
func (i intent) rival(other intent) bool {
	const left = 60_000
	if i.same(other) {
		return false
	}
	return i.seq == other.seq || (i.sha == other.sha || i.ID == other.ID) && i.at-other.at < left
}

// crowded reports whether another upload stands where this intent does, or an
// intent behind it: its writer may not have seen this one.
func (s *state) crowded(i intent) bool {
	return s.shared(i) ||
		slices.ContainsFunc(s.open, func(other intent) bool { return i.rival(other) && other.seq >= i.seq })
}

// shared reports whether another upload has the seq of this intent.
func (s *state) shared(i intent) bool {
	return slices.ContainsFunc(s.Publications, func(p ledger.Publication) bool { return p.Seq == i.seq && p.ID != i.ID }) ||
		slices.ContainsFunc(s.open, func(other intent) bool { return other.seq == i.seq && other.ID != i.ID })
}

// awaitIntent reads the state until the intent is in it.
func (l *Ledger) awaitIntent(ctx context.Context, i intent) (*state, error) {
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		s, err := l.state(ctx)
		if err != nil && lasting(err) {
			return nil, err
		}
		if err == nil && slices.ContainsFunc(s.open, i.same) {
			return s, nil
		}
		if !sleep(ctx, pause) {
			return nil, overdue(ctx, "the intent of upload "+i.ID+" does not show", err)
		}
	}
}

// awaitRivals waits until those who publish the same content and came first are
// done, and finds what they published.
func (l *Ledger) awaitRivals(ctx context.Context, s *state, i intent, batch ledger.Batch, upload ledger.Upload) (*ledger.Publication, error) {
	const patience = 30 * time.Second
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	first := func(other intent) bool { return i.rival(other) && other.seq < i.seq }
	for slices.ContainsFunc(s.open, first) && sleep(waiting, firstPause) {
		next, err := l.state(ctx)
		if err != nil {
			return nil, err
		}
		s = next
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return l.earlier(ctx, s, batch, upload)
}

const (
	chunkRows    = 10_000 // lines of one request
	writersAtOne = 2
)

// writeReadings writes the rows of a batch, several requests at a time.
func (l *Ledger) writeReadings(ctx context.Context, batch ledger.Batch, seq int64) error {
	group, together := errgroup.WithContext(ctx)
	group.SetLimit(writersAtOne)
	for chunk := range slices.Chunk(batch.Readings, l.chunk) {
		if together.Err() != nil {
			break
		}
		group.Go(func() error {
			const roughly = 80 // bytes of a line
			ctx, cancel := l.patient(together)
			defer cancel()
			_, err := l.writeUntil(ctx, appendReadings(make([]byte, 0, roughly*len(chunk)), chunk, seq))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return l.awaitReadings(ctx, batch, seq)
}

// commit makes the rows visible.
func (l *Ledger) commit(ctx context.Context, i intent, batch ledger.Batch, upload ledger.Upload) (ledger.Publication, error) {
	ctx, cancel := l.patient(ctx)
	defer cancel()
	newest, err := l.Version(ctx)
	if err != nil {
		return ledger.Publication{}, err
	}
	p, err := batch.Publication(upload, ledger.NextMoment(l.now(), newest), i.seq)
	if err != nil {
		return ledger.Publication{}, err
	}
	moved := func(at ledger.Version) ledger.Publication {
		p, _ := batch.Publication(upload, at, i.seq) // later than the one that was checked
		return p
	}
	seen, err := l.settle(ctx, event{commitKind, i.seq, p.At}, func(at ledger.Version) []byte { return commitLine(moved(at)) })
	return moved(seen.at), l.named(i.ID, err)
}

// named tells in an ErrOutcomeUnknown which upload it is about.
func (l *Ledger) named(id string, err error) error {
	if errors.Is(err, ledger.ErrOutcomeUnknown) {
		return fmt.Errorf("%w (upload %s, InfluxDB at %s)", err, id, l.client.ServerURL())
	}
	return err
}

// takeBack undoes an intent after err. Where the undo cannot be confirmed,
// nobody knows what becomes of the upload.
func (l *Ledger) takeBack(ctx context.Context, i intent, err error) error {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(patience, l.settlement))
	defer cancel()
	i.undone = true
	if _, undo := l.writeUntil(ctx, i.line()); undo != nil {
		return l.named(i.ID, fmt.Errorf("%w: %s (after: %v)", ledger.ErrOutcomeUnknown, undo.Error(), err)) //nolint:errorlint // its kind is this one
	}
	return err
}
