package upload

import (
	"maps"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
)

// settle is the upload in the state that the ledger gives it: pub is its
// publication, nil where the ledger has none. A process that died between the
// ledger and the draft's record, and a ledger that was restored to an earlier
// day, are both put right here, on every read.
func settle(u Upload, pub *ledger.Publication) Upload {
	switch {
	case pub == nil && u.isPublic():
		u.State = Submitted
		u.At, u.RevertedAt = 0, 0
	case pub != nil:
		u.At, u.RevertedAt, u.Released, u.PublishAt = pub.At, pub.RevertedAt, pub.Released, time.Time{}
		if !u.isPublic() {
			u.State = Published
			u.note(Event{At: pub.At.Time(), Who: u.approver(), What: StepPublished})
		}
		if pub.RevertedAt != 0 && u.State == Published {
			u.State = Reverted
			u.note(Event{At: pub.RevertedAt.Time(), Who: pub.RevertedBy, What: StepReverted, Note: pub.RevertNote})
		} else if pub.RevertedAt == 0 {
			u.State = Published
		}
	}
	return u
}

// note adds an event to a copy of the list: an Upload is passed by value.
func (u *Upload) note(e Event) {
	u.Events = append(slices.Clip(u.Events), e)
	if e.At.After(u.Changed) {
		u.Changed = e.At
	}
}

// fromPublication is what can be known of an upload that another data directory
// published into the same ledger. Its regions are not: see publishedRegions.
func fromPublication(pub ledger.Publication) Upload {
	u := Upload{
		ID: pub.ID, State: Published, Authors: []string{pub.Uploader}, File: pub.File,
		ContentSHA: pub.SHA, Source: pub.Source, Stage: pub.Stage, Reason: pub.Reason,
		Generated: pub.Generated, Released: pub.Released, Rows: pub.Rows,
		Created: pub.At.Time(), At: pub.At,
	}
	u.note(Event{At: pub.At.Time(), What: StepPublished})
	indicators := map[string]bool{}
	for _, part := range pub.Parts {
		indicators[part.Indicator] = true
	}
	u.Indicators = sortedKeys(indicators)
	return settle(u, &pub)
}

// publication is what the ledger is told about the upload.
func (u Upload) publication() ledger.Upload {
	return ledger.Upload{
		ID: u.ID, Uploader: u.Authors[0], File: u.File, Source: u.Source, Stage: u.Stage,
		Reason: u.Reason, Generated: u.Generated, Released: u.Released,
	}
}

func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// moment cuts to the milliseconds that stores keep.
func moment(t time.Time) time.Time { return t.Truncate(time.Millisecond).UTC() }
