package settings

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/dabiao/dabiao/internal/indicator"
)

// targetsFile is targets.yaml: one entry per row of the table that a document
// was recorded in. A row stands for one target per indicator and region.
type targetsFile struct {
	Targets []targetRow `yaml:"targets"`
}

// targetRow is a row. Its fields hold for all its targets; each changes some of
// them for one of the indicators.
type targetRow struct {
	Row        string   `yaml:"row"`
	Document   string   `yaml:"document"`
	Region     string   `yaml:"region"`
	Regions    []string `yaml:"regions"` // instead of region
	Indicators []string `yaml:"indicators"`
	Each       []each   `yaml:"each"`
	targetFields
}

// each keeps the place of an entry until the row it is laid over is complete.
type each struct {
	path string
	node ast.Node
}

func (e *each) decodeNode(_ *file, path string, n ast.Node) { *e = each{path, n} }

// eachFields is an entry of each: an indicator and the fields that are its own.
type eachFields struct {
	Indicator string `yaml:"indicator"`
	targetFields
}

// targetFields are the fields of a target as its file writes them.
type targetFields struct {
	Locator      indicator.Text        `yaml:"locator"`
	Statement    indicator.Text        `yaml:"statement"`
	ReferenceFor references            `yaml:"reference_for"`
	Topic        string                `yaml:"topic"` // empty: the indicator's
	Link         indicator.Link        `yaml:"indicator_link"`
	Basis        indicator.Basis       `yaml:"basis"`
	BasisReason  indicator.Text        `yaml:"basis_reason"`
	Approximate  bool                  `yaml:"approximate"`
	Binding      indicator.Binding     `yaml:"binding"` // empty: unstated
	Lead         indicator.Text        `yaml:"lead"`
	InForceFrom  indicator.Date        `yaml:"in_force_from"`
	InForceUntil indicator.Date        `yaml:"in_force_until"`
	SupersededBy string                `yaml:"superseded_by"`
	Kind         indicator.Kind        `yaml:"kind"`
	Value        *float64              `yaml:"value"`
	Bound        indicator.Bound       `yaml:"bound"`
	Relative     indicator.Relative    `yaml:"relative"`
	Counted      indicator.Counted     `yaml:"counted"`
	Price        indicator.Price       `yaml:"price"`
	Baseline     *indicator.Baseline   `yaml:"baseline"`
	Tolerance    *tolerance            `yaml:"tolerance"`
	Direction    indicator.Direction   `yaml:"direction"`
	By           int                   `yaml:"by"`
	From         int                   `yaml:"from"`
	Until        int                   `yaml:"until"`
	Milestones   []indicator.Milestone `yaml:"milestones"`
}

// references is the word provinces or a list of region codes.
type references struct {
	provinces bool
	codes     []string
}

func (r *references) decodeNode(f *file, path string, n ast.Node) {
	*r = references{}
	if list, ok := n.(*ast.SequenceNode); ok {
		for i, item := range list.Values {
			here := fmt.Sprintf("%s[%d]", path, i)
			f.lines[here] = item.GetToken().Position.Line
			code, ok := textOf(item)
			if !ok {
				f.refuse(here, "应为地区代码。", "want the code of a region")
			}
			r.codes = append(r.codes, code)
		}
		return
	}
	if word, _ := textOf(n); word == "provinces" {
		r.provinces = true
		return
	}
	f.refuse(path, "应为 provinces 或地区代码的列表。", "want provinces or a list of region codes")
}

// tolerance is a number of units, or per cent of the middle: 1, "5%".
type tolerance struct{ indicator.Tolerance }

func (t *tolerance) decodeNode(f *file, path string, n ast.Node) {
	*t = tolerance{}
	text, _ := textOf(n)
	number, percent := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(value > 0 && value <= 1e12) {
		f.refuse(path, "应为正数（按指标单位），或百分比，如 \"5%%\"。",
			"want a positive number of units, or per cent, as in \"5%%\"")
		return
	}
	t.Value, t.Percent = value, percent
}

// draftTarget is a target on its way into the catalogue, with the places of its
// fields: path is its own entry, row the row whose fields it shares.
type draftTarget struct {
	indicator.Target
	path, row string
	provinces bool // reference_for: provinces, expanded once the regions are known
}

