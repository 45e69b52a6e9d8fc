package ledger

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/fault"
)

const origin = "yimen.test/ledger"

// book keeps hashes in memory and refuses what a Tx must refuse.
type book struct {
	hashes []Hash
	size   int64
	reads  int
}

var (
	_ Tx   = (*book)(nil)
	_ Book = (*book)(nil)
)

func (b *book) Size(context.Context) (int64, error) { return b.size, nil }

func (b *book) ReadHashes(_ context.Context, places []int64) ([]Hash, error) {
	b.reads++
	hashes := make([]Hash, len(places))
	for i, p := range places {
		if p < 0 || p >= int64(len(b.hashes)) {
			return nil, ErrBroken.Because(fmt.Errorf("nothing at %d", p))
		}
		hashes[i] = b.hashes[p]
	}
	return hashes, nil
}

func (b *book) Grow(_ context.Context, by int64) (int64, error) {
	before := b.size
	b.size += by
	return before, nil
}

func (b *book) Append(_ context.Context, entries []Entry) error {
	for _, e := range entries {
		if tlog.StoredHashIndex(0, e.Index) != int64(len(b.hashes)) || tlog.StoredHashIndex(0, e.Index+1) != int64(len(b.hashes)+len(e.Hashes)) {
			return fmt.Errorf("%d hashes do not make leaf %d after %d hashes", len(e.Hashes), e.Index, len(b.hashes))
		}
		b.hashes = append(b.hashes, e.Hashes...)
	}
	return nil
}

func leaf(i int) Leaf {
	return Leaf{
		Kind:    "licence.issued",
		Subject: DigestOf(fmt.Append(nil, "licence ", i)),
		Content: DigestOf(fmt.Append(nil, "content ", i)),
		At:      time.Date(2026, 3, 2, 9, 0, i, 0, time.UTC),
	}
}

func leaves(from, to int) (all []Leaf) {
	for i := from; i < to; i++ {
		all = append(all, leaf(i))
	}
	return all
}

func filled(t testing.TB, n int) *book {
	t.Helper()
	b := &book{}
	_, err := Append(t.Context(), b, leaves(0, n)...)
	require.NoError(t, err)
	return b
}

// at gives the checkpoint of a book's first n leaves.
func at(t require.TestingT, b *book, n int64) Checkpoint {
	root, err := tlog.TreeHash(n, within(context.Background(), b))
	require.NoError(t, err)
	return Checkpoint{Origin: origin, Size: n, Root: root}
}

// merkle is RFC 6962, section 2.1, word for word.
func merkle(t require.TestingT, all []Leaf) Hash {
	switch len(all) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		text, err := all[0].Canonical()
		require.NoError(t, err)
		return sha256.Sum256(append([]byte{0}, text...))
	}
	k := 1
	for k*2 < len(all) {
		k *= 2
	}
	left, right := merkle(t, all[:k]), merkle(t, all[k:])
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

func TestTheTreeIsThatOfTheStandard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, n := &book{}, 0
		for range rapid.IntRange(0, 6).Draw(t, "calls") {
			more := rapid.IntRange(0, 40).Draw(t, "leaves")
			first, err := Append(context.Background(), b, leaves(n, n+more)...)
			require.NoError(t, err)
			require.Equal(t, int64(n), first)
			n += more
		}
		require.Equal(t, int64(n), b.size)
		require.Equal(t, merkle(t, leaves(0, n)), at(t, b, int64(n)).Root)
		require.NoError(t, Audit(context.Background(), b, at(t, b, int64(n))))
	})
}

func TestEveryLeafIsProvedInEveryCheckpoint(t *testing.T) {
	const n = 70
	b := filled(t, n)
	for size := int64(1); size <= n; size++ {
		c := at(t, b, size)
		for index := range size {
			p, err := Prove(t.Context(), b, c, index)
			require.NoError(t, err)
			require.NoError(t, Verify(c, p, leaf(int(index))))
			require.ErrorIs(t, Verify(c, p, leaf(int(index)+1)), ErrProof)
		}
		_, err := Prove(t.Context(), b, c, size)
		require.ErrorIs(t, err, ErrNotYet)
		_, err = Prove(t.Context(), b, c, -1)
		require.ErrorIs(t, err, ErrNotYet)
	}
}

