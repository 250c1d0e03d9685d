// Package upload is the one use case behind the command line, the API and the
// pages: a file is staged as a draft, submitted, published by a second person
// or rejected, and reverted. The ledger alone decides what is published; this
// package keeps what leads there.
package upload

import (
	"context"
	"errors"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/ledger"
)

// State is where an upload stands.
type State string

// The states. Publishing is the short time between approval and the ledger's
// word; after a crash, or while the ledger does not answer, an upload stays in it
// until KeepResuming or Publish finishes it.
const (
	Draft      State = "draft"
	Submitted  State = "submitted"
	Publishing State = "publishing"
	Rejected   State = "rejected"
	Published  State = "published"
	Reverted   State = "reverted"
)

// States lists all states in the order of an upload's life.
var States = []State{Draft, Submitted, Publishing, Rejected, Published, Reverted}

// Name is the state as a page shows it.
func (s State) Name() indicator.Text {
	switch s {
	case Draft:
		return indicator.T("草稿", "draft")
	case Submitted:
		return indicator.T("待审核", "submitted")
	case Publishing:
		return indicator.T("发布中", "publishing")
	case Rejected:
		return indicator.T("已退回", "rejected")
	case Published:
		return indicator.T("已发布", "published")
	case Reverted:
		return indicator.T("已撤回", "reverted")
	}
	return indicator.Text{}
}

// Open reports whether the upload still waits for somebody.
func (s State) Open() bool { return s == Draft || s == Submitted || s == Publishing }

// Upload is a batch of readings without the readings themselves.
type Upload struct {
	ID    string
	State State

	// Authors are the uploader, then everybody who sent the same content.
	Authors []string

	File        string // label of the file it came from, never a path
	FileSHA     string // sha256 (hex) of the file's bytes; empty without a draft of our own
	ContentSHA  string // see ledger.ContentHash; empty while the file has errors
	Source      string
	Stage       string // 快报, 初步核算, 最终核实, 年报, 普查修订
	Reason      string // of a revision
	Explanation string // 说明: of what the checks ask about
	Generated   bool
	Released    time.Time // zero: the moment of publishing
	PublishAt   time.Time // submitted, and approved for publication at that moment; zero: no such approval

	Indicators []string // codes, sorted
	Regions    []string // codes, sorted
	Rows       int
	Faulty     bool // the file has errors: it can be mended, never submitted

	Created time.Time // of the draft; of the publication where there was no draft here
	Changed time.Time // of the newest event

	At         ledger.Version // when it was published, 0: never
	RevertedAt ledger.Version // when it was reverted, 0: never
	Events     []Event        // who did what when, oldest first; empty for those who may not see drafts
}

// Event is one step in the life of an upload.
type Event struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who"` // empty: the system itself
	What Step      `json:"what"`
	Note string    `json:"note"`           // comment of a rejection, reason of a revert, id of the upload it equals
	Diff string    `json:"diff,omitempty"` // of an approval for later: sha256 (hex) of the diff that was approved
}

// Step is what was done.
type Step string

// The steps.
const (
	StepStaged     Step = "staged"
	Joined         Step = "joined"  // a second person sent the same content
	Amended        Step = "amended" // the author sent it again with other particulars
	StepSubmitted  Step = "submitted"
	Approved       Step = "approved" // publishing began
	StepPublished  Step = "published"
	StepRejected   Step = "rejected"
	StepReverted   Step = "reverted"
	StepScheduled  Step = "scheduled"       // approved for PublishAt, which Note tells in Shanghai's time
	Unscheduled    Step = "unscheduled"     // the approval was taken back before its moment
	Due            Step = "due"             // the moment came, and publishing began
	ScheduleLapsed Step = "schedule_lapsed" // the moment came, and what was approved is so no more; Note is a Lapse
	PublishFailed  Step = "publish_failed"
	FoundDuplicate Step = "duplicate" // the ledger has the same content as another publication
)

// Name is the step as a page shows it.
func (s Step) Name() indicator.Text {
	switch s {
	case StepStaged:
		return indicator.T("上传", "uploaded")
	case Joined:
		return indicator.T("上传了相同内容", "uploaded the same content")
	case Amended:
		return indicator.T("修改", "amended")
	case StepSubmitted:
		return indicator.T("提交审核", "submitted for review")
	case Approved:
		return indicator.T("批准发布", "approved")
	case StepPublished:
		return indicator.T("发布", "published")
	case StepRejected:
		return indicator.T("退回", "rejected")
	case StepReverted:
		return indicator.T("撤回", "reverted")
	case StepScheduled:
		return indicator.T("批准定时发布", "approved for a later moment")
	case Unscheduled:
		return indicator.T("撤销定时发布", "took the approval for a later moment back")
	case Due:
		return indicator.T("定时到，开始发布", "the moment came: publishing began")
	case ScheduleLapsed:
		return indicator.T("定时到，未发布", "the moment came: not published")
	case PublishFailed:
		return indicator.T("发布未成功", "publishing failed")
	case FoundDuplicate:
		return indicator.T("与已发布批次内容相同", "same content as a published upload")
	}
	return indicator.Text{}
}

// Contents is what an upload holds.
type Contents struct {
	Answers     ingest.Answers // what was said about the file, also by an import plan
	Fingerprint ingest.Fingerprint
	Understood  ingest.Understood
	Cells       []ingest.Cell // as the file had them; without a draft of our own only the readings
	Problems    []indicator.Problem
}

// Record is an upload with everything kept of it.
type Record struct {
	Upload
	Contents
	Original []byte // the file, byte for byte
}

// What Drafts answers.
var (
	ErrNoUpload = errors.New("no such upload")
	ErrSame     = errors.New("an open upload has the same content")
)

// Drafts keeps uploads from the first draft on, with their files and readings.
// Every method is atomic, also between processes.
type Drafts interface {
	// AddUpload keeps a new upload. Where an open one has the same FileSHA and
	// ContentSHA is empty in both, or the same ContentSHA, nothing is kept and
	// the answer is that one with ErrSame.
	AddUpload(ctx context.Context, r Record) (Upload, error)
	// Upload is the upload of that id, or ErrNoUpload.
	Upload(ctx context.Context, id string) (Upload, error)
	// Uploads lists the uploads in one of the states, without states all, newest first.
	Uploads(ctx context.Context, states ...State) ([]Upload, error)
	// UploadContents is what the upload holds, or ErrNoUpload.
	UploadContents(ctx context.Context, id string) (Contents, error)
	// UploadFile is the original file, or ErrNoUpload.
	UploadFile(ctx context.Context, id string) ([]byte, error)
	// UpdateUpload reads, changes and writes an upload in one transaction. An
	// error of change leaves everything as it was and is returned as it is.
	UpdateUpload(ctx context.Context, id string, change func(*Upload) error) (Upload, error)
	// ReplaceUpload is UpdateUpload with new contents and a new original file.
	ReplaceUpload(ctx context.Context, r Record, change func(*Upload) error) (Upload, error)
	// LockPublishing keeps every other caller out, of this process and of others
	// on the same data directory, until unlock is called or the process ends,
	// however it ends. It waits for its turn until ctx ends.
	LockPublishing(ctx context.Context) (unlock func(), err error)
}
