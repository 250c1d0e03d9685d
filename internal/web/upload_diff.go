package web

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// diffView is what an upload changes, or one kind of it.
type diffView struct {
	Kinds    []changeCount
	Changes  []changeView
	Left     int  // changes not printed
	HasCells bool // the changes say from which cell they came
}

// changeCount is one kind of change, or one state of uploads, to be shown alone.
type changeCount struct {
	Value, Name, Link string
	N                 int
	Chosen            bool
}

type changeView struct {
	Kind, KindName, Region, RegionLink, Indicator, IndicatorLink, Period, Old, New, Cell, Status string
	Unit, Delta                                                                                  string
}

// maxChanges is how many changed readings a page lists.
const maxChanges = 500

// paramChange selects one kind of change.
const paramChange = "change"

// changeKinds from the most telling on.
var changeKinds = []upload.ChangeKind{upload.Changed, upload.Withdrawn, upload.New, upload.Unchanged}

// newDiffView lists what changes; what stays is only counted, unless it is asked for.
func newDiffView(catalog *indicator.Catalog, a address, base, only string, diff upload.Diff) *diffView {
	v := &diffView{}
	changed := len(diff.Changes) - diff.Counts[upload.Unchanged]
	v.Kinds = append(v.Kinds, changeCount{"", indicator.T("全部变化", "all changes").In(a.Lang), a.link(base + "#step-4"), changed, only == ""})
	for _, kind := range changeKinds {
		if n := diff.Counts[kind]; n > 0 {
			v.Kinds = append(v.Kinds, changeCount{string(kind), kind.Name().In(a.Lang), a.link(base+"#step-4", paramChange, string(kind)), n, only == string(kind)})
		}
	}
	for _, kind := range changeKinds {
		if only != string(kind) && (only != "" || kind == upload.Unchanged) {
			continue
		}
		for _, change := range diff.Changes {
			if change.Kind != kind {
				continue
			}
			if len(v.Changes) == maxChanges {
				v.Left++
				continue
			}
			v.Changes = append(v.Changes, viewChange(catalog, a, change))
			v.HasCells = v.HasCells || change.Cell.Cell != ""
		}
	}
	return v
}

// isChangeKind tells the kinds from whatever else an address may say.
func isChangeKind(s string) bool { return slices.Contains(changeKinds, upload.ChangeKind(s)) }

func viewChange(catalog *indicator.Catalog, a address, c upload.Change) changeView {
	v := changeView{Kind: string(c.Kind), KindName: c.Kind.Name().In(a.Lang), Region: c.Region, Indicator: c.Indicator,
		Period: c.Period.Label(a.Lang), Cell: c.Cell.Cell, Status: indicator.StatusName(c.Status).In(a.Lang),
		Old: amountOf(c.Old.Value, c.Old.Status), New: amountOf(c.Value, c.Status)}
	if r := catalog.Region(c.Region); r != nil {
		v.Region, v.RegionLink = r.Short.In(a.Lang), a.link("/regions/"+r.Code)
	}
	if i := catalog.Indicator(c.Indicator); i != nil {
		v.Indicator, v.IndicatorLink, v.Unit = i.Name.In(a.Lang), a.link("/indicators/"+i.Code), indicator.UnitName(i.Unit, a.Lang)
		v.Delta = deltaOf(i, c).In(a.Lang)
	}
	return v
}

// deltaOf is by how much a value becomes another one: in per cent, and in
// percentage points where the values are per cent themselves.
func deltaOf(i *indicator.Indicator, c upload.Change) indicator.Text {
	if !c.Old.Status.HasValue() || !c.Status.HasValue() || c.Old.Value == c.Value {
		return indicator.Text{}
	}
	by := c.Value - c.Old.Value
	if i.Unit == "%" {
		text := signed(by, 2)
		return indicator.T(text+" 个百分点", text+" points")
	}
	if c.Old.Value == 0 {
		return indicator.Text{}
	}
	text := signed(by/math.Abs(c.Old.Value)*100, 1) + "%"
	return indicator.T(text, text)
}

func signed(v float64, decimals int) string {
	text := indicator.FormatNumber(v, decimals)
	if v > 0 {
		return "+" + text
	}
	return text
}

// amountOf is a value with all the places it was given with: a reviewer must see
// the change that rounding would hide.
func amountOf(v float64, status indicator.Status) string {
	switch {
	case status == "":
		return ""
	case !status.HasValue():
		return "—"
	}
	_, places, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return indicator.FormatNumber(v, len(places))
}

// flipView is a target whose status the upload changes.
type flipView struct {
	Target, Link, Region, Indicator string
	Before, After                   *badge
	Why                             string
}

func (s *Server) flipViews(p presenter, flips []upload.Flip) []flipView {
	catalog := s.config.Catalog()
	var list []flipView
	for _, f := range flips {
		v := flipView{Target: p.say(f.Target.Statement), Link: p.address.link("/targets/" + url.PathEscape(f.Target.ID)), Region: f.Region,
			Before: p.badge(f.Before.Status, f.Before.Reason, !f.Counted()), After: p.badge(f.After.Status, f.After.Reason, !f.Counted()),
			Why: p.say(indicator.T("新数据", "new readings"))}
		if f.Revision {
			v.Why = p.say(indicator.T("修订已发布的数值", "a revision of published values"))
		}
		if r := catalog.Region(f.Region); r != nil {
			v.Region = p.say(r.Short)
		}
		if i := catalog.Indicator(f.Target.Indicator); i != nil {
			v.Indicator = p.say(i.Name)
		}
		list = append(list, v)
	}
	return list
}
