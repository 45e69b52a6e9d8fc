package staff

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

// book is a store with one session, which counts how often it is read.
type book struct {
	Store
	who  Principal
	err  error
	read int
}

func (b *book) Principal(context.Context, [32]byte, time.Time) (Principal, error) {
	b.read++
	return b.who, b.err
}

func (b *book) InTx(context.Context, func(Tx) error) error { return nil }

func gateOver(b *book, now *time.Time) *Gate {
	return &Gate{Store: b, Now: func() time.Time { return *now }}
}

func somebody(now time.Time) Principal {
	return Principal{
		Account: citizen.Account{ID: "a", Person: "p"},
		Session: citizen.Session{ID: "s", SeenAt: now, EndsAt: now.Add(time.Hour)},
	}
}

func TestASessionIsReadOnceForAPage(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	b := &book{who: somebody(now)}
	g := gateOver(b, &now)
	for range 10 {
		p, err := g.Admit(t.Context(), "token")
		require.NoError(t, err)
		require.Equal(t, citizen.AccountID("a"), p.Account.ID)
	}
	require.Equal(t, 1, b.read)
	now = now.Add(recentLife)
	_, err := g.Admit(t.Context(), "token")
	require.NoError(t, err)
	require.Equal(t, 2, b.read, "what another replica changed is seen within two seconds")
}

func TestAChangeHereCountsAtOnceAndWhileItBecomesDurable(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	b := &book{who: somebody(now)}
	g := gateOver(b, &now)
	_, err := g.Admit(t.Context(), "token")
	require.NoError(t, err)
	g.Changed("a")
	_, err = g.Admit(t.Context(), "token") // reads what is not yet durable: must not be kept
	require.NoError(t, err)
	b.err = ErrSessionEnded
	_, err = g.Admit(t.Context(), "token")
	require.ErrorIs(t, err, ErrSessionEnded)
}

func TestARefusalAndAnUnprovedAccountAreNotKept(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	b := &book{err: ErrSessionEnded}
	g := gateOver(b, &now)
	_, err := g.Admit(t.Context(), "token")
	require.ErrorIs(t, err, ErrSessionEnded)
	b.err, b.who = nil, somebody(now)
	b.who.Account.Person = ""
	for range 3 {
		_, err = g.Admit(t.Context(), "token")
		require.NoError(t, err)
	}
	require.Equal(t, 4, b.read)
}

func TestASessionThatEndsIsNotKeptBeyondItsEnd(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	b := &book{who: somebody(now)}
	b.who.Session.EndsAt = now.Add(time.Second)
	g := gateOver(b, &now)
	_, err := g.Admit(t.Context(), "token")
	require.NoError(t, err)
	now, b.err = now.Add(time.Second), ErrSessionEnded
	_, err = g.Admit(t.Context(), "token")
	require.ErrorIs(t, err, ErrSessionEnded)
}

func TestTheMemoryIsBounded(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	var r recent
	for i := range recentMost + 10 {
		r.put([32]byte{byte(i), byte(i >> 8), byte(i >> 16)}, somebody(now), now)
	}
	require.LessOrEqual(t, len(r.known), recentMost)
}

// Authorisation on a warm session: token to grant.
func BenchmarkAuthorise(b *testing.B) {
	now := time.Unix(1_900_000_000, 0)
	g := gateOver(&book{who: somebody(now)}, &now)
	grants, _ := Grants("my-cases")
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			p, err := g.Admit(b.Context(), "q3jz0Qy1bYb6m1mM4w6Zb6d3n1yY4jJ1v2c8t0s9r7E")
			if err != nil || Check(grants, p) != nil {
				b.Fatal("refused")
			}
		}
	})
}

func TestWhoHoldsAPostIsReadEachTime(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	b := &book{who: somebody(now)}
	b.who.Member = &Member{ID: "m", Role: VillageStaff}
	g := gateOver(b, &now)
	for range 3 {
		p, err := g.Admit(t.Context(), "token")
		require.NoError(t, err)
		require.True(t, p.Has(VillageStaff))
	}
	require.Equal(t, 3, b.read)
	b.who.Member = nil
	p, err := g.Admit(t.Context(), "token")
	require.NoError(t, err)
	require.False(t, p.Has(VillageStaff), "access ends with the post, wherever it was ended")
}
