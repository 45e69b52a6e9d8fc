package ledger

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var issued = Fact{
	Kind: "licence.issued", Subject: "0192", At: time.Date(2026, 11, 23, 9, 0, 0, 123_999_999, time.FixedZone("", 8*3600)),
	About: []Detail{{"number", "FS2026-HJ-0001-00000001"}, {"name", "居民户口簿"}, {"note", "two\nlines = \"quoted\""}},
}

func TestTheWordsOfAFact(t *testing.T) {
	require.Equal(t, `yimen fact v1
licence.issued
"0192"
2026-11-23T01:00:00.123Z
number="FS2026-HJ-0001-00000001"
name="居民户口簿"
note="two\nlines = \"quoted\""
`, issued.Text())
	leaf, err := issued.Leaf()
	require.NoError(t, err)
	require.Equal(t, Kind("licence.issued"), leaf.Kind)
	require.Equal(t, DigestOf([]byte("0192")), leaf.Subject)
	require.Equal(t, DigestOf([]byte(issued.Text())), leaf.Content)
}

func TestWhatIsNoFactMakesNoLeaf(t *testing.T) {
	for name, change := range map[string]func(*Fact){
		"no kind":      func(f *Fact) { f.Kind = "" },
		"two lines":    func(f *Fact) { f.Kind = "a\nb" },
		"capitals":     func(f *Fact) { f.Kind = "Licence" },
		"beyond years": func(f *Fact) { f.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		f := issued
		change(&f)
		_, err := f.Leaf()
		require.ErrorIs(t, err, ErrLeaf, name)
	}
}

// Two facts have one leaf only where they say the same.
func TestFactsThatDifferHaveLeavesThatDiffer(t *testing.T) {
	value := rapid.StringN(0, 8, 32)
	draw := func(t *rapid.T, name string) Fact {
		return Fact{
			Kind: "a.b", Subject: value.Draw(t, name), At: time.UnixMilli(rapid.Int64Range(1, 3).Draw(t, name)),
			About: []Detail{{"x", value.Draw(t, name)}, {"y", value.Draw(t, name)}},
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		la, err := a.Leaf()
		require.NoError(t, err)
		lb, err := b.Leaf()
		require.NoError(t, err)
		same := a.Subject == b.Subject && a.At.Equal(b.At) && a.About[0] == b.About[0] && a.About[1] == b.About[1]
		require.Equal(t, same, la == lb)
	})
}

func TestAReceiptIsReadBackAndChecksItsWords(t *testing.T) {
	b := filled(t, 6)
	leaf, err := issued.Leaf()
	require.NoError(t, err)
	index, err := Append(t.Context(), b, leaf)
	require.NoError(t, err)
	c := at(t, b, 7)
	proof, err := Prove(t.Context(), b, c, index)
	require.NoError(t, err)
	text := Receipt{Words: issued.Text(), Proof: proof}.String()
	read, err := ParseReceipt(text)
	require.NoError(t, err)
	require.NoError(t, read.Verify(c))
	require.Equal(t, text, read.String())

	for name, wrong := range map[string]string{
		"a letter": strings.Replace(text, "居民", "居氏", 1), "a line more": strings.Replace(text, "\n\n", "\nx=\"\"\n\n", 1),
		"another index": strings.Replace(text, "v1\n6\n", "v1\n5\n", 1), "a line less": strings.Replace(text, "name=\"居民户口簿\"\n", "", 1),
	} {
		require.NotEqual(t, text, wrong, name)
		read, err := ParseReceipt(wrong)
		require.NoError(t, err, name)
		require.ErrorIs(t, read.Verify(c), ErrProof, name)
	}
	for _, wrong := range []string{"", "\n\n", issued.Text(), text[:len(text)-1], strings.Replace(text, "\n\n", "\n", 1)} {
		_, err := ParseReceipt(wrong)
		require.ErrorIs(t, err, ErrProof, "%q", wrong)
	}
}

func FuzzParseReceipt(f *testing.F) {
	f.Add(Receipt{Words: issued.Text(), Proof: Proof{Index: 3, Hashes: []Hash{{1}}}}.String())
	f.Add("yimen fact v1\na\n\"\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseReceipt(text)
		if err != nil {
			require.ErrorIs(t, err, ErrProof)
			return
		}
		require.Equal(t, text, r.String())
		_ = r.Verify(Checkpoint{Size: 9}) // must not panic
	})
}
