package delivery

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The whole machine once more, as a person would read it: what leads where. All
// else is refused.
func TestStateAfterAct(t *testing.T) {
	leads := map[State]string{
		Made:           "hand_over handed_over, redirect made, cancel cancelled",
		HandedOver:     "pick_up in_transit, miss handed_over, redirect handed_over, renew handed_over, cancel returning, lose lost, damage damaged",
		InTransit:      "set_out out_for_delivery, call in_transit, deliver delivered, deposit held, fail attempt_failed, pass in_transit, reassign in_transit, redirect in_transit, renew in_transit, hold held, release delivered, cancel returning, lose lost, damage damaged",
		OutForDelivery: "call out_for_delivery, arrive out_for_delivery, deliver delivered, deposit held, fail attempt_failed, pass in_transit, reassign in_transit, redirect in_transit, renew out_for_delivery, hold held, release delivered, cancel returning, lose lost, damage damaged",
		AttemptFailed:  "pick_up in_transit, return returning, pass attempt_failed, reassign attempt_failed, redirect attempt_failed, renew attempt_failed, hold held, release delivered, cancel returning, lose lost, damage damaged",
		Held:           "retrieve attempt_failed, collect delivered, send_back returning, release delivered, cancel returning, lose lost, damage damaged",
		Returning:      "take_back returned, pass returning, reassign returning, lose lost, damage damaged",
		Delivered:      "", Returned: "", Lost: "", Damaged: "", Cancelled: "",
	}
	require.Len(t, leads, len(States), "a state is missing")
	over := map[State]string{
		Delivered: "delivery.delivered", Returned: "delivery.returned", Cancelled: "delivery.cancelled",
		Lost: "delivery.gone", Damaged: "delivery.gone",
	}
	for _, state := range States {
		var got []string
		for _, act := range acts {
			next, err := state.After(act)
			if err == nil {
				got = append(got, string(act)+" "+string(next))
				continue
			}
			require.Equal(t, state, next, "a refused act leaves the state as it was")
			want := "delivery.not_now"
			if over[state] != "" {
				want = over[state]
			}
			require.EqualError(t, err, want, "%s, %s", state, act)
		}
		require.Equal(t, leads[state], strings.Join(got, ", "), state)
		require.Equal(t, over[state] != "", state.Over(), state)
	}
}

func TestARefusalSaysWhatMayBeDoneInstead(t *testing.T) {
	_, err := InTransit.After(Return)
	require.ErrorIs(t, err, ErrNotNow)
	require.Equal(t, "邮件在快递员手中，不能带回网点；现在可以：出门派送、请收件人回电、签收、放入快递柜、登记投递未成、转交同事、改派、改址、换验证码、网点代收、免凭证放行、取消、登记遗失、登记损毁", textOf(err))
}

func TestEveryStateAndActHasItsWord(t *testing.T) {
	for _, s := range States {
		require.NotEmpty(t, stateWords[s], s)
	}
	for _, a := range acts {
		require.NotEmpty(t, actWords[a], a)
	}
}
