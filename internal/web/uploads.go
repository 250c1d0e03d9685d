package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// uploadsBody is what the list of uploads prints.
type uploadsBody struct {
	Rows     []uploadRow
	MayStage bool
	LoggedIn bool
}

type uploadRow struct {
	upload.Upload
	Link       string
	Indicators string
	StateName  string
}

func (s *Server) uploadsPage(c echo.Context) error {
	user := userOf(c)
	list, err := s.config.Uploads.List(c.Request().Context(), user, upload.Filter{})
	if err != nil {
		return err
	}
	p := s.furniture(c, indicator.T("报送", "Uploads"))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("报送", "Uploads"), "")
	s.addStaleNotices(c, p)
	body := uploadsBody{MayStage: s.rules().MayEver(user, account.Stage), LoggedIn: user.Name != ""}
	for _, u := range list {
		body.Rows = append(body.Rows, uploadRow{Upload: u, Link: p.link("/uploads/" + url.PathEscape(u.ID)),
			Indicators: s.indicatorNames(u.Indicators, p.Lang), StateName: u.Standing().In(p.Lang)})
	}
	p.Body = body
	p.Scripts = []string{"tables.js"}
	return s.render(c, http.StatusOK, "uploads", p)
}

// maxNames is how many names a list in a table cell shows; the rest is counted.
const maxNames = 4

func (s *Server) indicatorNames(codes []string, lang indicator.Lang) string {
	catalog := s.config.Catalog()
	return names(codes, lang, func(code string) indicator.Text {
		if i := catalog.Indicator(code); i != nil {
			return i.Name
		}
		return indicator.T(code, code)
	})
}

func (s *Server) regionNames(codes []string, lang indicator.Lang) string {
	catalog := s.config.Catalog()
	return names(codes, lang, func(code string) indicator.Text {
		if r := catalog.Region(code); r != nil {
			return r.Short
		}
		return indicator.T(code, code)
	})
}

func names(codes []string, lang indicator.Lang, name func(string) indicator.Text) string {
	return firstNames(codes, maxNames, lang, name)
}

// firstNames lists at most so many names, and counts them where there are more.
func firstNames(codes []string, most int, lang indicator.Lang, name func(string) indicator.Text) string {
	var list []string
	for _, code := range codes[:min(len(codes), most)] {
		list = append(list, name(code).In(lang))
	}
	separator := indicator.T("、", ", ").In(lang)
	text := strings.Join(list, separator)
	if n := len(codes); n > most {
		count := indicator.FormatNumber(float64(n), 0)
		text += indicator.T("等"+count+"个", " … ("+count+" in all)").In(lang)
	}
	return text
}

// uploadForm is what the form for a file prints: what was said so far, and what
// can be chosen.
type uploadForm struct {
	Mend       string // id of the draft whose file and particulars are replaced
	Said       particulars
	Indicators []topicView
	Units      []string
	Statuses   []choiceView
	Stages     []choiceView
	Problems   []indicator.Problem
	Fault      string
	MaxMiB     int64
	Review     bool
}

// particulars are the fields of the form as the person filled them in.
type particulars struct {
	Indicator, Unit, Sheet, Status, Source, Stage, Released, Reason string
}

var units = []string{"亿元", "万元", "元", "%", "家", "个", "人年", "万人年", "吨标准煤/万元"}

func (s *Server) form(c echo.Context, said particulars, mend string) uploadForm {
	lang := addressOf(c).Lang
	f := uploadForm{Mend: mend, Said: said, Units: units, MaxMiB: s.config.MaxUpload >> 20, Review: s.config.Review}
	f.Indicators = s.topics(addressOf(c))
	for _, stage := range indicator.Stages {
		f.Stages = append(f.Stages, choiceView{Value: stage.ZH, Name: stage.In(lang), Chosen: stage.ZH == said.Stage})
	}
	for _, status := range indicator.Statuses {
		if status.HasValue() { // the whole file has values
			f.Statuses = append(f.Statuses, choiceView{Value: string(status), Name: indicator.StatusName(status).In(lang), Chosen: string(status) == said.Status})
		}
	}
	return f
}

func (s *Server) newUploadPage(c echo.Context) error {
	return s.showForm(c, http.StatusOK, s.form(c, particulars{}, ""))
}

func (s *Server) showForm(c echo.Context, status int, f uploadForm) error {
	p := s.furniture(c, indicator.T("报送数据", "Upload figures"))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("报送", "Uploads"), "/uploads")
	p.crumb(indicator.T("报送数据", "Upload figures"), "")
	p.Body = f
	return s.render(c, status, "upload_new", p)
}

