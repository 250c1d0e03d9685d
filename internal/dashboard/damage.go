package dashboard

import (
	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// concerned are the indicators that the page is about: its own, its target's, or
// all of the catalogue.
func (b *builder) concerned() []string {
	switch {
	case b.target != nil:
		return []string{b.target.Indicator}
	case b.indicator != nil:
		return []string{b.indicator.Code}
	}
	var codes []string
	for n := range b.catalog.Indicators {
		codes = append(codes, b.catalog.Indicators[n].Code)
	}
	return codes
}

// damageNotices say which figures the page leaves out because the ledger's do
// not add up.
func (b *builder) damageNotices() []Notice {
	var list []Notice
	for _, code := range b.concerned() {
		damage := b.damages[code]
		if damage == nil {
			continue
		}
		name := b.catalog.Indicator(code).Name
		list = append(list, Notice{NoticeDamage, sentences(
			damage.Naming(indicator.T("“"+name.ZH+"”", name.EN)),
			say("此前不显示“%s”的数据，也不作评估。", "Until then no figure of %s is shown, and nothing is assessed by it.", name))})
	}
	return list
}

// nothing says why there is nothing to show of some indicators: for another
// reason than usual where one of them is damaged.
func (b *builder) nothing(usual Text, codes ...string) Text {
	for _, code := range codes {
		if b.damages[code] != nil {
			return indicator.T("账本数据不符，修复之前不显示。见页首提示。",
				"The ledger's readings do not add up, so none are shown until they are mended. See the notice at the head of the page.")
		}
	}
	return usual
}

// sentence is an assessment in words.
func (b *builder) sentence(a Assessed) Text {
	if b.damages[a.Input.Target.Indicator] != nil && a.Reason == "" {
		return say("%s的账本数据不符，修复之前不作评估。", "The ledger's readings of %s do not add up; nothing is assessed by them until they are mended.",
			a.Input.Indicator.Name)
	}
	return assess.Sentence(a.Assessment, a.Input)
}
