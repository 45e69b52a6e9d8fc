package storetest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

var caseStates = []casework.State{
	casework.Draft, casework.Notified, casework.Receipt, casework.Accepted, casework.Granted,
	casework.Refused, casework.Terminated, casework.Withdrawn, casework.Closed,
}

func TestALicenceIsIssuedOnAGrantedCaseOnly(t *testing.T) {
	h := openHandout(t)
	for _, state := range caseStates {
		id := h.caseIn(state, sent)
		_, err := h.registry.Issue(t.Context(), h.clerk, id, workday.Date{})
		if state == casework.Granted {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, licence.ErrNotGranted, state)
		_, err = h.db.LicenceOf(t.Context(), id)
		require.ErrorIs(t, err, licence.ErrNoLicence)
	}
	require.Equal(t, []string{"licence.issued"}, h.kinds())
}

// The use case may be wrong one day; the database refuses all the same.
func TestTheDatabaseIssuesNothingThatWasNotGranted(t *testing.T) {
	h := openHandout(t)
	insert := func(l licence.Licence) error {
		return sqlstore.For[licence.Tx](h.db).InTx(t.Context(), func(tx licence.Tx) error { return tx.InsertLicence(t.Context(), l) })
	}
	good := func(id string) licence.Licence {
		return licence.Licence{
			ID: storetest.NewID(), Number: id, Case: id, Person: h.me(), Item: sent, Name: "居民户口簿", Kind: catalog.ResultCertificate,
			Code: id, Office: h.clerk.Office, Issuer: "x", IssuedAt: h.clock.Now(), State: licence.Valid,
		}
	}
	for _, state := range caseStates {
		err := insert(good(h.caseIn(state, sent)))
		require.Equal(t, state == casework.Granted, err == nil, "%s: %v", state, err)
	}
	for name, spoil := range map[string]func(*licence.Licence){
		"another office": func(l *licence.Licence) { l.Office = h.other.Office },
		"another person": func(l *licence.Licence) { l.Person = h.people[1].Person },
		"another item":   func(l *licence.Licence) { l.Item = "HJ-0002" },
		"no such case":   func(l *licence.Licence) { l.Case = storetest.NewID() },
	} {
		l := good(h.caseIn(casework.Granted, sent))
		spoil(&l)
		require.ErrorIs(t, insert(l), licence.ErrNotGranted, name)
	}
	l := good(h.caseIn(casework.Granted, sent))
	require.NoError(t, insert(l))
	l.ID, l.Number, l.Code = storetest.NewID(), "another", "another"
	require.ErrorIs(t, insert(l), licence.ErrIssued)
}

func TestOnlyTheAcceptingOfficeIssues(t *testing.T) {
	h := openHandout(t)
	id := h.caseIn(casework.Granted, sent)
	_, err := h.registry.Issue(t.Context(), h.other, id, workday.Date{})
	require.ErrorIs(t, err, staff.ErrOtherOffice)
	_, err = h.registry.Issue(t.Context(), h.clerk, storetest.NewID(), workday.Date{})
	require.ErrorIs(t, err, casework.ErrNoCase)
	_, err = h.registry.Issue(t.Context(), h.clerk, id, workday.Date{})
	require.NoError(t, err)
}

func TestALicenceIsNamedAndNumberedAfterItsItem(t *testing.T) {
	h := openHandout(t)
	id, first := h.issued(sent)
	_, second := h.issued(sent)
	approval := h.itemLike(func(i *catalog.Item) bool { return i.ResultKind == catalog.ResultApproval })
	_, third := h.issued(approval)
	h.clock.Set(time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC)) // the city is in 2027
	_, fourth := h.issued(sent)

	require.Equal(t, "FS2026-HJ-0001-00000001", first.Number)
	require.Equal(t, "FS2026-HJ-0001-00000002", second.Number)
	require.Equal(t, "FS2026-"+string(approval)+"-00000001", third.Number)
	require.Equal(t, "FS2027-HJ-0001-00000001", fourth.Number)
	require.Equal(t, "居民户口簿", first.Name)
	require.Equal(t, catalog.ResultCertificate, first.Kind)
	require.NotEqual(t, first.Code, second.Code)

	kept, err := h.registry.Licence(t.Context(), h.me(), first.ID)
	require.NoError(t, err)
	require.True(t, first.IssuedAt.Equal(kept.IssuedAt))
	kept.IssuedAt = first.IssuedAt
	require.Equal(t, first, kept)
	require.Equal(t, []string{"issue_licence clerk " + first.Number}, h.history(id))
}

