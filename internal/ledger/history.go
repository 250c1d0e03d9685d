package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"math"
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
	slices.SortFunc(list, func(a, b Publication) int { return -a.compare(b) })
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

// compare orders publications by Released, then At, then Seq: the greatest gives the value.
func (p Publication) compare(q Publication) int {
	return cmp.Or(p.Released.Compare(q.Released), cmp.Compare(p.At, q.At), cmp.Compare(p.Seq, q.Seq))
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
	return past
}

// ContentHash is the sha256 (hex) over the readings in the order of their keys.
// It does not depend on the order of the input.
func ContentHash(readings []indicator.Reading) string {
	sorted := slices.Clone(readings)
	slices.SortFunc(sorted, CompareReadings)
	h := sha256.New()
	var line []byte
	for _, r := range sorted {
		line = appendReading(line[:0], r)
		h.Write(line)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// CompareReadings orders by indicator, region and period.
func CompareReadings(a, b indicator.Reading) int {
	return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Region, b.Region), a.Period.Compare(b.Period))
}

// Checksum is the hash of one reading; the sum over readings (mod 2⁶⁴) does not
// depend on their order.
func Checksum(r indicator.Reading) uint64 {
	h := fnv.New64a()
	h.Write(appendReading(nil, r))
	return h.Sum64()
}

func appendReading(b []byte, r indicator.Reading) []byte {
	for _, s := range []string{r.Indicator, r.Region, r.Period.String(), string(r.Status)} {
		b = append(append(b, s...), 0)
	}
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(r.Value+0)) // +0: one zero
	return append(b, '\n')
}

// Parts counts readings by indicator and frequency, sorted.
func Parts(readings []indicator.Reading) []Part {
	type key struct {
		indicator string
		freq      indicator.Freq
	}
	at := map[key]int{}
	var parts []Part
	for _, r := range readings {
		k := key{r.Indicator, r.Period.Freq()}
		i, ok := at[k]
		if !ok {
			i = len(parts)
			at[k] = i
			parts = append(parts, Part{Indicator: k.indicator, Freq: k.freq})
		}
		parts[i].Rows++
		parts[i].Checksum += Checksum(r)
	}
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Freq, b.Freq))
	})
	return parts
}

// ParseVersion reads what a page or an API call gives as version; empty is 0, now.
func ParseVersion(s string) (Version, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return Version(n), err
}
