// Package assets holds the third-party files that the browser needs, fetched by
// npm and embedded, and serves embedded files under addresses that name their
// content. No page ever needs another host.
package assets

import (
	"embed"
	"fmt"
	"io/fs"
)

// ECharts is the name of the chart library in Dist.
const ECharts = "echarts.min.js"

//go:embed all:dist
var embedded embed.FS

// Dist is the fetched files. It is empty in a build made before they were
// fetched; see Check.
func Dist() fs.FS {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err) // the folder is embedded by name: it exists
	}
	return dist
}

// Check reports whether the build has the files the pages need. A server must
// not start without them: its charts would stay empty.
func Check() error { return check(Dist()) }

func check(dist fs.FS) error {
	if _, err := fs.Stat(dist, ECharts); err != nil {
		return fmt.Errorf("this build has no browser files (internal/assets/dist/%s is missing): "+
			"run \"npm --prefix internal/assets ci && npm --prefix internal/assets run dist\" and build again", ECharts)
	}
	return nil
}
