package ingesttest

import (
	"bytes"
	"compress/flate"
	"io"
	"testing"
)

// TestBlanksUnpack: the bomb is a real one.
func TestBlanksUnpack(t *testing.T) {
	t.Parallel()
	n, err := io.Copy(io.Discard, flate.NewReader(bytes.NewReader(blanks())))
	if err != nil || n != stretch*stretches || n <= 1_000_000_000 {
		t.Errorf("%d bytes, %v", n, err)
	}
}
