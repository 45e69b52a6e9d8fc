package delivery

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

var (
	clerk     = staff.Member{ID: "clerk", Role: staff.WindowStaff, Office: "hall"}
	stranger  = staff.Member{ID: "stranger", Role: staff.WindowStaff, Office: "elsewhere"}
	ann       = staff.Member{ID: "ann", Role: staff.Courier, Company: "swift"}
	bob       = staff.Member{ID: "bob", Role: staff.Courier, Company: "swift"}
	foreigner = staff.Member{ID: "eve", Role: staff.Courier, Company: "other"}
	noon      = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

func textOf(err error) string { return fault.From(err).Text }

// at is a waybill in a state, in ann's hands once it has been picked up.
func at(state State) Waybill {
	name, _ := citizen.ParseName("张三丰")
	phone, _ := citizen.ParsePhone("13800138000")
	w := Waybill{
		ID: "w", Number: "YD20261123000001", Case: "c", Office: "hall", Company: "swift", State: state,
		Area: "禅城区祖庙街道", Recipient: name, Phone: phone, Address: "人民路1号302", Code: "012345",
	}
	if state != Made && state != HandedOver {
		w.Courier = ann.ID
	}
	return w
}

// Who may do what: the refusal of every act by everybody who is not right.
func TestAWaybillIsTouchedByTheRightHandsOnly(t *testing.T) {
	cases := []struct {
		state State
		act   Act
		by    staff.Member
		want  string
	}{
		{Made, HandOver, clerk, ""},
		{Made, HandOver, stranger, "staff.other_office"},
		{Made, HandOver, ann, "staff.other_office"},
		{Made, PickUp, ann, "delivery.not_now"},
		{Made, PickUp, foreigner, "delivery.no_waybill"},
		{HandedOver, PickUp, ann, ""},
		{HandedOver, PickUp, bob, ""},
		{HandedOver, PickUp, foreigner, "delivery.no_waybill"},
		{HandedOver, PickUp, clerk, "delivery.no_waybill"},
		{HandedOver, Deliver, ann, "delivery.not_now"},
		{InTransit, PickUp, bob, "delivery.with_colleague"},
		{InTransit, Deliver, ann, ""},
		{InTransit, Deliver, bob, "delivery.with_colleague"},
		{InTransit, Deliver, foreigner, "delivery.no_waybill"},
		{InTransit, Deliver, clerk, "delivery.no_waybill"},
		{InTransit, Fail, bob, "delivery.with_colleague"},
		{InTransit, Fail, ann, ""},
		{AttemptFailed, PickUp, bob, "delivery.with_colleague"},
		{AttemptFailed, PickUp, ann, ""},
		{AttemptFailed, Return, bob, "delivery.with_colleague"},
		{AttemptFailed, Return, foreigner, "delivery.no_waybill"},
		{AttemptFailed, Return, ann, ""},
		{Delivered, Deliver, ann, "delivery.delivered"},
		{Delivered, Deliver, foreigner, "delivery.no_waybill"},
		{Returned, Deliver, ann, "delivery.returned"},
		{Returned, PickUp, ann, "delivery.returned"},
	}
	for _, c := range cases {
		was := at(c.state)
		is, err := was.After(Step{Act: c.act, By: c.by, At: noon, Proof: Proof{Code: "012345"}, Reason: Absent})
		if c.want == "" {
			require.NoError(t, err, "%s %s %s", c.state, c.act, c.by.ID)
			require.NotEqual(t, was.State, is.State)
			continue
		}
		require.EqualError(t, err, c.want, "%s %s %s", c.state, c.act, c.by.ID)
		require.Equal(t, was, is, "what is refused changes nothing")
	}
}

func TestOnlyTheCodeDelivers(t *testing.T) {
	for _, code := range []string{"", "12345", "012346", "0123450", "012345 ", "０１２３４５", "abcdef"} {
		_, err := at(InTransit).After(Step{Act: Deliver, By: ann, At: noon, Proof: Proof{Code: code}})
		require.ErrorIs(t, err, ErrWrongCode, "%q", code)
	}
	w := at(InTransit)
	w.Code = ""
	_, err := w.After(Step{Act: Deliver, By: ann, At: noon, Proof: Proof{Code: ""}})
	require.ErrorIs(t, err, ErrWrongCode, "no code matches nothing, not even nothing")

	is, err := at(InTransit).After(Step{Act: Deliver, By: ann, At: noon, Proof: Proof{Code: "012345"}})
	require.NoError(t, err)
	require.Equal(t, noon, is.EndedAt)
}

func TestAWrongCodeSaysHowManyTriesAreLeft(t *testing.T) {
	w := at(InTransit)
	w.WrongCodes = 3
	_, err := w.After(Step{Act: Deliver, By: ann, Proof: Proof{Code: "999999"}})
	require.Contains(t, textOf(err), "还可以再试1次")

	w.WrongCodes = 4
	_, err = w.After(Step{Act: Deliver, By: ann, Proof: Proof{Code: "999999"}})
	require.ErrorIs(t, err, ErrWrongCode)
	require.Contains(t, textOf(err), "已锁定")
}

func TestARevokedLicenceIsNotDelivered(t *testing.T) {
	w, err := at(InTransit).After(Step{Act: Deliver, By: ann, Proof: Proof{Code: "012345"}, Void: true})
	require.ErrorIs(t, err, ErrPaperRevoked)
	require.Equal(t, at(InTransit), w)
}

func TestALockedParcelOnlyGoesBack(t *testing.T) {
	w := at(InTransit)
	w.WrongCodes = WrongCodesMost
	_, err := w.After(Step{Act: Deliver, By: ann, Proof: Proof{Code: "012345"}})
	require.ErrorIs(t, err, ErrLocked, "the right code comes too late")

	w, err = w.After(Step{Act: Fail, By: ann, Reason: NoCode})
	require.NoError(t, err)
	_, err = w.After(Step{Act: PickUp, By: ann})
	require.ErrorIs(t, err, ErrLocked)
	w, err = w.After(Step{Act: Return, By: ann, At: noon})
	require.NoError(t, err)
	require.Equal(t, Returning, w.State)
	_, err = w.After(Step{Act: TakeBack, By: ann})
	require.ErrorIs(t, err, staff.ErrOtherOffice, "back it is when its office says so")
	w, err = w.After(Step{Act: TakeBack, By: clerk, At: noon})
	require.NoError(t, err)
	require.Equal(t, Returned, w.State)
}

func TestTheThirdFailedAttemptIsTheLast(t *testing.T) {
	w := at(InTransit)
	for i := 1; ; i++ {
		var err error
		w, err = w.After(Step{Act: Fail, By: ann, Reason: Absent})
		require.NoError(t, err)
		require.Equal(t, i, w.Attempts)
		again, err := w.After(Step{Act: PickUp, By: ann})
		if i == AttemptsMost {
			require.ErrorIs(t, err, ErrAttemptsUsed)
			return
		}
		require.NoError(t, err)
		w = again
	}
}

func TestTheCodeIsShownOnlyWhileItIsOfUse(t *testing.T) {
	shown := map[State]Code{HandedOver: "012345", InTransit: "012345", OutForDelivery: "012345"}
	for _, s := range States {
		require.Equal(t, shown[s], at(s).Shown(noon), s)
	}
	w := at(InTransit)
	w.WrongCodes = WrongCodesMost
	require.Empty(t, w.Shown(noon))
}

func TestACourierSeesTheAddressOnlyOnTheRun(t *testing.T) {
	for _, s := range States {
		p := at(s).Parcel()
		require.Equal(t, "禅城区祖庙街道", p.Area)
		if s.OnTheRun() {
			require.Equal(t, "张**", p.Recipient)
			require.Equal(t, "138****8000", p.Phone)
			require.Equal(t, "人民路1号302", p.Address)
			continue
		}
		require.Empty(t, p.Recipient+p.Phone+p.Address, s)
	}
}

// Whatever anybody does in whatever order: proof, limits, custody and ends hold.
func TestNoSequenceOfStepsBreaksTheRules(t *testing.T) {
	manager := staff.Member{ID: "manager", Role: staff.OfficeManager, Office: "hall"}
	rival := staff.Member{ID: "rival", Role: staff.OfficeManager, Office: "elsewhere"}
	people := []staff.Member{clerk, stranger, manager, rival, ann, bob, foreigner, {ID: companyHand, Role: staff.Courier, Company: "swift"}, {}}
	rapid.Check(t, func(t *rapid.T) {
		w := at(Made)
		w.Demand.Digits, w.Demand.Locker = rapid.Bool().Draw(t, "digits do"), rapid.Bool().Draw(t, "locker may")
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			s := Step{
				Act: rapid.SampledFrom(append(acts[:len(acts):len(acts)], Claim, Confirm, Deny)).Draw(t, "act"), By: rapid.SampledFrom(people).Draw(t, "by"),
				ByPerson: rapid.Bool().Draw(t, "by the person"), At: noon.Add(time.Duration(rapid.IntRange(0, 72).Draw(t, "hours")) * time.Hour), Reason: Absent, Void: rapid.IntRange(0, 9).Draw(t, "void") == 0,
				Proof: Proof{
					Code:   rapid.SampledFrom([]string{"012345", "000000", ""}).Draw(t, "code"),
					Digits: rapid.SampledFrom([]string{"12345X", "999999", ""}).Draw(t, "digits"),
				},
				Holder: "44060419900101" + "12345X", To: rapid.SampledFrom(people).Draw(t, "to"), Fresh: "012345",
				Anew:  rapid.SampledFrom([]Target{{Address: "人民路2号", Area: "南海区"}, {Office: "elsewhere"}, {Locker: "柜1"}}).Draw(t, "anew"),
				Order: rapid.Bool().Draw(t, "order"), Opens: "1234",
			}
			is, err := w.After(s)
			if err != nil {
				require.Equal(t, w, is, "what is refused changes nothing")
				if s.Act == Deliver && (errors.Is(err, ErrWrongCode) || errors.Is(err, ErrWrongProof)) {
					w.WrongCodes++
				}
				continue
			}
			require.Equal(t, table[w.State][s.Act], is.State)
			require.Equal(t, w.Version+1, is.Version)
			proofHolds(t, w, is, s)
			custodyHolds(t, w, is, s)
			require.LessOrEqual(t, is.Attempts, AttemptsMost)
			require.LessOrEqual(t, is.WrongCodes, WrongCodesMost)
			require.LessOrEqual(t, is.Redirects, redirectsMost)
			require.LessOrEqual(t, is.Renewals, renewalsMost)
			require.Equal(t, is.State.Over(), !is.EndedAt.IsZero())
			w = is
		}
	})
}

