package settings

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// loadDashboards reads every page, in the order of the file names.
func (l *loader) loadDashboards(c *indicator.Catalog, complete known) []dashboard.Definition {
	var pages []dashboard.Definition
	owner := map[string]string{}
	for _, name := range l.pageNames() {
		d, f := l.page(name)
		if f.unusable {
			continue
		}
		for _, misfit := range d.Check(c) {
			reference := strings.Contains(misfit.Path, ".indicators[")
			if !f.refused[misfit.Path] && (complete.indicators || !reference) {
				f.faultText(misfit.Path, misfit.Message)
			}
		}
		if other, taken := owner[d.Page]; taken && d.Page != "" {
			f.fault("$.page", "页面“%[1]s”已在 %[2]s 中。请改名或删去一个文件。",
				"the page %[1]q is already in %[2]s: rename it or remove one file", d.Page, other)
		}
		owner[d.Page] = f.name
		pages = append(pages, d)
	}
	return pages
}

// page decodes the first page file of this name that the directories hold.
func (l *loader) page(name string) (d dashboard.Definition, f *file) {
	f = l.first(l.pages, name, &d)
	return d, f
}

// pageNames lists the page files of all directories once each. A directory that
// cannot be listed is a fault; one that does not exist holds no pages.
func (l *loader) pageNames() []string {
	var list []string
	for _, dir := range l.pages {
		if dir.fs == nil {
			continue
		}
		entries, err := fs.ReadDir(dir.fs, ".")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			f := l.add(dir.name)
			f.fault("$", "无法列出目录：%[1]v。请检查路径和权限。", "cannot list the directory: %[1]v; check path and permissions", err)
			continue
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".yaml") && !e.IsDir() {
				list = append(list, e.Name())
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
