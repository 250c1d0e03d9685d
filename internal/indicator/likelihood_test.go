package indicator

import "testing"

func TestLikelihood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p      float64
		n      int
		zh, en string
	}{
		{0, 0, "很小，不足5%", "very unlikely, less than 1 in 20"}, {0.049, 0, "很小，不足5%", "very unlikely, less than 1 in 20"},
		{0.05, 1, "约一成", "about 1 in 10"}, {0.149, 1, "约一成", "about 1 in 10"},
		{0.68, 7, "约七成", "about 7 in 10"}, {0.95, 9, "约九成", "about 9 in 10"},
		{0.951, 10, "很大，超过95%", "very likely, more than 19 in 20"}, {1, 10, "很大，超过95%", "very likely, more than 19 in 20"},
	} {
		if n := Tenths(c.p); n != c.n {
			t.Errorf("%g is %d tenths, want %d", c.p, n, c.n)
		}
		if text := Likelihood(c.p); text.ZH != c.zh || text.EN != c.en {
			t.Errorf("%g is %v, want %s, %s", c.p, text, c.zh, c.en)
		}
	}
}
