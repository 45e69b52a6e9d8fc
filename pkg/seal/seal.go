// Package seal (封存) decides how personal data rests: encrypted so that a
// stolen database tells nothing, bound to the row it belongs to, and findable
// only through a keyed blind index. The keys never enter the database.
//
// A sealed value is: key id (1 byte) | nonce (12) | ciphertext | tag (16), with
// the key id and the place as additional data. SM4-GCM follows GB/T 32907 and
// GB/T 36624, the index is HMAC with SM3 (GB/T 32905).
package seal

import (
	"crypto/cipher"
	"crypto/hmac"
	"encoding/binary"
	"io"
	"sync"
	"sync/atomic"

	"github.com/emmansun/gmsm/sm3"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrBroken says that a sealed value does not open here: it was moved from
// another place, changed, cut short, or sealed with a key we do not hold.
// Which of them is not told apart.
var ErrBroken = fault.New(fault.Internal, "seal.broken", "加密资料无法读取，已记录，请联系工作人员处理")

const (
	nonceSize = 12
	tagSize   = 16
	overhead  = 1 + nonceSize + tagSize
)

// Place is where a sealed value rests. A value opens only at its own place, so
// that nobody can copy one person's ciphertext into another person's row. Row
// is the row's key, which must never change while the value lives.
type Place struct{ Table, Column, Row string }

// Keyring seals, opens and indexes. It is safe for use by many goroutines.
// Keep one key for at most 2^32 sealed values: nonces are random.
type Keyring struct {
	held   atomic.Pointer[keyset]
	index  []byte
	mu     sync.Mutex // guards rand, which may be no safe reader
	rand   io.Reader
	reread func() (Config, error) // nil = the keys never change
}

// keyset is one state of the keys.
type keyset struct {
	current uint8
	aeads   [256]cipher.AEAD // nil = we do not hold that key
}

// Seal encrypts plain for its place with the current key. The result is 29
// bytes longer than plain. It panics when the source of randomness fails, as
// crypto/rand itself does: there is no safe way to go on.
func (k *Keyring) Seal(plain []byte, at Place) []byte {
	r := k.held.Load()
	out := make([]byte, 1+nonceSize, overhead+len(plain))
	out[0] = r.current
	k.fill(out[1:])
	return r.aeads[r.current].Seal(out, out[1:], plain, at.bind(r.current))
}

// Open decrypts what Seal made for the same place, with whichever key sealed
// it. Error: ErrBroken.
func (k *Keyring) Open(sealed []byte, at Place) ([]byte, error) {
	aead := k.aeadOf(sealed)
	if aead == nil {
		return nil, ErrBroken
	}
	nonce, text := sealed[1:1+nonceSize], sealed[1+nonceSize:]
	plain, err := aead.Open(make([]byte, 0, len(text)), nonce, text, at.bind(sealed[0]))
	if err != nil {
		return nil, ErrBroken.Because(err)
	}
	return plain, nil
}

// KeyOf tells the key that sealed a value, or 0 when it is no sealed value of
// ours. A value whose key is not Current wants to be sealed anew.
func (k *Keyring) KeyOf(sealed []byte) uint8 {
	if k.aeadOf(sealed) == nil {
		return 0
	}
	return sealed[0]
}

// Current tells the key that Seal uses now.
func (k *Keyring) Current() uint8 { return k.held.Load().current }

// aeadOf finds the key of a sealed value, if need be among keys that have been
// added since: another process may have sealed with a key that is newer than
// what we have read.
func (k *Keyring) aeadOf(sealed []byte) cipher.AEAD {
	if len(sealed) < overhead {
		return nil
	}
	if aead := k.held.Load().aeads[sealed[0]]; aead != nil || k.reread == nil {
		return aead
	}
	if c, err := k.reread(); err != nil || k.Renew(c) != nil {
		return nil
	}
	return k.held.Load().aeads[sealed[0]]
}

// Index gives the 32-byte blind index of a value, for equality search without
// opening anything. The caller normalises the value first; kind ("id_number",
// "phone") keeps equal values of different kinds apart.
func (k *Keyring) Index(kind, normalised string) []byte {
	mac := hmac.New(sm3.New, k.index)
	mac.Write(field(nil, kind))
	mac.Write([]byte(normalised))
	return mac.Sum(nil)
}

func (k *Keyring) fill(nonce []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, err := io.ReadFull(k.rand, nonce); err != nil {
		panic("seal: no randomness: " + err.Error())
	}
}

// bind makes the additional data. Lengths go in front, so that no two places
// share the same bytes.
func (p Place) bind(id uint8) []byte {
	b := make([]byte, 0, 7+len(p.Table)+len(p.Column)+len(p.Row))
	return field(field(field(append(b, id), p.Table), p.Column), p.Row)
}

func field(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
