package main

import (
	"path/filepath"
	"testing"
)

// TestReaderInABrowser: what stands in the place of the login fits a narrow
// screen and can be read.
func TestReaderInABrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	config := writeFile(t, "dabiao.yaml", "role: reader\npublic: true\n")
	base := start(t, t.TempDir(), "--config", filepath.Dir(config), "serve")
	axe := readAxe(t)
	page := newTab(browser, t, base)
	if err := page.media(360, "light"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/uploads", "/login", "/?lang=en"} {
		page.open(t, base+path)
		page.wantAccessible(t, axe)
		width, err := evaluate[int](page, `document.documentElement.scrollWidth`)
		if err != nil || width > 360 {
			t.Errorf("%s is %d px wide on a screen of 360 px (%v)", path, width, err)
		}
	}
}