func TestAnItemWithoutResultHasNoLicence(t *testing.T) {
	h := openHandout(t)
	paid := h.itemLike(func(i *catalog.Item) bool { return i.ResultKind == catalog.ResultNone })
	_, err := h.registry.Issue(t.Context(), h.clerk, h.caseIn(casework.Granted, paid), workday.Date{})
	require.ErrorIs(t, err, licence.ErrNoResult)
	require.Empty(t, h.told())
}

func TestOneCaseHasOneLicenceHoweverManyAsk(t *testing.T) {
	h := openHandout(t)
	id := h.caseIn(casework.Granted, sent)
	got := together(20, func(_ int) error {
		_, err := h.registry.Issue(t.Context(), h.clerk, id, workday.Date{})
		return err
	})
	require.Equal(t, map[string]int{"": 1, "licence.issued": 19}, got)
	_, next := h.issued(sent)
	require.Equal(t, "FS2026-HJ-0001-00000002", next.Number, "who was refused has used no number")
}

func TestNumbersHaveNoDoublesAndNoGaps(t *testing.T) {
	h := openHandout(t)
	ids := make([]string, 30)
	for i := range ids {
		ids[i] = h.caseIn(casework.Granted, sent)
	}
	numbers := make([]string, len(ids))
	got := together(len(ids), func(i int) error {
		l, err := h.registry.Issue(t.Context(), h.clerk, ids[i], workday.Date{})
		numbers[i] = l.Number
		return err
	})
	require.Equal(t, map[string]int{"": len(ids)}, got)
	for i := range ids {
		require.Contains(t, numbers, fmt.Sprintf("FS2026-HJ-0001-%08d", i+1))
	}
}

func TestAnybodyVerifiesByCodeAndLearnsNoMore(t *testing.T) {
	h := openHandout(t)
	_, l := h.issued(sent)
	office, err := h.registry.City.(storetest.City).Only.Places.Office(h.clerk.Office)
	require.NoError(t, err)

	p, err := h.registry.Verify(t.Context(), " "+l.Code[:8]+"-"+l.Code[8:])
	require.NoError(t, err)
	require.True(t, l.IssuedAt.Equal(p.IssuedAt))
	p.IssuedAt = time.Time{}
	require.Equal(t, licence.Proof{
		State: licence.Valid, Name: "居民户口簿", Number: l.Number, Issuer: office.Name, Holder: "陈**",
	}, p)

	for _, code := range []string{"", "A", "AAAAAAAAAAAAAAAA", l.Number, l.ID, l.Code + "A", "' OR '1'='1"} {
		_, err := h.registry.Verify(t.Context(), code)
		require.ErrorIs(t, err, licence.ErrWrongCode, code)
	}
}

func TestARevokedLicenceSaysSo(t *testing.T) {
	h := openHandout(t)
	manager := staff.Member{ID: "manager", Role: staff.OfficeManager, Office: h.clerk.Office}
	id, l := h.issued(sent)

	for _, reason := range []string{"", " 错 ", "一\n二三"} {
		_, err := h.registry.Revoke(t.Context(), manager, l.ID, reason)
		require.ErrorIs(t, err, licence.ErrReason, "%q", reason)
	}
	_, err := h.registry.Revoke(t.Context(), h.other, l.ID, "以欺骗手段取得")
	require.ErrorIs(t, err, staff.ErrOtherOffice)
	_, err = h.registry.Revoke(t.Context(), manager, storetest.NewID(), "以欺骗手段取得")
	require.ErrorIs(t, err, licence.ErrNoLicence)
	p, err := h.registry.Verify(t.Context(), l.Code)
	require.NoError(t, err)
	require.Equal(t, licence.Valid, p.State, "what was refused has changed nothing")

	got := together(5, func(_ int) error {
		_, err := h.registry.Revoke(t.Context(), manager, l.ID, "以欺骗手段取得")
		return err
	})
	require.Equal(t, map[string]int{"": 1, "licence.revoked": 4}, got)
	p, err = h.registry.Verify(t.Context(), l.Code)
	require.NoError(t, err)
	require.Equal(t, licence.Revoked, p.State)
	mine, err := h.registry.Licence(t.Context(), h.me(), l.ID)
	require.NoError(t, err)
	require.Equal(t, "以欺骗手段取得", mine.RevokedFor)
	require.Equal(t, []string{"licence.issued", "licence.revoked"}, h.kinds())
	require.Len(t, h.history(id), 2)

	_, err = h.registry.Issue(t.Context(), h.clerk, id, workday.Date{})
	require.ErrorIs(t, err, licence.ErrIssued, "a revoked licence is not silently issued anew")
}

