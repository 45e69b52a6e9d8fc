package ledger

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheCanonicalFormNeverChanges(t *testing.T) {
	l := Leaf{
		Kind:    "delivery.signed",
		Subject: DigestOf([]byte("abc")),
		At:      time.Date(2026, 3, 2, 17, 30, 0, 123456789, time.FixedZone("", 8*3600)),
	}
	text, err := l.Canonical()
	require.NoError(t, err)
	require.Equal(t, "yimen ledger v1\ndelivery.signed\n"+
		"66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0\n"+ // the sample of GB/T 32905
		strings.Repeat("0", 64)+"\n2026-03-02T09:30:00.123456Z\n", string(text))
}

func TestLeavesWithoutACanonicalFormAreRefused(t *testing.T) {
	for name, change := range map[string]func(*Leaf){
		"no kind":           func(l *Leaf) { l.Kind = "" },
		"a line in a kind":  func(l *Leaf) { l.Kind = "a\nb" },
		"a capital":         func(l *Leaf) { l.Kind = "Licence" },
		"a digit in front":  func(l *Leaf) { l.Kind = "1st" },
		"a kind too long":   func(l *Leaf) { l.Kind = Kind(strings.Repeat("a", 65)) },
		"no time":           func(l *Leaf) { l.At = time.Time{} },
		"a far time":        func(l *Leaf) { l.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a line at the end": func(l *Leaf) { l.Kind = "a\n" },
	} {
		l := leaf(0)
		change(&l)
		_, err := l.Canonical()
		require.ErrorIs(t, err, ErrLeaf, name)
		require.ErrorIs(t, Verify(Checkpoint{}, Proof{}, l), ErrLeaf, name)
	}
}
