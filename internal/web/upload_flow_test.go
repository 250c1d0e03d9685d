package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/dabiao/dabiao/internal/ledger"
)

// messyFile is what the national statistics site exports, in GB18030: three title
// lines, no unit, a name that is none, a word for a value, a mark, footnotes.
func messyFile(t testing.TB) string {
	t.Helper()
	text, err := simplifiedchinese.GB18030.NewEncoder().String("数据库：分省年度数据,,\n指标：研究与试验发展经费,,\n时间：最近2年,,\n" +
		"地区,2023年,2022年\n福州,316.2,280.1\n厦门,—,198.7\n福健,1171.7,1082.1\n泉州,很多,202.2\n数据来源：国家统计局,,\n")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func texts(d *goquery.Document, selector string) string {
	return strings.Join(d.Find(selector).Map(func(_ int, s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }), " | ")
}

func (c *client) answer(page string, form url.Values) {
	c.t.Helper()
	if w := c.post(page+"/answers", form); w.Code != http.StatusSeeOther {
		c.t.Fatalf("answer %v: %d %s", form, w.Code, w.Body)
	}
}

// TestAnswersMendADraft walks through the steps of a file that says too little.
func TestAnswersMendADraft(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	page := "/uploads/" + anna.stage("messy.csv", messyFile(t))
	d := anna.page(page)
	understood := texts(d, "#step-1 .found")
	for _, want := range []string{"CSV 文本", "GB18030（含 GBK、GB2312）", "各列为报告期", "研究与试验发展（R&D）经费", "4"} {
		if !strings.Contains(understood, want) {
			t.Errorf("what was understood lacks %q: %s", want, understood)
		}
	}
	if got := texts(d, "#step-2 h3"); got != "计量单位" {
		t.Errorf("asked: %q", got)
	}
	if d.Find(`#step-2 button[name=accept][value="unit=亿元"]`).Length() != 1 || d.Find(`#step-3 button[name=accept][value="name=福健=350000"]`).Length() != 1 {
		t.Errorf("suggestions: %s", texts(d, "button[name=accept]"))
	}
	if d.Find("button[name=then]").Length() != 0 || strings.Contains(d.Find("main").Text(), "--") {
		t.Error("a draft with faults can be submitted, or its page names a flag")
	}
	anna.answer(page, url.Values{"unit": {"亿元"}})
	anna.answer(page, url.Values{"accept": {"name=福健=350000", "skip=8"}})
	anna.answer(page, url.Values{"mark.—": {"O"}, "source": {"公报"}})
	d = anna.page(page)
	if got := texts(d, ".given li"); got != "计量单位 亿元 撤销 | 名称对照 “福健”是福建省 撤销 | 缺失符号 “—”表示未采集 撤销 | 不是数据的行 第 8 行 撤销" {
		t.Errorf("answers given: %s", got)
	}
	if d.Find("button[name=then][value=submit]").Length() != 1 || !strings.Contains(texts(d, "#step-4 .choices"), "新增") {
		t.Errorf("the mended draft: %s, %s", texts(d, ".lead"), texts(d, "#step-4"))
	}
	anna.answer(page, url.Values{"remove": {"name=福健=350000"}})
	d = anna.page(page)
	if !strings.Contains(texts(d, ".lead"), "1 处错误") || d.Find("#A7.bad.error").Length() != 1 {
		t.Errorf("after taking an answer back: %s", texts(d, ".lead"))
	}
	if v, _ := d.Find("#step-6 input[name=source]").Attr("value"); v != "公报" {
		t.Errorf("the source is lost: %q", v)
	}
}

// TestTheEncodingIsChanged: a file that cannot be opened names the encoding that
// opens it, and one that is said and wrong is taken back.
func TestTheEncodingIsChanged(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String("指标,地区,报告期,数值,单位\nrd_spend,350000,2023,1171.7,亿元\n")
	if err != nil {
		t.Fatal(err)
	}
	page := "/uploads/" + anna.stage("wide.txt", text)
	if d := anna.page(page); d.Find(`button[name=accept][value="encoding=utf-16le"]`).Length() != 1 {
		t.Fatalf("no encoding is suggested: %s", texts(d, "main"))
	}
	anna.answer(page, url.Values{"accept": {"encoding=utf-16le"}})
	d := anna.page(page)
	if got, _ := d.Find("#step-1 select[name=encoding] option[selected]").Attr("value"); got != "utf-16le" || !strings.Contains(texts(d, "#step-4 tbody"), "1,171.7") ||
		!strings.Contains(texts(d, "#step-3 .grid"), "亿元") {
		t.Errorf("the encoding is %q: %s", got, texts(d, "main"))
	}
	anna.answer(page, url.Values{"encoding": {"latin9"}})
	if d := anna.page(page); texts(d, "#step-2 h3") != "编码" || d.Find("#step-2 select[name=encoding] option[value=gb18030]").Length() != 1 {
		t.Errorf("an unknown encoding: %s", texts(d, "main"))
	}
}

func TestColumnsAreChanged(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	page := "/uploads/" + anna.stage("a.csv", "地区,年份,研发,备用\n福建,2023,1171.7,1\n")
	anna.answer(page, url.Values{"column.C": {"rd_spend"}, "column.D": {"ignored"}, "unit": {"亿元"}, "layout": {""}})
	d := anna.page(page)
	if got, _ := d.Find(`#step-1 select[name="column.C"] option[selected]`).Attr("value"); got != "rd_spend" {
		t.Errorf("column C is chosen as %q", got)
	}
	if !strings.Contains(texts(d, "#step-4 tbody"), "1,171.7") {
		t.Errorf("the column was not read: %s %s", texts(d, ".lead"), texts(d, "#step-3 .problems"))
	}
	anna.answer(page, url.Values{"column.C": {""}})
	if d := anna.page(page); d.Find(`#step-1 select[name="column.C"] option[selected]`).Length() != 0 || texts(d, "#step-4 tbody") != "" {
		t.Error("an empty choice does not take the answer back")
	}
}

// TestLinesAreChanged: what was taken for a footnote becomes data, and a row of
// data a note.
func TestLinesAreChanged(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	page := "/uploads/" + anna.stage("a.csv", "指标：研发经费支出\n单位：亿元\n地区,2023年\n福建,1171.7\n注：厦门,3.5\n")
	lines := func() string { return texts(anna.page(page), "#step-1 .plain-table tbody tr") }
	if got := lines(); !strings.Contains(got, "脚注注：厦门 3.5") {
		t.Fatalf("the lines are %s", got)
	}
	anna.answer(page, url.Values{"name": {"注：厦门=350200"}})
	if got := texts(anna.page(page), "#step-4 tbody"); !strings.Contains(got, "3.5") || strings.Contains(lines(), "厦门") {
		t.Errorf("declared data: %s; lines %s", got, lines())
	}
	anna.answer(page, url.Values{"skip": {"5"}})
	if got := texts(anna.page(page), "#step-4 tbody"); strings.Contains(got, "3.5") || !strings.Contains(lines(), "厦门") {
		t.Errorf("declared a note: %s; lines %s", got, lines())
	}
}

// TestGridShowsEveryProblem in its row, and leaves out what has none.
func TestGridShowsEveryProblem(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	var file strings.Builder
	file.WriteString("指标,地区,报告期,数值,单位\n")
	for year := 1950; year < 2026; year++ {
		value := fmt.Sprint(year)
		if year == 2010 {
			value = `"<script>alert(1)</script>"`
		}
		fmt.Fprintf(&file, "rd_spend,350000,%d,%s,亿元\n", year, value)
	}
	page := "/uploads/" + anna.stage("long.csv", file.String())
	d := anna.page(page)
	bad := d.Find(".grid td.bad")
	if id, _ := bad.Attr("id"); bad.Length() != 1 || id != "D62" || d.Find("script:contains(alert)").Length() != 0 || !strings.Contains(bad.Text(), "<script>") {
		t.Fatalf("cells with problems: %d %q %s", bad.Length(), id, bad.Text())
	}
	if d.Find(`.problems a[href="#D62"]#about-D62`).Length() != 1 || d.Find(`#D62 a[href="#about-D62"]`).Length() != 1 || !strings.Contains(texts(d, "#D62"), "错误") {
		t.Error("cell and problem do not lead to each other, or only a colour tells the cell")
	}
	if got := texts(d, ".grid .gap"); got != "…21 行没有问题，显示 | …下面的行没有问题，从第 63 行起显示" {
		t.Errorf("what is left out: %s", got)
	}
	if got := texts(d, ".grid tr.header th"); got != "1表头" {
		t.Errorf("the header: %q", got)
	}
	if got := strings.Count(texts(d, "#step-1"), "见各列"); got != 4 {
		t.Errorf("of indicator, region, period and unit %d are told to stand in columns", got)
	}
	d = anna.page(page + "?rows=70")
	if d.Find("#row-70").Length() != 1 || d.Find("#row-30").Length() != 0 || d.Find("#D62").Length() != 1 {
		t.Errorf("the window from row 70: %s", texts(d, ".grid tbody th"))
	}
	anna.answer(page, url.Values{"skip": {"60~62"}})
	if got := texts(anna.page(page+"?rows=60"), "#row-60 th"); got != "60非数据" {
		t.Errorf("a row that holds nothing: %q", got)
	}
}

func TestDiffByKind(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.publish(t, ledger.Upload{ID: "old", Uploader: "demo"}, reading("rd_spend", "350000", 2023, 1100))
	anna := f.as(t, "anna")
	page := "/uploads/" + anna.stage("fujian.csv", fujianFile)
	if got := texts(anna.page(page+"?change=changed"), "#step-4 tbody tr"); !strings.Contains(got, "1,1001,171.7+6.5%亿元") || strings.Contains(got, "新增") {
		t.Errorf("only changed: %s", got)
	}
	if got := texts(anna.page(page+"?change=new"), "#step-4 tbody tr"); !strings.Contains(got, "新增—1,300") || strings.Contains(got, "1,1001,171") {
		t.Errorf("only new: %s", got)
	}
}

func TestListByStateAuthorAndIndicator(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "gdp")
	anna, reviewer := f.as(t, "anna"), f.as(t, "reviewer")
	page := "/uploads/" + anna.stage("fujian.csv", fujianFile)
	if d := anna.page("/uploads"); texts(d, ".lead") != "共 2 批，您有 1 批草稿尚未提交。" || !strings.Contains(texts(d, "tbody tr:first-child"), "您的草稿") {
		t.Errorf("the author's list: %s", texts(d, ".lead"))
	}
	anna.post(page+"/submit", nil)
	d := reviewer.page("/uploads")
	if texts(d, ".lead") != "共 2 批，其中 1 批等待您审核。" || !strings.Contains(texts(d, "tbody tr:first-child"), "等您审核") {
		t.Errorf("the reviewer's list: %s", texts(d, ".lead"))
	}
	if got := texts(d, ".choices a"); got != "全部 2 | 待审核 1 | 已发布 1" {
		t.Errorf("counts: %s", got)
	}
	for query, want := range map[string]int{"state=submitted": 1, "state=published": 1, "author=anna": 1, "indicator=gdp": 1, "indicator=gdp&author=anna": 0, "state=draft": 0} {
		if got := reviewer.page("/uploads?" + query).Find("tbody tr").Length(); got != want {
			t.Errorf("%s lists %d uploads, want %d", query, got, want)
		}
	}
	if got := texts(reviewer.page("/uploads?state=draft"), ".empty"); !strings.Contains(got, "没有符合条件") {
		t.Errorf("nothing of the kind: %q", got)
	}
}

