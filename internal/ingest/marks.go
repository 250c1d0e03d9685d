package ingest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// marks are the explicit signs for a missing value, as nameKey writes them.
// What the sign means the file's own note says, or the person; else it is M.
// A few words say it themselves.
var marks = markWords(map[indicator.Status]string{
	indicator.Missing: `— —— ——— ― ── ─ ─── ━ ━━ - -- --- … …… ... .. ...... . : ⋯ ⋯⋯ n.d. (空) (空白) (blank) / // \ * ** × n/a na n.a. n.a null none nil
		不详 空缺 空 缺 缺失 无 无数据 没有数据 暂无 暂无数据 暂缺 未公布 未发布 不公布 保密 未统计 无资料 待补`,
	indicator.NotApplicable: `不适用 notapplicable`,
	indicator.NotCollected:  `未采集 未调查 未开展 notcollected`,
})

func markWords(words map[indicator.Status]string) map[string]indicator.Status {
	marks := map[string]indicator.Status{}
	for status, list := range words {
		for word := range strings.FieldsSeq(list) {
			marks[word] = status
		}
	}
	return marks
}

// markedCell is a reading that a sign without a value made.
type markedCell struct{ cell, mark int32 }

const (
	markDefault = "default"
	markPerson  = "person"
	markWord    = "word"
)

// markAs gives the status of a sign without a value. What it means by the notes
// of the file is settled when all of them are known.
func (rr *rowReader) markAs(text string) indicator.Status {
	key := nameKey(text)
	status, said := rr.personMarks[key]
	if !said {
		if status = marks[key]; status == "" {
			status = indicator.Missing
		}
	}
	id := slices.Index(rr.marks, key)
	if id < 0 {
		id = len(rr.marks)
		rr.marks, rr.markTexts = append(rr.marks, strings.Clone(key)), append(rr.markTexts, quote(text))
	}
	rr.marked = append(rr.marked, markedCell{int32(len(rr.gathered.cells)), int32(id)})
	return status
}

// readMarks reads what the person says of signs: …=O.
func (p *parser) readMarks() {
	for _, text := range p.options.Marks {
		at := strings.LastIndexAny(text, "=＝")
		status := indicator.Status("")
		if at > 0 {
			status, _ = readStatus(strings.TrimLeft(text[at:], "=＝"))
		}
		key := ""
		if at > 0 {
			key = nameKey(text[:at])
		}
		if key == "" || status == "" || status.HasValue() {
			p.problems.add(place{}, fault(codeBadMark,
				"选项 --mark 的值“%[1]s”不可识别。写成 …=O、—=N 或 *=M。",
				"The value “%[1]s” of --mark cannot be read. Write …=O, —=N or *=M.", quote(text)))
			continue
		}
		if before, known := p.personMarks[key]; known && before != status {
			p.problems.add(place{}, fault(codeBadMark,
				"选项 --mark 对“%[1]s”给出了两种含义。只保留一种。",
				"Two meanings of “%[1]s” are given by --mark. Keep one.", quote(key)))
		}
		p.personMarks[key] = status
	}
}

// readNumber reads a value cell; what the person calls a sign is no number, and
// neither is what has a comma between three digits where semicolons part the cells:
// programs write them for people whose decimal point is a comma.
func (p *parser) readNumber(text string) (value float64, suffix string, k kind) {
	if len(p.personMarks) > 0 {
		if _, said := p.personMarks[nameKey(text)]; said {
			return 0, "", isMark
		}
	}
	if value, suffix, k = readNumber(text); k == isNumber && p.semicolons && oneComma.MatchString(squash(text)) {
		return 0, "", isText
	}
	return value, suffix, k
}

// settleMarks gives the readings of signs the status that the notes of the file
// state, and says at each cell what it was read as.
func (p *parser) settleMarks() {
	meanings := make([]Mark, len(p.marks))
	for i, mark := range p.marks {
		m := Mark{Mark: p.markTexts[i], Status: indicator.Missing, Said: markDefault}
		status, said := p.personMarks[mark]
		noted, cell := p.notedMark(mark)
		switch {
		case said && noted != "" && noted != status:
			p.problems.add(placeOf(cell), fault(codeContradiction,
				"注释说明“%[1]s”为 %[2]s，--mark 给出的是 %[3]s。改正其中一处。",
				"The note says that “%[1]s” is %[2]s, --mark says %[3]s. Mend the wrong one.", quote(mark), noted, status))
			m.Status, m.Said = status, markPerson
		case said:
			m.Status, m.Said = status, markPerson
		case noted != "":
			m.Status, m.Said = noted, cell
		case marks[mark] != "" && marks[mark] != indicator.Missing:
			m.Status, m.Said = marks[mark], markWord
		}
		meanings[i] = m
	}
	p.understood.Marks = meanings
	for _, c := range p.marked {
		cell, m := &p.gathered.cells[c.cell], meanings[c.mark]
		cell.Status = m.Status
		if m.Said == markPerson || p.problems.full(codeMark) {
			continue
		}
		p.problems.add(placeOf(cell.Cell), markNote(m))
	}
	p.marked = nil
}

