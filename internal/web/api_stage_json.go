package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// readingsName is the file name of readings that came as JSON.
const readingsName = "readings.json"

// bodyFields are the fields of a JSON body beside its readings.
var bodyFields = []string{"source", "stage", "released", "reason", "explanation", "dry_run"}

// apiStageJSON takes readings as they are, not in a file. They are read, checked
// and kept like a file; the field readings of the body is the file.
func (s *Server) apiStageJSON(c echo.Context) error {
	content, err := io.ReadAll(c.Request().Body) // the body has its limit
	if err != nil {
		return brokenBody(err)
	}
	body, err := readBody(content)
	if err != nil {
		return err
	}
	options, dryRun, err := stageOptions(body.said)
	if err != nil {
		return err
	}
	options.Explanation = strings.Join(body.said["explanation"], "")
	if int64(len(body.readings)) > s.config.MaxUpload {
		return &failure{kind: kindTooLarge}
	}
	stage := s.config.Uploads.Stage
	if dryRun {
		stage = s.config.Uploads.DryRun
	}
	outcome, err := stage(c.Request().Context(), userOf(c), readingsName, bytes.NewReader(body.readings), options)
	if err != nil {
		return err
	}
	answer, err := outcome.Answer(c.Request().Context(), readingsName, s.config.Catalog())
	if err != nil {
		return err
	}
	return s.answerStaged(c, []upload.Answer{wholeAnswer(answer)}, anyFaulty([]upload.Staged{outcome}))
}

// stageBody is a JSON body taken apart.
type stageBody struct {
	readings []byte              // {"readings": …}, as it came
	said     map[string][]string // the other fields, as those of a form
}

// readBody takes the body apart. What is inside readings is left to the reading
// of the file, which says where a problem is.
func readBody(content []byte) (stageBody, error) {
	b := stageBody{said: map[string][]string{}}
	d := json.NewDecoder(bytes.NewReader(content))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return b, noReadings(err)
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return b, noReadings(err)
		}
		name := token.(string)
		if b.said[name] != nil || name == "readings" && b.readings != nil {
			return b, badParameter(name, indicator.T("字段 "+name+" 只能给出一次。", "The field "+name+" can be given only once."), nil)
		}
		if err := b.readField(d, name); err != nil {
			return b, err
		}
	}
	if _, err := d.Token(); err != nil {
		return b, noReadings(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return b, noReadings(err)
	}
	if b.readings == nil {
		return b, noReadings(nil)
	}
	return b, nil
}

func (b *stageBody) readField(d *json.Decoder, name string) error {
	if name == "readings" {
		var list json.RawMessage
		if err := d.Decode(&list); err != nil {
			return noReadings(err)
		}
		b.readings = slices.Concat([]byte(`{"readings": `), list, []byte("}"))
		return nil
	}
	if !slices.Contains(bodyFields, name) {
		return unknownField(name, append([]string{"readings"}, bodyFields...))
	}
	var value any
	if err := d.Decode(&value); err != nil {
		return noReadings(err)
	}
	text, isText := value.(string)
	truth, isTruth := value.(bool)
	switch {
	case value == nil:
		b.said[name] = []string{""}
	case name == "dry_run" && isTruth:
		b.said[name] = []string{map[bool]string{true: "true", false: "false"}[truth]}
	case name == "dry_run":
		return badParameter(name, indicator.T("字段 dry_run 应为 true 或 false，不带引号。", "The field dry_run must be true or false, without quotes."), nil)
	case isText:
		b.said[name] = []string{text}
	default:
		return badParameter(name, indicator.T("字段 "+name+" 应为带引号的文字。", "The field "+name+" must be a text in quotes."), nil)
	}
	return nil
}

func noReadings(err error) *failure {
	var syntax *json.SyntaxError
	where := indicator.Text{}
	if errors.As(err, &syntax) {
		where = indicator.T(fmt.Sprintf("第 %d 个字节处不是 JSON（%v）。", syntax.Offset, err), fmt.Sprintf("It is no JSON at byte %d (%v). ", syntax.Offset, err))
	}
	return badParameter("readings", indicator.T(
		where.ZH+`请求正文应为 JSON 对象 {"readings": [ … ], "source": …}。字段见 `+apiPrefix+"/openapi.yaml。",
		where.EN+`The body must be a JSON object {"readings": [ … ], "source": …}. Its fields are in `+apiPrefix+"/openapi.yaml."), err)
}
