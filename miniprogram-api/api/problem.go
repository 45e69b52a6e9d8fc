package api

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Faults that the edge itself finds.
var (
	ErrMalformed   = fault.New(fault.Invalid, "request.malformed", "请求内容无法识别，请检查格式后重新提交")
	ErrInvalid     = fault.New(fault.Invalid, "request.invalid", "填写的内容有误，请按提示逐项更正后再提交")
	ErrTooLarge    = fault.New(fault.Invalid, "request.too_large", "上传的内容太大，请压缩后再提交")
	ErrContentType = fault.New(fault.Invalid, "request.content_type", "请求的内容类型不对，请使用 application/json（上传文件用 multipart/form-data）")
	ErrTimeout     = fault.New(fault.Unavailable, "request.timeout", "网络太慢，内容没有传完，请换个信号好的地方再试").After(3)
	ErrNoRoute     = fault.New(fault.NotFound, "request.no_route", "没有这个地址，请升级小程序后再试")
	ErrMethod      = fault.New(fault.Invalid, "request.method", "这个地址不支持该方法，请升级小程序后再试")
)

// statuses of the fault kinds; three faults of the edge have their own.
var kindStatus = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

var codeStatus = map[string]int{
	ErrMalformed.Code:   http.StatusBadRequest,
	ErrTooLarge.Code:    http.StatusRequestEntityTooLarge,
	ErrContentType.Code: http.StatusUnsupportedMediaType,
	ErrTimeout.Code:     http.StatusRequestTimeout,
	ErrMethod.Code:      http.StatusMethodNotAllowed,
}

var titles = map[fault.Kind]string{
	fault.Internal:        "系统错误",
	fault.Invalid:         "内容有误",
	fault.Unauthenticated: "需要登录",
	fault.Forbidden:       "不能操作",
	fault.NotFound:        "没有找到",
	fault.Conflict:        "状态不符",
	fault.TooMany:         "操作太频繁",
	fault.Unavailable:     "暂时不可用",
}

// Problem is an RFC 9457 problem as it goes over the wire.
type Problem struct {
	Type       string         `json:"type" doc:"urn:yimen:problem: and the code" example:"urn:yimen:problem:appointment.slot_full"`
	Title      string         `json:"title" doc:"what kind of problem, in Chinese"`
	Status     int            `json:"status" doc:"the HTTP status"`
	Code       string         `json:"code" doc:"stable code, for programs" example:"appointment.slot_full"`
	Detail     string         `json:"detail" doc:"Chinese sentence that tells the person what to do next"`
	Fields     []ProblemField `json:"fields,omitempty" doc:"each wrong value"`
	RetryAfter int            `json:"retry_after,omitempty" doc:"seconds after which to try again"`
	RequestID  string         `json:"request_id,omitempty" doc:"to quote to the service desk"`
}

// ProblemField is one wrong value.
type ProblemField struct {
	Path string `json:"path" doc:"where, such as body.form.applicant_phone"`
	Text string `json:"text" doc:"what is wrong with it, in Chinese"`
}

// problemOf translates an error; it is the only place that does.
func problemOf(err error) *Problem {
	f := fault.From(err)
	p := &Problem{
		Type: "urn:yimen:problem:" + f.Code, Title: titles[f.Kind], Status: status(f),
		Code: f.Code, Detail: f.Text, RetryAfter: f.Wait,
	}
	for _, field := range f.Fields[:min(len(f.Fields), fieldsMost)] {
		p.Fields = append(p.Fields, ProblemField{Path: shown(field.Path), Text: field.Text})
	}
	return p
}

// fieldsMost bounds the answer to a thoroughly wrong request.
const fieldsMost = 100

// nameLike is what a field's name looks like. Anything else in a path was made
// up by the client, and is not repeated to it.
var nameLike = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,39}(\[[0-9]{1,4}\])*$`)

// shown is a path as a problem may show it.
func shown(path string) string {
	parts := strings.Split(path, ".")
	for i, part := range parts {
		if !nameLike.MatchString(part) {
			parts[i] = "?"
		}
	}
	return strings.Join(parts[:min(len(parts), 8)], ".")
}

func status(f *fault.Error) int {
	if s, ok := codeStatus[f.Code]; ok {
		return s
	}
	return kindStatus[f.Kind]
}

// Error, GetStatus and ContentType make a Problem what huma answers with.
func (p *Problem) Error() string             { return p.Code }
func (p *Problem) GetStatus() int            { return p.Status }
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusFault is the fault behind a status that huma or Fiber chose.
func statusFault(status int) *fault.Error {
	for _, f := range []*fault.Error{ErrMalformed, ErrTooLarge, ErrContentType, ErrTimeout, ErrMethod} {
		if codeStatus[f.Code] == status {
			return f
		}
	}
	switch {
	case status == http.StatusNotFound:
		return ErrNoRoute
	case status == http.StatusUnprocessableEntity:
		return ErrInvalid
	case status >= 400 && status < 500:
		return ErrMalformed
	default:
		return fault.ErrInternal
	}
}

// newError stands in for huma's own errors: those found while decoding.
func newError(status int, msg string, errs ...error) huma.StatusError {
	return problemOf(decodeFault(status, msg, errs))
}

// tellHuma is newError for a request under way: its problem has the request's
// id, and a defect is logged.
func tellHuma(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	c := humafiber.Unwrap(ctx)
	a, ok := c.Locals(appKey{}).(*App)
	if !ok {
		return newError(status, msg, errs...)
	}
	return a.problem(decodeFault(status, msg, errs), string(c.Response().Header.Peek(requestIDHeader)))
}

func decodeFault(status int, msg string, errs []error) *fault.Error {
	f := statusFault(status)
	if f.Kind == fault.Internal {
		return f.Because(errors.Join(append(errs, errors.New(msg))...))
	}
	var wrong []fault.Field
	for _, err := range errs[:min(len(errs), fieldsMost)] {
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			wrong = append(wrong, fault.Field{Path: d.Location, Text: chinese(d.Message)})
		}
	}
	f = f.With(wrong...)
	if text, ok := plain[msg]; ok && len(errs) == 0 {
		f = f.With(fault.Field{Path: "body", Text: text})
	}
	return f
}

// plain are huma's texts that have no variable of their own.
var plain = map[string]string{
	"required query parameter is missing":                      "缺少这个参数",
	"required header parameter is missing":                     "缺少这个请求头",
	"required path parameter is missing":                       "缺少这一段地址",
	"required form parameter is missing":                       "缺少这一项",
	"File required":                                            "请选择要上传的文件",
	"invalid integer":                                          "应为整数",
	"invalid floating value":                                   "应为数字",
	"invalid boolean":                                          "应为 true 或 false",
	"request body is required":                                 "缺少内容，请填写后再提交",
	"expected at most one value, but received multiple values": "只能写一次，请去掉多余的",
}

// chinese keeps a message that is already for people; what is left in English
// is a parser's, and may quote the value.
func chinese(msg string) string {
	if first, _ := utf8.DecodeRuneInString(msg); first > 0x2E80 && first != utf8.RuneError {
		return msg
	}
	if text, ok := plain[msg]; ok {
		return text
	}
	return "格式不对"
}
