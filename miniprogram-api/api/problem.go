package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

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
	for _, field := range f.Fields {
		p.Fields = append(p.Fields, ProblemField(field))
	}
	return p
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
	f := statusFault(status)
	if f.Kind == fault.Internal {
		return problemOf(f.Because(errors.Join(append(errs, errors.New(msg))...)))
	}
	for _, err := range errs {
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			f = f.With(fault.Field{Path: d.Location, Text: chinese(d.Message)})
		}
	}
	return problemOf(f)
}

// chinese keeps a message that is already for people; what is left in English
// is a parser's, and may quote the value.
func chinese(msg string) string {
	if strings.ContainsFunc(msg, func(r rune) bool { return r > 0x2E80 }) {
		return msg
	}
	return "格式不对"
}
