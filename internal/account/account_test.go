package account

import (
	"errors"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// catalog has the nation, two provinces, and a city under one of them.
func catalog() *indicator.Catalog {
	c := &indicator.Catalog{Regions: []indicator.Region{
		{Code: indicator.Nation, Level: indicator.Country},
		{Code: "350000", Level: indicator.Province, Parent: indicator.Nation},
		{Code: "350100", Level: indicator.City, Parent: "350000"},
		{Code: "350102", Level: indicator.County, Parent: "350100"},
		{Code: "110000", Level: indicator.Province, Parent: indicator.Nation},
	}}
	c.Index()
	return c
}

func TestCanonicalName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"wang": "wang", " Wang.Li ": "wang.li", "ＷＡＮＧ１": "wang1", "王丽": "王丽", "a@b_c-d.e": "a@b_c-d.e",
		"": "", ".a": "", "a b": "", "a/b": "", "../x": "", "wаng": "", // the last with a Cyrillic а
		"a\x00b": "", "<b>": "", strings.Repeat("王", 64): strings.Repeat("王", 64), strings.Repeat("a", 65): "",
	} {
		got, err := CanonicalName(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q (%v), want %q", in, got, err, want)
		}
	}
}

func TestLocal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"root": "root", `OFFICE\Wang`: "wang", "": ""} {
		u, err := Local(in)
		if u.Name != want || (err == nil) != (want != "") || want != "" && (u.Role != Admin || u.Regions != nil) {
			t.Errorf("%q: %+v (%v)", in, u, err)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		user User
		good bool
	}{
		{User{Name: "wang", Role: Reviewer, Regions: []string{"350000", "350102"}}, true},
		{User{Name: "wang", Role: Viewer}, true},
		{User{Name: "Wang", Role: Viewer}, false},
		{User{Name: "", Role: Viewer}, false},
		{User{Name: "wang", Role: "root"}, false},
		{User{Name: "wang", Role: Viewer, Regions: []string{"999999"}}, false},
	} {
		if err := c.user.Validate(catalog()); (err == nil) != c.good {
			t.Errorf("%+v: %v", c.user, err)
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for _, r := range Roles {
		if got, err := ParseRole(string(r)); got != r || err != nil {
			t.Errorf("%s: %s, %v", r, got, err)
		}
		if name := r.Name(); name.ZH == "" || name.EN == "" || name == Role("").Name() {
			t.Errorf("%s has the name %+v", r, name)
		}
	}
	if _, err := ParseRole("root"); err == nil {
		t.Error("root was taken for a role")
	}
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for password, good := range map[string]bool{
		"correct horse": true, "密码密码密码密码": true, "1234567": false, "": false,
		"wangwang": false, "WangWang": false, strings.Repeat("x", 512): true, strings.Repeat("x", 513): false,
	} {
		var fault *Fault
		if err := ValidatePassword("wangwang", password); (err == nil) != good || err != nil && !errors.As(err, &fault) {
			t.Errorf("%q: %v", password, err)
		}
	}
}

// The vectors are those of the reference implementation of argon2.
func TestPasswordVectors(t *testing.T) {
	t.Parallel()
	const (
		vector = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$ZVrRXqxlLcWfcXCnMyv0m4Rpvh/bnCi7"
		slower = "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$Bo1ismRVk2qm6+YAYLCmWHDb+j3fjUH3"
	)
	for _, c := range []struct {
		hash, password string
		want, fails    bool
	}{
		{vector, "password", true, false},
		{vector, "passwore", false, false},
		{vector, "", false, false},
		{slower, "password", true, false},
		{strings.Replace(vector, "t=1", "t=2", 1), "password", false, false},
		{strings.Replace(vector, "argon2id", "argon2i", 1), "password", false, true},
		{strings.Replace(vector, "v=19", "v=16", 1), "password", false, true},
		{strings.Replace(vector, "m=64", "m=4000000", 1), "password", false, true},
		{strings.Replace(vector, "p=1", "p=0", 1), "password", false, true},
		{strings.Replace(vector, "c29tZXNhbHQ", "c29", 1), "password", false, true},
		{vector + "$", "password", false, true},
		{"", "", false, true},
		{"password", "password", false, true},
	} {
		got, err := CheckPassword(c.hash, c.password)
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%s with %q: %v, %v", c.hash, c.password, got, err)
		}
	}
}

func TestHashPassword(t *testing.T) {
	t.Parallel()
	first, err := HashPassword("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	second, err := HashPassword("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(first, "$argon2id$v=19$m=47104,t=1,p=1$") || first == second {
		t.Errorf("hashes %s and %s", first, second)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct horsf": false} {
		if ok, err := CheckPassword(first, password); ok != want || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
}

func TestOverlongPasswordIsNotCut(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("x", maxPassword)
	hash, err := HashPassword(longest)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := CheckPassword(hash, longest+"y"); ok || err != nil {
		t.Errorf("a longer password with the same beginning: %v, %v", ok, err)
	}
}
