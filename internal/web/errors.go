package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/chart"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
)

// kind is what went wrong, as far as an answer depends on it.
type kind int

const (
	kindInternal     kind = iota // our fault
	kindBadRequest               // the address or form cannot be understood
	kindUnauthorized             // log in first
	kindForbidden                // logged in, but not allowed
	kindNotFound
	kindConflict      // the state of the thing does not allow it
	kindTooLarge      // of a body
	kindUnprocessable // understood, but the content has faults
	kindTooMany       // wait
	kindUnavailable   // the store or the time ran out: try again
	kindMethod        // of the request
	kindMedia         // the content type of a body
	kindNotImplemented
)

// kinds give status, the machine's word and the title of each kind.
var kinds = map[kind]struct {
	status int
	code   string
	title  indicator.Text
}{
	kindInternal:       {http.StatusInternalServerError, "internal", indicator.T("系统出现错误", "Something went wrong on our side")},
	kindBadRequest:     {http.StatusBadRequest, "bad_request", indicator.T("无法理解这个请求", "The request cannot be understood")},
	kindUnauthorized:   {http.StatusUnauthorized, "unauthorized", indicator.T("请先登录", "Please log in first")},
	kindForbidden:      {http.StatusForbidden, "forbidden", indicator.T("没有这项权限", "You may not do this")},
	kindNotFound:       {http.StatusNotFound, "not_found", indicator.T("没有找到", "Not found")},
	kindConflict:       {http.StatusConflict, "conflict", indicator.T("当前状态下不能这样操作", "Not possible in this state")},
	kindTooLarge:       {http.StatusRequestEntityTooLarge, "too_large", indicator.T("内容过大", "Too large")},
	kindUnprocessable:  {http.StatusUnprocessableEntity, "unprocessable", indicator.T("内容有误", "The content has faults")},
	kindTooMany:        {http.StatusTooManyRequests, "too_many_requests", indicator.T("请求过于频繁", "Too many attempts")},
	kindUnavailable:    {http.StatusServiceUnavailable, "unavailable", indicator.T("暂时无法完成", "Not possible right now")},
	kindMethod:         {http.StatusMethodNotAllowed, "method_not_allowed", indicator.T("不支持这种请求方式", "Method not allowed")},
	kindMedia:          {http.StatusUnsupportedMediaType, "unsupported_media_type", indicator.T("不支持这种内容类型", "Content type not supported")},
	kindNotImplemented: {http.StatusNotImplemented, "not_implemented", indicator.T("本服务器不提供", "This server does not have it")},
}

// failure is an error with its kind, a sentence for the reader, what may help,
// and the cause for the log.
type failure struct {
	kind        kind
	code        string // the machine's word where it is narrower than the kind's
	text        indicator.Text
	parameter   string // of the request, where one parameter or field is at fault
	suggestions []suggestion
	problems    []indicator.Problem // what is wrong with an upload
	answer      *upload.Answer      // to a file that was not kept, for programs
	cause       error
}

// suggestion is a page the reader may have meant.
type suggestion struct {
	Name indicator.Text
	Path string
}

func (f *failure) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("%s: %v", f.text.EN, f.cause)
	}
	return f.text.EN
}

func (f *failure) Unwrap() error { return f.cause }

func badRequest(text indicator.Text, cause error) *failure {
	return &failure{kind: kindBadRequest, text: text, cause: cause}
}

// badParameter is a bad request that names the parameter or field at fault.
func badParameter(name string, text indicator.Text, cause error) *failure {
	return &failure{kind: kindBadRequest, code: "bad_parameter", parameter: name, text: text, cause: cause}
}

func notFound(text indicator.Text, suggestions ...suggestion) *failure {
	return &failure{kind: kindNotFound, text: text, suggestions: suggestions}
}

func forbidden(text indicator.Text) *failure {
	return &failure{kind: kindForbidden, text: text}
}

