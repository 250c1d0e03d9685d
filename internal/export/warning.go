package export

import (
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// Warning is a warning as API and command line give it to programs.
type Warning struct {
	Key       string           `json:"key"`
	Rule      warning.Rule     `json:"rule"`
	Severity  warning.Severity `json:"severity"`
	Region    string           `json:"region"`
	Indicator string           `json:"indicator"`
	Targets   []string         `json:"targets"`
	Since     *time.Time       `json:"since"`
	Message   string           `json:"message"`
	Open      bool             `json:"open"` // nobody has acknowledged it
	Evidence  []Evidence       `json:"evidence"`
	Notes     []WarningNote    `json:"notes"` // the oldest first, never null
}

// Evidence is a reading that a warning rests on.
type Evidence struct {
	Period    string     `json:"period"`
	Value     float64    `json:"value"`
	Upload    string     `json:"upload"`
	Released  *time.Time `json:"released"`
	Generated bool       `json:"generated"`
}

// WarningNote is what somebody noted on a warning.
type WarningNote struct {
	Author string     `json:"author"`
	At     *time.Time `json:"at"`
	Note   string     `json:"note"`
}

// NewWarning gives a warning in the words of one language, with what was noted on it.
func NewWarning(w warning.Warning, notes []warning.Acknowledgement, lang indicator.Lang) Warning {
	out := Warning{Key: w.Key, Rule: w.Rule, Severity: w.Severity, Region: w.Region, Indicator: w.Indicator, Targets: w.Targets,
		Since: rfc3339(w.Since), Message: w.Message.In(lang), Open: len(notes) == 0, Evidence: []Evidence{}, Notes: []WarningNote{}}
	for _, e := range w.Evidence {
		out.Evidence = append(out.Evidence, Evidence{e.Period.String(), e.Value, e.Upload, rfc3339(e.Released), e.Generated})
	}
	for _, a := range notes {
		out.Notes = append(out.Notes, WarningNote{a.Author, rfc3339(a.At), a.Note})
	}
	return out
}
