package upload

import (
	"errors"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Kind is what sort of trouble an Error is.
type Kind string

// The kinds. Everything that is no *Error is the system's own trouble.
const (
	NotFound    Kind = "not_found"   // no such upload, or not for this actor's eyes
	Forbidden   Kind = "forbidden"   // this actor may not do this
	Invalid     Kind = "invalid"     // the content has errors: see Problems
	Conflict    Kind = "conflict"    // the upload is not in a state for this
	Unavailable Kind = "unavailable" // the ledger cannot be reached, is taken, or does not add up; nothing is lost
)

// Error says what could not be done and why, in both languages.
type Error struct {
	Kind     Kind
	Message  indicator.Text
	Problems []indicator.Problem // for Invalid
	Err      error               // the cause, for the log
}

func (e *Error) Error() string {
	parts := []string{e.Message.EN}
	for _, p := range e.Problems {
		if p.Severity == indicator.SeverityError {
			parts = append(parts, p.Error())
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first *Error in err's chain, empty where there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
