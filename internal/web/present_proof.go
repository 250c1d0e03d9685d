package web

import "github.com/dabiao/dabiao/internal/dashboard"

// proofView is what a verdict can be checked by, in words.
type proofView struct {
	Precedent, Agreement string
	Disagree             bool // the methods do
	Facts                []factView
	Reached, Readings    *tableView
	Methods              []methodView
}

type methodView struct {
	ID, Title, Sentence string
	Badge               *badge
	Arithmetic          []factView
}

func (p presenter) proof(t *dashboard.TrackProof) *proofView {
	if t == nil {
		return nil
	}
	v := &proofView{Precedent: p.say(t.Precedent), Agreement: p.say(t.Agreement), Disagree: t.Disagree, Facts: p.facts(t.Facts),
		Reached: p.table(t.Reached), Readings: p.table(t.Readings)}
	for _, table := range []*tableView{v.Reached, v.Readings} {
		if table != nil {
			table.Silent = true // said by what stands above it
		}
	}
	for _, m := range t.Methods {
		v.Methods = append(v.Methods, methodView{ID: m.ID, Title: p.say(m.Title), Sentence: p.say(m.Sentence),
			Badge: p.badge(m.Status, m.Reason, false), Arithmetic: p.facts(m.Arithmetic)})
	}
	return v
}
