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
	current uint8
	aeads   [256]cipher.AEAD // nil = we do not hold that key
	index   []byte
	mu      sync.Mutex // guards rand, which may be no safe reader
	rand    io.Reader
}

// Seal encrypts plain for its place with the current key. The result is 29
// bytes longer than plain. It panics when the source of randomness fails, as
// crypto/rand itself does: there is no safe way to go on.
func (k *Keyring) Seal(plain []byte, at Place) []byte {
	out := make([]byte, 1+nonceSize, overhead+len(plain))
	out[0] = k.current
	k.fill(out[1:])
	return k.aeads[k.current].Seal(out, out[1:], plain, at.bind(k.current))
}

// Open decrypts what Seal made for the same place, with whichever key sealed
// it. Error: ErrBroken.
func (k *Keyring) Open(sealed []byte, at Place) ([]byte, error) {
	id := k.KeyOf(sealed)
	if id == 0 {
		return nil, ErrBroken
	}
	nonce, text := sealed[1:1+nonceSize], sealed[1+nonceSize:]
	plain, err := k.aeads[id].Open(make([]byte, 0, len(text)), nonce, text, at.bind(id))
	if err != nil {
		return nil, ErrBroken.Because(err)
	}
	return plain, nil
}

// KeyOf tells the key that sealed a value, or 0 when it is no sealed value of
// ours. A value whose key is not Current wants to be sealed anew.
func (k *Keyring) KeyOf(sealed []byte) uint8 {
	if len(sealed) < overhead || k.aeads[sealed[0]] == nil {
		return 0
	}
	return sealed[0]
}

// Current tells the key that Seal uses now.
func (k *Keyring) Current() uint8 { return k.current }

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
