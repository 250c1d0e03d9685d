package settings

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

var rowPattern = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// loadTargets expands the rows into targets and holds each against the catalogue.
func (l *loader) loadTargets(c *indicator.Catalog, complete known) {
	var content targetsFile
	f := l.read("targets.yaml", &content)
	if f.unusable {
		return
	}
	k := &targetCheck{file: f, catalog: c, complete: complete, byID: map[string]*draftTarget{}}
	var drafts []draftTarget
	for i := range content.Targets {
		path := fmt.Sprintf("$.targets[%d]", i)
		k.row(&content.Targets[i], path)
		drafts = append(drafts, f.expand(&content.Targets[i], path)...)
	}
	for i := range drafts {
		k.claim(&drafts[i])
	}
	for i := range drafts {
		k.target(&drafts[i])
		c.Targets = append(c.Targets, drafts[i].Target)
	}
}

// targetCheck holds the targets against the catalogue and each other.
type targetCheck struct {
	*file
	catalog  *indicator.Catalog
	complete known
	byID     map[string]*draftTarget
}

// row checks what all targets of a row share.
func (k *targetCheck) row(row *targetRow, path string) {
	if k.require(path+".row", row.Row != "") && !rowPattern.MatchString(row.Row) {
		k.fault(path+".row", "行号“%s”应只含字母和数字。", "the row %q must be letters and digits only", row.Row)
	}
	if k.require(path+".document", row.Document != "") && k.complete.documents && k.catalog.Document(row.Document) == nil {
		ids := codesOf(k.catalog.Documents, func(d indicator.Document) string { return d.ID })
		k.unknown(path+".document", "文件", "document", row.Document, indicator.NearestWord(row.Document, ids))
	}
	for i, code := range row.Regions {
		k.region(fmt.Sprintf("%s.regions[%d]", path, i), code)
	}
	if len(row.Regions) == 0 && row.Region != "" {
		k.region(path+".region", row.Region)
	}
	for i, code := range row.Indicators {
		if k.complete.indicators && k.catalog.Indicator(code) == nil {
			codes := codesOf(k.catalog.Indicators, func(x indicator.Indicator) string { return x.Code })
			k.unknown(fmt.Sprintf("%s.indicators[%d]", path, i), "指标", "indicator", code, indicator.NearestWord(code, codes))
		}
	}
}

func (k *targetCheck) region(path, code string) {
	if k.complete.regions && k.catalog.Region(code) == nil {
		codes := codesOf(k.catalog.Regions, func(r indicator.Region) string { return r.Code })
		k.unknown(path, "地区", "region", code, indicator.NearestWord(code, codes))
	}
}

// claim gives a target its id, which must be its own.
func (k *targetCheck) claim(t *draftTarget) {
	if t.Document == "" || t.Row == "" {
		return
	}
	if other := k.byID[t.ID]; other != nil {
		k.fault(t.row+".row", "目标 %[1]s 重复，第 %[2]d 行已有。请合并或更换行号。",
			"the target %[1]s is given twice, first in line %[2]d: join the two or change the row", t.ID, k.line(other.row))
		return
	}
	k.byID[t.ID] = t
}

// target completes one target from the catalogue and checks it.
func (k *targetCheck) target(t *draftTarget) {
	x, r := k.catalog.Indicator(t.Indicator), k.catalog.Region(t.Region)
	k.words(t)
	if t.Topic == "" && x != nil {
		t.Topic = x.Topic
	}
	k.inForce(t)
	k.superseded(t)
	k.subject(t, x, r)
	kindCheck{k, t, x}.check()
	k.references(t, x)
}

// words checks texts, topic and basis.
func (k *targetCheck) words(t *draftTarget) {
	k.requireText(t.at(k.file, "locator"), t.Locator)
	k.requireText(t.at(k.file, "statement"), t.Statement)
	k.optionalText(t.at(k.file, "basis_reason"), t.BasisReason)
	k.optionalText(t.at(k.file, "lead"), t.Lead)
	if t.Topic != "" {
		k.topic(t.at(k.file, "topic"), t.Topic, k.catalog.Topics)
	}
	basis := t.at(k.file, "basis")
	if k.require(basis, t.Basis != "") && t.Basis == indicator.Interpreted && t.BasisReason.IsZero() {
		k.fault(basis, "basis: interpreted 须写明 basis_reason。", "basis: interpreted needs a basis_reason")
	}
}

