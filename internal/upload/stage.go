package upload

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Options is what a person says about a file and the figures in it.
type Options struct {
	ingest.Answers

	Source      string
	Stage       string
	Reason      string    // of a revision
	Explanation string    // of what the checks ask about
	Plan        string    // name or id of the import plan to use, NoPlan; empty: that of the file's shape, if there is one
	Released    time.Time // zero: the moment of publishing
	Generated   bool

	// FileOnly looks at the file alone, there being no ledger to hold it against:
	// for a dry run before there is any data.
	FileOnly bool
	// KeepFaulty keeps a file with errors as a draft to mend, as the page does.
	// Otherwise nothing is kept of it.
	KeepFaulty bool
	// Mend is the id of the actor's own draft that this file takes the place of.
	// With it a nil reader means the draft's own file, read again with these options.
	Mend string
}

// NotCompared is the code of the note that a file was not held against what is
// published, since that could not be read.
const NotCompared = "not_compared"

// NoLedger is the code of the note that there is nothing to hold a file against,
// see Options.FileOnly.
const NoLedger = "no_ledger"

// FlipsUnknown is the code of the note that the file was compared, but figures
// which became public later, and which the verdicts also need, could not be read.
const FlipsUnknown = "flips_unknown"

// Staged is what became of a file.
type Staged struct {
	// Upload is the draft, or the earlier upload with the same content, whatever
	// its state. Nil when nothing was kept: a dry run, or a file with errors.
	Upload     *Upload
	Answers    ingest.Answers // that the file was read with: the person's, and those of the plan
	Understood ingest.Understood
	Cells      []ingest.Cell
	Problems   []indicator.Problem
	Counts     map[ChangeKind]int // of the diff; nil when there is none: the file has errors of its own, NotCompared or NoLedger
	Flips      []Flip             // as Service.Flips gives them; nil without a diff, or FlipsUnknown
	Plan       *PlanUsed          // nil: none
	Compared   *Comparison        // with the last file under the plan; nil: there is none

	against *snapshot.Snapshot // what the counts are of; nil without a diff
}

// Stage reads a file and keeps it as a draft. The error is about the actor or
// the system; whatever is wrong with the file is a problem in the answer. The
// same content as an open upload, or as a published one that still stands, is
// answered with that one; the actor becomes a co-author of an open one.
//
// A ledger that cannot be read stops nobody: the file is kept, held against what
// was last read of the ledger if anything was, and a note in the answer says so.
func (s *Service) Stage(ctx context.Context, actor account.User, name string, r io.Reader, o Options) (Staged, error) {
	staged, record, err := s.read(ctx, actor, name, r, o)
	if err != nil || record == nil || Refused(staged.Problems) && !o.KeepFaulty {
		return staged, err
	}
	same, err := s.samePublished(ctx, record.Upload, staged.Counts)
	if err != nil {
		return staged, err
	}
	var kept Upload
	if same != "" {
		kept, err = s.Get(ctx, actor, same)
	} else {
		kept, err = s.keep(ctx, actor, *record, o.Mend)
	}
	if err != nil {
		return staged, err
	}
	staged.Upload = &kept
	return staged, nil
}

// Refused reports whether a file with these problems is kept only as a draft to
// mend, see Options.KeepFaulty. What is only not explained yet is a good draft.
func Refused(problems []indicator.Problem) bool {
	return slices.ContainsFunc(problems, func(p indicator.Problem) bool {
		return p.Severity == indicator.SeverityError && p.Code != MissingExplanation
	})
}

// DryRun answers what Stage would, and changes nothing.
func (s *Service) DryRun(ctx context.Context, actor account.User, name string, r io.Reader, o Options) (Staged, error) {
	staged, _, err := s.read(ctx, actor, name, r, o)
	return staged, err
}