func TestGrowthIsProvedBetweenAnyTwoCheckpoints(t *testing.T) {
	const n = 40
	b := filled(t, n)
	for later := range int64(n + 1) {
		for earlier := range later + 1 {
			from, to := at(t, b, earlier), at(t, b, later)
			g, err := ProveGrowth(t.Context(), b, from, to)
			require.NoError(t, err)
			require.NoError(t, VerifyGrowth(from, to, g))
			if earlier > 0 {
				forged := from
				forged.Root[7] ^= 1
				require.ErrorIs(t, VerifyGrowth(forged, to, g), ErrProof)
			}
			if earlier > 0 && earlier < later {
				require.ErrorIs(t, VerifyGrowth(to, from, g), ErrProof, "a log does not shrink")
				require.ErrorIs(t, VerifyGrowth(from, to, g[1:]), ErrProof)
			}
		}
	}
}

func TestAnyChangeOfALeafFailsItsProof(t *testing.T) {
	b := filled(t, 10)
	c := at(t, b, 10)
	p, err := Prove(t.Context(), b, c, 3)
	require.NoError(t, err)
	for name, change := range map[string]func(*Leaf){
		"kind":      func(l *Leaf) { l.Kind = "licence.revoked" },
		"subject":   func(l *Leaf) { l.Subject[0] ^= 1 },
		"content":   func(l *Leaf) { l.Content[31] ^= 1 },
		"time":      func(l *Leaf) { l.At = l.At.Add(time.Microsecond) },
		"swapped":   func(l *Leaf) { l.Subject, l.Content = l.Content, l.Subject },
		"all of it": func(l *Leaf) { *l = leaf(4) },
	} {
		l := leaf(3)
		change(&l)
		err := Verify(c, p, l)
		require.ErrorIs(t, err, ErrProof, name)
		require.Equal(t, fault.Invalid, fault.From(err).Kind)
	}
	l := leaf(3)
	l.At = l.At.In(time.FixedZone("", 8*3600)).Add(time.Nanosecond)
	require.NoError(t, Verify(c, p, l), "the zone does not matter, nor what databases do not keep")

	for _, wrong := range []Proof{{}, {Index: 3}, {Index: 2, Hashes: p.Hashes}, {Index: -1, Hashes: p.Hashes}, {Index: 1 << 62, Hashes: p.Hashes}} {
		require.ErrorIs(t, Verify(c, wrong, leaf(3)), ErrProof)
	}
	require.ErrorIs(t, Verify(Checkpoint{}, p, leaf(3)), ErrProof)
	require.ErrorIs(t, Verify(at(t, b, 9), p, leaf(3)), ErrProof)
}

func TestEveryTamperedHashIsFoundByAudit(t *testing.T) {
	for _, n := range []int64{1, 2, 7, 64, 65} {
		b := filled(t, int(n))
		c := at(t, b, n)
		require.NoError(t, Audit(t.Context(), b, c))
		for place := range b.hashes {
			b.hashes[place][5] ^= 1
			require.ErrorIs(t, Audit(t.Context(), b, c), ErrBroken, "place %d of %d leaves", place, n)
			b.hashes[place][5] ^= 1
		}
	}
}

func TestARewrittenLogIsFoundThoughItIsConsistent(t *testing.T) {
	c := at(t, filled(t, 50), 50)
	rewritten := &book{}
	all := leaves(0, 50)
	all[20].Content[0] ^= 1
	_, err := Append(t.Context(), rewritten, all...)
	require.NoError(t, err)
	require.ErrorIs(t, Audit(t.Context(), rewritten, c), ErrBroken)
	_, err = Prove(t.Context(), rewritten, c, 3)
	require.ErrorIs(t, err, ErrBroken, "no proof from a log that is not the signed one")
	_, err = Log{origin, []note.Signer{signer(t, Ed25519)}}.Checkpoint(t.Context(), rewritten, c)
	require.ErrorIs(t, err, ErrBroken, "and no signature")
}

func TestATamperedHashGivesNoProofAndNoSignature(t *testing.T) {
	b := filled(t, 50)
	c := at(t, b, 50)
	for place := range b.hashes {
		b.hashes[place][0] ^= 1
		failed := 0
		for index := range c.Size {
			if p, err := Prove(t.Context(), b, c, index); err != nil {
				require.ErrorIs(t, err, ErrBroken)
				failed++
			} else {
				require.NoError(t, Verify(c, p, leaf(int(index))))
			}
		}
		require.Positive(t, failed, "place %d", place)
		b.hashes[place][0] ^= 1
	}
}

