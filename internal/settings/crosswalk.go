package settings

import (
	"fmt"
	"regexp"

	"github.com/dabiao/dabiao/internal/indicator"
)

// counterpartCodes are the forms of the codes of each system.
var counterpartCodes = map[indicator.System]*regexp.Regexp{
	indicator.SDG:      regexp.MustCompile(`^([1-9]|1[0-7])\.([1-9]|1[0-9]|[a-d])\.[1-9]$`),
	indicator.OECD:     regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`),
	indicator.Eurostat: regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)+$`),
}

// crosswalk may be left out. One that is given says how the definition differs,
// or why no international indicator comes near.
func (f *file) crosswalk(path string, c indicator.Crosswalk) {
	if !f.given(path) {
		return
	}
	f.requireText(path+".note", c.Note)
	var codes []string
	for i, x := range c.Near {
		here := fmt.Sprintf("%s.near[%d]", path, i)
		f.require(here+".system", x.System != "")
		f.requireText(here+".name", x.Name)
		form := counterpartCodes[x.System]
		if f.require(here+".code", x.Code != "") && form != nil && !form.MatchString(x.Code) {
			f.fault(here+".code", "“%[2]s”不是 %[1]s 的代码。SDG 写作 9.5.1，OECD 写作 G_XGDP，Eurostat 写作 sdg_09_10。",
				"%[2]q is no code of %[1]s: SDG is written like 9.5.1, OECD like G_XGDP, Eurostat like sdg_09_10", x.System, x.Code)
		}
		codes = append(codes, x.Code)
	}
	f.repeated(func(i int) string { return fmt.Sprintf("%s.near[%d].code", path, i) }, codes)
}
