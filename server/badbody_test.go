package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// secret stands in what is sent and must not stand in any answer.
const secret = "泄露标记QZX"

// bad is a request that must be refused, and with which statuses.
type bad struct {
	why string
	request
	may []int // statuses; none = any of 4xx
}

// TestNoBadBodyIsTakenOrBreaksAnything sends to every operation that the
// description lists, as somebody who may use it and about something of their
// own, each kind of body that it does not take. Each is refused with a whole
// problem, and in the end no row of any table is another.
func TestNoBadBodyIsTakenOrBreaksAnything(t *testing.T) {
	c := newTown(t, tuesday)
	s := newScene(t, c)
	for _, o := range c.operations(t) {
		if o.method != http.MethodPost && o.method != http.MethodPut {
			continue
		}
		t.Run(o.id, func(t *testing.T) {
			p, before := s.actor(t, o.id), c.rows(t)
			for _, b := range badBodies(o, s.good(o)) {
				refuseBad(t, p, b)
			}
			require.Equal(t, before, c.rows(t), "something was changed")
		})
	}
}

func refuseBad(t *testing.T, p *client, b bad) {
	t.Helper()
	r := p.send(b.request)
	r.asked = b.why + ": " + r.asked
	requireProblem(t, r)
	if len(b.may) > 0 {
		require.Contains(t, b.may, r.status, "%s: %s", r.asked, r.raw)
	}
	require.NotContains(t, string(r.raw), secret, r.asked)
	require.Less(t, len(r.raw), 32<<10, "%s: the answer is long", r.asked)
	for _, own := range []string{p.person.Name, p.person.IDNumber, p.person.Phone, p.token} {
		if own != "" {
			require.NotContains(t, string(r.raw), own, r.asked)
		}
	}
}

// badBodies are the bodies that an operation does not take.
func badBodies(o operation, good request) []bad {
	list := badMedia(o, good)
	switch o.media() {
	case "":
		for _, body := range []string{`[]`, `"x"`, `{"unknown":1}`, `{`, "\xff", strings.Repeat("x", 300<<10)} {
			list = append(list, bad{"a body where none is taken", replaced(good, body), []int{400, 413, 415, 422}})
		}
	case jsonMedia:
		list = append(list, badJSON(o, good)...)
		list = append(list, badFields(o, good)...)
	default:
		list = append(list, badForms(good)...)
	}
	return list
}

func replaced(r request, body string) request {
	r.body = []byte(body)
	r.media = orText(r.media, jsonMedia)
	return r
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// badMedia says of a good body that it is something else.
func badMedia(o operation, good request) (list []bad) {
	if o.media() == "" {
		return nil
	}
	for _, media := range []string{
		"text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data",
		"multipart/form-data; boundary=x", "application/octet-stream", "application/jsonp", "image/jpeg", "nonsense", ";",
		"application/json; charset=gbk",
	} {
		r := good
		r.media = media
		list = append(list, bad{"media " + media, r, []int{400, 415, 422}})
	}
	r := good
	r.media = ""
	list = append(list, bad{"no media", r, []int{400, 415}})
	for _, coding := range []string{"gzip", "deflate", "br", "zstd", "nonsense"} {
		r := good
		r.header = http.Header{"Content-Encoding": {coding}}
		list = append(list, bad{"coding " + coding, r, []int{400, 415}})
	}
	return list
}

// badJSON are bodies that are wrong as a whole.
func badJSON(o operation, good request) (list []bad) {
	object := o.valid(o.body()).(map[string]any)
	text := string(good.body)
	add := func(why, body string, may ...int) { list = append(list, bad{why, replaced(good, body), may}) }
	if o.raw["requestBody"].(map[string]any)["required"] == true {
		add("empty", "", 400, 415, 422)
	}
	for _, whole := range []string{"null", "[]", `"` + secret + `"`, "1", "true", "[{}]", "[" + text + "]"} {
		add("not an object: "+whole, whole, 400, 422)
	}
	for _, broken := range []string{
		"{", text[:len(text)-1], text + "x", text + text, "{,}", "{'a':1}", "{\"a\":}", "\ufeff" + text, "//\n" + text,
		`{"` + secret, secret, text + "\x00", "NaN", "{\"a\":NaN}", "{\"a\":01}", `{"a":"` + "\n" + `"}`,
	} {
		add("broken JSON "+broken, broken, 400, 422)
	}
	add("unknown field", string(with(object, "unknown_field", secret)), 422)
	add("a field in another case", string(with(object, strings.ToUpper(firstName(o)), secret)), 422)
	add("300 KB", string(with(object, firstName(o), strings.Repeat("大", 100<<10))), 413)
	add("300 KB of blanks", text+strings.Repeat(" ", 300<<10), 413)
	add("20,000 levels", strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000), 400, 422)
	add("20,000 open levels", strings.Repeat(`{"a":`, 20_000), 400, 422)
	add("9,000 unknown fields", manyFields(), 400, 413, 422)
	add("one long unknown name", `{"`+strings.Repeat("n", 200<<10)+`":1}`, 400, 422)
	add("personal data as a name", `{"`+secret+`":1}`, 422)
	add("a duplicate field", twice(object, firstName(o)), 400, 422)
	return list
}

