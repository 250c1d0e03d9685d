package web

import (
	"context"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// WarningLine is a warning as the API and the command line tell it.
type WarningLine struct {
	Key       string           `json:"key"`
	Rule      warning.Rule     `json:"rule"`
	Severity  warning.Severity `json:"severity"`
	Region    string           `json:"region"`
	Indicator string           `json:"indicator"`
	Targets   []string         `json:"targets"`
	Since     *string          `json:"since"`
	Message   string           `json:"message"`
	Open      bool             `json:"open"` // nobody has acknowledged it
	Evidence  []WarningReading `json:"evidence"`
	Notes     []WarningNote    `json:"notes"` // the oldest first
}

// WarningReading is a reading that a warning rests on.
type WarningReading struct {
	Period    indicator.Period `json:"period"`
	Value     float64          `json:"value"`
	Upload    string           `json:"upload"`
	Released  *string          `json:"released"`
	Generated bool             `json:"generated"`
}

// WarningNote is what somebody noted on a warning.
type WarningNote struct {
	Author string  `json:"author"`
	At     *string `json:"at"`
	Note   string  `json:"note"`
}

// TellWarnings puts warnings into words of one language, with what was noted on
// them; kept may be nil.
func TellWarnings(ctx context.Context, kept warning.Acknowledgements, list []warning.Warning, lang indicator.Lang) ([]WarningLine, error) {
	notes, err := notesOn(ctx, kept, list)
	if err != nil {
		return nil, err
	}
	lines := make([]WarningLine, len(list))
	for i, w := range list {
		lines[i] = newWarningLine(w, notes[w.Key], lang)
	}
	return lines, nil
}

// notesOn are the acknowledgements of warnings, by key.
func notesOn(ctx context.Context, kept warning.Acknowledgements, list []warning.Warning) (map[string][]warning.Acknowledgement, error) {
	notes := map[string][]warning.Acknowledgement{}
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

func newWarningLine(w warning.Warning, notes []warning.Acknowledgement, lang indicator.Lang) WarningLine {
	line := WarningLine{Key: w.Key, Rule: w.Rule, Severity: w.Severity, Region: w.Region, Indicator: w.Indicator, Targets: w.Targets,
		Since: apiTime(w.Since), Message: w.Message.In(lang), Open: len(notes) == 0, Evidence: []WarningReading{}, Notes: []WarningNote{}}
	for _, e := range w.Evidence {
		line.Evidence = append(line.Evidence, WarningReading{e.Period, e.Value, e.Upload, apiTime(e.Released), e.Generated})
	}
	for _, a := range notes {
		line.Notes = append(line.Notes, WarningNote{a.Author, apiTime(a.At), a.Note})
	}
	return line
}

// What may be asked for of warnings by their state.
const (
	warningsOpen         = "open" // also where nothing is said
	warningsAcknowledged = "acknowledged"
	warningsAll          = "all"
)

// warningParams are the parameters by which warnings are selected.
var warningParams = []string{"region", "rule", "severity", "since", "state"}

// warningFilter selects warnings; an empty field does not.
type warningFilter struct {
	regions, rules, severities []string
	since                      time.Time
	state                      string
}

func readWarningFilter(q *apiQuery, catalog *indicator.Catalog) warningFilter {
	f := warningFilter{regions: q.regions("region", catalog),
		rules:      q.choices("rule", asStrings(warning.Rules)...),
		severities: q.choices("severity", asStrings(warning.Severities)...),
		state:      q.choice("state", warningsOpen, warningsAcknowledged, warningsAll)}
	if f.state == "" {
		f.state = warningsOpen
	}
	if value := q.one("since"); value != "" {
		var err error
		if f.since, err = indicator.ParseReleased(value); err != nil {
			q.fail(badParameter("since", indicator.T(
				"参数 since 应写作 2024-12-31，收到的是“"+value+"”。", "The parameter since must be a date such as 2024-12-31; got “"+value+"”."), err))
		}
	}
	return f
}

func asStrings[W ~string](list []W) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// passes tells whether a warning, open or not, is selected.
func (f warningFilter) passes(w warning.Warning, open bool) bool {
	return wanted(f.regions, w.Region) && wanted(f.rules, string(w.Rule)) && wanted(f.severities, string(w.Severity)) &&
		!w.Since.Before(f.since) && (f.state == warningsAll || open == (f.state == warningsOpen))
}

// filtered are the warnings that pass.
func (f warningFilter) filtered(list []warning.Warning, notes map[string][]warning.Acknowledgement) []warning.Warning {
	return slices.DeleteFunc(slices.Clone(list), func(w warning.Warning) bool { return !f.passes(w, len(notes[w.Key]) == 0) })
}
