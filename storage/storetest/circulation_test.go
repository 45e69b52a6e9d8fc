package storetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/circulation"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// paper is a room where paper comes in and goes out.
type paper struct {
	*notarised
	room *circulation.Room
	boss staff.Member // manager of the other office
}

func openPaper(t *testing.T) *paper {
	n := openNotarised(t)
	return &paper{
		notarised: n, boss: staff.Member{ID: "boss", Role: staff.OfficeManager, Office: n.other.Office},
		room: &circulation.Room{
			Store: sqlstore.For[circulation.Tx](n.db), City: n.desk.City, Calendar: workday.NewCalendar(), Now: n.clock.Now, NewID: storetest.NewID,
		},
	}
}

func (p *paper) taken(n int) (list []string) {
	for range n {
		o, err := p.room.TakeIn(p.t.Context(), p.clerk, p.caseIn(casework.Accepted, sent), "M-0048", "房产证原件1本")
		require.NoError(p.t, err)
		list = append(list, o.ID)
	}
	return list
}

// sent is a bag on its way with these originals.
func (p *paper) onTheWay(seal string, list ...string) circulation.Bag {
	b, err := p.room.Make(p.t.Context(), p.clerk, p.other.Office)
	require.NoError(p.t, err)
	_, err = p.room.Pack(p.t.Context(), p.clerk, b.ID, list)
	require.NoError(p.t, err)
	_, err = p.room.Seal(p.t.Context(), p.clerk, b.ID, seal)
	require.NoError(p.t, err)
	b, err = p.room.HandOver(p.t.Context(), p.clerk, b.ID, "速达快递")
	require.NoError(p.t, err)
	return b
}

func (p *paper) where(id string) (circulation.Whereabouts, string) {
	o, err := p.db.Original(p.t.Context(), id)
	require.NoError(p.t, err)
	return o.Where, string(o.Office)
}

func (p *paper) is(id string, where circulation.Whereabouts, office string) {
	p.t.Helper()
	w, o := p.where(id)
	require.Equal(p.t, where, w)
	require.Equal(p.t, office, o)
}

func TestAnOriginalIsTrackedUntilItIsBack(t *testing.T) {
	p := openPaper(t)
	here, there := string(p.clerk.Office), string(p.other.Office)
	list := p.taken(2)
	b := p.onTheWay("SEAL-0001", list...)
	require.Equal(t, "2026-11-25", b.DueOn.String())
	p.is(list[0], circulation.InBag, here)
	got, d, err := p.room.Receive(t.Context(), p.other, b.ID, circulation.Arrival{Seal: "seal-0001", Found: list})
	require.NoError(t, err)
	require.Equal(t, circulation.Difference{}, d)
	require.Equal(t, circulation.Received, got.State)
	p.is(list[0], circulation.AtOffice, there)

	_, err = p.room.GiveBack(t.Context(), p.clerk, list[0], p.proof())
	require.ErrorIs(t, err, circulation.ErrElsewhere, "it does not lie here any more")
	_, err = p.room.GiveBack(t.Context(), p.other, list[0], "000000")
	require.ErrorIs(t, err, circulation.ErrProof)
	p.is(list[0], circulation.AtOffice, there)
	_, err = p.room.GiveBack(t.Context(), p.other, list[0], p.proof())
	require.NoError(t, err)
	_, err = p.room.GiveBack(t.Context(), p.other, list[0], p.proof())
	require.ErrorIs(t, err, circulation.ErrElsewhere, "twice")

	trace, err := p.room.Trace(t.Context(), p.clerk, list[0])
	require.NoError(t, err)
	var turns []string
	for _, u := range trace.Turns {
		turns = append(turns, string(u.Where)+" "+string(u.Actor))
	}
	require.Equal(t, []string{"at_office clerk", "in_bag clerk", "at_office other", "back other"}, turns)
	_, err = p.room.Trace(t.Context(), staff.Member{ID: "x", Role: staff.WindowStaff, Office: "elsewhere"}, list[0])
	require.ErrorIs(t, err, circulation.ErrNoOriginal)
	mine, err := p.room.Mine(t.Context(), p.me(), trace.Original.Case)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	_, err = p.room.Mine(t.Context(), p.people[1].Person, trace.Original.Case)
	require.ErrorIs(t, err, casework.ErrNoCase)

	require.Equal(t, []string{"circulation.original_at_office", "circulation.original_at_office", "circulation.seal", "circulation.hand_over",
		"circulation.receive", "circulation.original_back"}, p.leaves())
	r, err := p.inspect(ledger.Checkpoint{})
	require.NoError(t, err)
	require.Empty(t, r.Findings)
	p.edit(`UPDATE bag_step SET list = '' WHERE act = 'receive'`)
	r, err = p.inspect(ledger.Checkpoint{})
	require.NoError(t, err)
	require.NotEmpty(t, r.Findings, "an edited packing list is found")
}

