package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// History is every publication of a ledger, by ascending Seq.
type History struct {
	Version      Version
	Publications []Publication
}

// Visible tells which publications count at as-of moment asOf (zero: no limit)
// as the ledger stood at version v (0: now), best first: the value of a period
// is that of the first listed publication which has the period.
func (h History) Visible(asOf time.Time, v Version) []Publication {
	var list []Publication
	for _, p := range h.Publications {
		if p.visible(asOf, v) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Publication) int { return -a.Compare(b) })
	return list
}

// visible: released by then, known by v, and not reverted; a reverted older
// figure vanishes from every moment before it was loaded, stays visible between
// loading and revert, and is gone after.
func (p Publication) visible(asOf time.Time, v Version) bool {
	if v != 0 && p.At > v {
		return false
	}
	if !asOf.IsZero() && p.Released.After(asOf) {
		return false
	}
	reverted := p.RevertedAt != 0 && (v == 0 || p.RevertedAt <= v)
	if !reverted {
		return true
	}
	return !asOf.IsZero() && !asOf.Before(p.At.Time()) && asOf.Before(p.RevertedAt.Time())
}

// Compare orders publications by Released, then At, then Seq: the greatest gives the value.
func (p Publication) Compare(q Publication) int {
	return cmp.Or(p.Released.Compare(q.Released), cmp.Compare(p.At, q.At), cmp.Compare(p.Seq, q.Seq))
}

// Rank numbers publications by Seq in the order Visible lists them: among the
// vintages of one key the one with the smallest rank is the value, and one
// without a rank does not count.
func Rank(visible []Publication) map[int64]int {
	rank := make(map[int64]int, len(visible))
	for i, p := range visible {
		rank[p.Seq] = i
	}
	return rank
}

// Earlier finds the publication that content with this hash, to be released at
// the given moment (zero: no limit), may be answered with. Rivals are the
// publications which come before it: it is the answer only if they leave each
// of its readings as it is, which Batch.Unchanged tells.
func (h History) Earlier(sha string, released time.Time) (earlier Publication, rivals []Publication, ok bool) {
	visible := h.Visible(released, 0)
	for i, p := range visible {
		if p.SHA == sha && p.RevertedAt == 0 {
			return p, visible[:i], true
		}
	}
	return Publication{}, nil, false
}

// At is the history as it stood at version v; 0 is now.
func (h History) At(v Version) History {
	if v == 0 || v >= h.Version {
		return h
	}
	past := History{}
	for _, p := range h.Publications {
		if p.At > v {
			continue
		}
		if p.RevertedAt > v {
			p.RevertedAt, p.RevertedBy, p.RevertNote = 0, "", ""
		}
		past.Version = max(past.Version, p.At, p.RevertedAt)
		past.Publications = append(past.Publications, p)
	}
	if past.Version == 0 && h.Version != 0 {
		past.Version = v // before the first event: 0 would mean now
	}
	return past
}

// ParseVersion reads what a page or an API call gives as version; empty is 0, now.
func ParseVersion(s string) (Version, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%w: not a version of the ledger: %q (want the number an earlier answer carried)", ErrInvalid, s)
	}
	return Version(n), nil
}

// Has reports whether the publication holds readings of an indicator at a frequency.
func (p Publication) Has(code string, f indicator.Freq) bool {
	return slices.ContainsFunc(p.Parts, func(part Part) bool { return part.Indicator == code && part.Freq == f })
}
