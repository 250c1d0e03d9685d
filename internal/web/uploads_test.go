package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/web"
)

// fujianFile is two readings of Fujian, whose statistician anna is.
const fujianFile = "indicator,region,period,value,unit\nrd_spend,350000,2023,1171.7,亿元\nrd_spend,350000,2024,1300,亿元\n"

func reading(code, region string, year int, value float64) indicator.Reading {
	return indicator.Reading{Indicator: code, Region: region, Period: indicator.Year(year), Value: value, Status: indicator.Normal}
}

// send posts the upload form with a file, as a browser does; no name is no file.
func (c *client) send(name, content string, fields map[string]string) *httptest.ResponseRecorder {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, value := range fields {
		if err := form.WriteField(field, value); err != nil {
			c.t.Fatal(err)
		}
	}
	if name != "" {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		c.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/uploads", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.do(r)
}

// stage uploads a file that is taken and gives the id of its draft.
func (c *client) stage(name, content string) string {
	c.t.Helper()
	w := c.send(name, content, nil)
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther {
		c.t.Fatalf("upload: %d %s", w.Code, w.Body)
	}
	return strings.TrimPrefix(to.Path, "/uploads/")
}

func buttons(d *goquery.Document) string {
	return strings.Join(d.Find("main .actions.review button, #step-6 .actions button").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), " ")
}

func TestUploadFromDraftToRevert(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.publish(t, ledger.Upload{ID: "old", Uploader: "demo", Released: today.AddDate(-1, 0, 0)}, reading("rd_spend", "350000", 2023, 1100))
	anna, reviewer := f.as(t, "anna"), f.as(t, "reviewer")
	w := anna.send("fujian.csv", fujianFile, map[string]string{"source": "公报", "reason": "核实后修订", "released": "2026-11-01"})
	id := strings.TrimPrefix(strings.Split(w.Header().Get("Location"), "?")[0], "/uploads/")
	page := "/uploads/" + id

	d := anna.page(page)
	changes := d.Find("#step-4").Text()
	for _, want := range []string{"变动", "新增", "1,100", "1,171.7", "1,300", "D2"} {
		if !strings.Contains(changes, want) {
			t.Errorf("the changes lack %q: %s", want, changes)
		}
	}
	if got := buttons(d); !strings.HasPrefix(got, "提交审核") || strings.Contains(got, "发布") {
		t.Errorf("anna's buttons on her draft: %q", got)
	}
	if got := anna.post(page+"/submit", nil).Code; got != http.StatusSeeOther {
		t.Fatalf("submit: %d", got)
	}
	d = anna.page(page)
	if !strings.Contains(d.Text(), "等待另一位审核人") || buttons(d) != "" {
		t.Errorf("anna after submitting: buttons %q", buttons(d))
	}
	if got := buttons(reviewer.page(page)); got != "发布 定时发布 退回" {
		t.Errorf("the reviewer's buttons: %q", got)
	}
	if w := reviewer.post(page+"/publish?lang=en", nil); !strings.Contains(w.Header().Get("Location"), "lang=en") {
		t.Errorf("publish: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if got := f.client(t).page("/regions/350000").Text(); !strings.Contains(got, "1,300.0") {
		t.Error("the published figure is not on the region's page")
	}
	public := f.client(t).page(page)
	if public.Find("#steps, #problems, #step-1, #step-3, #step-5, .steps").Length() != 0 || strings.Contains(public.Text(), "下载原文件") {
		t.Error("the public page of an upload shows what is for authors and reviewers")
	}
	if got := reviewer.post(page+"/revert", url.Values{"reason": {"数据有误"}}).Code; got != http.StatusSeeOther {
		t.Fatalf("revert: %d", got)
	}
	steps := anna.page(page).Find("#steps").Text()
	for _, want := range []string{"anna", "上传", "提交审核", "reviewer", "发布", "撤回", "数据有误"} {
		if !strings.Contains(steps, want) {
			t.Errorf("the history lacks %q: %s", want, steps)
		}
	}
	if got := f.client(t).page("/regions/350000").Text(); strings.Contains(got, "1,300.0") {
		t.Error("the reverted figure is still on the region's page")
	}
}

func TestFaultyFileIsKeptToMend(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	id := anna.stage("bad.csv", "indicator,region,period,value\nrd_spend,350000,2024,many\nrd_spend,福见,2024,3\n")
	page := "/uploads/" + id
	d := anna.page(page)
	rows := d.Find("#step-3 .problems tbody tr")
	if rows.Length() != 2 || !strings.Contains(rows.First().Text(), "D2") || !strings.Contains(rows.Text(), "福建") {
		t.Errorf("the report of problems: %s", rows.Text())
	}
	if !strings.Contains(d.Find(".lead").Text(), "2 处错误") || strings.Contains(buttons(d), "提交") {
		t.Errorf("a faulty draft: %q, buttons %q", d.Find(".lead").Text(), buttons(d))
	}
	if w := anna.post(page+"/submit", nil); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusConflict {
		t.Errorf("a faulty draft is submitted: %d", w.Code)
	}
	if got, _ := d.Find("#step-1 input[name=mend]").Attr("value"); got != id {
		t.Fatalf("the form to mend is for %q", got)
	}
	w := anna.send("good.csv", fujianFile, map[string]string{"mend": id})
	if !strings.HasPrefix(w.Header().Get("Location"), page+"?") {
		t.Fatalf("mending: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if d := anna.page(page); d.Find(".severity.error").Length() != d.Find(".legend .severity.error").Length() || !strings.Contains(buttons(d), "提交") {
		t.Errorf("the mended draft: buttons %q, %s", buttons(d), d.Find("#step-3").Text())
	}
}

func TestReasonIsAskedForAndGivenWithoutTheFile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.publish(t, ledger.Upload{ID: "old", Uploader: "demo"}, reading("rd_spend", "350000", 2023, 1171.6))
	anna := f.as(t, "anna")
	page := "/uploads/" + anna.stage("fujian.csv", fujianFile)
	d := anna.page(page)
	if got := d.Find("#why-reason").Text(); !strings.Contains(got, "修订原因") || strings.Contains(got, "--") {
		t.Fatalf("a revision without reason: %q", got)
	}
	if w := anna.post(page+"/answers", url.Values{"then": {"submit"}, "at": {"step-6"}}); !strings.HasSuffix(w.Header().Get("Location"), "note=unready#step-6") {
		t.Errorf("submitted without a reason: %d to %q", w.Code, w.Header().Get("Location"))
	}
	said := url.Values{"reason": {"核实"}, "source": {"公报"}, "stage": {"年报"}, "released": {"2026-11-01"}, "then": {"submit"}}
	if w := anna.post(page+"/answers", said); !strings.HasSuffix(w.Header().Get("Location"), "note=submitted") {
		t.Fatalf("giving the reason: %d %s", w.Code, w.Body)
	}
	about := anna.page(page).Find("#about").Text()
	for _, want := range []string{"fujian.csv", "核实", "公报", "年报", "2026-11-01"} {
		if !strings.Contains(about, want) {
			t.Errorf("the page lacks %q: %s", want, about)
		}
	}
}

func TestFormSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	w := anna.send("", "", nil)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(document(t, w).Find("[role=alert]").Text(), "请选择") {
		t.Errorf("a form without file: %d", w.Code)
	}
	w = anna.send("a.csv", fujianFile, map[string]string{"released": "last week"})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "公布时间") {
		t.Errorf("a date that is none: %d", w.Code)
	}
	other := anna.send("b.csv", strings.ReplaceAll(fujianFile, "350000", "110000"), nil)
	if other.Code != http.StatusForbidden || !strings.Contains(other.Body.String(), "北京") {
		t.Errorf("another region's figures: %d", other.Code)
	}
}

