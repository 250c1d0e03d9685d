package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDemoLeavesRealDataAlone: no account with a public password, and no made-up
// figure, comes beside real ones.
func TestDemoLeavesRealDataAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	password := writeFile(t, "password", "a long enough password\n")
	dabiao(t, dir, "user", "add", "wang", "--role", "admin", "--password-file", password).want(t, exitDone)
	dabiao(t, dir, "demo", "--addr", "127.0.0.1:0").want(t, exitFaults, "--data-dir")
	dabiao(t, dir, "user", "list").want(t, exitDone, "wang")
	if users := dabiao(t, dir, "user", "list"); len(users.out) > 40 {
		t.Errorf("accounts beside the real one:\n%s", users.out)
	}
}

// TestDryRunLeavesNothing: without a data directory it makes none.
func TestDryRunLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	dabiao(t, dir, "import", writeFile(t, "fujian.csv", fujian), "--dry-run").want(t, exitDone, "nothing was kept")
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("a dry run left a data directory behind: %v", err)
	}
}

// TestUserFaultsAreInputFaults: said in the language asked for, with exit code 1.
func TestUserFaultsAreInputFaults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	short := writeFile(t, "password", "short\n")
	dabiao(t, dir, "user", "add", "wang", "--role", "viewer", "--password-file", short).want(t, exitFaults, "at least 8")
	dabiao(t, dir, "user", "add", "wang", "--role", "viewer", "--region", "359999").want(t, exitFaults, "359999")
	dabiao(t, dir, "user", "add", "wang!", "--role", "viewer").want(t, exitFaults, "not valid")
	dabiao(t, dir, "export", "--ledger-version", "99999999999999").want(t, exitFaults, "no version")
	dabiao(t, dir, "user", "add", "li", "--role", "king").want(t, exitUsage)
}
