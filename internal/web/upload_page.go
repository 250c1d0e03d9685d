package web

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// uploadBody is what the page of one upload prints. Its author goes through the
// steps of a draft on it; everybody else only reads.
type uploadBody struct {
	upload.Upload
	Page                                   *page
	Lead                                   string   // how it stands
	Waits                                  []string // whom or what it waits for, or why it was turned down
	Again                                  bool     // it was, and the reader is its author
	StageName, IndicatorNames, RegionNames string
	Base                                   string // path of the upload
	SeesDraft                              bool
	May                                    map[string]bool // submit, publish, reject, revert

	Edit      bool   // the reader is at work on it
	Action    string // where answers are sent
	Another   fileForm
	Steps     []stepLink
	Read      *understoodView
	PlanNotes []string // what an import plan said
	Questions []questionView
	Report    reportView
	Grid      *gridView
	Diff      *diffView
	NoDiff    string // why there is none
	Flips     []flipView
	NoFlips   string // why there are none
	Closing   *closingView
	History   []stepView

	Units                       []string
	RegionCodes, IndicatorCodes []choiceView
}

// stepLink is a step of the draft's way and how it stands.
type stepLink struct{ ID, Name, Class, Sign, Says string }

// stepView is what was done to the upload.
type stepView struct {
	At        time.Time
	Who, What string
	Note      string
}

// done says what a button did.
var done = map[string]indicator.Text{
	"staged":      indicator.T("文件已读入。请按步骤核对。", "The file was read. Please go through the steps."),
	"answered":    indicator.T("已按您的回答重新识别。", "The file was read again as you said."),
	"unready":     indicator.T("已保存，但还不能提交：请先处理下面标出的问题。", "Kept, but it cannot be submitted yet: see to what is marked below."),
	"same":        indicator.T("内容相同的数据已经报送过，就是这一批。", "The same content was uploaded before: this is that upload."),
	"submitted":   indicator.T("已提交审核。", "Submitted for review."),
	"published":   indicator.T("已发布。", "Published."),
	"scheduled":   indicator.T("已批准定时发布。到时自动发布，此前其他人看不到。", "Approved for publication at its moment. It is published by itself then, and nobody else sees it before."),
	"unscheduled": indicator.T("已撤销定时发布。该批次仍待审核。", "The approval for a later moment is taken back. The upload is submitted as before."),
	"rejected":    indicator.T("已退回。", "Rejected."),
	"reverted":    indicator.T("已撤回。此前的数据重新生效。", "Reverted. The earlier figures stand again."),
}

func (s *Server) uploadPage(c echo.Context) error {
	ctx, user := c.Request().Context(), userOf(c)
	u, err := s.config.Uploads.Get(ctx, user, param(c, "id"))
	if err != nil {
		return err
	}
	contents, err := s.config.Uploads.Contents(ctx, user, u.ID)
	trouble, err := withoutLedger(err)
	if err != nil {
		return err
	}
	p := s.uploadFurniture(c, u)
	body := s.uploadBody(c, p, u)
	s.addContents(c, body, contents)
	if !u.Faulty && trouble == nil {
		diff, err := s.config.Uploads.Diff(ctx, user, u.ID)
		if trouble, err = withoutLedger(err); err != nil {
			return err
		}
		if trouble == nil {
			only := c.QueryParam(paramChange)
			if !isChangeKind(only) {
				only = ""
			}
			body.Diff = newDiffView(s.config.Catalog(), p.address, body.Base, only, diff)
			s.addFlips(c, body)
		}
	}
	if trouble != nil {
		p.Notices = append(p.Notices, noticeView{"fault", notCompared(trouble).In(p.Lang)})
	}
	body.finish(contents)
	p.Body = body
	p.Scripts, p.Styles = []string{"tables.js", "upload.js"}, []string{"upload.css"}
	return s.render(c, uploadStatus(u), "upload", p)
}

func (s *Server) uploadFurniture(c echo.Context, u upload.Upload) *page {
	name := u.File
	if name == "" {
		name = u.ID
	}
	p := s.furniture(c, indicator.T("报送批次 "+name, "Upload "+name))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("报送", "Uploads"), "/uploads")
	p.crumb(indicator.T(name, name), "")
	s.addStaleNotices(c, p)
	if text, ok := done[c.QueryParam("note")]; ok {
		p.Notices = append(p.Notices, noticeView{"done", text.In(p.Lang)})
	}
	if lapse, ok := u.Lapsed(); ok {
		p.Notices = append(p.Notices, noticeView{"fault", lapse.Text().In(p.Lang)})
	}
	if u.Generated {
		p.Notices = append(p.Notices, noticeView{"generated", indicator.T(
			"示例数据：这一批数字由程序生成，仅供演示，不是统计数据。",
			"Generated example: these figures were made up for demonstration and are not statistics.").In(p.Lang)})
	}
	return p
}

