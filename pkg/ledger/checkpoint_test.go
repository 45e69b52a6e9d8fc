package ledger

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// pair gives a key that signs and the one that checks it.
func pair(t testing.TB, suite Suite, name string) (note.Signer, note.Verifier) {
	t.Helper()
	secret, public, err := GenerateKey(rand.Reader, suite, name)
	require.NoError(t, err)
	s, err := NewSigner(secret, rand.Reader)
	require.NoError(t, err)
	v, err := NewVerifier(public)
	require.NoError(t, err)
	return s, v
}

func TestACheckpointIsCheckedOffline(t *testing.T) {
	for _, suite := range []Suite{Ed25519, SM2} {
		t.Run(string(suite), func(t *testing.T) {
			s, v := pair(t, suite, "yimen.test")
			b := filled(t, 20)
			log := Log{origin, []note.Signer{s}}
			signed, err := log.Checkpoint(t.Context(), b, Checkpoint{})
			require.NoError(t, err)
			c, err := Open(signed, origin, v)
			require.NoError(t, err)
			require.Equal(t, at(t, b, 20), c)

			p, err := Prove(t.Context(), b, c, 13)
			require.NoError(t, err)
			p, err = ParseProof(p.String())
			require.NoError(t, err)
			require.NoError(t, Verify(c, p, leaf(13)))

			_, err = Append(t.Context(), b, leaves(20, 33)...)
			require.NoError(t, err)
			signed, err = log.Checkpoint(t.Context(), b, c)
			require.NoError(t, err)
			later, err := Open(signed, origin, v)
			require.NoError(t, err)
			g, err := ProveGrowth(t.Context(), b, c, later)
			require.NoError(t, err)
			require.NoError(t, VerifyGrowth(c, later, g))
		})
	}
}

func TestACheckpointMayHaveBothSignatures(t *testing.T) {
	ed, edKey := pair(t, Ed25519, "yimen.test/ed")
	sm, smKey := pair(t, SM2, "yimen.test/sm")
	signed, err := Log{origin, []note.Signer{ed, sm}}.Checkpoint(t.Context(), filled(t, 3), Checkpoint{})
	require.NoError(t, err)
	for _, trusted := range [][]note.Verifier{{edKey}, {smKey}, {edKey, smKey}} {
		_, err := Open(signed, origin, trusted...)
		require.NoError(t, err)
	}
}

func TestNoChangedByteChangesWhatACheckpointSays(t *testing.T) {
	for _, suite := range []Suite{Ed25519, SM2} {
		s, v := pair(t, suite, "yimen.test")
		signed, err := at(t, filled(t, 12), 12).sign(s)
		require.NoError(t, err)
		for i := range signed {
			for _, bit := range []byte{1, 128} {
				forged := bytes.Clone(signed)
				forged[i] ^= bit
				if c, err := Open(forged, origin, v); err == nil { // base64 of a signature has spare bits
					require.Equal(t, at(t, filled(t, 12), 12), c)
					require.Greater(t, i, bytes.LastIndexByte(signed, '=')-3)
				} else {
					require.ErrorIs(t, err, ErrCheckpoint, "byte %d", i)
				}
			}
		}
	}
}

func TestACheckpointOfSomebodyElseIsNotTrusted(t *testing.T) {
	s, v := pair(t, Ed25519, "yimen.test")
	_, stranger := pair(t, Ed25519, "yimen.test")
	_, strangerSM2 := pair(t, SM2, "yimen.test")
	signed, err := at(t, filled(t, 3), 3).sign(s)
	require.NoError(t, err)
	for name, open := range map[string]func() error{
		"another key":   func() error { _, err := Open(signed, origin, stranger, strangerSM2); return err },
		"another log":   func() error { _, err := Open(signed, "yimen.test/other", v); return err },
		"no key at all": func() error { _, err := Open(signed, origin); return err },
		"nothing":       func() error { _, err := Open(nil, origin, v); return err },
	} {
		err := open()
		require.ErrorIs(t, err, ErrCheckpoint, name)
		require.Equal(t, fault.Invalid, fault.From(err).Kind)
	}
	_, err = Log{Origin: origin}.Checkpoint(t.Context(), filled(t, 3), Checkpoint{})
	require.ErrorContains(t, err, "no key")
}

func TestSignedTextThatIsNoCheckpointIsRefused(t *testing.T) {
	s, v := pair(t, Ed25519, "yimen.test")
	good := at(t, filled(t, 3), 3).body()
	hash := strings.Split(good, "\n")[2]
	for name, body := range map[string]string{
		"no lines":         origin + "\n",
		"a line too many":  good + "more\n",
		"no number":        origin + "\nthree\n" + hash + "\n",
		"a zero in front":  origin + "\n03\n" + hash + "\n",
		"a sign in front":  origin + "\n+3\n" + hash + "\n",
		"a negative size":  origin + "\n-3\n" + hash + "\n",
		"a size too large": origin + "\n99999999999999999999\n" + hash + "\n",
		"no hash":          origin + "\n3\n!\n",
		"a short hash":     origin + "\n3\nAAAA\n",
		"a loose hash":     origin + "\n3\n" + hash[:42] + "B=\n",
	} {
		signed, err := note.Sign(&note.Note{Text: body}, s)
		require.NoError(t, err)
		_, err = Open(signed, origin, v)
		require.ErrorIs(t, err, ErrCheckpoint, name)
	}
}

func TestAnEmptyLogCanBeSigned(t *testing.T) {
	s, v := pair(t, SM2, "yimen.test")
	signed, err := Log{origin, []note.Signer{s}}.Checkpoint(t.Context(), &book{}, Checkpoint{})
	require.NoError(t, err)
	c, err := Open(signed, origin, v)
	require.NoError(t, err)
	require.Zero(t, c.Size)
	require.NoError(t, Audit(t.Context(), &book{}, c))
}

func FuzzOpen(f *testing.F) {
	s, v := pair(f, Ed25519, "yimen.test")
	signed, err := at(f, filled(f, 3), 3).sign(s)
	require.NoError(f, err)
	f.Add(signed)
	f.Add([]byte("\n\n— yimen.test AAAA\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := Open(text, origin, v); err != nil {
			require.ErrorIs(t, err, ErrCheckpoint)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(at(f, filled(f, 3), 3).body())
	f.Add("a\n1\n\n")
	f.Fuzz(func(t *testing.T, body string) {
		if c, err := parse(body); err == nil {
			require.Equal(t, body, c.body())
		}
	})
}
