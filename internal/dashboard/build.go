package dashboard

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Horizon is the year to which every time axis runs unless a panel says otherwise.
const Horizon = 2035

// builder makes one View.
type builder struct {
	*reader
	def       *Definition
	params    Params
	region    *indicator.Region    // nil unless the page has the parameter
	indicator *indicator.Indicator // likewise
	target    *indicator.Target    // likewise
	proved    string               // with target: the region whose proof the page shows
	assessed  []Assessed           // everything the page needs, own and reference
	why       *Why                 // of a page of one target

	tracked   map[string]bool // targets already shown with a track
	generated bool            // generated data was shown
	national  bool            // national figures were shown
}

// Build makes the page that the definition describes from the figures and
// targets visible in the snapshot. A parameter that the catalogue does not know
// is an UnknownError, a region that the target is not shown to a NotShownError,
// an unknown method assess.ErrUnknownMethod; other errors are the ledger's.
func Build(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog, def *Definition, p Params) (*View, error) {
	b := &builder{reader: newReader(snap, catalog, p.AsOfPeriod), def: def, params: p, tracked: map[string]bool{}}
	if err := b.resolve(); err != nil {
		return nil, err
	}
	for i := range catalog.Indicators {
		if err := b.load(ctx, catalog.Indicators[i].Code); err != nil {
			return nil, err
		}
	}
	var err error
	if b.assessed, err = b.assess(ctx, b.query()); err != nil {
		return nil, err
	}
	if err := b.explain(ctx); err != nil {
		return nil, err
	}
	view := &View{
		Page: def.Page, Title: b.title(), Breadcrumb: b.breadcrumb(),
		AsOf: snap.AsOf(), AsOfPeriod: p.AsOfPeriod, Version: int64(snap.Version()),
		Catalogue: catalog.Hash(), Method: p.Method,
	}
	if view.Method == "" {
		view.Method = assess.DefaultMethod
	}
	for i := range def.Panels {
		if def.Panels[i].Kind == KindNation && !additive(b.indicator) {
			continue // trend draws the nation among the provinces
		}
		if def.Panels[i].Kind == KindCrosswalk && b.indicator.Crosswalk.IsZero() {
			continue // nobody has compared it
		}
		p := b.panel(&def.Panels[i])
		if p.Kind == KindTracks && p.Tracks == nil && (def.Panels[i].Limit > 0 || len(b.tracked) > 0) {
			continue // nothing to open with, or all shown above
		}
		view.Panels = append(view.Panels, p)
	}
	view.Lead = b.lead(view.Panels)
	view.Notices = b.notices()
	return view, nil
}

// resolve finds what the page's parameters name.
func (b *builder) resolve() error {
	for _, name := range b.def.Parameters {
		switch name {
		case "region":
			if b.region = b.catalog.Region(b.params.Region); b.region == nil {
				return &UnknownError{name, b.params.Region}
			}
		case "indicator":
			if b.indicator = b.catalog.Indicator(b.params.Indicator); b.indicator == nil {
				return &UnknownError{name, b.params.Indicator}
			}
		case "target":
			if b.target = b.catalog.Target(b.params.Target); b.target == nil {
				return &UnknownError{name, b.params.Target}
			}
			if err := b.resolveProved(); err != nil {
				return err
			}
		}
	}
	if code := b.params.Indicator; code != "" && b.catalog.Indicator(code) == nil { // the choice of a page without the parameter
		return &UnknownError{"indicator", code}
	}
	return nil
}

// resolveProved finds the region whose proof a page of one target shows.
func (b *builder) resolveProved() error {
	b.proved = b.target.Region
	code := b.params.Region
	switch {
	case code == "":
	case b.catalog.Region(code) == nil:
		return &UnknownError{"region", code}
	case !b.target.ShownTo(code):
		return &NotShownError{b.target, b.catalog.Region(code)}
	default:
		b.proved = code
	}
	return nil
}

// query asks for what the page shows and no more: the region's targets, the one
// target, or all.
func (b *builder) query() Query {
	q := Query{Method: b.params.Method, AsOfPeriod: b.params.AsOfPeriod, Now: b.params.Now}
	if b.region != nil {
		q.Regions = []string{b.region.Code}
	}
	if b.target != nil {
		q.Targets = []string{b.target.ID}
	}
	if slices.ContainsFunc(b.def.Panels, func(d PanelDefinition) bool { return d.Kind == KindTracks || d.Kind == KindTarget }) {
		q.Outlooks, q.Trials = b.params.Outlooks, true
	}
	return q
}