// TestWithdrawing: the author takes a submitted upload back and makes it a draft again.
func TestWithdrawing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna, reviewer := f.as(t, "anna"), f.as(t, "reviewer")
	page := "/uploads/" + anna.stage("fujian.csv", fujianFile)
	if d := anna.page(page); d.Find(`#step-6 button.danger[formaction="`+page+`/withdraw"]`).Length() != 1 {
		t.Error("a draft cannot be withdrawn")
	}
	anna.answer(page, url.Values{"source": {"公报"}})
	anna.post(page+"/submit", nil)
	if d := reviewer.page(page); d.Find(`form[action$="/withdraw"]`).Length() != 0 {
		t.Error("a reviewer is offered to withdraw the upload of somebody else")
	}
	if d := anna.page(page); d.Find(`form[action$="/withdraw"] button.danger`).Length() != 1 {
		t.Error("a submitted upload cannot be withdrawn")
	}
	if w := anna.post(page+"/withdraw", nil); w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "note=withdrawn") {
		t.Fatalf("withdraw: %d %s", w.Code, w.Header().Get("Location"))
	}
	d := anna.page(page)
	if !strings.HasPrefix(texts(d, ".lead"), "已撤下") || !strings.Contains(texts(d, "#about"), "下载原文件") || d.Find("#step-3").Length() != 1 ||
		!strings.Contains(texts(d, "#steps"), "撤下") {
		t.Errorf("the page of a withdrawn upload: %s", texts(d, "main"))
	}
	if w := reviewer.post(page+"/publish", nil); w.Code != http.StatusConflict {
		t.Errorf("a withdrawn upload is published: %d", w.Code)
	}
	anna.answer(page, url.Values{"restore": {"1"}})
	d = anna.page(page)
	if v, _ := d.Find("#step-6 input[name=source]").Attr("value"); v != "公报" || !strings.Contains(texts(d, "#steps"), "恢复为草稿") {
		t.Errorf("the restored draft: %q, %s", v, texts(d, "#steps"))
	}
	if w := anna.post(page+"/submit", nil); w.Code != http.StatusSeeOther {
		t.Errorf("the restored draft is not submitted: %d %s", w.Code, w.Body)
	}
}

func TestRejectionIsReadOnThePage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna, reviewer := f.as(t, "anna"), f.as(t, "reviewer")
	page := "/uploads/" + anna.stage("fujian.csv", fujianFile)
	anna.post(page+"/submit", nil)
	reviewer.post(page+"/reject", url.Values{"comment": {"口径不对"}})
	d := anna.page(page)
	if got := texts(d, "main > p.soft"); got != "reviewer：口径不对" || d.Find(`main a.button[href="/uploads/new"]`).Length() != 1 {
		t.Errorf("a rejected upload: %q", got)
	}
	if w := anna.post(page+"/answers", url.Values{"unit": {"万元"}}); w.Code != http.StatusConflict {
		t.Errorf("an answer after the rejection: %d", w.Code)
	}
}