func TestDifferencesAreSettledByName(t *testing.T) {
	p := openPaper(t)
	there := string(p.other.Office)
	list := p.taken(4)
	b := p.onTheWay("SEAL-0001", list[:3]...)
	got, d, err := p.room.Receive(t.Context(), p.other, b.ID, circulation.Arrival{Seal: "SEAL-0009", Found: []string{list[0], list[3]}})
	require.NoError(t, err)
	require.Equal(t, circulation.Difference{BrokenSeal: true, Missing: list[1:3], Extra: list[3:]}, d)
	require.Equal(t, circulation.Disputed, got.State)
	p.is(list[0], circulation.AtOffice, there)
	p.is(list[1], circulation.Missing, there)

	_, err = p.room.Claim(t.Context(), p.other, b.ID, list[3])
	require.NoError(t, err)
	p.is(list[3], circulation.AtOffice, there)
	_, err = p.room.Settle(t.Context(), p.other, b.ID, circulation.Settlement{Note: "已核对监控录像"})
	require.ErrorIs(t, err, staff.ErrNotAllowed)
	_, err = p.room.Settle(t.Context(), p.boss, b.ID, circulation.Settlement{Note: "已核对监控录像", Lost: []string{list[0]}})
	require.ErrorIs(t, err, circulation.ErrUnknown, "what is here is not lost")
	_, err = p.room.Settle(t.Context(), p.boss, b.ID, circulation.Settlement{Note: "x"})
	require.ErrorIs(t, err, circulation.ErrWhy)
	_, err = p.room.Settle(t.Context(), p.boss, b.ID, circulation.Settlement{Note: "一份已找到，一份遗失", Lost: []string{list[2]}})
	require.NoError(t, err)
	p.is(list[1], circulation.AtOffice, there)
	p.is(list[2], circulation.Lost, there)
	require.Contains(t, p.kinds(), "original.lost")
	_, err = p.room.Settle(t.Context(), p.boss, b.ID, circulation.Settlement{Note: "再处理一次看看"})
	require.ErrorIs(t, err, circulation.ErrNotNow)
	r, err := p.inspect(ledger.Checkpoint{})
	require.NoError(t, err)
	require.Empty(t, r.Findings)
}

func TestABagIsHandledByTheRightOffice(t *testing.T) {
	p := openPaper(t)
	list := p.taken(2)
	_, err := p.room.Make(t.Context(), p.clerk, p.clerk.Office)
	require.ErrorIs(t, err, circulation.ErrSameSide)
	_, err = p.room.Make(t.Context(), p.clerk, "nowhere")
	require.ErrorIs(t, err, circulation.ErrSameSide)
	b, err := p.room.Make(t.Context(), p.clerk, p.other.Office)
	require.NoError(t, err)
	_, err = p.room.Seal(t.Context(), p.clerk, b.ID, "SEAL-0001")
	require.ErrorIs(t, err, circulation.ErrEmpty)
	_, err = p.room.Pack(t.Context(), p.other, b.ID, list)
	require.ErrorIs(t, err, staff.ErrOtherOffice)
	for name, wrong := range map[string][]string{"none": nil, "twice": {list[0], list[0]}} {
		_, err = p.room.Pack(t.Context(), p.clerk, b.ID, wrong)
		require.ErrorIs(t, err, circulation.ErrFull, name)
	}
	_, err = p.room.Pack(t.Context(), p.clerk, b.ID, list)
	require.NoError(t, err)
	_, err = p.room.Pack(t.Context(), p.clerk, b.ID, list[:1])
	require.ErrorIs(t, err, circulation.ErrElsewhere, "it is in the bag already")
	_, err = p.room.GiveBack(t.Context(), p.clerk, list[0], p.proof())
	require.ErrorIs(t, err, circulation.ErrElsewhere, "nothing is in a bag and in a hand")
	_, err = p.room.Drop(t.Context(), p.clerk, b.ID)
	require.ErrorIs(t, err, circulation.ErrElsewhere)
	_, err = p.room.HandOver(t.Context(), p.clerk, b.ID, "速达快递")
	require.ErrorIs(t, err, circulation.ErrNotNow, "not sealed")
	_, err = p.room.Seal(t.Context(), p.clerk, b.ID, "no")
	require.ErrorIs(t, err, circulation.ErrSeal)
	_, err = p.room.Seal(t.Context(), p.clerk, b.ID, "SEAL-0001")
	require.NoError(t, err)
	_, err = p.room.Unpack(t.Context(), p.clerk, b.ID, list[:1])
	require.ErrorIs(t, err, circulation.ErrNotNow, "sealed")
	_, _, err = p.room.Receive(t.Context(), p.other, b.ID, circulation.Arrival{Seal: "SEAL-0001", Found: list})
	require.ErrorIs(t, err, circulation.ErrNotNow, "it has not left")
	_, err = p.room.Open(t.Context(), p.clerk, b.ID)
	require.NoError(t, err)
	_, err = p.room.Unpack(t.Context(), p.clerk, b.ID, list[:1])
	require.NoError(t, err)
	_, err = p.room.Seal(t.Context(), p.clerk, b.ID, "SEAL-0002")
	require.NoError(t, err)
	_, err = p.room.HandOver(t.Context(), p.clerk, b.ID, "速达快递")
	require.NoError(t, err)
	_, _, err = p.room.Receive(t.Context(), p.clerk, b.ID, circulation.Arrival{Seal: "SEAL-0002", Found: list[1:]})
	require.ErrorIs(t, err, staff.ErrOtherOffice)

	second, err := p.room.Make(t.Context(), p.clerk, p.other.Office)
	require.NoError(t, err)
	_, err = p.room.Pack(t.Context(), p.clerk, second.ID, list[:1])
	require.NoError(t, err)
	_, err = p.room.Seal(t.Context(), p.clerk, second.ID, "seal-0002")
	require.ErrorIs(t, err, circulation.ErrSealUsed)
	require.Equal(t, circulation.Packing, p.bag(second.ID).State)
}

