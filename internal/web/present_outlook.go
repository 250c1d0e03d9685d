package web

import "github.com/dabiao/dabiao/internal/dashboard"

// outlookView is what a track says of the forecast; without Basis there is none,
// and Sentence says why.
type outlookView struct {
	Sentence, Basis, Backtest, More string
	Tables                          []*tableView
}

func (p presenter) outlook(o *dashboard.TrackOutlook) *outlookView {
	if o == nil {
		return nil
	}
	v := &outlookView{Sentence: p.say(o.Sentence), Basis: p.say(o.Basis), Backtest: p.say(o.Backtest), More: p.link(o.More)}
	for _, t := range []*dashboard.Table{o.Scores, o.Methods, o.Trials} {
		if t != nil {
			v.Tables = append(v.Tables, p.table(t))
		}
	}
	return v
}
