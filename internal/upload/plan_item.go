package upload

import (
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// PlanItem is an import plan in the form for programs. Moments are RFC 3339 in Shanghai.
type PlanItem struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Regions []string       `json:"regions"` // codes; empty: the whole country
	Answers ingest.Answers `json:"answers"`
	Source  string         `json:"source"`
	Stage   string         `json:"stage"`
	Author  string         `json:"author"`
	Created time.Time      `json:"created"`
	Changed time.Time      `json:"changed"`
	Uses    []PlanUseItem  `json:"uses"` // newest first
}

// PlanUseItem is an upload that was submitted or published under a plan.
type PlanUseItem struct {
	Upload string    `json:"upload"` // id
	At     time.Time `json:"at"`
}

// Item gives the plan in the form for programs.
func (p Plan) Item() PlanItem {
	item := PlanItem{p.ID, p.Name, append([]string{}, p.Regions...), p.Answers, p.Source, p.Stage, p.Author,
		p.Created.In(indicator.Shanghai), p.Changed.In(indicator.Shanghai), []PlanUseItem{}}
	for _, use := range p.Uses {
		item.Uses = append(item.Uses, PlanUseItem{use.Upload, use.At.In(indicator.Shanghai)})
	}
	return item
}
