package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
)

// stamp says what an answer was made from. Asked for again with the same as of,
// version and catalogue, the answer is the same.
type stamp struct {
	AsOf      *string `json:"as_of"` // as it was asked for, null: no limit
	Version   int64   `json:"version"`
	Catalogue string  `json:"catalogue"`
}

// listAnswer is the answer to a question for several things.
type listAnswer[T any] struct {
	Items []T `json:"items"`
	stamp
}

// itemAnswer is the answer to a question for one thing.
type itemAnswer[T any] struct {
	Item T `json:"item"`
	stamp
}

func (m moment) stamp(c echo.Context) stamp {
	s := stamp{Version: int64(m.snap.Version()), Catalogue: m.catalog.Hash()}
	if asked := addressOf(c).AsOf; asked != "" {
		s.AsOf = &asked
	}
	return s
}

// answerList sends the items, cut to limit (0: all).
func answerList[T any](s *Server, c echo.Context, m moment, items []T, limit int) error {
	if limit > 0 && len(items) > limit {
		items = items[:limit]
	}
	return answer(s, c, m, listAnswer[T]{orEmpty(items), m.stamp(c)})
}

// answer sends a body that depends on nothing but the address, the moment and
// the program, and not at all where the client has it.
func answer(s *Server, c echo.Context, m moment, body any) error {
	if s.unchanged(c, m) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.JSON(http.StatusOK, body)
}

// unchanged sets the ETag of an answer and reports whether the client has it
// already. Salt is whatever else the answer depends on.
func (s *Server) unchanged(c echo.Context, m moment, salt ...string) bool {
	parts := append([]string{s.config.Version, strconv.FormatInt(int64(m.snap.Version()), 10),
		strconv.Itoa(len(m.snap.Publications())), // one may come in behind the newest event
		m.catalog.Hash(), addressOf(c).AsOf}, salt...)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache") // kept by the client, and asked about each time
	for _, theirs := range c.Request().Header.Values("If-None-Match") {
		for one := range strings.SplitSeq(theirs, ",") {
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			if one == tag || one == "*" {
				return true
			}
		}
	}
	return false
}

// orEmpty is a list that becomes [] in JSON, never null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// apiTime is a moment as RFC 3339 in Shanghai, nil where there is none.
func apiTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.In(indicator.Shanghai).Format(time.RFC3339Nano)
	return &text
}

// maxBody is the most bytes of a JSON body.
const maxBody = 64 << 10

// readJSON reads the body of a request into v. Where optional, no body at all
// leaves v as it is.
func readJSON(c echo.Context, v any, optional bool) error {
	r := c.Request()
	content, err := readAtMost(r.Body, maxBody)
	if err != nil {
		return err
	}
	if optional && len(content) == 0 {
		return nil
	}
	if !hasMediaType(r, echo.MIMEApplicationJSON) {
		return unsupportedMedia(echo.MIMEApplicationJSON)
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil || d.More() {
		return badRequest(indicator.T(
			"请求正文不是所要求的 JSON 对象。字段见 "+apiPrefix+"/openapi.yaml。",
			"The body is not the JSON object that is wanted. Its fields are in "+apiPrefix+"/openapi.yaml."), err)
	}
	return nil
}

func readAtMost(r io.Reader, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, brokenBody(err)
	}
	if int64(len(content)) > most {
		return nil, &failure{kind: kindBadRequest, code: "body_too_long", text: indicator.T(
			"请求正文过长。", "The body is too long.")}
	}
	return content, nil
}

// brokenBody tells a body over the limit from one that did not arrive.
func brokenBody(err error) error {
	var he *echo.HTTPError
	if errors.As(err, &he) {
		return err
	}
	return badRequest(indicator.T("请求正文没有完整收到。请重试。", "The body did not arrive whole. Please try again."), err)
}

func hasMediaType(r *http.Request, want string) bool {
	have, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	return err == nil && have == want
}

func unsupportedMedia(wanted ...string) *failure {
	return &failure{kind: kindMedia, text: indicator.T(
		"请求正文的内容类型须为 "+strings.Join(wanted, " 或 ")+"。",
		"The content type of the body must be "+strings.Join(wanted, " or ")+".")}
}