// uploadStatus is the status of an answer that shows an upload: while it is
// being published, what was asked for is accepted and not done.
func uploadStatus(u upload.Upload) int {
	if u.State == upload.Publishing {
		return http.StatusAccepted
	}
	return http.StatusOK
}

// withoutLedger parts an error into what only stands in the way of reading from
// the ledger what an upload changes, so that the rest of its page and its buttons
// are there all the same, and what stops the page.
func withoutLedger(err error) (trouble *upload.Error, stop error) {
	if upload.KindOf(err) == upload.Unavailable && errors.As(err, &trouble) {
		return trouble, nil
	}
	return nil, err
}

func notCompared(trouble *upload.Error) indicator.Text {
	return indicator.T(
		trouble.Message.ZH+"下面不列差异。",
		trouble.Message.EN+" What the upload changes is not listed below.")
}

func (s *Server) uploadBody(c echo.Context, p *page, u upload.Upload) *uploadBody {
	user, service := userOf(c), s.config.Uploads
	b := &uploadBody{Upload: u, Page: p, Base: "/uploads/" + u.ID, StageName: indicator.StageName(u.Stage).In(p.Lang),
		IndicatorNames: s.indicatorNames(u.Indicators, p.Lang), RegionNames: s.regionNames(u.Regions, p.Lang),
		SeesDraft: s.rules().May(user, account.SeeDraft, account.Matter{Regions: u.Regions, Authors: u.Authors})}
	b.Action = b.Base + "/answers"
	b.May = map[string]bool{
		"submit":  service.Allows(user, u, account.Submit),
		"publish": service.Allows(user, u, account.Publish),
		"reject":  service.Allows(user, u, account.Reject),
		"revert":  service.Allows(user, u, account.Revert),
	}
	own := slices.Contains(u.Authors, user.Name)
	b.Edit = own && u.State == upload.Draft
	b.Again = own && u.State == upload.Rejected
	b.wait(own)
	for _, e := range u.Events {
		b.History = append(b.History, stepView{e.At, e.Who, e.What.Name().In(p.Lang), e.Words().In(p.Lang)})
	}
	return b
}

// wait says whom or what the upload waits for, or why it was turned down.
func (b *uploadBody) wait(own bool) {
	say := func(zh, en string) { b.Waits = append(b.Waits, indicator.T(zh, en).In(b.Page.Lang)) }
	switch {
	case b.State == upload.Publishing:
		say("正在等待账本确认，无需操作：发布会自动完成，不会重复。刷新本页可查看结果。",
			"Waiting for the ledger to confirm. There is nothing to do: it is finished by itself, and never published twice. Reload this page to see how it went.")
	case b.Scheduled():
		say("到时自动发布，此前其他人看不到。", "It is published by itself then; nobody else sees it before.")
	case b.State == upload.Submitted && !b.May["publish"] && own:
		say("等待另一位审核人发布或退回。", "A second person has to publish or reject it.")
	}
	for _, e := range slices.Backward(b.Events) {
		if e.Note != "" && (e.What == upload.StepRejected && b.State == upload.Rejected || e.What == upload.StepReverted && b.State == upload.Reverted) {
			say(e.Who+"："+e.Note, e.Who+": "+e.Note)
			return
		}
	}
}

// addContents adds what was understood of the file and what is wrong with it.
func (s *Server) addContents(c echo.Context, b *uploadBody, contents upload.Contents) {
	f := fields{s, b.Page.address, contents.Answers, contents.Understood.Sheets}
	if contents.Understood.Container != "" {
		b.Read = f.understood(contents.Understood)
	}
	closing, problems := f.closing(b.Upload, contents.Problems)
	b.PlanNotes, problems = f.planNotes(problems)
	b.Questions = f.questions(problems)
	textAt := func(string) string { return "" }
	if rows := s.gridRows(c, b); rows != nil {
		from, err := strconv.Atoi(c.QueryParam("rows"))
		if err != nil || from < 1 {
			from = 1
		}
		contents.Problems = problems
		if b.Grid = f.grid(contents, rows, from); b.Grid != nil {
			textAt = func(cell string) string { return b.Grid.texts[cell] }
		}
	}
	b.Report = f.report(problems, textAt, rowKinds(contents))
	if !b.Edit {
		return
	}
	closing.Publishes = b.May["publish"]
	closing.Ready = !b.Faulty && b.Report.Faults == 0 && len(b.Questions) == 0
	b.Closing = closing
	b.Another = s.fileForm(b.Page, b.ID)
	b.Units = units
	b.RegionCodes, b.IndicatorCodes = f.codes()
}

