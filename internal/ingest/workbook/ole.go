package workbook

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// Compound files (OLE2, MS-CFB) are small file systems: old Office files and
// encrypted new ones. Their sectors are linked by a table, the FAT.

const (
	oleMagic   = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	endOfChain = 0xfffffffa // this and above are no sectors
)

// IsOLE reports a file that begins like a compound file.
func IsOLE(head []byte) bool { return bytes.HasPrefix(head, []byte(oleMagic)) }

type compound struct {
	content []byte
	shift   uint // of the size of a sector
	fat     []uint32
	mini    []uint32 // FAT of small streams
	small   []byte   // the stream that holds them
	cutoff  uint32   // smaller streams are small
	streams map[string]directoryEntry
}

type directoryEntry struct {
	kind               byte // 2: a stream, 5: the root
	left, right, child uint32
	start, size        uint32
	name               string
}

func le16(b []byte) int    { return int(binary.LittleEndian.Uint16(b)) }
func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

func openCompound(content []byte) (*compound, error) {
	const headerSize = 512
	if len(content) < headerSize {
		return nil, damaged("OLE: header")
	}
	c := &compound{content: content, shift: uint(le16(content[30:])), cutoff: le32(content[56:])}
	if c.shift != 9 && c.shift != 12 || le16(content[32:]) != 6 {
		return nil, damaged("OLE: sector size")
	}
	if err := c.readFAT(); err != nil {
		return nil, err
	}
	directory, err := c.chain(le32(content[48:]))
	if err != nil {
		return nil, err
	}
	if le32(content[60:]) < endOfChain {
		table, err := c.chain(le32(content[60:]))
		if err != nil {
			return nil, err
		}
		c.mini = sectorNumbers(table)
	}
	return c, c.readDirectory(directory)
}

// sector is the bytes of one; the last of a file may be short.
func (c *compound) sector(n uint32) ([]byte, error) {
	from := (uint64(n) + 1) << c.shift
	if n >= endOfChain || from >= uint64(len(c.content)) {
		return nil, damaged("OLE: sector")
	}
	return c.content[from:min(from+1<<c.shift, uint64(len(c.content)))], nil
}

// readFAT gathers the table from the sectors that the header lists, and the
// list's own chain of sectors for large files.
func (c *compound) readFAT() error {
	most := len(c.content)>>c.shift + 1
	list := sectorNumbers(c.content[76:512])
	for next, n := le32(c.content[68:]), 0; next < endOfChain; n++ {
		more, err := c.sector(next)
		if err != nil || n > most || len(more) < 8 {
			return damaged("OLE: list of sectors")
		}
		numbers := sectorNumbers(more)
		list, next = append(list, numbers[:len(numbers)-1]...), numbers[len(numbers)-1]
	}
	for _, n := range list {
		if n >= endOfChain {
			continue
		}
		table, err := c.sector(n)
		if err != nil || len(c.fat) > most+1<<c.shift {
			return damaged("OLE: table of sectors")
		}
		c.fat = append(c.fat, sectorNumbers(table)...)
	}
	return nil
}

func sectorNumbers(b []byte) []uint32 {
	numbers := make([]uint32, len(b)/4)
	for i := range numbers {
		numbers[i] = le32(b[4*i:])
	}
	return numbers
}

// chain is the bytes of all sectors linked from start.
func (c *compound) chain(start uint32) ([]byte, error) {
	var b []byte
	for n := start; n < endOfChain; {
		s, err := c.sector(n)
		if err != nil {
			return nil, err
		}
		if b = append(b, s...); len(b) > len(c.content) || int(n) >= len(c.fat) {
			return nil, damaged("OLE: chain of sectors")
		}
		n = c.fat[n]
	}
	return b, nil
}

// readDirectory finds the streams of the root; those of embedded objects are
// of no use.
func (c *compound) readDirectory(directory []byte) error {
	const size, none = 128, 0xffffffff
	entry := func(n uint32) (directoryEntry, bool) {
		if uint64(n)*size+size > uint64(len(directory)) {
			return directoryEntry{}, false
		}
		b := directory[uint64(n)*size:]
		units := make([]uint16, min(max(le16(b[64:])/2-1, 0), 31))
		for i := range units {
			units[i] = uint16(le16(b[2*i:]))
		}
		return directoryEntry{b[66], le32(b[68:]), le32(b[72:]), le32(b[76:]), le32(b[116:]), le32(b[120:]), string(utf16.Decode(units))}, true
	}
	root, ok := entry(0)
	if !ok || root.kind != 5 {
		return damaged("OLE: no root")
	}
	c.streams = map[string]directoryEntry{}
	seen, todo := map[uint32]bool{none: true}, []uint32{root.child}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		e, ok := entry(n)
		if seen[n] || !ok {
			continue
		}
		seen[n] = true
		todo = append(todo, e.left, e.right)
		c.streams[e.name] = e
	}
	if len(c.mini) == 0 {
		return nil
	}
	small, err := c.chain(root.start)
	c.small = small
	return err
}

// stream is a copy of the bytes of a stream of the root; ok is false where
// there is none of this name.
func (c *compound) stream(name string) (b []byte, ok bool, err error) {
	e, ok := c.streams[name]
	if !ok || e.kind != 2 {
		return nil, false, nil
	}
	if e.size < c.cutoff {
		b, err = c.smallStream(e.start)
	} else {
		b, err = c.chain(e.start)
	}
	if err == nil && len(b) < int(e.size) {
		err = damaged("OLE: " + name + " ends early")
	}
	if err != nil {
		return nil, true, err
	}
	return b[:e.size], true, nil
}

func (c *compound) smallStream(start uint32) ([]byte, error) {
	const size = 64
	var b []byte
	for n := start; n < endOfChain; n = c.mini[n] {
		from := uint64(n) * size
		if int(n) >= len(c.mini) || from+size > uint64(len(c.small)) || len(b) > len(c.small) {
			return nil, damaged("OLE: chain of small sectors")
		}
		b = append(b, c.small[from:from+size]...)
	}
	return b, nil
}