// read makes a draft of a file in memory; the record is nil where the file is
// not even fit to be kept.
func (s *Service) read(ctx context.Context, actor account.User, name string, r io.Reader, o Options) (Staged, *Record, error) {
	if rules := s.rules(); !rules.MayEver(actor, account.Stage) {
		return Staged{}, nil, forbidden(actor, account.Stage, rules, Upload{})
	}
	name, labels := cleanLabels(name, &o)
	original, err := s.original(ctx, actor, &name, r, o.Mend)
	if err != nil {
		return Staged{}, nil, err
	}
	result, err := s.parse(ctx, actor, name, original, r == nil && o.Mend != "", o)
	if err != nil {
		return Staged{}, nil, err
	}
	problems := slices.Concat(labels, result.notes, result.Problems)
	if len(original) > s.maxBytes() { // ingest says so; what was read is only a part
		return Staged{Understood: result.Understood, Problems: problems}, nil, nil
	}
	if len(result.Cells) == 0 && !indicator.HasErrors(problems) {
		problems = append(problems, noReadings())
	}
	record := s.record(actor, name, original, result.options, result.Cells, indicator.HasErrors(problems))
	if outside := s.rules().Outside(actor, record.Regions); len(outside) > 0 {
		return Staged{}, nil, foreignRegions(s.Catalog(), outside)
	}
	staged := Staged{Answers: result.options.Answers, Understood: result.Understood, Cells: result.Cells}
	if staged.Plan, staged.Compared, err = s.placeUnder(ctx, actor, result.plan, record.Upload, result.Cells); err != nil {
		return Staged{}, nil, err
	}
	if staged.Compared != nil {
		problems = append(problems, staged.Compared.problem(s.Catalog()))
	}
	staged.Problems = problems
	record.Contents = Contents{Answers: result.options.Answers, Fingerprint: result.print,
		Understood: result.Understood, Cells: result.Cells, Problems: problems}
	switch {
	case record.Faulty:
	case o.FileOnly:
		staged.Problems = append(slices.Clip(problems), append(s.checkDates(record.Upload, result.Cells), noLedger())...)
	default:
		err = s.hold(ctx, *record, &staged)
	}
	return staged, record, err
}

// hold compares a file with what is published, and tells what that means. Its
// error is that of the context.
func (s *Service) hold(ctx context.Context, r Record, staged *Staged) error {
	history, counts, err := s.checkNewest(ctx, r.Upload, r.Contents)
	if err != nil {
		history, counts, err = s.preview(ctx, r.Upload, r.Contents)
	}
	staged.Problems, staged.Counts = slices.Concat(staged.Problems, history), counts
	if err != nil || counts == nil {
		return err
	}
	return s.foresee(ctx, r.Upload, staged)
}

// foresee adds what the diff is made from, and the flips.
func (s *Service) foresee(ctx context.Context, u Upload, staged *Staged) error {
	var err error
	if staged.against, err = s.Snapshots.At(ctx, u.Released, 0); err != nil {
		return err
	}
	if staged.Flips, err = s.flips(ctx, u, staged.Cells); err != nil {
		staged.Problems = append(staged.Problems, flipsUnknown(err))
	}
	return ctx.Err()
}

// Diff lists what the counts are of; nil where there are none.
func (s Staged) Diff(ctx context.Context) (*Diff, error) {
	if s.against == nil {
		return nil, nil
	}
	d, err := newDiff(ctx, s.against, s.Cells)
	return &d, err
}

func (s *Service) maxBytes() int {
	const whenUnset = 50_000_000
	if s.Limits.Bytes > 0 {
		return s.Limits.Bytes
	}
	return whenUnset
}

// original is the file's bytes, at most one more than allowed: those of r, or
// of the draft that is mended.
func (s *Service) original(ctx context.Context, actor account.User, name *string, r io.Reader, mend string) ([]byte, error) {
	if mend != "" {
		u, err := s.Get(ctx, actor, mend)
		switch {
		case err != nil:
			return nil, err
		case !slices.Contains(u.Authors, actor.Name):
			return nil, forbidden(actor, account.Submit, s.rules(), u)
		case u.State != Draft:
			return nil, wrongState(u, account.Submit)
		case r == nil:
			*name = u.File
			return s.Drafts.UploadFile(ctx, mend)
		}
	}
	if r == nil {
		return nil, nil // as good as an empty file
	}
	content, err := io.ReadAll(io.LimitReader(r, int64(s.maxBytes())+1))
	if err != nil {
		return nil, fmt.Errorf("read the upload: %w", err)
	}
	return content, nil
}

