package ledger

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKeysAreReadBackFromTheirText(t *testing.T) {
	for _, suite := range []Suite{Ed25519, SM2} {
		secret, public, err := GenerateKey(rand.Reader, suite, "yimen.foshan.gov.cn/账本")
		require.NoError(t, err)
		s, err := NewSigner(secret, rand.Reader)
		require.NoError(t, err)
		v, err := NewVerifier(public)
		require.NoError(t, err)
		require.Equal(t, s.Name(), v.Name())
		require.Equal(t, "yimen.foshan.gov.cn/账本", v.Name())
		require.Equal(t, s.KeyHash(), v.KeyHash())
		sig, err := s.Sign([]byte("text"))
		require.NoError(t, err)
		require.True(t, v.Verify([]byte("text"), sig))
		require.False(t, v.Verify([]byte("texT"), sig))
		require.False(t, v.Verify([]byte("text"), sig[1:]))
		require.False(t, v.Verify([]byte("text"), nil))
		require.NotContains(t, public, strings.TrimPrefix(secret, secretPrefix)[len("yimen"):])

		_, err = NewVerifier(secret)
		require.ErrorIs(t, err, ErrKey, "a secret key is no public one")
		_, err = NewSigner(public, rand.Reader)
		require.ErrorIs(t, err, ErrKey, "a public key cannot sign")
	}
}

func TestKeysThatAreNone(t *testing.T) {
	secret, public, err := GenerateKey(rand.Reader, SM2, "yimen.test")
	require.NoError(t, err)
	mark := base64.StdEncoding.EncodeToString([]byte(sm2Mark))
	for _, wrong := range []string{
		"", "+", "++", "yimen.test", "yimen.test+00000000+" + mark, "yimen.test+00000000+" + mark + "AAAA",
		strings.Replace(public, "yimen.test", "yimen.tesT", 1), // the id covers the name
		strings.Replace(public, "yimen.test", "", 1),
		strings.Replace(public, "yimen.test", "yimen test", 1),
		public[:len(public)-8], public + "\n",
	} {
		_, err := NewVerifier(wrong)
		require.ErrorIs(t, err, ErrKey, wrong)
	}
	for _, wrong := range []string{
		"", "PRIVATE+KEY+", strings.Replace(secret, "yimen.test", "yimen.tesT", 1), secret[:len(secret)-8], secret + " ",
		strings.TrimPrefix(secret, secretPrefix),
	} {
		_, err := NewSigner(wrong, rand.Reader)
		require.ErrorIs(t, err, ErrKey, wrong)
	}
	for _, name := range []string{"", "a b", "a+b", "a\n"} {
		for _, suite := range []Suite{Ed25519, SM2} {
			_, _, err := GenerateKey(rand.Reader, suite, name)
			require.ErrorIs(t, err, ErrKey, "%q", name)
		}
	}
	_, _, err = GenerateKey(rand.Reader, "rsa", "a")
	require.ErrorIs(t, err, ErrKey)
	_, _, err = GenerateKey(dry{}, SM2, "a")
	require.ErrorIs(t, err, ErrKey)
}

type dry struct{}

func (dry) Read([]byte) (int, error) { return 0, errors.New("dry") }

func FuzzNewVerifier(f *testing.F) {
	for _, suite := range []Suite{Ed25519, SM2} {
		_, public, err := GenerateKey(rand.Reader, suite, "yimen.test")
		require.NoError(f, err)
		f.Add(public)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := NewVerifier(text); err == nil {
			require.True(t, strings.HasPrefix(text, v.Name()+"+"))
		}
	})
}
