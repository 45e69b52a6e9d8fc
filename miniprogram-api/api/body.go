package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"reflect"
	"strings"
	"unicode/utf16"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// takes is what an operation takes as its body.
type takes int

const (
	takesNothing takes = iota
	takesJSON
	takesForm
	takesBytes
)

// bodyOf finds in an operation's input what it takes.
func bodyOf(in reflect.Type) takes {
	if raw, ok := in.FieldByName("RawBody"); ok {
		if raw.Type == reflect.TypeFor[[]byte]() {
			return takesBytes
		}
		return takesForm
	}
	if _, ok := in.FieldByName("Body"); ok {
		return takesJSON
	}
	return takesNothing
}

// check refuses a body of another kind, and JSON that two readers could read
// in two ways. What the values may be is not asked here.
func (k takes) check(c *fiber.Ctx) error {
	body := c.Request().Body()
	switch {
	case k == takesNothing:
		return nothingIn(body)
	case len(body) == 0:
		return nil // whether it may be left out is the operation's to say
	case k == takesForm && !isMultipart(c), k == takesJSON && !isJSON(c), k == takesBytes && !isBytes(c):
		return ErrContentType
	case k == takesJSON && len(body) < jsonMost:
		return plainJSON(body)
	}
	return nil
}

// nothingIn lets no body and an empty object pass: some clients send one with
// every POST.
func nothingIn(body []byte) error {
	if text := string(bytes.TrimSpace(body[:min(len(body), 64)])); len(body) <= 64 && (text == "" || text == "{}") {
		return nil
	}
	return ErrInvalid.With(fault.Field{Path: "body", Text: "这项操作不需要内容，请去掉"})
}

// isJSON says whether the body is said to be JSON in UTF-8.
func isJSON(c *fiber.Ctx) bool {
	media, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	set, said := params["charset"]
	return err == nil && media == fiber.MIMEApplicationJSON && (!said || strings.EqualFold(set, "utf-8"))
}

// isBytes says whether the body is said to be no text.
func isBytes(c *fiber.Ctx) bool {
	return string(c.Request().Header.ContentType()) == fiber.MIMEOctetStream
}

// levelsMost bounds how deep a body nests; ours are three levels deep.
const levelsMost = 32

// plainJSON refuses JSON that is broken, nests deeply, says a name twice in one
// object, or holds a character that is none (a NUL, half a surrogate pair).
func plainJSON(body []byte) error {
	if !plainEscapes(body) {
		return notJSON("含有无法识别的字符，请去掉")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := oneValue(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return notJSON("内容之后还有多余的字符，请去掉")
	}
	return nil
}

func notJSON(text string) error {
	return ErrMalformed.With(fault.Field{Path: "body", Text: text})
}

// oneValue reads one value to its end.
func oneValue(d *json.Decoder, level int) error {
	token, err := d.Token()
	switch {
	case err != nil:
		return notJSON("不是完整的 JSON，请检查格式")
	case level > levelsMost:
		return notJSON("层次太多，请检查格式")
	case token == json.Delim('['):
		for d.More() {
			if err := oneValue(d, level+1); err != nil {
				return err
			}
		}
	case token == json.Delim('{'):
		if err := members(d, level); err != nil {
			return err
		}
	default:
		return nil
	}
	if _, err := d.Token(); err != nil { // the closing bracket
		return notJSON("不是完整的 JSON，请检查格式")
	}
	return nil
}

func members(d *json.Decoder, level int) error {
	seen := map[any]bool{}
	for d.More() {
		name, err := d.Token()
		switch {
		case err != nil:
			return notJSON("不是完整的 JSON，请检查格式")
		case seen[name]:
			return notJSON("同一项写了两次，请去掉一个")
		}
		seen[name] = true
		if err := oneValue(d, level+1); err != nil {
			return err
		}
	}
	return nil
}

// plainEscapes looks at each \u escape: NUL and unpaired surrogates are none
// that anybody means, and decoding would change them in silence.
func plainEscapes(body []byte) bool {
	for {
		at := bytes.IndexByte(body, '\\')
		if at < 0 || at+1 >= len(body) {
			return true
		}
		if body[at+1] != 'u' {
			body = body[at+2:]
			continue
		}
		unit, ok := hexUnit(body[at:])
		switch {
		case !ok:
			return true // broken JSON, told as such
		case unit == 0:
			return false
		case utf16.IsSurrogate(unit):
			low, ok := hexUnit(body[at+6:])
			if !ok || utf16.DecodeRune(unit, low) == '\uFFFD' {
				return false
			}
			at += 6
		}
		body = body[at+6:]
	}
}

// hexUnit reads \uXXXX at the beginning of b.
func hexUnit(b []byte) (unit rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, false
		}
		unit = unit<<4 | rune(digit)
	}
	return unit, true
}
