package indicator

import "testing"

func TestPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 readings", 1: "1 reading", 2: "2 readings", 1200: "1,200 readings"} {
		if got := Plural(n, "reading", "readings"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
