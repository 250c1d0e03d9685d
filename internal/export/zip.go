package export

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// steadyZip is a zip archive whose bytes depend on nothing but its content: the
// entries stand in it by name, whatever the order in which they came (excelize
// gives streamed sheets in the order of a map), and without a time.
type steadyZip struct {
	out     io.Writer
	entries []*zipEntry
}

type zipEntry struct {
	header     zip.FileHeader
	compressed bytes.Buffer
	deflate    *flate.Writer
}

// Create begins the next entry and ends the one before.
func (z *steadyZip) Create(name string) (io.Writer, error) {
	if err := z.end(); err != nil {
		return nil, err
	}
	e := &zipEntry{header: zip.FileHeader{Name: name, Method: zip.Deflate}}
	var err error
	if e.deflate, err = flate.NewWriter(&e.compressed, flate.DefaultCompression); err != nil {
		return nil, err
	}
	z.entries = append(z.entries, e)
	return e, nil
}

// Write compresses the next bytes of the entry.
func (e *zipEntry) Write(b []byte) (int, error) {
	e.header.CRC32 = crc32.Update(e.header.CRC32, crc32.IEEETable, b)
	e.header.UncompressedSize64 += uint64(len(b))
	return e.deflate.Write(b)
}

func (z *steadyZip) end() error {
	if len(z.entries) == 0 {
		return nil
	}
	e := z.entries[len(z.entries)-1]
	err := e.deflate.Close()
	e.header.CompressedSize64 = uint64(e.compressed.Len())
	return err
}

// AddFS is asked for by excelize's interface and used by nobody.
func (z *steadyZip) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the archive.
func (z *steadyZip) Close() error {
	if err := z.end(); err != nil {
		return err
	}
	slices.SortFunc(z.entries, func(a, b *zipEntry) int { return strings.Compare(a.header.Name, b.header.Name) })
	w := zip.NewWriter(z.out)
	for _, e := range z.entries {
		part, err := w.CreateRaw(&e.header)
		if err != nil {
			return err
		}
		if _, err := e.compressed.WriteTo(part); err != nil {
			return err
		}
	}
	return w.Close()
}
