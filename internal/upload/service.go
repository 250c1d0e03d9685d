package upload

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/warning"
)

// Service is the use case. All fields but Plans, Limits and Checks are required;
// none changes once the Service is in use. It is safe for concurrent use, also beside other
// processes on the same stores.
type Service struct {
	Catalog   func() *indicator.Catalog // the one in force: it may be reloaded
	Ledger    ledger.Ledger
	Snapshots *snapshot.Cache // of Ledger
	Drafts    Drafts
	Plans     Plans         // nil: none are kept or used
	Users     account.Users // to see whether who approved for a later moment may still publish
	Review    bool          // a second person publishes
	Limits    ingest.Limits
	Checks    *warning.Checks // thresholds of the rules about data; nil: the defaults
	Now       func() time.Time
	NewID     func() string // of an upload: unique for ever
}

// Filter selects uploads; an empty field selects all.
type Filter struct {
	States    []State
	Author    string
	Indicator string
	Region    string // uploads with a reading of exactly this region
	Limit     int    // newest first; 0: all
}

func (s *Service) rules() account.Rules {
	return account.Rules{Catalog: s.Catalog(), Review: s.Review}
}

func matter(u Upload) account.Matter {
	return account.Matter{Regions: u.Regions, Authors: u.Authors, Partly: u.Faulty}
}

// isPublic reports whether the upload is, or was, published: everybody may know of it.
func (u Upload) isPublic() bool { return u.State == Published || u.State == Reverted }

// SeesDraft reports whether the actor may see what is not, or was never, public
// of the upload: its file, its problems, who did what.
func (s *Service) SeesDraft(actor account.User, u Upload) bool {
	return s.rules().May(actor, account.SeeDraft, matter(u))
}

// forActor is the upload as the actor may see it, or not found: what is not
// published is nobody's business but its authors' and reviewers'.
func (s *Service) forActor(actor account.User, u Upload) (Upload, error) {
	switch {
	case s.SeesDraft(actor, u):
		return u, nil
	case u.isPublic():
		u.Events, u.Explanation = nil, ""
		return u, nil
	}
	return Upload{}, notFound(u.ID)
}

// Get is one upload, as far as the ledger is known here.
func (s *Service) Get(ctx context.Context, actor account.User, id string) (Upload, error) {
	record, err := s.stored(ctx, id)
	if err != nil {
		return Upload{}, err
	}
	k, err := s.lastKnown(ctx, record)
	if err != nil {
		return Upload{}, err
	}
	u, err := s.settled(ctx, id, record, k)
	if err != nil {
		return Upload{}, err
	}
	return s.forActor(actor, u)
}

// stored is the record of an upload, zero where there is none. Read it before the
// ledger: of two that were read at different times, the ledger's word counts.
func (s *Service) stored(ctx context.Context, id string) (Upload, error) {
	u, err := s.Drafts.Upload(ctx, id)
	if errors.Is(err, ErrNoUpload) {
		return Upload{}, nil
	}
	return u, err
}

// settled is the upload whoever asks, in the state that the ledger gives it, and
// with its regions, which is what permissions hang on.
func (s *Service) settled(ctx context.Context, id string, record Upload, k known) (Upload, error) {
	pub := k.byID[id]
	switch {
	case record.ID != "":
		return k.settle(record), nil
	case k.none != nil:
		return Upload{}, k.none
	case pub == nil:
		return Upload{}, notFound(id)
	}
	return s.elsewhere(ctx, *pub), ctx.Err()
}

// elsewhere is an upload that has no record here. One whose readings cannot be
// read, or not all of them, is taken to concern the whole country: it can still
// be reverted, by those who may do so anywhere.
func (s *Service) elsewhere(ctx context.Context, pub ledger.Publication) Upload {
	u := fromPublication(pub)
	var err error
	if u.Regions, err = s.Snapshots.Regions(ctx, pub); err != nil {
		u.Regions = []string{indicator.Nation}
	}
	return u
}

// settleRecord brings a record that was read to the state that the ledger gives
// it, where a crash came between the two.
func (s *Service) settleRecord(ctx context.Context, record Upload, k known) error {
	if record.ID == "" || k.settle(record).State == record.State {
		return nil
	}
	_, err := s.Drafts.UpdateUpload(ctx, record.ID, func(u *Upload) error {
		if u.State == record.State {
			*u = k.settle(*u)
		}
		return nil
	})
	if errors.Is(err, ErrSame) { // it would be open again, and another one took its place
		return sameIsOpen()
	}
	return err
}

