package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// fileForm is what the form for a file prints.
type fileForm struct {
	Page           *page
	Mend           string // id of the draft whose file is replaced
	MaxBytes       int64
	Most, TooLarge string
	Fault          string
	Problems       []string
	Review         bool
}

var units = []string{"亿元", "万元", "元", "%", "家", "个", "人年", "万人年", "吨标准煤/万元"}

func (s *Server) fileForm(p *page, mend string) fileForm {
	return fileForm{Page: p, Mend: mend, MaxBytes: s.config.MaxUpload, Most: indicator.ByteSize(s.config.MaxUpload),
		TooLarge: s.fileTooLarge().In(p.Lang), Review: s.config.Review}
}

func (s *Server) newUploadPage(c echo.Context) error {
	return s.showForm(c, http.StatusOK, "", nil)
}

func (s *Server) showForm(c echo.Context, status int, fault string, problems []indicator.Problem) error {
	p := s.furniture(c, indicator.T("报送数据", "Upload figures"))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("报送", "Uploads"), "/uploads")
	p.crumb(indicator.T("报送数据", "Upload figures"), "")
	f := s.fileForm(p, "")
	f.Fault = fault
	for _, problem := range problems {
		f.Problems = append(f.Problems, onPage(problem.Message, p.Lang))
	}
	p.Body = f
	p.Scripts, p.Styles = []string{"upload.js"}, []string{"upload.css"}
	return s.render(c, status, "upload_new", p)
}

// doStage takes a file as a draft and leads to its report. A file with faults is
// kept, so that it can be mended there.
func (s *Server) doStage(c echo.Context) error {
	mend := c.FormValue("mend")
	name, file, err := formFile(c)
	if err != nil {
		return err
	}
	var content io.Reader // stays nil where the draft's own file is read again
	if file != nil {
		defer file.Close()
		content = file
	} else if mend == "" {
		fault := indicator.T("请选择要报送的文件。", "Please choose the file to upload.")
		return s.showForm(c, http.StatusUnprocessableEntity, fault.In(addressOf(c).Lang), nil)
	}
	return s.stage(c, mend, name, content, "staged")
}

// doAnswer reads the draft's own file again with what the form says beside what
// was said before, and submits it if that is asked for.
func (s *Server) doAnswer(c echo.Context) error {
	return s.stage(c, param(c, "id"), "", nil, "answered")
}

// stage keeps a file, or with mend a draft's file, with the answers of the form.
func (s *Server) stage(c echo.Context, mend, name string, content io.Reader, note string) error {
	ctx, user := c.Request().Context(), userOf(c)
	options, err := s.saidBefore(c, mend)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return badRequest(indicator.T("表单没有完整收到。请重试。", "The form did not arrive whole. Please try again."), err)
	}
	if fault := applyForm(form, &options); fault != nil {
		return &failure{kind: kindUnprocessable, text: *fault}
	}
	staged, err := s.config.Uploads.Stage(ctx, user, name, content, options)
	if err != nil {
		return err
	}
	if staged.Upload == nil {
		return s.showForm(c, http.StatusUnprocessableEntity, "", staged.Problems)
	}
	u := *staged.Upload
	if u.State != upload.Draft {
		note = "same"
	} else if then := form.Get("then"); then != "" {
		return s.goOn(c, u, then)
	}
	return s.backTo(c, u.ID, note)
}

// goOn submits or publishes a draft that was kept. What stands in the way is
// shown on its page.
func (s *Server) goOn(c echo.Context, u upload.Upload, then string) error {
	act, note := s.config.Uploads.Submit, "submitted"
	if then == "publish" {
		act, note = s.config.Uploads.Publish, "published"
	}
	u, err := act(c.Request().Context(), userOf(c), u.ID)
	switch {
	case upload.KindOf(err) == upload.Invalid:
		return s.backTo(c, param(c, "id"), "unready")
	case err != nil:
		return err
	case u.State == upload.Publishing:
		note = string(u.State)
	}
	return c.Redirect(http.StatusSeeOther, addressOf(c).link("/uploads/"+url.PathEscape(u.ID), "note", note))
}

// saidBefore is what was said of a draft so far.
func (s *Server) saidBefore(c echo.Context, id string) (upload.Options, error) {
	o := upload.Options{KeepFaulty: true, Mend: id}
	if id == "" {
		return o, nil
	}
	ctx, user := c.Request().Context(), userOf(c)
	u, err := s.config.Uploads.Get(ctx, user, id)
	if err != nil {
		return o, err
	}
	contents, err := s.config.Uploads.Contents(ctx, user, id)
	if _, err = withoutLedger(err); err != nil {
		return o, err
	}
	o.Answers, o.Generated = contents.Answers, u.Generated
	o.Source, o.Stage, o.Reason, o.Explanation, o.Released = u.Source, u.Stage, u.Reason, u.Explanation, u.Released
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

// stepID is the part of the page that a form stands in.
var stepID = regexp.MustCompile(`^step-[1-6]$`)

// backTo leads to the upload's page, to the step whose form was sent.
func (s *Server) backTo(c echo.Context, id, note string) error {
	path := "/uploads/" + url.PathEscape(id)
	if at := c.FormValue("at"); stepID.MatchString(at) {
		path += "#" + at
	}
	return c.Redirect(http.StatusSeeOther, addressOf(c).link(path, "note", note))
}
