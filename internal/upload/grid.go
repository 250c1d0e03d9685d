package upload

import (
	"context"
	"iter"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/ingest"
)

// Grid gives the rows of an upload's file as they are read with the answers given
// for it, for authors and reviewers.
func (s *Service) Grid(ctx context.Context, actor account.User, id string) (iter.Seq[ingest.GridRow], error) {
	name, content, err := s.File(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	contents, err := s.Drafts.UploadContents(ctx, id)
	if err != nil {
		return nil, err
	}
	return ingest.Grid(ctx, content, name, ingest.Options{Catalog: s.Catalog(), Answers: contents.Answers, Limits: s.Limits})
}
