package delivery

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Code is the one-time code of a waybill: six digits that only the recipient's
// phone shows, and that the courier has to be told.
type Code string

// WrongCodesMost is how many wrong codes lock a waybill: with them somebody
// who guesses succeeds once in 200,000.
const WrongCodesMost = 5

// codeLife is how long a code is good for; a parcel that goes out later gets a
// new one, and the recipient may draw one at any time.
const codeLife = 7 * 24 * time.Hour

// newCode draws a code, each as likely as any other.
func newCode(random io.Reader) (Code, error) {
	const fair = 16_000_000 // the last multiple of a million below 2^24
	b := make([]byte, 3)
	for {
		if _, err := io.ReadFull(random, b); err != nil {
			return "", err
		}
		if n := int(b[0])<<16 | int(b[1])<<8 | int(b[2]); n < fair {
			return Code(fmt.Sprintf("%06d", n%1_000_000)), nil
		}
	}
}

// matches compares in constant time. No code matches nothing.
func (c Code) matches(told string) bool {
	return c != "" && subtle.ConstantTimeCompare([]byte(c), []byte(told)) == 1
}

// LogValue keeps the code out of logs.
func (c Code) LogValue() slog.Value { return slog.StringValue("******") }
