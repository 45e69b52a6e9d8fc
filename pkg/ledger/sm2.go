package ledger

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/emmansun/gmsm/ecdh"
	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

// Keys look like those of signed notes: name+id+base64, with PRIVATE+KEY+ in
// front of a secret one. SM2 has no number of its own among signed notes, so
// that, as their format provides, 0xff and a name of ours precede the key.
const (
	secretPrefix = "PRIVATE+KEY+"
	sm2Mark      = "\xffyimen-gov/sm2-with-sm3\n"
)

var errMalformed = errors.New("malformed SM2 key")

func isSM2(key string) bool {
	_, raw, ok := cutKey(key)
	return ok && strings.HasPrefix(raw, sm2Mark)
}

// cutKey parts a key of either kind into its name and its bytes.
func cutKey(key string) (name, raw string, ok bool) {
	parts := strings.SplitN(strings.TrimPrefix(key, secretPrefix), "+", 3)
	if len(parts) != 3 {
		return "", "", false
	}
	bytes, err := base64.StdEncoding.DecodeString(parts[2])
	return parts[0], string(bytes), err == nil
}

func generateSM2(rand io.Reader, name string) (secret, public string, err error) {
	key, err := sm2.GenerateKey(rand)
	if err != nil {
		return "", "", err
	}
	pair, err := key.ECDH()
	if err != nil {
		return "", "", err
	}
	return sm2Secret(name, pair), sm2Public(name, pair.PublicKey().Bytes()), nil
}

func sm2Public(name string, point []byte) string { return keyText(name, sm2ID(name, point), point) }

func sm2Secret(name string, pair *ecdh.PrivateKey) string {
	return secretPrefix + keyText(name, sm2ID(name, pair.PublicKey().Bytes()), pair.Bytes())
}

func keyText(name string, id uint32, raw []byte) string {
	return fmt.Sprintf("%s+%08x+%s", name, id, base64.StdEncoding.EncodeToString(append([]byte(sm2Mark), raw...)))
}

// sm2ID is the key id of signed notes.
func sm2ID(name string, point []byte) uint32 {
	sum := sha256.Sum256([]byte(name + "\n" + sm2Mark + string(point)))
	return binary.BigEndian.Uint32(sum[:])
}

type sm2Verifier struct {
	name string
	id   uint32
	key  *ecdsa.PublicKey
}

func newSM2Verifier(public string) (note.Verifier, error) {
	name, raw, _ := cutKey(public)
	point := []byte(strings.TrimPrefix(raw, sm2Mark))
	key, err := sm2.NewPublicKey(point)
	if err != nil {
		return nil, err
	}
	if name == "" || strings.ContainsFunc(name, unicode.IsSpace) || sm2Public(name, point) != public {
		return nil, errMalformed
	}
	return sm2Verifier{name, sm2ID(name, point), key}, nil
}

// Name is whose key it is.
func (v sm2Verifier) Name() string { return v.name }

// KeyHash is the key id.
func (v sm2Verifier) KeyHash() uint32 { return v.id }

// Verify checks a signature over msg with the usual user id of GB/T 35276.
func (v sm2Verifier) Verify(msg, sig []byte) bool { return sm2.VerifyASN1WithSM2(v.key, nil, msg, sig) }

type sm2Signer struct {
	sm2Verifier
	secret *sm2.PrivateKey
	rand   io.Reader
}

func newSM2Signer(secret string, rand io.Reader) (note.Signer, error) {
	name, raw, _ := cutKey(secret)
	key, err := sm2.NewPrivateKey([]byte(strings.TrimPrefix(raw, sm2Mark)))
	if err != nil {
		return nil, err
	}
	pair, err := key.ECDH()
	if err != nil {
		return nil, err
	}
	if sm2Secret(name, pair) != secret {
		return nil, errMalformed
	}
	id := sm2ID(name, pair.PublicKey().Bytes())
	return sm2Signer{sm2Verifier{name, id, &key.PublicKey}, key, rand}, nil
}

// Sign signs msg.
func (s sm2Signer) Sign(msg []byte) ([]byte, error) {
	return s.secret.SignMessage(s.rand, msg, sm2.DefaultSM2SignerOpts)
}
