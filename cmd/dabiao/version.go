package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints what this binary was built from.
func (versionCmd) Run(e *env) error {
	build := buildVersion()
	if e.flags.JSON {
		return json.NewEncoder(e.out).Encode(map[string]string{"version": build, "go": runtime.Version()})
	}
	fmt.Fprintf(e.out, "dabiao %s (%s, %s/%s)\n", build, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// buildVersion is the module version, or the commit of a build from a checkout.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}
