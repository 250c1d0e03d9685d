// Package demo is the sample that the product shows itself with: real readings
// of public sources as long CSV with the catalogue's codes, embedded, and a few
// made-up ones where no public series exists, marked as such. SOURCES.md beside
// the files says where each comes from.
package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// User is the system user that publishes the sample. It has no password.
const User = "demo"

//go:embed data/*.csv
var files embed.FS

// Load publishes the sample through svc, the way every user's file goes, in the
// order in which the figures became public. A file that the user demo has once
// published is never loaded again, not even after a revert; a load that was cut
// short is taken up where it stopped. With realOnly the made-up files are left
// out, and what was not public yet by the clock of svc always is. progress, which
// may be nil, hears how many of the files still to be loaded are done; when there
// are none it hears nothing.
func Load(ctx context.Context, svc *upload.Service, realOnly bool, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	// Figures that their sources have published need no second pair of eyes: the
	// one upload that the four-eyes rule does not cover.
	publisher := *svc
	publisher.Review = false
	actor, err := account.Local(User)
	if err != nil {
		return err
	}
	loaded, err := loadedFiles(ctx, &publisher, actor)
	if err != nil {
		return fmt.Errorf("list the sample's uploads: %w", err)
	}
	todo := slices.DeleteFunc(wantedBatches(realOnly, publisher.Now()), func(b batch) bool { return loaded[b.file] })
	for i, b := range todo {
		if err := b.publish(ctx, &publisher, actor); err != nil {
			return fmt.Errorf("load the sample %s: %w", b.file, err)
		}
		progress(i+1, len(todo))
	}
	return nil
}

func loadedFiles(ctx context.Context, svc *upload.Service, actor account.User) (map[string]bool, error) {
	list, err := svc.List(ctx, actor, upload.Filter{
		Author: User, States: []upload.State{upload.Published, upload.Reverted}})
	loaded := map[string]bool{}
	for _, u := range list {
		loaded[u.File] = true
	}
	return loaded, err
}

func wantedBatches(realOnly bool, now time.Time) []batch {
	var wanted []batch
	for _, b := range batches {
		if (!realOnly || !b.generated) && !b.releasedAt().After(now) {
			wanted = append(wanted, b)
		}
	}
	return wanted
}

func (b batch) publish(ctx context.Context, svc *upload.Service, actor account.User) error {
	content, err := files.ReadFile("data/" + b.file)
	if err != nil {
		return err
	}
	options := b.options()
	staged, err := svc.Stage(ctx, actor, b.file, bytes.NewReader(content), options)
	if err == nil && options.Explanation == "" && asksForExplanation(staged.Problems) { // by thresholds of the user's own
		options.Explanation = "与来源一致 / As the source has them"
		staged, err = svc.Stage(ctx, actor, b.file, bytes.NewReader(content), options)
	}
	if err != nil {
		return err
	}
	for _, p := range staged.Problems {
		if p.Severity == indicator.SeverityError {
			return p // a catalogue that lacks what the sample needs, most likely
		}
	}
	_, err = svc.Publish(ctx, actor, staged.Upload.ID)
	return err
}

func asksForExplanation(problems []indicator.Problem) bool {
	return slices.ContainsFunc(problems, func(p indicator.Problem) bool { return p.Code == upload.MissingExplanation })
}
