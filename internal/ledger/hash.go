package ledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"math/bits"
	"slices"
)

// Digest is a whole ledger in one hash, with what it counts.
type Digest struct {
	Hash     string        `json:"hash"`
	Version  Version       `json:"version"`
	Uploads  int           `json:"uploads"`
	Readings int           `json:"readings"` // vintages that the store gave
	Damage   []DamageError `json:"damage"`   // every part that does not add up, sorted by indicator, frequency and seq
}

// Phase is what a long piece of work is doing.
type Phase string

// The phases.
const (
	Copying       Phase = "copying"
	Reading       Phase = "reading" // for the hash
	ReadingSource Phase = "reading source"
	ReadingTarget Phase = "reading target"
)

// Progress is told now and then how many readings of how many are done; both
// begin anew with each phase. Nil tells nobody.
type Progress func(phase Phase, done, total int)

// Hash reads a whole ledger: every publication with all it says, and every
// vintage as the store gives it, whatever its publication claims. Equal content
// has one hash in every store, in whatever order it is kept; anything else has
// another. Rows of uploads that are not published are no vintages. It needs
// little memory and shows the ledger at the version it began with.
func Hash(ctx context.Context, l Ledger, progress Progress) (Digest, error) {
	h, err := l.History(ctx)
	if err != nil {
		return Digest{}, err
	}
	return h.digest(ctx, l, Reading, progress)
}

// digest is the hash of what the history names, whatever was published since.
func (h History) digest(ctx context.Context, l Ledger, phase Phase, progress Progress) (Digest, error) {
	d := Digest{Version: h.Version, Uploads: len(h.Publications), Damage: []DamageError{}}
	var facts sum
	index := make(map[int64]int, len(h.Publications)) // by seq
	total := 0
	for i, p := range h.Publications {
		facts.add(appendPublication(nil, p))
		index[p.Seq] = i
		total += p.Rows
	}
	report := every(progress, phase, 0, total)
	came := make([]Part, len(h.Publications)) // of one column
	var buffer []byte
	for _, column := range columns(h.Publications) {
		for i := range came {
			came[i] = column
		}
		for v, err := range l.Vintages(ctx, Query{Indicator: column.Indicator, Freq: column.Freq}) {
			if err != nil {
				return Digest{}, fmt.Errorf("reading %s (%s): %w", column.Indicator, column.Freq, err)
			}
			i, published := index[v.Seq]
			if !published {
				continue
			}
			came[i].Rows++
			came[i].Checksum += Checksum(v.Reading)
			buffer = appendVintage(buffer[:0], v)
			facts.add(buffer)
			d.Readings++
			report(1)
		}
		for i, p := range h.Publications {
			if damage := p.AddsUp(came[i]); damage != nil {
				d.Damage = append(d.Damage, *damage)
			}
		}
	}
	d.Hash = facts.hash()
	return d, nil
}

// columns lists every indicator and frequency that the publications hold, sorted,
// as parts without rows.
func columns(publications []Publication) []Part {
	set := map[Part]bool{}
	for _, p := range publications {
		for _, part := range p.Parts {
			set[Part{Indicator: part.Indicator, Freq: part.Freq}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(set), comparePlace)
}

func comparePlace(a, b Part) int {
	return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Freq, b.Freq))
}

// every counts steps, from those that are done already, and tells the progress
// of each few thousand.
func every(progress Progress, phase Phase, done, total int) func(steps int) {
	const few = 1 << 13
	if progress == nil {
		return func(int) {}
	}
	told := done
	progress(phase, done, total)
	return func(steps int) {
		if done += steps; done-told >= few || done == total {
			progress(phase, done, total)
			told = done
		}
	}
}

// sum is an order-independent hash of a multiset of facts: the sum of their
// sha256 as numbers, mod 2²⁵⁶, and how many they are.
type sum struct {
	number [4]uint64 // the least significant first
	facts  uint64
}

func (s *sum) add(fact []byte) {
	h := sha256.Sum256(fact)
	var carry uint64
	for i := range s.number {
		s.number[i], carry = bits.Add64(s.number[i], binary.LittleEndian.Uint64(h[8*i:]), carry)
	}
	s.facts++
}

// hash closes the sum: 64 hex digits.
func (s *sum) hash() string {
	b := []byte("dabiao ledger 1\n")
	for _, n := range append(s.number[:], s.facts) {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// appendVintage and appendPublication spell a fact so that no two facts are
// spelled alike; their first byte tells them apart.
func appendVintage(b []byte, v Vintage) []byte {
	b = binary.BigEndian.AppendUint64(append(b, 'v'), uint64(v.Seq))
	return appendReading(b, v.Reading)
}

func appendPublication(b []byte, p Publication) []byte {
	number := func(n int64) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	text := func(s string) { number(int64(len(s))); b = append(b, s...) }
	b = append(b, 'p')
	for _, s := range []string{p.ID, p.Uploader, p.File, p.Source, p.Stage, p.Reason, p.SHA, p.RevertedBy, p.RevertNote} {
		text(s)
	}
	generated := int64(0)
	if p.Generated {
		generated = 1
	}
	for _, n := range []int64{generated, p.Released.UnixMilli(), p.Seq, int64(p.At), int64(p.Rows), int64(p.RevertedAt)} {
		number(n)
	}
	for _, part := range slices.SortedFunc(slices.Values(p.Parts), comparePlace) {
		text(part.Indicator)
		text(string(part.Freq))
		number(int64(part.Rows))
		number(int64(part.Checksum))
	}
	return b
}
