package warning

import "slices"

// Thresholds is which rules warn, and from where on each of them speaks.
type Thresholds struct {
	Off []Rule `yaml:"off"` // rules that are switched off
	// Oldest is how many years the latest reading may lie before the as-of year: a
	// region that stopped reporting is no news.
	Oldest int `yaml:"oldest"`
	// Jump is the factor between two years, up or down, from which on the figures
	// are not believed to be comparable. Step is the size of a revision, as a share,
	// that makes a revised year no match for its unrevised neighbour.
	Jump           float64     `yaml:"jump"`
	Step           float64     `yaml:"step"`
	StatusWorse    WorseRule   `yaml:"status_worse"`
	BestPace       PaceRule    `yaml:"best_pace"`
	WrongMoves     MovesRule   `yaml:"wrong_moves"`
	ForecastMisses OutlookRule `yaml:"forecast_misses"`
}

// WorseRule is the threshold of statusRule.
type WorseRule struct {
	Months int `yaml:"months"` // for which a worse status is news, from its release on
}

// PaceRule are the thresholds of paceRule.
type PaceRule struct {
	Windows int     `yaml:"windows"` // five-year windows that the region must have had
	Margin  float64 `yaml:"margin"`  // by which the pace needed must exceed the best one, as a share of it
}

// MovesRule are the thresholds of movesRule.
type MovesRule struct {
	Moves int     `yaml:"moves"` // in a row
	Least float64 `yaml:"least"` // size from which a change is a move, as a share of the value
}

// OutlookRule are the thresholds of outlookRule.
type OutlookRule struct {
	Probability float64 `yaml:"probability"` // of reaching the target, at most, where it is known
}

// DefaultThresholds are those of config/dabiao.yaml. They were set so that the
// real sample gives few warnings, each of which an official would want to know.
func DefaultThresholds() Thresholds {
	return Thresholds{
		Oldest: 2, Jump: 3, Step: 0.05,
		StatusWorse:    WorseRule{Months: 24},
		BestPace:       PaceRule{Windows: 3, Margin: 0},
		WrongMoves:     MovesRule{Moves: 2, Least: 0.002},
		ForecastMisses: OutlookRule{Probability: 0.4},
	}
}

func (t Thresholds) on(r Rule) bool { return !slices.Contains(t.Off, r) }
