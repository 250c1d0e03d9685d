package export

import "github.com/dabiao/dabiao/internal/assess"

// Precedent is how often the pace that a target still needs was kept up for five
// years. Its paces are in per cent a year where it is compound, else in the unit a year.
type Precedent struct {
	Needed       float64  `json:"needed"`
	Compound     bool     `json:"compound"`
	Level        string   `json:"level"` // of the regions looked at
	Windows      int      `json:"windows"`
	Regions      int      `json:"regions"` // that the windows are of
	Since        int      `json:"since"`   // the year in which the first of them begins, 0 without any
	ReachedCount int      `json:"reached_count"`
	Reached      []Window `json:"reached"`    // best first
	Best         *Window  `json:"best"`       // of this region, null without one
	LastStart    *int     `json:"last_start"` // the latest year from which the target can still be reached at best, null: none
}

// Window is the pace of one region from the reading of one year to that five
// years later.
type Window struct {
	Region string  `json:"region"`
	From   int     `json:"from"`
	To     int     `json:"to"`
	Pace   float64 `json:"pace"`
}

// NewPrecedent gives a precedent in the form for programs; nil stays nil.
func NewPrecedent(p *assess.Precedent, level string) *Precedent {
	if p == nil {
		return nil
	}
	out := &Precedent{Needed: p.Needed, Compound: p.Compound, Level: level, Windows: p.Windows, Regions: p.Regions, Since: p.Since,
		ReachedCount: len(p.Reached), Reached: make([]Window, len(p.Reached))}
	for i, w := range p.Reached {
		out.Reached[i] = Window(w)
	}
	if p.Best != nil {
		best := Window(*p.Best)
		out.Best = &best
	}
	if p.LastStart != 0 {
		out.LastStart = &p.LastStart
	}
	return out
}