func (s *Service) record(actor account.User, name string, original []byte, o Options, cells []ingest.Cell, faulty bool) *Record {
	now := moment(s.Now())
	sum := sha256.Sum256(original)
	u := Upload{
		ID: s.NewID(), State: Draft, Authors: []string{actor.Name}, File: name, FileSHA: hex.EncodeToString(sum[:]),
		Source: o.Source, Stage: o.Stage, Reason: o.Reason, Explanation: o.Explanation, Generated: o.Generated, Released: moment(o.Released),
		Rows: len(cells), Faulty: faulty, Created: now, Changed: now,
		Events: []Event{{At: now, Who: actor.Name, What: StepStaged}},
	}
	indicators, regions := map[string]bool{}, map[string]bool{}
	for _, c := range cells {
		indicators[c.Indicator], regions[c.Region] = true, true
	}
	u.Indicators, u.Regions = sortedKeys(indicators), sortedKeys(regions)
	if !faulty {
		u.ContentSHA = ledger.ContentHash(readings(cells))
	}
	return &Record{Upload: u, Original: original}
}

func readings(cells []ingest.Cell) []indicator.Reading {
	list := make([]indicator.Reading, len(cells))
	for i, c := range cells {
		list[i] = c.Reading
	}
	return list
}

// samePublished is the id of a published upload with the same content of which
// every reading still stands at released, empty where there is none.
func (s *Service) samePublished(ctx context.Context, u Upload, counts map[ChangeKind]int) (string, error) {
	if u.Faulty || counts[Unchanged] != u.Rows {
		return "", nil
	}
	k, err := s.lastKnown(ctx)
	earlier, _, _ := k.Earlier(u.ContentSHA, u.Released)
	return earlier.ID, err
}

// keep adds the draft, or joins or amends the open upload with the same content.
func (s *Service) keep(ctx context.Context, actor account.User, r Record, mend string) (Upload, error) {
	var kept Upload
	var err error
	if mend != "" {
		r.ID = mend
		kept, err = s.amend(ctx, actor, r)
	} else {
		kept, err = s.Drafts.AddUpload(ctx, r)
	}
	if !errors.Is(err, ErrSame) {
		return kept, err
	}
	k, err := s.lastKnown(ctx)
	if err != nil {
		return Upload{}, err
	}
	if err := s.settleRecord(ctx, kept, k); err != nil {
		return Upload{}, err
	}
	same := k.settle(kept)
	switch {
	case !same.State.Open(): // it was when it was found
		return s.keep(ctx, actor, r, mend)
	case !slices.Contains(same.Authors, actor.Name):
		return s.join(ctx, actor, same.ID)
	case same.State == Draft && (same.Faulty || !same.saysSameAs(r.Upload)): // other answers may mend it
		r.ID = same.ID
		return s.amend(ctx, actor, r)
	}
	return same, nil
}

func (u Upload) saysSameAs(v Upload) bool {
	return u.File == v.File && u.FileSHA == v.FileSHA && u.ContentSHA == v.ContentSHA && u.Source == v.Source &&
		u.Stage == v.Stage && u.Reason == v.Reason && u.Explanation == v.Explanation && u.Generated == v.Generated && u.Released.Equal(v.Released)
}

func (s *Service) join(ctx context.Context, actor account.User, id string) (Upload, error) {
	return s.Drafts.UpdateUpload(ctx, id, func(u *Upload) error {
		if u.State.Open() && !slices.Contains(u.Authors, actor.Name) {
			u.Authors = append(slices.Clip(u.Authors), actor.Name)
			u.note(Event{At: moment(s.Now()), Who: actor.Name, What: Joined})
		}
		return nil
	})
}

// amend puts a new file or new particulars into the actor's own draft.
func (s *Service) amend(ctx context.Context, actor account.User, r Record) (Upload, error) {
	return s.Drafts.ReplaceUpload(ctx, r, func(u *Upload) error {
		if u.State != Draft {
			return wrongState(*u, account.Submit)
		}
		was := *u
		*u = r.Upload
		u.Authors, u.Created, u.Events, u.Changed = was.Authors, was.Created, was.Events, was.Changed
		u.note(Event{At: moment(s.Now()), Who: actor.Name, What: Amended})
		return nil
	})
}
