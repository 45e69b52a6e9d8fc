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
		is, err := was.After(Step{Act: c.act, By: c.by, At: noon, Code: "012345", Reason: Absent})
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
		_, err := at(InTransit).After(Step{Act: Deliver, By: ann, At: noon, Code: code})
		require.ErrorIs(t, err, ErrWrongCode, "%q", code)
	}
	w := at(InTransit)
	w.Code = ""
	_, err := w.After(Step{Act: Deliver, By: ann, At: noon, Code: ""})
	require.ErrorIs(t, err, ErrWrongCode, "no code matches nothing, not even nothing")

	is, err := at(InTransit).After(Step{Act: Deliver, By: ann, At: noon, Code: "012345"})
	require.NoError(t, err)
	require.Equal(t, noon, is.EndedAt)
}

func TestAWrongCodeSaysHowManyTriesAreLeft(t *testing.T) {
	w := at(InTransit)
	w.WrongCodes = 3
	_, err := w.After(Step{Act: Deliver, By: ann, Code: "999999"})
	require.Contains(t, textOf(err), "还可以再试1次")

	w.WrongCodes = 4
	_, err = w.After(Step{Act: Deliver, By: ann, Code: "999999"})
	require.ErrorIs(t, err, ErrWrongCode)
	require.Contains(t, textOf(err), "已锁定")
}

func TestALockedParcelOnlyGoesBack(t *testing.T) {
	w := at(InTransit)
	w.WrongCodes = WrongCodesMost
	_, err := w.After(Step{Act: Deliver, By: ann, Code: "012345"})
	require.ErrorIs(t, err, ErrLocked, "the right code comes too late")

	w, err = w.After(Step{Act: Fail, By: ann, Reason: NoCode})
	require.NoError(t, err)
	_, err = w.After(Step{Act: PickUp, By: ann})
	require.ErrorIs(t, err, ErrLocked)
	w, err = w.After(Step{Act: Return, By: ann, At: noon})
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
	shown := map[State]Code{HandedOver: "012345", InTransit: "012345"}
	for _, s := range States {
		require.Equal(t, shown[s], at(s).Shown(), s)
	}
	w := at(InTransit)
	w.WrongCodes = WrongCodesMost
	require.Empty(t, w.Shown())
}

func TestACourierSeesTheAddressOnlyOnTheRun(t *testing.T) {
	for _, s := range States {
		p := at(s).Parcel()
		require.Equal(t, "禅城区祖庙街道", p.Area)
		if s == InTransit {
			require.Equal(t, "张**", p.Recipient)
			require.Equal(t, "138****8000", p.Phone)
			require.Equal(t, "人民路1号302", p.Address)
			continue
		}
		require.Empty(t, p.Recipient+p.Phone+p.Address, s)
	}
}

// Whatever anybody does in whatever order: proof, limits and ends hold.
func TestNoSequenceOfStepsBreaksTheRules(t *testing.T) {
	people := []staff.Member{clerk, stranger, ann, bob, foreigner}
	rapid.Check(t, func(t *rapid.T) {
		w := at(Made)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			s := Step{
				Act: rapid.SampledFrom(acts).Draw(t, "act"), By: rapid.SampledFrom(people).Draw(t, "by"),
				Code: rapid.SampledFrom([]string{"012345", "000000", ""}).Draw(t, "code"), At: noon, Reason: Absent,
			}
			is, err := w.After(s)
			if err != nil {
				require.Equal(t, w, is)
				if errors.Is(err, ErrWrongCode) {
					w.WrongCodes++
				}
				continue
			}
			require.Contains(t, table[w.State], s.Act)
			if is.State == Delivered {
				require.Equal(t, "012345", s.Code)
				require.Equal(t, w.Courier, s.By.ID)
				require.Less(t, w.WrongCodes, WrongCodesMost)
			}
			if s.Act != HandOver {
				require.Equal(t, "swift", s.By.Company)
			}
			require.LessOrEqual(t, is.Attempts, AttemptsMost)
			require.LessOrEqual(t, is.WrongCodes, WrongCodesMost)
			w = is
		}
	})
}
