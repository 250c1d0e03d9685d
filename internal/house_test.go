// Package internal_test holds the rooms against the plan of the house.
package internal_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const module = "github.com/dabiao/dabiao"

// wirers may import every room: they put the product together.
var wirers = []string{"cmd/dabiao"}

// TestHouse holds every package's imports against the depguard rules of the
// linter, and finds what the linter cannot: a package without a rule.
func TestHouse(t *testing.T) {
	t.Parallel()
	rules := importRules(t)
	for path, imports := range packages(t) {
		room := strings.TrimPrefix(strings.TrimPrefix(path, module+"/"), "internal/")
		if slices.Contains(wirers, room) || !strings.Contains(path, "/internal/") {
			continue
		}
		allowed, ok := rules[room]
		if !ok {
			t.Errorf("internal/%s has no depguard rule in .golangci.yml: say what it may import", room)
			continue
		}
		for _, imported := range imports {
			if strings.HasPrefix(imported, module+"/") && !slices.Contains(allowed, imported+"$") {
				t.Errorf("internal/%s imports %s, which its rule does not allow", room, imported)
			}
		}
	}
}

func importRules(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile("../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]struct{ Allow []string }
				}
			}
		}
	}
	if err := yaml.Unmarshal(data, &config); err != nil {
		t.Fatal(err)
	}
	rules := map[string][]string{}
	for room, rule := range config.Linters.Settings.Depguard.Rules {
		rules[room] = rule.Allow
	}
	if len(rules) == 0 {
		t.Fatal("no depguard rules found in .golangci.yml")
	}
	return rules
}

func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "../...").Output()
	if err != nil {
		t.Fatal(err)
	}
	list := map[string][]string{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list[p.ImportPath] = p.Imports
	}
}