// doStage takes a file as a draft and leads to its report. A file with faults is
// kept, so that it can be mended there.
func (s *Server) doStage(c echo.Context) error {
	said := particulars{Indicator: c.FormValue("indicator"), Unit: c.FormValue("unit"), Sheet: c.FormValue("sheet"), Status: c.FormValue("status"),
		Source: c.FormValue("source"), Stage: c.FormValue("stage"), Released: c.FormValue("released"), Reason: c.FormValue("reason")}
	mend := c.FormValue("mend")
	again := s.form(c, said, mend)
	lang := addressOf(c).Lang
	options, fault := said.options()
	if fault != nil {
		again.Fault = fault.In(lang)
		return s.showForm(c, http.StatusUnprocessableEntity, again)
	}
	options.KeepFaulty, options.Mend = true, mend
	name, file, err := formFile(c)
	if err != nil {
		return err
	}
	var content io.Reader // stays nil where the draft's own file is read again
	if file != nil {
		defer file.Close()
		content = file
	} else if mend == "" {
		again.Fault = indicator.T("请选择要报送的文件。", "Please choose the file to upload.").In(lang)
		return s.showForm(c, http.StatusUnprocessableEntity, again)
	}
	staged, err := s.config.Uploads.Stage(c.Request().Context(), userOf(c), name, content, options)
	if err != nil {
		return err
	}
	if staged.Upload == nil {
		again.Problems = staged.Problems
		return s.showForm(c, http.StatusUnprocessableEntity, again)
	}
	note := "staged"
	if staged.Upload.State != upload.Draft {
		note = "same"
	}
	return s.backTo(c, staged.Upload.ID, note)
}

// options reads the particulars, or says which one cannot be understood.
func (p particulars) options() (upload.Options, *indicator.Text) {
	o := upload.Options{Answers: ingest.Answers{Indicator: p.Indicator, Unit: strings.TrimSpace(p.Unit), Sheet: p.Sheet},
		Source: p.Source, Stage: p.Stage, Reason: p.Reason}
	if p.Status != "" {
		status, err := indicator.ParseStatus(p.Status)
		if err != nil {
			fault := indicator.T("没有数据状态“"+p.Status+"”。", "There is no observation status “"+p.Status+"”.")
			return o, &fault
		}
		o.Status = status
	}
	if p.Released != "" {
		released, err := indicator.ParseReleased(p.Released)
		if err != nil {
			fault := indicator.T("公布时间应写作 2024-12-31，收到的是“"+p.Released+"”。",
				"The date of release must be written 2024-12-31; got “"+p.Released+"”.")
			return o, &fault
		}
		o.Released = released
	}
	return o, nil
}

// formFile is the chosen file with its name; no file is no error.
func formFile(c echo.Context) (string, multipart.File, error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && header.Filename == "" {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, badRequest(indicator.T("文件没有完整上传。请重试。", "The file did not arrive whole. Please try again."), err)
	}
	file, err := header.Open()
	return header.Filename, file, err
}

func (s *Server) backTo(c echo.Context, id, note string) error {
	return c.Redirect(http.StatusSeeOther, addressOf(c).link("/uploads/"+url.PathEscape(id), "note", note))
}

func (s *Server) doSubmit(c echo.Context) error {
	u, err := s.config.Uploads.Submit(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	return s.backTo(c, u.ID, "submitted")
}

func (s *Server) doPublish(c echo.Context) error {
	u, err := s.publishWhen(c, c.FormValue("publish_at"), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	note := string(u.State) // published, or publishing: the page says which
	if u.Scheduled() {
		note = "scheduled"
	}
	return s.backTo(c, u.ID, note)
}

func (s *Server) doReject(c echo.Context) error {
	u, err := s.config.Uploads.Reject(c.Request().Context(), userOf(c), param(c, "id"), c.FormValue("comment"))
	if err != nil {
		return err
	}
	return s.backTo(c, u.ID, "rejected")
}

func (s *Server) doRevert(c echo.Context) error {
	u, err := s.config.Uploads.Revert(c.Request().Context(), userOf(c), param(c, "id"), c.FormValue("reason"))
	if err != nil {
		return err
	}
	return s.backTo(c, u.ID, "reverted")
}

// uploadFile hands out the original, always as a download: what is in it is not
// for a browser to understand.
func (s *Server) uploadFile(c echo.Context) error {
	name, content, err := s.config.Uploads.File(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	setFileName(c, name)
	return c.Blob(http.StatusOK, echo.MIMEOctetStream, content)
}