// addFlips adds the statuses that change, or says that they are not known.
func (s *Server) addFlips(c echo.Context, b *uploadBody) {
	flips, err := s.config.Uploads.Flips(c.Request().Context(), userOf(c), b.ID)
	switch {
	case err != nil:
		s.log.Warn("the flips of an upload are not known", "request_id", requestID(c), "upload", b.ID, "error", err)
		b.NoFlips = indicator.T("暂时无法计算目标状态的变化。请稍后刷新本页。", "The changes of statuses cannot be worked out just now. Reload this page later.").In(b.Page.Lang)
	case len(flips) == 0:
		b.NoFlips = indicator.T("没有目标的状态因此改变。", "No target changes its status.").In(b.Page.Lang)
	}
	b.Flips = s.flipViews(s.presenter(c), flips)
}

// gridRows are the rows of the file, nil where it cannot be shown.
func (s *Server) gridRows(c echo.Context, b *uploadBody) iter.Seq[ingest.GridRow] {
	if !b.SeesDraft || b.FileSHA == "" {
		return nil
	}
	rows, err := s.config.Uploads.Grid(c.Request().Context(), userOf(c), b.ID)
	if err != nil { // the report is worth showing without it
		s.log.Warn("the rows of an upload cannot be shown", "request_id", requestID(c), "upload", b.ID, "error", err)
		return nil
	}
	return rows
}

// codes are what may be typed for a region or an indicator, with their names.
func (f fields) codes() (regions, indicators []choiceView) {
	catalog := f.config.Catalog()
	for i := range catalog.Regions {
		r := &catalog.Regions[i]
		regions = append(regions, choiceView{Value: r.Code, Name: r.Name.In(f.Lang)})
	}
	for i := range catalog.Indicators {
		ind := &catalog.Indicators[i]
		indicators = append(indicators, choiceView{Value: ind.Code, Name: ind.Name.In(f.Lang)})
	}
	return regions, indicators
}

// finish says how the upload and its steps stand, once all is known of it.
func (b *uploadBody) finish(contents upload.Contents) {
	lang := b.Page.Lang
	if b.Diff == nil {
		b.NoFlips = indicator.T("比较之后才能计算。", "It is worked out once the file is compared.").In(lang)
	}
	b.NoDiff = indicator.T("处理完上面的问题和错误后，在这里与已发布的数据比较。",
		"Once the questions and faults above are settled, this compares the file with what is published.").In(lang)
	name := b.Standing()
	readings := indicator.FormatNumber(float64(b.Rows), 0)
	questions, faults := len(b.Questions), b.Report.Faults
	lead := indicator.T(name.ZH+"，共 "+readings+" 个数据。", capital(name.EN)+", "+readings+" readings.")
	switch {
	case questions > 0 && faults > 0:
		lead = indicator.T(fmt.Sprintf("%s：还有 %d 个问题待回答，%d 处错误待更正。", name.ZH, questions, faults),
			fmt.Sprintf("%s: %d to answer and %d to mend before it can be submitted.", capital(name.EN), questions, faults))
	case questions > 0:
		lead = indicator.T(fmt.Sprintf("%s：还有 %d 个问题待回答。", name.ZH, questions),
			fmt.Sprintf("%s: %d to answer before it can be submitted.", capital(name.EN), questions))
	case faults > 0:
		lead = indicator.T(fmt.Sprintf("%s：文件有 %d 处错误，更正后才能提交。", name.ZH, faults),
			fmt.Sprintf("%s: %d to mend before it can be submitted.", capital(name.EN), faults))
	case b.Diff != nil:
		lead = indicator.T(name.ZH+"，共 "+readings+" 个数据："+b.Diff.sum(lang)+"。",
			capital(name.EN)+", "+readings+" readings: "+b.Diff.sum(lang)+".")
	}
	b.Lead = lead.In(lang)
	if b.Edit {
		b.Steps = b.stepLinks(contents)
	}
}

func severityName(s indicator.Severity) indicator.Text {
	switch s {
	case indicator.SeverityError:
		return indicator.T("错误", "error")
	case indicator.SeverityQuery:
		return indicator.T("核实", "query")
	default:
		return indicator.T("提示", "note")
	}
}
