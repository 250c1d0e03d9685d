// Package ingesttest makes files for the tests of every room that takes some.
package ingesttest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"strings"
)

// File is a file beyond a default limit of ingest, and what is said of it.
type File struct {
	Name    string
	Content []byte
	Code    string // of its problem
	Limit   string // as the problem names it, empty where it is no limit that is named
}

// BeyondLimits makes one file beyond each default limit but that of bytes: they
// are small and would become large. The last two are one bomb that is honest
// about its size and one that lies.
func BeyondLimits() []File {
	return []File{
		{"entries.xlsx", manyEntries(1001), "too_big", "1,000"},
		{"cells.csv", manyCells(16_000_000), "too_many_cells", "16,000,000"},
		{"bomb.xlsx", bomb(stretch * stretches), "too_big", "1 GB"},
		{"lying.xlsx", bomb(100), "damaged_file", ""},
	}
}

// Large is a table of more than so many bytes.
func Large(limit int) []byte {
	const line = "rd_spend,350000,2023,1171.7,亿元\n"
	head := "indicator,region,period,value,unit\n"
	return []byte(head + strings.Repeat(line, (limit-len(head))/len(line)+1))
}

func manyEntries(n int) []byte {
	return zipped(func(w *zip.Writer) {
		for i := range n {
			must(w.Create(fmt.Sprintf("xl/media/%d.png", i)))
		}
	})
}

// manyCells has one more than n cells: those of the header.
func manyCells(n int) []byte {
	const width = 1000
	line := strings.Repeat(",", width-1) + "\n"
	return []byte("地区,2023年\n福建,1\n" + strings.Repeat(line, n/width))
}

const (
	stretch   = 1 << 20
	stretches = 1000
)

// bomb is a workbook whose sheet unpacks to a thousand mebibytes of blanks, and
// whose directory says that it has so many bytes.
func bomb(says uint64) []byte {
	sheet := blanks()
	return zipped(func(w *zip.Writer) {
		for _, part := range [][2]string{
			{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`},
			{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml" Type="worksheet"/></Relationships>`},
		} {
			must(must(w.Create(part[0])).Write([]byte(part[1])))
		}
		raw := must(w.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate,
			CompressedSize64: uint64(len(sheet)), UncompressedSize64: says}))
		must(raw.Write(sheet))
	})
}

// blanks is a deflated stream of them. After a flush such a stream goes on with
// what it has seen, so a stretch can be repeated.
func blanks() []byte {
	var packed bytes.Buffer
	w := must(flate.NewWriter(&packed, flate.BestSpeed))
	more := func() (from int) {
		from = packed.Len()
		must(w.Write(bytes.Repeat([]byte(" "), stretch)))
		if err := w.Flush(); err != nil {
			panic(err)
		}
		return from
	}
	more()
	again := more()
	all := append(bytes.Clone(packed.Bytes()), bytes.Repeat(packed.Bytes()[again:], stretches-2)...)
	end := packed.Len()
	if err := w.Close(); err != nil {
		panic(err)
	}
	return append(all, packed.Bytes()[end:]...)
}

func zipped(fill func(*zip.Writer)) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	fill(w)
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func must[V any](v V, err error) V {
	if err != nil {
		panic(err) // it is all in memory
	}
	return v
}
