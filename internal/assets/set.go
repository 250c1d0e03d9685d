package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Set serves files under addresses that carry a hash of their content, so that
// a browser may keep them for ever and never sees an old one after an update.
// It is read only and safe for concurrent use.
type Set struct {
	prefix string
	urls   map[string]string // name → address
	files  map[string]file   // address → content
}

type file struct {
	kind         string // media type
	plain, small []byte // small is gzipped, nil where that gains nothing
}

// NewSet reads all files of the given file systems; of two with one name the
// later counts. Names starting with a dot are left out. prefix begins and ends
// with a slash.
func NewSet(prefix string, systems ...fs.FS) (*Set, error) {
	s := &Set{prefix: prefix, urls: map[string]string{}, files: map[string]file{}}
	for _, system := range systems {
		err := fs.WalkDir(system, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
				return err
			}
			content, err := fs.ReadFile(system, name)
			if err != nil {
				return err
			}
			return s.add(name, content)
		})
		if err != nil {
			return nil, fmt.Errorf("static files: %w", err)
		}
	}
	return s, nil
}

func (s *Set) add(name string, content []byte) error {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	url := s.prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	f := file{kind: mediaType(ext), plain: content}
	if ext != ".png" && len(content) > 1024 {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		f.small = b.Bytes()
	}
	s.urls[name], s.files[url] = url, f
	return nil
}

// mediaType does not ask the machine's own tables first, which differ between machines.
func mediaType(ext string) string {
	switch ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if kind := mime.TypeByExtension(ext); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// URL is the address of a file; an error names a file that is not there.
func (s *Set) URL(name string) (string, error) {
	url, ok := s.urls[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return url, nil
}

// ServeHTTP answers the addresses that URL gave, and 404 to all others.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	content := f.plain
	if f.small != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		content = f.small
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	if r.Method == http.MethodHead {
		return
	}
	// A reader that went away is the only way this fails, and nobody is left to tell.
	_, _ = w.Write(content)
}