func (k *targetCheck) inForce(t *draftTarget) {
	from, until := t.at(k.file, "in_force_from"), t.at(k.file, "in_force_until")
	for path, d := range map[string]indicator.Date{from: t.InForceFrom, until: t.InForceUntil} {
		if !d.Valid() {
			k.fault(path, "日期“%s”无效。应形如 2024-01-31。", "%q is not a date: want one like 2024-01-31", string(d))
		}
	}
	if t.InForceFrom.Valid() && t.InForceUntil.Valid() && t.InForceUntil != "" && t.InForceUntil < t.InForceFrom {
		k.fault(until, "in_force_until 早于 in_force_from。请核对两个日期。",
			"in_force_until is before in_force_from: check both dates")
	}
}

// superseded follows the chain of successors: it must end, and not in a circle.
func (k *targetCheck) superseded(t *draftTarget) {
	path := t.at(k.file, "superseded_by")
	seen := []string{t.ID}
	for next := t.SupersededBy; next != ""; {
		if slices.Contains(seen, next) {
			if next == t.ID {
				k.fault(path, "%s 的替代关系成环。请删去一处 superseded_by。",
					"the successors of %s lead back to it: remove one superseded_by", t.ID)
			}
			return
		}
		successor := k.byID[next]
		if successor == nil {
			if len(seen) == 1 {
				k.unknown(path, "目标", "target", next, indicator.NearestWord(next, k.ids()))
			}
			return
		}
		seen, next = append(seen, next), successor.SupersededBy
	}
}

func (k *targetCheck) ids() []string {
	ids := make([]string, 0, len(k.byID))
	for id := range k.byID {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// subject checks that indicator, link and region belong together.
func (k *targetCheck) subject(t *draftTarget, x *indicator.Indicator, r *indicator.Region) {
	link := t.at(k.file, "indicator_link")
	switch {
	case t.Indicator == "" && t.Link != "":
		k.fault(link, "没有指标的目标不写 indicator_link。请删去，或写明 indicators。",
			"a target without indicator has no indicator_link: remove it, or give indicators")
	case t.Indicator != "":
		k.require(link, t.Link != "")
	}
	if t.Kind != "" && t.Kind != indicator.StatedOnly {
		k.require(t.at(k.file, "indicators"), t.Indicator != "")
		k.require(t.at(k.file, "region"), t.Region != "" || k.given(t.row+".regions"))
	}
	if x != nil && r != nil && len(x.Levels) > 0 && !slices.Contains(x.Levels, r.Level) {
		k.fault(t.at(k.file, "indicators"), "指标 %[1]s 不在 %[3]s 一级收集，%[2]s 的目标无法评估。请更换指标，或在 indicators.yaml 的 levels 中补上。",
			"%[1]s is not collected at the level %[3]s of region %[2]s: choose another indicator, or add the level in indicators.yaml",
			x.Code, r.Code, r.Level)
	}
}

// references expands the word provinces, and lets a target be shown to other
// regions only where their own figure can be held against it.
func (k *targetCheck) references(t *draftTarget, x *indicator.Indicator) {
	path := t.at(k.file, "reference_for")
	if !t.provinces && len(t.ReferenceFor) == 0 {
		return
	}
	switch {
	case t.Kind == indicator.StatedOnly:
		k.fault(path, "定性表述不能对照其他地区。请删去 reference_for。",
			"a statement cannot be held against another region: remove reference_for")
	case t.Kind == indicator.Reach && x != nil && x.Measure != indicator.Ratio:
		k.fault(path, "%s 不是比率，达到类目标的数值不能直接对照其他地区。请删去 reference_for。",
			"%s is no ratio, so the value to reach cannot be held against another region: remove reference_for", x.Code)
	}
	k.repeated(func(i int) string { return fmt.Sprintf("%s[%d]", path, i) }, t.ReferenceFor)
	for i, code := range t.ReferenceFor {
		here := fmt.Sprintf("%s[%d]", path, i)
		k.region(here, code)
		if code == t.Region && code != "" {
			k.fault(here, "目标不能以本地区 %s 为参照地区。请删去。", "a target is no reference for its own region %s: remove it", code)
		}
	}
	if t.provinces {
		t.ReferenceFor = nil
		for _, p := range k.catalog.Provinces() {
			if p.Code != t.Region {
				t.ReferenceFor = append(t.ReferenceFor, p.Code)
			}
		}
	}
}
