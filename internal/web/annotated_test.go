package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/web"
)

// TestAnnotatedReadsLikeTheFile: whatever its container, layout and names, a file
// and the workbook to mend it in give the same readings and the same errors in cells.
func TestAnnotatedReadsLikeTheFile(t *testing.T) {
	t.Parallel()
	var catalog indicator.Catalog
	readJSONFile(t, "../ingest/testdata/catalog.json", &catalog)
	catalog.Index()
	cases, err := filepath.Glob("../ingest/testdata/cases/*/input.*")
	if err != nil || len(cases) < 100 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	read := 0
	for _, path := range cases {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(content) > 1<<20 || strings.HasSuffix(path, ".json") {
			continue // too slow here; readings in JSON are no table
		}
		read += annotateAndRead(t, &catalog, path, content)
	}
	if read < 300 {
		t.Errorf("only %d readings were compared", read)
	}
}

func annotateAndRead(t *testing.T, catalog *indicator.Catalog, path string, content []byte) int {
	t.Helper()
	o := ingest.Options{Catalog: catalog}
	readJSONFile(t, filepath.Join(filepath.Dir(path), "options.json"), &o.Answers)
	name := filepath.Base(path)
	parse := func(content []byte, name string) ingest.Result {
		result, err := ingest.Parse(t.Context(), bytes.NewReader(content), name, o)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	was := parse(content, name)
	var workbook bytes.Buffer
	a := web.Annotation{Lang: indicator.ZH, File: name, Content: content, Options: o, Understood: was.Understood, Problems: was.Problems}
	if err := a.Write(t.Context(), &workbook); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	o.Sheet = "" // spoke of the sheets of the file
	is := parse(workbook.Bytes(), "annotated.xlsx")
	if diff := cmp.Diff(was.Cells, is.Cells, cmp.Comparer(func(a, b indicator.Period) bool { return a == b })); diff != "" {
		t.Errorf("%s: other readings (-file +workbook):\n%.2000s", path, diff)
	}
	if were, are := errorsOf(was), errorsOf(is); len(was.Cells) > 0 && !cmp.Equal(were, are) {
		t.Errorf("%s: other errors: %q, in the file %q", path, are, were)
	}
	if strings.HasSuffix(name, ".csv") { // others may have had more sheets
		was, err1 := ingest.FingerprintOf(t.Context(), content, name, o)
		is, err2 := ingest.FingerprintOf(t.Context(), workbook.Bytes(), name, o)
		if was.Shape != is.Shape || err1 != nil || err2 != nil {
			t.Errorf("%s: the workbook is read by another plan", path)
		}
	}
	return len(was.Cells)
}

func errorsOf(r ingest.Result) (list []string) {
	for _, p := range r.Problems {
		cutOff := p.Code == "unclosed_quote" // which no workbook has
		if p.Severity == indicator.SeverityError && p.Cell != "" && !cutOff {
			list = append(list, p.Cell+" "+p.Code)
		}
	}
	return list
}

func readJSONFile(t *testing.T, path string, v any) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(content, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnnotatedFile: from the page and from the API, mended and uploaded again.
func TestAnnotatedFile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	id := f.as(t, "anna").stage("fujian.csv", strings.Replace(fujianFile, "1300", "many", 1))
	h := newHeld(t, f)
	h.logIn(t, "anna")
	w := h.send(t, "GET", "/api/v1/uploads/"+id+"/annotated.xlsx?lang=en", "", nil)
	if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Disposition"), "fujian-checked.xlsx") {
		t.Fatalf("%d %q", w.Code, w.Header().Get("Content-Disposition"))
	}
	if page := f.as(t, "anna").get("/uploads/" + id + "/annotated.xlsx?lang=en"); page.Code != http.StatusOK || !bytes.Equal(page.Body.Bytes(), w.Body.Bytes()) {
		t.Errorf("the page gives another file: %d", page.Code)
	}
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if err := book.SetCellValue(book.GetSheetName(0), "D3", 1300); err != nil {
		t.Fatal(err)
	}
	mended, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	var kept answer
	decode(t, h.upload(t, "fujian-checked.xlsx", mended.String(), nil), &kept)
	var straight answer
	decode(t, h.upload(t, "fujian.csv", fujianFile, nil), &straight)
	if kept.Upload == nil || straight.Upload == nil || kept.Upload.ID != straight.Upload.ID {
		t.Errorf("mended it is %+v, the file without the fault %+v; problems %+v", kept.Upload, straight.Upload, kept.Problems)
	}
}
