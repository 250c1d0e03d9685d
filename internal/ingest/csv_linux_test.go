package ingest

import (
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// TestCellLooksNoFurther puts a cell near the end of a page of memory and most of
// what follows it on one that may not be read: whoever looks for something past
// the end of the cell, and so would read the rest of the file for each cell,
// fails. A few letters stand between, as a search may load many bytes at once.
func TestCellLooksNoFurther(t *testing.T) {
	t.Parallel()
	page := syscall.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Munmap(memory); err != nil {
			t.Error(err)
		}
	}()
	if err := syscall.Mprotect(memory[page:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	d := &delimited{comma: ','}
	after := strings.Repeat("x", 256)
	for _, text := range []string{"\"a\",", "\"a\"\n", "\"a\"\r\n", "\"a\"b,", "\"a\"\"b\"\n", "a,", "a\n", ",", "\n"} {
		from := page - len(text) - len(after)
		copy(memory[from:page], text+after)
		left, ok := leftOrFault(d, unsafe.String(&memory[from], 2*page-from))
		if want := 1 + len(after) + page; !ok {
			t.Errorf("%q: looked past the end of the cell", text)
		} else if left != want {
			t.Errorf("%q: %d bytes left behind the cell, want %d", text, left, want)
		}
	}
}

// leftOrFault splits the first cell off text and says how many bytes are left;
// ok is false where that touched memory that may not be read.
func leftOrFault(d *delimited, text string) (left int, ok bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	_, rest, closed := d.cell(text)
	return len(rest), closed
}
