package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestUploadIsExplained: what the checks ask about is a draft of the API too,
// which is not submitted before it is sent again with an explanation.
func TestUploadIsExplained(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna, admin := newHeld(t, f), newHeld(t, f)
	anna.logIn(t, "anna")
	admin.logIn(t, "admin")
	var table strings.Builder
	table.WriteString("indicator,region,period,value,unit\n")
	for i, v := range []string{"355.0", "392.9", "454.3", "543.1", "642.8", "753.7", "842.4", "968.7"} {
		fmt.Fprintf(&table, "rd_spend,350000,%d,%s,亿元\n", 2014+i, v)
	}
	do := func(h *held, status int, id, action string) {
		t.Helper()
		if w := h.send(t, "POST", "/api/v1/uploads/"+id+"/"+action, "application/json", []byte("{}")); w.Code != status {
			t.Fatalf("%s: %d %s", action, w.Code, w.Body)
		}
	}
	var history, kept, again answer
	decode(t, anna.upload(t, "history.csv", table.String(), nil), &history)
	do(anna, http.StatusOK, history.Upload.ID, "submit")
	do(admin, http.StatusOK, history.Upload.ID, "publish")

	const doubtful = "indicator,region,period,value,unit\nrd_spend,350000,2022,3082.1,亿元\n"
	w := anna.upload(t, "2022.csv", doubtful, nil)
	decode(t, w, &kept)
	if w.Code != http.StatusCreated || kept.Upload == nil || kept.Upload.State != "draft" || !strings.Contains(w.Body.String(), "missing_explanation") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	do(anna, http.StatusUnprocessableEntity, kept.Upload.ID, "submit")
	w = anna.upload(t, "2022.csv", doubtful, map[string]string{"explanation": "two firms merged"})
	decode(t, w, &again)
	if again.Upload == nil || again.Upload.ID != kept.Upload.ID || strings.Contains(w.Body.String(), "missing_explanation") {
		t.Fatalf("explained: %d %s", w.Code, w.Body)
	}
	do(anna, http.StatusOK, kept.Upload.ID, "submit")
	if w := admin.send(t, "GET", "/api/v1/uploads/"+kept.Upload.ID, "", nil); !strings.Contains(w.Body.String(), `"explanation":"two firms merged"`) {
		t.Errorf("the reviewer is not told: %s", w.Body)
	}
}