func (b *builder) panel(d *PanelDefinition) Panel {
	p := Panel{ID: d.anchor(), Kind: d.Kind, Title: d.Title, Note: d.Note}
	switch d.Kind {
	case KindTiles:
		b.tiles(d, &p)
	case KindScoreboard:
		b.scoreboard(&p)
	case KindUploads:
		b.uploads(d, &p)
	case KindProfile:
		b.profile(d, &p)
	case KindTracks:
		b.tracks(d, &p)
	case KindRanking:
		b.rankingPanel(&p)
	case KindTrend:
		b.trend(d, &p)
	case KindNation:
		b.nation(d, &p)
	case KindDefinition:
		b.definition(&p)
	case KindCrosswalk:
		b.crosswalk(&p)
	case KindTargets:
		b.targetList(&p)
	case KindTarget:
		b.targetCard(&p)
	case KindStandings:
		b.standings(&p)
	}
	return p
}

func (b *builder) title() Text {
	fill := func(lang indicator.Lang) string {
		var pairs []string
		if b.region != nil {
			pairs = append(pairs, "{region}", b.region.Short.In(lang))
		}
		if b.indicator != nil {
			pairs = append(pairs, "{indicator}", b.indicator.Name.In(lang))
		}
		if b.target != nil {
			name := b.targetName(b.target)
			if b.proved != b.target.Region { // a reference: say whose figures stand below
				name = say("%s（%s）", "%s (%s)", name, b.regionName(b.proved))
			}
			pairs = append(pairs, "{target}", name.In(lang))
		}
		return strings.NewReplacer(pairs...).Replace(b.def.Title.In(lang))
	}
	return indicator.T(fill(indicator.ZH), fill(indicator.EN))
}

// targetName is region, indicator and what is asked for: 福建 绿色工厂 2025年达到300家.
func (b *builder) targetName(t *indicator.Target) Text {
	i := b.catalog.Indicator(t.Indicator)
	parts := []Text{b.regionName(t.Region)}
	if i != nil {
		parts = append(parts, i.Name)
	}
	return join(" ", ": ", join(" ", ", ", parts...), Headline(t, i))
}

// regionName is a region's short name, empty where there is none.
func (b *builder) regionName(code string) Text {
	if r := b.catalog.Region(code); r != nil {
		return r.Short
	}
	return Text{}
}

func (b *builder) breadcrumb() []Crumb {
	overview := Crumb{indicator.T("总览", "Overview"), &Link{Page: "overview"}}
	switch {
	case b.region != nil:
		var way []Crumb
		for _, r := range b.catalog.Path(b.region.Code) {
			way = append(way, Crumb{r.Short, &Link{Page: "region", ID: r.Code}})
		}
		way[len(way)-1].Link = nil
		return way
	case b.target != nil:
		return []Crumb{overview, {indicator.T("目标", "Targets"), &Link{Page: "targets"}}, {b.targetName(b.target), nil}}
	case b.indicator != nil:
		return []Crumb{overview, {b.indicator.Name, nil}}
	case b.def.Page == "overview":
		return []Crumb{{overview.Name, nil}}
	}
	return []Crumb{overview, {b.title(), nil}}
}

// generatedUpload reports whether a publication holds made-up example data.
func (b *builder) generatedUpload(id string) bool {
	p, ok := b.snap.Publication(id)
	return ok && p.Generated
}

func (b *builder) notices() []Notice {
	list := b.damageNotices()
	if b.generated {
		list = append(list, Notice{NoticeGenerated, indicator.T(
			"本页含示例数据：标有“示例数据”的数字由程序生成，仅供演示，不是统计数据。",
			"This page shows generated examples: figures marked “generated example” were made up for demonstration and are not statistics.")})
	}
	if asOf := b.snap.AsOf(); !asOf.IsZero() {
		list = append(list, Notice{NoticeAsOf, say("版本时点：%s。本页只用当时已公布的数据。",
			"As of %s: the page uses only what was public then.", dateOf(asOf))})
	}
	if !b.limit.IsZero() {
		list = append(list, Notice{NoticePeriod, say("评估报告期：%s。此后各期数据不参与计算。",
			"As-of period %s: later periods are not used.", periodOf(b.limit))})
	}
	if b.national {
		list = append(list, Notice{NoticeNational, NationalNote()})
	}
	return list
}

// NationalNote says what national figures leave out.
func NationalNote() Text {
	return indicator.T("全国数据未包括香港、澳门特别行政区和台湾省。",
		"National figures do not include the Hong Kong and Macao special administrative regions and Taiwan province.")
}

// asOfDate is the day the page speaks of.
func (b *builder) asOfDate() time.Time {
	if asOf := b.snap.AsOf(); !asOf.IsZero() {
		return asOf
	}
	return b.params.Now
}