// domainFailure knows the kinds of error that the rooms behind the pages have.
func domainFailure(err error) *failure {
	var u *upload.Error
	var unknown *dashboard.UnknownError
	var damaged *ledger.DamageError
	switch {
	case errors.As(err, &u):
		return &failure{kind: uploadKinds[u.Kind], text: u.Message, problems: u.Problems, cause: err}
	case errors.As(err, &unknown):
		return &failure{kind: kindNotFound, code: "unknown_" + unknown.Parameter, cause: err, text: indicator.T(
			"目录中没有“"+unknown.Value+"”。", "The catalogue has no “"+unknown.Value+"”.")}
	case errors.As(err, &damaged):
		return &failure{kind: kindUnavailable, text: damaged.Text(), cause: err}
	case errors.Is(err, assess.ErrUnknownMethod):
		return badRequest(indicator.T(
			"没有这种评估方法。可用："+strings.Join(assess.MethodNames(), "、")+"。", "There is no such method. Use "+strings.Join(assess.MethodNames(), ", ")+"."), err)
	case errors.Is(err, ledger.ErrUnavailable):
		return &failure{kind: kindUnavailable, cause: err, text: indicator.T(
			"数据账本暂时无法访问。没有数据丢失，请稍后再试。",
			"The ledger of readings cannot be reached. Nothing is lost; please try again later.")}
	case errors.Is(err, chart.ErrTime), errors.Is(err, chart.ErrMemory), errors.Is(err, chart.ErrClosed):
		return &failure{kind: kindUnavailable, cause: err, text: indicator.T(
			"这张图暂时画不出来。请稍后再试，或查看数据表。", "This chart cannot be drawn right now. Please try again later, or see the data table.")}
	case errors.Is(err, ledger.ErrNotFound):
		return &failure{kind: kindNotFound, cause: err, text: indicator.T("没有这批数据。", "There is no such upload.")}
	}
	return nil
}

var uploadKinds = map[upload.Kind]kind{
	upload.NotFound: kindNotFound, upload.Forbidden: kindForbidden, upload.Invalid: kindUnprocessable,
	upload.Conflict: kindConflict, upload.Unavailable: kindUnavailable,
}

// asFailure gives every error its kind.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	if f := domainFailure(err); f != nil {
		return f
	}
	var he *echo.HTTPError
	switch {
	case errors.As(err, &he):
		return fromEcho(he, err)
	case errors.Is(err, context.DeadlineExceeded):
		return &failure{kind: kindUnavailable, cause: err, text: indicator.T(
			"处理超时。请稍后再试。", "This took too long. Please try again later.")}
	case errors.Is(err, context.Canceled):
		return &failure{kind: kindUnavailable, cause: err, text: indicator.T(
			"处理中断，没有完成。请稍后再试。", "The work was broken off. Please try again later.")}
	}
	return &failure{kind: kindInternal, cause: err, text: indicator.T(
		"请稍后再试。如果仍然如此，请把下面的请求编号告诉管理员。",
		"Please try again later. If it stays, tell your administrator the request number below.")}
}

func fromEcho(he *echo.HTTPError, err error) *failure {
	switch he.Code {
	case http.StatusNotFound:
		return notFound(indicator.T("这个地址没有对应的页面。", "There is no page at this address."))
	case http.StatusMethodNotAllowed:
		return &failure{kind: kindMethod, cause: err, text: indicator.T(
			"这个地址不接受这种请求方式。", "This address does not accept this method.")}
	case http.StatusRequestEntityTooLarge:
		return &failure{kind: kindTooLarge, cause: err} // handleError knows the limit
	case http.StatusServiceUnavailable:
		return &failure{kind: kindUnavailable, cause: err, text: indicator.T(
			"系统暂时繁忙。请稍后再试。", "The system is busy. Please try again later.")}
	}
	if he.Code < http.StatusInternalServerError {
		return badRequest(indicator.T("请检查地址和表单。", "Please check the address and the form."), err)
	}
	return &failure{kind: kindInternal, cause: err, text: indicator.T("请稍后再试。", "Please try again later.")}
}

// clientKey is where a request keeps the context it came with. The one it has
// later is always over by the time an error is answered: our own limit of time
// cancels it on the way out.
const clientKey = "client"

// clientGone reports whether nobody waits for the answer any more. Work that was
// cancelled for another reason still owes one.
func clientGone(c echo.Context) bool {
	ctx, ok := c.Get(clientKey).(context.Context)
	return ok && errors.Is(ctx.Err(), context.Canceled)
}

// handleError is the one place where an error becomes a log line and an answer.
func (s *Server) handleError(err error, c echo.Context) {
	if clientGone(c) && errors.Is(err, context.Canceled) || c.Response().Committed {
		s.log.Debug("request ended early", "path", c.Request().URL.Path, "error", err)
		return
	}
	f := asFailure(err)
	if f.kind == kindTooLarge {
		f.text = s.tooLarge(c)
	}
	status := kinds[f.kind].status
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.log.Log(c.Request().Context(), level, "request refused",
		"request_id", requestID(c), "path", c.Request().URL.Path, "status", status, "error", err.Error())
	if f.kind == kindUnauthorized && wantsPage(c) {
		err = s.toLogin(c)
	} else if wantsPage(c) {
		err = s.errorPage(c, f, status)
	} else {
		err = s.errorJSON(c, f, status)
	}
	if err != nil {
		s.log.Error("the error could not be shown", "request_id", requestID(c), "error", err)
	}
}

// wantsPage reports whether the asker reads pages: the API speaks JSON.
func wantsPage(c echo.Context) bool {
	path := c.Request().URL.Path
	return path != "/api" && !strings.HasPrefix(path, "/api/")
}
