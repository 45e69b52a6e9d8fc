package scan

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Limits of a PDF.
const (
	pagesMost  = 100
	infosMost  = 50      // references to author and program; each saving adds one
	packedMost = 8 << 20 // bytes that its packed objects may unpack to
)

// What is wrong with a PDF.
var (
	ErrPages  = fault.New(fault.Invalid, "scan.pages", "文件超过 100 页，请拆分或只留需要的页后再上传")
	ErrLocked = fault.New(fault.Invalid, "scan.locked", "文件有密码或使用限制，请去掉密码后再上传")
	ErrActive = fault.New(fault.Invalid, "scan.active", "文件内含脚本、附件或可执行内容，请另存为普通 PDF 后再上传")
)

// A PDF (ISO 32000-1) is read only as far as it takes to count pages and to
// find what must not be in it; it is never rendered here. What is taken out is
// overwritten in place, so that every offset stays true.
type pdf struct {
	content []byte
	pages   int
	room    int // bytes that may still be unpacked
	err     error
}

func cleanPDF(content []byte) (File, error) {
	if !bytes.Contains(content[max(0, len(content)-2048):], []byte("%%EOF")) {
		return File{}, ErrBroken
	}
	p := &pdf{content: bytes.Clone(content), room: packedMost}
	p.forgetInfo()
	p.walk()
	switch {
	case p.err != nil:
		return File{}, p.err
	case p.pages == 0:
		return File{}, ErrBroken
	case p.pages > pagesMost:
		return File{}, ErrPages
	}
	return File{Media: "application/pdf", Content: p.content}, nil
}

// walk looks at everything, streams apart from what stands between them.
func (p *pdf) walk() {
	for rest := p.content; p.err == nil; {
		head, after, ok := bytes.Cut(rest, []byte("stream"))
		p.names(head)
		if !ok {
			return
		}
		body, next, _ := bytes.Cut(after, []byte("endstream"))
		p.stream(head[max(0, bytes.LastIndex(head, []byte(" obj"))):], bytes.TrimLeft(body, "\r\n"))
		rest = next
	}
}

var nameForm = regexp.MustCompile(`/[^\x00-\x20()<>\[\]{}/%]+`)

// names judges the names of a text, and counts its pages.
func (p *pdf) names(text []byte) {
	before := ""
	for _, raw := range nameForm.FindAll(text, -1) {
		name := plainName(raw)
		switch name {
		case "/Encrypt":
			p.err = ErrLocked
		case "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData":
			p.err = ErrActive
		case "/Page":
			if before == "/Type" {
				p.pages++
			}
		}
		before = name
	}
}

// plainName undoes the escapes that a name can hide behind: /J#53 is /JS.
func plainName(raw []byte) string {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if c, err := strconv.ParseUint(string(raw[i+1:i+3]), 16, 8); err == nil {
				out, i = append(out, byte(c)), i+2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return string(out)
}

// stream looks into packed objects, and takes metadata out of the others.
func (p *pdf) stream(dict, body []byte) {
	said := map[string]bool{}
	for _, raw := range nameForm.FindAll(dict, -1) {
		said[plainName(raw)] = true
	}
	switch {
	case said["/ObjStm"]:
		p.names(p.unpacked(body))
	case said["/Metadata"] && said["/XML"]:
		blank(body, said["/FlateDecode"])
	case said["/DCTDecode"]:
		forgetExif(body)
	}
}

// unpacked gives packed objects as text. More than there is room for is a bomb.
func (p *pdf) unpacked(body []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		p.err = ErrBroken
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(z, int64(p.room)+1))
	if len(text) > p.room {
		p.err = ErrPages
		return nil
	}
	if err != nil && len(text) == 0 {
		p.err = ErrBroken
	}
	p.room -= len(text)
	return text
}

// nothingPacked is a packed stream of no bytes; readers pass over what follows.
const nothingPacked = "\x78\x9c\x03\x00\x00\x00\x00\x01"

func blank(body []byte, packed bool) {
	for i := range body {
		body[i] = ' '
	}
	if packed {
		copy(body, nothingPacked)
	}
}

// forgetExif blanks what a phone wrote into a photo that lies in a PDF.
func forgetExif(photo []byte) {
	for at := 2; bytes.HasPrefix(photo, []byte("\xff\xd8\xff")); {
		marker, body, next := segment(photo, at)
		if body == nil || marker == sos {
			return
		}
		if !kept(marker) {
			clear(body)
		}
		at = next
	}
}

var (
	infoForm = regexp.MustCompile(`/Info\s+(\d+)\s+(\d+)\s+R`)
	idForm   = regexp.MustCompile(`\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>`)
)

// forgetInfo blanks author, program and times, and the reference to them.
func (p *pdf) forgetInfo() {
	for n, at := range infoForm.FindAllSubmatchIndex(p.content, -1) {
		if n == infosMost {
			p.err = ErrBroken
			return
		}
		number, generation := string(p.content[at[2]:at[3]]), string(p.content[at[4]:at[5]])
		head := regexp.MustCompile(`(?:^|[\r\n ])` + number + `\s+` + generation + `\s+obj`)
		for _, object := range head.FindAllIndex(p.content, -1) {
			text := p.content[object[1]:]
			if end := bytes.Index(text, []byte("endobj")); end >= 0 && !bytes.Contains(text[:end], []byte("stream")) {
				forgetTexts(text[:end])
			}
		}
		for i := at[0]; i < at[1]; i++ {
			p.content[i] = ' '
		}
	}
}

func forgetTexts(object []byte) {
	for _, at := range idForm.FindAllIndex(object, -1) {
		for i := at[0] + 1; i < at[1]-1; i++ {
			object[i] = '0'
		}
	}
}