func (p *paper) bag(id string) circulation.Bag {
	b, err := p.db.Bag(p.t.Context(), id)
	require.NoError(p.t, err)
	return b
}

func TestABagIsReceivedOnceHoweverManyOpenIt(t *testing.T) {
	p := openPaper(t)
	list := p.taken(3)
	b := p.onTheWay("SEAL-0001", list...)
	got := together(10, func(int) error {
		_, _, err := p.room.Receive(t.Context(), p.other, b.ID, circulation.Arrival{Seal: "SEAL-0001", Found: list})
		return err
	})
	require.Equal(t, map[string]int{"": 1, "circulation.not_now": 9}, got)
}

func TestLateBagsGoUp(t *testing.T) {
	p := openPaper(t)
	list := p.taken(2)
	b := p.onTheWay("SEAL-0001", list...)
	sweep := func() int {
		n, err := p.room.Sweep(t.Context())
		require.NoError(t, err)
		return n
	}
	p.clock.Set(time.Date(2026, 11, 25, 23, 0, 0, 0, workday.Zone))
	require.Zero(t, sweep(), "the last day is in time")
	p.clock.Set(time.Date(2026, 11, 26, 8, 0, 0, 0, workday.Zone))
	require.Equal(t, 1, sweep())
	require.Zero(t, sweep())
	require.Equal(t, 1, p.bag(b.ID).Escalated)
	for _, by := range []staff.Member{p.clerk, p.other, {ID: "admin", Role: staff.Administrator}} {
		list, err := p.room.Late(t.Context(), by, 10)
		require.NoError(t, err)
		require.Len(t, list, 1, by.ID)
	}
	require.NotContains(t, p.kinds(), "original.late")
	p.clock.Set(time.Date(2026, 12, 1, 8, 0, 0, 0, workday.Zone))
	require.Equal(t, 1, sweep())
	require.Equal(t, 2, p.bag(b.ID).Escalated)
	require.Contains(t, p.kinds(), "original.late")
	require.Zero(t, sweep())
	_, _, err := p.room.Receive(t.Context(), p.other, b.ID, circulation.Arrival{Seal: "SEAL-0001", Found: list})
	require.NoError(t, err)
	late, err := p.room.Late(t.Context(), p.other, 10)
	require.NoError(t, err)
	require.Empty(t, late)
}

// The case's clock does not stand still for paper on its way.
func TestABagIsDueBeforeItsCaseIs(t *testing.T) {
	p := openPaper(t)
	o, err := p.room.TakeIn(t.Context(), p.clerk, p.caseIn(casework.Accepted, sent), "M-0048", "房产证原件1本")
	require.NoError(t, err)
	cs, err := p.db.Case(t.Context(), casework.ID(o.Case))
	require.NoError(t, err)
	cs.Due = workday.DateOf(p.clock.Now()).AddDays(1)
	require.NoError(t, sqlstore.For[casework.Tx](p.db).InTx(t.Context(), func(tx casework.Tx) error { return tx.SaveCase(t.Context(), cs, cs.State) }))
	b := p.onTheWay("SEAL-0001", o.ID)
	require.Equal(t, "2026-11-23", b.DueOn.String())
	require.Contains(t, p.history(o.Case), "original_sent clerk M-0048")
}
