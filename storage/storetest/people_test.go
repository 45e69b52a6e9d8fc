package storetest_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// hall is where people come in, with registers that believe everybody.
type hall struct {
	t     *testing.T
	db    *sqlstore.DB
	clock *storetest.Clock
	door  *citizen.Door
	gate  *staff.Gate
}

// believing says yes to whatever a register is asked; codes are the openids.
type believing struct{ citizen.WeChat }

func (believing) OpenID(_ context.Context, code string) (string, error) { return code, nil }

func (believing) Match(context.Context, citizen.Name, citizen.IDNumber) (bool, error) {
	return true, nil
}

func (believing) Represents(context.Context, citizen.Person, citizen.Person) (bool, error) {
	return true, nil
}

func (believing) Guards(context.Context, citizen.Person, citizen.Person) (bool, error) {
	return true, nil
}

func openHall(t *testing.T) *hall {
	db, clock := storetest.Open(t), storetest.ClockAt(time.Date(2026, 11, 23, 9, 0, 0, 0, workday.Zone))
	gate := &staff.Gate{Store: sqlstore.For[staff.Tx](db), City: storetest.Foshan(t), Now: clock.Now, NewID: storetest.NewID, Random: rand.Reader}
	return &hall{t: t, db: db, clock: clock, gate: gate, door: &citizen.Door{
		Store: sqlstore.For[citizen.Tx](db), WeChat: believing{}, Population: believing{}, Registry: believing{},
		Changed: gate.Changed, Now: clock.Now, NewID: storetest.NewID, Random: rand.Reader,
	}}
}

func (h *hall) name(text string) citizen.Name {
	n, err := citizen.ParseName(text)
	require.NoError(h.t, err)
	return n
}

// enter logs in and returns the token and the account.
func (h *hall) enter(openID string) (string, citizen.Account) {
	token, s, err := h.door.Login(h.t.Context(), openID, "iPhone")
	require.NoError(h.t, err)
	a, err := h.db.Account(h.t.Context(), s.Account)
	require.NoError(h.t, err)
	return token, a
}

func (h *hall) prove(a citizen.Account, i int) (citizen.Account, error) {
	return h.door.ProveRealName(h.t.Context(), a.ID, h.name("陈小明"), storetest.Number(i))
}

// outcomes counts how n calls at once end, by code.
func outcomes(n int, do func(i int) error) map[string]int {
	var mu sync.Mutex
	var group sync.WaitGroup
	got := map[string]int{}
	for i := range n {
		group.Go(func() {
			err := do(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				got["ok"]++
			} else {
				got[fault.From(err).Code]++
			}
		})
	}
	group.Wait()
	return got
}

func TestAnAccountNeverBecomesTwoPersons(t *testing.T) {
	h := openHall(t)
	_, a := h.enter("one")
	got := outcomes(12, func(i int) error {
		_, err := h.prove(a, i)
		return err
	})
	require.Equal(t, map[string]int{"ok": 1, "citizen.other_person": 11}, got)
	stored, err := h.db.Account(t.Context(), a.ID)
	require.NoError(t, err)
	for i := range 12 {
		if _, err := h.prove(a, i); err == nil {
			again, err := h.db.Account(t.Context(), a.ID)
			require.NoError(t, err)
			require.Equal(t, stored.Person, again.Person)
		}
	}
	// The database itself does not move a bound account either.
	other, err := h.prove(secondOf(h), 500)
	require.NoError(t, err)
	stored.Person = other.Person
	err = sqlstore.For[citizen.Tx](h.db).InTx(t.Context(), func(tx citizen.Tx) error { return tx.UpdateAccount(t.Context(), stored) })
	require.ErrorIs(t, err, citizen.ErrOtherPerson)
}

func secondOf(h *hall) citizen.Account {
	_, a := h.enter("another")
	return a
}

func TestOnePersonForOneNumberHoweverManyProveIt(t *testing.T) {
	h := openHall(t)
	accounts := make([]citizen.Account, 5)
	for i := range accounts {
		_, accounts[i] = h.enter(string(rune('a' + i)))
	}
	require.Equal(t, map[string]int{"ok": 5}, outcomes(5, func(i int) error {
		_, err := h.prove(accounts[i], 7)
		return err
	}))
	first, err := h.db.Account(t.Context(), accounts[0].ID)
	require.NoError(t, err)
	list, err := h.db.AccountsOf(t.Context(), first.Person)
	require.NoError(t, err)
	require.Len(t, list, 5)
	_, err = h.prove(secondOf(h), 7)
	require.ErrorIs(t, err, citizen.ErrManyAccounts)
}

