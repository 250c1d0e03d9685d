package indicator

import "testing"

func TestByteSize(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 B", 60: "60 B", 999_999: "999999 B", 1 << 20: "1 MiB", 50 << 20: "50 MiB",
		50_000_000: "50 MB", 1_500_000: "1.5 MB", 1_000_000_000: "1 GB", 2 << 30: "2048 MiB"} {
		if got := ByteSize(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