func firstName(o operation) string {
	names, _ := o.properties()
	return names[0]
}

// twice gives an object with one of its properties standing in it twice.
func twice(object map[string]any, name string) string {
	text := string(encoded(object))
	return fmt.Sprintf("{%q:%s,%s", name, encoded(object[name]), text[1:])
}

func manyFields() string {
	var b strings.Builder
	b.WriteString("{")
	for i := range 9000 {
		fmt.Fprintf(&b, `"unknown_field_%d":1,`, i)
	}
	return strings.TrimSuffix(b.String(), ",") + "}"
}

// badFields are bodies with one wrong value.
func badFields(o operation, good request) (list []bad) {
	object := o.valid(o.body()).(map[string]any)
	names, schemas := o.properties()
	for _, name := range names {
		kind := kindOf(o.schema(schemas[name]))
		if o.required(name) {
			list = append(list, bad{name + " is missing", replaced(good, string(with(object, name, nil))), []int{422}})
			if !mayBeNull(o.schema(schemas[name])) {
				list = append(list, bad{name + " is null", replaced(good, string(withRaw(object, name, "null"))), []int{422}})
			}
		}
		for _, value := range badValues(kind) {
			list = append(list, bad{name + " is " + value, replaced(good, string(withRaw(object, name, value))), []int{400, 422}})
		}
	}
	return list
}

// mayBeNull says whether a schema lets null stand for nothing.
func mayBeNull(m map[string]any) bool {
	list, _ := m["type"].([]any)
	return slices.Contains(list, any("null"))
}

// badValues are raw JSON values that are no value of a kind.
func badValues(kind string) []string {
	text := []string{`"\ud800"`, `"\udc00` + secret + `"`, `"\ud800\u0041"`, `"a\u0000b"`, "\"\xff\xfe\"", "\"\xed\xa0\x80\"", `"\x41"`, "\"\x00\""}
	switch kind {
	case "string":
		return append(text, "1", "true", "{}", "[]", `["a"]`, "1e400", `"`+strings.Repeat(secret, 2000)+`"`)
	case "number":
		return append(text, `"1"`, "true", "{}", "[]", "1e400", "-1e400", "1e30", "99999999999999999999", `"`+secret+`"`)
	case "integer":
		return append(text, `"1"`, "true", "{}", "[]", "1e400", "-1e400", "1.5", "-1", "1e30", "99999999999999999999", `"`+secret+`"`)
	case "boolean":
		return append(text, `"true"`, "1", "0", "{}", "[]", `"`+secret+`"`)
	case "array":
		return append(text, `"a"`, "1", "{}", "true", `[null]`, `[1]`, `[{}]`, `[["a"]]`)
	default: // an object of free names
		return append(text, `"a"`, "1", "[]", "true", `{"a":null}`, `{"a":{}}`, `{"a":[1]}`, `{"a":1e400}`)
	}
}

// badForms are uploads that are none.
func badForms(good request) (list []bad) {
	add := func(why string, fields map[string]string, name string, content []byte) {
		r := good
		r.body, r.media = formOf(fields, name, content)
		list = append(list, bad{why, r, nil})
	}
	material := map[string]string{"material": permitPhoto}
	add("no material", nil, "a.jpg", photo)
	add("an unknown material", map[string]string{"material": secret}, "a.jpg", photo)
	add("a material of another item", map[string]string{"material": "M-0007"}, "a.jpg", photo)
	add("broken UTF-8 as material", map[string]string{"material": "\xff\xfe"}, "a.jpg", photo)
	add("a long material", map[string]string{"material": strings.Repeat("M", 5000)}, "a.jpg", photo)
	add("an unknown part", map[string]string{"material": permitPhoto, "unknown": secret}, "a.jpg", photo)
	add("an empty file", material, "a.jpg", nil)
	add("no photo", material, "a.jpg", []byte("MZ"+secret))
	add("HTML", material, "a.jpg", []byte("<html><script>"))
	add("SVG", material, "a.svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"))
	add("11 MB", material, "a.jpg", append(photo, make([]byte, 11<<20)...))
	for _, body := range []string{"", "{}", "--x--", "--x\r\n\r\n", string(good.body[:len(good.body)/2]), "\xff"} {
		r := good
		r.body = []byte(body)
		list = append(list, bad{"a broken form", r, nil})
	}
	return list
}