// TestNoSessionOutlivesItsAccountsPerson tries orders of logging in, proving
// and unbinding against what must hold after each step.
func TestNoSessionOutlivesItsAccountsPerson(t *testing.T) {
	h, run := openHall(t), 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		tokens := map[string]citizen.AccountID{}
		dead := map[string]bool{}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			who := fmt.Sprint(rapid.SampledFrom([]string{"x", "y"}).Draw(r, "who"), run)
			token, a := h.enter(who)
			tokens[token] = a.ID
			switch rapid.SampledFrom([]string{"prove", "unbind", "nothing"}).Draw(r, "act") {
			case "prove":
				_, err := h.prove(a, run)
				require.NoError(t, err)
			case "unbind":
				if a.Person == "" {
					require.ErrorIs(t, h.door.Unbind(t.Context(), a, a.ID), citizen.ErrNeedRealName)
					continue
				}
				require.NoError(t, h.door.Unbind(t.Context(), a, a.ID))
				for token, id := range tokens {
					dead[token] = dead[token] || id == a.ID
				}
			}
			for token := range tokens {
				_, err := h.gate.Admit(t.Context(), token)
				require.Equal(t, dead[token], errors.Is(err, staff.ErrSessionEnded))
			}
		}
	})
}

func TestLeavingAPostEndsAccessAtOnceAndFreesWhatWasInHand(t *testing.T) {
	h := openHall(t)
	m := staff.Member{Role: staff.Courier, Name: h.name("何师傅"), Company: "样例快递"}
	code, err := h.gate.Invite(t.Context(), m, time.Hour)
	require.NoError(t, err)
	token, a := h.enter("courier")
	m, err = h.gate.TakeUp(t.Context(), a.ID, code)
	require.NoError(t, err)
	p, err := h.gate.Admit(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, m.ID, p.Member.ID)

	again, err := h.gate.Invite(t.Context(), staff.Member{Role: staff.Courier, Name: h.name("何师傅"), Company: "样例快递"}, time.Hour)
	require.NoError(t, err)
	_, err = h.gate.TakeUp(t.Context(), a.ID, again)
	require.ErrorIs(t, err, staff.ErrHasPost)

	require.Equal(t, map[string]int{"ok": 1, "staff.no_member": 3}, outcomes(4, func(int) error {
		_, err := h.gate.Leave(t.Context(), "boss", m.ID)
		return err
	}))
	_, err = h.gate.Admit(t.Context(), token)
	require.ErrorIs(t, err, staff.ErrSessionEnded)
	token, _ = h.enter("courier")
	p, err = h.gate.Admit(t.Context(), token)
	require.NoError(t, err)
	require.Nil(t, p.Member)
	_, err = h.gate.TakeUp(t.Context(), a.ID, again)
	require.NoError(t, err, "the refused invitation was not used up")
	list, err := h.gate.Members(t.Context(), "", 10)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, staff.ID("boss"), list[1].LeftBy)
}

func TestOneCodeRaisesOneSessionOnce(t *testing.T) {
	h := openHall(t)
	code, err := h.gate.Invite(t.Context(), staff.Member{Role: staff.Administrator, Name: h.name("管理员")}, time.Hour)
	require.NoError(t, err)
	token, a := h.enter("admin")
	_, err = h.gate.TakeUp(t.Context(), a.ID, code)
	require.NoError(t, err)
	p, err := h.gate.Admit(t.Context(), token)
	require.NoError(t, err)
	e, err := h.gate.Enrol(t.Context(), p)
	require.NoError(t, err)
	require.Contains(t, e.URI, "secret="+e.Secret)
	right, err := totp.GenerateCode(e.Secret, h.clock.Now())
	require.NoError(t, err)
	require.Equal(t, map[string]int{"ok": 1, "staff.code_used": 9}, outcomes(10, func(int) error { return h.gate.Raise(t.Context(), p, right) }))
	raised, err := h.gate.Admit(t.Context(), token)
	require.NoError(t, err)
	require.True(t, raised.Raised)

	_, err = h.gate.ResetFactor(t.Context(), p.Member.ID)
	require.NoError(t, err)
	lowered, err := h.gate.Admit(t.Context(), token)
	require.NoError(t, err)
	require.False(t, lowered.Raised, "who has lost the phone starts anew")
	require.ErrorIs(t, h.gate.Raise(t.Context(), p, right), staff.ErrNotEnrolled)
}

func TestACreditCodeIsNoIdentityNumber(t *testing.T) {
	h := openHall(t)
	_, a := h.enter("boss")
	a, err := h.prove(a, 1)
	require.NoError(t, err)
	name, err := citizen.ParseOrgName("佛山市样例（集团）有限公司")
	require.NoError(t, err)
	code, err := citizen.ParseCreditCode("91350100M000100Y43")
	require.NoError(t, err)
	org, err := h.door.Represent(t.Context(), a, name, code)
	require.NoError(t, err)
	read, err := h.db.Person(t.Context(), org.ID)
	require.NoError(t, err)
	require.Equal(t, citizen.Legal, read.Kind)
	require.Equal(t, name, read.Name)
	require.Equal(t, code.String(), read.Identity())
	require.True(t, read.Number.IsZero())

	_, other := h.enter("successor")
	other, err = h.prove(other, 2)
	require.NoError(t, err)
	again, err := h.door.Represent(t.Context(), other, name, code)
	require.NoError(t, err)
	require.Equal(t, org.ID, again.ID)
	mine, err := h.door.Represented(t.Context(), a)
	require.NoError(t, err)
	require.Empty(t, mine, "there is one representative at a time")
	notices, err := h.db.Notices(t.Context(), a.Person, "", 10)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(notices, func(n notify.Notice) bool { return n.Kind == "agency.ended" }), "and the former one is told")
}
