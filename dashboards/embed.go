// Package dashboards holds the built-in pages, one file each.
package dashboards

import "embed"

// FS holds the built-in pages.
//
//go:embed *.yaml
var FS embed.FS
