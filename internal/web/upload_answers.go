package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// The fields of a form are named like the options of ingest.Answers. One that is
// not in the form leaves what was said before, an empty one takes it back.

// single are the answers of one value.
func single(a *ingest.Answers) map[string]*string {
	return map[string]*string{"encoding": &a.Encoding, "indicator": &a.Indicator, "unit": &a.Unit, "region": &a.Region, "year": &a.Year,
		"sheet": &a.Sheet, "layout": &a.Layout, "header": &a.Header, "status": (*string)(&a.Status)}
}

// keyed are the answers KEY=VALUE of which a file may need several. A field
// mark.… gives that of one key, a field mark a whole one.
func keyed(a *ingest.Answers) map[string]*[]string {
	return map[string]*[]string{"mark": &a.Marks, "column": &a.Columns, "name": &a.Names}
}

// The fields that carry whole answers, option=value, and may be repeated.
const (
	fieldAccept = "accept" // gives the answer
	fieldRemove = "remove" // takes it back
)

// applyForm puts what a form says into the options of an upload, or says what
// cannot be understood.
func applyForm(form url.Values, o *upload.Options) *indicator.Text {
	for name, to := range single(&o.Answers) {
		setField(form, name, to)
	}
	for _, field := range sortedNames(form) {
		option, key, ok := strings.Cut(field, ".")
		if list := keyed(&o.Answers)[option]; ok && list != nil && key != "" {
			*list = withoutKey(*list, key)
			if value := strings.TrimSpace(form.Get(field)); value != "" {
				o.Answers = o.With(indicator.Suggestion{Option: option, Value: key + "=" + value})
			}
		}
	}
	if form.Has("skip") {
		o.Skip = strings.FieldsFunc(form.Get("skip"), func(r rune) bool { return strings.ContainsRune(",，、;； ", r) })
	}
	for option := range keyed(&o.Answers) {
		if value := strings.TrimSpace(form.Get(option)); value != "" {
			o.Answers = o.With(indicator.Suggestion{Option: option, Value: value})
		}
	}
	for _, field := range form[fieldAccept] {
		option, value, _ := strings.Cut(field, "=")
		o.Answers = o.With(indicator.Suggestion{Option: option, Value: value})
	}
	for _, field := range form[fieldRemove] {
		option, value, _ := strings.Cut(field, "=")
		takeBack(&o.Answers, option, value)
	}
	setField(form, "source", &o.Source)
	setField(form, "stage", &o.Stage)
	setField(form, "reason", &o.Reason)
	setField(form, "explanation", &o.Explanation)
	return applyDates(form, o)
}

func setField(form url.Values, name string, to *string) {
	if form.Has(name) {
		*to = strings.TrimSpace(form.Get(name))
	}
}

// applyDates reads what has a form of its own: the status and the day of release.
func applyDates(form url.Values, o *upload.Options) *indicator.Text {
	if v := string(o.Status); v != "" {
		status, err := indicator.ParseStatus(v)
		if err != nil {
			fault := indicator.T("没有数据状态“"+v+"”。", "There is no observation status “"+v+"”.")
			return &fault
		}
		o.Status = status
	}
	if !form.Has("released") {
		return nil
	}
	v := strings.TrimSpace(form.Get("released"))
	released, err := indicator.ParseReleased(v)
	if v != "" && err != nil {
		fault := indicator.T("公布时间应写作 2024-12-31，收到的是“"+v+"”。",
			"The date of release must be written 2024-12-31; got “"+v+"”.")
		return &fault
	}
	o.Released = released
	return nil
}

func withoutKey(list []string, key string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return keyOf(s) == key })
}

// keyOf cuts at the last sign, since a name or mark may hold one and a value never does.
func keyOf(answer string) string { return answer[:max(strings.LastIndex(answer, "="), 0)] }

func takeBack(a *ingest.Answers, option, value string) {
	if to := single(a)[option]; to != nil {
		*to = ""
	}
	list := keyed(a)[option]
	if option == "skip" {
		list = &a.Skip
	}
	if list != nil {
		*list = slices.DeleteFunc(slices.Clone(*list), func(s string) bool { return s == value })
	}
}