// proofHolds: nothing is delivered but against its proof, or by the manager.
func proofHolds(t *rapid.T, was, is Waybill, s Step) {
	if is.State != Delivered {
		return
	}
	switch s.Act {
	case Deliver:
		byCode := s.Proof.Code == "012345"
		byDigits := s.Proof.Code == "" && s.Proof.Digits == "12345X" && was.Demand.Digits
		require.True(t, byCode || byDigits)
		require.Less(t, was.WrongCodes, WrongCodesMost)
		require.False(t, s.Void)
	case Collect:
		require.Equal(t, "12345X", s.Proof.Digits)
		require.Equal(t, was.HoldAt, s.By.Office)
		require.False(t, s.Void)
	case Confirm:
		require.True(t, s.ByPerson)
		require.True(t, !was.ClaimedAt.IsZero() || was.Locker != "")
		require.False(t, s.Void)
	default:
		require.Equal(t, Release, s.Act)
		require.Equal(t, staff.OfficeManager, s.By.Role)
		require.Equal(t, was.Office, s.By.Office)
	}
}

// custodyHolds: a parcel is always in known hands, and only those move it.
func custodyHolds(t *rapid.T, was, is Waybill, s Step) {
	if is.State.OnTheRun() {
		require.Contains(t, []staff.ID{"ann", "bob", companyHand}, is.Courier)
	}
	if is.Courier != was.Courier {
		require.Contains(t, []Act{PickUp, Pass, Reassign}, s.Act)
	}
	if s.By.Role == staff.Courier && !s.ByPerson {
		require.Equal(t, "swift", s.By.Company)
		require.Contains(t, []staff.ID{"", s.By.ID}, was.Courier)
	}
	if s.Act == Claim {
		require.Equal(t, companyHand, s.By.ID)
	}
	if is.Locker != "" {
		require.True(t, was.Demand.Locker)
	}
	if is.Address != was.Address || s.Act == Redirect {
		require.True(t, s.ByPerson)
	}
}
