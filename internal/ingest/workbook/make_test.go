package workbook

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"testing"
	"unicode/utf16"
)

func u16(values ...int) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

func u32(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func f64(v float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)) }

func wide(s string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, u16(int(unit))...)
	}
	return b
}

// rec is a record of BIFF.
func rec(kind int, body ...[]byte) []byte {
	b := slices.Concat(body...)
	return slices.Concat(u16(kind, len(b)), b)
}

func bof(version, kind int) []byte { return rec(recBOF, u16(version, kind, 0, 0), u32(0, 0)) }

// label8 is a text of BIFF8 with its length in two bytes.
func label8(s string) []byte {
	return slices.Concat(u16(len(utf16.Encode([]rune(s)))), []byte{1}, wide(s))
}

// biff is a workbook stream of globals and sheets, whose BOUNDSHEET records
// are written here.
func biff(version int, globals []byte, names []string, sheets ...[]byte) []byte {
	bound := func(starts []int) []byte {
		var b []byte
		for i, name := range names {
			size := []byte{byte(len(name))}
			text := []byte(name)
			if version == 0x0600 {
				size = []byte{byte(len([]rune(name))), 1}
				text = wide(name)
			}
			b = append(b, rec(recBoundSheet, u32(uint32(starts[i])), []byte{0, 0}, size, text)...)
		}
		return append(b, rec(recEOF)...)
	}
	head := slices.Concat(bof(version, 5), globals)
	at := len(head) + len(bound(make([]int, len(names))))
	var starts []int
	var body []byte
	for _, sheet := range sheets {
		starts = append(starts, at+len(body))
		body = slices.Concat(body, bof(version, 0x10), sheet, rec(recEOF))
	}
	return slices.Concat(head, bound(starts), body)
}

// ole is a compound file with one stream, small ones among the small sectors.
func ole(name string, stream []byte) []byte {
	const sector = 512
	pad := func(b []byte, size int) []byte {
		return append(bytes.Clone(b), make([]byte, (size-len(b)%size)%size)...)
	}
	entry := func(name string, kind byte, child, start, size uint32) []byte {
		b := make([]byte, 128)
		copy(b, wide(name))
		binary.LittleEndian.PutUint16(b[64:], uint16(2*len(name)+2))
		b[66] = kind
		copy(b[68:], u32(0xffffffff, 0xffffffff, child))
		copy(b[116:], u32(start, size))
		return b
	}
	var fat []uint32
	var body []byte
	add := func(b []byte) uint32 { // gives the first sector
		if len(b) == 0 {
			return 0xfffffffe
		}
		start := uint32(len(fat))
		b = pad(b, sector)
		body = append(body, b...)
		for i := range len(b) / sector {
			fat = append(fat, start+uint32(i)+1)
		}
		fat[len(fat)-1] = 0xfffffffe
		return start
	}
	miniStart, root, own := uint32(0xfffffffe), uint32(0xfffffffe), uint32(0)
	if len(stream) < 4096 {
		small := pad(stream, 64)
		root = add(small)
		var mini []uint32
		for i := range len(small) / 64 {
			mini = append(mini, uint32(i)+1)
		}
		mini[len(mini)-1] = 0xfffffffe
		miniStart = add(u32(mini...))
	} else {
		own = add(stream)
	}
	directory := add(slices.Concat(entry("Root Entry", 5, 1, root, uint32(len(stream))), entry(name, 2, 0xffffffff, own, uint32(len(stream)))))
	perSector := sector / 4
	fatSectors := 1
	for fatSectors*perSector < len(fat)+fatSectors {
		fatSectors++
	}
	header := make([]byte, sector)
	copy(header, oleMagic)
	copy(header[24:], u16(0x3e, 3, 0xfffe, 9, 6))
	copy(header[44:], u32(uint32(fatSectors), directory, 0, 4096, miniStart, 1, 0xfffffffe, 0))
	for i := range 109 {
		n := uint32(0xffffffff)
		if i < fatSectors {
			n = uint32(len(fat) + i)
		}
		copy(header[76+4*i:], u32(n))
	}
	for range fatSectors {
		fat = append(fat, 0xfffffffd)
	}
	return slices.Concat(header, body, pad(u32(fat...), sector))
}

// The ways of encryption of old workbooks.
const (
	encryptXOR = iota
	encryptRC4
	encryptCryptoAPI40
	encryptCryptoAPI128
)

// encrypted is a workbook stream of BIFF8 behind the built-in password. It is
// written after MS-OFFCRYPTO without the code under test.
func encrypted(tb testing.TB, plain []byte, how int) []byte {
	tb.Helper()
	salt, verifier := []byte("0123456789abcdef"), []byte("fedcba9876543210")
	password := wide("VelvetSweatshop")
	var pass []byte
	var key func(block uint32) []byte
	rc4With := func(key, b []byte) []byte {
		c, err := rc4.NewCipher(key)
		if err != nil {
			tb.Fatal(err)
		}
		out := make([]byte, len(b))
		c.XORKeyStream(out, b)
		return out
	}
	switch how {
	case encryptXOR:
		pass = []byte{0, 0, 0x59, 0xb3, 0x0a, 0x9a}
	case encryptRC4:
		h := md5.Sum(password)
		h = md5.Sum(bytes.Repeat(append(h[:5:5], salt...), 16))
		key = func(block uint32) []byte { k := md5.Sum(append(h[:5:5], u32(block)...)); return k[:] }
		hashed := md5.Sum(verifier)
		pass = slices.Concat(u16(1, 1, 1), salt, rc4With(key(0), append(bytes.Clone(verifier), hashed[:]...)))
	default:
		size := map[int]uint32{encryptCryptoAPI40: 40, encryptCryptoAPI128: 128}[how]
		h := sha1.Sum(append(bytes.Clone(salt), password...))
		key = func(block uint32) []byte {
			k := sha1.Sum(append(h[:], u32(block)...))
			if size == 40 {
				return append(k[:5:5], make([]byte, 11)...)
			}
			return k[:size/8]
		}
		provider := wide("Microsoft Enhanced Cryptographic Provider v1.0\x00")
		header := slices.Concat(u32(4, 0, 0x6801, 0x8004, size, 1, 0, 0), provider)
		hashed := sha1.Sum(verifier)
		both := rc4With(key(0), append(bytes.Clone(verifier), hashed[:]...))
		pass = slices.Concat(u16(1, 2, 2), u32(4, uint32(len(header))), header, u32(16), salt, both[:16], u32(20), both[16:])
	}
	first, _ := recordAt(plain, 0)
	record := rec(recFilePass, pass)
	stream := slices.Concat(plain[:first.next], record, plain[first.next:])
	out := bytes.Clone(stream)
	for at := first.next + len(record); at < len(stream); {
		r, ok := recordAt(stream, at)
		if !ok {
			tb.Fatal("a record is cut")
		}
		from := at + 4
		if r.kind == recBoundSheet {
			copy(out[from:], u32(le32(r.body)+uint32(len(record))))
			from += 4
		}
		for i := from; i < r.next && r.kind != recBOF; i++ {
			if how == encryptXOR {
				array := []byte("VelvetSweatshop\xbb")
				k := (i + len(r.body)) % 16
				x := bits.RotateLeft8(array[k]^[]byte{0x59, 0xb3}[k%2], -1)
				out[i] = bits.RotateLeft8(stream[i], 5) ^ x
				continue
			}
			out[i] = stream[i] ^ rc4With(key(uint32(i/1024)), make([]byte, 1024))[i%1024]
		}
		at = r.next
	}
	return out
}