func TestALicenceIsItsHoldersOwn(t *testing.T) {
	h := openHandout(t)
	_, first := h.issued(sent)
	_, second := h.issued(sent)
	for _, who := range []citizen.ID{h.people[1].Person, ""} {
		_, err := h.registry.Licence(t.Context(), who, first.ID)
		require.ErrorIs(t, err, licence.ErrNoLicence)
	}
	_, err := h.registry.Mine(t.Context(), "", "", 10)
	require.ErrorIs(t, err, citizen.ErrNeedRealName)
	list, err := h.registry.Mine(t.Context(), h.people[1].Person, "", 10)
	require.NoError(t, err)
	require.Empty(t, list)

	list, err = h.registry.Mine(t.Context(), h.me(), "", 1)
	require.NoError(t, err)
	require.Equal(t, second.ID, list[0].ID, "newest first")
	list, err = h.registry.Mine(t.Context(), h.me(), second.ID, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, first.ID, list[0].ID)
}

func TestALicenceExpiresWithItsLastDay(t *testing.T) {
	h := openHandout(t)
	today := workday.DateOf(h.clock.Now())
	for name, until := range map[string]workday.Date{"today": today, "past": today.AddDays(-1), "beyond": today.AddMonths(12*50 + 1)} {
		_, err := h.registry.Issue(t.Context(), h.clerk, h.caseIn(casework.Granted, sent), until)
		require.ErrorIs(t, err, licence.ErrUntil, name)
	}
	l, err := h.registry.Issue(t.Context(), h.clerk, h.caseIn(casework.Granted, sent), today.AddDays(30))
	require.NoError(t, err)
	state := func() licence.State {
		p, err := h.registry.Verify(t.Context(), l.Code)
		require.NoError(t, err)
		require.Equal(t, today.AddDays(30), p.ValidUntil)
		return p.State
	}
	h.clock.Set(today.AddDays(30).Time().Add(24*time.Hour - time.Second))
	require.Equal(t, licence.Valid, state(), "the last day still counts")
	h.clock.Pass(time.Second)
	require.Equal(t, licence.Expired, state())
	_, err = h.registry.Revoke(t.Context(), h.clerk, l.ID, "以欺骗手段取得")
	require.NoError(t, err)
	require.Equal(t, licence.Revoked, state(), "what was revoked stays so")
}

func TestAReplacedLicenceLeadsToTheNewOne(t *testing.T) {
	h := openHandout(t)
	caseID, was := h.issued(sent)
	_, err := h.registry.Show(t.Context(), h.me(), was.ID, false)
	require.NoError(t, err)
	_, err = h.registry.Show(t.Context(), h.people[1].Person, was.ID, true)
	require.ErrorIs(t, err, licence.ErrNoLicence)
	_, err = h.registry.Replace(t.Context(), h.other, was.ID, "原证遗失")
	require.ErrorIs(t, err, staff.ErrOtherOffice)
	_, err = h.registry.Replace(t.Context(), h.clerk, was.ID, " ")
	require.ErrorIs(t, err, licence.ErrReason)

	got := together(8, func(int) error {
		_, err := h.registry.Replace(t.Context(), h.clerk, was.ID, "原证遗失")
		return err
	})
	require.Equal(t, map[string]int{"": 1, "licence.replaced": 7}, got)
	is, err := h.db.LicenceOf(t.Context(), caseID)
	require.NoError(t, err)
	require.Equal(t, was.ID, is.Replaces)
	require.NotEqual(t, was.Code, is.Code)
	require.Equal(t, "FS2026-HJ-0001-00000002", is.Number)
	require.True(t, is.HideHolder, "the holder's wish stays")

	p, err := h.registry.Verify(t.Context(), was.Code)
	require.NoError(t, err)
	require.Equal(t, licence.Replaced, p.State)
	require.Empty(t, p.Holder)
	require.False(t, p.EndedAt.IsZero())
	p, err = h.registry.Verify(t.Context(), is.Code)
	require.NoError(t, err)
	require.Equal(t, licence.Valid, p.State)
	_, err = h.registry.Revoke(t.Context(), h.clerk, was.ID, "以欺骗手段取得")
	require.ErrorIs(t, err, licence.ErrReplaced)
	_, err = h.registry.Revoke(t.Context(), h.clerk, is.ID, "以欺骗手段取得")
	require.NoError(t, err)
	_, err = h.registry.Replace(t.Context(), h.clerk, is.ID, "原证遗失")
	require.ErrorIs(t, err, licence.ErrRevoked)
	require.Equal(t, []string{"licence.issued", "licence.replaced", "licence.revoked"}, h.kinds())
	old, err := h.registry.Licence(t.Context(), h.me(), was.ID)
	require.NoError(t, err)
	require.Equal(t, "原证遗失", old.RevokedFor)
}
