package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// mimeLines is one JSON value a line.
const mimeLines = "application/x-ndjson"

// fileField is the field that carries a file, and may be repeated.
const fileField = "file"

// stageFields are the fields of a form beside its files, named like the flags
// of the command line.
var stageFields = []string{"indicator", "unit", "region", "year", "sheet", "layout", "header", "column", "skip", "name", "mark", "status", "source", "stage", "released", "reason", "explanation", "plan", "dry_run"}

// repeatedFields are those that give several answers, one a field.
var repeatedFields = []string{"column", "skip", "name", "mark"}

func formFields() []string { return append([]string{fileField}, stageFields...) }

// apiStage takes files as drafts. One file is answered with an object, several
// with one a line. If any file has errors nothing at all is kept.
func (s *Server) apiStage(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	if hasMediaType(c.Request(), echo.MIMEApplicationJSON) {
		return s.apiStageJSON(c)
	}
	form, err := s.readForm(c)
	if err != nil {
		return err
	}
	options, dryRun, err := stageOptions(form.Value)
	if err != nil {
		return err
	}
	files := form.File[fileField]
	var outcomes []upload.Staged
	if dryRun || len(files) > 1 {
		if outcomes, err = s.stageFiles(c, files, options, true); err != nil {
			return err
		}
	}
	if !dryRun && !anyFaulty(outcomes) {
		if outcomes, err = s.stageFiles(c, files, options, false); err != nil {
			return err
		}
	}
	answers := make([]upload.Answer, len(files))
	for i, outcome := range outcomes {
		answer, err := outcome.Answer(c.Request().Context(), fileLabel(files[i]), s.config.Catalog())
		if err != nil {
			return err
		}
		answers[i] = wholeAnswer(answer)
	}
	return s.answerStaged(c, answers, anyFaulty(outcomes))
}

// readForm reads the files and fields of a form, no file being larger than allowed.
func (s *Server) readForm(c echo.Context) (*multipart.Form, error) {
	const inMemory = 8 << 20 // what is more goes to temporary files
	if !hasMediaType(c.Request(), echo.MIMEMultipartForm) {
		return nil, unsupportedMedia(echo.MIMEMultipartForm, echo.MIMEApplicationJSON)
	}
	if err := c.Request().ParseMultipartForm(inMemory); err != nil {
		return nil, brokenBody(err)
	}
	form := c.Request().MultipartForm
	for name := range form.File {
		if name != fileField {
			return nil, unknownField(name, formFields())
		}
	}
	for _, name := range sortedNames(form.Value) {
		if !slices.Contains(stageFields, name) {
			return nil, unknownField(name, formFields())
		}
		if len(form.Value[name]) > 1 && !slices.Contains(repeatedFields, name) {
			return nil, badParameter(name, indicator.T(
				"字段 "+name+" 只能给出一次。", "The field "+name+" can be given only once."), nil)
		}
	}
	if len(form.File[fileField]) == 0 {
		return nil, badParameter(fileField, indicator.T(
			"没有收到文件。请用字段 "+fileField+" 上传。", "No file came. Send it as the field "+fileField+"."), nil)
	}
	for _, file := range form.File[fileField] {
		if file.Size > s.config.MaxUpload {
			return nil, &failure{kind: kindTooLarge}
		}
	}
	return form, nil
}

func unknownField(name string, known []string) *failure {
	f := badParameter(name, indicator.T(
		"没有字段“"+name+"”。可用："+strings.Join(known, "、")+"。",
		"There is no field “"+name+"”. Use "+strings.Join(known, ", ")+"."), nil)
	f.code = "unknown_parameter"
	return f
}

// answersOf are the answers of a field that may be repeated.
func answersOf(fields []string) []string {
	var answers []string
	for _, f := range fields {
		if f = strings.TrimSpace(f); f != "" {
			answers = append(answers, f)
		}
	}
	return answers
}

