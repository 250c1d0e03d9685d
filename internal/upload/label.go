package upload

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The longest labels, in runes.
const (
	maxFileName = 200
	maxSource   = 500
	maxStage    = 40
	maxReason   = 1000
)

// cleanLabels makes labels of what a person named: a file name loses its path
// and is cut, other texts lose blanks and line breaks; what is too long or holds
// control characters is a problem, and is dropped so that it is kept nowhere.
func cleanLabels(name string, o *Options) (string, []indicator.Problem) {
	var problems []indicator.Problem
	fields := []struct {
		text *string
		most int
		code string
		name indicator.Text
	}{
		{&o.Source, maxSource, "bad_source", indicator.T("来源", "source")},
		{&o.Stage, maxStage, "bad_stage", indicator.T("阶段", "stage")},
		{&o.Reason, maxReason, "bad_reason", indicator.T("修订原因", "reason")},
		{&o.Plan, maxPlanName, "bad_plan", indicator.T("导入方案名称", "name of the import plan")},
		{&o.Explanation, maxReason, "bad_explanation", indicator.T("说明", "explanation")},
	}
	for _, f := range fields {
		clean, problem := cleanText(*f.text, f.most, f.code, f.name)
		*f.text = clean
		problems = append(problems, problem...)
	}
	name = fileLabel(name)
	if hasControl(name) || !utf8.ValidString(name) {
		name = fileLabel(strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
				return -1
			}
			return r
		}, name))
		problems = append(problems, badText("bad_file_name", indicator.T("文件名", "file name")))
	}
	return name, problems
}

// cleanText is the text on one line, without blanks around it, or a problem.
func cleanText(text string, most int, code string, name indicator.Text) (string, []indicator.Problem) {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case !utf8.ValidString(text), hasControl(text):
		return "", []indicator.Problem{badText(code, name)}
	case utf8.RuneCountInString(text) > most:
		return "", []indicator.Problem{longText(code, name, most)}
	}
	return text, nil
}

// hasControl also finds the invisible characters (Cf) that can turn the
// direction of the text around them.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
}

// fileLabel is the last part of a path of any system, cut in the middle of its
// stem so that the extension stays.
func fileLabel(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(name)
	if name == "" || name == "." || name == ".." {
		return "upload"
	}
	runes := []rune(name)
	if len(runes) <= maxFileName {
		return name
	}
	const tail = 12
	return string(runes[:maxFileName-tail-1]) + "…" + string(runes[len(runes)-tail:])
}
