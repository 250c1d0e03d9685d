//go:build tools

// Package influxd pins InfluxDB 2.7.12 and the pkg-config that builds the Rust
// library inside it, away from the product's own module. That pkg-config reads
// go.mod itself and knows no tool lines: hence this file.
package influxd

import (
	_ "github.com/influxdata/influxdb/v2/cmd/influxd"
	_ "github.com/influxdata/pkg-config"
)