func TestALogThatLostLeavesIsNotSigned(t *testing.T) {
	l := Log{origin, []note.Signer{signer(t, Ed25519)}}
	_, err := l.Checkpoint(t.Context(), filled(t, 9), at(t, filled(t, 10), 10))
	require.ErrorIs(t, err, ErrBroken)
	require.Equal(t, fault.Internal, fault.From(err).Kind)
}

func TestABadLeafSpoilsItsWholeCall(t *testing.T) {
	b := filled(t, 3)
	_, err := Append(t.Context(), b, leaf(3), Leaf{})
	require.ErrorIs(t, err, ErrLeaf)
	require.Equal(t, int64(3), b.size)
}

func TestLostHashesAreFound(t *testing.T) {
	b := filled(t, 10)
	c := at(t, b, 10)
	b.hashes = b.hashes[:len(b.hashes)-1]
	require.ErrorIs(t, Audit(t.Context(), b, c), ErrBroken)
	_, err := Prove(t.Context(), b, c, 0)
	require.ErrorIs(t, err, ErrBroken)

	short := &forgetful{*filled(t, 10)}
	require.ErrorIs(t, Audit(t.Context(), short, c), ErrBroken)
	_, err = Prove(t.Context(), short, c, 0)
	require.ErrorIs(t, err, ErrBroken)
	_, err = Append(t.Context(), short, leaves(10, 13)...)
	require.ErrorIs(t, err, ErrBroken)
}

type forgetful struct{ book }

func (*forgetful) ReadHashes(context.Context, []int64) ([]Hash, error) { return nil, nil }

type deaf struct{ book }

var errDeaf = errors.New("database gone")

func (*deaf) ReadHashes(context.Context, []int64) ([]Hash, error) { return nil, errDeaf }

func TestADatabaseErrorIsNoSignOfTampering(t *testing.T) {
	b := &deaf{*filled(t, 7)}
	c := at(t, &b.book, 7)
	_, err := Append(t.Context(), b, leaf(7))
	require.ErrorIs(t, err, errDeaf)
	_, err = Prove(t.Context(), b, c, 3)
	require.ErrorIs(t, err, errDeaf)
	_, err = ProveGrowth(t.Context(), b, at(t, &b.book, 3), c)
	require.ErrorIs(t, err, errDeaf)
	err = Audit(t.Context(), b, c)
	require.ErrorIs(t, err, errDeaf)
	require.NotErrorIs(t, err, ErrBroken)
	_, err = Log{origin, []note.Signer{signer(t, Ed25519)}}.Checkpoint(t.Context(), b, Checkpoint{})
	require.ErrorIs(t, err, errDeaf)
}

func TestManyLeavesInOneCallReadLittle(t *testing.T) {
	b := filled(t, 1000)
	b.reads = 0
	_, err := Append(t.Context(), b, leaves(1000, 1050)...)
	require.NoError(t, err)
	require.Less(t, b.reads, 12)
}

func signer(t testing.TB, suite Suite) note.Signer {
	t.Helper()
	secret, _, err := GenerateKey(rand.Reader, suite, "yimen.test/"+string(suite))
	require.NoError(t, err)
	s, err := NewSigner(secret, rand.Reader)
	require.NoError(t, err)
	return s
}

func TestAProofOfAHundredThousandLeavesTakesLessThanAMillisecond(t *testing.T) {
	const n = 100_000
	b := filled(t, n)
	c := at(t, b, n)
	const proofs = 500
	start := time.Now()
	for i := range int64(proofs) {
		index := i * 199 % n
		p, err := Prove(t.Context(), b, c, index)
		require.NoError(t, err)
		require.NoError(t, Verify(c, p, leaf(int(index))))
	}
	require.Less(t, time.Since(start)/proofs, time.Millisecond)
}

func BenchmarkProveAndVerify(b *testing.B) {
	const n = 100_000
	log := filled(b, n)
	c := at(b, log, n)
	for i := int64(0); b.Loop(); i++ {
		p, err := Prove(b.Context(), log, c, i%n)
		if err != nil {
			b.Fatal(err)
		}
		if err := Verify(c, p, leaf(int(i%n))); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend50(b *testing.B) {
	log, all := &book{}, leaves(0, 50)
	for b.Loop() {
		if _, err := Append(b.Context(), log, all...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAudit(b *testing.B) {
	log := filled(b, 100_000)
	c := at(b, log, 100_000)
	for b.Loop() {
		if err := Audit(b.Context(), log, c); err != nil {
			b.Fatal(err)
		}
	}
}
