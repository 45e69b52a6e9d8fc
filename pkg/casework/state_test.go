package casework

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// every state and act, so that the tables below leave none out.
var (
	everyState = []State{Draft, Received, Notified, Receipt, Accepted, Granted, Refused, Terminated, Withdrawn, Closed}
	everyAct   = []Act{
		Fill, Attach, Sign, Submit, Withdraw, Take, Record, Judge, Resolve, Expire, Hand, Supplement, Receive, Notify, Deem,
		HandOver, Pause, Resume, Extend, Relieve, Consult, Opine, Settle, Correct, Reopen, Review, Revoke,
	}
)

var arrow = regexp.MustCompile(`(?m)^ +(\w+) --> (\w+): (.+)$`)

// TestTheStateMachineIsTheOneDrawn holds the picture in docs/states.md equal
// to the table: which acts each state allows.
func TestTheStateMachineIsTheOneDrawn(t *testing.T) {
	page, err := os.ReadFile("../../docs/states.md")
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(page), "## Case ")
	require.True(t, ok)
	section, _, _ = strings.Cut(section, "\n## ")
	drawn := map[State][]Act{}
	for _, a := range arrow.FindAllStringSubmatch(section, -1) {
		acts, _, _ := strings.Cut(a[3], " (")
		for act := range strings.SplitSeq(acts, ", ") {
			if from := State(a[1]); !slices.Contains(drawn[from], Act(act)) {
				drawn[from] = append(drawn[from], Act(act))
			}
		}
	}
	for _, s := range everyState {
		require.NotEmpty(t, s.Words(), s)
		require.ElementsMatch(t, drawn[s], table[s], s)
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
	require.Equal(t, "办件草稿，不能作出决定；现在可以：填写、交材料、签承诺书、提交、撤回、登记原件、接件、收件、转交", fault.From(Draft.check(Resolve)).Text)
}
