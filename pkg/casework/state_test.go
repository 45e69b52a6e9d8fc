package casework

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// every state and act, so that the table below leaves none out.
var (
	everyState = []State{Draft, Notified, Receipt, Accepted, Granted, Refused, Terminated, Withdrawn, Closed}
	everyAct   = []Act{Fill, Attach, Sign, Submit, Withdraw, Take, Record, Judge, Resolve, Expire, Hand, Supplement}
)

// TestTheStateMachineIsTheOneDrawn writes the picture out a second time.
func TestTheStateMachineIsTheOneDrawn(t *testing.T) {
	drawn := map[State][]Act{
		Draft:    {Fill, Attach, Sign, Submit, Withdraw, Take, Record},
		Notified: {Fill, Attach, Sign, Submit, Withdraw, Take, Record},
		Receipt:  {Attach, Withdraw, Take, Record, Judge, Expire, Supplement},
		Accepted: {Attach, Withdraw, Take, Record, Judge, Resolve, Expire, Supplement},
		Granted:  {Hand},
	}
	for _, s := range everyState {
		require.NotEmpty(t, s.Words(), s)
		for _, act := range everyAct {
			require.Equal(t, slices.Contains(drawn[s], act), s.Allows(act), "%s in %s", act, s)
		}
	}
}

// TestARefusedActSaysWhatIsAllowedInstead, in words a person knows.
func TestARefusedActSaysWhatIsAllowedInstead(t *testing.T) {
	for _, s := range everyState {
		for _, act := range everyAct {
			err := s.check(act)
			if s.Allows(act) {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, ErrNotNow)
			text := fault.From(err).Text
			require.Contains(t, text, s.Words())
			require.Regexp(t, "；现在可以：.+|；如需再办，请新建申请$", text)
		}
	}
	require.Equal(t, "办件草稿，不能作出决定；现在可以：填写、交材料、签承诺书、提交、撤回、登记原件、接件", fault.From(Draft.check(Resolve)).Text)
}
