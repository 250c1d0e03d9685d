package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFilesNamedByMistake are not read to their end, which a device does not have.
func TestFilesNamedByMistake(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, []byte(strings.Repeat("x", 2<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "config")
	if err := os.Mkdir(config, 0o700); err != nil {
		t.Fatal(err)
	}
	settings := "ledger: influxdb\ninfluxdb:\n  url: http://127.0.0.1:1\n  org: o\n  bucket: b\n  token_file: " + large + "\n  ca_file: " + large + "\n"
	if err := os.WriteFile(filepath.Join(config, "dabiao.yaml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	dabiao(t, dir, "--config", config, "check").want(t, exitFaults, "dabiao.yaml:6: cannot read", "dabiao.yaml:7: cannot read", "larger than 1 MiB")
	const server = "influxdb+http://127.0.0.1:1/o/b"
	dabiao(t, dir, "hash", server, "--token-file", large).want(t, exitFaults, "longer than 1 MiB")
	dabiao(t, dir, "hash", server, "--ca-file", large).want(t, exitFaults, "larger than 1 MiB")
}

// TestTokenFromWindows: the mark that an editor there puts first is no part of it.
func TestTokenFromWindows(t *testing.T) {
	t.Parallel()
	line, err := firstLine(&env{}, writeFile(t, "token", "\ufeffabc==\r\nmore"))
	if err != nil || line != "abc==" {
		t.Errorf("the token is %q, %v", line, err)
	}
}