func markNote(m Mark) *finding {
	if m.Said == markDefault {
		return note(codeMark,
			"“%[1]s”按“无数据”（M）读取，不是 0。如含义不同，用 --mark '%[1]s=N' 或 '%[1]s=O' 说明，或在“状态”列写明 N 或 O。",
			"“%[1]s” is read as “no value” (M), not as 0. If it means another thing, say --mark '%[1]s=N' or '%[1]s=O', or N or O in a status column.",
			quote(m.Mark)).with(optionMark, m.Mark+"=M", m.Mark+"=O", m.Mark+"=N")
	}
	if m.Said == markWord {
		return note(codeMark, "“%[1]s”读取为 %[2]s，不是 0。", "“%[1]s” is read as %[2]s, not as 0.", m.Mark, m.Status)
	}
	return note(codeMark, "“%[1]s”按文件所写的含义读取为 %[2]s，不是 0（%[3]s）。",
		"“%[1]s” is read as %[2]s, as the file says, not as 0 (%[3]s).", quote(m.Mark), m.Status, m.Said)
}

// meaningForms part what a note says of one sign: “…”表示不足本表最小单位数.
var meaningForms = regexp.MustCompile(`^[”"’'」』)]?\s*(?:表示|代表|指|意为|为|是|:|=|means?|denotes?|indicates?|stands? for|represents?)\s*(?:that\s+)?([^;；。，“"「]*)`)

// meanings are the statuses by what notes say of a sign.
var meanings = []struct {
	words  *regexp.Regexp
	status indicator.Status
}{
	{regexp.MustCompile(`(?i)不足.*单位|小于.*单位|不够.*单位|最小单位|不适用|无意义|not applicable|smallest|less than|negligible|not large enough`), indicator.NotApplicable},
	{regexp.MustCompile(`(?i)未采集|未统计|未调查|未开展|没有统计|not collected|not surveyed`), indicator.NotCollected},
	{regexp.MustCompile(`(?i)无数据|没有数据|无该项|不详|缺|未公布|不公布|保密|未发布|尚未|暂无|无此项|not available|missing|unknown|no data|not published`), indicator.Missing},
}

// notedMark looks through the lines of the file for what they say of a sign;
// nothing where none does, or two say different things.
func (p *parser) notedMark(mark string) (status indicator.Status, cell string) {
	u := &p.understood
	for _, line := range slices.Concat(u.Titles, u.Headings, u.Footnotes) {
		text := fold(line.Text)
		for rest := text; ; {
			at := strings.Index(rest, mark)
			if at < 0 {
				break
			}
			rest = strings.TrimLeft(rest[at+len(mark):], mark)
			m := meaningForms.FindStringSubmatch(rest)
			if m == nil {
				continue
			}
			for _, meaning := range meanings {
				if !meaning.words.MatchString(m[1]) {
					continue
				}
				if status != "" && status != meaning.status {
					return "", ""
				}
				status, cell = meaning.status, line.Cell
				break
			}
		}
	}
	return status, cell
}

// suffixRead is what stands behind a number: a unit, a sign that refers to a
// footnote, or one that says the figure is not final.
type suffixRead struct {
	unit   string
	status indicator.Status
	note   *finding
	ok     bool
}

var numberSigns = regexp.MustCompile(`^\(?([a-zA-Z]|初步|初步数|预计|预计数|估计|估计数|快报|快报数)\)?$`)

func (n *names) readSuffix(text string) suffixRead {
	read := suffixRead{ok: true}
	full := strings.Clone(text)
	rest := strings.TrimSpace(text)
	if bare := cutFootnoteSign(rest); bare != rest {
		rest = bare
		read.note = note(codeFootnoteSign, "数字后的“%[1]s”作为注释标记，未计入数值。",
			"The “%[1]s” behind the number is the sign of a footnote and no part of the value.", quote(full))
	}
	if m := numberSigns.FindStringSubmatch(rest); m != nil {
		sign := strings.ToLower(m[1])
		switch status, known := statusWords[sign]; {
		case known:
			read.status = status
			read.note = note(codeFootnoteSign, "数字后的“%[1]s”按数据状态 %[2]s 读取。",
				"The “%[1]s” behind the number is read as the status %[2]s.", quote(full), status)
			rest = ""
		case sign == "b":
			read.status = indicator.Break
			read.note = note(codeFootnoteSign, "数字后的“%[1]s”按数据状态 %[2]s 读取。",
				"The “%[1]s” behind the number is read as the status %[2]s.", quote(full), indicator.Break)
			rest = ""
		case sign == "r":
			read.note = note(codeFootnoteSign, "数字后的“%[1]s”表示修订数；修订是新的数据版本，没有单独的状态。",
				"The “%[1]s” behind the number says that it was revised; a revision is a later vintage and has no status.", quote(full))
			rest = ""
		}
	}
	if rest == "" {
		return read
	}
	unit := n.readUnit(rest)
	read.unit, read.ok = unit.unit, unit.unit != ""
	return read
}