func TestOriginalFile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	id := anna.stage("../../福建<b>.csv", fujianFile)
	w := anna.get("/uploads/" + id + "/file")
	if w.Body.String() != fujianFile || w.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the original: %q %q", w.Header().Get("Content-Type"), w.Body)
	}
	if got := w.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") || strings.Contains(got, "..") {
		t.Errorf("Content-Disposition %q", got)
	}
}

func TestReviewSwitchedOff(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *web.Config) { c.Review = false })
	anna := f.as(t, "anna")
	id := anna.stage("fujian.csv", fujianFile)
	if got := buttons(anna.page("/uploads/" + id)); !strings.Contains(got, "发布") {
		t.Fatalf("without review the author publishes: %q", got)
	}
	if w := anna.post("/uploads/"+id+"/publish", nil); w.Code != http.StatusSeeOther {
		t.Errorf("publish: %d %s", w.Code, w.Body)
	}
	if got := anna.stage("again.csv", fujianFile); got != id {
		t.Errorf("the same content became %s, not %s", got, id)
	}
}

func TestEmptyListSaysHowToFillIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	for who, want := range map[string]string{"": "dabiao import", "anna": "报送数据"} {
		c := f.client(t)
		if who != "" {
			c = f.as(t, who)
		}
		if got := c.page("/uploads").Find(".empty").Text(); !strings.Contains(got, want) {
			t.Errorf("%q is told %q", who, got)
		}
	}
}

// TestLargeFormLeavesNoFileBehind is not parallel: it moves the temporary directory.
func TestLargeFormLeavesNoFileBehind(t *testing.T) {
	f := newFixture(t, nil)
	h := newHeld(t, f)
	h.logIn(t, "anna")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	const beyondMemory = 40 << 20 // net/http keeps up to 32 MiB of a form in memory, and the API less
	filler := strings.Repeat(strings.Repeat("x", 1023)+"\n", beyondMemory>>10)
	for name, send := range map[string]func() *httptest.ResponseRecorder{
		"the API": func() *httptest.ResponseRecorder { return h.upload(t, "a.csv", filler, nil) },
		"the page": func() *httptest.ResponseRecorder {
			return h.client.send("a.csv", filler, map[string]string{"released": "never"})
		},
	} {
		if w := send(); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %.300s", name, w.Code, w.Body)
		}
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range left {
			t.Errorf("%s left %s behind", name, entry.Name())
		}
	}
}
