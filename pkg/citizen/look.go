package citizen

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Look (查看记录) is one time that staff saw a person's data in full. The
// person can read all of them.
type Look struct {
	ID      string
	Staff   string // the id of the member of staff
	Role    string // of that member, when listed
	Office  string // of that member, when listed
	Person  ID
	What    string // person, case, phone: what was seen
	Purpose string
	At      time.Time
}

// ErrPurpose asks why somebody wants to see personal data.
var ErrPurpose = fault.New(fault.Invalid, "citizen.purpose", "查看个人信息须说明用途，请用2至100个字写明后再查看")

// ParsePurpose reads the reason for a look: 2 to 100 characters in one line.
// Error: ErrPurpose.
func ParsePurpose(text string) (string, error) {
	s := strings.Join(strings.Fields(fold(text)), " ")
	if n := utf8.RuneCountInString(s); n < 2 || n > 100 || strings.ContainsFunc(s, unicode.IsControl) {
		return "", ErrPurpose
	}
	return s, nil
}

// Looks lists who looked at one's own data and why, newest first.
// Error: ErrNeedRealName.
func (d *Door) Looks(ctx context.Context, who Account, before string, most int) ([]Look, error) {
	if who.Person == "" {
		return nil, ErrNeedRealName
	}
	return d.Store.Looks(ctx, who.Person, before, most)
}