// at is the path of a field: in the entry where that gives it, else in the row.
func (t *draftTarget) at(f *file, field string) string {
	if own := t.path + "." + field; f.given(own) || t.path == t.row || !f.given(t.row+"."+field) {
		return own
	}
	return t.row + "." + field
}

// expand makes the targets of a row: one per indicator and region.
func (f *file) expand(row *targetRow, path string) []draftTarget {
	f.rowShape(row, path)
	regions, indicators := row.Regions, row.Indicators
	if len(regions) == 0 {
		regions = []string{row.Region}
	}
	if len(indicators) == 0 {
		indicators = []string{""}
	}
	changes := f.changes(row)
	var list []draftTarget
	for i, code := range indicators {
		if slices.Contains(indicators[:i], code) {
			continue // a fault of the row
		}
		entry := changes[code]
		if entry == nil {
			entry = &eachEntry{eachFields: eachFields{code, row.targetFields}, path: path}
		}
		for _, region := range regions {
			t := entry.target(row, region)
			if len(row.Regions) > 1 {
				t.ID += "-" + region
			}
			list = append(list, draftTarget{t, entry.path, path, entry.ReferenceFor.provinces})
		}
	}
	return list
}

// rowShape checks that a row says each thing in one way only.
func (f *file) rowShape(row *targetRow, path string) {
	if f.given(path+".region") && f.given(path+".regions") {
		f.fault(path+".regions", "region 和 regions 只能写一个。", "give region or regions, not both")
	}
	f.repeated(func(i int) string { return fmt.Sprintf("%s.indicators[%d]", path, i) }, row.Indicators)
	f.repeated(func(i int) string { return fmt.Sprintf("%s.regions[%d]", path, i) }, row.Regions)
}

// eachEntry is an entry of each laid over its row.
type eachEntry struct {
	eachFields
	path string
}

// changes lays the entries of each over their row, by indicator.
func (f *file) changes(row *targetRow) map[string]*eachEntry {
	found := map[string]*eachEntry{}
	for _, e := range row.Each {
		entry := &eachEntry{eachFields{targetFields: row.targetFields}, e.path}
		f.mapping(e.node, e.path, reflect.ValueOf(&entry.eachFields).Elem())
		at := e.path + ".indicator"
		switch {
		case !f.require(at, entry.Indicator != ""):
		case !slices.Contains(row.Indicators, entry.Indicator):
			f.fault(at, "each 中的指标 %s 不在本条的 indicators 中。请补入或改正。",
				"the indicator %s of each is not among the indicators of this entry: add or correct it", entry.Indicator)
		case found[entry.Indicator] != nil:
			f.fault(at, "指标 %s 在 each 中重复。请合并。", "the indicator %s occurs twice in each: join the two", entry.Indicator)
		default:
			found[entry.Indicator] = entry
		}
	}
	return found
}

// target is one target without the fields that need the rest of the catalogue.
func (e *eachFields) target(row *targetRow, region string) indicator.Target {
	t := indicator.Target{
		ID:  strings.Join([]string{row.Document, row.Row, cmp.Or(e.Indicator, "statement")}, "-"),
		Row: row.Row, Document: row.Document, Locator: e.Locator, Statement: e.Statement,
		Region: region, ReferenceFor: slices.Clone(e.ReferenceFor.codes), Indicator: e.Indicator,
		Topic: e.Topic, Link: e.Link, Basis: e.Basis, BasisReason: e.BasisReason,
		Approximate: e.Approximate, Binding: e.Binding, Lead: e.Lead,
		InForceFrom: e.InForceFrom, InForceUntil: e.InForceUntil, SupersededBy: e.SupersededBy,
		Kind: e.Kind, Value: e.Value, Bound: e.Bound, Relative: e.Relative,
		Counted: e.Counted, Price: e.Price, Baseline: e.Baseline,
		Direction: e.Direction, By: e.By, From: e.From, Until: e.Until, Milestones: e.Milestones,
	}
	if e.Tolerance != nil {
		t.Tolerance = &e.Tolerance.Tolerance
	}
	if t.Binding == "" {
		t.Binding = indicator.Unstated
	}
	return t
}
