package web

import (
	"encoding/json"
	"fmt"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/chart"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// panelView is one panel in words; absent bodies are nil.
type panelView struct {
	ID, Title, Note, Empty string
	Counts                 []countView
	Choices                []choiceView
	Tiles                  *tilesView
	Filters                []filterView
	Kept                   []pair // what the form with the filters carries along
	Unfiltered             string // this page without filters
	Table                  *tableView
	Figure                 *figureView
	Tracks                 []trackView
	Card                   *cardView
	Foot                   *footView
	Cleared                string // the address without filters
}

type countView struct {
	Badge *badge
	N     int
}

type choiceView struct {
	Value, Name, Link string
	Chosen            bool
}

type filterView struct {
	Name, Title string
	Choices     []choiceView
}

type tilesView struct {
	Unit   string
	Period string // of all tiles but those that carry another
	Tiles  []tileView
	Legend []markView
}

type tileView struct {
	Name, Value, Period, Sentence, Link string
	Badge                               *badge
	Column, Row                         int
	Collected                           bool
	Marks                               []markView
}

type figureView struct {
	ID, Title, Description string
	Height, Width          int    // of the chart in CSS pixels; the width is that of the still
	Still                  string // its address as SVG, where it has one
	Option                 json.RawMessage
	Table                  *tableView
	Foot                   *footView
}

type footView struct {
	AsOf     string
	Sources  []sourceView
	More     int // sources left out of the list
	Notes    []string
	National bool
}

type sourceView struct {
	Words, Stage, Released, Link string
	Generated                    bool
}

type factView struct {
	Name  string
	Value cellView
}

type cardView struct {
	Text  []string
	Facts []factView
}

type trackView struct {
	ID, Name, Headline, Statement, Document, Locator, Sentence string
	Region, RegionLink, Link                                   string
	Counted, Hollow                                            bool
	Badge                                                      *badge
	Marks                                                      []markView
	Facts, Arithmetic                                          []factView
	Figure                                                     *figureView
	Proof                                                      *proofView
	Whole                                                      bool // on the target's own page, which has all of the proof
	Why                                                        *whyView
	Outlook                                                    *outlookView
}

func (p presenter) panel(d dashboard.Panel) (panelView, error) {
	v := panelView{ID: d.ID, Title: p.say(d.Title), Note: p.say(d.Note), Empty: p.say(d.Empty),
		Tiles: p.tiles(d.Tiles), Table: p.table(d.Table), Card: p.card(d.Card), Foot: p.foot(d.Foot),
	}
	for _, c := range d.Counts {
		v.Counts = append(v.Counts, countView{p.badge(c.Status, "", false), c.N})
	}
	for _, c := range d.Choices {
		link := p.address.link("/#"+d.ID, "indicator", c.Value)
		v.Choices = append(v.Choices, choiceView{c.Value, p.say(c.Name), link, c.Chosen})
	}
	if len(d.Filters) > 0 {
		v.Kept, v.Unfiltered = p.address.pairs(), p.address.link(p.path)
	}
	for _, f := range d.Filters {
		filter := filterView{Name: f.Name, Title: p.say(f.Title)}
		for _, c := range f.Choices {
			filter.Choices = append(filter.Choices, choiceView{Value: c.Value, Name: p.say(c.Name), Chosen: c.Chosen})
		}
		v.Filters = append(v.Filters, filter)
	}
	if v.Table != nil && v.Table.Caption == v.Title {
		v.Table.Silent = true
	}
	var err error
	if v.Figure, err = p.figure(d.Figure); err != nil {
		return panelView{}, err
	}
	for i := range d.Tracks {
		track, err := p.track(&d.Tracks[i])
		if err != nil {
			return panelView{}, err
		}
		v.Tracks = append(v.Tracks, track)
	}
	return v, nil
}

func (p presenter) tiles(g *dashboard.TileGrid) *tilesView {
	if g == nil {
		return nil
	}
	v := &tilesView{Unit: p.unit(g.Unit), Period: commonPeriod(g.Tiles).Label(p.address.Lang)}
	var used legend
	for _, t := range g.Tiles {
		tile := tileView{Name: p.say(t.Name), Sentence: p.say(t.Sentence), Link: p.link(t.Link),
			Badge: p.badge(t.Status, t.Reason, t.Hollow), Column: t.Column, Row: t.Row,
			Collected: t.Collected, Marks: p.marks(t.Marks)}
		if !t.Collected {
			tile.Link = "" // there is nothing to show of it
		}
		used.add(tile.Marks)
		if t.Value != nil {
			tile.Value = indicator.FormatNumber(*t.Value, g.Decimals)
			if period := t.Period.Label(p.address.Lang); period != v.Period {
				tile.Period = period
			}
		}
		v.Tiles = append(v.Tiles, tile)
	}
	v.Legend = used.marks
	return v
}

// commonPeriod is the period of most tiles.
func commonPeriod(tiles []dashboard.Tile) indicator.Period {
	counts := map[indicator.Period]int{}
	var common indicator.Period
	for _, t := range tiles {
		if t.Value == nil {
			continue
		}
		counts[t.Period]++
		if counts[t.Period] > counts[common] {
			common = t.Period
		}
	}
	return common
}

// Class gives colour and fill: solid for the province's own verdict, an outline
// for a reference, plain without a verdict.
func (t tileView) Class() string {
	switch {
	case !t.Collected:
		return "out"
	case t.Badge == nil:
		return "blank"
	case t.Badge.Code == string(assess.NotAssessed):
		return "blank " + t.Badge.Code
	case t.Badge.Hollow:
		return "hollow " + t.Badge.Code
	}
	return "counted " + t.Badge.Code
}

func (p presenter) figure(f *dashboard.Figure) (*figureView, error) {
	if f == nil {
		return nil, nil
	}
	v := &figureView{ID: f.ID, Table: p.table(&f.Table), Foot: p.foot(&f.Foot)}
	if f.Chart == nil {
		return v, nil
	}
	option, err := p.draw(f.Chart, p.address.Lang)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", f.Chart.ID, err)
	}
	v.Option, v.Title, v.Description = option, p.say(f.Chart.Title), p.say(f.Chart.Description)
	v.Height, v.Width, v.Still = chart.Height(f.Chart), chart.Width, p.still(f.Chart)
	return v, nil
}

