package ingest

import (
	"context"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// CheckAnswers is what cannot be understood of answers, whatever they are about.
func CheckAnswers(c *indicator.Catalog, a Answers) []indicator.Problem {
	o := Options{Catalog: c, Answers: a}
	o.Limits = o.withDefaults()
	p := newParser(context.Background(), o)
	p.readOptions()
	return p.problems.list()
}

// UnusedAnswer is the code of the note that nothing in the file is what an answer
// is about.
const UnusedAnswer = "unused_answer"

// IsZero reports that nothing was said.
func (a Answers) IsZero() bool {
	return a.Indicator == "" && a.Unit == "" && a.Region == "" && a.Year == "" && a.Sheet == "" && a.Layout == "" && a.Status == "" &&
		a.Header == "" && len(a.Marks) == 0 && len(a.Columns) == 0 && len(a.Skip) == 0 && len(a.Names) == 0
}

// ForOthers leaves out what was said of one file only: its year, and which of its
// rows hold no readings. Said of another file they would be an invention.
func (a Answers) ForOthers() Answers {
	a.Year, a.Skip = "", nil
	return a
}

// NamePlaces reports answers that hold only where header and columns stand where
// they stood: see Fingerprint.Places.
func (a Answers) NamePlaces() bool { return a.Header != "" || len(a.Columns) > 0 }

// Over completes what is said now with what was said before; what is said now counts.
func (a Answers) Over(before Answers) Answers {
	one := func(now *string, then string) {
		if *now == "" {
			*now = then
		}
	}
	one(&a.Indicator, before.Indicator)
	one(&a.Unit, before.Unit)
	one(&a.Region, before.Region)
	one(&a.Year, before.Year)
	one(&a.Sheet, before.Sheet)
	one(&a.Layout, before.Layout)
	one((*string)(&a.Status), string(before.Status))
	one(&a.Header, before.Header)
	a.Marks = over(a.Marks, before.Marks)
	a.Columns = over(a.Columns, before.Columns)
	a.Names = over(a.Names, before.Names)
	if len(a.Skip) == 0 {
		a.Skip = before.Skip
	}
	return a
}

// over joins lists of KEY=VALUE.
func over(now, before []string) []string {
	list := slices.Clip(now)
	for _, then := range before {
		key, _, _ := cutAnswer(then)
		if !slices.ContainsFunc(now, func(s string) bool { k, _, _ := cutAnswer(s); return nameKey(k) == nameKey(key) }) {
			list = append(list, then)
		}
	}
	return list
}
