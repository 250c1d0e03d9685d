package account

import (
	"slices"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// who is the table of permissions, written out once more as a reader of the
// design would: for every action and role, for which uploads and under which
// rule. on and off are with review and without.
var who = map[Action]map[Role]string{
	Stage:       {Viewer: "", Auditor: "", Statistician: "own-on other-on own-off other-off", Reviewer: "own-on other-on own-off other-off", Admin: "own-on other-on own-off other-off"},
	Submit:      {Viewer: "", Auditor: "", Statistician: "own-on own-off", Reviewer: "own-on own-off", Admin: "own-on own-off"},
	Withdraw:    {Viewer: "", Auditor: "", Statistician: "own-on own-off", Reviewer: "own-on own-off", Admin: "own-on own-off"},
	Publish:     {Viewer: "", Auditor: "", Statistician: "own-off", Reviewer: "other-on own-off other-off", Admin: "other-on own-off other-off"},
	Reject:      {Viewer: "", Auditor: "", Statistician: "", Reviewer: "own-on other-on own-off other-off", Admin: "own-on other-on own-off other-off"},
	Revert:      {Viewer: "", Auditor: "", Statistician: "own-off", Reviewer: "own-on other-on own-off other-off", Admin: "own-on other-on own-off other-off"},
	SeeDraft:    {Viewer: "own-on own-off", Auditor: "own-on own-off", Statistician: "own-on own-off", Reviewer: "own-on other-on own-off other-off", Admin: "own-on other-on own-off other-off"},
	Acknowledge: {Viewer: "", Auditor: "", Statistician: "own-on other-on own-off other-off", Reviewer: "own-on other-on own-off other-off", Admin: "own-on other-on own-off other-off"},
	ManageUsers: {Viewer: "", Auditor: "", Statistician: "", Reviewer: "", Admin: "own-on other-on own-off other-off"},
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	inside := []string{"350000", "350102"}
	for _, action := range Actions {
		for _, role := range Roles {
			want, ok := who[action][role]
			if !ok {
				t.Errorf("%s by %s is in no table", action, role)
			}
			ever := map[bool]bool{}
			for _, review := range []bool{true, false} {
				for _, whose := range []string{"own", "other"} {
					rules := Rules{Catalog: catalog(), Review: review}
					user := User{Name: "wang", Role: role, Regions: []string{"350000"}}
					m := Matter{Regions: inside, Authors: []string{"li", map[string]string{"own": "wang", "other": "zhao"}[whose]}}
					name := whose + map[bool]string{true: "-on", false: "-off"}[review]
					may := slices.Contains(strings.Fields(want), name)
					ever[review] = ever[review] || may
					if got := rules.May(user, action, m); got != may {
						t.Errorf("%s by %s, %s: %v", action, role, name, got)
					}
					user.Disabled = true
					if rules.May(user, action, m) || rules.MayEver(user, action) {
						t.Errorf("%s by a disabled %s", action, role)
					}
					user.Disabled, user.Regions = false, []string{"110000"}
					if rules.May(user, action, m) && (action != SeeDraft || whose != "own") {
						t.Errorf("%s by a %s of another province, %s", action, role, name)
					}
				}
				if got := (Rules{catalog(), review}).MayEver(User{Name: "wang", Role: role}, action); got != ever[review] {
					t.Errorf("%s by %s ever, review %v: %v", action, role, review, got)
				}
			}
		}
	}
}

func TestNobodyMayNothing(t *testing.T) {
	t.Parallel()
	rules := Rules{Catalog: catalog()}
	for _, action := range Actions {
		for _, nobody := range []User{{}, {Role: Admin}, {Name: "wang"}, {Name: "wang", Role: "root"}} {
			if rules.May(nobody, action, Matter{Authors: []string{""}}) || rules.MayEver(nobody, action) {
				t.Errorf("%s by %+v", action, nobody)
			}
		}
	}
}

func TestDraftsWithoutRegions(t *testing.T) {
	t.Parallel()
	rules := Rules{Catalog: catalog(), Review: true}
	for _, c := range []struct {
		name    string
		regions []string
		sees    bool
	}{{"author", []string{"350000"}, true}, {"zhao", []string{"350000"}, false}, {"zhao", nil, true}, {"zhao", []string{"000000"}, true}} {
		user := User{Name: c.name, Role: Reviewer, Regions: c.regions}
		if got := rules.May(user, SeeDraft, Matter{Authors: []string{"author"}}); got != c.sees {
			t.Errorf("%s of %v sees the draft: %v", c.name, c.regions, got)
		}
		if got := rules.May(user, SeeDraft, Matter{Regions: []string{"350000"}, Authors: []string{"author"}, Partly: true}); got != c.sees {
			t.Errorf("%s of %v sees the draft of which only Fujian could be read: %v", c.name, c.regions, got)
		}
		if !rules.May(user, Stage, Matter{Authors: []string{c.name}}) {
			t.Errorf("%s of %v may not keep a file without regions", c.name, c.regions)
		}
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	rules := Rules{Catalog: catalog()}
	for _, c := range []struct {
		mine, of string
		outside  string
	}{
		{"", "000000 350000 unknown", ""},
		{"000000", "000000 110000 350102", ""},
		{"350000", "350000 350100 350102", ""},
		{"350000", "350000 110000 000000", "110000 000000"},
		{"350100", "350102", ""},
		{"350102", "350100", "350100"},
		{"350000 110000", "110000 350102", ""},
		{"350000", "unknown", "unknown"},
		{"350000", "", ""},
	} {
		user := User{Name: "wang", Role: Statistician, Regions: strings.Fields(c.mine)}
		if got := strings.Join(rules.Outside(user, strings.Fields(c.of)), " "); got != c.outside {
			t.Errorf("%q for %q: outside %q, want %q", c.mine, c.of, got, c.outside)
		}
		if got := rules.Covers(user, strings.Fields(c.of)); got != (c.outside == "") {
			t.Errorf("%q covers %q: %v", c.mine, c.of, got)
		}
	}
}

func TestMayManage(t *testing.T) {
	t.Parallel()
	rules := Rules{Catalog: catalog(), Review: true}
	nation, fujian := User{Name: "a", Role: Admin}, User{Name: "b", Role: Admin, Regions: []string{"350000"}}
	for _, c := range []struct {
		admin, user User
		want        bool
	}{
		{nation, User{Name: "c"}, true},
		{nation, User{Name: "c", Regions: []string{"110000"}}, true},
		{fujian, User{Name: "c", Regions: []string{"350100"}}, true},
		{fujian, User{Name: "c", Regions: []string{"110000"}}, false},
		{fujian, User{Name: "c"}, false}, // no regions are all regions
		{fujian, User{Name: "c", Regions: []string{indicator.Nation}}, false},
		{User{Name: "d", Role: Reviewer}, User{Name: "c"}, false},
	} {
		if got := rules.MayManage(c.admin, c.user); got != c.want {
			t.Errorf("%+v manages %+v: %v", c.admin, c.user, got)
		}
	}
}