// maxSources is how many sources are printed under a figure; the rest is counted.
const maxSources = 3

func (p presenter) foot(f *dashboard.Foot) *footView {
	if f == nil {
		return nil
	}
	v := &footView{AsOf: date(f.AsOf), National: f.National}
	for i, s := range f.Sources {
		if i == maxSources {
			v.More = len(f.Sources) - maxSources
			break
		}
		v.Sources = append(v.Sources, sourceView{s.Source, p.say(indicator.StageName(s.Stage)), date(s.Released), p.link(s.Link), s.Generated})
	}
	for _, n := range f.Notes {
		v.Notes = append(v.Notes, p.say(n))
	}
	return v
}

func (p presenter) card(c *dashboard.Card) *cardView {
	if c == nil {
		return nil
	}
	v := &cardView{Facts: p.facts(c.Facts)}
	for _, t := range c.Text {
		v.Text = append(v.Text, p.say(t))
	}
	return v
}

func (p presenter) facts(facts []dashboard.Fact) []factView {
	var list []factView
	for _, f := range facts {
		list = append(list, factView{p.say(f.Name), p.cell(f.Value, false)})
	}
	for i := range list { // a period with a line of its own is not said twice
		for _, other := range list {
			if list[i].Value.Period == other.Value.Text {
				list[i].Value.Period = ""
			}
			if list[i].Value.Note == other.Value.Text {
				list[i].Value.Note = ""
			}
		}
	}
	return list
}

func (p presenter) track(t *dashboard.Track) (trackView, error) {
	v := trackView{ID: t.ID, Name: p.say(t.Name), Headline: p.say(t.Headline), Statement: p.say(t.Statement),
		Document: p.say(t.Document), Locator: p.say(t.Locator), Sentence: p.say(t.Sentence),
		Region: p.say(t.RegionName), RegionLink: p.link(t.RegionLink), Link: p.link(t.Link),
		Counted: t.Counted, Hollow: t.Hollow, Badge: p.badge(t.Status, t.Reason, t.Hollow),
		Marks: p.marks(t.Marks), Facts: p.facts(t.Facts), Arithmetic: p.facts(t.Arithmetic)}
	v.Proof, v.Whole, v.Why = p.proof(t.Proof), t.Whole, p.why(t.Why)
	figure, err := p.figure(t.Figure)
	v.Figure, v.Outlook = figure, p.outlook(t.Outlook)
	return v, err
}
