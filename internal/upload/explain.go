package upload

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// MissingExplanation is the code of the error that what the checks ask about is
// not explained. A file with no other error is kept as a draft all the same.
const MissingExplanation = "missing_explanation"

// unexplained are the queries to which nothing was written. The reason of a
// revision explains what is asked about revisions.
func (u Upload) unexplained(lists ...[]indicator.Problem) []indicator.Problem {
	var asked []indicator.Problem
	if u.Explanation != "" {
		return nil
	}
	for _, p := range slices.Concat(lists...) {
		ofRevision := p.Code == string(warning.RevisionLarge) || p.Code == string(warning.RevisionPartial)
		if p.Severity == indicator.SeverityQuery && (!ofRevision || u.Reason == "") {
			asked = append(asked, p)
		}
	}
	return asked
}

// doubtNames name what is asked about while a file is read; the rules about data
// have names of their own.
var doubtNames = map[string]indicator.Text{
	"contradiction":     indicator.T("前后矛盾", "a contradiction"),
	"unknown_unit":      indicator.T("单位未识别", "a unit that is not known"),
	"unknown_indicator": indicator.T("指标名称未识别", "an indicator that is not known"),
}

func doubtName(code string) indicator.Text {
	name := warning.Code(code).Name()
	if name.IsZero() {
		name = doubtNames[code]
	}
	if name.IsZero() {
		return indicator.T(code, code)
	}
	return name
}

func missingExplanation(asked []indicator.Problem) indicator.Problem {
	list := listed(asked)
	return indicator.Problem{Cell: asked[0].Cell, Code: MissingExplanation, Severity: indicator.SeverityError, Message: indicator.T(
		fmt.Sprintf("有 %d 处需要核实并说明：%s。数据无误的，请写明说明后提交（--explanation）；有误的，请改正后重新上传。", len(asked), list.ZH),
		fmt.Sprintf("%s an explanation: %s. Where the data are right, explain them (--explanation); where they are wrong, mend them and upload again.",
			indicator.Plural(len(asked), "finding needs", "findings need"), list.EN))}
}

// listed names what is asked, and for the first of it in which cells.
func listed(asked []indicator.Problem) indicator.Text {
	const shown = 5
	var codes []string
	cells := map[string][]string{}
	for _, p := range asked[:min(shown, len(asked))] {
		if !slices.Contains(codes, p.Code) {
			codes = append(codes, p.Code)
		}
		if p.Cell != "" {
			cells[p.Code] = append(cells[p.Code], p.Cell)
		}
	}
	var zh, en []string
	for _, code := range codes {
		name := doubtName(code)
		if at := cells[code]; len(at) > 0 {
			name = indicator.T(strings.Join(at, "、")+" "+name.ZH, strings.Join(at, ", ")+": "+name.EN)
		}
		zh, en = append(zh, name.ZH), append(en, name.EN)
	}
	text := indicator.T(strings.Join(zh, "；"), strings.Join(en, "; "))
	if len(asked) > shown {
		text = indicator.T(text.ZH+"；等等", text.EN+"; and more")
	}
	return text
}
