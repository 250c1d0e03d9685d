package account

import (
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Action is something that needs a permission. Reading published figures is not
// among them: the server's own switch decides whether that needs a login.
type Action string

// The actions.
const (
	Stage       Action = "stage"       // upload a file
	Submit      Action = "submit"      // ask for review
	Withdraw    Action = "withdraw"    // close one's own before it is published
	Publish     Action = "publish"     // make visible
	Reject      Action = "reject"      // send back
	Revert      Action = "revert"      // take back what was published
	SeeDraft    Action = "see_draft"   // see an upload that is not published, its file and its history
	Acknowledge Action = "acknowledge" // note on a warning what was done about it
	ManageUsers Action = "manage_users"
)

// Actions lists all actions.
var Actions = []Action{Stage, Submit, Withdraw, Publish, Reject, Revert, SeeDraft, Acknowledge, ManageUsers}

// whose says for which uploads a role has an action, inside the user's regions.
type whose int

const (
	nobodys     whose = iota
	own               // those the user is an author of
	ownNoReview       // own, and only while review is off
	fourEyes          // those of others while review is on, all while it is off
	anybodys
)

// permissions is the one table of who may do what.
var permissions = map[Action]map[Role]whose{
	Stage:       {Statistician: anybodys, Reviewer: anybodys, Admin: anybodys},
	Submit:      {Statistician: own, Reviewer: own, Admin: own},
	Withdraw:    {Statistician: own, Reviewer: own, Admin: own},
	Publish:     {Statistician: ownNoReview, Reviewer: fourEyes, Admin: fourEyes},
	Reject:      {Reviewer: anybodys, Admin: anybodys},
	Revert:      {Statistician: ownNoReview, Reviewer: anybodys, Admin: anybodys},
	SeeDraft:    {Viewer: own, Auditor: own, Statistician: own, Reviewer: anybodys, Admin: anybodys},
	Acknowledge: {Statistician: anybodys, Reviewer: anybodys, Admin: anybodys},
	ManageUsers: {Admin: anybodys},
}

// Rules decide. Review says that a second person publishes.
type Rules struct {
	Catalog *indicator.Catalog
	Review  bool
}

// Matter is what an action is about: an upload's regions and its authors, the
// uploader and every co-author; the region of a warning.
type Matter struct {
	Regions []string
	Authors []string
	Partly  bool // there may be more regions, which could not be read
}

// May reports whether u may do a. Every region of the matter must be covered;
// co-authors count as authors. A disabled user may nothing.
func (r Rules) May(u User, a Action, m Matter) bool {
	if u.Disabled || u.Name == "" || !r.covers(u, a, m) {
		return false
	}
	author := slices.Contains(m.Authors, u.Name)
	switch permissions[a][u.Role] {
	case anybodys:
		return true
	case own:
		return author
	case ownNoReview:
		return author && !r.Review
	case fourEyes:
		return !author || !r.Review
	default:
		return false
	}
}

// covers: authors keep sight of what they uploaded, whatever became of their
// regions. A draft of which not all could be read may hold any region's figures.
func (r Rules) covers(u User, a Action, m Matter) bool {
	if a != SeeDraft {
		return r.Covers(u, m.Regions)
	}
	regions := m.Regions
	if len(regions) == 0 || m.Partly {
		regions = []string{indicator.Nation}
	}
	return slices.Contains(m.Authors, u.Name) || r.Covers(u, regions)
}

// Covers reports whether every region lies in, or is, one of the user's regions.
func (r Rules) Covers(u User, regions []string) bool {
	return len(u.Regions) == 0 || len(r.Outside(u, regions)) == 0
}

// Outside lists the regions that are not the user's, in their order.
func (r Rules) Outside(u User, regions []string) []string {
	if len(u.Regions) == 0 {
		return nil
	}
	var outside []string
	for _, region := range regions {
		if !slices.ContainsFunc(u.Regions, func(mine string) bool { return r.Catalog.Contains(mine, region) }) {
			outside = append(outside, region)
		}
	}
	return outside
}

// MayManage reports whether admin may create or change the account u. An account
// for the whole country can only be managed by an admin for the whole country.
func (r Rules) MayManage(admin, u User) bool {
	regions := u.Regions
	if len(regions) == 0 {
		regions = []string{indicator.Nation}
	}
	return r.May(admin, ManageUsers, Matter{Regions: regions})
}

// MayEver reports whether the role of u has the action for any matter at all:
// whether a page offers it. With review off, authors publish their own.
func (r Rules) MayEver(u User, a Action) bool {
	w := permissions[a][u.Role]
	return !u.Disabled && u.Name != "" && w != nobodys && (w != ownNoReview || !r.Review)
}
