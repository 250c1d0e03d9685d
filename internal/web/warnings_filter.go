package web

import (
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

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
