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
)

// Service is the use case. All fields but Limits are required; none changes
// once the Service is in use. It is safe for concurrent use, also beside other
// processes on the same stores.
type Service struct {
	Catalog   func() *indicator.Catalog // the one in force: it may be reloaded
	Ledger    ledger.Ledger
	Snapshots *snapshot.Cache // of Ledger
	Drafts    Drafts
	Review    bool // a second person publishes
	Limits    ingest.Limits
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
	return account.Matter{Regions: u.Regions, Authors: u.Authors}
}

// isPublic reports whether the upload is, or was, published: everybody may know of it.
func (u Upload) isPublic() bool { return u.State == Published || u.State == Reverted }

func (s *Service) seesDraft(actor account.User, u Upload) bool {
	return s.rules().May(actor, account.SeeDraft, matter(u))
}

// forActor is the upload as the actor may see it, or not found: what is not
// published is nobody's business but its authors' and reviewers'.
func (s *Service) forActor(actor account.User, u Upload) (Upload, error) {
	switch {
	case s.seesDraft(actor, u):
		return u, nil
	case u.isPublic():
		u.Events = nil
		return u, nil
	}
	return Upload{}, notFound(u.ID)
}

// Get is one upload, as the ledger knows it now.
func (s *Service) Get(ctx context.Context, actor account.User, id string) (Upload, error) {
	u, err := s.load(ctx, id)
	if err != nil {
		return Upload{}, err
	}
	return s.forActor(actor, u)
}

// load is the upload whoever asks, settled with the ledger's history and with
// its regions, which is what permissions hang on.
func (s *Service) load(ctx context.Context, id string) (Upload, error) {
	pub, err := s.inLedger(ctx, id)
	if err != nil {
		return Upload{}, err
	}
	u, err := s.Drafts.Upload(ctx, id)
	switch {
	case err == nil:
		return settle(u, pub), nil
	case !errors.Is(err, ErrNoUpload):
		return Upload{}, err
	case pub == nil:
		return Upload{}, notFound(id)
	}
	u = fromPublication(*pub)
	u.Regions, err = s.publishedRegions(ctx, *pub)
	return u, err
}

// inLedger is the publication of an upload, nil where the ledger has none.
func (s *Service) inLedger(ctx context.Context, id string) (*ledger.Publication, error) {
	history, err := s.Ledger.History(ctx)
	if err != nil {
		return nil, ledgerTrouble(err)
	}
	i := slices.IndexFunc(history.Publications, func(p ledger.Publication) bool { return p.ID == id })
	if i < 0 {
		return nil, nil
	}
	return &history.Publications[i], nil
}

// settleRecord brings the record of an upload to the state that the ledger gives it,
// where a crash came between the two.
func (s *Service) settleRecord(ctx context.Context, id string) error {
	seen, err := s.Drafts.Upload(ctx, id)
	if errors.Is(err, ErrNoUpload) {
		return nil // published elsewhere: there is no record
	} else if err != nil {
		return err
	}
	pub, err := s.inLedger(ctx, id)
	if err != nil || settle(seen, pub).State == seen.State {
		return err
	}
	_, err = s.Drafts.UpdateUpload(ctx, id, func(u *Upload) error {
		if u.State == seen.State {
			*u = settle(*u, pub)
		}
		return nil
	})
	if errors.Is(err, ErrSame) { // it would be open again, and another one took its place
		return sameIsOpen()
	}
	return err
}

// List is every upload the actor may see, newest first: drafts of this data
// directory and everything the ledger has, whoever put it there.
func (s *Service) List(ctx context.Context, actor account.User, f Filter) ([]Upload, error) {
	history, err := s.Ledger.History(ctx)
	if err != nil {
		return nil, ledgerTrouble(err)
	}
	drafts, err := s.Drafts.Uploads(ctx)
	if err != nil {
		return nil, err
	}
	published := make(map[string]*ledger.Publication, len(history.Publications))
	for i := range history.Publications {
		published[history.Publications[i].ID] = &history.Publications[i]
	}
	var list []Upload
	keep := func(u Upload) {
		if u, err := s.forActor(actor, u); err == nil && f.selects(u) {
			list = append(list, u)
		}
	}
	for _, u := range drafts {
		keep(settle(u, published[u.ID]))
		delete(published, u.ID)
	}
	for _, pub := range published {
		u := fromPublication(*pub)
		if u.Regions, err = s.publishedRegions(ctx, *pub); err != nil { // permissions hang on them
			return nil, err
		}
		keep(u)
	}
	slices.SortFunc(list, func(a, b Upload) int {
		return cmp.Or(b.Changed.Compare(a.Changed), cmp.Compare(b.At, a.At), cmp.Compare(b.ID, a.ID))
	})
	if f.Limit > 0 && len(list) > f.Limit {
		list = list[:f.Limit]
	}
	return list, nil
}

func (f Filter) selects(u Upload) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, u.State)) &&
		(f.Author == "" || slices.Contains(u.Authors, f.Author)) &&
		(f.Indicator == "" || slices.Contains(u.Indicators, f.Indicator)) &&
		(f.Region == "" || slices.Contains(u.Regions, f.Region))
}

// Contents is what an upload holds. Those who may not see drafts get the
// readings of a published upload, without what was said about its file.
func (s *Service) Contents(ctx context.Context, actor account.User, id string) (Contents, error) {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return Contents{}, err
	}
	c, err := s.contents(ctx, u)
	if err != nil || !s.seesDraft(actor, u) {
		return Contents{Cells: c.Cells}, err
	}
	if u.State.Open() && !u.Faulty {
		problems, err := s.check(ctx, u, c.Cells)
		c.Problems = append(c.Problems, problems...)
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
	pub, err := s.inLedger(ctx, u.ID)
	switch {
	case err != nil:
		return Contents{}, err
	case pub == nil:
		return Contents{}, notFound(u.ID)
	}
	err = s.eachPublished(ctx, *pub, func(r indicator.Reading) {
		cell := ingest.Cell{Reading: r}
		if ind := s.Catalog().Indicator(r.Indicator); ind != nil {
			cell.Unit = ind.Unit
		}
		c.Cells = append(c.Cells, cell)
	})
	return c, err
}

// File is the original file and its label, for authors and reviewers.
func (s *Service) File(ctx context.Context, actor account.User, id string) (name string, content []byte, err error) {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return "", nil, err
	}
	if !s.seesDraft(actor, u) {
		return "", nil, forbidden(actor, account.SeeDraft, s.rules(), u)
	}
	content, err = s.Drafts.UploadFile(ctx, id)
	if errors.Is(err, ErrNoUpload) {
		return "", nil, notFound(id)
	}
	return u.File, content, err
}

// eachPublished calls yield for every reading of a publication.
func (s *Service) eachPublished(ctx context.Context, pub ledger.Publication, yield func(indicator.Reading)) error {
	for _, part := range pub.Parts {
		for v, err := range s.Ledger.Vintages(ctx, ledger.Query{Indicator: part.Indicator, Freq: part.Freq}) {
			if err != nil {
				return ledgerTrouble(err)
			}
			if v.Seq == pub.Seq {
				yield(v.Reading)
			}
		}
	}
	return nil
}

func (s *Service) publishedRegions(ctx context.Context, pub ledger.Publication) ([]string, error) {
	seen := map[string]bool{}
	err := s.eachPublished(ctx, pub, func(r indicator.Reading) { seen[r.Region] = true })
	return sortedKeys(seen), err
}
