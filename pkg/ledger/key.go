package ledger

import (
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/note"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrKey refuses a text that is no key for checkpoints.
var ErrKey = fault.New(fault.Internal, "ledger.key_invalid", "账本签名密钥有误，请检查密钥配置后重新启动")

// Suite is a kind of signature.
type Suite string

// The suites. A log may sign with both: the law of the land wants SM2
// (GB/T 32918), and Ed25519 is what tools for signed notes check.
const (
	Ed25519 Suite = "ed25519"
	SM2     Suite = "sm2"
)

// GenerateKey makes a pair of keys as one-line texts: secret signs, public
// checks. The name says whose they are; it has no space and no "+". Error:
// ErrKey.
func GenerateKey(rand io.Reader, suite Suite, name string) (secret, public string, err error) {
	switch suite {
	case Ed25519:
		secret, public, err = note.GenerateKey(rand, name)
	case SM2:
		secret, public, err = generateSM2(rand, name)
	default:
		err = fmt.Errorf("unknown suite %q", suite)
	}
	if err == nil {
		_, err = NewVerifier(public) // checks the name
	}
	if err != nil {
		return "", "", ErrKey.Because(err)
	}
	return secret, public, nil
}

// NewSigner reads a secret key of either suite. SM2 signatures need rand.
// Error: ErrKey.
func NewSigner(secret string, rand io.Reader) (note.Signer, error) {
	signer, err := note.NewSigner(secret)
	if isSM2(secret) {
		signer, err = newSM2Signer(secret, rand)
	}
	if err != nil {
		return nil, ErrKey.Because(err)
	}
	return signer, nil
}

// NewVerifier reads a public key of either suite. Error: ErrKey.
func NewVerifier(public string) (note.Verifier, error) {
	verifier, err := note.NewVerifier(public)
	if isSM2(public) {
		verifier, err = newSM2Verifier(public)
	}
	if err != nil {
		return nil, ErrKey.Because(err)
	}
	return verifier, nil
}