// List is every upload the actor may see, newest first: drafts of this data
// directory and everything that the ledger is known to have, whoever put it there.
func (s *Service) List(ctx context.Context, actor account.User, f Filter) ([]Upload, error) {
	drafts, err := s.Drafts.Uploads(ctx)
	if err != nil {
		return nil, err
	}
	k, err := s.lastKnown(ctx, drafts...)
	if err != nil {
		return nil, err
	}
	var list []Upload
	keep := func(u Upload) {
		if u, err := s.forActor(actor, u); err == nil && f.selects(u) {
			list = append(list, u)
		}
	}
	for _, u := range drafts {
		keep(k.settle(u))
		delete(k.byID, u.ID)
	}
	const patience = 5 * time.Second // for the regions of all of them; they are remembered
	brief, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, pub := range k.byID {
		keep(s.elsewhere(brief, *pub))
	}
	slices.SortFunc(list, func(a, b Upload) int {
		return cmp.Or(b.Changed.Compare(a.Changed), cmp.Compare(b.At, a.At), cmp.Compare(b.ID, a.ID))
	})
	if f.Limit > 0 && len(list) > f.Limit {
		list = list[:f.Limit]
	}
	return list, ctx.Err()
}

func (f Filter) selects(u Upload) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, u.State)) &&
		(f.Author == "" || slices.Contains(u.Authors, f.Author)) &&
		(f.Indicator == "" || slices.Contains(u.Indicators, f.Indicator)) &&
		(f.Region == "" || slices.Contains(u.Regions, f.Region))
}

// Contents is what an upload holds. Those who may not see drafts get the
// readings of a published upload, without what was said about its file. Its
// problems are those that history shows now or, of a published one, just before
// it: a reader of the explanation must see what it explains. Where
// the ledger cannot be asked what it has against a draft, the answer is the
// draft's own contents and the error.
func (s *Service) Contents(ctx context.Context, actor account.User, id string) (Contents, error) {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return Contents{}, err
	}
	c, err := s.contents(ctx, u)
	if err != nil || !s.SeesDraft(actor, u) {
		return Contents{Cells: c.Cells}, err
	}
	if (u.State.Open() || u.isPublic()) && !u.Faulty {
		history, err := s.preview(ctx, u, c)
		if u.isPublic() { // what was asked and explained; nothing stopped it
			history.problems = slices.DeleteFunc(history.problems, func(p indicator.Problem) bool { return p.Severity == indicator.SeverityError })
		}
		c.Problems = append(c.Problems, history.problems...)
		return c, err
	}
	return c, nil
}

// contents is the draft's, or for a publication without a draft here the ledger's readings.
func (s *Service) contents(ctx context.Context, u Upload) (Contents, error) {
	c, err := s.Drafts.UploadContents(ctx, u.ID)
	if !errors.Is(err, ErrNoUpload) {
		return c, err
	}
	k, err := s.lastKnown(ctx)
	pub := k.byID[u.ID]
	switch {
	case err != nil:
		return Contents{}, err
	case k.none != nil:
		return Contents{}, k.none
	case pub == nil:
		return Contents{}, notFound(u.ID)
	}
	if err := s.Snapshots.Readings(ctx, *pub, func(r indicator.Reading) {
		cell := ingest.Cell{Reading: r}
		if ind := s.Catalog().Indicator(r.Indicator); ind != nil {
			cell.Unit = ind.Unit
		}
		c.Cells = append(c.Cells, cell)
	}); err != nil {
		return Contents{}, ledgerTrouble(err)
	}
	return c, nil
}

// File is the original file and its label, for authors and reviewers.
func (s *Service) File(ctx context.Context, actor account.User, id string) (name string, content []byte, err error) {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return "", nil, err
	}
	if !s.SeesDraft(actor, u) {
		return "", nil, forbidden(actor, account.SeeDraft, s.rules(), u)
	}
	content, err = s.Drafts.UploadFile(ctx, id)
	if errors.Is(err, ErrNoUpload) {
		return "", nil, notFound(id)
	}
	return u.File, content, err
}
