package influxtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// directory is a temporary directory that belongs to this process. It is locked
// as long as the process lives, so that another one can tell it from what a
// killed process left.
type directory struct {
	path string
	lock *os.File
}

// newDir creates a directory, and removes what killed processes left.
func newDir() (*directory, error) {
	sweep()
	path, err := os.MkdirTemp("", "dabiao-influxd-")
	if err != nil {
		return nil, err
	}
	d := &directory{path: path}
	if d.lock, err = os.Open(path); err == nil {
		err = syscall.Flock(int(d.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (d *directory) remove() {
	_ = os.RemoveAll(d.path)
	_ = d.lock.Close()
}

func sweep() {
	found, _ := filepath.Glob(filepath.Join(os.TempDir(), "dabiao-influxd-*"))
	for _, path := range found {
		info, err := os.Stat(path)
		if err != nil || time.Since(info.ModTime()) < time.Minute { // may be about to be locked
			continue
		}
		if lock, err := os.Open(path); err == nil {
			if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
				_ = os.RemoveAll(path)
			}
			_ = lock.Close()
		}
	}
}

// starter is a thread that never ends: the kernel kills a child when the thread
// that started it ends, and Go may end any other.
var starter = sync.OnceValue(func() chan<- func() {
	calls := make(chan func())
	go func() {
		runtime.LockOSThread()
		for call := range calls {
			call()
		}
	}()
	return calls
})

// start starts a process that dies with this one and does not get its Ctrl+C.
func start(command *exec.Cmd) error {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	result := make(chan error)
	starter() <- func() { result <- command.Start() }
	return <-result
}
