package main

import (
	"fmt"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// printFlips says which verdicts an upload changes, one a line.
func (e *env) printFlips(catalog *indicator.Catalog, staged upload.Staged) {
	flips := staged.Flips
	switch u := staged.Upload; {
	case len(flips) == 0:
		return
	case u != nil && u.State == upload.Published:
		e.say("改变了 %d 个目标状态：", "Target statuses that changed: %d", len(flips))
	default:
		e.say("将改变 %d 个目标状态：", "Target statuses that would change: %d", len(flips))
	}
	for _, f := range flips {
		region, name := f.Region, f.Target.Indicator
		if r := catalog.Region(f.Region); r != nil {
			region = r.Short.In(e.lang)
		}
		if i := catalog.Indicator(f.Target.Indicator); i != nil {
			name = i.Name.In(e.lang)
		}
		mark := ""
		if !f.Counted() {
			mark += indicator.T("（不计入）", " (not counted)").In(e.lang)
		}
		if f.Revision {
			mark += indicator.T("（由修订引起）", " (by a revision)").In(e.lang)
		}
		fmt.Fprintf(e.out, "  %s %s [%s] %s → %s%s\n", region, name, f.Target.ID, e.verdict(f.Before), e.verdict(f.After), mark)
	}
}

// verdict is a status in words, with the reason where there is none.
func (e *env) verdict(a assess.Assessment) string {
	name := assess.StatusName(a.Status).In(e.lang)
	if a.Reason != "" {
		name += indicator.T("（"+assess.ReasonName(a.Reason).ZH+"）", " ("+assess.ReasonName(a.Reason).EN+")").In(e.lang)
	}
	return name
}
