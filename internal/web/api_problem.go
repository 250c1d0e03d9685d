package web

import (
	"errors"
	"fmt"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// problemTypes is the tag URI (RFC 4151) that the type of every problem begins
// with; its code follows. Nothing is to be found there: it only names.
const problemTypes = "tag:github.com,2026:dabiao/"

// problem is the body of every refusal, as RFC 9457 has it. Beyond its members
// there are the text in both languages, the parameter at fault, what may have
// been meant, and for a refused upload everything that is wrong with it.
type problem struct {
	Type        string              `json:"type"`
	Title       string              `json:"title"`
	Status      int                 `json:"status"`
	Detail      string              `json:"detail"`
	Instance    string              `json:"instance"`
	Code        string              `json:"code"`
	Message     indicator.Text      `json:"message"`
	Parameter   string              `json:"parameter,omitempty"`
	Suggestions []apiSuggestion     `json:"suggestions,omitempty"`
	Request     string              `json:"request_id"`
	Problems    []indicator.Problem `json:"problems,omitempty"`

	// The answer to a file that was not kept stands in the problem itself; its
	// list of problems is the one above.
	*upload.Answer
}

type apiSuggestion struct {
	Name indicator.Text `json:"name"`
	Href string         `json:"href"`
}

// errorJSON answers a request to the API that failed.
func (s *Server) errorJSON(c echo.Context, f *failure, status int) error {
	k, lang := kinds[f.kind], languageOf(c)
	text, code := f.text, k.code
	if f.code != "" {
		code = f.code
	}
	body := problem{Type: problemTypes + code, Title: k.title.In(lang), Status: status, Detail: text.In(lang),
		Instance: c.Request().URL.EscapedPath(), Code: code, Message: text, Parameter: f.parameter,
		Request: requestID(c), Problems: f.problems, Answer: f.answer}
	for _, near := range f.suggestions {
		body.Suggestions = append(body.Suggestions, apiSuggestion{near.Name, near.Path})
	}
	var wait *account.WaitError
	if errors.As(f.cause, &wait) {
		c.Response().Header().Set(echo.HeaderRetryAfter, fmt.Sprintf("%.0f", wait.Wait.Seconds()+0.5))
	}
	h := c.Response().Header()
	h.Del("ETag")
	h.Del(echo.HeaderContentDisposition)
	h.Set("Cache-Control", "no-store")
	h.Set(echo.HeaderContentType, "application/problem+json")
	return c.JSON(status, body)
}

// tooLarge names the limit of what is sent to an address.
func (s *Server) tooLarge(c echo.Context) indicator.Text {
	if !takesFile(c) {
		return indicator.T("请求正文超过了 "+smallBody+" 的上限。请缩短后重新发送。",
			"The body is larger than the limit of "+smallBody+". Shorten it and send it again.")
	}
	return s.fileTooLarge()
}

func (s *Server) fileTooLarge() indicator.Text {
	most := indicator.ByteSize(s.config.MaxUpload)
	return indicator.T(
		"内容超过了 "+most+" 的上限，没有保存。请按指标或年份拆成几个文件后分批报送。",
		"This is larger than the limit of "+most+"; nothing was kept. Split it by indicator or year and upload the parts.")
}

var languages = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// languageOf is the language of the sentences in an answer: what lang asks for,
// else what the client prefers, else Chinese.
func languageOf(c echo.Context) indicator.Lang {
	switch asked := c.QueryParam(paramLang); asked {
	case string(indicator.ZH), string(indicator.EN):
		return indicator.Lang(asked)
	}
	tags, _, err := language.ParseAcceptLanguage(c.Request().Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return indicator.ZH
	}
	if _, best, sure := languages.Match(tags...); best == 1 && sure >= language.High {
		return indicator.EN
	}
	return indicator.ZH
}
