package ingest

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/dabiao/dabiao/internal/indicator"
)

// suggestions is how many near names a message offers.
const suggestions = 3

// with is the finding with more answers that settle it, the likeliest first.
func (f *finding) with(option string, values ...string) *finding {
	return f.withLater(func() []indicator.Suggestion { return suggested(option, values) })
}

func suggested(option string, values []string) []indicator.Suggestion {
	list := make([]indicator.Suggestion, 0, len(values))
	for _, v := range values {
		list = append(list, indicator.Suggestion{Option: option, Value: v})
	}
	return list
}

// withLater is the finding with more answers, which are looked for only when the
// problem is kept.
func (f *finding) withLater(more func() []indicator.Suggestion) *finding {
	before := f.suggest
	with := *f
	with.suggest = func() []indicator.Suggestion {
		if before == nil {
			return more()
		}
		list := slices.Clip(before())
		for _, s := range more() {
			if !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
		return list
	}
	return &with
}

// asFault is the finding where it leaves nothing to be read.
func (f *finding) asFault() *finding {
	own := *f
	own.severity = indicator.SeverityError
	return &own
}

// instead is the finding as a fault of an answer: what it suggests for a name is
// suggested for the option, behind the key where there is one.
func (f *finding) instead(code, option, key string) *finding {
	own := f.asFault()
	own.code = code
	if f.suggest == nil {
		return own
	}
	own.suggest = func() []indicator.Suggestion {
		var values []string
		for _, s := range f.suggest() {
			_, value, _ := cutAnswer(s.Value)
			if key != "" {
				value = answerText(key, value)
			}
			values = append(values, value)
		}
		return suggested(option, values)
	}
	return own
}

// nearWord is the word most like a text, in a list that is empty where there is none.
func nearWord(text string, words []string) []string {
	near := indicator.NearestWord(text, words)
	return slices.DeleteFunc([]string{near}, isBlank)
}

// answerText is KEY=VALUE, the key without the line breaks of a cell.
func answerText(key, value string) string {
	return strings.Join(strings.Fields(key), " ") + "=" + value
}

// answersFor are the answers that a key is one of these indicators.
func answersFor(key string, near []*indicator.Indicator) []string {
	var list []string
	for _, i := range near {
		list = append(list, answerText(key, i.Code))
	}
	return list
}

// regionAnswers are the answers that a key is one of these regions.
func regionAnswers(key string, near []*indicator.Region) []string {
	var list []string
	if isDecimal(squash(key)) {
		return nil // the digits of one code are no misspelling of another
	}
	for _, r := range near {
		list = append(list, answerText(key, r.Code))
	}
	return list
}

// longestSought is how many letters of a name are looked for among near ones.
const longestSought = 100

func (n *names) nearRegions(text string) func() []*indicator.Region {
	return sync.OnceValue(func() []*indicator.Region {
		if utf8.RuneCountInString(text) >= longestSought {
			return nil
		}
		return slices.DeleteFunc(n.catalog.NearestRegions(unmarked(squash(text)), suggestions),
			func(r *indicator.Region) bool { return !r.Collected })
	})
}

func (n *names) nearIndicators(text string) func() []*indicator.Indicator {
	return sync.OnceValue(func() []*indicator.Indicator {
		if utf8.RuneCountInString(text) >= longestSought {
			return nil
		}
		return n.catalog.NearestIndicators(text, suggestions)
	})
}

// measureWords tell a figure made of an indicator from the indicator itself.
var measureWords = regexp.MustCompile(`(?i)增速|增长|增幅|同比|环比|人均|单位|位次|排名|占比|比重|比例|强度|上年=|上年＝|per capita|growth|share|rank|intensity`)

// likelyIndicators are the near ones that may well be meant: GDP is no answer to
// 人均GDP and none to GDP增速.
func (n *names) likelyIndicators(text string) []*indicator.Indicator {
	words := measureWords.FindAllString(strings.ToLower(text), -1)
	return slices.DeleteFunc(slices.Clone(n.nearIndicators(text)()), func(i *indicator.Indicator) bool {
		names := append([]string{i.Code, i.Name.ZH, i.Name.EN}, i.Aliases...)
		known := strings.ToLower(strings.Join(names, " "))
		return !isLike(text, names) || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(known, w) })
	})
}

