// Package ledger (账本) decides whether the record of licences, deliveries and
// hand-overs is still what it was: a log to which leaves are only ever added,
// whose state is signed from time to time, and of which anybody can check, with
// two keys and no network, that it holds a leaf and has never forgotten one.
//
// The tree is that of RFC 6962 with SHA-256, checkpoints are signed notes; what
// leaves are about enters as SM3 digests (GB/T 32905), never as text.
package ledger

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrLeaf refuses a leaf that has no canonical form: a slip in our own code.
var ErrLeaf = fault.New(fault.Internal, "ledger.leaf_invalid", "存证记录有误，已记录，请联系工作人员处理")

// Kind is what a leaf tells, "licence.issued": a-z, 0-9, "_" and ".", at most
// 64 of them.
type Kind string

// Digest is an SM3 digest.
type Digest [sm3.Size]byte

// DigestOf digests a text. Where the text could be guessed, such as an
// identity number, digest what the blind index makes of it instead.
func DigestOf(text []byte) Digest { return sm3.Sum(text) }

// String gives the digest in hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Leaf is one entry of the log.
type Leaf struct {
	Kind    Kind
	Subject Digest    // of the identifier of the licence, waybill or bag
	Content Digest    // of what it held at that time
	At      time.Time // kept to the microsecond, as databases do
}

var kinds = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,63}$`)

// Canonical gives the bytes that are hashed: five lines, the same for ever.
// Error: ErrLeaf.
func (l Leaf) Canonical() ([]byte, error) {
	at := l.At.UTC()
	if !kinds.MatchString(string(l.Kind)) || l.At.IsZero() || at.Year() < 1 || at.Year() > 9999 {
		return nil, ErrLeaf.Because(fmt.Errorf("kind %q at %v", l.Kind, l.At))
	}
	return fmt.Appendf(nil, "yimen ledger v1\n%s\n%s\n%s\n%s\n",
		l.Kind, l.Subject, l.Content, at.Format("2006-01-02T15:04:05.000000Z")), nil
}

func (l Leaf) hash() (Hash, error) {
	text, err := l.Canonical()
	if err != nil {
		return Hash{}, err
	}
	return tlog.RecordHash(text), nil
}
