// Package dashboard turns a page definition and the readings of a snapshot into
// a View: titles, sentences, tables and charts in both languages, with every
// figure and verdict in it. It knows neither HTML nor ECharts, so that a page,
// a report and an export made from one View cannot disagree.
package dashboard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Definition is one page, as its file under dashboards/ states it. The file is
// decoded strictly: a key that is not here is a fault.
type Definition struct {
	// Page is the page's name and, for a page of another shape, what its links
	// call it: overview, region, indicator, targets or target.
	Page string `yaml:"page"`
	// Parameters are the values that the page takes from its path, in order:
	// region, indicator, target.
	Parameters []string `yaml:"parameters"`
	// Title may name {region}, {indicator} and {target}.
	Title indicator.Text `yaml:"title"`
	// Panels are shown in this order.
	Panels []PanelDefinition `yaml:"panels"`
}

// PanelDefinition is one panel of a page. Options that its kind has no use for
// must be absent.
type PanelDefinition struct {
	// ID is the panel's anchor, unique on the page; empty: its kind.
	ID    string         `yaml:"id"`
	Kind  PanelKind      `yaml:"kind"`
	Title indicator.Text `yaml:"title"`
	// Note is a sentence printed under the title.
	Note indicator.Text `yaml:"note"`
	// Indicators are codes. tiles: the ones to choose from, the first unless the
	// address says otherwise; profile: the lines in their order; empty: every
	// indicator that has a reading.
	Indicators []string `yaml:"indicators"`
	// Limit is the most entries shown by uploads and tracks; 0: ten uploads, all
	// tracks. A tracks panel leaves out what one above it on the page shows.
	Limit int `yaml:"limit"`
	// Until is the last year of the time axis of tracks and trend; 0: 2035 for
	// tracks, and for a trend, which shows readings only, little after the last.
	Until int `yaml:"until"`
}

// PanelKind is what a panel shows.
type PanelKind string

// The kinds of panel.
const (
	KindTiles      PanelKind = "tiles"      // provinces as a grid, coloured by status
	KindScoreboard PanelKind = "scoreboard" // province × counted target
	KindUploads    PanelKind = "uploads"    // newest publications
	KindProfile    PanelKind = "profile"    // one line per indicator of a region
	KindTracks     PanelKind = "tracks"     // a region's targets, each with its chart
	KindRanking    PanelKind = "ranking"    // provinces by value
	KindTrend      PanelKind = "trend"      // an indicator over time, all regions
	KindNation     PanelKind = "nation"     // the nation's total over time, which trend has no room for
	KindDefinition PanelKind = "definition" // what an indicator is
	KindCrosswalk  PanelKind = "crosswalk"  // which international indicators it comes nearest to
	KindTargets    PanelKind = "targets"    // list of targets with filters
	KindTarget     PanelKind = "target"     // what a target says and where
	KindStandings  PanelKind = "standings"  // every region's status of one target
)

// needs tells which path parameters a kind of panel cannot do without.
var needs = map[PanelKind][]string{
	KindTiles:      nil,
	KindScoreboard: nil,
	KindUploads:    nil,
	KindProfile:    {"region"},
	KindTracks:     {"region"},
	KindRanking:    {"indicator"},
	KindTrend:      {"indicator"},
	KindNation:     {"indicator"},
	KindDefinition: {"indicator"},
	KindCrosswalk:  {"indicator"},
	KindTargets:    nil,
	KindTarget:     {"target"},
	KindStandings:  {"target"},
}

// Misfit is one thing wrong with a definition. Path is where, as a YAML path
// ($.panels[1].kind), from which the loader finds the line.
type Misfit struct {
	Path    string
	Message indicator.Text
}

var (
	anchorPattern      = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	placeholderPattern = regexp.MustCompile(`\{[^}]*\}`)
	parameterNames     = []string{"region", "indicator", "target"}
)

