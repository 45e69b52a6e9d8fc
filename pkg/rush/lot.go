package rush

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"strconv"
	"strings"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrTicket refuses a ticket that this room did not give to this person.
var ErrTicket = fault.New(fault.Invalid, "rush.ticket", "排队凭证无效，请去掉凭证重新进入等候室")

// Place is a person's place in the room: drawn by lot among those who came
// before the opening, or behind all of them in the order of arrival.
type Place struct {
	Early  bool
	Number int64 // of a late one: how many late ones came before
}

func (p Place) String() string {
	if p.Early {
		return "early"
	}
	return strconv.FormatInt(p.Number, 10)
}

func parsePlace(text string) (Place, bool) {
	if text == "early" {
		return Place{Early: true}, true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return Place{Number: n}, err == nil && n >= 0
}

// keyed is a value of the rush's secret for one use of it.
func (r Rush) keyed(use string) []byte {
	m := hmac.New(sha256.New, r.Secret)
	m.Write([]byte(use))
	return m.Sum(nil)
}

// lots is what the order of the early ones is drawn with. Its digest is told
// when the rush is announced, and itself once the rush has opened, so that
// anybody can check that nobody's lot was chosen.
func (r Rush) lots() []byte { return r.keyed("lots") }

// LotsDigest is the SHA-256 of Lots, in hexadecimal.
func (r Rush) LotsDigest() string {
	sum := sha256.Sum256(r.lots())
	return hex.EncodeToString(sum[:])
}

// Lots are the lots in hexadecimal. A person's lot is the first eight bytes,
// as a big-endian number over 2^64, of HMAC-SHA256 with the lots as the key
// over the person's id.
func (r Rush) Lots() string { return hex.EncodeToString(r.lots()) }

// drawn is how many of so many early ones are ahead of a person: the person's
// lot, a number from 0 up to and without 1, times as many.
func (r Rush) drawn(who citizen.ID, early int64) int64 {
	m := hmac.New(sha256.New, r.lots())
	m.Write([]byte(who))
	ahead, _ := bits.Mul64(binary.BigEndian.Uint64(m.Sum(nil)), uint64(max(0, early)))
	return int64(ahead)
}

// ahead is how many are let through before the person with that place.
func (r Rush) ahead(who citizen.ID, p Place, early int64) int64 {
	if p.Early {
		return r.drawn(who, early)
	}
	return early + p.Number
}

// Ticket is a place signed for its person: the phone keeps it, and shows it
// should the room have forgotten.
type Ticket string

func (r Rush) ticket(who citizen.ID, p Place) Ticket {
	return Ticket(p.String() + "." + base64.RawURLEncoding.EncodeToString(r.signed(who, p)))
}

func (r Rush) signed(who citizen.ID, p Place) []byte {
	m := hmac.New(sha256.New, r.keyed("ticket"))
	m.Write([]byte(string(r.ID) + "|" + string(who) + "|" + p.String()))
	return m.Sum(nil)[:16]
}

// placeOf reads a ticket. Error: ErrTicket.
func (r Rush) placeOf(who citizen.ID, t Ticket) (Place, error) {
	text, mac, _ := strings.Cut(string(t), ".")
	p, ok := parsePlace(text)
	given, err := base64.RawURLEncoding.DecodeString(mac)
	if !ok || err != nil || !hmac.Equal(given, r.signed(who, p)) {
		return Place{}, ErrTicket
	}
	return p, nil
}
