package assets

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestCheckNamesTheCommand(t *testing.T) {
	t.Parallel()
	err := check(fstest.MapFS{".gitignore": {}})
	if err == nil || !strings.Contains(err.Error(), "npm --prefix internal/assets ci") {
		t.Fatalf("a build without files: got %v, want the command that fetches them", err)
	}
	if err := check(fstest.MapFS{ECharts: {Data: []byte("x")}}); err != nil {
		t.Fatalf("a build with files: %v", err)
	}
}

func TestLockHasNoAddresses(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(content), "://") {
		t.Error("package-lock.json names a host; .npmrc must keep omit-lockfile-registry-resolved=true")
	}
	var lock struct {
		Packages map[string]struct{ Version, Integrity string }
	}
	if err := json.Unmarshal(content, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if name != "" && (p.Integrity == "" || p.Version == "") {
			t.Errorf("%s is not pinned by version and integrity", name)
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("let a = 1;\n", 500)
	set, err := NewSet("/static/", fstest.MapFS{"app.js": {Data: []byte("old")}, "a/icon.svg": {Data: []byte("<svg/>")}},
		fstest.MapFS{"app.js": {Data: []byte(long)}, ".gitignore": {Data: []byte("*")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := set.URL(".gitignore"); err == nil {
		t.Error("a dotfile is served")
	}
	url, err := set.URL("app.js")
	if err != nil || !strings.HasPrefix(url, "/static/app.") || !strings.HasSuffix(url, ".js") {
		t.Fatalf("URL(app.js) = %q, %v", url, err)
	}
	plain := get(set, url, "")
	if plain.Body.String() != long || plain.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("plain answer: %d bytes, %v", plain.Body.Len(), plain.Header())
	}
	if cache := plain.Header().Get("Cache-Control"); !strings.Contains(cache, "immutable") {
		t.Errorf("Cache-Control = %q", cache)
	}
	packed := get(set, url, "br, gzip")
	r, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != long {
		t.Errorf("gzipped answer differs: %d bytes, %v", len(got), err)
	}
	if got := get(set, "/static/app.js", ""); got.Code != http.StatusNotFound {
		t.Errorf("an address without hash answers %d, want 404: it could be kept for ever", got.Code)
	}
}

func get(h http.Handler, url, encoding string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
