// Package account is who may do what: users, roles bound to regions, passwords,
// login with lock-out, and the one table of permissions.
package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Role is what a user is there to do.
type Role string

// The roles.
const (
	Viewer       Role = "viewer"       // reads what is published
	Statistician Role = "statistician" // uploads and submits
	Reviewer     Role = "reviewer"     // publishes, rejects and reverts
	Admin        Role = "admin"        // all of these, and the accounts
	Auditor      Role = "auditor"      // reads what is published, and the audit trail
)

// Roles lists all roles, from the least to the most they may do with data.
var Roles = []Role{Viewer, Auditor, Statistician, Reviewer, Admin}

// ParseRole accepts the five codes.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles, r) {
		return r, nil
	}
	return "", fmt.Errorf("unknown role %q: want viewer, auditor, statistician, reviewer or admin", s)
}

// Name is the role as a page shows it.
func (r Role) Name() indicator.Text {
	switch r {
	case Viewer:
		return indicator.T("浏览人", "viewer")
	case Statistician:
		return indicator.T("填报人", "statistician")
	case Reviewer:
		return indicator.T("审核人", "reviewer")
	case Admin:
		return indicator.T("管理员", "administrator")
	case Auditor:
		return indicator.T("审计人", "auditor")
	}
	return indicator.T("未登录", "not signed in")
}

// User is an account, or an actor that acts without one (see Local). The zero
// User is somebody who has not signed in.
type User struct {
	Name         string   // canonical, see CanonicalName
	Role         Role     //
	Regions      []string // codes, each with all that lies under it; empty: the whole country
	PasswordHash string   `json:"-"` // PHC string, empty: cannot sign in
	Disabled     bool
	Created      time.Time
}

// Users keeps the accounts. Names are canonical.
type Users interface {
	// User is the account of that name, or ErrNoUser.
	User(ctx context.Context, name string) (User, error)
	// Users lists all accounts by name.
	Users(ctx context.Context) ([]User, error)
	// AddUser keeps a new account, or says ErrUserExists.
	AddUser(ctx context.Context, u User) error
	// UpdateUser replaces everything of an account but its name and its moment of
	// creation, or says ErrNoUser.
	UpdateUser(ctx context.Context, u User) error
}

// What Users answers where there is no such account, or already one.
var (
	ErrNoUser     = errors.New("no such user")
	ErrUserExists = errors.New("a user of this name exists")
)

// Local is the actor of a command on the server's own machine. Whoever can write
// the data directory can do anything with it, so the role is Admin for the whole
// country; the name, by default the operating system's user, says who it was.
// Four eyes still holds: who publishes must have another name than every author.
// An account of the same name is the same person.
func Local(name string) (User, error) {
	if i := strings.LastIndexByte(name, '\\'); i >= 0 {
		name = name[i+1:] // DOMAIN\name
	}
	canonical, err := CanonicalName(name)
	if err != nil {
		return User{}, err
	}
	return User{Name: canonical, Role: Admin}, nil
}

const maxName = 64 // runes

// CanonicalName folds width and case and checks a user name: one to 64 letters
// a–z, digits or Chinese characters, with . _ - @ inside. Other scripts are
// refused because they hold letters that look like these.
func CanonicalName(s string) (string, error) {
	name := strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
	wrong := name == "" || utf8.RuneCountInString(name) > maxName
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || unicode.Is(unicode.Han, r)
		inner := i > 0 && strings.ContainsRune("._-@", r)
		wrong = wrong || !letter && !inner
	}
	if wrong {
		return "", &Fault{indicator.T(
			"用户名无效：须为 1—64 个字母（a—z）、数字或汉字，中间可用 . _ - @。",
			"The user name is not valid: 1 to 64 letters a–z, digits or Chinese characters, with . _ - @ inside.")}
	}
	return name, nil
}

// Fault is a name, a password, a role or a region that cannot be taken, said in both languages.
type Fault struct{ Message indicator.Text }

func (f *Fault) Error() string { return f.Message.EN }

// Validate checks an account before it is kept: name, role, and regions that
// the catalogue knows.
func (u User) Validate(c *indicator.Catalog) error {
	if name, err := CanonicalName(u.Name); err != nil {
		return err
	} else if name != u.Name {
		return fmt.Errorf("user name %q is not canonical, want %q", u.Name, name)
	}
	if _, err := ParseRole(string(u.Role)); err != nil {
		return &Fault{indicator.T(
			"角色“"+string(u.Role)+"”不存在：可用 viewer、auditor、statistician、reviewer、admin。",
			"There is no role “"+string(u.Role)+"”: use viewer, auditor, statistician, reviewer or admin.")}
	}
	for _, code := range u.Regions {
		if c.Region(code) == nil {
			return &Fault{indicator.T(
				"地区代码“"+code+"”不在目录中：请用 GB/T 2260 六位代码，例如 350000。",
				"The catalogue has no region “"+code+"”: use a six-digit GB/T 2260 code, such as 350000.")}
		}
	}
	return nil
}
