package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// messyCSV has a header that says nothing, a misspelt province and a sum.
const messyCSV = "研发情况（内部资料）\n单位名称,本期累计\n福健,1171.7\n广 东,4802.6\n第一组,5974.3\n以下略,1\n"

// TestAnswersInAForm: fields with several answers may be repeated, the others not,
// and a problem carries the field that settles it.
func TestAnswersInAForm(t *testing.T) {
	t.Parallel()
	h := newHeld(t, newFixture(t, nil))
	h.logIn(t, "admin")
	send := func(status int, fields ...string) answer {
		t.Helper()
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		fields = append(fields, "indicator", "rd_spend", "unit", "亿元", "dry_run", "true")
		for i := 0; i < len(fields); i += 2 {
			if err := form.WriteField(fields[i], fields[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		file, err := form.CreateFormFile("file", "messy.csv")
		if err == nil {
			_, err = io.WriteString(file, messyCSV)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		w := h.send(t, "POST", "/api/v1/uploads", form.FormDataContentType(), body.Bytes())
		if w.Code != status {
			t.Fatalf("%v: %d %s", fields, w.Code, w.Body)
		}
		var got answer
		decode(t, w, &got)
		return got
	}
	suggests := func(got answer, option, value string) {
		t.Helper()
		for _, p := range got.Problems {
			for _, s := range p.Suggestions {
				if s == (indicator.Suggestion{Option: option, Value: value}) {
					return
				}
			}
		}
		t.Errorf("nothing suggests %s %s: %+v", option, value, got.Problems)
	}
	suggests(send(http.StatusUnprocessableEntity), "header", "2")
	suggests(send(http.StatusUnprocessableEntity, "header", "2"), "column", "A=region")
	columns := []string{"header", "2", "column", "A=region", "column", "B=2023"}
	suggests(send(http.StatusUnprocessableEntity, columns...), "name", "福健=350000")
	got := send(http.StatusOK, append(columns, "name", "福健=350000", "skip", "5", "skip", "6-", "mark", "…=N", "mark", "—=O")...)
	if len(got.Readings) != 2 || len(got.Problems) > 0 {
		t.Errorf("all answered: %s", fmt.Sprint(got))
	}
	send(http.StatusBadRequest, "header", "2", "header", "3")
}
