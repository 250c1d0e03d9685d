package indicator

import "fmt"

// ByteSize is a number of bytes for people, in either language: 50 MiB, 1 GB,
// 60 B. Whole mebibytes, as a limit is configured, stay whole.
func ByteSize(n int64) string {
	const mebi, mega, giga = 1 << 20, 1_000_000, 1_000_000_000
	switch {
	case n >= mebi && n%mebi == 0:
		return fmt.Sprintf("%d MiB", n/mebi)
	case n >= giga && n%giga == 0:
		return fmt.Sprintf("%d GB", n/giga)
	case n >= mega && n%mega == 0:
		return fmt.Sprintf("%d MB", n/mega)
	case n >= mega:
		return FormatNumber(float64(n)/mega, 1) + " MB"
	}
	return fmt.Sprintf("%d B", n)
}
