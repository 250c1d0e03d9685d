//go:build !linux

package influxtest

import (
	"os"
	"os/exec"
)

// directory is a temporary directory that belongs to this process. Here a
// killed process leaves it behind, and its servers running.
type directory struct{ path string }

func newDir() (*directory, error) {
	path, err := os.MkdirTemp("", "dabiao-influxd-")
	return &directory{path}, err
}

func (d *directory) remove() { _ = os.RemoveAll(d.path) }

func start(command *exec.Cmd) error { return command.Start() }
