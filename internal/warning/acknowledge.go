package warning

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Acknowledgement 处置 is what somebody noted on a warning. A warning with one is
// no longer open. It is kept for ever, with the warning as it was told then.
type Acknowledgement struct {
	Warning string // key
	Rule    Rule
	Region  string
	Target  string // the first
	Message indicator.Text
	Note    string
	Author  string // user name
	At      time.Time
}

// Acknowledgements keeps them.
type Acknowledgements interface {
	// AddAcknowledgement keeps one more; earlier ones of the same warning stay.
	AddAcknowledgement(ctx context.Context, a Acknowledgement) error
	// Acknowledgements gives those of the warnings with these keys, the oldest first.
	Acknowledgements(ctx context.Context, keys ...string) ([]Acknowledgement, error)
}

// maxNote is how many characters a note may have.
const maxNote = 1000

// ErrNote is the answer to a note that is empty or too long; NoteFault says so.
var ErrNote = errors.New("the note on a warning must have 1 to 1,000 characters")

// NoteFault is ErrNote in words.
var NoteFault = indicator.T("请填写处置说明（1—1000字）：写明原因、已采取或将采取的措施。",
	"Write a note (1 to 1,000 characters): the reason, and what is or will be done.")

// visible drops what cannot be seen: a note of nothing else is empty, and none
// turns the text around it.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\n' && r != '\t' {
		return -1
	}
	return r
}

// Again reports whether the newest of the acknowledgements of a warning says the
// same: a form that was sent twice is one note.
func (a Acknowledgement) Again(kept []Acknowledgement) bool {
	if len(kept) == 0 {
		return false
	}
	last := kept[len(kept)-1]
	return last.Author == a.Author && last.Note == a.Note
}

// Acknowledge is the acknowledgement of a warning with a note, or ErrNote.
func Acknowledge(w Warning, author, note string, at time.Time) (Acknowledgement, error) {
	note = strings.TrimSpace(strings.Map(visible, strings.ToValidUTF8(note, "")))
	if note == "" || utf8.RuneCountInString(note) > maxNote {
		return Acknowledgement{}, ErrNote
	}
	return Acknowledgement{Warning: w.Key, Rule: w.Rule, Region: w.Region, Target: w.Targets[0], Message: w.Message,
		Note: note, Author: author, At: at}, nil
}

// NotesOn are the acknowledgements of warnings, by key; kept may be nil.
func NotesOn(ctx context.Context, kept Acknowledgements, list []Warning) (map[string][]Acknowledgement, error) {
	notes := map[string][]Acknowledgement{}
	if kept == nil || len(list) == 0 {
		return notes, nil
	}
	keys := make([]string, len(list))
	for i, w := range list {
		keys[i] = w.Key
	}
	all, err := kept.Acknowledgements(ctx, keys...)
	for _, a := range all {
		notes[a.Warning] = append(notes[a.Warning], a)
	}
	return notes, err
}
