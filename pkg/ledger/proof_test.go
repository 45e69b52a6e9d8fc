package ledger

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAProofIsReadBackFromItsText(t *testing.T) {
	b := filled(t, 1)
	for _, n := range []int64{1, 2, 5, 31} {
		_, err := Append(t.Context(), b, leaves(int(b.size), int(n))...)
		require.NoError(t, err)
		p, err := Prove(t.Context(), b, at(t, b, n), n-1)
		require.NoError(t, err)
		again, err := ParseProof(p.String())
		require.NoError(t, err)
		require.Equal(t, p.String(), again.String())
		require.NoError(t, Verify(at(t, b, n), again, leaf(int(n-1))))
	}
}

func TestTextsThatAreNoProof(t *testing.T) {
	hash := Hash{1}.String()
	for _, wrong := range []string{
		"", "\n", proofHeader, proofHeader + "\n", proofHeader + "\n\n", proofHeader + "\n1", "yimen ledger proof v2\n1\n",
		proofHeader + "\n01\n", proofHeader + "\n1\n\n", proofHeader + "\n1\n" + hash, proofHeader + "\n1\n" + hash[1:] + "\n",
		proofHeader + "\n1\n" + hash + "\n\n", proofHeader + "\r\n1\r\n", proofHeader + "\nx\n",
		proofHeader + "\n1\n" + strings.Repeat(hash+"\n", 65),
	} {
		_, err := ParseProof(wrong)
		require.ErrorIs(t, err, ErrProof, "%q", wrong)
	}
}

func FuzzParseProof(f *testing.F) {
	f.Add(Proof{Index: 3, Hashes: []Hash{{1}, {2}}}.String())
	f.Add(proofHeader + "\n-1\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParseProof(text)
		if err != nil {
			require.ErrorIs(t, err, ErrProof)
			return
		}
		require.Equal(t, text, p.String())
		_ = Verify(Checkpoint{Size: 9}, p, leaf(0)) // must not panic
	})
}
