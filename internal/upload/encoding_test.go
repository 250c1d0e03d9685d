package upload_test

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/dabiao/dabiao/internal/upload"
)

// TestPlanKeepsTheEncoding for the next file that does not tell it, and never
// against one that does.
func TestPlanKeepsTheEncoding(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	in := func(e encoding.Encoding, text string) string { return must(e.NewEncoder().String(text))(t) }
	gbk, big5 := simplifiedchinese.GBK, traditionalchinese.Big5
	const table = "科研投入\nregion,2023\n福建,1\n"
	const other = "科研投入\nregion,2023\n福建,2\n"

	said := upload.Options{Answers: answers}
	said.Encoding = "big5"
	f.submit(wang, in(big5, table), said)
	next := f.read(wang, in(big5, other), upload.Options{})
	if next.Plan == nil || next.Answers.Encoding != "big5" || len(next.Cells) != 1 {
		t.Errorf("the next file in Big5: %+v, %s", next.Answers, codes(next.Problems))
	}

	said.Encoding = "gbk"
	f.submit(wang, in(gbk, "科研经费\n地区,2022年\n福建,1\n"), said)
	next = f.read(wang, "科研经费\n地区,2021年\n福建,2\n", upload.Options{})
	if next.Plan == nil || next.Answers.Encoding != "" || next.Understood.Encoding != "utf-8" || len(next.Cells) != 1 {
		t.Errorf("the same in UTF-8: %+v, %s", next.Answers, codes(next.Problems))
	}
}
