package indicator_test

import (
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

func TestLikelihood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    float64
		n    int
		says string
	}{
		{0, 0, "很小，二十次中不足一次"}, {0.049, 0, "很小，二十次中不足一次"}, {0.05, 1, "约为十次中有一次"}, {0.149, 1, "约为十次中有一次"},
		{0.68, 7, "约为十次中有七次"}, {0.95, 9, "约为十次中有九次"}, {0.951, 10, "很大，二十次中有十九次以上"}, {1, 10, "很大，二十次中有十九次以上"},
	} {
		if n := indicator.Tenths(c.p); n != c.n {
			t.Errorf("%v is %d tenths, want %d", c.p, n, c.n)
		}
		if text := indicator.Likelihood(c.p); text.ZH != c.says || text.EN == "" {
			t.Errorf("%v is %q, want %q", c.p, text, c.says)
		}
	}
}
