package assess

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// DefaultMethod is the method used where none is asked for.
const DefaultMethod = "pace"

// ErrUnknownMethod is returned by Run for a name that is no method.
var ErrUnknownMethod = errors.New("unknown method")

// Method is a named, versioned rule. A version is never changed once released:
// a better rule is a new version, and the old one stays callable.
type Method struct {
	Name    string
	Version int
	Title   indicator.Text
	rule    func(Input) Assessment
}

// ID names the method with its version: pace@1.
func (m Method) ID() string { return fmt.Sprintf("%s@%d", m.Name, m.Version) }

// Methods lists all methods, the default first, the newest version of each first.
func Methods() []Method {
	return []Method{
		{"pace", 1, indicator.T("近五年趋势外推法", "pace of the last five years"), Pace},
		{"schedule", 1, indicator.T("序时进度法", "progress against schedule"), Schedule},
		{"cagr_ratio", 1, indicator.T("年均增速比法", "ratio of average yearly growth"), CAGRRatio},
	}
}

// Run assesses by a method: its name for the newest version (pace), name and
// version for a certain one (pace@1), empty for the default.
func Run(method string, in Input) (Assessment, error) {
	if method == "" {
		method = DefaultMethod
	}
	methods := Methods()
	i := slices.IndexFunc(methods, func(m Method) bool { return method == m.Name || method == m.ID() })
	if i < 0 {
		var known []string
		for _, m := range methods {
			known = append(known, m.Name, m.ID())
		}
		return Assessment{}, fmt.Errorf("%w %q: want %s", ErrUnknownMethod, method, strings.Join(known, ", "))
	}
	return methods[i].rule(in), nil
}
