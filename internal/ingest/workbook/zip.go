package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// archive is a zip file whose directory was held against the limits.
type archive struct {
	files map[string]*zip.File
}

// openArchive refuses what the directory says is too large before anything of
// it is unpacked, and before archive/zip makes an entry of each line of it.
func openArchive(content []byte, limits Limits) (*archive, error) {
	if err := checkDirectory(content, limits); err != nil {
		return nil, err
	}
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged("zip: " + err.Error())
	}
	a, unpacked := &archive{files: map[string]*zip.File{}}, uint64(0)
	for _, f := range r.File {
		a.files[f.Name] = f
		unpacked += min(f.UncompressedSize64, 1<<50)
	}
	if unpacked > uint64(limits.Unpacked) {
		return nil, unpacksTooLarge(limits.Unpacked)
	}
	return a, nil
}

// checkDirectory walks the central directory of a zip file.
func checkDirectory(content []byte, limits Limits) error {
	const lineSize = 46
	start, ok := directoryStart(content)
	if !ok {
		return damaged("zip: no directory")
	}
	entries := 0
	for lines := content[start:]; len(lines) >= lineSize && bytes.HasPrefix(lines, []byte("PK\x01\x02")); {
		entries++
		if entries > limits.Entries {
			return tooManyEntries(limits.Entries)
		}
		length := lineSize
		for _, field := range []int{28, 30, 32} {
			length += int(binary.LittleEndian.Uint16(lines[field:]))
		}
		lines = lines[min(length, len(lines)):]
	}
	return nil
}

// directoryStart is where the central directory begins. As with archive/zip,
// something may stand before the archive.
func directoryStart(content []byte) (int, bool) {
	const endSize, locatorSize, end64Size = 22, 20, 56
	from := max(0, len(content)-endSize-1<<16)
	at := bytes.LastIndex(content[from:], []byte("PK\x05\x06"))
	if at < 0 || len(content)-from-at < endSize {
		return 0, false
	}
	end := from + at
	size := uint64(binary.LittleEndian.Uint32(content[end+12:]))
	if locator := end - locatorSize; locator >= end64Size && bytes.HasPrefix(content[locator:], []byte("PK\x06\x07")) {
		end = locator - end64Size
		if !bytes.HasPrefix(content[end:], []byte("PK\x06\x06")) {
			return 0, false
		}
		size = binary.LittleEndian.Uint64(content[end+40:])
	}
	if size > uint64(end) {
		return 0, false
	}
	return end - int(size), true
}

// has reports an entry of this name.
func (a *archive) has(name string) bool { return a.files[name] != nil }

// open unpacks an entry as it is read. An entry that is longer than the
// directory says ends in an error.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.files[name]
	if f == nil {
		return nil, damaged(name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged(name + ": " + err.Error())
	}
	return struct {
		io.Reader
		io.Closer
	}{&honest{r: r, left: int64(min(f.UncompressedSize64, 1<<62)), name: name}, r}, nil
}

// honest reads no more than was promised.
type honest struct {
	r    io.Reader
	left int64
	name string
}

func (h *honest) Read(b []byte) (int, error) {
	n, err := h.r.Read(b)
	if h.left -= int64(n); h.left < 0 {
		return 0, damaged(h.name + ": larger than the zip directory says")
	}
	return n, err
}

func (a *archive) size(name string) int {
	if f := a.files[name]; f != nil {
		return int(min(f.UncompressedSize64, 1<<40))
	}
	return 0
}
