package delivery

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Each state with each act: where it leads, or the code of the refusal.
func TestStateAfterAct(t *testing.T) {
	const no = "delivery.not_now"
	cases := map[State]map[Act]string{
		Made:          {HandOver: "handed_over", PickUp: no, Deliver: no, Fail: no, Return: no},
		HandedOver:    {HandOver: no, PickUp: "in_transit", Deliver: no, Fail: no, Return: no},
		InTransit:     {HandOver: no, PickUp: no, Deliver: "delivered", Fail: "attempt_failed", Return: no},
		AttemptFailed: {HandOver: no, PickUp: "in_transit", Deliver: no, Fail: no, Return: "returned"},
		Delivered:     {HandOver: "delivery.delivered", PickUp: "delivery.delivered", Deliver: "delivery.delivered", Fail: "delivery.delivered", Return: "delivery.delivered"},
		Returned:      {HandOver: "delivery.returned", PickUp: "delivery.returned", Deliver: "delivery.returned", Fail: "delivery.returned", Return: "delivery.returned"},
	}
	require.Len(t, cases, len(States), "a state is missing from the table")
	for _, state := range States {
		require.Len(t, cases[state], len(acts), "an act is missing at %s", state)
		for act, want := range cases[state] {
			next, err := state.After(act)
			got := string(next)
			if err != nil {
				require.Equal(t, state, next, "a refused act leaves the state as it was")
				got = err.Error()
			}
			require.Equal(t, want, got, "%s, %s", state, act)
		}
	}
}

func TestARefusalSaysWhatMayBeDoneInstead(t *testing.T) {
	_, err := InTransit.After(Return)
	require.ErrorIs(t, err, ErrNotNow)
	require.Equal(t, "邮件派送中，不能退回网点；现在可以：签收、登记投递未成", textOf(err))
}

func TestEveryStateAndActHasItsWord(t *testing.T) {
	for _, s := range States {
		require.NotEmpty(t, stateWords[s], s)
	}
	for _, a := range acts {
		require.NotEmpty(t, actWords[a], a)
	}
}
