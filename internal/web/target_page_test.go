package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// national is a target of the nation that is a reference for Fujian.
func (f *fixture) national(t *testing.T, kind indicator.Kind) *indicator.Target {
	t.Helper()
	i := slices.IndexFunc(f.catalog.Targets, func(t indicator.Target) bool {
		return t.Region == indicator.Nation && t.Kind == kind && t.SupersededBy == "" && slices.Contains(t.ReferenceFor, "350000")
	})
	if i < 0 {
		t.Fatalf("no national target of kind %s is shown to Fujian", kind)
	}
	return &f.catalog.Targets[i]
}

func TestTargetPageShowsTheRegionAskedFor(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	target := f.national(t, indicator.Grow)
	f.fill(t, target.Indicator)
	c := f.client(t)
	path := "/targets/" + target.ID
	for query, name := range map[string]string{"": "全国", "?region=" + indicator.Nation: "全国", "?region=350000": "福建"} {
		d := c.page(path + query)
		if got := d.Find(".lead").Text(); !strings.HasPrefix(got, name) {
			t.Errorf("%s%s begins with %q, want %s first", path, query, got, name)
		}
		if d.Find("article.track").Length() != 1 {
			t.Errorf("%s%s shows %d tracks", path, query, d.Find("article.track").Length())
		}
		if got := d.Find("#standings tr.own th").Text(); got != name {
			t.Errorf("%s%s marks %q in the table", path, query, got)
		}
	}
	if d := c.page("/regions/350000"); d.Find(`article.track h3 a[href="`+path+`?region=350000"]`).Length() != 1 {
		t.Errorf("the region page does not lead to %s with its region", path)
	}
	own := f.targetOf("350000", "specialised_smes")
	for path, link := range map[string]string{
		path + "?region=福建":                       "/regions/",
		"/targets/" + own + "?region=" + "110000": "/targets/" + own,
	} {
		w := c.get(path)
		if w.Code != http.StatusNotFound || document(t, w).Find(`main a[href^="`+link+`"]`).Length() == 0 {
			t.Errorf("%s: %d, want 404 leading to %s", path, w.Code, link)
		}
	}
}
