// Package indicator is the domain: indicators, regions, periods, readings,
// series, documents, targets and the catalogue that holds them together.
// It knows nothing of storage, transport or rendering and imports only the
// standard library.
package indicator

// Lang is a language of the user interface.
type Lang string

// The two languages. Chinese is the default everywhere.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Text is one sentence or name in both languages.
type Text struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en" yaml:"en"`
}

// T builds a Text.
func T(zh, en string) Text { return Text{ZH: zh, EN: en} }

// In gives the text in lang, falling back to the other language where one is empty.
func (t Text) In(lang Lang) string {
	if lang == EN && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// Plural is an English count with its noun: 1 reading, 1,200 readings.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return FormatNumber(float64(n), 0) + " " + many
}

// IsZero reports whether neither language has a text.
func (t Text) IsZero() bool { return t == Text{} }