// stageOptions reads the fields of a form, of which an empty one says nothing.
func stageOptions(fields map[string][]string) (o upload.Options, dryRun bool, err error) {
	field := func(name string) string {
		if values := fields[name]; len(values) > 0 {
			return strings.TrimSpace(values[0])
		}
		return ""
	}
	o = upload.Options{
		Answers: ingest.Answers{Indicator: field("indicator"), Unit: field("unit"), Region: field("region"), Year: field("year"),
			Sheet: field("sheet"), Layout: field("layout"), Header: field("header"),
			Columns: answersOf(fields["column"]), Skip: answersOf(fields["skip"]), Names: answersOf(fields["name"]), Marks: answersOf(fields["mark"])},
		Source: field("source"), Stage: field("stage"), Reason: field("reason"), Explanation: field("explanation"), Plan: field("plan")}
	if v := field("status"); v != "" {
		if o.Status, err = indicator.ParseStatus(v); err != nil || !o.Status.HasValue() {
			return o, false, badParameter("status", indicator.T(
				"字段 status 应为 A、P、E 或 B，收到的是“"+v+"”。",
				"The field status must be A, P, E or B; got “"+v+"”."), err)
		}
	}
	if v := field("released"); v != "" {
		if o.Released, err = indicator.ParseReleased(v); err != nil {
			return o, false, badParameter("released", indicator.T(
				"字段 released 应写作 2024-12-31，收到的是“"+v+"”。",
				"The field released must be written 2024-12-31; got “"+v+"”."), err)
		}
	}
	if v := field("dry_run"); v != "" {
		if dryRun, err = strconv.ParseBool(v); err != nil {
			return o, false, badParameter("dry_run", indicator.T(
				"字段 dry_run 应为 true 或 false，收到的是“"+v+"”。",
				"The field dry_run must be true or false; got “"+v+"”."), err)
		}
	}
	return o, dryRun, nil
}

// stageFiles stages every file, or only tries.
func (s *Server) stageFiles(c echo.Context, files []*multipart.FileHeader, o upload.Options, try bool) ([]upload.Staged, error) {
	outcomes := make([]upload.Staged, len(files))
	for i, header := range files {
		file, err := header.Open()
		if err != nil {
			return nil, err
		}
		stage := s.config.Uploads.Stage
		if try {
			stage = s.config.Uploads.DryRun
		}
		outcomes[i], err = stage(c.Request().Context(), userOf(c), header.Filename, file, o)
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

func anyFaulty(outcomes []upload.Staged) bool {
	return slices.ContainsFunc(outcomes, func(s upload.Staged) bool { return upload.Refused(s.Problems) })
}

// fileLabel is the last part of a file's name: multipart drops the path of this
// system, but not that of another.
func fileLabel(header *multipart.FileHeader) string {
	return header.Filename[strings.LastIndexAny(header.Filename, `/\`)+1:]
}

// wholeAnswer has empty lists where ingest understood nothing.
func wholeAnswer(a upload.Answer) upload.Answer {
	u := &a.Understood
	u.Columns, u.Defaults, u.Preview = orEmpty(u.Columns), orEmpty(u.Defaults), orEmpty(u.Preview)
	u.Titles, u.Headings, u.Footnotes = orEmpty(u.Titles), orEmpty(u.Headings), orEmpty(u.Footnotes)
	return a
}

func (s *Server) answerStaged(c echo.Context, answers []upload.Answer, faulty bool) error {
	status := http.StatusOK
	for _, a := range answers {
		if a.Upload != nil && a.Upload.State == upload.Draft {
			status = http.StatusCreated
		}
	}
	if len(answers) == 1 {
		a := answers[0]
		if faulty {
			return &failure{kind: kindUnprocessable, code: "faulty_file", problems: a.Problems, answer: &a, text: indicator.T(
				"文件有错误，没有保存。请按 problems 所列修改后重新上传。",
				"The file has errors and was not kept. Mend what problems lists and upload it again.")}
		}
		if a.Upload != nil {
			c.Response().Header().Set(echo.HeaderLocation, uploadHref(a.Upload.ID))
		}
		return c.JSON(status, a)
	}
	if faulty {
		status = http.StatusUnprocessableEntity
	}
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, a := range answers {
		if err := encoder.Encode(a); err != nil {
			return err
		}
	}
	return c.Blob(status, mimeLines, lines.Bytes())
}