// Check finds every misfit of the definition with itself and the catalogue.
func (d *Definition) Check(c *indicator.Catalog) []Misfit {
	var found []Misfit
	add := func(path, zh, en string, args ...any) {
		found = append(found, Misfit{path, indicator.T(fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))})
	}
	if !anchorPattern.MatchString(d.Page) {
		add("$.page", "页面名称“%s”无效，应以小写字母开头，只含小写字母、数字和连字符。",
			"page name %q is not valid: want lower-case letters, digits and hyphens, a letter first", d.Page)
	}
	if d.Title.ZH == "" || d.Title.EN == "" {
		add("$.title", "页面标题须有中文和英文。", "the title needs both zh and en")
	}
	for i, p := range d.Parameters {
		if !slices.Contains(parameterNames, p) {
			add(fmt.Sprintf("$.parameters[%d]", i), "未知参数“%s”，可用：region、indicator、target。",
				"unknown parameter %q: want region, indicator or target", p)
		}
	}
	placeholders := placeholderPattern.FindAllString(d.Title.ZH+d.Title.EN, -1)
	slices.Sort(placeholders)
	for _, name := range slices.Compact(placeholders) {
		if !slices.Contains(d.Parameters, strings.Trim(name, "{}")) {
			add("$.title", "标题中的%s不是本页参数。", "%s in the title is not a parameter of this page", name)
		}
	}
	if len(d.Panels) == 0 {
		add("$.panels", "页面没有图表，至少需要一个。", "the page has no panels: it needs at least one")
	}
	seen := map[string]bool{}
	for i := range d.Panels {
		p := &d.Panels[i]
		d.checkPanel(p, fmt.Sprintf("$.panels[%d]", i), c, add)
		if seen[p.anchor()] {
			add(fmt.Sprintf("$.panels[%d]", i), "图表标识“%s”在本页重复，请用 id 区分。",
				"panel id %q occurs twice on this page: set id to tell them apart", p.anchor())
		}
		seen[p.anchor()] = true
	}
	return found
}

func (d *Definition) checkPanel(p *PanelDefinition, path string, c *indicator.Catalog,
	add func(path, zh, en string, args ...any)) {
	required, known := needs[p.Kind]
	if !known {
		add(path+".kind", "未知图表类型“%s”。", "unknown kind of panel %q", p.Kind)
		return
	}
	for _, name := range required {
		if !slices.Contains(d.Parameters, name) {
			add(path+".kind", "图表“%s”需要页面参数 %s。", "panel %q needs the page parameter %s", p.Kind, name)
		}
	}
	if p.Title.ZH == "" || p.Title.EN == "" {
		add(path+".title", "图表标题须有中文和英文。", "the panel's title needs both zh and en")
	}
	if !anchorPattern.MatchString(p.anchor()) {
		add(path+".id", "图表标识“%s”无效，应以小写字母开头，只含小写字母、数字和连字符。",
			"panel id %q is not valid: want lower-case letters, digits and hyphens, a letter first", p.ID)
	}
	for i, code := range p.Indicators {
		if c.Indicator(code) == nil {
			add(fmt.Sprintf("%s.indicators[%d]", path, i), "指标目录中没有“%s”。",
				"the catalogue has no indicator %q", code)
		}
	}
	if len(p.Indicators) > 0 && p.Kind != KindTiles && p.Kind != KindProfile {
		add(path+".indicators", "图表“%s”不使用 indicators。", "panel %q has no use for indicators", p.Kind)
	}
	if p.Limit != 0 && (p.Kind != KindUploads && p.Kind != KindTracks || p.Limit < 0) {
		add(path+".limit", "limit 只用于 uploads 和 tracks，且须为正数。", "limit is for uploads and tracks only and must be positive")
	}
	if p.Until != 0 && (p.Kind != KindTracks && p.Kind != KindTrend && p.Kind != KindNation || p.Until < 2000 || p.Until > 2100) {
		add(path+".until", "until 只用于 tracks、trend 和 nation，取值 2000—2100。",
			"until is for tracks, trend and nation only, a year from 2000 to 2100")
	}
}

func (p *PanelDefinition) anchor() string {
	if p.ID != "" {
		return p.ID
	}
	return string(p.Kind)
}
