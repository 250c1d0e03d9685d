package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// uploadBody is what the page of one upload prints.
type uploadBody struct {
	upload.Upload
	StateName           string
	StageName           string
	Indicators, Regions string
	Base                string // path of the upload
	SeesDraft           bool
	May                 map[string]bool // submit, publish, reject, revert, mend
	Waits               string          // whom or what the upload waits for, where the reader can only look
	Problems            []problemView
	Faults              int
	Understood          *ingest.Understood
	Counts              []changeCount
	Changes             []changeView
	Left                int  // changes not printed
	HasCells            bool // the changes say from which cell they came
	Form                *uploadForm
	Steps               []stepView
}

type problemView struct{ Cell, Severity, SeverityName, Message string }

type changeCount struct {
	Name string
	N    int
}

type changeView struct {
	Kind, KindName, Region, RegionLink, Indicator, IndicatorLink, Period, Old, New, Cell, Status string
	Unit                                                                                         string
}

type stepView struct {
	At        time.Time
	Who, What string
	Note      string
}

// maxChanges is how many changed readings a page lists.
const maxChanges = 500

// done says what a button did.
var done = map[string]indicator.Text{
	"staged":      indicator.T("文件已读入。请核对下面的内容。", "The file was read. Please check what is below."),
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
	body := s.uploadBody(c, u, contents)
	if !u.Faulty && trouble == nil {
		diff, err := s.config.Uploads.Diff(ctx, user, u.ID)
		if trouble, err = withoutLedger(err); err != nil {
			return err
		}
		if trouble == nil {
			body.addDiff(s.config.Catalog(), p.address, diff)
		}
	}
	if trouble != nil {
		p.Notices = append(p.Notices, noticeView{"fault", notCompared(trouble).In(p.Lang)})
	}
	p.Body = body
	p.Scripts = []string{"tables.js"}
	return s.render(c, uploadStatus(u), "upload", p)
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

func (s *Server) uploadBody(c echo.Context, u upload.Upload, contents upload.Contents) *uploadBody {
	user, lang := userOf(c), addressOf(c).Lang
	service := s.config.Uploads
	b := &uploadBody{Upload: u, StateName: u.Standing().In(lang), StageName: indicator.StageName(u.Stage).In(lang), Base: "/uploads/" + u.ID,
		Indicators: s.indicatorNames(u.Indicators, lang), Regions: s.regionNames(u.Regions, lang),
		SeesDraft: s.rules().May(user, account.SeeDraft, account.Matter{Regions: u.Regions, Authors: u.Authors})}
	b.May = map[string]bool{
		"submit":  service.Allows(user, u, account.Submit),
		"publish": service.Allows(user, u, account.Publish),
		"reject":  service.Allows(user, u, account.Reject),
		"revert":  service.Allows(user, u, account.Revert),
		"mend":    u.State == upload.Draft && slices.Contains(u.Authors, user.Name),
	}
	switch {
	case u.State == upload.Publishing:
		b.Waits = indicator.T("正在等待账本确认，无需操作：发布会自动完成，不会重复。刷新本页可查看结果。",
			"Waiting for the ledger to confirm. There is nothing to do: it is finished by itself, and never published twice. Reload this page to see how it went.").In(lang)
	case u.State == upload.Submitted && !b.May["publish"] && slices.Contains(u.Authors, user.Name):
		b.Waits = indicator.T("等待另一位审核人发布或退回。", "A second person has to publish or reject it.").In(lang)
	}
	for _, problem := range contents.Problems {
		b.Problems = append(b.Problems, problemView{problem.Cell, string(problem.Severity),
			severityName(problem.Severity).In(lang), problem.Message.In(lang)})
		if problem.Severity == indicator.SeverityError {
			b.Faults++
		}
	}
	if contents.Understood.Container != "" {
		b.Understood = &contents.Understood
	}
	if b.May["mend"] {
		form := s.form(c, particulars{Indicator: contents.Understood.Indicator, Source: u.Source, Stage: u.Stage,
			Released: date(u.Released), Reason: u.Reason}, u.ID)
		b.Form = &form
	}
	for _, e := range u.Events {
		b.Steps = append(b.Steps, stepView{e.At, e.Who, e.What.Name().In(lang), e.Words().In(lang)})
	}
	return b
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

// addDiff lists what changes, the most telling first; what stays is only counted.
func (b *uploadBody) addDiff(catalog *indicator.Catalog, a address, diff upload.Diff) {
	for _, kind := range []upload.ChangeKind{upload.Changed, upload.Withdrawn, upload.New, upload.Unchanged} {
		if n := diff.Counts[kind]; n > 0 {
			b.Counts = append(b.Counts, changeCount{kind.Name().In(a.Lang), n})
		}
		if kind == upload.Unchanged {
			continue
		}
		for _, change := range diff.Changes {
			if change.Kind != kind {
				continue
			}
			if len(b.Changes) == maxChanges {
				b.Left++
				continue
			}
			b.Changes = append(b.Changes, viewChange(catalog, a, change))
			b.HasCells = b.HasCells || change.Cell.Cell != ""
		}
	}
}

func viewChange(catalog *indicator.Catalog, a address, c upload.Change) changeView {
	v := changeView{Kind: string(c.Kind), KindName: c.Kind.Name().In(a.Lang), Region: c.Region, Indicator: c.Indicator,
		Period: c.Period.Label(a.Lang), Cell: c.Cell.Cell, Status: string(c.Status),
		Old: amountOf(c.Old.Value, c.Old.Status), New: amountOf(c.Value, c.Status)}
	if r := catalog.Region(c.Region); r != nil {
		v.Region, v.RegionLink = r.Short.In(a.Lang), a.link("/regions/"+r.Code)
	}
	if i := catalog.Indicator(c.Indicator); i != nil {
		v.Indicator, v.IndicatorLink, v.Unit = i.Name.In(a.Lang), a.link("/indicators/"+i.Code), indicator.UnitName(i.Unit, a.Lang)
	}
	return v
}

// amountOf is a value with all the places it was given with: a reviewer must see
// the change that rounding would hide.
func amountOf(v float64, status indicator.Status) string {
	switch {
	case status == "":
		return ""
	case !status.HasValue():
		return "—"
	}
	_, places, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return indicator.FormatNumber(v, len(places))
}
