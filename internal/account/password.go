package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The cost of a new password hash: OWASP's first choice for argon2id.
const (
	hashMemory  = 46 * 1024 // KiB
	hashTime    = 1
	hashThreads = 1
	saltBytes   = 16
	keyBytes    = 32
)

// The lengths of a password. The upper end bounds the work of a login attempt.
const (
	minPassword = 8   // runes
	maxPassword = 512 // bytes
)

var errHash = errors.New("not an argon2id hash")

// ValidatePassword checks a new password: long enough, not endless, not the
// user's name. Kinds of characters are not prescribed: length is what helps.
func ValidatePassword(name, password string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return &Fault{indicator.T("密码过短：至少 8 个字符。", "The password is too short: at least 8 characters.")}
	case len(password) > maxPassword:
		return &Fault{indicator.T("密码过长：至多 512 字节。", "The password is too long: at most 512 bytes.")}
	case strings.EqualFold(name, password):
		return &Fault{indicator.T("密码不能与用户名相同。", "The password must not be the user name.")}
	}
	return nil
}

// HashPassword gives an argon2id hash as a PHC string with a fresh salt.
func HashPassword(password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("salt for a password: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, hashTime, hashMemory, hashThreads, keyBytes)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, hashMemory, hashTime, hashThreads, encode(salt), encode(key)), nil
}

// CheckPassword reports whether password has the hash, comparing in constant
// time. The cost is that of the hash; absurd costs are refused as an error.
func CheckPassword(hash, password string) (bool, error) {
	var version, threads int
	var memory, time uint32
	fields := strings.Split(hash, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" {
		return false, errHash
	}
	if _, err := fmt.Sscanf(fields[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, fmt.Errorf("%w: version %q", errHash, fields[2])
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil ||
		memory < 8 || memory > 256*1024 || time < 1 || time > 16 || threads < 1 || threads > 16 {
		return false, fmt.Errorf("%w: cost %q", errHash, fields[3])
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(fields[4])
	key, errKey := base64.RawStdEncoding.DecodeString(fields[5])
	if errSalt != nil || errKey != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 {
		return false, fmt.Errorf("%w: salt or key", errHash)
	}
	cut := password[:min(len(password), maxPassword)] // nobody's password is longer: see ValidatePassword
	got := argon2.IDKey([]byte(cut), salt, time, memory, uint8(threads), uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1 && len(cut) == len(password), nil
}
