package scan

import (
	"crypto/hmac"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrLink refuses a link that has ended, was changed, or is somebody else's.
var ErrLink = fault.New(fault.NotFound, "scan.link", "文件链接已失效或不是给您的，请回到办件重新打开文件")

// LinkLife is how long a link serves: long enough for a slow phone to begin.
const LinkLife = 5 * time.Minute

// Link (取件链接) lets one person fetch one file for a short time. What they
// may see is looked at again when the link is used.
type Link struct {
	File, Case string
	Who        string // person, or member of staff
	Staff      bool
	Small      bool // the small picture instead of the whole file
}

// Links signs links and opens them.
type Links struct {
	Sign func(text string) []byte // an HMAC under a key of the house
	Now  func() time.Time
}

// Token writes a link as text for an address, and says until when it serves.
func (s Links) Token(l Link) (token string, until time.Time) {
	until = s.Now().Add(LinkLife)
	text := strings.Join([]string{l.Case, l.Who, flag(l.Staff) + flag(l.Small), strconv.FormatInt(until.Unix(), 10)}, "~")
	return text + "~" + s.sign(l.File, text), until
}

func (s Links) sign(file, text string) string {
	return base64.RawURLEncoding.EncodeToString(s.Sign(file + "|" + text))
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return "0"
}

// Open reads a token for a file. Error: ErrLink.
func (s Links) Open(file, token string) (l Link, err error) {
	at := strings.LastIndexByte(token, '~')
	if at < 0 || !hmac.Equal([]byte(token[at+1:]), []byte(s.sign(file, token[:at]))) {
		return l, ErrLink
	}
	part := strings.Split(token[:at], "~") // ours: four parts
	sec, err := strconv.ParseInt(part[3], 10, 64)
	if err != nil || s.Now().After(time.Unix(sec, 0)) {
		return Link{}, ErrLink
	}
	return Link{File: file, Case: part[0], Who: part[1], Staff: part[2][0] == '1', Small: part[2][1] == '1'}, nil
}

// SmallKey is where the small picture of a stored file is kept.
func SmallKey(file string) string { return file + ".small" }
