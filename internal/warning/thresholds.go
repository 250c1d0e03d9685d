package warning

import (
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Checks is which rules look at data, and from where on each of them speaks.
type Checks struct {
	Off            []Code        `yaml:"off"`   // rules that are switched off
	Notes          []Code        `yaml:"notes"` // rules that only note, and never ask for an explanation
	UnitSuspect    UnitRule      `yaml:"unit_suspect"`
	OutlierHistory HistoryRule   `yaml:"outlier_history"`
	OutlierRegions RegionsRule   `yaml:"outlier_regions"`
	StepRegions    StepRule      `yaml:"step_regions"`
	IncompleteSet  SetRule       `yaml:"incomplete_set"`
	SumMismatch    SumRule       `yaml:"sum_mismatch"`
	Synthetic      SyntheticRule `yaml:"synthetic_series"`
	RevisionLarge  RevisionRule  `yaml:"revision_large"`
	RevisionPart   PartialRule   `yaml:"revision_partial"`
}

// UnitRule are the thresholds of unitRule.
type UnitRule struct {
	Tolerance float64 `yaml:"tolerance"` // how far from a power of ten, in powers of ten
	Points    int     `yaml:"points"`    // of history, for a jump by one power of ten only
}

// HistoryRule are the thresholds of historyRule.
type HistoryRule struct {
	Z       float64 `yaml:"z"`       // robust z from which a change is an outlier
	Changes int     `yaml:"changes"` // other changes that the series must have
	Floor   float64 `yaml:"floor"`   // least spread that is believed, as a share of the value
	Ask     float64 `yaml:"ask"`     // distance from the expected value from which an explanation is asked for, as a share
}

// RegionsRule are the thresholds of regionsRule.
type RegionsRule struct {
	A       float64 `yaml:"a"`       // least spread, as a share of the median effect
	C       float64 `yaml:"c"`       // width of the band, in distances to the quartiles
	U       float64 `yaml:"u"`       // weight of size: 0 none, 1 whole
	Regions int     `yaml:"regions"` // that must have both figures
	Least   float64 `yaml:"least"`   // least distance from the median ratio, as a share of it
	Usual   float64 `yaml:"usual"`   // robust z below which a change is usual for the region itself
}

// StepRule are the thresholds of stepRule.
type StepRule struct {
	Z       float64 `yaml:"z"`       // robust z from which a region takes part
	Share   float64 `yaml:"share"`   // of the regions that can be judged
	Regions int     `yaml:"regions"` // that take part at least
}

// SetRule is the threshold of setRule.
type SetRule struct {
	Most float64 `yaml:"most"` // share of the set that the upload must bring
}

// SumRule is the threshold of sumRule.
type SumRule struct {
	Tolerance float64 `yaml:"tolerance"` // distance between sum and nation, as a share of the nation
}

// SyntheticRule are the thresholds of syntheticRule.
type SyntheticRule struct {
	Points int     `yaml:"points"` // a run must have
	Chance float64 `yaml:"chance"` // of a run in figures that were counted, at most
}

// RevisionRule are the thresholds of revisionRule.
type RevisionRule struct {
	Relative float64 `yaml:"relative"` // share of the old value, where the past tells too little
	Past     int     `yaml:"past"`     // revisions that the past must have to tell
	Factor   float64 `yaml:"factor"`   // times the past revisions, of which 19 in 20 were smaller
	Points   int     `yaml:"points"`   // of history that the series must have
}

// PartialRule are the thresholds of partialRule.
type PartialRule struct {
	Step   float64 `yaml:"step"`   // least step between a revised and an unrevised year, as a share
	Points int     `yaml:"points"` // of history that the series must have
}

// DefaultChecks are the thresholds of config/dabiao.yaml. They were set so that
// the real sample, in the order of its release, gives few findings, all of them
// about something that did happen.
func DefaultChecks() Checks {
	return Checks{
		Notes:          []Code{Synthetic},
		UnitSuspect:    UnitRule{Tolerance: 0.3, Points: 5},
		OutlierHistory: HistoryRule{Z: 8, Changes: 5, Floor: 0.03, Ask: 0.5},
		OutlierRegions: RegionsRule{A: 0.05, C: 20, U: 0.4, Regions: 10, Least: 0.3, Usual: 3.5},
		StepRegions:    StepRule{Z: 3.5, Share: 0.4, Regions: 5},
		IncompleteSet:  SetRule{Most: 0.5},
		SumMismatch:    SumRule{Tolerance: 0.15},
		Synthetic:      SyntheticRule{Points: 5, Chance: 0.000001},
		RevisionLarge:  RevisionRule{Relative: 0.2, Past: 30, Factor: 2, Points: 5},
		RevisionPart:   PartialRule{Step: 0.05, Points: 5},
	}
}

// severity is a query, which asks for an explanation, or a note.
func (c Checks) severity(code Code, query bool) indicator.Severity {
	if query && !slices.Contains(c.Notes, code) {
		return indicator.SeverityQuery
	}
	return indicator.SeverityNote
}

func (c Checks) on(code Code) bool { return !slices.Contains(c.Off, code) }
