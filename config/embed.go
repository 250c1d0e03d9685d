// Package config holds the built-in configuration: settings, regions,
// indicators, documents and targets.
package config

import "embed"

// FS holds the built-in files, which stand in for those an operator does not give.
//
//go:embed *.yaml
var FS embed.FS