// ofOtherLevel: the name of a city is no slip of the province of that name.
func ofOtherLevel(text string, r *indicator.Region) bool {
	return belowProvince.MatchString(text) && provincial.MatchString(r.Name.ZH) ||
		provincial.MatchString(text) && belowProvince.MatchString(r.Name.ZH)
}

var (
	provincial    = regexp.MustCompile(`(?:省|自治区)$`)
	belowProvince = regexp.MustCompile(`(?:市|县|[^治]区|州|盟|旗)$`)
)

// likelyRegions are the near ones that may well be meant.
func (n *names) likelyRegions(text string) []*indicator.Region {
	text = unmarked(squash(text))
	return slices.DeleteFunc(slices.Clone(n.nearRegions(text)()), func(r *indicator.Region) bool {
		return ofOtherLevel(text, r) || !isLike(text, append([]string{r.Code, r.Name.ZH, r.Short.ZH, r.Name.EN, r.Short.EN, r.Pinyin}, r.Aliases...))
	})
}

// isLike reports a text that holds a name, or that shares half of it.
func isLike(text string, names []string) bool {
	holds := func(name string) bool {
		return len(name) >= shortestHeld && strings.Contains(nameKey(text), nameKey(name))
	}
	return slices.ContainsFunc(names, holds) || indicator.NearestWord(text, slices.DeleteFunc(names, isBlank)) != ""
}

// shortestHeld is how many bytes a name has at least that a longer one holds.
const shortestHeld = len("GDP")

func indicatorList(list []*indicator.Indicator, lang indicator.Lang) string {
	labels := make([]string, 0, len(list))
	for _, i := range list {
		labels = append(labels, i.Name.In(lang)+brackets[lang][0]+i.Code+brackets[lang][1])
	}
	return strings.Join(labels, separators[lang])
}

// unitsFor are the units that values of an indicator can be given in, its own first.
func unitsFor(ind *indicator.Indicator) []string {
	list := []string{ind.Unit}
	for _, u := range indicator.Units() {
		if u.Code != ind.Unit && convertible(u.Code, ind.Unit) {
			list = append(list, u.Code)
		}
	}
	return list
}

// nearUnits are the known units that a text begins with (亿元·当年价), the longest
// first, else the one that is most like it.
func nearUnits(text string) []string {
	text = squash(text)
	if len(text) > 2*longestUnit || otherMoney.MatchString(text) {
		return nil
	}
	var begins, all []string
	for _, u := range indicator.Units() {
		if utf8.RuneCountInString(u.Code) < 2 {
			continue
		}
		all = append(all, u.Code)
		if strings.HasPrefix(text, u.Code) {
			begins = append(begins, u.Code)
		}
	}
	slices.SortStableFunc(begins, func(a, b string) int { return len(b) - len(a) })
	other := sameUnitWords.Replace(text)
	switch {
	case len(begins) > 0:
	case slices.Contains(all, other):
		return []string{other}
	case utf8.RuneCountInString(text) > 3: // 万辆 is one letter from 万元 and another thing
		return nearWord(text, all)
	}
	return begins[:min(len(begins), suggestions)]
}

// sameUnitWords are other ways of writing a part of a unit.
var sameUnitWords = strings.NewReplacer("圆", "元", "圓", "元", "億", "亿", "萬", "万", "仟", "千", "佰", "百", "噸", "吨")

// otherMoney is no spelling of a unit of yuan.
var otherMoney = regexp.MustCompile(`(?i)美|欧|英镑|日元|港|澳|台币|卢布|韩元|dollar|usd|eur`)

// unitAnswers are the answers that a text is one of the units near it.
func unitAnswers(text string) []string {
	var list []string
	for _, u := range nearUnits(text) {
		list = append(list, answerText(text, u))
	}
	return list
}
