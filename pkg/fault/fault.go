// Package fault (差错) holds the one error type of the house. It decides what
// a caller is told when something cannot be done: a kind, a stable code, and a
// Chinese sentence that says what to do next. The edge turns it into a problem
// (RFC 9457) in one place; no other package knows a status.
package fault

import "errors"

// Kind says what sort of answer a fault deserves.
type Kind uint8

// The kinds, each with one HTTP status at the edge.
const (
	Internal        Kind = iota // a defect or a broken machine: 500
	Invalid                     // the request itself is wrong: 422
	Unauthenticated             // nobody, or a session that has ended: 401
	Forbidden                   // known, but not allowed: 403
	NotFound                    // no such thing, or not yours: 404
	Conflict                    // the state does not allow it: 409
	TooMany                     // too often, wait: 429
	Unavailable                 // something we lean on is down, try again: 503
)

var kindNames = [...]string{
	"internal", "invalid", "unauthenticated", "forbidden",
	"not_found", "conflict", "too_many", "unavailable",
}

func (k Kind) String() string { return kindNames[k] }

// Field is one wrong value of a request, at a JSON pointer like path such as
// "body.form.applicant_phone", with a Chinese sentence.
type Field struct{ Path, Text string }

// Error is a fault. Code is stable ("appointment.slot_full"), Text is Chinese
// and says what to do next. Err is the cause: logged, never shown.
type Error struct {
	Kind   Kind
	Code   string
	Text   string
	Fields []Field
	Wait   int // seconds after which to try again; 0 = not said
	Err    error
}

// New declares a fault. Call it for package variables only: each one is kept
// in the list that All returns, and the golden file of codes is made of it.
func New(kind Kind, code, text string) *Error {
	e := &Error{Kind: kind, Code: code, Text: text}
	declared = append(declared, e)
	return e
}

// Error gives the code and the cause, for logs.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Code + ": " + e.Err.Error()
	}
	return e.Code
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is says whether target is the same fault: codes are the identity, so a copy
// with a cause or fields still matches its package variable.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Because returns a copy with its cause.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// With returns a copy that names the wrong fields.
func (e *Error) With(fields ...Field) *Error {
	c := *e
	c.Fields = append(c.Fields[:len(c.Fields):len(c.Fields)], fields...)
	return &c
}

// Saying returns a copy with a fuller sentence, for what only the moment knows
// (the rule that decided, whose case it is). Never put personal data in it.
func (e *Error) Saying(text string) *Error {
	c := *e
	c.Text = text
	return &c
}

// After returns a copy that tells the seconds to wait.
func (e *Error) After(seconds int) *Error {
	c := *e
	c.Wait = seconds
	return &c
}

// ErrInternal stands for every error that is not a fault.
var ErrInternal = New(Internal, "internal", "系统出了问题，已记录，请稍后再试")

// From finds the fault in err's chain, or wraps err as ErrInternal.
func From(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return ErrInternal.Because(err)
}
