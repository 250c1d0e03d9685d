package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// misuses are the complaints of the flag parser, which speaks English only, with
// what they are called in Chinese. %s stand for the groups in their order.
var misuses = []struct {
	says *regexp.Regexp
	zh   string
}{
	{regexp.MustCompile(`^missing flags?: (.+)$`), "缺少参数 %s"},
	{regexp.MustCompile(`^unknown flag (\S+), did you mean "(.+)"\?$`), "没有参数 %s，相近的有 %s"},
	{regexp.MustCompile(`^unknown flag (\S+)$`), "没有参数 %s"},
	{regexp.MustCompile(`^unexpected argument (\S+), did you mean "(.+)"\?$`), "不认识“%s”，相近的有 %s"},
	{regexp.MustCompile(`^unexpected argument (.+)$`), "不认识“%s”"},
	{regexp.MustCompile(`^expected one of (.+)$`), "还须写明其中之一：%s"},
	{regexp.MustCompile(`^expected "(.+)"$`), "还须写明 %s"},
	{regexp.MustCompile(`^(\S+): expected .+ value but got "EOL"`), "%s 后面没有写值"},
	{regexp.MustCompile(`^(\S+): expected an? (?:float|int|uint).* but got "(.+)" \(`), "%s 的值“%s”不是数值"},
	{regexp.MustCompile(`^(\S+): expected .+ value but got "(.+)" \(short flag\)`), "%s 的值“%s”以 - 开头，请用等号连写"},
	{regexp.MustCompile(`^(\S+): bool value must be (.+) but got "(.*)"$`), "%s 的值须为 %s，现在是“%s”"},
	{regexp.MustCompile(`^(\S+) must be one of (.+) but got "(.*)"$`), "%s 的值须为 %s 之一，现在是“%s”"},
}

// misuse gives a complaint of the flag parser in both languages.
func misuse(err error) indicator.Text {
	en := err.Error()
	for _, m := range misuses {
		groups := m.says.FindStringSubmatch(en)
		if groups == nil {
			continue
		}
		parts := make([]any, len(groups)-1)
		for i, g := range groups[1:] {
			parts[i] = g
		}
		return indicator.T(fmt.Sprintf(m.zh, parts...), en)
	}
	return indicator.T("参数有误："+strings.TrimSpace(en), en)
}
