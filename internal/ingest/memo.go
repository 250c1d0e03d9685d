package ingest

// memo remembers what a text was read as: columns of a million rows hold few
// different texts. It forgets nothing and stops learning when full, so that a
// file of all different texts costs time and not memory.
type memo[T any] struct {
	read     func(string) T
	known    map[string]T
	last     string
	lastRead T
	used     bool
}

const mostRemembered, longestRemembered = 1 << 16, 256

func newMemo[T any](read func(string) T) *memo[T] {
	return &memo[T]{read: read, known: map[string]T{}}
}

func (m *memo[T]) of(text string) T {
	if m.used && m.last == text {
		return m.lastRead
	}
	value, ok := m.known[text]
	if !ok {
		value = m.read(text)
		if len(m.known) < mostRemembered && len(text) <= longestRemembered {
			m.known[text] = value
		}
	}
	m.last, m.lastRead, m.used = text, value, true
	return value
}
