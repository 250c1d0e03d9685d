package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Batch is the readings of one upload made ready for any store: valid, sorted
// by indicator.CompareReadings, no key twice, with their hash and their parts.
type Batch struct {
	Readings []indicator.Reading
	SHA      string
	Parts    []Part
}

// NewBatch checks and sorts readings; the caller's slice stays as it is. What
// is wrong with them is an ErrInvalid that names the first reading at fault.
func NewBatch(readings []indicator.Reading) (Batch, error) {
	if len(readings) == 0 {
		return Batch{}, fmt.Errorf("%w: an upload without readings", ErrInvalid)
	}
	var known indicator.Reading // its codes have passed: most neighbours share them
	for _, r := range readings {
		if err := r.Validate(); err != nil {
			return Batch{}, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		if r.Indicator != known.Indicator && !validCode(r.Indicator) || r.Region != known.Region && !validCode(r.Region) {
			return Batch{}, fmt.Errorf("%w: reading %q %q %s: a code is of letters, digits, underscore, hyphen and dot",
				ErrInvalid, r.Indicator, r.Region, r.Period)
		}
		known = r
	}
	sorted := sortReadings(readings)
	for i := 1; i < len(sorted); i++ {
		if r := sorted[i]; r.Key() == sorted[i-1].Key() {
			return Batch{}, fmt.Errorf("%w: reading %s %s %s is there twice", ErrInvalid, r.Indicator, r.Region, r.Period)
		}
	}
	sha, parts := digest(sorted)
	return Batch{sorted, sha, parts}, nil
}

// validCode keeps codes to what every store can hold in a key without escaping.
func validCode(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' {
			continue
		}
		return false
	}
	return s != ""
}

// Unchanged reports whether every reading of the batch which the part counts is
// the value among the vintages of that part, given the rank of the visible
// publications. A vintage of the same value and status by another upload will do.
func (b Batch) Unchanged(part Part, rank map[int64]int, vintages iter.Seq2[Vintage, error]) (bool, error) {
	current := make(map[indicator.Key]Vintage, part.Rows)
	for v, err := range vintages {
		if err != nil {
			return false, err
		}
		mine, visible := rank[v.Seq]
		if !visible {
			continue
		}
		if best, ok := current[v.Key()]; !ok || mine < rank[best.Seq] {
			current[v.Key()] = v
		}
	}
	for _, r := range b.Readings {
		if r.Indicator != part.Indicator || r.Period.Freq() != part.Freq {
			continue
		}
		if v, ok := current[r.Key()]; !ok || v.Reading != r {
			return false, nil
		}
	}
	return true, nil
}

// ContentHash is the sha256 (hex) over the readings in the order of their keys.
// It does not depend on the order of the input.
func ContentHash(readings []indicator.Reading) string {
	sha, _ := digest(sortReadings(readings))
	return sha
}

// Parts counts readings by indicator and frequency, sorted.
func Parts(readings []indicator.Reading) []Part {
	_, parts := digest(readings)
	return parts
}

// Checksum is the FNV-1a hash of one reading; the sum over readings (mod 2⁶⁴)
// does not depend on their order.
func Checksum(r indicator.Reading) uint64 {
	var buffer [96]byte
	return fnv1a(appendReading(buffer[:0], r))
}

func fnv1a(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

func appendReading(b []byte, r indicator.Reading) []byte {
	b = append(append(b, r.Indicator...), 0)
	b = append(append(b, r.Region...), 0)
	b, _ = r.Period.AppendText(b)
	b = append(append(append(b, 0), r.Status...), 0)
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(r.Value+0)) // +0: one zero
	return append(b, '\n')
}

// digest writes every reading once, for the hash (which wants them sorted) and
// for the parts (which do not mind).
func digest(readings []indicator.Reading) (string, []Part) {
	type key struct {
		indicator string
		freq      indicator.Freq
	}
	const block = 32 << 10 // the hash is quick in large pieces only
	var (
		all    = sha256.New()
		buffer = make([]byte, 0, block+1024)
		index  = map[key]int{}
		parts  []Part
		last   key
		at     int
	)
	for _, r := range readings {
		if k := (key{r.Indicator, r.Period.Freq()}); k != last || parts == nil {
			var known bool
			if at, known = index[k]; !known {
				at = len(parts)
				parts = append(parts, Part{Indicator: k.indicator, Freq: k.freq})
				index[k] = at
			}
			last = k
		}
		start := len(buffer)
		buffer = appendReading(buffer, r)
		parts[at].Rows++
		parts[at].Checksum += fnv1a(buffer[start:])
		if len(buffer) >= block {
			all.Write(buffer)
			buffer = buffer[:0]
		}
	}
	all.Write(buffer)
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Freq, b.Freq))
	})
	return hex.EncodeToString(all.Sum(nil)), parts
}

// sortReadings is a copy in the order of indicator.CompareReadings, made by sorting small
// numbers instead of the readings: several times quicker at a million rows.
func sortReadings(readings []indicator.Reading) []indicator.Reading {
	sorted := slices.Clone(readings)
	if slices.IsSortedFunc(sorted, indicator.CompareReadings) {
		return sorted
	}
	type row struct {
		indicator, region, period, at uint32
	}
	indicators := ranks(readings, func(r indicator.Reading) string { return r.Indicator }, cmp.Compare[string])
	regions := ranks(readings, func(r indicator.Reading) string { return r.Region }, cmp.Compare[string])
	periods := ranks(readings, func(r indicator.Reading) indicator.Period { return r.Period }, indicator.Period.Compare)
	rows := make([]row, len(readings))
	for i, r := range readings {
		rows[i] = row{indicators[r.Indicator], regions[r.Region], periods[r.Period], uint32(i)}
	}
	slices.SortFunc(rows, func(a, b row) int {
		if a.indicator != b.indicator {
			return cmp.Compare(a.indicator, b.indicator)
		}
		return cmp.Compare(uint64(a.region)<<32|uint64(a.period), uint64(b.region)<<32|uint64(b.period))
	})
	for i, r := range rows {
		sorted[i] = readings[r.at]
	}
	return sorted
}

// ranks numbers the distinct values that the readings have of something, in order.
func ranks[K comparable](readings []indicator.Reading, of func(indicator.Reading) K, compare func(K, K) int) map[K]uint32 {
	rank := map[K]uint32{}
	for _, r := range readings {
		rank[of(r)] = 0
	}
	distinct := make([]K, 0, len(rank))
	for k := range rank {
		distinct = append(distinct, k)
	}
	slices.SortFunc(distinct, compare)
	for i, k := range distinct {
		rank[k] = uint32(i)
	}
	return rank
}
