package workbook

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"math/bits"
	"unicode/utf16"
)

// builtInPassword opens files that their author only protected against change:
// Excel and WPS try it without asking.
const builtInPassword = "VelvetSweatshop"

// decrypt makes an encrypted stream plain, in place, from behind its FILEPASS
// record on (MS-OFFCRYPTO, MS-XLS 2.2.10). pass is the body of that record.
func decrypt(stream []byte, pass record, biff8 bool) error {
	b := pass.body
	if !biff8 {
		if len(b) < 4 {
			return damaged("FILEPASS")
		}
		return decryptXOR(stream, pass, b)
	}
	if len(b) < 6 {
		return damaged("FILEPASS")
	}
	if le16(b) == 0 {
		return decryptXOR(stream, pass, b[2:])
	}
	var key func(block uint32) []byte
	var ok bool
	switch major, minor := le16(b[2:]), le16(b[4:]); {
	case major == 1 && minor == 1:
		key, ok = keyOfRC4(b[6:])
	case minor == 2 && 2 <= major && major <= 4:
		key, ok = keyOfCryptoAPI(b[6:])
	default:
		return refuse(CodeEncrypted,
			"文件的加密方式不受支持。在表格软件中打开，取消密码后另存为 xlsx，再重新上传。",
			"The file is encrypted in a way that is not supported. Open it in the spreadsheet program, remove the password, save it as xlsx and upload that.")
	}
	if !ok {
		return needsPassword()
	}
	decryptRC4(stream, pass.next, key)
	return nil
}

// password16 is the built-in password in UTF-16.
func password16() []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(builtInPassword)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

// keyOfRC4 derives the keys of "Office binary document RC4 encryption". ok is
// false where another password is needed.
func keyOfRC4(b []byte) (key func(block uint32) []byte, ok bool) {
	if len(b) < 48 {
		return nil, false
	}
	salt, verifier := b[:16], b[16:48]
	first := md5.Sum(password16())
	repeated := bytes.Repeat(append(bytes.Clone(first[:5]), salt...), 16)
	base := md5.Sum(repeated)
	key = func(block uint32) []byte {
		k := md5.Sum(binary.LittleEndian.AppendUint32(bytes.Clone(base[:5]), block))
		return k[:]
	}
	return key, isVerified(key(0), verifier, 16, md5.New())
}

// keyOfCryptoAPI derives the keys of "RC4 CryptoAPI encryption".
func keyOfCryptoAPI(b []byte) (key func(block uint32) []byte, ok bool) {
	const sha1Verifier = 4 + 16 + 16 + 4 + 20
	if len(b) < 8 {
		return nil, false
	}
	size := uint64(le32(b[4:]))
	if size < 32 || 8+size+sha1Verifier > uint64(len(b)) {
		return nil, false
	}
	header, verifier := b[8:8+size], b[8+size:]
	keySize := int(min(le32(header[16:])/8, 16))
	if keySize == 0 {
		keySize = 5
	}
	salt := verifier[4:20]
	base := sha1.Sum(append(bytes.Clone(salt), password16()...))
	key = func(block uint32) []byte {
		k := sha1.Sum(binary.LittleEndian.AppendUint32(bytes.Clone(base[:]), block))
		if keySize == 5 { // a key of 40 bits is filled up
			return append(bytes.Clone(k[:5]), make([]byte, 11)...)
		}
		return k[:keySize]
	}
	encrypted := append(bytes.Clone(verifier[20:36]), verifier[40:60]...)
	return key, isVerified(key(0), encrypted, 16, sha1.New())
}

// isVerified reports whether the key opens a random text and its hash.
func isVerified(key, encrypted []byte, textSize int, h hash.Hash) bool {
	cipher, err := rc4.NewCipher(key)
	if err != nil {
		return false
	}
	plain := make([]byte, len(encrypted))
	cipher.XORKeyStream(plain, encrypted)
	h.Write(plain[:textSize])
	return bytes.Equal(h.Sum(nil), plain[textSize:])
}

// isPlain reports records that are never encrypted.
func isPlain(kind int) bool {
	switch kind {
	case recBOF, recFilePass, 0x00e1, 0x0138, 0x0195, 0x0196, 0x0194: // INTERFACEHDR, RRDINFO, RRDHEAD, FILELOCK, USREXCL
		return true
	}
	return false
}

// decryptRC4 decrypts the bodies of all records from a position on. The key
// stream runs over the heads of records too, and changes every 1024 bytes.
func decryptRC4(stream []byte, from int, key func(block uint32) []byte) {
	const blockSize = 1024
	pad, padOf := make([]byte, blockSize), -1
	zeros := make([]byte, blockSize)
	for at := from; ; {
		r, ok := recordAt(stream, at)
		if !ok {
			return
		}
		start := at + recordHeadSize
		if r.kind == recBoundSheet {
			start += 4 // where the sheet begins stays readable
		}
		for i := start; i < r.next && !isPlain(r.kind); i++ {
			if block := i / blockSize; block != padOf {
				cipher, err := rc4.NewCipher(key(uint32(block)))
				if err != nil {
					return
				}
				cipher.XORKeyStream(pad, zeros)
				padOf = block
			}
			stream[i] ^= pad[i%blockSize]
		}
		at = r.next
	}
}

// decryptXOR undoes "XOR obfuscation". hash is key and verifier of the record.
func decryptXOR(stream []byte, pass record, hash []byte) error {
	const key, verifier = 0xb359, 0x9a0a // both follow from the built-in password
	if le16(hash) != key || le16(hash[2:]) != verifier {
		return needsPassword()
	}
	pad := [16]byte([]byte(builtInPassword + "\xbb"))
	for i := range pad {
		pad[i] = bits.RotateLeft8(pad[i]^[2]byte{key & 0xff, key >> 8}[i%2], 2)
	}
	for at := pass.next; ; {
		r, ok := recordAt(stream, at)
		if !ok {
			return nil
		}
		start := at + recordHeadSize
		if !isPlain(r.kind) {
			from := start
			if r.kind == recBoundSheet {
				from += 4
			}
			for i := from; i < r.next; i++ {
				stream[i] = bits.RotateLeft8(stream[i], 3) ^ pad[(i+len(r.body))%16]
			}
		}
		at = r.next
	}
}
