package scan

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
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
	Until      int64
}

// Links signs links and opens them.
type Links struct {
	Sign func(text string) []byte // an HMAC under a key of the house
	Now  func() time.Time
}

// Token writes a link as text for an address; Until is set here.
func (s Links) Token(l Link) (token string, until time.Time) {
	until = s.Now().Add(LinkLife)
	l.Until = until.Unix()
	body, err := json.Marshal(l)
	if err != nil {
		panic(err) // strings and numbers can be written
	}
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(s.Sign(text)), until
}

// Open reads a token for a file. Error: ErrLink.
func (s Links) Open(file, token string) (l Link, err error) {
	text, sign, _ := strings.Cut(token, ".")
	given, err := base64.RawURLEncoding.DecodeString(sign)
	if err != nil || len(given) == 0 || !hmac.Equal(given, s.Sign(text)) {
		return l, ErrLink
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(body, &l) != nil {
		return Link{}, ErrLink
	}
	if l.File != file || s.Now().After(time.Unix(l.Until, 0)) {
		return Link{}, ErrLink
	}
	return l, nil
}

// SmallKey is where the small picture of a stored file is kept.
func SmallKey(file string) string { return file + ".small" }
